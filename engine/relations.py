"""The tables that facts are computed from: the canonical ones, and the columns that follow from them."""

from __future__ import annotations

from types import MappingProxyType

from .exports.canonical import PLACE, TABLES, Column, Kind

DERIVED = MappingProxyType(
    {
        "leads": (Column("judged", Kind.FLAG, "sales accepted or rejected it"),),
        "deals": (
            Column("over_age", Kind.FLAG, "open for longer than nine in ten closed deals took"),
            Column(
                "size", Kind.TEXT, "small, medium or large: the third of the amounts of the closed deals that it is in"
            ),
            Column("lost_or_stalled", Kind.FLAG, "lost, or open and over age"),
            Column("ended", Kind.INSTANT, "closed; of a deal over age the last activity, else its creation"),
            Column("has_reason", Kind.FLAG, "the reason says something: it is not empty and not `other`"),
            Column("reason_code", Kind.TEXT, "codes of the taxonomy for its reasons; a deal may have several"),
            Column("reason_class", Kind.TEXT, "classes of those codes; each counts once"),
        ),
    }
)
LISTS = frozenset({("deals", "reason_code"), ("deals", "reason_class")})
"""Columns that hold several values: a filter asks whether one of them is among these."""

COLUMNS = MappingProxyType(
    {
        name: MappingProxyType({c.name: c for c in (*table.columns, *PLACE, *DERIVED.get(name, ()))})
        for name, table in TABLES.items()
    }
)
"""Every column that a definition may name, by table."""

COMES_FROM = MappingProxyType(
    {
        ("leads", "judged"): "`leads.accepted` or `leads.is_rejected`",
        ("leads", "customer"): "`leads.customer`, or the lead of a deal (`deals.lead_id` or `leads.deal_id`)",
        ("leads", "opportunity"): "`leads.opportunity`, or the lead of a deal (`deals.lead_id` or `leads.deal_id`)",
        ("leads", "first_touch"): "`leads.first_touch`, or `activities` of the leads",
        ("leads", "last_touch"): "`leads.last_touch`, or `activities` of the leads",
        ("deals", "over_age"): "open deals with their creation, and closed ones with both dates",
        ("deals", "size"): "`deals.amount`",
        ("deals", "lost_or_stalled"): "`deals.outcome`",
        ("deals", "ended"): "`deals.closed`",
        ("deals", "has_reason"): "`deals.reason` or `reasons.text`",
        ("deals", "reason_code"): "a reason that can be coded (`deals.reason` or `reasons.text`)",
        ("deals", "reason_class"): "a reason that can be coded (`deals.reason` or `reasons.text`)",
    }
)
"""What gives a column that no export has itself, in words."""

PLAINLY = MappingProxyType(
    {
        "reason_class": "a coded reason",
        "over_age": "a known age",
        "competitor": "a named competitor",
        "fit": "a word on whether they fit",
        "assisted": "a word on whether somebody helped",
        "custom_scope": "a word on whether they are made to measure",
    }
)
"""What a column is called where rows lack it."""
OF_EVERY_ROW = MappingProxyType(
    {
        "leads": ("source", "segment", "owner", "fit", "account"),
        "deals": (
            "account",
            "created",
            "amount",
            "owner",
            "source",
            "segment",
            "product",
            "client",
            "stakeholders",
            "custom_scope",
        ),
        "feedback": ("score", "at"),
    }
)
"""The columns that a well-kept export fills in for every row; the others wait for something to happen."""

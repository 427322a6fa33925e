"""Leads and deals with what follows from the other tables: made once, as every fact reads them.

A lead without a date of its own for an opportunity or a customer has that of its deal; for the first and last touch that of its
activities. A deal without a creation of its own begins with its lead, and where its export names no source or segment it has
those of its lead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..exports.canonical import PLACE, TABLES
from ..exports.tables import Tables

CODED = "coded_reasons"
"""The table of the texts of reasons: `text`, `code`, `class`, `phrase`, `says_something`."""
_OWN = {"leads": "known_leads", "deals": "known_deals"}
OLD = 0.9
"""A deal is over age when it is open for longer than this part of the closed ones took."""


def relation(table: str) -> str:
    """What a canonical table is called once it has its derived columns."""
    return _OWN.get(table, table)


@dataclass(frozen=True, slots=True)
class Derived:
    """What was found out on the way. `old_age` in days, None where no deal that closed has a length."""

    old_age: float | None


def derive(tables: Tables, as_of: date) -> Derived:
    """Make the tables; `CODED` is there already. Raises QueryError."""
    if "leads" in tables.present:
        tables.database.run(f"CREATE OR REPLACE TEMP TABLE known_leads AS {_leads(tables)}")
    if "deals" not in tables.present:
        return Derived(None)
    tables.database.run(f"CREATE OR REPLACE TEMP TABLE known_deals AS {_deals(tables)}")
    old_age = _old_age(tables)
    for name, value in _aged(old_age, as_of).items():
        tables.database.run(f"UPDATE known_deals SET {name} = {value}")
    return Derived(old_age)


def _columns(table: str, over: Mapping[str, str], alias: str) -> str:
    names = [column.name for column in (*TABLES[table].columns, *PLACE)]
    own = {name: f'{alias}."{name}"' for name in names}
    return ", ".join(f'{value} AS "{name}"' for name, value in {**own, **over}.items())


# --- leads -----------------------------------------------------------------------------------------------------


def _leads(tables: Tables) -> str:
    over = {"judged": "CASE WHEN l.accepted IS NOT NULL OR l.is_rejected IS TRUE THEN TRUE ELSE FALSE END"}
    joins = ""
    if links := _links(tables):
        joins += f" LEFT JOIN ({_by_lead(links)}) AS d ON d.lead = l.id"
        over |= {
            "opportunity": "coalesce(l.opportunity, d.opened)",
            "customer": "coalesce(l.customer, d.won)",
        }
    if "activities" in tables.present:
        touched = 'SELECT record_id, min("at") AS first, max("at") AS last FROM activities GROUP BY record_id'
        joins += f" LEFT JOIN ({touched}) AS a ON a.record_id = l.id"
        over |= {"first_touch": "coalesce(l.first_touch, a.first)", "last_touch": "greatest(l.last_touch, a.last)"}
    return f"SELECT {_columns('leads', over, 'l')} FROM leads AS l{joins}"


def _links(tables: Tables) -> tuple[str, ...]:
    """Which lead a deal came from, as both tables tell."""
    links = []
    if tables.has("deals", "lead_id"):
        links.append("SELECT lead_id AS lead, created, closed, outcome FROM deals WHERE lead_id IS NOT NULL")
    if tables.has("leads", "deal_id") and "deals" in tables.present:
        links.append(
            "SELECT l.id AS lead, d.created, d.closed, d.outcome FROM leads AS l JOIN deals AS d ON d.id = l.deal_id"
        )
    return tuple(links)


def _by_lead(links: tuple[str, ...]) -> str:
    won = "min(closed) FILTER (WHERE outcome = 'won')"
    return f"SELECT lead, min(created) AS opened, {won} AS won FROM ({' UNION ALL '.join(links)}) GROUP BY lead"


# --- deals -----------------------------------------------------------------------------------------------------


def _deals(tables: Tables) -> str:
    over = {
        "over_age": "CAST(NULL AS BOOLEAN)",
        "size": _size(),
        "lost_or_stalled": "CAST(NULL AS BOOLEAN)",
        "ended": "CAST(NULL AS TIMESTAMP)",
        **_reasons(tables),
    }
    joins = _lead_of_deal(tables)
    if joins:
        over["created"] = "coalesce(d.created, l.created)"
        over |= {
            name: f"l.{name}"
            for name in ("source", "segment")
            if tables.has("leads", name) and not tables.has("deals", name)
        }
    if tables.has("reasons", "competitor"):
        joins += " LEFT JOIN (SELECT deal_id, any_value(competitor) AS competitor FROM reasons GROUP BY deal_id) AS c ON c.deal_id = d.id"
        over |= {
            "competitor": "coalesce(d.competitor, c.competitor)",
            "competitor_known": "CASE WHEN c.competitor IS NOT NULL THEN TRUE ELSE d.competitor_known END",
        }
    if "reason_class" in over and over["reason_class"].startswith("r."):
        joins += f" LEFT JOIN ({_coded(tables)}) AS r ON r.deal = d.id"
    return f"SELECT {_columns('deals', over, 'd')} FROM deals AS d CROSS JOIN ({_thirds()}) AS t{joins}"


def _lead_of_deal(tables: Tables) -> str:
    """The join to the lead of a deal; empty where the tables do not say which it is."""
    if tables.has("deals", "lead_id") and "leads" in tables.present:
        return " LEFT JOIN leads AS l ON l.id = d.lead_id"
    if tables.has("leads", "deal_id"):
        names = ", ".join(f"arg_min({name}, created) AS {name}" for name in ("source", "segment"))
        first = (
            f"SELECT deal_id, min(created) AS created, {names} FROM leads WHERE deal_id IS NOT NULL GROUP BY deal_id"
        )
        return f" LEFT JOIN ({first}) AS l ON l.deal_id = d.id"
    return ""


def _thirds() -> str:
    thirds = "quantile_cont(amount, [1.0 / 3, 2.0 / 3])"
    return f"SELECT {thirds} AS thirds FROM deals WHERE outcome IN ('won', 'lost') AND amount > 0"


def _size() -> str:
    third = "CASE WHEN d.amount <= t.thirds[1] THEN 'small' WHEN d.amount <= t.thirds[2] THEN 'medium' ELSE 'large' END"
    return f"CASE WHEN d.amount > 0 AND t.thirds IS NOT NULL THEN {third} END"


def _reasons(tables: Tables) -> dict[str, str]:
    if not (tables.has("deals", "reason") or tables.has("reasons", "text")):
        nothing = "CAST(NULL AS VARCHAR[])"
        return {"has_reason": "CAST(NULL AS BOOLEAN)", "reason_code": nothing, "reason_class": nothing}
    return {
        "has_reason": "coalesce(r.says_something, FALSE)",
        "reason_code": "r.codes",
        "reason_class": "r.classes",
    }


def _coded(tables: Tables) -> str:
    """The codes of each deal; a deal counts once for each."""
    texts = []
    if tables.has("deals", "reason"):
        texts.append("SELECT id AS deal, reason AS text FROM deals WHERE reason IS NOT NULL")
    if tables.has("reasons", "text"):
        texts.append("SELECT deal_id AS deal, text FROM reasons WHERE text IS NOT NULL")
    codes = "list_sort(list(DISTINCT code) FILTER (WHERE code IS NOT NULL))"
    classes = "list_sort(list(DISTINCT class) FILTER (WHERE class IS NOT NULL))"
    return (
        f"SELECT deal, bool_or(says_something) AS says_something, {codes} AS codes, {classes} AS classes "
        f"FROM ({' UNION ALL '.join(texts)}) AS t JOIN {CODED} AS c USING (text) GROUP BY deal"
    )


def _old_age(tables: Tables) -> float | None:
    length = "date_diff('day', created, closed)"
    closed = f"outcome IN ('won', 'lost') AND {length} >= 0"
    [(age,)] = tables.query(f"SELECT quantile_cont({length}, {OLD}) FROM known_deals WHERE {closed}")
    return None if age is None else float(age)


def _aged(old_age: float | None, as_of: date) -> dict[str, str]:
    """What follows from the age of an open deal, in this order."""
    if old_age is None:
        over_age = "NULL"
    else:
        over_age = f"CASE WHEN outcome = 'open' THEN date_diff('day', created, TIMESTAMP '{as_of}') > {old_age!r} END"
    return {
        "over_age": over_age,
        "lost_or_stalled": "outcome = 'lost' OR (outcome = 'open' AND over_age IS TRUE)",
        "ended": "CASE WHEN outcome = 'open' THEN CASE WHEN over_age THEN coalesce(last_activity, created) END ELSE closed END",
    }

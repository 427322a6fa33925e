"""Leads and deals with what follows from the other tables: made once, as every fact reads them.

A lead without a date of its own for an opportunity or a customer has that of its deal; for the first and last touch that of its
activities. A deal without a creation of its own begins with its lead, and where its export names no source or segment it has
those of its lead.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from ..exports.canonical import PLACE, TABLES
from ..exports.tables import Tables

CODED = "coded_reasons"
"""The table of the texts of reasons: `text`, `code`, `class`, `phrase`, `says_something`."""
_OWN = {"leads": "known_leads", "deals": "known_deals"}
Columns: TypeAlias = Set[tuple[str, str]]
_ALWAYS = frozenset(
    {"id", "file", "row", "created", "closed", "outcome", "customer", "reason", "last_activity"}
    | {"over_age", "lost_or_stalled", "ended", "has_reason", "reason_class"}
)
_CODED_COLUMNS = frozenset({"has_reason", "reason_code", "reason_class"})
OLD = 0.9
"""A deal is over age when it is open for longer than this part of the closed ones took."""


def relation(table: str) -> str:
    """What a canonical table is called once it has its derived columns."""
    return _OWN.get(table, table)


@dataclass(frozen=True, slots=True)
class Derived:
    """What was found out on the way. `old_age` in days, None where no deal that closed has a length."""

    old_age: float | None


def derive(tables: Tables, as_of: date, columns: Columns) -> Derived:
    """Make the tables with some columns, and those that the others follow from; `CODED` is there already. Raises QueryError."""
    asked = {table: {*_ALWAYS, *(name for of, name in columns if of == table)} for table in _OWN}
    if "leads" in tables.present:
        tables.database.run(f"CREATE OR REPLACE TEMP TABLE known_leads AS {_leads(tables, asked['leads'])}")
    if "deals" not in tables.present:
        return Derived(None)
    joined = _deals(tables, asked["deals"])
    old_age = _old_age(tables)
    over_age, of_age = _aged(old_age, as_of)
    first = f"SELECT * REPLACE ({over_age} AS over_age) FROM ({joined})"
    replaced = ", ".join(f"{value} AS {name}" for name, value in of_age.items())
    tables.database.run(f"CREATE OR REPLACE TEMP TABLE known_deals AS SELECT * REPLACE ({replaced}) FROM ({first})")
    return Derived(old_age)


def _columns(table: str, over: Mapping[str, str], alias: str, asked: Set[str]) -> str:
    own = {column.name: f'{alias}."{column.name}"' for column in (*TABLES[table].columns, *PLACE)}
    return ", ".join(f'{value} AS "{name}"' for name, value in {**own, **over}.items() if name in asked)


# --- leads -----------------------------------------------------------------------------------------------------


def _leads(tables: Tables, asked: Set[str]) -> str:
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
    return f"SELECT {_columns('leads', over, 'l', asked)} FROM leads AS l{joins}"


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


def _deals(tables: Tables, asked: Set[str]) -> str:
    over = {
        "over_age": "CAST(NULL AS BOOLEAN)",
        "size": _size(tables) if "size" in asked else "",
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
    if asked & {"competitor", "competitor_known"} and tables.has("reasons", "competitor"):
        joins += " LEFT JOIN (SELECT deal_id, any_value(competitor) AS competitor FROM reasons GROUP BY deal_id) AS c ON c.deal_id = d.id"
        over |= {
            "competitor": "coalesce(d.competitor, c.competitor)",
            "competitor_known": "CASE WHEN c.competitor IS NOT NULL THEN TRUE ELSE d.competitor_known END",
        }
    if asked & _CODED_COLUMNS:
        joins += _coded(tables)
    return f"SELECT {_columns('deals', over, 'd', asked)} FROM deals AS d{joins}"


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


def _size(tables: Tables) -> str:
    """In which third of the amounts of the closed deals an amount is."""
    thirds = "quantile_cont(amount, [1.0 / 3, 2.0 / 3])"
    [(found,)] = tables.query(f"SELECT {thirds} FROM deals WHERE outcome IN ('won', 'lost') AND amount > 0")
    if found is None:
        return "CAST(NULL AS VARCHAR)"
    small, medium = found
    third = f"WHEN d.amount <= {small!r} THEN 'small' WHEN d.amount <= {medium!r} THEN 'medium' WHEN d.amount > 0 THEN 'large'"
    return f"CASE WHEN d.amount <= 0 THEN NULL {third} END"


def _reasons(tables: Tables) -> dict[str, str]:
    """What the taxonomy makes of the reasons of a deal: those in its own row, and those of the table of reasons."""
    own, others = tables.has("deals", "reason"), tables.has("reasons", "text")
    if own and others:
        both = {
            name: f"list_sort(list_distinct(list_concat(coalesce(o.{name}, []), coalesce(r.{name}, []))))"
            for name in _LISTED
        }
        codes, classes = (f"CASE WHEN len({both[name]}) > 0 THEN {both[name]} END" for name in _LISTED)
        return {
            "has_reason": "coalesce(o.says_something, FALSE) OR coalesce(r.says_something, FALSE)",
            "reason_code": codes,
            "reason_class": classes,
        }
    if own or others:
        alias = "o" if own else "r"
        return {
            "has_reason": f"coalesce({alias}.says_something, FALSE)",
            "reason_code": f"{alias}.codes",
            "reason_class": f"{alias}.classes",
        }
    nothing = "CAST(NULL AS VARCHAR[])"
    return {"has_reason": "CAST(NULL AS BOOLEAN)", "reason_code": nothing, "reason_class": nothing}


_LISTED = ("codes", "classes")


def _coded(tables: Tables) -> str:
    """The joins to the codes."""
    joins = ""
    if tables.has("deals", "reason"):
        lists = "CASE WHEN code IS NOT NULL THEN [code] END AS codes, CASE WHEN class IS NOT NULL THEN [class] END AS classes"
        joins += f" LEFT JOIN (SELECT text, says_something, {lists} FROM {CODED}) AS o ON o.text = d.reason"
    if tables.has("reasons", "text"):
        # a deal counts once for each code
        lists = ", ".join(
            f"list_sort(list(DISTINCT {one}) FILTER (WHERE {one} IS NOT NULL)) AS {name}"
            for one, name in (("code", "codes"), ("class", "classes"))
        )
        of_deal = f"SELECT deal_id, bool_or(says_something) AS says_something, {lists}"
        joins += (
            f" LEFT JOIN ({of_deal} FROM reasons JOIN {CODED} USING (text) GROUP BY deal_id) AS r ON r.deal_id = d.id"
        )
    return joins


def _old_age(tables: Tables) -> float | None:
    length = "date_diff('day', created, closed)"
    closed = f"outcome IN ('won', 'lost') AND {length} >= 0"
    deals = _deals(tables, frozenset({"created", "closed", "outcome"}))
    [(age,)] = tables.query(f"SELECT quantile_cont({length}, {OLD}) FROM ({deals}) WHERE {closed}")
    return None if age is None else float(age)


def _aged(old_age: float | None, as_of: date) -> tuple[str, dict[str, str]]:
    """Whether an open deal is over age, and what follows from that."""
    over_age = "CAST(NULL AS BOOLEAN)"
    if old_age is not None:
        over_age = f"CASE WHEN outcome = 'open' THEN date_diff('day', created, TIMESTAMP '{as_of}') > {old_age!r} END"
    return over_age, {
        "lost_or_stalled": "outcome = 'lost' OR (outcome = 'open' AND over_age IS TRUE)",
        "ended": "CASE WHEN outcome = 'open' THEN CASE WHEN over_age THEN coalesce(last_activity, created) END ELSE closed END",
    }

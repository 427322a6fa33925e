"""Leads and deals with what follows from the other tables: made once, as every fact reads them.

A lead without a date of its own for an opportunity or a customer has that of its deal; for the first and last touch that of its
activities. A deal without a creation of its own begins with its lead, and where its export names no source or segment it has
those of its lead.

What may have values is stored; to store a column takes as long as several queries, so columns without any, and what is quickly
worked out, are those of a view over it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from ..exports.canonical import PLACE
from ..exports.tables import Tables
from ..relations import COLUMNS, LISTS

CODED = "coded_reasons"
"""The table of the texts of reasons: `text`, `code`, `class`, `phrase`, `says_something`."""
_OWN = {"leads": "known_leads", "deals": "known_deals"}
Columns: TypeAlias = Set[tuple[str, str]]
_PLACE = frozenset(column.name for column in PLACE)
_ALWAYS = {
    "leads": _PLACE | {"id", "created", "accepted", "customer", "is_rejected"},
    "deals": _PLACE
    | {"id", "created", "closed", "outcome", "amount", "reason", "last_activity", "has_reason", "reason_class"},
}
_FOLLOWING = frozenset({"judged", "over_age", "size", "lost_or_stalled", "ended"})
_CODED_COLUMNS = frozenset({"has_reason", "reason_code", "reason_class"})
OLD = 0.9
"""A deal is over age when it is open for longer than this part of the closed ones took."""
_CLOSED = "outcome IN ('won', 'lost')"


def relation(table: str) -> str:
    """What a canonical table is called once it has its derived columns."""
    return _OWN.get(table, table)


def nothing(table: str, column: str) -> str:
    """A column without any value, as SQL."""
    listed = "[]" if (table, column) in LISTS else ""
    return f'CAST(NULL AS {COLUMNS[table][column].kind.sql}{listed}) AS "{column}"'


@dataclass(frozen=True, slots=True)
class Derived:
    """What was found out on the way. `old_age` in days, None where no deal that closed has a length."""

    old_age: float | None


def derive(tables: Tables, as_of: date, columns: Columns) -> Derived:
    """Make the tables with some columns, and those that the others follow from; `CODED` is there already. Raises QueryError."""
    asked = {table: _ALWAYS[table] | {name for of, name in columns if of == table} for table in _OWN}
    if "leads" in tables.present:
        _make(tables, _leads(tables, asked["leads"]), {}, {"judged": _judged(tables)})
    if "deals" not in tables.present:
        return Derived(None)
    old_age = _old_age(tables)
    size = {"size": _size(tables)} if "size" in asked["deals"] else {}
    _make(tables, _deals(tables, asked["deals"]), _aged(old_age, as_of), size)
    return Derived(old_age)


@dataclass(frozen=True, slots=True)
class _Joined:
    """The rows `r` of a table with those of others: the joins, the columns that are not just the table's own, and those asked for."""

    table: str
    joins: str
    over: Mapping[str, str]
    asked: Set[str]

    def given(self, tables: Tables) -> dict[str, str]:
        """The columns that may have values, as SQL."""
        names = (name for name in COLUMNS[self.table] if name in _PLACE or tables.has(self.table, name))
        found = {**{name: f'r."{name}"' for name in names}, **self.over}
        return {name: value for name, value in found.items() if name in self.asked}

    def empty(self, tables: Tables) -> list[str]:
        """The others, as SQL; what follows from all of these is not among them."""
        given = self.given(tables)
        names = (name for name in COLUMNS[self.table] if name in self.asked - _FOLLOWING and name not in given)
        return [nothing(self.table, name) for name in names]

    def query(self, tables: Tables) -> str:
        """All of them."""
        columns = ", ".join([*_named(self.given(tables)), *self.empty(tables)])
        return f"SELECT {columns} FROM {self.table} AS r{self.joins}"


def _named(columns: Mapping[str, str]) -> list[str]:
    return [f'{value} AS "{name}"' for name, value in columns.items()]


def _make(tables: Tables, joined: _Joined, stored: Mapping[str, str], shown: Mapping[str, str]) -> None:
    """Store what may have values, with more that follows from them, and make the view that shows the rest beside."""
    source = f"stored_{joined.table}"
    kept = ", ".join([*(f'"{name}"' for name in joined.given(tables)), *_named(stored)])
    tables.database.run(f"CREATE OR REPLACE TEMP TABLE {source} AS SELECT {kept} FROM ({joined.query(tables)})")
    all_columns = ", ".join(["*", *joined.empty(tables), *_named(shown)])
    tables.database.run(f"CREATE OR REPLACE TEMP VIEW {_OWN[joined.table]} AS SELECT {all_columns} FROM {source}")


# --- leads -----------------------------------------------------------------------------------------------------


def _leads(tables: Tables, asked: Set[str]) -> _Joined:
    over: dict[str, str] = {}
    joins = ""
    if links := _links(tables):
        joins += f" LEFT JOIN ({_by_lead(links)}) AS d ON d.lead = r.id"
        over |= {"opportunity": "coalesce(r.opportunity, d.opened)", "customer": "coalesce(r.customer, d.won)"}
    if "activities" in tables.present:
        touched = 'SELECT record_id, min("at") AS first, max("at") AS last FROM activities GROUP BY record_id'
        joins += f" LEFT JOIN ({touched}) AS a ON a.record_id = r.id"
        over |= {"first_touch": "coalesce(r.first_touch, a.first)", "last_touch": "greatest(r.last_touch, a.last)"}
    return _Joined("leads", joins, over, asked)


def _judged(tables: Tables) -> str:
    """Whether sales has accepted or rejected a lead."""
    tests = {"accepted": "accepted IS NOT NULL", "is_rejected": "is_rejected IS TRUE"}
    return " OR ".join(test for name, test in tests.items() if tables.has("leads", name)) or "FALSE"


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


def _deals(tables: Tables, asked: Set[str]) -> _Joined:
    over = _reasons(tables)
    joins = _lead_of_deal(tables)
    if joins:
        over["created"] = "coalesce(r.created, l.created)"
        over |= {
            name: f"l.{name}"
            for name in ("source", "segment")
            if tables.has("leads", name) and not tables.has("deals", name)
        }
    if asked & {"competitor", "competitor_known"} and tables.has("reasons", "competitor"):
        joins += " LEFT JOIN (SELECT deal_id, any_value(competitor) AS competitor FROM reasons GROUP BY deal_id) AS c ON c.deal_id = r.id"
        over |= {
            "competitor": "coalesce(r.competitor, c.competitor)",
            "competitor_known": "CASE WHEN c.competitor IS NOT NULL THEN TRUE ELSE r.competitor_known END",
        }
    if asked & _CODED_COLUMNS:
        joins += _coded(tables)
    return _Joined("deals", joins, over, asked)


def _lead_of_deal(tables: Tables) -> str:
    """The join to the lead of a deal; empty where the tables do not say which it is."""
    if tables.has("deals", "lead_id") and "leads" in tables.present:
        return " LEFT JOIN leads AS l ON l.id = r.lead_id"
    if tables.has("leads", "deal_id"):
        names = ", ".join(f"arg_min({name}, created) AS {name}" for name in ("source", "segment"))
        first = (
            f"SELECT deal_id, min(created) AS created, {names} FROM leads WHERE deal_id IS NOT NULL GROUP BY deal_id"
        )
        return f" LEFT JOIN ({first}) AS l ON l.deal_id = r.id"
    return ""


def _size(tables: Tables) -> str:
    """In which third of the amounts of the closed deals an amount is."""
    thirds = "quantile_cont(amount, [1.0 / 3, 2.0 / 3])"
    [(found,)] = tables.query(f"SELECT {thirds} FROM deals WHERE {_CLOSED} AND amount > 0")
    if found is None:
        return "CAST(NULL AS VARCHAR)"
    small, medium = found
    third = (
        f"WHEN amount <= {small!r} THEN 'small' WHEN amount <= {medium!r} THEN 'medium' WHEN amount > 0 THEN 'large'"
    )
    return f"CASE WHEN amount <= 0 THEN NULL {third} END"


def _reasons(tables: Tables) -> dict[str, str]:
    """What the taxonomy makes of the reasons of a deal: those in its own row, and those of the table of reasons."""
    own, others = tables.has("deals", "reason"), tables.has("reasons", "text")
    if own and others:
        both = {
            name: f"list_sort(list_distinct(list_concat(coalesce(o.{name}, []), coalesce(t.{name}, []))))"
            for name in _LISTED
        }
        codes, classes = (f"CASE WHEN len({both[name]}) > 0 THEN {both[name]} END" for name in _LISTED)
        return {
            "has_reason": "coalesce(o.says_something, FALSE) OR coalesce(t.says_something, FALSE)",
            "reason_code": codes,
            "reason_class": classes,
        }
    if not (own or others):
        return {}
    alias = "o" if own else "t"
    return {
        "has_reason": f"coalesce({alias}.says_something, FALSE)",
        "reason_code": f"{alias}.codes",
        "reason_class": f"{alias}.classes",
    }


_LISTED = ("codes", "classes")


def _coded(tables: Tables) -> str:
    """The joins to the codes: `o` of the reason in the row of the deal, `t` of those in the table of reasons."""
    joins = ""
    if tables.has("deals", "reason"):
        lists = "CASE WHEN code IS NOT NULL THEN [code] END AS codes, CASE WHEN class IS NOT NULL THEN [class] END AS classes"
        joins += f" LEFT JOIN (SELECT text, says_something, {lists} FROM {CODED}) AS o ON o.text = r.reason"
    if tables.has("reasons", "text"):
        # a deal counts once for each code
        lists = ", ".join(
            f"list_sort(list(DISTINCT {one}) FILTER (WHERE {one} IS NOT NULL)) AS {name}"
            for one, name in (("code", "codes"), ("class", "classes"))
        )
        of_deal = f"SELECT deal_id, bool_or(says_something) AS says_something, {lists}"
        joins += (
            f" LEFT JOIN ({of_deal} FROM reasons JOIN {CODED} USING (text) GROUP BY deal_id) AS t ON t.deal_id = r.id"
        )
    return joins


def _old_age(tables: Tables) -> float | None:
    length = "date_diff('day', created, closed)"
    deals = _deals(tables, frozenset({"created", "closed", "outcome"})).query(tables)
    [(age,)] = tables.query(f"SELECT quantile_cont({length}, {OLD}) FROM ({deals}) WHERE {_CLOSED} AND {length} >= 0")
    return None if age is None else float(age)


def _aged(old_age: float | None, as_of: date) -> dict[str, str]:
    """Whether an open deal is over age, and what follows from that."""
    over_age = "CAST(NULL AS BOOLEAN)"
    if old_age is not None:
        over_age = f"CASE WHEN outcome = 'open' THEN date_diff('day', created, TIMESTAMP '{as_of}') > {old_age!r} END"
    went_quiet = f"CASE WHEN {over_age} THEN coalesce(last_activity, created) END"
    return {
        "over_age": over_age,
        "lost_or_stalled": f"outcome = 'lost' OR (outcome = 'open' AND ({over_age}) IS TRUE)",
        "ended": f"CASE WHEN outcome = 'open' THEN {went_quiet} ELSE closed END",
    }

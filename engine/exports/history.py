"""The canonical tables as they were known at the end of a day, as SQL: no later row, no later outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from .canonical import Kind, Table

Present = Mapping[str, frozenset[str]]

LAST = date(2999, 12, 30)
"""Every later day is the same: no export tells of a year beyond 2199."""

# The instants of which at least one says that a row was there.
BEGINS = {
    "leads": ("created",),
    "deals": ("created",),
    "stage_changes": ("entered",),
    "activities": ("at",),
    "revenue": ("month",),
    "spend": ("month",),
    "feedback": ("at",),
    "reasons": ("at",),
}


def undated(table: Table) -> str:
    """Whether nothing says since when a row was there, as SQL."""
    if table.name == "deals":
        return "created IS NULL AND (closed IS NULL OR outcome IS NULL)"
    return " AND ".join(f'"{name}" IS NULL' for name in BEGINS[table.name])


def known_on(day: date, table: Table, present: Present, as_exported: bool, nothing_later: bool = False) -> str:
    """The rows of a table that were known at the end of a day, with what was known of them.

    `as_exported`: what systems overwrite and do not date stands as it is, and rows without a date are there. Where there is
    `nothing_later` besides, all rows are known as they are: the same, and the database has less to look at.
    """
    if as_exported and nothing_later:
        return _as_it_is(table, present)
    end = f"TIMESTAMP '{min(day, LAST) + timedelta(days=1)}'"
    over = {name: f'CASE WHEN "{name}" < {end} THEN "{name}" END' for name in table.of_kind(Kind.INSTANT)}
    if table.name == "deals":
        over |= _deal(end, "stage_changes" in present, as_exported)
    if table.name == "leads":
        over |= _lead(end, "rejected" in present["leads"], as_exported)
    there = f"({_there(table, end)}) OR ({undated(table)})" if as_exported else _there(table, end)
    return f"SELECT {_columns(table, over)} FROM all_{table.name} AS r WHERE {there}"


def _as_it_is(table: Table, present: Present) -> str:
    over = {}
    if table.name == "deals" and "stage_changes" in present:
        over["stage"] = f"coalesce({_last_stage('c.entered IS NOT NULL')}, stage)"
    if table.name == "leads" and "rejected" in present["leads"]:
        over["is_rejected"] = "rejected IS NOT NULL OR is_rejected"
    return f"SELECT {_columns(table, over)} FROM all_{table.name} AS r"


def _columns(table: Table, over: Mapping[str, str]) -> str:
    own = (
        f'{over[column.name]} AS "{column.name}"' if column.name in over else f'"{column.name}"'
        for column in table.columns
    )
    return ", ".join([*own, "file", '"row"'])


def _last_stage(known: str) -> str:
    """The stage of the last change of those that are known."""
    return f"(SELECT arg_max(c.stage, c.entered) FROM all_stage_changes AS c WHERE c.deal_id = r.id AND {known})"


def _there(table: Table, end: str) -> str:
    if table.name == "deals":
        return f"coalesce(created, CASE WHEN outcome IN ('won', 'lost') THEN closed END) < {end}"
    if table.name in ("revenue", "spend"):
        return f"month + INTERVAL 1 MONTH <= {end}"
    return " OR ".join(f'"{name}" < {end}' for name in BEGINS[table.name])


def _deal(end: str, with_changes: bool, as_exported: bool) -> dict[str, str]:
    """What is written when a deal closes was not there before; what is overwritten is not known of earlier days.

    An amount is one of the former where no deal that is still open has any.
    """
    is_closed = "outcome IN ('won', 'lost')"
    later = f"({is_closed} AND coalesce(closed >= {end}, false))"
    undated_outcome = "" if as_exported else f"WHEN {is_closed} AND closed IS NULL THEN NULL"
    found = {name: f'CASE WHEN NOT {later} THEN "{name}" END' for name in ("reason", "competitor", "competitor_known")}
    found["outcome"] = f"CASE WHEN {later} THEN 'open' {undated_outcome} ELSE outcome END"
    shows_amounts = f"(SELECT count(amount) > 0 FROM all_deals WHERE outcome = 'open' AND created < {end})"
    found["amount"] = f"CASE WHEN NOT {later} OR {shows_amounts} THEN amount END"
    stands = f"NOT {later}" if as_exported else f"{is_closed} AND closed < {end}"
    found |= {name: f'CASE WHEN {stands} THEN "{name}" END' for name in ("stage", "probability", "due")}
    if with_changes:
        found["stage"] = f"coalesce({_last_stage(f'c.entered < {end}')}, {found['stage']})"
    return found


def _lead(end: str, dated: bool, as_exported: bool) -> dict[str, str]:
    found = {} if as_exported else {"status": "CAST(NULL AS VARCHAR)", "is_rejected": "CAST(NULL AS BOOLEAN)"}
    if dated:
        rest = "is_rejected" if as_exported else "NULL"
        found["is_rejected"] = f"CASE WHEN rejected IS NOT NULL THEN rejected < {end} ELSE {rest} END"
    return found

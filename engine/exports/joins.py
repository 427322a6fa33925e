"""Rows that should find a row of another file or table, and do not."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..diagnostics import Diagnostic, Span
from .assembly import Assembly, Joined, name_of
from .canonical import Table
from .checks import listed
from .counting import quoted, rows_of
from .duck import Database
from .loading import Loaded
from .prepared import SAMPLES, at_rows, problem, warning
from .request import Lookup

REFERENCES = (
    ("leads", "deal_id", "deals"),
    ("deals", "lead_id", "leads"),
    ("stage_changes", "deal_id", "deals"),
    ("reasons", "deal_id", "deals"),
)


def repeated_keys(database: Database, joined: Joined) -> Iterator[Diagnostic]:
    """Keys that stand in several rows of a lookup: each row that looks them up would be counted as often."""
    loaded = joined.loaded
    rows = database.query(
        f"SELECT key, min({loaded.row}), max({loaded.row}), count(*) OVER () FROM {loaded.table} "
        "WHERE left_out = 0 AND key IS NOT NULL GROUP BY key HAVING count(*) > 1 ORDER BY key LIMIT 1"
    )
    for key, first, last, count in rows:
        name = loaded.plan.prepared.name
        stand = "1 key stands" if count == 1 else f"{count:,} keys stand"
        message = f"{stand} in several rows of `{name}`: `{quoted(key)}` ({name}:{first}, {last})"
        yield problem("repeated-key", message, loaded.plan.place, "keep one row for each key")


def unmatched(database: Database, part: Loaded, joined: Joined, lookup: Lookup) -> Iterator[Diagnostic]:
    """Rows whose key is not in the lookup; where that is expected, rows of the lookup that nobody looks up."""
    yield from (_unused if lookup.expected else _lost)(database, part, joined, lookup)


def _lost(database: Database, part: Loaded, joined: Joined, lookup: Lookup) -> Iterator[Diagnostic]:
    other, key = joined.loaded, f"{part.table}.{joined.key}"
    lost = (
        f"FROM {part.table} WHERE left_out = 0 AND {key} IS NOT NULL "
        f"AND {key} NOT IN (SELECT key FROM {other.table} WHERE left_out = 0 AND key IS NOT NULL)"
    )
    [(count, total)] = database.query(
        f"SELECT (SELECT count(*) {lost}), (SELECT count(*) FROM {part.table} WHERE left_out = 0)"
    )
    if not count:
        return
    words = database.query(
        f"SELECT {key}, count(*), min({part.row}) {lost} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {SAMPLES}"
    )
    name = part.plan.prepared.name
    samples = ", ".join(
        f"`{quoted(text)}` ({rows_of(number)}, {at_rows(name, [row])} first)" for text, number, row in words
    )
    find = "finds" if count == 1 else "find"
    message = f"{count:,} of {total:,} rows of `{name}` {find} no row in `{lookup.file}` by `{lookup.on}`: {samples}"
    yield warning("unmatched-rows", message, lookup.span, _repair(database, other, words[0][0]))


def _repair(database: Database, other: Loaded, text: str) -> str:
    known = [
        row[0] for row in database.query(f"SELECT DISTINCT key FROM {other.table} WHERE key IS NOT NULL LIMIT 10000")
    ]
    near = get_close_matches(text, known, n=1, cutoff=0.6)
    if near:
        return f"they have nothing from it; if `{near[0]}` is meant, add `repair: {{{quoted(text)}: {near[0]}}}`"
    return "they have nothing from it; add the rows to the file, or write `unmatched: expected`"


def _unused(database: Database, part: Loaded, joined: Joined, lookup: Lookup) -> Iterator[Diagnostic]:
    other = joined.loaded
    unused = (
        f"FROM {other.table} WHERE left_out = 0 AND key IS NOT NULL "
        f"AND key NOT IN (SELECT {joined.key} FROM {part.table} WHERE left_out = 0 AND {joined.key} IS NOT NULL)"
    )
    [(count, total)] = database.query(
        f"SELECT (SELECT count(*) {unused}), (SELECT count(*) FROM {other.table} WHERE left_out = 0)"
    )
    if count:
        rows = [row for (row,) in database.query(f"SELECT {other.row} {unused} ORDER BY 1 LIMIT {SAMPLES}")]
        places = at_rows(lookup.file, rows, count)
        belong = "belongs" if count == 1 else "belong"
        message = f"{count:,} of {total:,} rows of `{lookup.file}` {belong} to no row of `{part.plan.prepared.name}`: {places}"
        yield warning("unmatched-rows", message, lookup.span, "they are not used; look whether an extract is cut off")


def references(database: Database, assemblies: dict[str, Assembly], places: dict[str, Span]) -> Iterator[Diagnostic]:
    """Rows that name a lead or deal which the other table does not have."""
    for table, column, other in REFERENCES:
        if table in assemblies and other in assemblies and column in assemblies[table].present:
            yield from _dangling(database, (assemblies[table].table, column, assemblies[other].table), places[table])
    yield from _before_lead(database, assemblies, places)


def _dangling(database: Database, reference: tuple[Table, str, Table], place: Span) -> Iterator[Diagnostic]:
    table, column, other = reference
    lost = f"FROM {name_of(table)} WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT id FROM {name_of(other)})"
    [(count,)] = database.query(f"SELECT count(*) {lost}")
    if count:
        [(total,)] = database.query(f"SELECT count({column}) FROM {name_of(table)}")
        found = database.query(f'SELECT file, "row" {lost} ORDER BY file, "row" LIMIT {SAMPLES}')
        message = f"`{column}` of {count:,} of {total:,} rows of {table.title} is none of the {other.title}: {listed(found, count)}"
        yield warning("unmatched-rows", message, place, "look whether the two exports cover the same time and records")


def _before_lead(database: Database, assemblies: dict[str, Assembly], places: dict[str, Span]) -> Iterator[Diagnostic]:
    """Deals that closed before their lead was there."""
    if not {"leads", "deals"} <= set(assemblies) or not {"lead_id", "closed"} <= assemblies["deals"].present:
        return
    early = "FROM all_deals AS d JOIN all_leads AS l ON d.lead_id = l.id WHERE CAST(d.closed AS DATE) < CAST(l.created AS DATE)"
    [(count,)] = database.query(f"SELECT count(*) {early}")
    if count:
        found = database.query(f'SELECT d.file, d."row" {early} ORDER BY 1, 2 LIMIT {SAMPLES}')
        was = "1 deal was" if count == 1 else f"{count:,} deals were"
        message = f"{was} closed before the lead was created: {listed(found, count)}"
        hint = "they are used as they are; look whether one of the dates is that of an import"
        yield warning("dates-out-of-order", message, places["deals"], hint)

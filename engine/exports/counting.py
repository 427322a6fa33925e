"""What one loaded file has: how many rows are used and left out and why, which texts are no values. As extracts and findings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from .canonical import Kind
from .dates import yearless
from .duck import Database
from .loading import BLANK, IGNORED, OTHERS, WITHOUT_ID, Loaded, unread
from .prepared import SAMPLES, LeftOut, at_rows, problem, warning
from .profile import DATES
from .scan import Field
from .tables import Extract

MAX_UNREAD = 0.05
"""More texts that are no values than this share is an error and not a warning."""
MAX_BROKEN = 0.01
"""The same for rows that do not have the columns of the header."""
_REASONS = {BLANK: "empty", WITHOUT_ID: "without an id", IGNORED: "ignored, as asked", OTHERS: "not among `only`"}
_CLOSED = r"\b(won|lost|closed|cancell?ed|dead|signed|gewonnen|verloren|gagn[ée]e?|perdue?|ganad[ao]|perdid[ao])\b"
_SERIAL = re.compile(r"[34]\d{4}(\.\d+)?")
_KINDS = {
    Kind.INSTANT: "no date",
    Kind.MONTH: "no month",
    Kind.NUMBER: "no number",
    Kind.MONEY: "no amount",
    Kind.COUNT: "no whole number",
    Kind.FLAG: "neither yes nor no",
}


def extract(database: Database, loaded: Loaded, table: str, mapping: str) -> Extract:
    """What a file has."""
    fields = loaded.plan.fields
    filled = ", ".join(f'count("{field.column.name}") FILTER (WHERE left_out = 0)' for field in fields)
    row, *_ = database.query(f"SELECT count(*), count(*) FILTER (WHERE left_out = 0), {filled} FROM {loaded.table}")
    prepared = loaded.plan.prepared
    before = (*prepared.left_out, *((prepared.broken,) if prepared.broken else ()))
    left_out = (*before, *_left_out(database, loaded))
    names = [field.column.name for field in fields]
    return Extract(
        prepared.name,
        table,
        row[0] + sum(one.count for one in before),
        row[1],
        left_out,
        (*prepared.told, *loaded.profile.told),
        dict(zip(names, row[2:], strict=True)),
        {field.column.name: field.header for field in fields},
        mapping,
    )


def _left_out(database: Database, loaded: Loaded) -> Iterator[LeftOut]:
    rows = database.query(
        f"SELECT left_out, count(*), min({loaded.row}, {SAMPLES}) FROM {loaded.table} WHERE left_out > 0 "
        "GROUP BY left_out ORDER BY left_out"
    )
    for reason, count, first in rows:
        yield LeftOut(_REASONS[reason], count, tuple(first))


def findings(database: Database, loaded: Loaded, found: Extract) -> Iterator[Diagnostic]:
    """What is to be said of the rows and values of a file."""
    yield from _rows(loaded, found)
    yield from _values(database, loaded, found)


# --- rows ------------------------------------------------------------------------------------------------------


def _rows(loaded: Loaded, found: Extract) -> Iterator[Diagnostic]:
    name, place = found.file, loaded.plan.place
    if not found.used:
        what = "has a header and no rows" if not found.rows else f"has {rows_of(found.rows)}, and none of them is used"
        yield warning("no-rows", f"`{name}` {what}", place, "export it again, or delete the entry")
    unasked = [one for one in found.left_out if one.reason not in (_REASONS[IGNORED], _REASONS[OTHERS], "empty")]
    broken = loaded.plan.prepared.broken
    for one in unasked:
        if one is broken:
            yield _broken(one, loaded, found)
            continue
        message = (
            f"{rows_of(one.count)} of `{name}` {_are(one.count)} {one.reason}: {at_rows(name, one.rows, one.count)}"
        )
        yield warning("rows-left-out", message, place, "they are left out; look whether they belong to the data")
    if padded := loaded.plan.prepared.padded:
        message = (
            f"{rows_of(padded.count)} of `{name}` {_have(padded.count)} {padded.reason}: "
            f"{at_rows(name, padded.rows, padded.count)}"
        )
        yield warning("short-rows", message, place, "the rest is taken as empty; look whether the file is complete")
    if cells := loaded.plan.prepared.faulty_cells:
        what = "1 cell" if cells.count == 1 else f"{cells.count:,} cells"
        message = f"{what} of `{name}` with {cells.reason}: {at_rows(name, cells.rows, cells.count)}"
        yield warning("faulty-cells", message, place, "they are taken as empty; save the workbook with values in them")


def _broken(one: LeftOut, loaded: Loaded, found: Extract) -> Diagnostic:
    message = f"{rows_of(one.count)} of `{found.file}` {_have(one.count)} {one.reason}: {at_rows(found.file, one.rows, one.count)}"
    hint = "put texts that contain the separator in quotes, or export the file again"
    if one.count > MAX_BROKEN * found.rows:
        return problem("broken-rows", message, loaded.plan.place, hint)
    return warning("broken-rows", message, loaded.plan.place, f"left out; {hint}")


def rows_of(count: int) -> str:
    """`1 row`, `1,200 rows`."""
    return "1 row" if count == 1 else f"{count:,} rows"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


# --- values ----------------------------------------------------------------------------------------------------


def _values(database: Database, loaded: Loaded, found: Extract) -> Iterator[Diagnostic]:
    [(bad,)] = database.query(f"SELECT coalesce(bit_or(bad), 0) FROM {loaded.table}")
    for position, field in enumerate(loaded.plan.fields):
        if bad >> position & 1:
            yield _unread(database, loaded, found, (position, field))
        if field.column.name == "outcome" and field.words is not None and field.words.otherwise == "open":
            yield from _doubtful(database, loaded, field)
    yield from _rounded(database, loaded)


def _unread(database: Database, loaded: Loaded, found: Extract, at: tuple[int, Field]) -> Diagnostic:
    position, field = at
    [(count,)] = database.query(f"SELECT count(*) FROM {loaded.table} WHERE bad >> {position} & 1 = 1")
    if field.column.kind is Kind.WORD:
        return _unknown_words(database, loaded, field, count)
    texts = database.query(f"SELECT v FROM {unread(loaded, field)} LIMIT {SAMPLES}")
    rows = database.query(
        f"SELECT {loaded.row} FROM {loaded.table} WHERE bad >> {position} & 1 = 1 ORDER BY {loaded.row} LIMIT {SAMPLES}"
    )
    samples = ", ".join(
        f"`{quoted(text)}` ({at_rows(found.file, row)})" for (text,), row in zip(texts, rows, strict=False)
    )
    total = count + found.filled[field.column.name]
    are = "is" if count == 1 else "are"
    message = f"{count:,} of {total:,} values of `{field.header}` in `{found.file}` {are} {_KINDS[field.column.kind]}: {samples}"
    if count > MAX_UNREAD * total:
        hint = "mend them, or say which words stand for nothing: `missing: [n/a]`"
        if any(yearless(text.lower()) for (text,) in texts):
            hint = "a month needs its year: write 2026-03"
        elif field.column.kind in DATES and all(_SERIAL.fullmatch(text) for (text,) in texts):
            hint = "they are day numbers of a spreadsheet: give the column the form of a date and save the file again"
        return problem("unreadable-values", message, loaded.plan.place, hint)
    return warning("unreadable-values", message, loaded.plan.place, "they are taken as missing")


def _unknown_words(database: Database, loaded: Loaded, field: Field, count: int) -> Diagnostic:
    """An outcome decides every rate, so each of its values must be known; elsewhere an unknown word is a missing value."""
    texts = database.query(
        f"SELECT v, count(*) FROM {unread(loaded, field)} GROUP BY v ORDER BY count(*) DESC, v LIMIT 8"
    )
    listed = ", ".join(f"`{quoted(text)}` ({rows_of(count)})" for text, count in texts)
    name = field.column.name
    message = f"`values:` does not say what `{field.header}` of `{loaded.plan.prepared.name}` means by {listed}"
    hint = f"name them under `values:`, `{name}:` as {' or '.join(field.column.words)}, or all others with `otherwise:`"
    if name == "outcome":
        return problem("unmapped-value", message, loaded.plan.place, hint)
    return warning("unmapped-value", f"{message}; {rows_of(count)} {_have(count)} no `{name}`", loaded.plan.place, hint)


def _doubtful(database: Database, loaded: Loaded, field: Field) -> Iterator[Diagnostic]:
    """Values that count as open because they are not named, and sound as if the deal were closed."""
    same = [other for other in loaded.plan.fields if other.index == field.index and other.column.kind is Kind.TEXT]
    if not same or field.words is None:
        return
    column = f'"{same[0].column.name}"'
    rows = database.query(
        f"SELECT {column}, count(*) FROM {loaded.table} WHERE left_out = 0 AND outcome = 'open' "
        f"GROUP BY 1 HAVING regexp_matches(lower({column}), '{_CLOSED}') ORDER BY 2 DESC, 1 LIMIT 8"
    )
    if rows:
        listed = ", ".join(f"`{quoted(text)}` ({rows_of(count)})" for text, count in rows)
        message = f"deals of `{loaded.plan.prepared.name}` count as open although `{field.header}` is {listed}"
        hint = "name the values under `values:`, `outcome:`, those that are really open too"
        yield warning("doubtful-outcome", message, loaded.plan.place, hint)


def _rounded(database: Database, loaded: Loaded) -> Iterator[Diagnostic]:
    """Ids that a spreadsheet has turned into rounded numbers."""
    for field in loaded.plan.fields:
        if field.column.name not in ("id", "deal_id", "lead_id", "record_id"):
            continue
        column = f'"{field.column.name}"'
        has_sign = f"substr({column}, 2, 1) IN ('.', ',')"
        is_rounded = f"{has_sign} AND regexp_full_match({column}, '\\d[.,]\\d+[eE]\\+?\\d+')"
        [(count, text, row)] = database.query(
            f"SELECT count(*), min_by({column}, {loaded.row}), min({loaded.row}) FROM {loaded.table} WHERE {is_rounded}"
        )
        if count:
            name = loaded.plan.prepared.name
            message = f"a spreadsheet has rounded {count:,} of the ids in `{field.header}`: `{text}` ({name}:{row})"
            hint = "export the file again and do not save it from a spreadsheet"
            yield problem("rounded-ids", message, loaded.plan.place, hint)


def quoted(text: str) -> str:
    """What a message quotes of a text: its beginning, on one line."""
    line = " ".join(str(text).replace("`", "'").split())
    return f"{line[:40]}..." if len(line) > 40 else line

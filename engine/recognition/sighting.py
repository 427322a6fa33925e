"""A file, or one sheet of a workbook, as it is found: its headers and what stands below them. Read as exports are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ..diagnostics import SourceError, Span
from ..exports.delimited import prepare as prepare_text
from ..exports.duck import Database, QueryError, open_database
from ..exports.encodings import scan
from ..exports.pieces import SHEETS
from ..exports.places import locate
from ..exports.prepared import Prepared, Scratch, Sought
from ..exports.request import Form, Wanted
from ..exports.scan import relation
from ..exports.sheet import prepare as prepare_sheet
from ..exports.sheet import sheet_names
from .names import headers_sought

MOST = 300
"""So many columns are looked at."""
FEW = 40
"""A column with so many different values or fewer is a list of words."""
_DATE = r"^\s*(\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}[ .-]+[A-Za-z]{3,9}[ .,-]+\d{2,4}|[A-Za-z]{3,9}[ .-]+\d{1,2}[ ,-]+\d{4})"
_MONTH = r"^\s*(\d{4}[-/]\d{1,2}|\d{1,2}[./]\d{4}|[A-Za-z]{3,9}[ /-]+\d{2,4})\s*$"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: in how many rows it has a value, about how many different ones, which ones where they are few, how many are dates."""

    header: str
    index: int
    filled: int = 0
    different: int = 0
    dates: int = 0
    months: int = 0
    values: tuple[tuple[str, int], ...] = ()

    @property
    def is_date(self) -> bool:
        return self.filled > 0 and self.dates >= 0.9 * self.filled

    @property
    def is_month(self) -> bool:
        return self.filled > 0 and self.dates + self.months >= 0.9 * self.filled


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file or sheet. `encoding` is that in which it was tried, where it is not in UTF-8 and nothing says in which it is."""

    file: str
    sheet: str
    encoding: str
    readings: tuple[tuple[str, str], ...]
    prepared: Prepared
    rows: int
    columns: tuple[Column, ...]

    @property
    def place(self) -> str:
        """What messages call it."""
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file

    def column(self, header: str) -> Column:
        """The column of a header that is there."""
        return next(column for column in self.columns if column.header == header)


def look(folder: Path, file: str, scratch: Scratch) -> tuple[Sighting, ...]:
    """The file, or each sheet of it that is shown and not empty. Raises SourceError where it cannot be read at all."""
    place = Span(file)
    path = locate(folder, file, place)
    if path.suffix.lower() not in SHEETS:
        return (_text(path, file, scratch, place),)
    shown = sheet_names(path, Sought(file, Form(), ()), place)
    found = [_sheet(path, (file, name if len(shown) > 1 else ""), scratch, place) for name in shown]
    return tuple(one for one in found if one is not None)


def _wanted() -> tuple[Wanted, ...]:
    return tuple(Wanted("", headers, Span("")) for headers in headers_sought())


def _text(path: Path, file: str, scratch: Scratch, place: Span) -> Sighting:
    sought = Sought(file, Form(), _wanted())
    encoding = ""
    readings: tuple[tuple[str, str], ...] = ()
    try:
        prepared = prepare_text(path, sought, scratch, place)
    except SourceError as error:
        readings = scan(path).readings
        if not readings or any(one.code != "wrong-encoding" for one in error.diagnostics):
            raise
        encoding = readings[0][0]
        sought = replace(sought, form=Form(encoding=encoding))
        prepared = prepare_text(path, sought, scratch, place)
    try:
        return _profiled((file, "", encoding, readings), prepared, scratch)
    except QueryError:
        prepared = prepare_text(path, sought, scratch, place, as_copy=True)
        return _profiled((file, "", encoding, readings), prepared, scratch)


def _sheet(path: Path, name: tuple[str, str], scratch: Scratch, place: Span) -> Sighting | None:
    file, sheet = name
    try:
        prepared = prepare_sheet(path, Sought(file, Form(sheet=sheet), _wanted()), scratch, place)
    except SourceError as error:
        if sheet and all(one.code == "empty-file" for one in error.diagnostics):
            return None
        raise
    return _profiled((file, sheet, "", ()), prepared, scratch)


# --- what stands below the headers -----------------------------------------------------------------------------


def _profiled(
    about: tuple[str, str, str, tuple[tuple[str, str], ...]], prepared: Prepared, scratch: Scratch
) -> Sighting:
    database = open_database([prepared.path], scratch.folder)
    try:
        rows, columns = _columns(database, prepared)
    finally:
        database.close()
    return Sighting(*about, prepared, rows, columns)


def _columns(database: Database, prepared: Prepared) -> tuple[int, tuple[Column, ...]]:
    looked = [index for index, header in enumerate(prepared.headers) if header][:MOST]
    if not looked:
        return 0, ()
    source = relation(prepared, looked)
    asked = ", ".join(
        f"count(v{n}), approx_count_distinct(v{n}), count(*) FILTER (WHERE regexp_matches(v{n}, '{_DATE}')), "
        f"count(*) FILTER (WHERE regexp_matches(v{n}, '{_MONTH}'))"
        for n in looked
    )
    row, *_ = database.query(f"SELECT count(*), {asked} FROM {source}")
    found = [
        Column(prepared.headers[n], n, *row[1 + 4 * position : 5 + 4 * position]) for position, n in enumerate(looked)
    ]
    return row[0], tuple(_with_values(database, source, column) for column in found)


def _with_values(database: Database, source: str, column: Column) -> Column:
    """A column with its words, the most frequent first, where they are few and repeat."""
    if not 0 < column.different <= FEW or column.is_date:
        return column
    values = database.query(
        f"SELECT v{column.index}, count(*) FROM {source} WHERE v{column.index} IS NOT NULL GROUP BY 1 "
        f"ORDER BY 2 DESC, 1 LIMIT {FEW + 1}"
    )
    return replace(column, values=tuple(values))


def filled_by_word(sighting: Sighting, words: str, values: str, scratch: Scratch) -> dict[str, int]:
    """For each word of a column in how many rows another column has a value."""
    first, second = sighting.column(words).index, sighting.column(values).index
    database = open_database([sighting.prepared.path], scratch.folder)
    try:
        source = relation(sighting.prepared, [first, second])
        return dict(
            database.query(f"SELECT v{first}, count(v{second}) FROM {source} WHERE v{first} IS NOT NULL GROUP BY 1")
        )
    finally:
        database.close()

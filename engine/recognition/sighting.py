"""A file, or one sheet of a workbook, as it is found: its headers and what stands below them. Read as exports are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..diagnostics import Diagnostic, SourceError, Span
from ..exports.delimited import prepare as prepare_text
from ..exports.duck import Database, QueryError, open_database
from ..exports.encodings import scan
from ..exports.foreign import WESTERN, readings, western
from ..exports.pieces import SHEETS
from ..exports.places import locate
from ..exports.prepared import Prepared, Scratch, Sought, problem
from ..exports.request import Form, Wanted
from ..exports.scan import relation
from ..exports.sheet import prepare as prepare_sheet
from ..exports.sheet import sheet_names
from .names import headers_sought

MOST = 300
"""So many columns are looked at."""
AT_ONCE = 25
"""So many of them in one query, which has to fit into the memory."""
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
class About:
    """A file or sheet before it is read. `encoding` is that in which it is read, where it is not in UTF-8 and does not say in which it is.

    `words` are some of those that nothing else makes words of; where there are none, `readings` are what a word could be.
    """

    file: str
    sheet: str
    encoding: str = ""
    readings: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file or sheet, as it is found."""

    about: About
    prepared: Prepared
    rows: int
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        return self.about.file

    @property
    def sheet(self) -> str:
        return self.about.sheet

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
    try:
        return _read(path, (About(file, ""), sought), scratch, place)
    except SourceError as error:
        word = scan(path).foreign_word
        if not word or any(one.code != "wrong-encoding" for one in error.diagnostics):
            raise
    likely, words = readings(word), western(path)
    encoding = WESTERN if words else likely[0][0]
    about = About(file, "", encoding, likely, words)
    return _read(path, (about, replace(sought, form=Form(encoding=encoding))), scratch, place)


def _read(path: Path, what: tuple[About, Sought], scratch: Scratch, place: Span) -> Sighting:
    """The file in one encoding; as a copy where the database cannot read the file itself."""
    about, sought = what
    try:
        return _profiled(about, prepare_text(path, sought, scratch, place), scratch)
    except QueryError:
        prepared = prepare_text(path, sought, scratch, place, as_copy=True)
    try:
        return _profiled(about, prepared, scratch)
    except QueryError:
        raise SourceError([_unreadable(about.file, place)]) from None


def _unreadable(file: str, place: Span) -> Diagnostic:
    return problem("not-readable", f"`{file}` cannot be read as a table", place, "export it again as CSV or XLSX")


def _sheet(path: Path, name: tuple[str, str], scratch: Scratch, place: Span) -> Sighting | None:
    file, sheet = name
    try:
        prepared = prepare_sheet(path, Sought(file, Form(sheet=sheet), _wanted()), scratch, place)
    except SourceError as error:
        if sheet and all(one.code == "empty-file" for one in error.diagnostics):
            return None
        raise
    try:
        return _profiled(About(file, sheet), prepared, scratch)
    except QueryError:
        raise SourceError([_unreadable(file, place)]) from None


# --- what stands below the headers -----------------------------------------------------------------------------


def _profiled(about: About, prepared: Prepared, scratch: Scratch) -> Sighting:
    database = open_database([prepared.path], scratch.folder)
    try:
        rows, columns = _columns(database, prepared)
    finally:
        database.close()
    return Sighting(about, prepared, rows, columns)


def _columns(database: Database, prepared: Prepared) -> tuple[int, tuple[Column, ...]]:
    looked = [index for index, header in enumerate(prepared.headers) if header][:MOST]
    rows, found = 0, list[Column]()
    for start in range(0, len(looked), AT_ONCE):
        rows, some = _counted(database, prepared, looked[start : start + AT_ONCE])
        found += _with_values(database, prepared, some)
    return rows, tuple(found)


def _counted(database: Database, prepared: Prepared, looked: Sequence[int]) -> tuple[int, list[Column]]:
    """The rows of the file, and some of its columns with their counts."""
    asked = ", ".join(
        f"count(v{n}), approx_count_distinct(v{n}), count(*) FILTER (WHERE regexp_matches(v{n}, '{_DATE}')), "
        f"count(*) FILTER (WHERE regexp_matches(v{n}, '{_MONTH}'))"
        for n in looked
    )
    row, *_ = database.query(f"SELECT count(*), {asked} FROM {relation(prepared, looked)}")
    counts = [row[1 + 4 * position : 5 + 4 * position] for position in range(len(looked))]
    return row[0], [Column(prepared.headers[n], n, *of) for n, of in zip(looked, counts, strict=True)]


def _with_values(database: Database, prepared: Prepared, columns: Sequence[Column]) -> Iterator[Column]:
    """The columns, with their words, the most frequent first, where they are few."""
    asked = [column for column in columns if 0 < column.different <= FEW and not column.is_date]
    values: dict[int, tuple[tuple[str, int], ...]] = {}
    if asked:
        source = relation(prepared, [one.index for one in asked])
        counted, *_ = database.query(f"SELECT {', '.join(f'histogram(v{one.index})' for one in asked)} FROM {source}")
        for one, words in zip(asked, counted, strict=True):
            values[one.index] = tuple(sorted(words.items(), key=lambda pair: (-pair[1], pair[0])))[: FEW + 1]
    yield from (replace(column, values=values.get(column.index, ())) for column in columns)


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

"""A sheet of a workbook (XLSX), bounded before it is opened; the only module that imports openpyxl.

Formulas are never worked out: the value that was saved with them is read. What a cell holds as a date or a number is one, so
nothing has to be guessed about it.
"""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ..diagnostics import Diagnostic, SourceError, Span, did_you_mean
from .delimited import HEADER_WITHIN
from .prepared import MAX_COLUMNS, LeftOut, Prepared, Scratch, Sieve, Sought, Tally, matches, problem, write

MAX_FILE = 200_000_000
MAX_UNPACKED = 1_500_000_000
MAX_RATIO = 250
"""Packed text of a sheet is 5 to 50 times smaller; what unpacks to more than this is made to fill the memory."""
MAX_ROWS = 1_048_576
_SMALL = 20_000_000
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
# what a broken workbook makes openpyxl and the standard library raise
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
)

Cells: TypeAlias = Sequence[Any]


def prepare(path: Path, sought: Sought, scratch: Scratch, place: Span) -> Prepared:
    """The sheet as text that the database can read, in `scratch`. Raises SourceError."""
    try:
        _check_size(path, sought, place)
        workbook = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            return _prepared(workbook, path, sought, (scratch, place))
        finally:
            workbook.close()
    except _BROKEN:
        raise SourceError([_broken(sought, place)]) from None


def sheet_names(path: Path, sought: Sought, place: Span) -> tuple[str, ...]:
    """The sheets that are shown. Raises SourceError."""
    try:
        _check_size(path, sought, place)
        workbook = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            return tuple(sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible")
        finally:
            workbook.close()
    except _BROKEN:
        raise SourceError([_broken(sought, place)]) from None


def _broken(sought: Sought, place: Span) -> Diagnostic:
    message = f"`{sought.name}` cannot be read as a workbook: it is damaged, cut off or protected"
    return problem("broken-workbook", message, place, "open it in a spreadsheet and save it again as XLSX or CSV")


# --- bounds ----------------------------------------------------------------------------------------------------


def _check_size(path: Path, sought: Sought, place: Span) -> None:
    """Refuse what is made to fill the memory, before anything is unpacked."""
    packed = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    bomb = any(part.file_size > _SMALL and part.file_size > MAX_RATIO * part.compress_size for part in parts)
    if packed <= MAX_FILE and unpacked <= MAX_UNPACKED and not bomb:
        return
    message = f"`{sought.name}` has {_megabytes(packed)} and unpacks to {_megabytes(unpacked)}"
    hint = f"the limits are {_megabytes(MAX_FILE)}, {_megabytes(MAX_UNPACKED)} and {MAX_RATIO} times its size; export as CSV"
    raise SourceError([problem("too-large", message, place, hint)])


def _megabytes(count: int) -> str:
    return f"{math.ceil(count / 1e5) / 10:,.1f} MB".replace(".0 ", " ")


# --- the sheet -------------------------------------------------------------------------------------------------


def _prepared(workbook: Any, path: Path, sought: Sought, at: tuple[Scratch, Span]) -> Prepared:
    scratch, place = at
    sheet = _sheet(workbook, sought, place)
    row, headers = _header(sheet, sought)
    if not headers:
        message = f"sheet `{sheet.title}` of `{sought.name}` is empty"
        raise SourceError([problem("empty-file", message, place, "export it again, or delete the entry")])
    if len(headers) > MAX_COLUMNS:
        message = f"`{sought.name}` has more than {MAX_COLUMNS:,} columns"
        raise SourceError([problem("too-many-columns", message, place, "export only the columns that are needed")])
    reader, sieve = _Reader(), Sieve(len(headers), sought.form.comment)
    target, last = scratch.target(), sheet.max_row or MAX_ROWS
    rows = reader.rows(_bounded(sheet, sought, place), len(headers))
    rows = scratch.counted(rows, sought.name, lambda number: number / last)
    write(sieve.records(islice(rows, row, None)), headers, target)
    told = [f"sheet `{sheet.title}`"] if not sought.form.sheet and len(workbook.sheetnames) > 1 else []
    told += [f"header in row {row}"] if row > 1 and not sought.form.header_row else []
    return Prepared(
        sought.name,
        target,
        ",",
        headers,
        1,
        numbered=True,
        decimal="." if reader.has_numbers else "",
        told=tuple(told),
        left_out=sieve.left_out,
        faulty_cells=_faulty(reader, _unsaved(path, sheet.title)),
    )


def _sheet(workbook: Any, sought: Sought, place: Span) -> Any:
    """The sheet that is named, or the only one with a header that is recognised."""
    names = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if sought.form.sheet:
        if sought.form.sheet not in workbook.sheetnames or sought.form.sheet not in [
            s.title for s in workbook.worksheets
        ]:
            hint = did_you_mean(sought.form.sheet, names) or f"it has {_listed(names)}"
            message = f"`{sought.name}` has no sheet `{sought.form.sheet}`"
            raise SourceError([problem("no-sheet", message, place, hint)])
        return workbook[sought.form.sheet]
    if len(names) == 1:
        return workbook[names[0]]
    found = [name for name in names if matches(_header(workbook[name], sought)[1], sought.headers)]
    if len(found) == 1:
        return workbook[found[0]]
    raise SourceError([_which_sheet(found or names, sought, place)])


def _which_sheet(names: Sequence[str], sought: Sought, place: Span) -> Diagnostic:
    message = f"`{sought.name}` has several sheets that could be meant: {_listed(names)}"
    hint = f"add a line `sheet: {names[0]}`" if names else "it has no sheet that is shown; name one with `sheet:`"
    return problem("no-sheet", message, place, hint)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:8]) + (", ..." if len(names) > 8 else "")


def _header(sheet: Any, sought: Sought) -> tuple[int, tuple[str, ...]]:
    """The row with most of the columns that are sought, and its headers without the empty ones at the end."""
    best: tuple[int, int, tuple[str, ...]] = (-1, 0, ())
    last = max(HEADER_WITHIN, sought.form.header_row)
    for number, cells in enumerate(sheet.iter_rows(max_row=last, max_col=MAX_COLUMNS + 1, values_only=True), 1):
        headers = tuple("" if cell is None else str(cell).strip() for cell in cells)
        while headers and not headers[-1]:
            headers = headers[:-1]
        found = matches(headers, sought.headers)
        if headers and sought.form.header_row in (0, number) and found > best[0]:
            best = (found, number, headers)
    return max(best[1], 1), best[2]


def _bounded(sheet: Any, sought: Sought, place: Span) -> Iterator[Cells]:
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), 1):
        if number > MAX_ROWS:
            message = f"`{sought.name}` has more than {MAX_ROWS:,} rows"
            raise SourceError([problem("too-large", message, place, "export as CSV")])
        yield cells


@dataclass(slots=True)
class _Reader:
    """Cells as texts that are read in one way only; remembers what cells there were."""

    has_numbers: bool = False
    errors: Tally = field(default_factory=Tally)

    def rows(self, rows: Iterator[Cells], width: int) -> Iterator[tuple[int, Sequence[str]]]:
        for number, cells in enumerate(rows, 1):
            yield number, [self._text(cell, number) for cell in cells[:width]]

    def _text(self, cell: Any, row: int) -> str:
        if cell is None:
            return ""
        if isinstance(cell, str):
            if cell in _ERRORS:
                self.errors.add(row)
                return ""
            return cell
        if isinstance(cell, bool):
            return "true" if cell else "false"
        if isinstance(cell, int | float):
            self.has_numbers = True
            return repr(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
        if isinstance(cell, datetime):
            return cell.isoformat(" ", "microseconds" if cell.microsecond else "seconds")
        return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _faulty(reader: _Reader, unsaved: Tally) -> LeftOut | None:
    return reader.errors.left_out("an error of the spreadsheet") or unsaved.left_out("a formula and no saved value")


def _unsaved(path: Path, title: str) -> Tally:
    """Formulas whose value was not saved."""
    found = Tally()
    if not _has_formulas(path):
        return found
    values = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    formulas = load_workbook(path, read_only=True, keep_links=False)
    pairs = zip(values[title].iter_rows(values_only=True), formulas[title].iter_rows(values_only=True), strict=True)
    for number, (shown, written) in enumerate(pairs, 1):
        for value, formula in zip(shown, written, strict=True):
            if value is None and formula is not None:
                found.add(number)
    values.close()
    formulas.close()
    return found


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        sheets = [part for part in archive.infolist() if part.filename.startswith("xl/worksheets/sheet")]
        for part in sheets:
            with archive.open(part) as stream:
                tail = b""
                while block := stream.read(1 << 20):
                    if b"<f>" in tail + block or b"<f " in tail + block:
                        return True
                    tail = block[-2:]
    return False

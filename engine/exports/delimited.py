"""A file of separated text: its encoding, separator and header, and its records where the database needs help with them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from itertools import islice
from pathlib import Path

from ..diagnostics import Diagnostic, SourceError, Span
from .encodings import ENCODINGS, UTF_8, Scan, is_text, marked, scan
from .foreign import readings, told
from .prepared import MAX_COLUMNS, Prepared, Scratch, Sieve, Sought, matches, problem, write

SEPARATORS = (",", ";", "\t", "|")
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_HEAD = 256 * 1024
HEADER_WITHIN = 50
"""The header is looked for in so many rows from the top."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the header is and how its values are separated; `row` counts from 1, `found` how many columns are recognised."""

    separator: str
    row: int
    headers: tuple[str, ...]
    found: int


def prepare(path: Path, sought: Sought, scratch: Scratch, place: Span, as_copy: bool = False) -> Prepared:
    """The file as the database can read it: itself, or a copy in `scratch` where it needs help. Raises SourceError.

    `as_copy` where the database has already failed to read the file itself; then every byte of it is looked at.
    """
    encoding = _encoding(path, sought, place, as_copy)
    try:
        heading = _heading(path, encoding, sought)
    except UnicodeError as error:
        raise SourceError([_not_in(encoding, error, sought, place)]) from None
    if not heading.headers:
        message = f"`{sought.name}` is empty"
        raise SourceError([problem("empty-file", message, place, "export it again, or delete the entry")])
    if len(heading.headers) > MAX_COLUMNS:
        message = f"`{sought.name}` has {len(heading.headers):,} columns; the limit is {MAX_COLUMNS:,}"
        raise SourceError([problem("too-many-columns", message, place, "export only the columns that are needed")])
    told = tuple(_told(encoding, heading, sought))
    if encoding == UTF_8 and heading.row == 1 and not sought.form.comment and not as_copy:
        return Prepared(sought.name, path, heading.separator, heading.headers, 1, told=told)
    return _copied(path, sought, scratch, place, (encoding, heading, told))


# --- encoding --------------------------------------------------------------------------------------------------


def _encoding(path: Path, sought: Sought, place: Span, thoroughly: bool) -> str:
    """The encoding, said or shown. Raises SourceError where it is neither, as far as the beginning of the file shows."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    said = sought.form.encoding or marked(head)
    if said not in ("", UTF_8):
        return said
    wrong = _wrong_bytes(scan(path), sought, place) if thoroughly or not is_text(head) else None
    if wrong is not None:
        raise SourceError([wrong])
    return UTF_8


def _wrong_bytes(found: Scan, sought: Sought, place: Span) -> Diagnostic | None:
    """What is wrong with a file that should be UTF-8."""
    if found.binary:
        hint = "export it again as CSV or XLSX"
        return problem("binary-file", f"`{sought.name}` is not a text file", place, hint)
    if found.line_too_long:
        message = f"`{sought.name}` has a line of more than 16 MB: row {found.line_too_long:,}"
        return problem("too-large", message, place, "export it again as CSV or XLSX")
    if not found.foreign_word:
        return None
    likely = readings(found.foreign_word)
    message = f"`{sought.name}` is not in UTF-8: the byte 0x{found.foreign_byte:02x} in line {found.foreign_line:,} reads {told(likely)}"
    hint = f"add a line `encoding: {likely[0][0]}`, or whichever reads right"
    return problem("wrong-encoding", message, place, hint)


# --- separator and header --------------------------------------------------------------------------------------


def _heading(path: Path, encoding: str, sought: Sought) -> Heading:
    """The separator and the row with which most of the columns that are sought are found."""
    with path.open(encoding=ENCODINGS[encoding], newline="", errors="replace") as file:
        head = file.read(_HEAD)
    separators = (sought.form.separator,) if sought.form.separator else SEPARATORS
    found = [heading for separator in separators for heading in _headings(head, separator, sought)]
    return max(found, key=lambda heading: (heading.found, -heading.row, len(heading.headers)), default=_NO_HEADING)


_NO_HEADING = Heading(",", 1, (), 0)


def _headings(head: str, separator: str, sought: Sought) -> Iterator[Heading]:
    comment = sought.form.comment or "#"
    for number, row in enumerate(_rows(StringIO(head, newline=""), separator), 1):
        stated = sought.form.header_row in (0, number)
        if stated and any(value.strip() for value in row) and not row[0].startswith(comment):
            headers = tuple(value.strip().replace("\0", "") for value in row)
            yield Heading(separator, number, headers, matches(headers, sought.headers))
        if number >= max(HEADER_WITHIN, sought.form.header_row):
            return


def _rows(text: Iterator[str], separator: str) -> Iterator[list[str]]:
    """The rows as far as they can be told apart."""
    reader = csv.reader(text, delimiter=separator)
    while True:
        try:
            yield next(reader)
        except (StopIteration, csv.Error):
            return


def _told(encoding: str, heading: Heading, sought: Sought) -> Iterator[str]:
    """What was found out and nobody said."""
    if encoding != UTF_8 and not sought.form.encoding:
        yield f"in {encoding}, as its byte-order mark says"
    if heading.separator != "," and not sought.form.separator:
        yield f"separated by {_NAMES[heading.separator]}"
    if heading.row > 1 and not sought.form.header_row:
        yield f"header in row {heading.row}"


# --- a copy ----------------------------------------------------------------------------------------------------


def _copied(
    path: Path, sought: Sought, scratch: Scratch, place: Span, known: tuple[str, Heading, tuple[str, ...]]
) -> Prepared:
    encoding, heading, found = known
    sieve = Sieve(len(heading.headers), sought.form.comment)
    target, size = scratch.target(), path.stat().st_size
    try:
        with path.open("rb") as raw, TextIOWrapper(raw, ENCODINGS[encoding], newline="") as file:
            numbered = _numbered(csv.reader(file, delimiter=heading.separator, strict=True))
            told = scratch.counted(numbered, sought.name, lambda _: raw.tell() / size)
            rows = islice(told, heading.row, None)
            write(sieve.records(rows), heading.headers, target)
    except UnicodeError as error:
        raise SourceError([_not_in(encoding, error, sought, place)]) from None
    except BrokenRowError as error:
        message = f"`{sought.name}` cannot be read from row {error.row:,} on: {error.reason}"
        hint = "mend the quotes in that row, or export the file again"
        raise SourceError([problem("broken-rows", message, place, hint)]) from None
    return Prepared(
        sought.name,
        target,
        ",",
        heading.headers,
        1,
        numbered=True,
        told=found,
        left_out=sieve.left_out,
        padded=sieve.padded.left_out("fewer values than columns"),
        broken=sieve.broken.left_out("more values than columns"),
    )


class BrokenRowError(Exception):
    """A row at which the records cannot be told apart any more."""

    def __init__(self, row: int, reason: str) -> None:
        super().__init__(reason)
        self.row = row
        self.reason = reason


def _numbered(rows: Iterator[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    number = 0
    while True:
        number += 1
        try:
            values = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise BrokenRowError(number, _plain(error)) from None
        yield number, values


def _plain(error: csv.Error) -> str:
    text = str(error)
    if "field limit" in text or "unexpected end" in text:
        return "a quote is opened and not closed"
    return "there is text after a closing quote" if "expected after" in text else text


def _not_in(encoding: str, error: UnicodeError, sought: Sought, place: Span) -> Diagnostic:
    found = f": {error.reason}" if isinstance(error, UnicodeDecodeError) else ": it begins without a byte-order mark"
    message = f"`{sought.name}` is not in {encoding}{found}"
    return problem("wrong-encoding", message, place, "name another `encoding:`, or delete the line")

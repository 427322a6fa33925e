"""A file as the database can read it: separated text in UTF-8 with one header, and what was left out on the way there."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..diagnostics import Diagnostic, Severity, Span
from .request import Form, Wanted

MAX_COLUMNS = 2000
SAMPLES = 3
"""How many rows a message names."""
_TELL_EVERY = 5000


Told = Callable[[str, float], None]
"""Is told what is being done with which file, and how much of that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """A folder for copies, and whom to tell how far one is."""

    folder: Path
    told: Told | None = None

    def target(self) -> Path:
        """A file that is not there yet."""
        return self.folder / f"{len(list(self.folder.iterdir()))}.csv"

    def counted(
        self, rows: Iterable[tuple[int, Sequence[str]]], name: str, done: Callable[[int], float]
    ) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows, telling now and then how much is done; `done` says it after a number of rows."""
        for row, values in rows:
            if self.told is not None and row % _TELL_EVERY == 0:
                self.told(f"preparing {name}", max(0.0, min(1.0, done(row))))
            yield row, values


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are not used: why, how many, and the first of them."""

    reason: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """`skip` lines come before the first record, which is row `first`; where `numbered`, the first column is the row instead.

    `headers` are in the order of the columns. `decimal` is the decimal sign that cells show which are numbers, not text.
    """

    name: str
    path: Path
    separator: str
    headers: tuple[str, ...]
    skip: int
    numbered: bool = False
    decimal: str = ""
    told: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    padded: LeftOut | None = None
    broken: LeftOut | None = None
    faulty_cells: LeftOut | None = None

    @property
    def first(self) -> int:
        return self.skip + 1


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for in a file: its short name, how it is written, the columns, and other headers that are named."""

    name: str
    form: Form
    columns: tuple[Wanted, ...]
    others: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[tuple[str, ...], ...]:
        return (*(wanted.headers for wanted in self.columns), *((other,) for other in self.others))


def normal(header: str) -> str:
    """A header as headers are compared: small letters, single spaces, no byte-order mark."""
    return " ".join(header.replace("\ufeff", "").split()).casefold()


def matches(headers: Sequence[str], sought: Iterable[tuple[str, ...]]) -> int:
    """How many of the columns that are sought a row of headers has."""
    present = {normal(header) for header in headers}
    return sum(any(normal(name) in present for name in names) for names in sought)


@dataclass(slots=True)
class Tally:
    """Counts rows and keeps the first of them."""

    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, row: int) -> None:
        self.count += 1
        if len(self.rows) < SAMPLES and row not in self.rows:
            self.rows.append(row)

    def left_out(self, reason: str) -> LeftOut | None:
        return LeftOut(reason, self.count, tuple(self.rows)) if self.count else None


@dataclass(slots=True)
class Sieve:
    """Tells records from what is none: rows that are empty, that hold one remark, that have too many or too few values."""

    width: int
    comment: str = ""
    empty: Tally = field(default_factory=Tally)
    remarks: Tally = field(default_factory=Tally)
    broken: Tally = field(default_factory=Tally)
    padded: Tally = field(default_factory=Tally)

    def records(self, rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
        """The records with their rows, each `width` values long."""
        for row, values in rows:
            kept = self._judged(row, values)
            if kept is not None:
                yield row, kept

    def _judged(self, row: int, values: Sequence[str]) -> Sequence[str] | None:
        filled = sum(1 for value in values if value and not value.isspace())
        if not filled:
            if values:
                self.empty.add(row)
            return None
        if self.comment and values[0].startswith(self.comment):
            self.remarks.add(row)
            return None
        return values if len(values) == self.width else self._fitted(row, values, filled)

    def _fitted(self, row: int, values: Sequence[str], filled: int) -> Sequence[str] | None:
        if len(values) > self.width:
            if any(value.strip() for value in values[self.width :]):
                self.broken.add(row)
                return None
            return values[: self.width]
        if len(values) < self.width:
            if filled == 1 and self.width > 2:
                self.remarks.add(row)
                return None
            self.padded.add(row)
        return [*values, *[""] * (self.width - len(values))]

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        found = (self.empty.left_out("empty"), self.remarks.left_out("a remark and not a record"))
        return tuple(one for one in found if one)


def write(records: Iterable[tuple[int, Sequence[str]]], headers: Sequence[str], target: Path) -> None:
    """Write records, each with its row in front, as text that the database reads."""
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["row", *headers])
        writer.writerows([row, *(clean(value) for value in values)] for row, values in records)


def clean(value: str) -> str:
    """A value without the characters that no text has."""
    return value.replace("\0", "")


def problem(code: str, message: str, place: Span, hint: str) -> Diagnostic:
    """An error in an export; `place` is where the company's file names it. Names and headers may have several lines; a message has one."""
    return Diagnostic(code, " ".join(message.split()), place, " ".join(hint.split()))


def warning(code: str, message: str, place: Span, hint: str) -> Diagnostic:
    """Something in an export that a reader should know, and that does not stop."""
    return replace(problem(code, message, place, hint), severity=Severity.WARNING)


def at_rows(name: str, rows: Sequence[int], count: int = 0) -> str:
    """Where rows are: `deals.csv:12, 15, 20`; with dots where there are more than are named."""
    return f"{name}:{', '.join(map(str, rows))}{', ...' if count > len(rows) else ''}"

"""A file that is no table, and nearly one: which of its headers are known, and what is missing or there twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ..exports.canonical import TABLES, Kind, Table
from ..exports.headers import lacking
from .by_names import UNIQUE, can_be, doubled, named
from .entry import written
from .names import names
from .sighting import Column, Sighting

FEWEST, PART = 2, 1 / 3
"""So many headers, and this part of them, must be known before a file looks like a table."""
_SHOWN = {"outcome": "which of them are won and lost"}
_NUMBERS = MappingProxyType({2: "two", 3: "three", 4: "four"})
_DIFFERENT = MappingProxyType({Kind.INSTANT: "dates", Kind.MONTH: "months"})


@dataclass(frozen=True, slots=True)
class Near:
    """A table that a file could nearly be: its columns by their headers, the gaps in words, the lines to complete."""

    table: Table
    columns: Mapping[str, tuple[Column, ...]]
    gaps: tuple[str, ...]
    lacking: tuple[str, ...]
    headers: int

    @property
    def known(self) -> int:
        """How many of the headers are known."""
        return len({column.header for found in self.columns.values() for column in found})

    @property
    def text(self) -> str:
        """What it looks like, and why it is not that."""
        known = f"{self.known} of its" if self.known < self.headers else "all of its"
        return f"looks like {self.table.title}, {known} {self.headers} headers are known; {'; '.join(self.gaps)}"

    @property
    def lines(self) -> tuple[str, ...]:
        """Its entry, with the headers that are known."""
        return (f"  table: {self.table.name}", "  columns:", *(f"    {line}" for line in self._columns()))

    def _columns(self) -> Iterator[str]:
        for name in self.lacking:
            yield f"{name}:    # write its header"
        for name, found in self.columns.items():
            others = f"    # or {' or '.join(one.header for one in found[1:])}" if doubled(name, found) else ""
            yield f"{name}: {written(found[0].header)}{others}"


def nearly(sighting: Sighting) -> Near | None:
    """The table of which most headers are known; None where no table comes near."""
    found = [near for table in TABLES.values() if (near := _near(sighting, table)) is not None]
    return min(found, key=lambda near: (-near.known, len(near.gaps)), default=None)


def _near(sighting: Sighting, table: Table) -> Near | None:
    columns: dict[str, tuple[Column, ...]] = {}
    unfit: dict[str, Column] = {}
    for name, listed in names().columns[table.name].items():
        said = named(sighting, table.name, listed)
        able = tuple(one for one in said if can_be(one, name, table, sighting))
        if able:
            columns[name] = able
        elif said:
            unfit[name] = said[0]
    needed = tuple(_needed(table, columns))
    gaps = (*_gaps(sighting, table, needed, unfit), *_doubles(columns))
    known = len({column.header for found in columns.values() for column in found})
    if not gaps or known < max(FEWEST, PART * len(sighting.columns)):
        return None
    missing = tuple(name for group in needed for name in group[:1])
    return Near(table, columns, gaps, missing, len(sighting.columns))


def _needed(table: Table, columns: Mapping[str, object]) -> Iterator[Sequence[str]]:
    """Groups of columns of which one must be there, and none is."""
    for group in lacking(table, columns):
        yield group.split(" or ")
    proof = names().proof[table.name]
    if not set(proof) & columns.keys() and not set(proof) & set(table.one_of):
        yield proof


def _gaps(
    sighting: Sighting, table: Table, needed: Sequence[Sequence[str]], unfit: Mapping[str, Column]
) -> Iterator[str]:
    for group in needed:
        near = [name for name in group if name in unfit]
        if near:
            yield _unfit(sighting, near[0], table.column(near[0]).kind, unfit[near[0]])
            continue
        shown = [f"`{name}` ({_SHOWN.get(name) or table.column(name).meaning})" for name in group[:3]]
        yield f"no header for {' or '.join(shown)}{' or another date' if len(group) > 3 else ''}"


def _unfit(sighting: Sighting, name: str, kind: Kind, column: Column) -> str:
    """Why a column is not what its header says."""
    rows, could = sighting.rows, f"`{column.header}` could be `{name}`, but"
    if not column.filled:
        return f"{could} it is empty"
    if kind in _DIFFERENT:
        other = column.filled - column.dates - (column.months if kind is Kind.MONTH else 0)
        return f"{could} {other:,} of its {column.filled:,} values are no {_DIFFERENT[kind]}"
    if name == "id" and column.filled < 0.99 * rows:
        return f"{could} it is empty in {rows - column.filled:,} of {rows:,} rows"
    if name == "id" and column.different < UNIQUE * rows:
        return f"{could} its values repeat: about {column.different:,} different in {rows:,} rows"
    return f"{could} it holds dates"


def _doubles(columns: Mapping[str, Sequence[Column]]) -> Iterator[str]:
    for name, found in columns.items():
        if double := doubled(name, found):
            yield f"{_NUMBERS.get(len(double), len(double))} headers for `{name}`: {_and(double)}"


def _and(columns: Sequence[Column]) -> str:
    return ", ".join(f"`{one.header}`" for one in sorted(columns, key=lambda column: column.index))

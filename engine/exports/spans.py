"""The time that a canonical table tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .assembly import Assembly, name_of
from .canonical import Kind
from .duck import Database

_FIRST = 2048
"""Of so many rows one with a time of day shows that a column has them; only where none has one are all rows asked."""


@dataclass(frozen=True, slots=True)
class Span:
    """`last`: the day, today at most, on which anything happened last; `latest`: the latest that any row names, it may lie ahead.

    `times`: for each column of instants whether it has times of day.
    """

    last: date | None
    latest: date | None
    times: Mapping[tuple[str, str], bool]


def span_of(database: Database, assembly: Assembly, today: date) -> Span:
    """That of one table. The expected close of a deal is nothing that happened."""
    table, source = assembly.table, name_of(assembly.table)
    instants = [name for name in table.of_kind(Kind.INSTANT) if name in assembly.present]
    ends = {f'"{name}"': f"\"{name}\" < DATE '{today}' + INTERVAL 1 DAY" for name in instants if name != "due"}
    ends |= {f'last_day("{name}")': f"last_day(\"{name}\") <= DATE '{today}'" for name in table.of_kind(Kind.MONTH)}
    found = [f"CAST(max({end}) AS DATE), CAST(max({end}) FILTER (WHERE {past}) AS DATE)" for end, past in ends.items()]
    days, *_ = database.query(f"SELECT {', '.join(found)} FROM {source}") if found else [()]
    timed = _timed(database, f"(SELECT * FROM {source} LIMIT {_FIRST})", instants)
    timed |= _timed(database, source, [name for name in instants if name not in timed])
    times = {(table.name, name): name in timed for name in instants}
    return Span(_last(days[1::2]), _last(days[::2]), times)


def _last(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _timed(database: Database, source: str, names: Sequence[str]) -> set[str]:
    """The columns of instants with a time of day somewhere."""
    if not names:
        return set()
    asked = ", ".join(f'bool_or("{name}" <> date_trunc(\'day\', "{name}"))' for name in names)
    row, *_ = database.query(f"SELECT {asked} FROM {source}")
    return {name for name, found in zip(names, row, strict=True) if found}

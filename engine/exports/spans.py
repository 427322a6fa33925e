"""The time that a canonical table tells of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .assembly import Assembly, name_of
from .canonical import Kind
from .duck import Database


@dataclass(frozen=True, slots=True)
class Span:
    """The last day, today at most, on which anything happened; and for each column of instants whether it has times of day."""

    last: date | None
    times: Mapping[tuple[str, str], bool]


def span_of(database: Database, assembly: Assembly, today: date) -> Span:
    """That of one table. The expected close of a deal is nothing that happened."""
    table = assembly.table
    instants = [name for name in table.of_kind(Kind.INSTANT) if name in assembly.present]
    days = [f'CAST("{name}" AS DATE)' for name in instants if name != "due"]
    days += [f'last_day("{name}")' for name in table.of_kind(Kind.MONTH)]
    parts = [f"max({day}) FILTER (WHERE {day} <= DATE '{today}')" for day in days]
    parts += [f'coalesce(bool_or("{name}" <> date_trunc(\'day\', "{name}")), false)' for name in instants]
    if not parts:
        return Span(None, {})
    row, *_ = database.query(f"SELECT {', '.join(parts)} FROM {name_of(table)}")
    last = max((day for day in row[: len(days)] if day is not None), default=None)
    return Span(last, {(table.name, name): times for name, times in zip(instants, row[len(days) :], strict=True)})

"""Which months an extract covers whole, and which of them a value speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

from ..statistics.cohorts import is_complete
from ..statistics.month import Month
from .answer import Period

SLACK = timedelta(days=3)
"""A weekend with a holiday: so many days without a row at either end of an extract say nothing."""
BY_CHANCE = 0.01
YEAR = 12
WITH_SEASON, AT_MOST = 24, 36


@dataclass(frozen=True, slots=True)
class Covered:
    """The days of which an extract tells, for one of its dates; `told` is the last day of which it tells for sure."""

    begin: date
    end: date
    told: date

    def months(self) -> tuple[Month, ...]:
        """The whole months, in order."""
        return tuple(m for m in self.touched() if is_complete(m, self.begin, self.end))

    def touched(self) -> Iterator[Month]:
        """Every month of which a day is covered."""
        month = Month.of(self.begin)
        while month <= Month.of(self.end):
            yield month
            month = month.later(1)


def covered(first: date, last: date, count: int, as_of: date) -> Covered:
    """What an extract covers, by the first and the last date in it.

    It reaches to `as_of`, unless so long a time without a row is a chance below 1 % at its own rate: then it ends with its last
    row, and the months after it are not months without any.
    """
    days = max(1, (last - first).days + 1)
    silence = as_of - last
    ended = silence > SLACK and exp(-count / days * silence.days) < BY_CHANCE
    return Covered(first - SLACK, min(as_of, last + SLACK) if ended else as_of, last if ended else as_of)


def last_months(months: Iterable[Month], number: int, back: int = 0) -> tuple[Month, ...]:
    """Those of the last so many calendar months, up to the last of them less `back`."""
    ordered = sorted(months)
    if not ordered:
        return ()
    until = ordered[-1].number - back
    return tuple(m for m in ordered if until - number < m.number <= until)


def for_trend(months: Iterable[Month]) -> tuple[Month, ...]:
    """The months that a trend looks at: the last 12, or up to 36 where there are 24, for the season."""
    recent = last_months(months, AT_MOST)
    return recent if len(recent) >= WITH_SEASON else last_months(recent, YEAR)


def period(months: Iterable[Month]) -> Period | None:
    """From the first to the last."""
    ordered = sorted(months)
    return Period(ordered[0], ordered[-1], len(ordered)) if ordered else None


def added(series: Mapping[Month, float], months: Iterable[Month]) -> float:
    """The sum over some months."""
    return sum(series[month] for month in months)

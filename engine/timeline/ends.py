"""The last days of months, quarters and weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from ..statistics.month import Month


class Every(StrEnum):
    """How often one looks. A week ends on Sunday."""

    MONTH = "month"
    QUARTER = "quarter"
    WEEK = "week"


def ends(every: Every, first: date, last: date) -> Iterator[date]:
    """Every last day between two days, both included."""
    day = _end(every, first)
    while day is not None and day <= last:
        yield day
        day = _end(every, day + timedelta(days=1)) if day < date.max else None


def begin(every: Every, day: date) -> date:
    """The first day of the period that ends on a day."""
    if every is Every.WEEK:
        return max(date.min + timedelta(days=6), day) - timedelta(days=6)
    month = Month.of(day)
    return (month if every is Every.MONTH else month.later(-2)).first


def _end(every: Every, day: date) -> date | None:
    """The last day of the period that a day lies in; None where the calendar ends before."""
    try:
        if every is Every.WEEK:
            return day + timedelta(days=6 - day.weekday())
        month = Month.of(day)
        return (month if every is Every.MONTH else month.later(2 - (month.month - 1) % 3)).last
    except (OverflowError, ValueError):
        return None

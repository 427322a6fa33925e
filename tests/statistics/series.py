"""Months for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.statistics.month import Month
from engine.statistics.proportion import Share
from engine.statistics.trend import Trend
from engine.statistics.unknown import Unknown

JANUARY = Month(2024, 1)

# Won among closed deals of a CRM extract, March to December 2017.
WON = (531, 285, 438, 531, 308, 446, 503, 279, 406, 511)
CLOSED = (647, 586, 805, 641, 627, 785, 635, 566, 768, 651)


def rates(successes: Iterable[int], trials: Iterable[int] | int, first: Month = JANUARY) -> dict[Month, Share]:
    """Month by month from the first; one number of trials stands for every month."""
    won = list(successes)
    of = [trials] * len(won) if isinstance(trials, int) else list(trials)
    return {first.later(n): Share(k, m) for n, (k, m) in enumerate(zip(won, of, strict=True))}


def amounts(values: Sequence[float], first: Month = JANUARY) -> dict[Month, float]:
    return {first.later(n): value for n, value in enumerate(values)}


def known(found: Trend | Unknown) -> Trend:
    assert isinstance(found, Trend), found
    return found


DEALS = rates(WON, CLOSED, Month(2017, 3))

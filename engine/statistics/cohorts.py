"""Which months can be judged: complete, old enough, and from a time when somebody was selling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from .month import Month
from .proportion import NOTHING, Share

LEAST_DAYS = 90
STEP_DAYS = 30
BY_CHANCE = 0.01


def window_days(cycle_p80: float) -> int:
    """T, the days a lead is given: the p80 of the sales cycle in days, rounded up to 30, and at least 90.

    Raises ValueError where p80 is not a number of days.
    """
    if not 0 <= cycle_p80 < 10**6:
        raise ValueError(f"a sales cycle does not take {cycle_p80} days")
    # an interpolated p80 of 90 days may come as 90.00000000000001
    return max(LEAST_DAYS, STEP_DAYS * ceil(cycle_p80 / STEP_DAYS - 1e-9))


def is_mature(month: Month, as_of: date, window: int) -> bool:
    """Whether the last lead of the month had its whole window: as_of >= month end + T."""
    return as_of.toordinal() >= month.last.toordinal() + window


def is_complete(month: Month, begin: date, as_of: date) -> bool:
    """Whether the extract, which covers the days from `begin` to `as_of`, covers the whole month."""
    return begin <= month.first and month.last <= as_of


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The months that can be judged, and those left out, by reason; all in order."""

    kept: Mapping[Month, Share]
    partial: tuple[Month, ...]
    immature: tuple[Month, ...]
    before_selling: tuple[Month, ...]
    """No win was possible: the whole window lies before anybody sold."""
    half_before_selling: tuple[Month, ...]
    """Only late wins were possible: the window began before anybody sold."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an extract covers: the days from `begin` (the first record, where nothing better is known) to `as_of`.

    `selling_since` is the first day of any sales activity, `first_win` the first win; None where not known.
    """

    begin: date
    as_of: date
    selling_since: date | None = None
    first_win: date | None = None


def select(cohorts: Mapping[Month, Share], coverage: Coverage, window: int) -> Cohorts:
    """The cohorts that can be judged: leads by month of creation, with those that won within `window` days.

    Partial first and last months and immature months are left out. So are cohorts that began before anybody was selling, as
    they could not win, or only late: kept, they would look like an improvement (left truncation). That day is `selling_since`;
    where it is unknown, the first win, if so many leads without a win before it cannot be chance: at the rate of the later
    cohorts less likely than 1 %.
    """
    partial = tuple(m for m in sorted(cohorts) if not is_complete(m, coverage.begin, coverage.as_of))
    whole = [m for m in sorted(cohorts) if m not in partial]
    mature = {m: cohorts[m] for m in whole if is_mature(m, coverage.as_of, window)}
    since = _selling_since(mature, coverage, window)
    cut = [m for m in mature if since and m.first < since]
    never = tuple(m for m in cut if since and _ends_before(m, since, window))
    return Cohorts(
        kept={m: share for m, share in mature.items() if m not in cut},
        partial=partial,
        immature=tuple(m for m in whole if m not in mature),
        before_selling=never,
        half_before_selling=tuple(m for m in cut if m not in never),
    )


def _ends_before(month: Month, day: date, window: int) -> bool:
    return month.last.toordinal() + window < day.toordinal()


def _selling_since(mature: Mapping[Month, Share], coverage: Coverage, window: int) -> date | None:
    first_win = coverage.first_win
    if coverage.selling_since or not first_win:
        return coverage.selling_since
    without = sum((share for m, share in mature.items() if _ends_before(m, first_win, window)), NOTHING)
    later = sum((share for m, share in mature.items() if m.first >= first_win), NOTHING)
    if not later.trials or (1 - later.rate) ** without.trials >= BY_CHANCE:
        return None
    return first_win

"""Whether an amount per month, such as the number of leads, rises, falls or is flat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from .amount import finite
from .mann_kendall import RankTrend, mann_kendall, seasonal_kendall
from .month import Month
from .theil_sen import Slope, pair_slopes, theil_sen
from .unknown import Unknown, short_of

MONTHS = 8
LAST = 12
WITH_SEASON = 24
AT_MOST = 36


class VolumeState(StrEnum):
    """What the last months show. Not significant is not flat."""

    RISING = "rising"
    DECLINING = "declining"
    FLAT = "flat"
    INCONCLUSIVE = "inconclusive"


class Method(StrEnum):
    """Which test was used."""

    MANN_KENDALL = "Mann-Kendall"
    SEASONAL_KENDALL = "seasonal Kendall"


@dataclass(frozen=True, slots=True)
class Volume:
    """The state of a series; `slope` is the change per month as a ratio of the mean (0.05 is 5 % of an average month)."""

    state: VolumeState
    method: Method
    test: RankTrend
    slope: Slope
    mean: float
    months: int
    margin: float
    significance: float


def volume(
    series: Mapping[Month, float], margin: float = 0.02, significance: float = 0.05, least_months: int = MONTHS
) -> Volume | Unknown:
    """The state of a monthly series over its last 12 months, or over its last 24 to 36, each month against the same month of other years.

    Rising or declining where the rank test has p < `significance`; else flat where the whole 90 % interval of the Theil-Sen
    slope lies within ± margin of the mean per month; else inconclusive. A month without an entry within the period is a gap,
    not a 0: it must be given.

    Unknown with fewer than `least_months` months in the period, and where the mean is not above 0. Raises ValueError unless
    every value is finite, margin > 0, 0 < significance < 1 and least_months > 1.
    """
    if not (margin > 0 and 0 < significance < 1 and least_months > 1):
        raise ValueError(f"no trend with margin {margin}, significance {significance}, {least_months} months")
    finite(series.values())
    months, method = _period(series)
    if len(months) < least_months:
        return Unknown(short_of(len(months), "complete month", least_months))
    mean = fmean(series[month] for month in months)
    if not mean > 0:
        return Unknown(f"the mean of {len(months)} months is {mean:g}: there is nothing to compare a change with")
    seasons = _seasons(months, method)
    test = _test([[series[month] for month in season] for season in seasons])
    slopes = [
        slope for season in seasons for slope in pair_slopes((month.number, series[month] / mean) for month in season)
    ]
    slope = theil_sen(slopes, test.variance)
    state = _state(test, slope, margin, significance)
    return Volume(state, method, test, slope, mean, len(months), margin, significance)


def _period(series: Mapping[Month, float]) -> tuple[list[Month], Method]:
    """The last 12 calendar months, in order; or up to 36 where the series covers 24."""
    if not series:
        return [], Method.MANN_KENDALL
    last = max(series).number
    recent = sorted(month for month in series if month.number > last - AT_MOST)
    if len(recent) >= WITH_SEASON:
        return recent, Method.SEASONAL_KENDALL
    return [month for month in recent if month.number > last - LAST], Method.MANN_KENDALL


def _seasons(months: Sequence[Month], method: Method) -> list[list[Month]]:
    if method is Method.MANN_KENDALL:
        return [list(months)]
    return [[month for month in months if month.month == number] for number in range(1, 13)]


def _test(seasons: Sequence[Sequence[float]]) -> RankTrend:
    return mann_kendall(seasons[0]) if len(seasons) == 1 else seasonal_kendall(seasons)


def _state(test: RankTrend, slope: Slope, margin: float, significance: float) -> VolumeState:
    if test.p_value < significance:
        return VolumeState.RISING if test.s > 0 else VolumeState.DECLINING
    is_flat = -margin < slope.low and slope.high < margin
    return VolumeState.FLAT if is_flat else VolumeState.INCONCLUSIVE

"""How steady a monthly series is, and how it goes with the seasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean, stdev

from .amount import finite
from .month import Month
from .unknown import Unknown, short_of

MONTHS = 24


def coefficient_of_variation(values: Iterable[float]) -> float | Unknown:
    """Sample standard deviation (n − 1 below) over the mean. Unknown with fewer than 2 values, or where the mean is not above 0.

    Raises ValueError unless every value is finite.
    """
    given = finite(values)
    if len(given) < 2:
        return Unknown(short_of(len(given), "value", 2))
    mean = fmean(given)
    return stdev(given) / mean if mean > 0 else Unknown("the mean is 0 or below: there is no ratio to it")


@dataclass(frozen=True, slots=True)
class SeasonalIndex:
    """The index of the months January to December, 1 on average; `years` is how many times the rarest month could be compared."""

    months: tuple[float, ...]
    years: int

    def next(self, after: Month, months: int = 3) -> float:
        """The mean index of the months that follow."""
        return fmean(self.months[after.later(ahead).month - 1] for ahead in range(1, months + 1))


def seasonal_index(series: Mapping[Month, float]) -> SeasonalIndex | Unknown:
    """Each month over the mean of the year around it, averaged by calendar month and scaled to a mean of 1.

    The year around a month is the centred mean of 12 months, its two outer months with half weight: F. R. Macaulay, The
    Smoothing of Time Series (1931). A steady growth thus does not pass for a season, as it would against the mean of the
    calendar year.

    Unknown with fewer than 24 months in a row up to the last, or where a year's mean is not above 0. Raises ValueError unless
    every value is finite.
    """
    finite(series.values())
    row = _unbroken(series)
    if len(row) < MONTHS:
        return Unknown(short_of(len(row), "month", MONTHS) + " in a row")
    ratios: dict[int, list[float]] = {}
    for month in row[6:-6]:
        year = _year_around(series, month)
        if year <= 0:
            return Unknown(f"the mean of the year around {month} is 0 or below")
        ratios.setdefault(month.month, []).append(series[month] / year)
    raw = [fmean(ratios[number]) for number in range(1, 13)]
    if not fmean(raw) > 0:
        return Unknown("the mean of the series is 0 or below")
    return SeasonalIndex(tuple(index / fmean(raw) for index in raw), min(map(len, ratios.values())))


def _unbroken(series: Mapping[Month, float]) -> list[Month]:
    """The months without a gap up to the last, in order."""
    months = sorted(series)
    gaps = [place for place in range(1, len(months)) if months[place].number - months[place - 1].number > 1]
    return months[gaps[-1] if gaps else 0 :]


def _year_around(series: Mapping[Month, float], month: Month) -> float:
    inner = sum(series[month.later(step)] for step in range(-5, 6))
    return (inner + (series[month.later(-6)] + series[month.later(6)]) / 2) / 12

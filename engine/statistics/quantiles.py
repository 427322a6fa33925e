"""Medians and other quantiles, with intervals that assume nothing about the shape of the values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, exp, floor, inf, log, sqrt

from .amount import finite
from .combination import Part, combined
from .distributions import binomial_below, normal_within
from .unknown import Unknown

EXACT_UP_TO = 1000


@dataclass(frozen=True, slots=True)
class Quantile:
    """The value below which a part of the values lies, in their unit; an end is None where there are too few values for it."""

    part: float
    value: float
    low: float | None
    high: float | None
    confidence: float
    count: int


def quantile(values: Iterable[float], part: float, confidence: float = 0.95) -> Quantile | Unknown:
    """A quantile: 0.5 is the median, 0.8 the p80.

    Linear between the neighbours of rank 1 + (n − 1) part: definition 7 of R. J. Hyndman and Y. Fan, American Statistician 50
    (1996) 361-365, that of numpy, R and Excel's PERCENTILE.INC. The interval runs between two of the values; their ranks come
    from the binomial distribution, so that each end fails with chance at most (1 − confidence) / 2 whatever the shape (W. J.
    Conover, Practical Nonparametric Statistics, 3rd ed. (1999), 3.2); above 1,000 values from its normal approximation. A
    median needs 6 values for both ends at 95 %.

    Unknown without values. Raises ValueError unless 0 < part < 1, 0 < confidence < 1 and every value is finite.
    """
    ordered = sorted(finite(values))
    return quantile_of_ranks(len(ordered), lambda rank: ordered[rank - 1], part, confidence)


def ranks(count: int, part: float, confidence: float = 0.95) -> tuple[int, ...]:
    """The ranks, from 1, of the values that a quantile of so many values and its interval need."""
    low, high = _ranks(count, part, confidence)
    below = floor((count - 1) * part) + 1
    return tuple(sorted({rank for rank in (low, below, below + 1, high) if 1 <= rank <= count}))


def quantile_of_ranks(
    count: int, value: Callable[[int], float], part: float, confidence: float = 0.95
) -> Quantile | Unknown:
    """The quantile of values that somebody else has put in order: `value` answers for each of `ranks`.

    Raises ValueError unless 0 < part < 1 and 0 < confidence < 1.
    """
    if not 0 < part < 1 or not 0 < confidence < 1:
        raise ValueError(f"no quantile {part} at confidence {confidence}")
    if not count:
        return Unknown("no values")
    low, high = _ranks(count, part, confidence)
    return Quantile(
        part,
        _between(count, value, part),
        value(low) if low >= 1 else None,
        value(high) if high <= count else None,
        confidence,
        count,
    )


def _between(count: int, value: Callable[[int], float], part: float) -> float:
    place = (count - 1) * part
    below = floor(place) + 1
    above = min(below + 1, count)
    return value(below) + (value(above) - value(below)) * (place - floor(place))


def _ranks(count: int, part: float, confidence: float) -> tuple[int, int]:
    """The ranks of the two ends; 0 and count + 1 where there is none."""
    outside = (1 - confidence) / 2
    if count > EXACT_UP_TO:
        middle, reach = count * part, normal_within(confidence) * sqrt(count * part * (1 - part))
        return floor(middle - reach), ceil(middle + reach) + 1
    return _last(count, part, outside), count + 1 - _last(count, 1 - part, outside)


def _last(count: int, part: float, outside: float) -> int:
    """The highest rank above which the quantile lies, but for a chance of `outside`: P(fewer than that many values below it) <= outside."""
    low, high = 0, count + 1
    while high - low > 1:
        middle = (low + high) // 2
        if binomial_below(middle - 1, count, part) <= outside:
            low = middle
        else:
            high = middle
    return low


@dataclass(frozen=True, slots=True)
class MedianRatio:
    """One median over another, less 1, as a ratio (0.2 is 20 % longer); both ends None where either median has no interval."""

    change: float
    low: float | None
    high: float | None
    confidence: float
    first: Quantile
    last: Quantile


def median_ratio(first: Iterable[float], last: Iterable[float], confidence: float = 0.95) -> MedianRatio | Unknown:
    """How much the median of positive values changed: last / first − 1.

    The interval combines those of the two medians on the logarithmic scale (`combination.combined`), in the spirit of the
    distribution-free interval of R. M. Price and D. G. Bonett, Journal of Statistical Computation and Simulation 72 (2002)
    119-124; nothing is resampled. Unknown without values, or where a median is not above 0. Raises ValueError as `quantile`
    does.
    """
    return ratio_of_medians(quantile(first, 0.5, confidence), quantile(last, 0.5, confidence))


def ratio_of_medians(before: Quantile | Unknown, after: Quantile | Unknown) -> MedianRatio | Unknown:
    """`median_ratio` of two medians, which have the same confidence."""
    if isinstance(before, Unknown) or isinstance(after, Unknown):
        return Unknown(f"no values in the {'first' if isinstance(before, Unknown) else 'last'} period")
    if before.value <= 0 or after.value <= 0:
        return Unknown("a median is 0 or below: there is no ratio")
    low, high = _ratio_interval(before, after)
    return MedianRatio(after.value / before.value - 1, low, high, before.confidence, before, after)


def _ratio_interval(before: Quantile, after: Quantile) -> tuple[float | None, float | None]:
    parts = [_log_part(-1.0, before), _log_part(1.0, after)]
    known = [part for part in parts if part is not None]
    if len(known) < 2:
        return None, None
    _, low, high = combined(known)
    return exp(low) - 1, exp(high) - 1 if high < 700 else inf


def _log_part(sign: float, median: Quantile) -> Part | None:
    if median.low is None or median.high is None or median.low <= 0:
        return None
    return Part(sign, log(median.value), log(median.low), log(median.high))

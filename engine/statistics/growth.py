"""Growth: so many months against the same months a year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

from .amount import finite
from .distributions import student_within
from .month import Month
from .unknown import Unknown

MONTHS = 6


@dataclass(frozen=True, slots=True)
class Growth:
    """The sum of the last months over that of the same months a year before, less 1, as a ratio; the interval None where there is none."""

    growth: float
    interval: tuple[float, float] | None
    confidence: float
    last: float
    before: float
    months: int


def growth(
    series: Mapping[Month, float], until: Month, months: int = MONTHS, confidence: float = 0.95
) -> Growth | Unknown:
    """The growth of a monthly series over the months that end with `until`.

    The interval is that of a ratio of sums of pairs, each month with itself a year before: with R the ratio of the sums, s² the
    variance of the months' rests y − R x (n − 1 below), the relative standard error is s √n / Σy, and the interval R exp(± t ·
    that), Student's t with n − 1 degrees of freedom (W. G. Cochran, Sampling Techniques, 3rd ed. (1977), 6.3, in logarithms so
    that R stays above 0). It says what the scatter from month to month allows: one large deal widens it. None with one month,
    or where the last sum is not above 0.

    Unknown where a month is missing, or the earlier sum is not above 0. Raises ValueError unless every value is finite, months
    >= 1 and 0 < confidence < 1.
    """
    if months < 1 or not 0 < confidence < 1:
        raise ValueError(f"no growth over {months} months at confidence {confidence}")
    finite(series.values())
    pairs = [(until.later(-12 - back), until.later(-back)) for back in range(months)]
    missing = sorted(month for pair in pairs for month in pair if month not in series)
    if missing:
        return Unknown(f"{len(missing)} of the {2 * months} months compared are missing, the first is {missing[0]}")
    old, new = [series[a] for a, _ in pairs], [series[b] for _, b in pairs]
    if sum(old) <= 0:
        return Unknown("the sum of the year before is 0 or below: there is no growth rate")
    ratio = sum(new) / sum(old)
    return Growth(ratio - 1, _interval(old, new, ratio, confidence), confidence, sum(new), sum(old), months)


def _interval(
    old: Sequence[float], new: Sequence[float], ratio: float, confidence: float
) -> tuple[float, float] | None:
    n = len(old)
    if n < 2 or ratio <= 0:
        return None
    rests = [y - ratio * x for x, y in zip(old, new, strict=True)]
    error = sqrt(sum(rest * rest for rest in rests) / (n - 1) * n) / sum(new)
    reach = min(700.0, student_within(confidence, n - 1) * error)
    return ratio * exp(-reach) - 1, ratio * exp(reach) - 1

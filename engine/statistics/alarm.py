"""A single month that stands out, which no trend reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .difference import Difference, compare
from .month import Month
from .proportion import NOTHING, Share
from .unknown import Unknown

SIGNIFICANCE = 0.01


@dataclass(frozen=True, slots=True)
class LastMonth:
    """The latest month against all earlier ones together. `is_alarm` asks for a look, and is no trend."""

    month: Month
    against: Difference
    earlier_months: int
    is_alarm: bool


def last_month(months: Mapping[Month, Share], significance: float = SIGNIFICANCE) -> LastMonth | Unknown:
    """Whether the latest month with trials differs from the earlier ones pooled, p < `significance` (`difference.compare`).

    The test takes the months to scatter as chance alone would. Where they scatter more, it alarms more often: at a dispersion
    of 3 for about 1 flat series in 7. Unknown unless two months have trials. Raises ValueError unless 0 < significance < 1.
    """
    if not 0 < significance < 1:
        raise ValueError(f"a significance lies between 0 and 1, not at {significance}")
    used = sorted(month for month, share in months.items() if share.trials)
    if len(used) < 2:
        return Unknown("no earlier mature month to compare the latest with" if used else "no mature month")
    *earlier, latest = used
    against = compare(sum((months[month] for month in earlier), NOTHING), months[latest])
    return LastMonth(latest, against, len(earlier), against.p_value < significance)

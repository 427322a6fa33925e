"""A single month that stands out, which no trend reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .difference import Difference, compare
from .month import Month
from .proportion import NOTHING, Share
from .season import Season
from .unknown import Unknown

SIGNIFICANCE = 0.01


@dataclass(frozen=True, slots=True)
class LastMonth:
    """The latest month against earlier ones together: all of them, or those of its season. `is_alarm` asks for a look, and is no trend."""

    month: Month
    against: Difference
    earlier_months: int
    season: Season
    is_alarm: bool


def last_month(
    months: Mapping[Month, Share], significance: float = SIGNIFICANCE, season: Season = Season.NONE
) -> LastMonth | Unknown:
    """Whether the latest month with trials differs from the earlier ones pooled, p < `significance` (`difference.compare`).

    Where the trend found a season, give it: the month is then compared with those of the same position in the quarter, or of
    the same name, as every quarter end would be an alarm otherwise. The test takes the months to scatter as chance alone would;
    at a dispersion of 3 it alarms for about 1 flat series in 7.

    Unknown unless there is a latest and an earlier month to compare. Raises ValueError unless 0 < significance < 1.
    """
    if not 0 < significance < 1:
        raise ValueError(f"a significance lies between 0 and 1, not at {significance}")
    used = sorted(month for month, share in months.items() if share.trials)
    if not used:
        return Unknown("no mature month")
    latest = used[-1]
    earlier = [month for month in used[:-1] if season.group(month) == season.group(latest)]
    if not earlier:
        return Unknown(f"no earlier mature month to compare {latest} with")
    against = compare(sum((months[month] for month in earlier), NOTHING), months[latest])
    return LastMonth(latest, against, len(earlier), season, against.p_value < significance)

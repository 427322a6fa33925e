"""What is read to a client, word for word."""

from __future__ import annotations

from datetime import date

import pytest

from engine.statistics.alarm import last_month
from engine.statistics.cohorts import Coverage, select
from engine.statistics.mix import mix_change
from engine.statistics.month import Month
from engine.statistics.proportion import NOTHING, Share
from engine.statistics.season import Season
from engine.statistics.trend import trend
from engine.statistics.unknown import Unknown, counted
from engine.statistics.volume import volume
from engine.statistics.wording import cohorts_told, last_month_told, mix_told, trend_told, volume_told

from .series import DEALS, amounts, rates

COHORTS = rates((346, 386, 239, 356, 409, 219, 339), (792, 874, 722, 792, 1198, 793, 779), Month(2017, 3))


def test_flat() -> None:
    assert trend_told(trend(DEALS), "deal") == (
        "shown to be flat: -1.3 % to 0.1 % a month (90 % interval, beside the position in the quarter), all of it within ± 2 %"
    )


def test_inconclusive_says_what_would_have_shown_it() -> None:
    assert trend_told(trend(rates([30, 31, 29, 30, 32, 30, 28, 31, 30, 29, 31, 30], 300))) == (
        "inconclusive: -2.6 % to 2.6 % a month (90 % interval); if it is flat, about 1,500 leads a month instead of 300 "
        "would have shown it, or 21 months instead of 12"
    )


def test_inconclusive_says_when_more_may_not_help() -> None:
    assert trend_told(trend(COHORTS)) == (
        "inconclusive: -9.8 % to 3.8 % a month (90 % interval); if it is flat, about 29,000 leads a month instead of 850 "
        "would have shown it, or 22 months instead of 7; the months scatter 17 times as much as chance alone would (variance): "
        "look for what sets them apart first, as more of the same may not help"
    )


def test_inconclusive_although_there_was_enough() -> None:
    drifting = rates([round(1750 * 0.1 * 1.0095**n) for n in range(12)], 1750)
    assert trend_told(trend(drifting)) == (
        "inconclusive: -0.1 % to 2 % a month (90 % interval); a flat rate would probably have shown with the 1,800 leads "
        "a month there were: a small change is likely"
    )


@pytest.mark.parametrize(
    "months, told",
    [
        (rates(range(20, 44, 2), 300), "rising: 6.7 % a month, 4 % to 9.6 % (90 % interval)"),
        (rates(range(42, 18, -2), 300), "declining: -6.3 % a month, -8.7 % to -3.8 % (90 % interval)"),
        (rates([30] * 4, 300), "unknown: 4 mature months, 6 needed"),
    ],
)
def test_beyond_doubt_or_not_at_all(months: dict[Month, Share], told: str) -> None:
    assert trend_told(trend(months)) == told


def test_volumes() -> None:
    assert volume_told(volume(amounts([312, 515, 792, 874, 722, 792, 1198, 793, 779, 761, 283, 121]))) == (
        "inconclusive: -9.6 % to 7 % of the mean a month (90 % interval); Mann-Kendall over 12 months, p = 0.58"
    )
    assert volume_told(volume(amounts([100] * 12))) == (
        "flat: 0 % to 0 % of the mean a month (90 % interval), all of it within ± 2 %; Mann-Kendall over 12 months, p = 1"
    )
    assert volume_told(volume(amounts([100.0 + 3 * n for n in range(12)]))) == (
        "rising: 2.6 % to 2.6 % of the mean a month (90 % interval); Mann-Kendall over 12 months, p = 8.3e-06"
    )
    assert volume_told(volume({})) == "unknown: 0 complete months, 8 needed"


def test_the_latest_month() -> None:
    assert last_month_told(last_month(DEALS)) == (
        "alarm, to look into and no trend. 2017-12: 78.5 % (511 of 651), before it 61.5 % (3,727 of 6,060); p = 1.3e-17"
    )
    assert last_month_told(last_month(DEALS, season=Season.QUARTER)) == (
        "no alarm. 2017-12: 78.5 % (511 of 651), before it with the same position in the quarter 81.4 % (1,565 of 1,923); p = 0.11"
    )
    assert last_month_told(last_month(rates([0, 0, 5], 30))) == (
        "alarm, to look into and no trend. 2024-03: 16.7 % (5 of 30), before it 0 % (0 of 60); p = 0.0032 by the exact test"
    )
    assert last_month_told(last_month({})) == "unknown: no mature month"


def test_mixes() -> None:
    first = {"web": Share(20, 1000), "referral": Share(200, 1000)}
    assert mix_told(mix_change(first, {"web": Share(40, 2000), "referral": Share(40, 200)})) == (
        "-7.4 points in all: 0.0 points from the rates within segments (-2.9 points to 3.3 points), -7.4 points from the mix; "
        "the mix explains the change"
    )
    assert mix_told(mix_change(first, {"web": Share(40, 1000), "referral": Share(300, 1000)})) == (
        "6.0 points in all: 6.0 points from the rates within segments (4.0 points to 8.0 points), 0.0 points from the mix"
    )
    assert mix_told(mix_change({}, first)) == "unknown: no cases in the first period"


def test_cohorts() -> None:
    cohorts = rates((0, 0, 81, 119, 141, 346), (7, 115, 236, 312, 515, 792), Month(2016, 10))
    found = select(cohorts, Coverage(date(2016, 10, 20), date(2017, 6, 30), first_win=date(2017, 3, 1)), 90)
    assert cohorts_told(found) == (
        "1 mature month; left out: 1 covered in part only, 1 from before anybody was selling, "
        "3 whose time to win began before anybody was selling"
    )
    everything = select(rates([3] * 6, 30), Coverage(date(2024, 1, 1), date(2025, 1, 1)), 90)
    assert cohorts_told(everything) == "6 mature months"
    assert cohorts_told(select({Month(2024, 1): NOTHING}, Coverage(date(2024, 1, 1), date(2024, 2, 1)), 90)) == (
        "0 mature months; left out: 1 too young"
    )


def test_what_is_out_of_reach_is_no_advice() -> None:
    assert trend_told(trend(rates([100, 100, 100, 100, 99, 99, 1], 100))) == (
        "inconclusive: -97.7 % to 424.7 % a month (90 % interval); if it is flat, more than 10,000 leads a month instead of 100 "
        "would have shown it, or more than ten years instead of 7; the months scatter 103 times as much as chance alone would "
        "(variance): look for what sets them apart first, as more of the same may not help"
    )


def test_an_interval_that_leaves_every_scale() -> None:
    """Almost a break: one lost case among a million keeps the slope finite."""
    cases = [Share(0, 1000), Share(30, 60), Share(1000, 1000), Share(999_999, 10**6), Share(1, 2)]
    told = trend_told(trend({Month(2024, 1 + n): share for n, share in enumerate(cases)}, least_months=3))
    assert told.startswith("inconclusive: -100 % to without end a month (90 % interval); if it is flat, more than")


def test_numbers_of_things() -> None:
    assert [counted(n, "month") for n in (0, 1, 2, 1200)] == ["0 months", "1 month", "2 months", "1,200 months"]
    assert Unknown("x") == Unknown("x")

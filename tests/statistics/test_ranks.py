"""Rank tests and slopes against scipy, all orders of small samples, and worked numbers of a CRM extract."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, permutations
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, norm, theilslopes

from engine.statistics.mann_kendall import RankTrend, mann_kendall, seasonal_kendall
from engine.statistics.month import Month
from engine.statistics.theil_sen import pair_slopes, theil_sen
from engine.statistics.unknown import Unknown
from engine.statistics.volume import Method, Volume, VolumeState, volume

from .series import CLOSED, WON, amounts

VALUES = st.integers(-50, 50)
REVENUE = (1134672, 721932, 1025713, 1338466, 696932, 1050059, 1235264, 731980, 938943, 1131573)
CREATED = (312, 515, 792, 874, 722, 792, 1198, 793, 779, 761, 283, 121)


def score(values: tuple[float, ...]) -> int:
    return int(sum(np.sign(b - a) for a, b in combinations(values, 2)))


# ---- Mann-Kendall


@pytest.mark.parametrize("n, p_value", [(4, 0.083), (5, 0.017), (6, 0.003)])
def test_how_few_points_can_show_anything(n: int, p_value: float) -> None:
    assert mann_kendall(range(n)).p_value == pytest.approx(p_value, abs=5e-4)


def test_worked_numbers() -> None:
    rates = [k / n for k, n in zip(WON, CLOSED, strict=True)]
    assert mann_kendall(rates) == RankTrend(1, 125.0, 1.0, is_exact=True)
    created = mann_kendall(CREATED)
    assert (created.s, created.is_exact) == (-9, False)
    assert (created.variance, created.p_value) == pytest.approx((211.666667, 0.582405), abs=1e-6)
    mature = mann_kendall([0.436869, 0.441648, 0.331025, 0.449495, 0.341402, 0.276166, 0.435173])
    assert mature.s == -5
    assert mature.p_value == pytest.approx(0.561905, abs=1e-6)


@given(st.lists(VALUES, min_size=2, max_size=10, unique=True))
def test_scipy_agrees_on_the_exact_chance(values: list[int]) -> None:
    found = mann_kendall(values)
    theirs = kendalltau(range(len(values)), values, method="exact")
    assert found.is_exact
    assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-9)
    assert found.s == score(tuple(values))


@pytest.mark.parametrize("n", range(2, 8))
def test_all_orders_counted_one_by_one(n: int) -> None:
    scores = [abs(score(order)) for order in permutations(range(n))]
    for order in (tuple(range(n)), (1, 0, *range(2, n)), tuple(reversed(range(n)))):
        as_far = sum(s >= abs(score(order)) for s in scores)
        assert mann_kendall(order).p_value == pytest.approx(as_far / len(scores))


@pytest.mark.parametrize("values", [(1, 1, 2, 3, 4), (1, 1, 1, 2, 2, 3), (5, 5, 5, 5), (0, 0, 1, 1, 2, 2)])
def test_with_ties_the_variance_is_that_over_all_orders(values: tuple[int, ...]) -> None:
    scores = [score(order) for order in permutations(values)]
    assert mann_kendall(values).variance == float(Fraction(sum(s * s for s in scores), len(scores)))
    assert not mann_kendall(values).is_exact


@given(st.lists(VALUES, min_size=11, max_size=40))
def test_beyond_ten_it_is_the_normal_moved_by_one(values: list[int]) -> None:
    found = mann_kendall(values)
    _, sizes = np.unique(values, return_counts=True)
    n = len(values)
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in sizes)) / 18
    z = max(0, abs(score(tuple(values))) - 1) / sqrt(variance) if variance else 0
    assert found.variance == pytest.approx(variance)
    assert found.p_value == pytest.approx(2 * norm.sf(z))


@pytest.mark.parametrize("values", [[], [3.0], [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]])
def test_nothing_to_compare_shows_nothing(values: list[float]) -> None:
    found = mann_kendall(values)
    assert (found.s, found.p_value) == (0, 1.0)


@given(st.lists(VALUES, min_size=1, max_size=30))
def test_turned_round_or_upside_down_the_sign_turns(values: list[int]) -> None:
    found = mann_kendall(values)
    for other in (mann_kendall(values[::-1]), mann_kendall([-value for value in values])):
        assert (other.s, other.variance, other.p_value) == (-found.s, found.variance, found.p_value)


@given(st.lists(VALUES, min_size=1, max_size=30))
def test_only_the_ranks_count(values: list[int]) -> None:
    assert mann_kendall([value**3 + 7 for value in values]) == mann_kendall(values)


# ---- seasons


@given(st.lists(st.lists(VALUES, min_size=1, max_size=4), min_size=1, max_size=12))
def test_seasons_are_added(seasons: list[list[int]]) -> None:
    found = seasonal_kendall(seasons)
    parts = [mann_kendall(season) for season in seasons]
    assert found.s == sum(part.s for part in parts)
    assert found.variance == pytest.approx(sum(part.variance for part in parts))


def test_two_years_by_hand() -> None:
    """Each month has one pair, of variance 1: 12 rises give z = 11 / √12, 8 of 10 balanced ones z = (8 − 1) / √12."""
    assert seasonal_kendall([(1, 2)] * 12).p_value == pytest.approx(2 * norm.sf(11 / sqrt(12)))
    assert seasonal_kendall([(1, 2)] * 10 + [(2, 1)] * 2).p_value == pytest.approx(2 * norm.sf(7 / sqrt(12)))


# ---- Theil-Sen


@given(st.lists(VALUES, min_size=3, max_size=40), st.sampled_from([0.8, 0.9, 0.95]))
def test_scipy_agrees_on_slope_and_interval(values: list[int], confidence: float) -> None:
    found = theil_sen(pair_slopes(enumerate(values)), mann_kendall(values).variance, confidence)
    theirs = theilslopes(values, alpha=confidence)
    assert (found.value, found.low, found.high) == pytest.approx((theirs.slope, theirs.low_slope, theirs.high_slope))


@pytest.mark.parametrize(
    "values, slope, low, high",
    [
        ([k / n for k, n in zip(WON, CLOSED, strict=True)], 0.00056826, -0.03650814, 0.03732476),
        (REVENUE, 1674.666667, -54479.5, 67931.333333),
        (CREATED, -6.089286, -63.625, 46.333333),
    ],
)
def test_worked_slopes(values: tuple[float, ...], slope: float, low: float, high: float) -> None:
    found = theil_sen(pair_slopes(enumerate(values)), mann_kendall(values).variance)
    assert (found.value, found.low, found.high) == pytest.approx((slope, low, high), rel=1e-6, abs=1e-8)


@given(st.lists(VALUES, min_size=2, max_size=30))
def test_the_interval_holds_the_slope(values: list[int]) -> None:
    slopes, variance = pair_slopes(enumerate(values)), mann_kendall(values).variance
    narrow, wide = theil_sen(slopes, variance, 0.5), theil_sen(slopes, variance, 0.99)
    assert wide.low <= narrow.low <= narrow.value <= narrow.high <= wide.high


def test_there_is_no_slope_of_one_point() -> None:
    with pytest.raises(ValueError, match="no slope"):
        theil_sen(pair_slopes([(1, 2)]), 0)


# ---- the volume of a month


def judged(values: Sequence[float]) -> Volume:
    found = volume(amounts(values))
    assert isinstance(found, Volume), found
    return found


@pytest.mark.parametrize(
    "values, state",
    [
        ([100 + 3 * n for n in range(12)], VolumeState.RISING),
        ([100 - 3 * n for n in range(12)], VolumeState.DECLINING),
        ([100, 101, 99, 100, 102, 98, 100, 99, 101, 100, 101, 99], VolumeState.FLAT),
        ([100] * 12, VolumeState.FLAT),
        (CREATED, VolumeState.INCONCLUSIVE),
        # a change too small to matter, but beyond doubt, is told as what it is: as with rates
        ([1000 + n for n in range(12)], VolumeState.RISING),
    ],
)
def test_the_states(values: list[float], state: VolumeState) -> None:
    found = judged(values)
    assert (found.state, found.method, found.months) == (state, Method.MANN_KENDALL, 12)


def test_the_slope_is_a_part_of_the_mean() -> None:
    found = judged(CREATED)
    assert found.mean == pytest.approx(661.833333)
    assert found.slope.value == pytest.approx(-0.009201, abs=1e-6)
    assert (found.slope.low, found.slope.high) == pytest.approx((-63.625 / found.mean, 46.333333 / found.mean))


def test_below_two_years_only_the_last_twelve_months_count() -> None:
    steady = [100, 101, 99, 100, 102, 98, 100, 99, 101, 100, 101, 99]
    assert judged([10.0, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, *steady]) == judged(steady)


def test_a_season_is_no_trend() -> None:
    """Rising from January to December every year, and the years alike."""
    year = [100 + 10 * n for n in range(12)]
    assert judged(year).state is VolumeState.RISING
    two = judged(year + year)
    assert (two.method, two.months, two.test.s, two.state) == (Method.SEASONAL_KENDALL, 24, 0, VolumeState.FLAT)


def test_growth_beside_a_season_is_seen() -> None:
    year = [100 + 30 * (n % 3) for n in range(12)]
    found = judged(year + [1.2 * value for value in year] + [1.4 * value for value in year])
    assert (found.state, found.months) == (VolumeState.RISING, 36)


def test_years_too_far_back_do_not_count() -> None:
    year = [100.0 + n for n in range(12)]
    assert judged([5 * value for value in year] + year * 3) == judged(year * 3)


@given(st.lists(st.integers(1, 1000), min_size=8, max_size=40), st.sampled_from([2, 10, 0.5]))
def test_the_unit_does_not_matter(values: list[int], factor: float) -> None:
    found, scaled = judged([float(v) for v in values]), judged([factor * value for value in values])
    assert (scaled.state, scaled.test) == (found.state, found.test)
    assert scaled.slope.value == pytest.approx(found.slope.value)


@pytest.mark.parametrize(
    "values, reason",
    [
        ([], "0 complete months, 8 needed"),
        ([5.0] * 7, "7 complete months, 8 needed"),
        ([0.0] * 12, "the mean of 12 months is 0: there is nothing to compare a change with"),
        ([-1.0] * 12, "the mean of 12 months is -1: there is nothing to compare a change with"),
    ],
)
def test_what_is_too_little(values: list[float], reason: str) -> None:
    assert volume(amounts(values)) == Unknown(reason)


def test_gaps_are_not_filled() -> None:
    months = amounts([float(n) for n in range(12)])
    for gap in range(1, 6):
        del months[Month(2024, 1 + gap)]
    assert volume(months) == Unknown("7 complete months, 8 needed")


@pytest.mark.parametrize("settings", [{"margin": 0}, {"significance": 1}, {"least_months": 1}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no trend with"):
        volume(amounts(CREATED), **settings)

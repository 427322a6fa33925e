"""Quantiles, growth, promoters and seasons of a series."""

from __future__ import annotations

from math import exp, sqrt
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, quantile_test, t
from statsmodels.tsa.seasonal import seasonal_decompose

from engine.statistics.growth import Growth, growth
from engine.statistics.month import Month
from engine.statistics.promoters import NetPromoters, net_promoters
from engine.statistics.proportion import wilson
from engine.statistics.quantiles import MedianRatio, Quantile, median_ratio, quantile
from engine.statistics.unknown import Unknown
from engine.statistics.variation import SeasonalIndex, coefficient_of_variation, seasonal_index
from engine.statistics.volume import volume

from .series import amounts

VALUES = st.lists(st.floats(0.1, 1000), min_size=1, max_size=60)
PART = st.sampled_from([0.1, 0.25, 0.5, 0.8, 0.9])


def known(values: list[float], part: float, confidence: float = 0.95) -> Quantile:
    found = quantile(values, part, confidence)
    assert isinstance(found, Quantile), found
    return found


# ---- quantiles


@given(VALUES, PART)
def test_numpy_finds_the_same_quantile(values: list[float], part: float) -> None:
    assert known(values, part).value == pytest.approx(float(np.quantile(values, part)), rel=1e-12)


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=60, unique=True), PART, st.sampled_from([0.85, 0.95]))
def test_scipy_finds_the_same_ends(values: list[float], part: float, confidence: float) -> None:
    found = known(values, part, confidence)
    each = (1 + confidence) / 2
    high = quantile_test(values, q=0, p=part, alternative="less").confidence_interval(each).high
    low = quantile_test(values, q=0, p=part, alternative="greater").confidence_interval(each).low
    assert found.low == (None if np.isnan(low) or np.isinf(low) else low)
    assert found.high == (None if np.isnan(high) or np.isinf(high) else high)


@pytest.mark.parametrize("count", [1, 5, 6, 10, 57, 300, 1000])
@pytest.mark.parametrize("part", [0.5, 0.8, 0.9])
def test_each_end_fails_no_more_often_than_it_may(count: int, part: float) -> None:
    """And one rank further in would."""
    found = known([float(n) for n in range(1, count + 1)], part)
    if found.low is not None:
        assert binom.cdf(found.low - 1, count, part) <= 0.025 < binom.cdf(found.low, count, part)
    else:
        assert binom.cdf(0, count, part) > 0.025
    if found.high is not None:
        assert binom.sf(found.high - 1, count, part) <= 0.025 < binom.sf(found.high - 2, count, part)
    else:
        assert binom.sf(count - 1, count, part) > 0.025


def test_a_median_needs_six_values() -> None:
    five, six = known([1, 2, 3, 4, 5], 0.5), known([1, 2, 3, 4, 5, 6], 0.5)
    assert (five.value, five.low, five.high) == (3, None, None)
    assert (six.value, six.low, six.high) == (3.5, 1, 6)


@pytest.mark.parametrize("part", [0.5, 0.9])
def test_beyond_a_thousand_the_ranks_hardly_move(part: float) -> None:
    exact, approximate = (known([float(v) for v in range(n)], part) for n in (1000, 1001))
    for a, b in ((exact.low, approximate.low), (exact.high, approximate.high)):
        assert a is not None
        assert b is not None
        assert abs(a - b) <= 2


@given(VALUES, PART)
def test_the_interval_holds_the_quantile_and_widens(values: list[float], part: float) -> None:
    narrow, wide = known(values, part, 0.8), known(values, part, 0.99)
    assert narrow.low is None or narrow.low <= narrow.value
    assert narrow.high is None or narrow.value <= narrow.high
    assert wide.low is None or (narrow.low is not None and wide.low <= narrow.low)
    assert wide.high is None or (narrow.high is not None and narrow.high <= wide.high)


@given(VALUES, PART)
def test_upside_down(values: list[float], part: float) -> None:
    found, mirrored = known(values, part), known([-value for value in values], 1 - part)
    assert mirrored.value == pytest.approx(-found.value)
    assert mirrored.low == (None if found.high is None else -found.high)


def test_no_values() -> None:
    assert quantile([], 0.5) == Unknown("no values")


@pytest.mark.parametrize(
    "values, part, confidence", [([1], 0, 0.9), ([1], 1, 0.9), ([1], 0.5, 1), ([float("nan")], 0.5, 0.9)]
)
def test_what_is_no_quantile(values: list[float], part: float, confidence: float) -> None:
    with pytest.raises(ValueError, match=r"quantile|finite"):
        quantile(values, part, confidence)


# ---- the ratio of two medians


def ratio(first: list[float], last: list[float], confidence: float = 0.95) -> MedianRatio:
    found = median_ratio(first, last, confidence)
    assert isinstance(found, MedianRatio), found
    return found


def test_a_cycle_that_doubled() -> None:
    days = [float(n) for n in range(20, 60)]
    found = ratio(days, [2 * day for day in days])
    assert found.change == 1.0
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < 1 < found.high


@given(VALUES, VALUES)
def test_the_ratio_turned_round(first: list[float], last: list[float]) -> None:
    there, back = ratio(first, last), ratio(last, first)
    assert (1 + there.change) * (1 + back.change) == pytest.approx(1)
    assert (there.low is None) == (back.low is None) == (there.high is None)
    if there.low is not None and back.high is not None:
        assert (1 + there.low) * (1 + back.high) == pytest.approx(1)


@pytest.mark.parametrize("sizes", [(12, 12), (40, 25), (300, 200)])
def test_the_ratio_is_held_as_often_as_it_says(sizes: tuple[int, int]) -> None:
    """Order statistics of a small sample can only err to the wide side."""
    random = np.random.default_rng(5)
    held = 0
    for _ in range(800):
        first, last = random.lognormal(4, 0.8, sizes[0]), 1.3 * random.lognormal(4, 0.8, sizes[1])
        found = ratio([float(v) for v in first], [float(v) for v in last])
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.3 <= found.high
    assert 0.93 <= held / 800 <= 0.99


def test_no_interval_from_few() -> None:
    found = ratio([1, 2, 3], [float(n) for n in range(1, 30)])
    assert (found.change, found.low, found.high) == (6.5, None, None)


@pytest.mark.parametrize(
    "first, last, reason",
    [
        ([], [1.0], "no values in the first period"),
        ([1.0], [], "no values in the last period"),
        ([0.0], [1.0], "a median is 0 or below: there is no ratio"),
        ([1.0], [-1.0], "a median is 0 or below: there is no ratio"),
    ],
)
def test_no_ratio(first: list[float], last: list[float], reason: str) -> None:
    assert median_ratio(first, last) == Unknown(reason)


# ---- growth

LAST = Month(2025, 6)


def grown(before: list[float], after: list[float]) -> Growth:
    found = growth(amounts(before, Month(2024, 1)) | amounts(after, Month(2025, 1)), LAST)
    assert isinstance(found, Growth), found
    return found


def test_growth_by_hand() -> None:
    before, after = [100.0, 120, 90, 110, 130, 150], [130.0, 140, 120, 130, 150, 200]
    found = grown(before, after)
    r = 870 / 700
    rests = [y - r * x for x, y in zip(before, after, strict=True)]
    error = sqrt(6 * sum(rest**2 for rest in rests) / 5) / 870
    reach = exp(t.ppf(0.975, 5) * error)
    assert (found.last, found.before, found.months) == (870, 700, 6)
    assert found.growth == pytest.approx(r - 1)
    assert found.interval == pytest.approx((r / reach - 1, r * reach - 1))


def test_the_same_growth_every_month_is_certain_whatever_the_season() -> None:
    found = grown([100, 900, 50, 300, 20, 700], [120, 1080, 60, 360, 24, 840])
    assert found.growth == pytest.approx(0.2)
    assert found.interval == pytest.approx((0.2, 0.2))


def test_one_large_deal_widens_it() -> None:
    steady, lumpy = grown([100] * 6, [120] * 6), grown([100] * 6, [100, 100, 100, 100, 100, 220])
    assert steady.growth == lumpy.growth
    assert steady.interval is not None
    assert lumpy.interval is not None
    assert lumpy.interval[0] < 0 < steady.interval[0]


def test_growth_is_held_as_often_as_it_says() -> None:
    random = np.random.default_rng(6)
    season = np.array([80, 90, 100, 110, 120, 150])
    held = 0
    for _ in range(2000):
        found = grown(*([float(v) for v in random.poisson(rate * season)] for rate in (1.0, 1.15)))
        assert found.interval is not None
        held += found.interval[0] <= 0.15 <= found.interval[1]
    assert held / 2000 == pytest.approx(0.95, abs=0.015)


def test_growth_without_an_interval() -> None:
    series = {Month(2024, 6): 10.0, LAST: 15.0}
    found = growth(series, LAST, months=1)
    assert isinstance(found, Growth)
    assert (found.growth, found.interval) == (0.5, None)
    assert grown([10] * 6, [0] * 6).interval is None


@pytest.mark.parametrize(
    "series, reason",
    [
        ({}, "12 of the 12 months compared are missing, the first is 2024-01"),
        (
            amounts([1.0] * 12, Month(2024, 6)),
            "6 of the 12 months compared are missing, the first is 2024-01",
        ),
        (
            amounts([0.0] * 18, Month(2024, 1)),
            "the sum of the year before is 0 or below: there is no growth rate",
        ),
    ],
)
def test_no_growth(series: dict[Month, float], reason: str) -> None:
    assert growth(series, LAST) == Unknown(reason)


@pytest.mark.parametrize("settings", [{"months": 0}, {"confidence": 1.0}])
def test_growth_over_nothing(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no growth"):
        growth({}, LAST, **settings)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_an_amount_is_a_number(wrong: float) -> None:
    """One that is not would make a mean that is not, and every comparison with it false."""
    series = amounts([1.0] * 23 + [wrong])
    for judge in (lambda: growth(series, LAST), lambda: volume(series), lambda: seasonal_index(series)):
        with pytest.raises(ValueError, match="finite"):
            judge()
    with pytest.raises(ValueError, match="finite"):
        coefficient_of_variation([1, wrong])


# ---- promoters


def score(promoters: int, passives: int, detractors: int) -> NetPromoters:
    found = net_promoters(promoters, passives, detractors)
    assert isinstance(found, NetPromoters), found
    return found


def test_the_score_by_hand() -> None:
    found = score(60, 20, 20)
    half = 196 * sqrt((0.8 - 0.16) / 100)
    assert (found.score, found.answers) == (40, 100)
    assert (found.low, found.high) == pytest.approx((40 - half, 40 + half), abs=1e-3)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_the_score_stays_within_its_ends(promoters: int, passives: int, detractors: int) -> None:
    if not promoters + passives + detractors:
        return
    found, back = score(promoters, passives, detractors), score(detractors, passives, promoters)
    assert -100 <= found.low < found.high <= 100
    assert found.low <= found.score <= found.high
    assert (back.score, back.low, back.high) == pytest.approx((-found.score, -found.high, -found.low))


def test_answers_that_all_agree_prove_less_than_certainty() -> None:
    least, _ = wilson(10, 10)
    assert (score(10, 0, 0).low, score(10, 0, 0).high) == pytest.approx((100 * (2 * least - 1), 100))
    assert (score(0, 10, 0).low, score(0, 10, 0).high) == pytest.approx((100 * (least - 1), 100 * (1 - least)))


def test_no_answers() -> None:
    assert net_promoters(0, 0, 0) == Unknown("no answers")
    with pytest.raises(ValueError, match="not negative"):
        net_promoters(1, -1, 1)


# ---- how steady, and the season


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=30))
def test_the_coefficient_of_variation(values: list[int]) -> None:
    found = coefficient_of_variation(values)
    assert found == pytest.approx(np.std(values, ddof=1) / np.mean(values), abs=1e-12)


def test_no_coefficient_of_variation() -> None:
    assert coefficient_of_variation([5]) == Unknown("1 value, 2 needed")
    assert coefficient_of_variation([-1, 1]) == Unknown("the mean is 0 or below: there is no ratio to it")


def season(values: list[float]) -> SeasonalIndex:
    found = seasonal_index(amounts(values))
    assert isinstance(found, SeasonalIndex), found
    return found


@given(st.lists(st.integers(50, 150), min_size=24, max_size=60))
def test_statsmodels_finds_the_same_season(values: list[int]) -> None:
    theirs = seasonal_decompose(np.array(values, float), model="multiplicative", period=12).seasonal[:12]
    found = season([float(v) for v in values])
    assert found.months == pytest.approx(tuple(theirs), rel=1e-9)
    assert found.years == len(values) // 12 - 1
    assert fmean(found.months) == pytest.approx(1)


def test_steady_growth_is_no_season() -> None:
    found = season([100.0 + 2 * n for n in range(36)])
    assert found.months == pytest.approx([1.0] * 12, abs=1e-3)


def test_the_next_months() -> None:
    year = [1.5 if n in (0, 1, 2) else 10.5 / 9 * 0.5 + 0.25 for n in range(12)]
    found = season([100 * v / fmean(year) for v in year] * 3)
    assert found.next(Month(2026, 12)) == pytest.approx(fmean(found.months[:3]))
    assert found.next(Month(2026, 11), months=1) == found.months[11]


@pytest.mark.parametrize(
    "series, reason",
    [
        ({}, "0 months, 24 needed in a row"),
        (amounts([1.0] * 23), "23 months, 24 needed in a row"),
        (amounts([1.0] * 30) | amounts([1.0] * 20, Month(2030, 1)), "20 months, 24 needed in a row"),
        (amounts([0.0] * 24), "the mean of the year around 2024-07 is 0 or below"),
    ],
)
def test_no_season(series: dict[Month, float], reason: str) -> None:
    assert seasonal_index(series) == Unknown(reason)

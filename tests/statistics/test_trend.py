"""The trend of a rate, against statsmodels, worked numbers of a CRM extract, and what must hold of any trend."""

from __future__ import annotations

from math import isfinite, sqrt
from random import Random
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from engine.statistics.logistic import Point, fit
from engine.statistics.month import Month
from engine.statistics.proportion import NOTHING, Share
from engine.statistics.season import Season, fitted, seasonal
from engine.statistics.trend import State, Trend, state_of, trend
from engine.statistics.unknown import Unknown

from .series import DEALS, known, rates

Months = dict[Month, Share]


@st.composite
def series(draw: st.DrawFn, least: int = 6, most: int = 36, rate: tuple[float, float] = (0.02, 0.98)) -> Months:
    """Months with between 20 and 2,000 trials, as far apart as any two rates are."""
    size = draw(st.integers(least, most))
    trials = draw(st.lists(st.integers(20, 2000), min_size=size, max_size=size))
    parts = draw(st.lists(st.floats(*rate), min_size=size, max_size=size))
    return rates([round(n * part) for n, part in zip(trials, parts, strict=True)], trials)


def by_statsmodels(months: Months, season: Season, scale: str | float) -> tuple[float, float, float, float]:
    """Slope, standard error, Pearson's chi-square and deviance; the dummies and the slope as columns of a matrix."""
    used = sorted(month for month, share in months.items() if share.trials)
    groups = sorted({season.group(month) for month in used})
    columns = [[float(season.group(month) == group) for group in groups] + [float(month.number)] for month in used]
    x = np.array(columns)
    x[:, -1] -= x[:, -1].mean()
    # as shares with weights: given successes and failures in two columns, scale="X2" forgets how many they are
    y = np.array([months[month].rate for month in used])
    n = np.array([months[month].trials for month in used])
    with catch_warnings():
        simplefilter("ignore")  # a rate that fits to the last bit is taken for a separation
        model = sm.GLM(y, x, family=sm.families.Binomial(), var_weights=n).fit(scale=scale, tol=1e-12)
    return float(model.params[-1]), float(model.bse[-1]), float(model.pearson_chi2), float(model.deviance)


# ---- the fit


@given(series(), st.sampled_from(Season))
def test_statsmodels_fits_the_same(months: Months, season: Season) -> None:
    found = fitted(months, season)
    assume(found is not None and found.df > 0)
    assert found
    slope, error, pearson, deviance = by_statsmodels(months, season, 1.0)
    assert found.slope == pytest.approx(slope, rel=1e-6, abs=1e-8)
    assert found.standard_error == pytest.approx(error, rel=1e-6)
    assert (found.pearson, found.deviance) == pytest.approx((pearson, deviance), rel=1e-6, abs=1e-6)


@given(series())
def test_quasi_binomial_errors_are_those_of_statsmodels(months: Months) -> None:
    """With scale="X2" statsmodels multiplies by the root of X²/df; the trend never divides."""
    found = trend(months)
    assume(isinstance(found, Trend) and found.season is Season.NONE)
    found = known(found)
    _, error, _, _ = by_statsmodels(months, Season.NONE, "X2" if found.dispersion > 1 else 1.0)
    assert found.error == pytest.approx(error, rel=1e-6)
    assert found.df == len(months) - 2
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(found.slope) / error, found.df), rel=1e-5, abs=1e-12)
    half, room = stats.t.ppf(0.95, found.df) * error, 1 - found.total.rate
    assert found.low == pytest.approx(np.expm1((found.slope - half) * room), rel=1e-5, abs=1e-9)
    assert found.high == pytest.approx(np.expm1((found.slope + half) * room), rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(
    "points",
    [
        [],
        [Point(0, 0, 1, 2)],
        [Point(n, 0, 0, 9) for n in range(5)],
        [Point(n, 0, 9, 9) for n in range(5)],
        [Point(n, 0, 9 * (n > 2), 9) for n in range(5)],
        [Point(n, 0, 9 * (n < 2), 9) for n in range(5)],
        [Point(n, 0, (0, 0, 4, 9, 9)[n], 9) for n in range(5)],
        [Point(1, 0, 3, 9), Point(1, 0, 5, 9)],
        # the second group has no success, so that its level is without end
        [Point(0, 0, 2, 9), Point(1, 0, 3, 9), Point(2, 0, 2, 9), Point(0, 1, 0, 9), Point(1, 1, 0, 9)],
        # each group alone parts, and both the same way
        [Point(0, 0, 0, 9), Point(1, 0, 9, 9), Point(5, 1, 0, 9), Point(6, 1, 9, 9)],
    ],
)
def test_no_fit_without_a_finite_answer(points: list[Point]) -> None:
    assert fit(points) is None


def test_groups_that_part_opposite_ways_have_an_answer() -> None:
    found = fit([Point(0, 0, 0, 9), Point(1, 0, 9, 9), Point(5, 1, 9, 9), Point(6, 1, 0, 9)])
    assert found is not None
    assert found.slope == pytest.approx(0, abs=1e-9)


def test_a_fit_of_as_many_parameters_as_points_leaves_nothing_over() -> None:
    found = fit([Point(0, 0, 2, 9), Point(1, 0, 5, 9)])
    assert found is not None
    assert found.df == 0
    assert found.pearson == pytest.approx(0, abs=1e-9)
    assert not isfinite(found.dispersion)


@pytest.mark.parametrize("scale", [10, 10**3, 10**6, 10**9])
def test_huge_counts(scale: int) -> None:
    months = rates([round(scale * part) for part in (0.1, 0.3, 0.2, 0.2, 0.4, 0.3, 0.2)], scale)
    found = fitted(months, Season.NONE)
    assert found is not None
    assert found.slope == pytest.approx(by_statsmodels(months, Season.NONE, 1.0)[0], rel=1e-6)


def test_a_rate_of_one_in_a_million() -> None:
    months = rates([90, 110, 95, 120, 105, 130], 10**8)
    found = known(trend(months))
    slope, _, _, _ = by_statsmodels(months, Season.NONE, 1.0)
    assert found.slope == pytest.approx(slope, rel=1e-5)


# ---- worked numbers


def test_plain_the_quarter_ends_hide_that_the_rate_is_flat() -> None:
    plain = fitted(DEALS, Season.NONE)
    assert plain is not None
    error = plain.standard_error * sqrt(plain.dispersion)
    assert (plain.slope, error, plain.dispersion) == pytest.approx((-0.009239, 0.074842, 71.231372), abs=1e-6)


def test_beside_the_position_in_the_quarter_the_rate_is_flat() -> None:
    found = known(trend(DEALS))
    assert found.season is Season.QUARTER
    assert (found.change, found.low, found.high) == pytest.approx((-0.005632, -0.012511, 0.001296), abs=1e-6)
    assert (found.dispersion, found.p_value) == pytest.approx((0.935634, 0.16503), abs=1e-6)
    assert (found.state, found.df, found.months, found.empty) == (State.FLAT_SHOWN, 6, 10, 0)
    assert (found.trials_for_flat, found.months_for_flat) == (None, None)


def test_seven_cohorts_that_swing_show_nothing() -> None:
    months = rates((346, 386, 239, 356, 409, 219, 339), (792, 874, 722, 792, 1198, 793, 779), Month(2017, 3))
    found = known(trend(months))
    assert (found.slope, found.error, found.dispersion) == pytest.approx((-0.054122, 0.056839, 17.330394), abs=1e-6)
    assert (found.change, found.low, found.high) == pytest.approx((-0.032708, -0.098442, 0.037818), abs=1e-6)
    assert found.p_value == pytest.approx(0.384727, abs=1e-6)
    assert found.state is State.INCONCLUSIVE
    assert found.total == Share(2294, 5950)


# ---- the states


@pytest.mark.parametrize(
    "low, high, state",
    [
        (0.001, 0.01, State.RISING),
        (0.001, 0.9, State.RISING),
        (-0.01, -0.001, State.DECLINING),
        (-0.019, 0.019, State.FLAT_SHOWN),
        (0.0, 0.019, State.FLAT_SHOWN),
        (-0.02, 0.01, State.INCONCLUSIVE),
        (-0.01, 0.02, State.INCONCLUSIVE),
        (-0.3, 0.2, State.INCONCLUSIVE),
    ],
)
def test_the_interval_decides(low: float, high: float, state: State) -> None:
    assert state_of(low, high, 0.02) is state


def test_a_wider_margin_shows_more() -> None:
    months = rates([30, 31, 29, 30, 32, 30, 28, 31, 30, 29, 31, 30], 300)
    assert known(trend(months)).state is State.INCONCLUSIVE
    assert known(trend(months, margin=0.05)).state is State.FLAT_SHOWN


# ---- what must hold of any trend


@given(series(), st.integers(0, 2**32))
def test_the_order_of_the_months_does_not_matter(months: Months, seed: int) -> None:
    shuffled = list(months.items())
    Random(seed).shuffle(shuffled)
    found, again = trend(months), trend(dict(shuffled))
    if isinstance(found, Unknown) or isinstance(again, Unknown):
        assert found == again
    else:
        assert again.season is found.season
        assert (again.low, again.high) == pytest.approx((found.low, found.high), rel=1e-9, abs=1e-12)


@given(series(rate=(0.3, 0.7)))
def test_exchanging_the_outcomes_turns_the_slope(months: Months) -> None:
    found = known(trend(months))
    mirrored = known(trend({month: Share(share.failures, share.trials) for month, share in months.items()}))
    assert mirrored.slope == pytest.approx(-found.slope, abs=1e-9)
    assert (mirrored.error, mirrored.p_value) == pytest.approx((found.error, found.p_value), rel=1e-6)


@given(series(rate=(0.3, 0.7)))
def test_turning_time_round_turns_the_slope(months: Months) -> None:
    last = max(months)
    turned = {Month(1, 1).later(last.number - month.number): share for month, share in months.items()}
    plain, back = fitted(months, Season.NONE), fitted(turned, Season.NONE)
    assert plain is not None
    assert back is not None
    assert back.slope == pytest.approx(-plain.slope, abs=1e-9)
    assert back.standard_error == pytest.approx(plain.standard_error, rel=1e-6)


@given(series(rate=(0.2, 0.8)))
def test_the_interval_holds_the_change_and_widens_with_confidence(months: Months) -> None:
    narrow, wide = known(trend(months, confidence=0.8)), known(trend(months, confidence=0.99))
    assert wide.low <= narrow.low <= narrow.change <= narrow.high <= wide.high
    assert narrow.change == wide.change


@given(series(rate=(0.2, 0.8)), st.integers(2, 50))
def test_more_of_the_same_never_widens(months: Months, times: int) -> None:
    """Where the months scatter beyond chance more cases do not help either: the scatter is between months."""
    more = {month: Share(times * share.successes, times * share.trials) for month, share in months.items()}
    few, many = fitted(months, Season.NONE), fitted(more, Season.NONE)
    assert few is not None
    assert many is not None
    assert many.slope == pytest.approx(few.slope, abs=1e-8)
    few_error, many_error = (f.standard_error * sqrt(max(1, f.dispersion)) for f in (few, many))
    assert many_error <= few_error * (1 + 1e-9)


@given(series(rate=(0.2, 0.8)), st.integers(-20, 20))
def test_whole_years_on_nothing_changes(months: Months, years: int) -> None:
    found, later = known(trend(months)), known(trend({m.later(12 * years): s for m, s in months.items()}))
    assert (later.low, later.high) == pytest.approx((found.low, found.high))
    assert later.season is found.season


@given(series(rate=(0.2, 0.8)))
def test_months_without_cases_are_counted_and_change_nothing(months: Months) -> None:
    gaps = {max(months).later(2): NOTHING, max(months).later(5): NOTHING}
    found, with_gaps = known(trend(months)), known(trend(months | gaps))
    assert (with_gaps.low, with_gaps.high) == (found.low, found.high)
    assert (found.empty, with_gaps.empty, with_gaps.months) == (0, 2, len(months))


def test_a_gap_is_time_that_passed() -> None:
    """Two months of a year ago and four of now: the slope is per month of the calendar."""
    months = {Month(2023, n): Share(10 * n, 100) for n in (1, 2)} | {
        Month(2024, n): Share(10 * n, 100) for n in range(3, 7)
    }
    assert known(trend(months)).slope == pytest.approx(by_statsmodels(months, Season.NONE, 1.0)[0], rel=1e-6)


# ---- too little


@pytest.mark.parametrize(
    "months, reason",
    [
        ({}, "0 mature months, 6 needed"),
        (rates([5], 50), "1 mature month, 6 needed"),
        (rates([30, 31, 29, 30], 300), "4 mature months, 6 needed"),
        (rates([30, 31, 29, 30], 300) | rates([0, 0, 0], 0, Month(2025, 1)), "4 mature months, 6 needed"),
        (rates([0] * 12, 300), "0 conversions, 20 needed"),
        (rates([0] * 11 + [1], 300), "1 conversion, 20 needed"),
        (rates([3, 2, 4, 3, 3, 4], 10), "19 conversions, 20 needed"),
        (rates([50] * 6, 50), "every case is a success: the rate has no room to change"),
        (
            rates([0, 0, 0, 50, 50, 50], 50),
            "the rate goes from none to all at 2024-04: a break to look into, not a trend",
        ),
        (
            rates([0, 0, 0, 20, 50, 50], 50),
            "the rate goes from none to all at 2024-04: a break to look into, not a trend",
        ),
        (
            rates([50, 50, 0, 0, 0, 0], 50),
            "the rate goes from all to none at 2024-02: a break to look into, not a trend",
        ),
        (
            rates([20, 0, 0, 0, 0, 0], 50),
            "the rate goes from all to none at 2024-01: a break to look into, not a trend",
        ),
    ],
)
def test_what_is_too_little_says_what_is_missing(months: Months, reason: str) -> None:
    assert trend(months) == Unknown(reason)


def test_the_least_is_enough() -> None:
    assert isinstance(trend(rates([4, 2, 4, 3, 3, 4], 10)), Trend)


def test_the_minimum_is_a_parameter() -> None:
    months = rates([4, 5, 4, 6], 10)
    assert isinstance(trend(months, least_months=4, least_conversions=19), Trend)


@pytest.mark.parametrize(
    "settings",
    [{"margin": 0}, {"margin": -0.1}, {"confidence": 1}, {"confidence": 0}, {"least_months": 2}],
)
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no trend with"):
        trend(rates([5] * 6, 50), **settings)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=30),
    st.sampled_from([1, 1000, 10**7]),
)
def test_no_counts_whatever_are_too_much(pairs: list[tuple[int, int]], scale: int) -> None:
    months = rates([k * scale for k, _ in pairs], [(k + lost) * scale for k, lost in pairs])
    found = trend(months, least_months=3, least_conversions=1)
    if isinstance(found, Trend):
        assert found.low <= found.change <= found.high
        assert 0 <= found.p_value <= 1
        assert found.error > 0


@pytest.mark.parametrize("seed", range(4))
def test_months_that_almost_part_are_judged_without_a_fault(seed: int) -> None:
    """One case among up to a thousand million keeps a slope finite: hundreds of steps of the logit, and weights of nearly nothing."""
    random = Random(seed)
    for _ in range(300):
        months: Months = {}
        for n in range(random.randint(3, 14)):
            trials = random.randint(1, 10 ** random.randint(0, 9))
            won = random.choice([0, trials, random.randint(0, trials), 1, trials - 1])
            months[Month(2020, 1).later(n * random.choice([1, 1, 7]))] = Share(won, trials)
        found = trend(months, least_months=3, least_conversions=1)
        if isinstance(found, Trend):
            assert -1 <= found.low <= found.change <= found.high
            assert 0 <= found.p_value <= 1


# ---- the season


def test_quarter_ends_are_noticed_from_three_quarters_on() -> None:
    assert seasonal(DEALS)[0] is Season.QUARTER
    eight = dict(list(DEALS.items())[:8])
    assert seasonal(eight)[0] is Season.NONE


def test_months_of_the_year_are_noticed_from_two_years_on() -> None:
    year = [60, 55, 40, 30, 25, 20, 15, 20, 30, 45, 50, 65]
    assert seasonal(rates(year * 2, 400))[0] is Season.YEAR
    assert seasonal(rates((year * 2)[:23], 400))[0] is Season.NONE
    steady = known(trend(rates(year * 3, 400)))
    assert (steady.season, steady.df, steady.state) == (Season.YEAR, 36 - 13, State.FLAT_SHOWN)


def test_a_season_without_any_success_is_left_to_the_plain_trend() -> None:
    year = [60, 55, 40, 30, 25, 20, 15, 0, 30, 45, 50, 65]
    assert seasonal(rates(year * 2, 400))[0] is not Season.YEAR


@given(series(least=9))
def test_a_season_is_kept_for_what_it_explains(months: Months) -> None:
    """The rule written out once more, with scipy's F."""
    season, chosen = Season.NONE, fitted(months, Season.NONE)
    assume(chosen is not None)
    for terms, groups, each in ((Season.QUARTER, 3, 3), (Season.YEAR, 12, 2)):
        sizes = np.unique([terms.group(month) for month in months], return_counts=True)[1]
        richer = fitted(months, terms)
        if len(sizes) == groups and min(sizes) >= each and richer and chosen:
            more = richer.parameters - chosen.parameters
            f = (chosen.deviance - richer.deviance) / more / max(1, richer.dispersion)
            if stats.f.sf(f, more, richer.df) < 0.01:
                season, chosen = terms, richer
    assert seasonal(months) == (season, chosen)

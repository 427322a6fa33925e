"""Two shares: published intervals, worked values of a CRM extract, and two libraries."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from engine.statistics.combination import Part, combined
from engine.statistics.difference import compare, fewest_expected, newcombe
from engine.statistics.fisher import fisher
from engine.statistics.proportion import NOTHING, Share
from engine.statistics.sample_size import for_half_width, per_group

SHARES = st.integers(1, 400).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    "second, first, low, high",
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10
        (Share(56, 70), Share(48, 80), 0.0524, 0.3339),
        (Share(9, 10), Share(3, 10), 0.1705, 0.8090),
        (Share(6, 7), Share(2, 7), 0.0582, 0.8062),
        (Share(5, 56), Share(0, 29), -0.0381, 0.1926),
        (Share(0, 10), Share(0, 20), -0.1611, 0.2775),
        (Share(0, 10), Share(0, 10), -0.2775, 0.2775),
        (Share(10, 10), Share(0, 20), 0.6791, 1.0),
        (Share(10, 10), Share(0, 10), 0.6075, 1.0),
        # a CRM extract: quarter ends against other months, Q2 against Q4, and two months
        (Share(2076, 2574), Share(2162, 4137), 0.262070, 0.305165),
        (Share(1196, 1985), Share(1254, 2032), -0.044737, 0.015549),
        (Share(511, 651), Share(531, 647), -0.078951, 0.00757),
    ],
)
def test_published_and_worked_intervals(second: Share, first: Share, low: float, high: float) -> None:
    assert newcombe(first, second)[1:] == pytest.approx((low, high), abs=5.1e-5)


@pytest.mark.parametrize(
    "first, second, z, p_value",
    [
        (Share(2162, 4137), Share(2076, 2574), 23.445155, 0.0),
        (Share(1254, 2032), Share(1196, 1985), -0.948941, 0.342651),
        (Share(531, 647), Share(511, 651), -1.619128, 0.10542),
        (Share(285, 586), Share(279, 566), 0.223508, 0.82314),
        (Share(438, 805), Share(406, 768), -0.614379, 0.538965),
    ],
)
def test_worked_tests(first: Share, second: Share, z: float, p_value: float) -> None:
    found = compare(first, second)
    assert not found.is_exact
    assert (found.z, found.p_value) == pytest.approx((z, p_value), abs=1e-6)


@given(SHARES, SHARES)
def test_another_implementation_agrees(first: Share, second: Share) -> None:
    found = compare(first, second, 0.9)
    theirs = confint_proportions_2indep(
        second.successes, second.trials, first.successes, first.trials, method="newcomb", alpha=0.1
    )
    assert (found.low, found.high) == pytest.approx(theirs, abs=1e-10)
    if not found.is_exact:
        counts, trials = [second.successes, first.successes], [second.trials, first.trials]
        assert (found.z, found.p_value) == pytest.approx(proportions_ztest(counts, trials), rel=1e-9, abs=1e-12)


@given(SHARES, SHARES)
def test_the_test_depends_on_the_rarest_expected_count(first: Share, second: Share) -> None:
    found = compare(first, second)
    assert found.is_exact == (fewest_expected(first, second) < 5)
    assert 0 <= found.p_value <= 1


@given(SHARES, SHARES)
def test_exchanging_the_groups_turns_the_sign(first: Share, second: Share) -> None:
    there, back = compare(first, second), compare(second, first)
    assert (there.change, there.low, there.high) == pytest.approx((-back.change, -back.high, -back.low))
    assert there.p_value == pytest.approx(back.p_value)


@given(SHARES, SHARES)
def test_exchanging_the_outcomes_turns_the_sign(first: Share, second: Share) -> None:
    mirrored = compare(Share(first.failures, first.trials), Share(second.failures, second.trials))
    found = compare(first, second)
    assert (found.change, found.low, found.high) == pytest.approx((-mirrored.change, -mirrored.high, -mirrored.low))
    assert found.p_value == pytest.approx(mirrored.p_value)


@given(SHARES, SHARES)
def test_the_interval_holds_the_estimate_and_widens_with_confidence(first: Share, second: Share) -> None:
    narrow, wide = compare(first, second, 0.8), compare(first, second, 0.99)
    assert -1 <= wide.low <= narrow.low <= narrow.change <= narrow.high <= wide.high <= 1


@given(SHARES, SHARES)
def test_more_of_the_same_narrows(first: Share, second: Share) -> None:
    one = compare(first, second)
    tenfold = [Share(10 * share.successes, 10 * share.trials) for share in (first, second)]
    ten = compare(tenfold[0], tenfold[1])
    assert ten.high - ten.low < one.high - one.low


def test_huge_groups() -> None:
    found = compare(Share(10**8, 10**9), Share(10**8 + 10**5, 10**9))
    assert found.z == pytest.approx(10**-4 / sqrt(2 * 0.10005 * 0.89995 / 10**9))
    assert found.low == pytest.approx(found.change - 1.96 * sqrt(0.18 / 10**9), abs=1e-7)


def test_no_group_without_trials_is_compared() -> None:
    with pytest.raises(ValueError, match="there is no rate of 0 trials"):
        compare(NOTHING, Share(1, 2))


@pytest.mark.parametrize("successes, trials", [(3, 2), (-1, 2), (0, -1)])
def test_no_impossible_share(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="there cannot be"):
        Share(successes, trials)


# ---- Fisher's test


def test_the_lady_tasting_tea() -> None:
    """R. A. Fisher, The Design of Experiments (1935): 3 of 4 right has chance 17/70 one-sided, 34/70 two-sided; 4 of 4 is 2/70."""
    assert fisher(Share(3, 4), Share(1, 4)) == pytest.approx(34 / 70)
    assert fisher(Share(4, 4), Share(0, 4)) == pytest.approx(2 / 70)


@given(SHARES, SHARES)
def test_scipy_agrees_on_the_exact_test(first: Share, second: Share) -> None:
    table = [[first.successes, first.failures], [second.successes, second.failures]]
    assert fisher(first, second) == pytest.approx(fisher_exact(table).pvalue, rel=1e-8)


@pytest.mark.parametrize("first, second", [(NOTHING, NOTHING), (NOTHING, Share(1, 2)), (Share(0, 5), Share(0, 9))])
def test_nothing_to_tell_apart(first: Share, second: Share) -> None:
    assert fisher(first, second) == 1.0


def test_exact_with_huge_groups() -> None:
    first, second = Share(0, 10**9), Share(9, 10**9)
    assert fisher(first, second) == pytest.approx(2 * 0.5**9, rel=1e-6)
    far = Share(20, 30), Share(0, 10**6)
    assert fisher(*far) == pytest.approx(float(hypergeom.pmf(20, 10**6 + 30, 20, 30)), rel=1e-6)


# ---- the interval of a sum


def test_a_sum_of_symmetric_intervals_adds_the_squares() -> None:
    assert combined([Part(1, 5, 2, 8), Part(-2, 1, -1, 3)]) == pytest.approx((3, -2, 8))


def test_a_negative_weight_exchanges_the_ends() -> None:
    assert combined([Part(-1, 0.2, 0.1, 0.5)]) == pytest.approx((-0.2, -0.5, -0.1))


def test_nothing_adds_up_to_nothing() -> None:
    assert combined([]) == (0.0, 0.0, 0.0)


# ---- sample sizes


@pytest.mark.parametrize(
    "first, second, size",
    [
        (0.02, 0.03, 3826),
        (0.05, 0.07, 2213),
        (0.10, 0.13, 1774),
        (0.13, 0.18, 822),
        (0.20, 0.25, 1094),
        (0.20, 0.15, 906),
        (0.30, 0.20, 294),
        (0.50, 0.40, 388),
    ],
)
def test_the_table_of_the_domain(first: float, second: float, size: int) -> None:
    assert per_group(first, second) == per_group(second, first) == size


@pytest.mark.parametrize("rate, half, size", [(0.1, 0.02, 865), (0.2, 0.05, 246), (0.3, 0.05, 323), (0.5, 0.1, 97)])
def test_half_widths_of_the_domain(rate: float, half: float, size: int) -> None:
    assert for_half_width(rate, half) == size


def test_a_difference_is_found_as_often_as_promised() -> None:
    random = np.random.default_rng(20)
    size, rounds = per_group(0.2, 0.3), 2000
    counts = random.binomial(size, [0.2, 0.3], (rounds, 2))
    found = sum(compare(Share(int(a), size), Share(int(b), size)).p_value < 0.05 for a, b in counts)
    assert found / rounds == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("first, second", [(0.2, 0.2), (0, 0.2), (0.2, 1)])
def test_no_size_for_what_cannot_be_told_apart(first: float, second: float) -> None:
    with pytest.raises(ValueError, match="no sample size"):
        per_group(first, second)
    with pytest.raises(ValueError, match="no sample size"):
        for_half_width(0.5, 0)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from engine.statistics.proportion import wilson


@pytest.mark.parametrize(
    "successes, trials, low, high",
    [
        # worked by hand from Wilson's formula for the deals of a published CRM data set
        (4238, 6711, 0.619887, 0.642964),
        (531, 647, 0.789287, 0.848349),
        (285, 586, 0.446101, 0.526773),
        (438, 805, 0.509566, 0.578214),
        (511, 651, 0.751762, 0.814787),
        # Brown, Cai and DasGupta's advice for extreme counts is kept: the ends do not pass 0 and 1
        (0, 10, 0.0, 0.277533),
        (10, 10, 0.722467, 1.0),
    ],
)
def test_worked_values(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-7)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    trials = draw(st.integers(1, 10**7))
    return draw(st.integers(0, trials)), trials


@given(counts(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_two_other_implementations_agree(of: tuple[int, int], confidence: float) -> None:
    successes, trials = of
    found = wilson(successes, trials, confidence)
    assert found == pytest.approx(proportion_confint(successes, trials, 1 - confidence, method="wilson"), abs=1e-12)
    theirs = binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    assert found == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@given(counts())
def test_the_share_lies_inside_and_the_ends_are_exact(of: tuple[int, int]) -> None:
    successes, trials = of
    low, high = wilson(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1
    assert (low == 0) == (successes == 0)
    assert (high == 1) == (successes == trials)


def test_huge_counts() -> None:
    assert wilson(10**300 // 2, 10**300) == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize(
    "successes, trials, confidence",
    [(3, 2, 0.95), (-1, 2, 0.95), (0, 0, 0.95), (1, 2, 0.0), (1, 2, 1.0)],
)
def test_impossible_counts(successes: int, trials: int, confidence: float) -> None:
    with pytest.raises(ValueError, match="no interval for"):
        wilson(successes, trials, confidence)

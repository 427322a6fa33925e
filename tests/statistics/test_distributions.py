"""The distributions against scipy, over everything that a client's data can bring and far beyond."""

from __future__ import annotations

from itertools import product
from math import asin, atan, log, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from engine.statistics.distributions import (
    binomial_below,
    chi_square_quantile,
    chi_square_tail,
    f_tail,
    normal_quantile,
    normal_tail,
    normal_within,
    student_tail,
    student_within,
)
from engine.statistics.special import beta_part, gamma_tail, log_beta

CLOSE = 1e-10
"""Relative."""
DEGREES = [1, 2, 3, 4, 5, 6, 7, 10, 11, 22, 29, 34, 58, 99, 100, 101, 199, 1000, 9999]
CONFIDENCES = [0.01, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1 - 1e-9]


@pytest.mark.parametrize("z", [0.0, 1e-12, 0.1, 0.5, 1, 1.5, 1.96, 2, 3, 5, 8, 12, 20, 30, 37])
def test_normal_tails(z: float) -> None:
    assert normal_tail(z) == normal_tail(-z) == pytest.approx(2 * stats.norm.sf(z), rel=CLOSE)


def test_a_normal_tail_ends() -> None:
    assert normal_tail(1e10) == 0.0


@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_normal_within(confidence: float) -> None:
    # both take 1 - confidence, of which the last bits are lost near 1
    assert normal_within(confidence) == pytest.approx(stats.norm.isf((1 - confidence) / 2), rel=CLOSE, abs=1e-15)
    assert normal_tail(normal_within(confidence)) == pytest.approx(1 - confidence, rel=CLOSE)


@pytest.mark.parametrize("probability", [1e-12, 0.001, 0.2, 0.5, 0.8, 0.9, 0.999])
def test_normal_quantiles(probability: float) -> None:
    assert normal_quantile(probability) == pytest.approx(stats.norm.ppf(probability), rel=CLOSE, abs=1e-15)


@pytest.mark.parametrize("df", DEGREES)
def test_student_tails(df: int) -> None:
    for t in [0.0, 0.01, 0.3, 1, 1.5, 2, 2.5, 4, 7, 12, 30, 100, 1e4, 1e8]:
        theirs = 2 * stats.t.sf(t, df)
        assert student_tail(t, df) == student_tail(-t, df) == pytest.approx(theirs, rel=CLOSE, abs=1e-300), t


@pytest.mark.parametrize("df", DEGREES)
def test_student_within(df: int) -> None:
    for confidence in CONFIDENCES:
        theirs = stats.t.isf((1 - confidence) / 2, df)
        assert student_within(confidence, df) == pytest.approx(theirs, rel=1e-9), confidence


@pytest.mark.parametrize("t", [1e-12, 1e-9, 1e-6, 0.5, 1, 2, 1e6])
def test_student_by_hand(t: float) -> None:
    """Close to 0 scipy is less exact than the closed forms of one and two degrees of freedom."""
    assert 1 - student_tail(t, 1) == pytest.approx(2 * atan(t) / pi, rel=1e-9, abs=1e-16)
    assert 1 - student_tail(t, 2) == pytest.approx(t / sqrt(2 + t * t), rel=1e-9, abs=1e-16)
    assert student_within(1e-6, 2) == pytest.approx(1e-6 * sqrt(2), rel=1e-9)


def test_student_ends_where_no_number_is_larger() -> None:
    assert student_tail(1e200, 1) == 0.0


def test_student_as_printed_in_tables() -> None:
    """R. A. Fisher and F. Yates, Statistical Tables: the 10 % and 5 % points, two-sided."""
    assert [round(student_within(0.9, df), 3) for df in (1, 6, 8, 10)] == [6.314, 1.943, 1.860, 1.812]
    assert [round(student_within(0.95, df), 3) for df in (1, 6, 8, 10)] == [12.706, 2.447, 2.306, 2.228]


@pytest.mark.parametrize("df", DEGREES)
def test_chi_square_tails(df: int) -> None:
    for part in [0, 1e-6, 0.01, 0.3, 0.7, 0.95, 1, 1.05, 1.3, 2, 4, 10]:
        theirs = stats.chi2.sf(part * df, df)
        assert chi_square_tail(part * df, df) == pytest.approx(theirs, rel=CLOSE, abs=1e-290), part


def test_chi_square_of_huge_values() -> None:
    assert chi_square_tail(570.24182, 9) == pytest.approx(stats.chi2.sf(570.24182, 9), rel=CLOSE)
    assert chi_square_tail(1e12, 9) == 0.0
    assert chi_square_tail(1e300, 9) == 0.0


@pytest.mark.parametrize("df", DEGREES)
def test_chi_square_quantiles(df: int) -> None:
    for probability in [1e-4, 0.05, 0.5, 0.9, 0.95, 0.99, 0.9999]:
        theirs = stats.chi2.ppf(probability, df)
        assert chi_square_quantile(probability, df) == pytest.approx(theirs, rel=1e-9), probability


@pytest.mark.parametrize("above, below", [*product([1, 2, 9, 11, 50], [1, 5, 6, 11, 23, 200, 5000])])
def test_f_tails(above: int, below: int) -> None:
    for f in [0, 1e-6, 0.2, 0.9, 1, 1.5, 3, 10, 300, 1e6]:
        assert f_tail(f, above, below) == pytest.approx(stats.f.sf(f, above, below), rel=CLOSE, abs=1e-290), f


def test_an_f_tail_ends() -> None:
    assert f_tail(1e305, 2, 2) == 0.0


@pytest.mark.parametrize("trials", [1, 2, 5, 30, 200, 1000])
def test_binomial(trials: int) -> None:
    for chance in [0, 1e-9, 0.01, 0.1, 0.5, 0.8, 0.999, 1]:
        for successes in {-1, 0, 1, trials // 10, trials // 2, trials - 1, trials, trials + 1}:
            theirs = stats.binom.cdf(successes, trials, chance)
            assert binomial_below(successes, trials, chance) == pytest.approx(theirs, rel=CLOSE, abs=1e-290)


@given(st.floats(0.01, 5000), st.floats(0, 3))
def test_the_gamma_integral(shape: float, part: float) -> None:
    assert gamma_tail(shape, part * shape) == pytest.approx(
        special.gammaincc(shape, part * shape), rel=CLOSE, abs=1e-250
    )


@given(st.floats(0.5, 2000), st.floats(0.5, 2000), st.floats(0, 1))
def test_the_beta_integral(a: float, b: float, x: float) -> None:
    # near 1 scipy is precise on the other side only, where 1 - x is exact
    theirs = special.betainc(a, b, x) if x < 0.5 else 1 - special.betainc(b, a, 1 - x)
    assert beta_part(a, b, x, 1 - x) == pytest.approx(theirs, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("below", [1.0, 0.7, 0.1, 1e-9, 2**-53])
def test_the_beta_integral_of_one_half_is_the_arc_sine(below: float) -> None:
    assert beta_part(0.5, 0.5, 1 - below, below) == pytest.approx(1 - 2 / pi * asin(sqrt(below)), rel=1e-14)


@given(st.floats(0.1, 1e6), st.floats(0.1, 1e6))
def test_the_logarithm_of_beta(a: float, b: float) -> None:
    assert log_beta(a, b) == pytest.approx(special.betaln(a, b), rel=1e-10, abs=1e-7)
    assert log_beta(1, b) == pytest.approx(-log(b), rel=1e-12, abs=1e-12)
    assert log_beta(a, 2) == pytest.approx(-log(a) - log(a + 1), rel=1e-12, abs=1e-12)


@given(st.sampled_from(DEGREES), st.floats(0.001, 0.999))
def test_tail_and_within_are_each_other_turned_round(df: int, confidence: float) -> None:
    assert student_tail(student_within(confidence, df), df) == pytest.approx(1 - confidence, rel=1e-9)
    assert chi_square_tail(chi_square_quantile(confidence, df), df) == pytest.approx(1 - confidence, rel=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: normal_within(0),
        lambda: normal_within(1),
        lambda: normal_within(float("nan")),
        lambda: normal_quantile(1.5),
        lambda: student_tail(1, 0),
        lambda: student_tail(1, float("nan")),
        lambda: student_within(1, 5),
        lambda: student_within(0.9, -1),
        lambda: chi_square_tail(-1, 3),
        lambda: chi_square_tail(1, 0),
        lambda: chi_square_quantile(1, 3),
        lambda: f_tail(-1, 2, 2),
        lambda: f_tail(1, 0, 2),
        lambda: binomial_below(1, -1, 0.5),
        lambda: binomial_below(1, 2, 1.5),
        lambda: beta_part(0, 1, 0.5, 0.5),
        lambda: beta_part(1, 1, 1.5, -0.5),
        lambda: gamma_tail(0, 1),
    ],
)
def test_what_is_impossible_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match=r"no|not|between"):
        wrong()

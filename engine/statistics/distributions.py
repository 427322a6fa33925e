"""Normal, Student, chi-square, F and binomial: how far out a value lies, and how far out a given part of the values reaches.

Two words throughout. A *tail* is the chance of a value at least as extreme; of Student and the normal it is two-sided. *Within*
is the number of standard errors that hold the central part of the values: `normal_within(0.95)` is 1.96.
"""

from __future__ import annotations

from functools import cache, partial
from math import erfc, sqrt
from statistics import NormalDist

from .special import beta_part, gamma_tail, solve_decreasing

_NORMAL = NormalDist()


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not at {confidence}")


def _check_degrees(*degrees: float) -> None:
    if not all(df > 0 for df in degrees):
        raise ValueError(f"degrees of freedom are above 0, not {degrees}")


def normal_tail(z: float) -> float:
    """The chance that a standard normal value is at least |z| away from 0."""
    return erfc(abs(z) / sqrt(2))


@cache
def normal_within(confidence: float) -> float:
    """How many standard errors hold the central `confidence` of a normal distribution. Raises ValueError outside 0..1."""
    _check_confidence(confidence)
    return -_NORMAL.inv_cdf((1 - confidence) / 2)


def normal_quantile(probability: float) -> float:
    """The value below which a standard normal lies with that probability. Raises ValueError outside 0..1."""
    _check_confidence(probability)
    return _NORMAL.inv_cdf(probability)


def student_tail(t: float, df: float) -> float:
    """The chance that a Student value with `df` degrees of freedom is at least |t| away from 0. Raises ValueError unless df > 0."""
    _check_degrees(df)
    square = t * t
    if square >= 1e300:
        return 0.0
    return beta_part(df / 2, 0.5, df / (df + square), square / (df + square))


@cache
def student_within(confidence: float, df: float) -> float:
    """How many standard errors hold the central `confidence` of Student's distribution.

    Raises ValueError unless 0 < confidence < 1 and df > 0.
    """
    _check_confidence(confidence)
    return solve_decreasing(partial(student_tail, df=df), 1 - confidence)


def chi_square_tail(chi_square: float, df: float) -> float:
    """The chance of a chi-square at least as large. Raises ValueError unless df > 0 and chi_square >= 0."""
    _check_degrees(df)
    return gamma_tail(df / 2, chi_square / 2)


@cache
def chi_square_quantile(probability: float, df: float) -> float:
    """The chi-square that is exceeded with chance 1 − probability. Raises ValueError unless 0 < probability < 1 and df > 0."""
    _check_confidence(probability)
    return solve_decreasing(partial(chi_square_tail, df=df), 1 - probability)


def f_tail(f: float, df_above: float, df_below: float) -> float:
    """The chance of a ratio of variances at least as large. Raises ValueError unless both df > 0 and f >= 0."""
    _check_degrees(df_above, df_below)
    if not f >= 0:
        raise ValueError(f"a ratio of variances is not {f}")
    if f >= 1e300:
        return 0.0
    total = df_below + df_above * f
    return beta_part(df_below / 2, df_above / 2, df_below / total, df_above * f / total)


def binomial_below(successes: int, trials: int, chance: float) -> float:
    """The chance of at most `successes` in `trials`. Raises ValueError unless 0 <= chance <= 1 and trials >= 0."""
    if trials < 0 or not 0 <= chance <= 1:
        raise ValueError(f"no binomial distribution of {trials} trials at {chance}")
    if successes < 0:
        return 0.0
    if successes >= trials:
        return 1.0
    return beta_part(trials - successes, successes + 1, 1 - chance, chance)

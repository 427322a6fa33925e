"""Two groups compared like with like: within each stratum (new and existing clients, size bands), then together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt

from .distributions import normal_tail, normal_within
from .proportion import Share
from .unknown import Unknown

Pair = tuple[Share, Share]


@dataclass(frozen=True, slots=True)
class Stratified:
    """The second group against the first over all strata in which both occur.

    `odds_ratio` is 0 or infinite, and its interval None, where one of its two sums is 0. `difference` is a ratio (0.05 is five
    points). `p_value` is two-sided, that the groups do not differ in any stratum. `left_out` counts the strata in which a group
    is missing.
    """

    odds_ratio: float
    odds_interval: tuple[float, float] | None
    difference: float
    low: float
    high: float
    confidence: float
    p_value: float
    strata: int
    left_out: int


def stratified(pairs: Iterable[Pair], confidence: float = 0.95) -> Stratified | Unknown:
    """Mantel-Haenszel odds ratio, risk difference and test over strata given as (first group, second group).

    N. Mantel and W. Haenszel, Journal of the National Cancer Institute 22 (1959) 719-748; the test is W. G. Cochran's with
    their variance, without continuity correction. Raises ValueError unless 0 < confidence < 1.
    """
    given = tuple(pairs)
    used = [(a, b) for a, b in given if a.trials and b.trials]
    both = [a + b for a, b in used]
    if not any(s.successes for s in both) or not any(s.failures for s in both):
        return Unknown(_reason(len(used)))
    ratio, ratio_interval = _odds_ratio(used, confidence)
    difference, low, high = _risk_difference(used, confidence)
    p_value = _p_value(used)
    return Stratified(
        ratio, ratio_interval, difference, low, high, confidence, p_value, len(used), len(given) - len(used)
    )


def _reason(used: int) -> str:
    return "no difference between the outcomes: all are the same" if used else "no stratum holds both groups"


def _odds_ratio(pairs: Sequence[Pair], confidence: float) -> tuple[float, tuple[float, float] | None]:
    """The Mantel-Haenszel odds ratio and its interval.

    The variance of its logarithm is that of J. Robins, N. Breslow and S. Greenland, Biometrics 42 (1986) 311-323, which holds
    for few large strata and for many small ones.
    """
    r = s = pr = cross = qs = 0.0
    for first, second in pairs:
        n = first.trials + second.trials
        for_second, for_first = second.successes * first.failures / n, first.successes * second.failures / n
        agreeing, opposing = (second.successes + first.failures) / n, (first.successes + second.failures) / n
        r, s = r + for_second, s + for_first
        pr, qs = pr + agreeing * for_second, qs + opposing * for_first
        cross += agreeing * for_first + opposing * for_second
    if not r or not s:
        return (inf if r else 0.0), None
    half = normal_within(confidence) * sqrt(pr / (2 * r * r) + cross / (2 * r * s) + qs / (2 * s * s))
    return r / s, (exp(log(r / s) - half), exp(log(r / s) + half))


def _risk_difference(pairs: Sequence[Pair], confidence: float) -> tuple[float, float, float]:
    """The Mantel-Haenszel difference of rates and its score interval.

    The variance of T. Sato (Biometrics 45 (1989) 1323-1324) is linear in the difference; B. Klingenberg, A new and improved
    confidence interval for the Mantel-Haenszel risk difference, Statistics in Medicine 33 (2014) 2968-2983, solves for the
    differences that it does not reject. Unlike an estimate with a standard error it keeps a width where a group won all or
    nothing.
    """
    weight = change = p = q = 0.0
    for first, second in pairs:
        n1, n0, a, b = second.trials, first.trials, second.successes, first.successes
        n = n1 + n0
        weight += n1 * n0 / n
        change += (a * n0 - b * n1) / n
        p += (n1 * (n1 / n) * b - n0 * (n0 / n) * a + n1 * (n0 / n) * (n0 - n1) / 2) / n
        q += (a * (n0 - b) + b * (n1 - a)) / (2 * n)
    square = (normal_within(confidence) / weight) ** 2
    difference = change / weight
    middle = difference + square * p / 2
    half = sqrt(max(0.0, middle * middle - difference * difference + square * q))
    return difference, max(-1.0, min(difference, middle - half)), min(1.0, max(difference, middle + half))


def _p_value(pairs: Sequence[Pair]) -> float:
    excess = variance = 0.0
    for first, second in pairs:
        both = first + second
        n = both.trials
        excess += second.successes - second.trials * both.successes / n
        variance += first.trials / n * (second.trials / n) * both.successes * both.failures / (n - 1)
    return normal_tail(excess / sqrt(variance)) if variance else 1.0

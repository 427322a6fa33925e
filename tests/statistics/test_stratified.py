"""Like with like: Mantel-Haenszel against statsmodels and against an equation solver."""

from __future__ import annotations

from math import inf, log
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm
from statsmodels.stats.contingency_tables import StratifiedTable

from engine.statistics.difference import newcombe
from engine.statistics.proportion import NOTHING, Share
from engine.statistics.stratified import Pair, Stratified, stratified
from engine.statistics.unknown import Unknown

SHARE = st.integers(1, 80).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))
PAIRS = st.lists(st.tuples(SHARE, SHARE), min_size=1, max_size=8)

# E. H. Simpson's paradox in the admissions of Berkeley: P. J. Bickel, E. A. Hammel and J. W. O'Connell, Science 187 (1975) 398-404:
# men first, women second, the six largest departments.
BERKELEY = [
    (Share(512, 825), Share(89, 108)),
    (Share(353, 560), Share(17, 25)),
    (Share(120, 325), Share(202, 593)),
    (Share(138, 417), Share(131, 375)),
    (Share(53, 191), Share(94, 393)),
    (Share(22, 373), Share(24, 341)),
]


def known(pairs: list[Pair], confidence: float = 0.95) -> Stratified:
    found = stratified(pairs, confidence)
    assert isinstance(found, Stratified), found
    return found


def table(pairs: list[Pair]) -> StratifiedTable:
    """Statsmodels puts the group in the rows, the second group first."""
    return StratifiedTable([np.array([[b.successes, b.failures], [a.successes, a.failures]], float) for a, b in pairs])


def test_the_paradox_of_berkeley() -> None:
    """R's mantelhaen.test(UCBAdmissions) prints 0.9046968 and 0.7719074 to 1.0603298, men against women: here turned round."""
    found = known(BERKELEY)
    assert 1 / found.odds_ratio == pytest.approx(0.9046968, abs=1e-7)
    assert found.odds_interval is not None
    low, high = found.odds_interval
    assert (1 / high, 1 / low) == pytest.approx((0.7719074, 1.0603298), abs=1e-6)
    men, women = (sum(group, NOTHING) for group in zip(*BERKELEY, strict=True))
    assert newcombe(men, women)[2] < 0 < found.difference
    assert found.low < 0 < found.high


@given(PAIRS)
def test_statsmodels_agrees_on_the_odds_ratio_and_the_test(pairs: list[Pair]) -> None:
    found = stratified(pairs)
    assume(isinstance(found, Stratified) and found.odds_interval is not None)
    assert isinstance(found, Stratified)
    assert found.odds_interval is not None
    theirs = table(pairs)
    assert found.odds_ratio == pytest.approx(theirs.oddsratio_pooled, rel=1e-9)
    assert found.odds_interval == pytest.approx(theirs.oddsratio_pooled_confint(), rel=1e-8)
    assert found.p_value == pytest.approx(theirs.test_null_odds(correction=False).pvalue, rel=1e-7, abs=1e-12)


def distance(delta: float, pairs: list[Pair]) -> float:
    """How many standard errors the estimate lies from a difference, by Sato's variance as it is printed for stratified cohort data."""
    a, b = (np.array([pair[group].successes for pair in pairs], float) for group in (1, 0))
    n1, n0 = (np.array([pair[group].trials for pair in pairs], float) for group in (1, 0))
    n = n1 + n0
    weight = (n1 * n0 / n).sum()
    estimate = (n1 * n0 / n * (a / n1 - b / n0)).sum() / weight
    p = ((n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / n**2).sum()
    q = ((a * (n0 - b) + b * (n1 - a)) / (2 * n)).sum()
    return float((estimate - delta) / (np.sqrt(delta * p + q) / weight))


def test_the_interval_of_the_difference_is_what_the_test_does_not_reject() -> None:
    found = known(BERKELEY, 0.9)
    z = norm.ppf(0.95)
    low = brentq(lambda d: distance(d, BERKELEY) - z, found.difference - 0.2, found.difference)
    high = brentq(lambda d: distance(d, BERKELEY) + z, found.difference, found.difference + 0.2)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    assert found.difference == pytest.approx(found.difference + distance(found.difference, BERKELEY), abs=1e-12)


@given(PAIRS)
def test_what_must_hold(pairs: list[Pair]) -> None:
    found = stratified(pairs)
    assume(isinstance(found, Stratified))
    found = known(pairs)
    back = known([(b, a) for a, b in pairs])
    narrow = known(pairs, 0.8)
    assert -1 <= found.low <= narrow.low <= found.difference <= narrow.high <= found.high <= 1
    assert (back.difference, back.low, back.high) == pytest.approx(
        (-found.difference, -found.high, -found.low), abs=1e-9
    )
    assert back.p_value == pytest.approx(found.p_value)
    if found.odds_interval:
        low, high = found.odds_interval
        assert low <= found.odds_ratio * (1 + 1e-12)
        assert found.odds_ratio <= high * (1 + 1e-12)
        assert log(back.odds_ratio) == pytest.approx(-log(found.odds_ratio), abs=1e-9)


@given(PAIRS, st.randoms())
def test_the_order_of_the_strata_does_not_matter(pairs: list[Pair], random: Random) -> None:
    again = sorted(pairs, key=lambda _: random.random())
    found, other = stratified(pairs), stratified(again)
    if isinstance(found, Stratified) and isinstance(other, Stratified):
        assert (other.difference, other.low) == pytest.approx((found.difference, found.low), abs=1e-9)
    else:
        assert found == other


@pytest.mark.parametrize("chances", [(0.2, 0.3), (0.05, 0.05), (0.5, 0.2)])
@pytest.mark.parametrize("sizes", [[(100, 80)], [(60, 25), (30, 90)], [(4, 5)] * 20])
def test_the_interval_holds_as_often_as_it_says(chances: tuple[float, float], sizes: list[tuple[int, int]]) -> None:
    random = np.random.default_rng(17)
    held = rounds = 0
    for _ in range(600):
        found = stratified(
            [
                (Share(int(random.binomial(a, chances[0])), a), Share(int(random.binomial(b, chances[1])), b))
                for a, b in sizes
            ]
        )
        if isinstance(found, Stratified):
            rounds += 1
            held += found.low <= chances[1] - chances[0] <= found.high
    assert held / rounds == pytest.approx(0.95, abs=0.035)


def test_a_group_that_wins_all_keeps_a_width() -> None:
    found = known([(Share(0, 10), Share(10, 10))])
    assert (found.difference, found.high) == (1.0, 1.0)
    assert 0.5 < found.low < 0.7
    assert (found.odds_ratio, found.odds_interval) == (inf, None)
    assert known([(Share(10, 10), Share(0, 10))]).odds_ratio == 0.0


def test_strata_with_one_group_are_counted() -> None:
    whole = (Share(3, 10), Share(6, 12))
    found = known([whole, (NOTHING, Share(4, 9)), (Share(1, 2), NOTHING)])
    assert (found.strata, found.left_out) == (1, 2)
    assert found.difference == known([whole]).difference


@pytest.mark.parametrize(
    "pairs, reason",
    [
        ([], "no stratum holds both groups"),
        ([(NOTHING, Share(1, 2))], "no stratum holds both groups"),
        ([(Share(0, 9), Share(0, 5))], "no difference between the outcomes: all are the same"),
        ([(Share(9, 9), Share(5, 5))], "no difference between the outcomes: all are the same"),
    ],
)
def test_nothing_to_compare(pairs: list[Pair], reason: str) -> None:
    assert stratified(pairs) == Unknown(reason)


def test_huge_strata() -> None:
    found = known([(Share(10**8, 10**9), Share(2 * 10**8, 10**9))] * 2)
    assert found.difference == pytest.approx(0.1)
    assert found.high - found.low == pytest.approx(2 * 1.96 * (0.25 / 2e9) ** 0.5, rel=1e-3)

"""Intervals against opinions from outside: the literature, scipy, statsmodels, exact arithmetic, and dense grids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, localcontext
from itertools import product
from math import sqrt
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, norm
from statsmodels.stats.proportion import proportion_confint

from engine.company import read_company
from engine.document import parse as parse_document
from engine.facts import Observation
from engine.formula import derive_for, evaluate
from engine.formula import parse as parse_formula
from engine.session import DEFAULT_POLICY, open_policy
from engine.statistics.proportion import wilson

Z = float(norm.ppf(0.975))
TODAY = date(2026, 10, 31)


# ---- a share that was counted


@pytest.mark.parametrize(
    "successes, trials, low, high",
    [
        # R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998)
        # 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # by hand: z^2 = 3.841459; 0 of n ends at z^2 / (n + z^2), n of n begins at n / (n + z^2)
        (0, 1, 0.0, 0.7935),
        (1, 1, 0.2065, 1.0),
        (0, 3, 0.0, 0.5615),
        (1, 2, 0.0945, 0.9055),
    ],
)
def test_published_and_worked_values(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("trials", [*range(1, 31), 100, 1000, 12345])
def test_both_libraries_agree_on_every_count(trials: int) -> None:
    """0 of n, n of n and n = 1 included."""
    for successes in range(trials + 1) if trials <= 30 else (0, 1, 2, trials // 3, trials - 1, trials):
        found = wilson(successes, trials)
        theirs = binomtest(successes, trials).proportion_ci(0.95, method="wilson")
        assert found == pytest.approx((theirs.low, theirs.high), rel=1e-9, abs=1e-15)
        assert found == pytest.approx(proportion_confint(successes, trials, method="wilson"), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("trials", [1, 2, 10, 1000, 10**9])
def test_the_ends_of_none_and_all_have_a_closed_form(trials: int) -> None:
    of_none, of_all = wilson(0, trials), wilson(trials, trials)
    assert (of_none[0], of_all[1]) == (0.0, 1.0)
    assert (of_none[1], of_all[0]) == pytest.approx((Z**2 / (trials + Z**2), trials / (trials + Z**2)), rel=1e-12)


def exact(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's formula with sixty digits: what is lost in rounding shows."""
    with localcontext() as context:
        context.prec = 60
        k, n, z = Decimal(successes), Decimal(trials), Decimal(Z)
        centre, half = (k + z * z / 2) / (n + z * z), z / (n + z * z) * (k * (n - k) / n + z * z / 4).sqrt()
        return float(centre - half), float(centre + half)


@pytest.mark.parametrize(
    "successes, trials",
    [
        (1, 10**9),
        (10**9 - 1, 10**9),
        (3, 10**12),
        (10**15, 2 * 10**15),
        (7, 10**6),
        (21, 130),
        (1, 3),
        (10**300, 10**301),
    ],
)
def test_large_counts_lose_nothing(successes: int, trials: int) -> None:
    assert wilson(successes, trials) == pytest.approx(exact(successes, trials), rel=1e-12)


counts = st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_the_ends_are_where_the_score_test_turns(of: tuple[int, int]) -> None:
    """The definition: the shares p for which |p^ - p| <= z sqrt(p (1 - p) / n)."""
    successes, trials = of
    share = successes / trials
    for end in wilson(successes, trials):
        if 0 < end < 1:
            assert abs(share - end) == pytest.approx(Z * sqrt(end * (1 - end) / trials), rel=1e-6, abs=1e-12)


@given(counts)
def test_successes_and_failures_are_treated_alike(of: tuple[int, int]) -> None:
    successes, trials = of
    low, high = wilson(successes, trials)
    assert wilson(trials - successes, trials) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(counts, st.integers(2, 50))
def test_more_of_the_same_is_known_better(of: tuple[int, int], times: int) -> None:
    low, high = wilson(*of)
    closer_low, closer_high = wilson(of[0] * times, of[1] * times)
    assert low - 1e-15 <= closer_low < closer_high <= high + 1e-15


@pytest.mark.parametrize("trials", [1, 5, 10, 30, 100, 1000])
def test_it_covers_the_truth_as_often_as_it_should(trials: int) -> None:
    """Exact coverage over a grid of true shares: about 95 % on average, never far below away from 0 and 1.

    Brown, Cai and DasGupta (see engine/statistics/proportion.py) show the same: the mean is close to nominal from n = 10 on, and the
    dips near 0 and 1 do not go below 83 %.
    """
    ends = np.array([wilson(k, trials) for k in range(trials + 1)])
    truths = np.linspace(0.0005, 0.9995, 1000)
    inside = (ends[:, :1] <= truths) & (truths <= ends[:, 1:])
    coverage = (binom.pmf(np.arange(trials + 1)[:, None], trials, truths) * inside).sum(axis=0)
    middle = (truths > 0.1) & (truths < 0.9)
    assert coverage.min() > (0.83 if trials > 1 else 0.79)
    assert coverage[middle].min() > (0.89 if trials > 1 else 0.79)
    if trials >= 10:
        assert coverage.mean() == pytest.approx(0.95, abs=0.01)


# ---- what a formula makes of it


Plain = Callable[[float, float], float]
OPERATORS: dict[str, Plain] = {
    "x.a + x.b": lambda a, b: a + b,
    "x.a - x.b": lambda a, b: a - b,
    "x.a * x.b": lambda a, b: a * b,
    "x.a / x.b": lambda a, b: a / b,
    "min(x.a, x.b)": min,
    "max(x.a, x.b)": max,
    "-x.a - x.b": lambda a, b: -a - b,
    "first_known(x.c, x.a) * value_of(x.b)": lambda a, b: a * b,
}
INTERVALS = [
    (-6.0, -4.0, -1.5),
    (-6.0, -3.0, 0.0),
    (-2.0, 0.5, 7.0),
    (0.0, 2.0, 5.0),
    (1.5, 1.5, 1.5),
    (0.25, 3.0, 1e6),
]
EXACT = (-2.5, -1.0, 0.0, 0.3, 1.0, 4.0)
GRID = 1000


def ends(text: str, a: Observation, b: Observation) -> tuple[float, float, float] | None:
    found = evaluate(parse_formula(text), {"x.a": a, "x.b": b}, {})
    if found is None or found.low is None or found.high is None:
        return None
    return found.low, found.number, found.high


def grid(low: float, high: float) -> list[float]:
    return [low + (high - low) * step / GRID for step in range(GRID)] + [high]


def divides_by_zero(text: str, interval: tuple[float, float, float], exact_value: float, left: bool) -> bool:
    if "/" not in text:
        return False
    return exact_value == 0 if left else interval[0] <= 0 <= interval[2]


@pytest.mark.parametrize("left", [True, False], ids=["left", "right"])
@pytest.mark.parametrize("text", OPERATORS)
def test_the_ends_are_the_extremes_of_a_dense_grid(text: str, left: bool) -> None:
    """Every operator, every combination of signs, the uncertain operand on either side: sound, and tight."""
    plain = OPERATORS[text]
    for interval, value in product(INTERVALS, EXACT):
        low, middle, high = interval
        uncertain, certain = Observation(middle, low, high), Observation(value)
        found = ends(text, *((uncertain, certain) if left else (certain, uncertain)))
        if divides_by_zero(text, interval, value, left):
            assert found is None
            continue
        if "value_of" in text and not left:
            assert found is None
            continue
        points = [plain(x, value) if left else plain(value, x) for x in grid(low, high)]
        expected = min(points), plain(middle, value) if left else plain(value, middle), max(points)
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-12), (interval, value)


CHAINS: dict[str, Callable[[float], float]] = {
    "100 * (x.a - 0.2)": lambda a: 100 * (a - 0.2),
    "1 - x.a": lambda a: 1 - a,
    "x.a / 0.16 - 1": lambda a: a / 0.16 - 1,
    "1 / (1 + x.a)": lambda a: 1 / (1 + a),
    "max(0, min(x.a, 0.3)) * 12": lambda a: max(0, min(a, 0.3)) * 12,
    "(0.5 - x.a) / (2 * 0.5)": lambda a: (0.5 - a) / (2 * 0.5),
    "-(3 - 2 * x.a) / -0.5": lambda a: -(3 - 2 * a) / -0.5,
}


@pytest.mark.parametrize("text", CHAINS)
@pytest.mark.parametrize("successes, trials", [(0, 1), (1, 1), (0, 40), (40, 40), (21, 130), (500, 10**6)])
def test_a_counted_share_through_a_formula_holds_every_draw(text: str, successes: int, trials: int) -> None:
    low, high = proportion_confint(successes, trials, method="wilson")
    share, random, plain = successes / trials, Random(1), CHAINS[text]
    found = ends(text, Observation(share, *wilson(successes, trials)), Observation(0.0))
    assert found is not None
    draws = [plain(random.uniform(low, high)) for _ in range(2000)]
    at_ends = plain(low), plain(high)
    assert found == pytest.approx((min(at_ends), plain(share), max(at_ends)), rel=1e-9, abs=1e-9)
    assert found[0] - 1e-9 <= min(draws) <= max(draws) <= found[2] + 1e-9


@given(st.lists(st.sampled_from(["+ 3", "- 3", "* 2.5", "* -0.5", "/ 4", "/ -0.1"]), max_size=6), st.randoms())
def test_any_chain_of_steps_is_as_wide_as_its_ends(steps: list[str], random: Random) -> None:
    """One uncertain operand, read once: the chain is monotone, so its ends are those of the operand."""
    low, middle, high = sorted(random.uniform(-100, 100) for _ in range(3))
    assume(low < high)
    text = "x.a"
    for step in steps:
        text = f"({text}) {step}"
    found = ends(text, Observation(middle, low, high), Observation(0.0))
    assert found is not None
    at = [ends(text, Observation(x, x, x), Observation(0.0)) for x in (low, high)]
    reached = [x[1] for x in at if x is not None]
    assert (found[0], found[2]) == pytest.approx((min(reached), max(reached)), rel=1e-12)


def test_counts_in_a_file_are_the_interval_of_the_shipped_fact_and_of_what_is_derived_from_it() -> None:
    policy = open_policy(DEFAULT_POLICY, TODAY).policy
    facts = "{sales.win_rate: {successes: 21, trials: 130}, sales.win_rate_prior_12m: 20%}"
    document = parse_document(f"company: Acme\nas_of: 2026-10-31\nfacts: {facts}\n", "company.yaml")
    known = read_company(document, policy, None, TODAY).facts
    rate = known["sales.win_rate"]
    assert (rate.low, rate.high) == pytest.approx(proportion_confint(21, 130, method="wilson"))
    derived, _ = derive_for(policy, known)
    assert rate.low is not None
    assert rate.high is not None
    ratio = derived["sales.win_rate_to_prior"]
    assert (ratio.low, ratio.high) == pytest.approx((rate.low / 0.2, rate.high / 0.2))

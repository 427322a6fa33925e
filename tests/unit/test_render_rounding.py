from __future__ import annotations

import doctest
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.conclusion import Evaluation
from engine.render import rounding
from engine.render.rounding import decimals_apart, points, shares
from engine.render.wording import number, outward, percent, signed
from tests.golden.answers import HELD_BACK, KEEP

values = st.lists(st.floats(-100, 100), min_size=1, max_size=40)


@given(values, st.integers(0, 3))
@example([0.95], 1)  # nearer to 0.9 than to 1.0, as binary fractions go; its tenfold is a tie
def test_shares_add_up_to_the_rounded_total(parts: list[float], decimals: int) -> None:
    total = sum(parts)
    printed = shares(parts, total, decimals)
    assert round(sum(printed), decimals) == pytest.approx(round(total, decimals))


@given(values, st.integers(0, 3))
def test_no_share_moves_by_more_than_its_last_digit(parts: list[float], decimals: int) -> None:
    printed = shares(parts, sum(parts), decimals)
    assert all(abs(p - v) < 10**-decimals + 1e-6 for p, v in zip(printed, parts, strict=True))


def test_nothing_is_added_to_zero() -> None:
    assert shares([0.0, 0.55, 0.55, -1e-17], 1.1, 0) == (0.0, 1.0, 0.0, 0.0)


def test_no_values_have_no_shares() -> None:
    assert shares([], 0.0, 1) == ()


@pytest.mark.parametrize(
    "value, thresholds, decimals",
    [
        (58.06, [25, 50, 75], 1),
        (49.97, [25, 50, 75], 2),
        (49.9999, [25, 50, 75], 4),
        (50.0, [25, 50, 75], 1),
        (50.04, [25, 50, 75], 1),
        (-25.01, [-25], 2),
        (3.0, [], 1),
        (49.9999999, [25, 50, 75], 7),
    ],
)
def test_a_printed_number_stays_on_its_side_of_a_threshold(
    value: float, thresholds: list[float], decimals: int
) -> None:
    assert decimals_apart(value, thresholds, 1) == decimals


@pytest.mark.parametrize(
    "share, shown", [(0.62, "62 %"), (0.4999, "49.99 %"), (0.5, "50 %"), (0.496, "49.6 %"), (1.0, "100 %")]
)
def test_a_share_below_what_is_needed_never_looks_like_enough(share: float, shown: str) -> None:
    assert percent(share, 0.5) == shown


@pytest.mark.parametrize(
    "value, up, shown",
    [
        (30.2, False, "30"),
        (74.2, True, "74.2"),
        (74.6, True, "74.6"),
        (-4.85, False, "-5"),
        (20.0, True, "20"),
        (25.1, False, "25"),
        (50.0, True, "50"),
    ],
)
def test_bounds_are_rounded_outwards_but_not_into_another_band(value: float, up: bool, shown: str) -> None:
    assert outward(value, up, [25, 50, 75]) == shown


@given(st.floats(-100, 100))
def test_bounds_never_get_narrower(value: float) -> None:
    assert float(outward(value, False, [25, 50])) <= value + 1e-6
    assert float(outward(value, True, [25, 50])) >= value - 1e-6


@pytest.mark.parametrize("value, shown", [(11.26, "+11.3"), (-4.0, "-4.0"), (0.0, "0.0"), (-0.04, "0.0")])
def test_a_zero_has_no_sign(value: float, shown: str) -> None:
    assert signed(value, 1) == shown


@pytest.mark.parametrize("value, shown", [(10.0, "10"), (3.204, "3.2"), (-0.0, "0"), (57.5, "57.5")])
def test_plain_numbers_are_short(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize("evaluation", [HELD_BACK, KEEP])
def test_printed_points_add_up(evaluation: Evaluation) -> None:
    printed = points(evaluation, [25, 50, 75])
    assert printed is not None
    assert round(sum(printed.indicators.values()), 1) == printed.score
    for result in evaluation.indicators:
        if result.points is not None:
            lines = [printed.evidence[item.name] for item in result.evidence]
            lines.append(printed.limits.get(result.name, 0.0))
            assert round(sum(lines), 1) == printed.indicators[result.name]


def test_without_a_score_there_are_no_points() -> None:
    assert points(replace(HELD_BACK, score=None), [25]) is None


def test_the_example_is_true() -> None:
    assert doctest.testmod(rounding) == doctest.TestResults(failed=0, attempted=1)

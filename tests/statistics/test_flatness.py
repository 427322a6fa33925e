"""How many would have shown a flat rate flat: by formula, and by trying."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy import stats

from engine.statistics.flatness import Precision, months_for_flat, trials_for_flat
from engine.statistics.trend import State, Trend, trend

from ..simulation.companies import World, judged
from .series import known, rates


def test_the_number_by_hand() -> None:
    """12 months of 300 at 10 %: s² of the slope is 1 / (300 · 0.1 · 0.9 · 143), of the change 0.9² times that."""
    error = 0.9 * (300 * 0.1 * 0.9 * 143) ** -0.5
    reach = stats.t.ppf(0.95, 10) + stats.norm.ppf(0.9)
    by_hand = 300 * (error * reach / 0.0198026) ** 2
    assert trials_for_flat(Precision(error, 12, 2, 0.9), 0.02, 300) == pytest.approx(by_hand, abs=1)
    assert by_hand == pytest.approx(1537, abs=1)


def test_the_months_by_hand() -> None:
    error = 0.9 * (300 * 0.1 * 0.9 * 143) ** -0.5

    def enough(months: int) -> bool:
        shrunk = error * (143 / (months * (months**2 - 1) / 12)) ** 0.5
        return bool(shrunk * (stats.t.ppf(0.95, months - 2) + stats.norm.ppf(0.9)) <= 0.0198026)

    found = months_for_flat(Precision(error, 12, 2, 0.9), 0.02)
    assert found is not None
    assert enough(found)
    assert not enough(found - 1)


def test_ten_years_are_too_long() -> None:
    assert months_for_flat(Precision(40.0, 6, 2, 0.9), 0.02) is None
    assert trials_for_flat(Precision(40.0, 6, 2, 0.9), 0.02, 10) > 10**6


@pytest.mark.parametrize("dispersion", [1.0, 3.0])
def test_as_many_as_are_named_show_it(dispersion: float) -> None:
    """Promised are 80 %; the scatter is only estimated, which costs a little."""
    world = World(0.2, dispersion=dispersion)
    answers = [answer for company in world.companies(100, 31) if isinstance(answer := trend(company), Trend)]
    trials = sorted(answer.trials_for_flat or 0 for answer in answers)[50]
    months = sorted(answer.months_for_flat or 0 for answer in answers)[50]
    assert judged(replace(world, leads=trials), 200, 32).flat_shown == pytest.approx(0.77, abs=0.1)
    assert judged(replace(world, months=months), 200, 33).flat_shown == pytest.approx(0.81, abs=0.1)


def test_named_only_where_it_is_open() -> None:
    rising = known(trend(rates(range(20, 44, 2), 300)))
    assert rising.state is State.RISING
    assert (rising.trials_for_flat, rising.months_for_flat) == (None, None)

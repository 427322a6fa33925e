"""A small run of what `python -m tests.simulation` does at length, with margins wide enough for 200 companies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .companies import Tally, World, judged

FLAT = World(0.1)


@pytest.mark.parametrize(
    "world, part, least, most",
    [
        (World(0.1), lambda t: t.trends, 0.0, 0.12),
        (World(0.1, dispersion=3), lambda t: t.trends, 0.02, 0.17),
        (World(0.1, monthly_change=0.05), lambda t: t.rising, 0.90, 1.0),
        (World(0.1, monthly_change=-0.05), lambda t: t.declining, 0.77, 0.95),
        (World(0.1, leads=3000), lambda t: t.flat_shown, 0.85, 1.0),
        (World(0.5, quarter_end=3), lambda t: t.seasons, 0.99, 1.0),
        (World(0.5, quarter_end=3), lambda t: t.trends, 0.0, 0.15),
        (World(0.001), lambda t: t.unknown, 0.95, 1.0),
    ],
)
def test_the_trend_is_right_as_often_as_it_should(
    world: World, part: Callable[[Tally], float], least: float, most: float
) -> None:
    assert least <= part(judged(world, 200, seed=2024)) <= most


def test_the_same_seed_is_the_same_company() -> None:
    assert list(FLAT.companies(3, 1)) == list(FLAT.companies(3, 1))
    assert list(FLAT.companies(3, 1)) != list(FLAT.companies(3, 2))


def test_the_counts_scatter_as_much_as_asked() -> None:
    world = World(0.1, months=2000, dispersion=3)
    (company,) = world.companies(1, 3)
    wins = [share.successes for share in company.values()]
    mean = sum(wins) / len(wins)
    assert mean == pytest.approx(30, abs=1)
    assert sum((won - mean) ** 2 for won in wins) / len(wins) / 27 == pytest.approx(3, abs=0.4)

"""The plot of values with their bounds: never wider than asked, and true to the levels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.render.plot import Bar, plot, room
from engine.render.text import printed

LEVELS = {-25.0: "keep from -25", 25.0: "tilt from 25", 50.0: "shift from 50"}


def drawn(bars: list[Bar], columns: int = 100) -> list[str]:
    return printed(plot(bars, LEVELS, columns), colour=False).splitlines()


def test_three_bars() -> None:
    bars = [Bar("2026-07", -12, 44, None), Bar("2026-08", -7, 42, 18), Bar("2026-09", -6, 44, 25)]
    assert drawn(bars) == [
        "   50 |.................. shift from 50",
        "      |",
        "   40 |  :     |     |",
        "      |  :     |     |",
        "   30 |  :     |     |",
        "      |..:.....|.....o... tilt from 25",
        "   20 |  :     |     |",
        "      |  :     o     |",
        "   10 |  :     |     |",
        "      |  :     |     |",
        "    0 |--:-----|-----|---",
        "      |  :     |     |",
        "  -10 |  :     |     |",
        "      |  :",
        "      +------------------",
        "       2026-07     2026-09",
    ]


def test_sixty_bars_have_a_column_each() -> None:
    bars = [Bar(f"{2021 + n // 12}-{n % 12 + 1:02}", -60 + n, 80 - n / 2, n - 30.0) for n in range(60)]
    lines = drawn(bars)
    assert max(map(len, lines)) <= 100
    assert lines[-1].split() == [bar.label for bar in bars[::9]]
    assert sum(line.count("o") for line in lines) - sum(name.count("o") for name in LEVELS.values()) == 60


numbers = st.lists(st.floats(-100, 100), min_size=3, max_size=3).map(sorted)
spans = st.tuples(numbers, st.booleans()).map(
    lambda found: Bar("2026-01", found[0][0], found[0][2], found[0][1] if found[1] else None)
)


@given(bars=st.lists(spans, min_size=1, max_size=room(100)))
def test_it_fits_and_no_value_stands_on_a_level_that_it_does_not_reach(bars: list[Bar]) -> None:
    lines = drawn(bars)
    assert max(map(len, lines)) <= 100
    assert len(lines) <= 40
    # cells of the plot alone: what stands between the axis and the names
    wide = len(lines[-2]) - 7
    body = [line[7 : 7 + wide] for line in lines[:-2]]
    at = next((n for n, line in enumerate(lines) if line.endswith("tilt from 25")), None)
    above = sum(line.count("o") for line in body[: at + 1]) if at is not None else 0
    assert above == sum(bar.value is not None and bar.value >= 25 - 1e-6 for bar in bars)

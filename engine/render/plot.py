"""Values with their bounds over time, in plain characters: a column of the terminal or more for each, the latest on the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from .cells import padded, shortened
from .layout import Line, Run, Style

AXIS = 7
"""Columns of the numbers on the left and the axis beside them."""
NAMES = 26
"""Columns that are kept for the names on the right."""
WIDEST = 6
MOST_ROWS = 21
_STEPS = (1, 2, 2.5, 5, 10, 12.5, 20, 25, 50, 100)
_NOISE = 1e-9
BOUND, OPEN, FAINT, VALUE, LEVEL, ZERO = "|", ":", "'", "o", ".", "-"


@dataclass(frozen=True, slots=True)
class Bar:
    """A value between its bounds; None where only the bounds are known. A faint one is drawn so that it is not taken for the others."""

    label: str
    low: float
    high: float
    value: float | None
    is_faint: bool = False


@dataclass(frozen=True, slots=True)
class _Scale:
    """A row stands for the numbers from its own to that of the row above; row 0 is the top."""

    low: float
    high: float
    step: float

    @property
    def rows(self) -> int:
        return round((self.high - self.low) / self.step) + 1

    def row(self, value: float) -> int:
        return round(self.high / self.step) - floor(value / self.step + _NOISE)

    def number(self, row: int) -> float:
        return self.high - row * self.step


def room(columns: int) -> int:
    """How many bars fit at most."""
    return columns - AXIS - NAMES


def plot(bars: Sequence[Bar], levels: Mapping[float, str], columns: int) -> Iterator[Line]:
    """The bars, of which at most `room(columns)`, with a line at each of some levels and its name; within `columns`."""
    scale = _scale(bars, levels)
    wide = max(1, min(WIDEST, room(columns) // len(bars)))
    names = _names(levels, scale)
    for row in range(scale.rows):
        level = scale.number(row)
        label = f"{level:>{AXIS - 2}g} " if _is_multiple(level, 2 * scale.step) else " " * (AXIS - 1)
        ground = ZERO if level == 0 else LEVEL if row in names else " "
        cells = [run for bar in bars for run in _cell(bar, row, (scale, ground, wide))]
        name = shortened(names[row], columns - AXIS - wide * len(bars) - 1) if row in names else ""
        yield (Run(label, Style.ASIDE), Run("|", Style.ASIDE), *cells, Run(f" {name}", Style.ASIDE))
    yield (Run(" " * (AXIS - 1) + "+" + "-" * (wide * len(bars)), Style.ASIDE),)
    yield (Run(" " * AXIS + _labels(bars, wide), Style.ASIDE),)


def _scale(bars: Sequence[Bar], levels: Mapping[float, str]) -> _Scale:
    """A scale that holds every bound and 0. A row begins at every level, so that a value never stands on a level that it does not reach."""
    low = min(0.0, *(bar.low for bar in bars))
    high = max(0.0, *(bar.high for bar in bars))
    fine = [step for step in _STEPS if all(_is_multiple(level, step) for level in levels)]
    found = [_Scale(_down(low, step), _down(high, 2 * step) + 2 * step, step) for step in fine or _STEPS]
    return next((scale for scale in found if scale.rows <= MOST_ROWS), found[-1])


def _down(value: float, step: float) -> float:
    return floor(value / step + _NOISE) * step


def _is_multiple(value: float, step: float) -> bool:
    return abs(value / step - round(value / step)) < _NOISE


def _names(levels: Mapping[float, str], scale: _Scale) -> dict[int, str]:
    """The name of the level of each row that has one; the first where two fall together."""
    found: dict[int, str] = {}
    for level, name in levels.items():
        if scale.low <= level <= scale.high:
            found.setdefault(scale.row(level), name)
    return found


def _cell(bar: Bar, row: int, how: tuple[_Scale, str, int]) -> Iterator[Run]:
    scale, ground, wide = how
    before = (wide - 1) // 2
    yield Run(ground * before, Style.ASIDE)
    if bar.value is not None and scale.row(bar.value) == row:
        yield Run(VALUE, Style.TITLE)
    elif scale.row(bar.high) <= row <= scale.row(bar.low):
        yield Run(FAINT if bar.is_faint else BOUND if bar.value is not None else OPEN)
    else:
        yield Run(ground, Style.ASIDE)
    yield Run(ground * (wide - before - 1), Style.ASIDE)


def _labels(bars: Sequence[Bar], wide: int) -> str:
    """Labels below the bars, as many as there is room for; the first and every so many after it."""
    longest = max(len(bar.label) for bar in bars)
    every = ceil((longest + 2) / wide)
    text = ""
    for number in range(0, len(bars), every):
        text = padded(text, number * wide) + bars[number].label
    return text

"""Numbers and lists as they stand in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor

from .rounding import MOST_DECIMALS, decimals_apart, same_side


def listed(parts: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def quoted(parts: Iterable[str], last: str = "and") -> str:
    """`"a", "b" and "c"`."""
    return listed([f'"{part}"' for part in parts], last)


def capital(text: str) -> str:
    """A text with its first letter large."""
    return text[:1].upper() + text[1:]


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 answer`, `2 answers`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def number(value: float) -> str:
    """A plain number: at most two decimals, no minus before a zero."""
    return f"{round(value, 2) + 0.0:g}"


def signed(value: float, decimals: int) -> str:
    """Points with their sign; zero has none."""
    return f"{value:+.{decimals}f}" if round(value, decimals) else f"{0:.{decimals}f}"


def percent(share: float, *thresholds: float) -> str:
    """A share, in whole percent unless that would seem to reach a threshold that it does not reach."""
    decimals = decimals_apart(100 * share, [100 * threshold for threshold in thresholds], 0)
    return f"{100 * share:.{decimals}f} %"


def span(low: float, high: float) -> str:
    """`10-20`, or `up to 5`."""
    return f"up to {number(high)}" if low == 0 else f"{number(low)}-{number(high)}"


def counted_points(points: float) -> str:
    """`1 point`, `5 points`."""
    return f"{number(points)} {'point' if points == 1 else 'points'}"


def outward(value: float, up: bool, thresholds: Iterable[float]) -> str:
    """An end of a range, rounded so that the range gets no narrower and reaches no threshold that it does not."""
    limits = list(thresholds)

    def rounded(decimals: int) -> float:
        unit = 10.0**decimals
        # the noise of binary fractions must not push an exact end outwards
        return (ceil(value * unit - 1e-6) if up else floor(value * unit + 1e-6)) / unit

    decimals = next((d for d in range(MOST_DECIMALS) if same_side(rounded(d), value, limits)), MOST_DECIMALS)
    return f"{rounded(decimals):.{decimals}f}"

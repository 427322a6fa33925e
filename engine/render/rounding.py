"""Printed numbers that still add up, and that stay on their own side of a threshold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from ..conclusion import Evaluation, IndicatorResult
from ..condition import less

MOST_DECIMALS = 9
"""Enough for any difference that counts: comparisons have a tolerance of 1e-9."""
# Far below anything printed: takes the noise of binary fractions out before whole parts are cut off.
_NOISE = 9


def shares(values: Sequence[float], total: float, decimals: int) -> tuple[float, ...]:
    """Values rounded so that they add up to the rounded total, by the method of the largest remainder.

    >>> shares([17.84, 17.84, 16.52], 52.2, 1)
    (17.9, 17.8, 16.5)

    `total` is the sum of the values, or what that sum was rounded to in a table above.
    """
    if not values:
        return ()
    unit = 10**decimals
    scaled = [round(value * unit, _NOISE) for value in values]
    whole = [floor(value) for value in scaled]
    left = round(round(total, decimals) * unit) - sum(whole)
    by_remainder = sorted(range(len(values)), key=lambda i: (whole[i] - scaled[i], i))
    for n in range(left):
        whole[by_remainder[n % len(values)]] += 1
    # what the sum was rounded to elsewhere may lie below it
    for n in range(-left):
        whole[by_remainder[-1 - n % len(values)]] -= 1
    return tuple(value / unit for value in whole)


def same_side(shown: float, value: float, thresholds: Iterable[float]) -> bool:
    """Whether a printed value is on the same side of every threshold as the value itself."""
    return all(less(shown, threshold) == less(value, threshold) for threshold in thresholds)


def decimals_apart(value: float, thresholds: Iterable[float], fewest: int) -> int:
    """The fewest decimals with which a value is on its own side of every threshold."""
    limits = list(thresholds)
    enough = (d for d in range(fewest, MOST_DECIMALS) if same_side(round(value, d), value, limits))
    return next(enough, MOST_DECIMALS)


@dataclass(frozen=True, slots=True)
class Points:
    """The printed points of the score, the indicators, the evidence items, and the caps or floors of the indicators.

    Those of the items and of the cap add up to those of the indicator, and these to the score.
    """

    decimals: int
    score: float
    indicators: Mapping[str, float]
    evidence: Mapping[str, float]
    limits: Mapping[str, float]


def points(evaluation: Evaluation, thresholds: Iterable[float]) -> Points | None:
    """The printed points of an evaluation; None where there is no score. `thresholds` are the ends of the bands."""
    if evaluation.score is None:
        return None
    decimals = decimals_apart(evaluation.score, thresholds, 1)
    counted = [result for result in evaluation.indicators if result.points is not None]
    rounded = shares([result.points or 0.0 for result in counted], evaluation.score, decimals)
    evidence: dict[str, float] = {}
    limits: dict[str, float] = {}
    for result, total in zip(counted, rounded, strict=True):
        lines = _lines(result)
        of_lines = dict(zip(lines, shares(list(lines.values()), total, decimals), strict=True))
        limits |= {name: value for name, value in of_lines.items() if name == result.name}
        evidence |= {name: value for name, value in of_lines.items() if name != result.name}
    by_name = {result.name: value for result, value in zip(counted, rounded, strict=True)}
    return Points(decimals, round(evaluation.score, decimals), by_name, evidence, limits)


def _lines(result: IndicatorResult) -> dict[str, float]:
    """The contributions of one indicator by evidence; that of its cap or floor under its own name."""
    lines = {item.name: item.points for item in result.evidence if item.points is not None}
    if result.limit is not None and result.limit.points is not None:
        lines[result.name] = result.limit.points
    return lines

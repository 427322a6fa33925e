"""The interval of a sum from the intervals of its parts."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple


class Part(NamedTuple):
    """An estimate with its interval, and what it is multiplied by in the sum."""

    weight: float
    estimate: float
    low: float
    high: float


def combined(parts: Iterable[Part]) -> tuple[float, float, float]:
    """The weighted sum of independent estimates and its interval, (sum, low, high), at the confidence of the parts.

    The method of variance estimates recovery: each end of the sum lies as far out as the square root of the summed squares of
    the distances to the ends that pull that way, so that the skewness of the parts is kept. G. Y. Zou and A. Donner,
    Construction of confidence limits about effect measures: a general approach, Statistics in Medicine 27 (2008) 1693-1702. For
    the difference of two proportions it is Newcombe's interval.
    """
    centre = below = above = 0.0
    for weight, estimate, low, high in parts:
        ends = sorted((weight * low, weight * high))
        middle = weight * estimate
        centre += middle
        below += (middle - ends[0]) ** 2
        above += (ends[1] - middle) ** 2
    return centre, centre - sqrt(below), centre + sqrt(above)

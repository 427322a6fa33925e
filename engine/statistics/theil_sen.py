"""The slope of a series that no single month can bend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import median

from .distributions import normal_within


@dataclass(frozen=True, slots=True)
class Slope:
    """Change per unit of x, with its interval."""

    value: float
    low: float
    high: float
    confidence: float


def pair_slopes(points: Iterable[tuple[float, float]]) -> list[float]:
    """The slope between every two points (x, y) of different x."""
    given = list(points)
    return [(b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(given) for b in given[i + 1 :] if a[0] != b[0]]


def theil_sen(slopes: Iterable[float], variance: float, confidence: float = 0.9) -> Slope:
    """The median of the slopes of all pairs, and the interval by rank.

    `variance` is that of Kendall's S over the same pairs. With N slopes in order and C = z √variance, the ends are those of
    rank (N − C) / 2 and (N + C) / 2 + 1, to the nearest: P. K. Sen, Journal of the American Statistical Association 63 (1968)
    1379-1389; R. O. Gilbert, Statistical Methods for Environmental Pollution Monitoring (1987), 16.5, who interpolates between
    ranks. Gilbert 17.5 gives the same for seasons. Raises ValueError without slopes and unless 0 < confidence < 1.
    """
    ordered = sorted(slopes)
    if not ordered:
        raise ValueError("there is no slope without two values")
    reach = normal_within(confidence) * sqrt(variance)
    low = max(0, round((len(ordered) - reach) / 2) - 1)
    high = min(len(ordered) - 1, round((len(ordered) + reach) / 2))
    return Slope(median(ordered), ordered[low], ordered[high], confidence)

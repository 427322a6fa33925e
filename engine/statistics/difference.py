"""Two shares against each other."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from .combination import Part, combined
from .distributions import normal_tail
from .fisher import fisher
from .proportion import Share

FEW = 5
"""Below this many expected events in a cell the normal approximation of the test is left (W. G. Cochran, 1954)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The second rate less the first, as a ratio (0.05 is five points), with its interval; z is None where Fisher's test stands in."""

    first: Share
    second: Share
    change: float
    low: float
    high: float
    confidence: float
    p_value: float
    z: float | None

    @property
    def is_exact(self) -> bool:
        """Whether the p-value is that of Fisher's exact test."""
        return self.z is None


def fewest_expected(first: Share, second: Share) -> float:
    """The smallest count that equal rates would bring in any of the four cells."""
    both = first + second
    return min(first.trials, second.trials) * min(both.successes, both.failures) / both.trials


def compare(first: Share, second: Share, confidence: float = 0.95) -> Difference:
    """The second share less the first: Newcombe's interval, and the p-value that both rates are the same, two-sided.

    p is that of the pooled z-test without continuity correction, below 5 expected events in any cell that of Fisher's exact
    test. Raises ValueError where a group has no trials, and unless 0 < confidence < 1.
    """
    change, low, high = newcombe(first, second, confidence)
    if fewest_expected(first, second) < FEW:
        return Difference(first, second, change, low, high, confidence, fisher(first, second), None)
    pooled = (first + second).rate
    z = change / sqrt(pooled * (1 - pooled) * (1 / first.trials + 1 / second.trials))
    return Difference(first, second, change, low, high, confidence, normal_tail(z), z)


def newcombe(first: Share, second: Share, confidence: float = 0.95) -> tuple[float, float, float]:
    """The second share less the first and its hybrid score interval, (difference, low, high) within -1..1.

    Method 10 of R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven
    methods, Statistics in Medicine 17 (1998) 873-890. Raises ValueError as `compare` does.
    """
    before = Part(-1.0, first.rate, *first.interval(confidence))
    after = Part(1.0, second.rate, *second.interval(confidence))
    change, low, high = combined((before, after))
    return change, max(-1.0, low), min(1.0, high)

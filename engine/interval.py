"""How precisely a counted share is known."""

from __future__ import annotations

from functools import cache
from math import sqrt
from statistics import NormalDist


@cache
def _quantile(confidence: float) -> float:
    """How many standard errors hold the central `confidence` of a normal distribution."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of a share, (low, high) within 0..1: 0 of n begins at exactly 0, n of n ends at exactly 1.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22 (1927) 209-212. Preferred for small samples to the textbook interval by L. D. Brown,
    T. T. Cai and A. DasGupta, Interval estimation for a binomial proportion, Statistical Science 16 (2001) 101-133.

    Raises ValueError unless 0 <= successes <= trials, trials >= 1 and 0 < confidence < 1.
    """
    if not 0 <= successes <= trials or trials < 1 or not 0 < confidence < 1:
        raise ValueError(f"no interval for {successes} of {trials} at {confidence}")
    z = _quantile(confidence)
    share = successes / trials
    shrink = 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / shrink
    half = z / shrink * sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    # at the ends the formula gives 0 and 1, less what is lost in rounding
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high

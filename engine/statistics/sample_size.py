"""How many would have to be counted."""

from __future__ import annotations

from math import ceil, sqrt

from .distributions import normal_quantile, normal_within

ROUNDING = 1e-9
"""A size that is whole but for the last bits is not rounded up to the next."""


def per_group(first: float, second: float, power: float = 0.8, significance: float = 0.05) -> int:
    """The trials that each of two groups needs so that a difference between these rates is found with chance `power`, two-sided.

    The pooled z-test: J. L. Fleiss, B. Levin and M. C. Paik, Statistical Methods for Rates and Proportions, 3rd ed. (2003),
    formula 4.14, without continuity correction. Raises ValueError unless all four lie between 0 and 1 and the rates differ.
    """
    if not (0 < first < 1 and 0 < second < 1) or first == second:
        raise ValueError(f"no sample size tells {first} from {second}")
    mean = (first + second) / 2
    missed = normal_within(1 - significance) * sqrt(2 * mean * (1 - mean))
    found = normal_quantile(power) * sqrt(first * (1 - first) + second * (1 - second))
    return ceil(((missed + found) / (first - second)) ** 2 - ROUNDING)


def for_half_width(rate: float, half_width: float, confidence: float = 0.95) -> int:
    """The trials after which a rate is known to ± half_width, both ratios: z² p (1 − p) / d². Raises ValueError outside 0..1."""
    if not (0 < rate < 1 and 0 < half_width < 1):
        raise ValueError(f"no sample size gives {rate} ± {half_width}")
    return ceil((normal_within(confidence) / half_width) ** 2 * rate * (1 - rate) - ROUNDING)

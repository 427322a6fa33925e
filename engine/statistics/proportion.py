"""How precisely a counted share is known."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from .distributions import normal_within


@dataclass(frozen=True, slots=True)
class Share:
    """Successes among trials: wins among deals, customers among leads. Raises ValueError unless 0 <= successes <= trials."""

    successes: int
    trials: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.trials:
            raise ValueError(f"there cannot be {self.successes} successes in {self.trials} trials")

    def __add__(self, other: Share) -> Share:
        return Share(self.successes + other.successes, self.trials + other.trials)

    @property
    def failures(self) -> int:
        return self.trials - self.successes

    @property
    def rate(self) -> float:
        """0..1. Raises ValueError where there are no trials."""
        if not self.trials:
            raise ValueError("there is no rate of 0 trials")
        return self.successes / self.trials

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Wilson's. Raises ValueError where there are no trials, and unless 0 < confidence < 1."""
        return wilson(self.successes, self.trials, confidence)


NOTHING = Share(0, 0)


def wilson(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of a share, (low, high) within 0..1: 0 of n begins at exactly 0, n of n ends at exactly 1.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American Statistical
    Association 22 (1927) 209-212. Preferred for small samples to the textbook interval by L. D. Brown, T. T. Cai and A.
    DasGupta, Interval estimation for a binomial proportion, Statistical Science 16 (2001) 101-133.

    Raises ValueError unless 0 <= successes <= trials, trials >= 1 and 0 < confidence < 1.
    """
    if not 0 <= successes <= trials or trials < 1 or not 0 < confidence < 1:
        raise ValueError(f"no interval for {successes} of {trials} at {confidence}")
    z = normal_within(confidence)
    share = successes / trials
    shrink = 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / shrink
    half = z / shrink * sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    # at the ends the formula gives 0 and 1, less what is lost in rounding
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high

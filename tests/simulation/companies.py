"""Companies of which the truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.statistics.month import Month
from engine.statistics.proportion import Share
from engine.statistics.trend import State, Trend, trend
from engine.statistics.unknown import Unknown

BEGIN = Month(2023, 1)


@dataclass(frozen=True, slots=True)
class World:
    """A rate that changes by the same factor every month.

    `dispersion` is the variance of the monthly counts over the binomial one (beta-binomial above 1); `quarter_end` multiplies
    the odds of every third month.
    """

    base_rate: float
    monthly_change: float = 0.0
    leads: int = 300
    months: int = 12
    dispersion: float = 1.0
    quarter_end: float = 1.0

    def rate(self, month: int) -> float:
        """The true rate; `month` counts from 0."""
        rate = self.base_rate * (1 + self.monthly_change) ** month
        if month % 3 != 2:
            return rate
        odds = self.quarter_end * rate / (1 - rate)
        return odds / (1 + odds)

    def company(self, random: np.random.Generator) -> dict[Month, Share]:
        return {BEGIN.later(n): Share(self._successes(self.rate(n), random), self.leads) for n in range(self.months)}

    def _successes(self, rate: float, random: np.random.Generator) -> int:
        if self.dispersion > 1:
            # the variance of a beta-binomial is n p q (1 + (n - 1) r), r = 1 / (a + b + 1)
            size = (self.leads - 1) / (self.dispersion - 1) - 1
            rate = random.beta(rate * size, (1 - rate) * size)
        return int(random.binomial(self.leads, rate))

    def companies(self, count: int, seed: int) -> Iterator[dict[Month, Share]]:
        random = np.random.default_rng(seed)
        return (self.company(random) for _ in range(count))


@dataclass(frozen=True, slots=True)
class Tally:
    """Parts of the companies, 0..1, by what was said of them."""

    rising: float
    declining: float
    flat_shown: float
    inconclusive: float
    unknown: float
    seasons: float
    """With season terms."""

    @property
    def trends(self) -> float:
        return self.rising + self.declining


def judged(world: World, count: int, seed: int) -> Tally:
    """What the trend says of so many companies of one world."""
    answers: list[Trend | Unknown] = [trend(company) for company in world.companies(count, seed)]
    states = Counter("unknown" if isinstance(answer, Unknown) else answer.state for answer in answers)
    seasonal = sum(isinstance(answer, Trend) and answer.season != "none" for answer in answers)
    rising, declining, flat, open_, unknown = (states[name] / count for name in (*State, "unknown"))
    return Tally(rising, declining, flat, open_, unknown, seasonal / count)

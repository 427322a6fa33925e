"""A rate that drifts: logistic regression of counts on one number, with an intercept for each group of observations.

With nothing in the model but the group intercepts and one slope the normal equations need no matrix: within each group the
number is centred at its weighted mean, and the slope stands alone. A fit of 36 months takes well under a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, inf, log, log1p, sqrt
from typing import NamedTuple


class Point(NamedTuple):
    """Successes among trials at x, in a group."""

    x: float
    group: int
    successes: int
    trials: int


@dataclass(frozen=True, slots=True)
class Fit:
    """The slope on the logit scale per unit of x, its standard error under binomial spread, and what is left over.

    `deviance` and `pearson` are the two measures of misfit, `parameters` the number of intercepts and the slope.
    """

    slope: float
    standard_error: float
    deviance: float
    pearson: float
    points: int
    parameters: int

    @property
    def df(self) -> int:
        return self.points - self.parameters

    @property
    def dispersion(self) -> float:
        """Pearson's chi-square over its degrees of freedom: 1 where the points scatter as chance alone would."""
        return self.pearson / self.df if self.df > 0 else inf


STEPS = 200
REACH = 30.0
CLOSE = 1e-6
"""The last step worth taking: what is left is of the order of its square."""
ROUNDING = 1e-12
LEAST = 1e-250
"""Odds that are as good as none."""


def fit(points: Iterable[Point]) -> Fit | None:
    """The line of greatest likelihood, by Fisher scoring with halved steps.

    P. McCullagh and J. A. Nelder, Generalized Linear Models, 2nd ed. (1989), 2.5. Points without trials count for nothing. None
    where there is no finite answer: every point of some group all success or all failure, or successes and failures that a
    value of x tells apart in every group (A. Albert and J. A. Anderson, Biometrika 71 (1984) 1-10); nor where 200 steps do not
    find it, as with single cases among a thousand million.
    """
    groups = _by_group(points)
    if not _has_maximum(groups):
        return None
    at = _Place(0.0, [_pooled_logit(group) for group in groups])
    view = _view(groups, at)
    for _ in range(STEPS):
        step, height = view.step, view.likelihood
        at, view = _climb(groups, at, view)
        # with huge counts the top is flat to the last bit before the steps are small
        if view.likelihood <= height or max(abs(step.slope), *map(abs, step.levels)) < CLOSE:
            return _fitted(groups, at, view.information)
    return None


class _Place(NamedTuple):
    """A slope and the intercept of each group; or how far to move them."""

    slope: float
    levels: list[float]


def _by_group(points: Iterable[Point]) -> list[list[Point]]:
    """The points with trials; x is centred, as only differences of x count."""
    given = [point for point in points if point.trials]
    centre = sum(point.x for point in given) / max(1, len(given))
    groups: dict[int, list[Point]] = {}
    for x, group, successes, trials in given:
        groups.setdefault(group, []).append(Point(x - centre, group, successes, trials))
    return list(groups.values())


def _has_maximum(groups: Sequence[Sequence[Point]]) -> bool:
    """Whether successes and failures of every group occur and overlap in x, for a rise and for a fall."""
    rises = falls = False
    for group in groups:
        won = [point.x for point in group if point.successes]
        lost = [point.x for point in group if point.successes < point.trials]
        if not won or not lost:
            return False
        falls = falls or max(lost) > min(won)
        rises = rises or max(won) > min(lost)
    return rises and falls


def _pooled_logit(group: Sequence[Point]) -> float:
    successes = sum(point.successes for point in group)
    return log(successes / (sum(point.trials for point in group) - successes))


class _View(NamedTuple):
    """What is seen from a place: the logarithm of the likelihood less a constant, how far to move, and what is known of the slope."""

    likelihood: float
    step: _Place
    information: float


def _view(groups: Sequence[Sequence[Point]], at: _Place) -> _View:
    """Fisher's step; the information on the slope is what is left once the intercepts are taken out."""
    slope = at.slope
    likelihood = above = information = 0.0
    means = []
    for group, level in zip(groups, at.levels, strict=True):
        weight = weight_x = rest = rest_x = 0.0
        weights = []
        for x, _, successes, trials in group:
            logit = level + slope * x
            e = max(LEAST, exp(-abs(logit)))  # neither end overflows, nor loses all its weight
            chance = (1.0 if logit > 0 else e) / (1 + e)
            w = trials * e / ((1 + e) * (1 + e))
            r = successes - trials * chance
            weight += w
            weight_x += w * x
            weights.append(w)
            rest += r
            rest_x += r * x
            likelihood += successes * logit - trials * (log1p(e) + (logit if logit > 0 else 0.0))
        centre = weight_x / weight
        above += rest_x - rest * centre
        # not Σ w x² − centre Σ w x: where one month has nearly all the weight, nothing would be left of it
        information += sum([w * (point[0] - centre) ** 2 for w, point in zip(weights, group, strict=True)])
        means.append((centre, rest / weight))
    step = above / information
    return _View(likelihood, _Place(step, [rest - step * centre for centre, rest in means]), information)


def _climb(groups: Sequence[Sequence[Point]], at: _Place, view: _View) -> tuple[_Place, _View]:
    """The next place: no logit moves by more than `REACH`, and the step is halved until it does not lead down."""
    far = abs(view.step.slope) * max(abs(point.x) for group in groups for point in group)
    part = min(1.0, REACH / (far + max(map(abs, view.step.levels)) + ROUNDING))
    while part > ROUNDING:
        levels = [level + part * shift for level, shift in zip(at.levels, view.step.levels, strict=True)]
        there = _Place(at.slope + part * view.step.slope, levels)
        seen = _view(groups, there)
        if seen.likelihood >= view.likelihood - abs(view.likelihood) * ROUNDING:
            return there, seen
        part /= 2
    return at, view


def _fitted(groups: Sequence[Sequence[Point]], at: _Place, information: float) -> Fit:
    deviance = pearson = 0.0
    for group, level in zip(groups, at.levels, strict=True):
        for x, _, successes, trials in group:
            logit = level + at.slope * x
            e = max(LEAST, exp(-abs(logit)))
            more, fewer = trials / (1 + e), trials * e / (1 + e)
            won, lost = (more, fewer) if logit > 0 else (fewer, more)
            deviance += 2 * (_surprise(successes, won) + _surprise(trials - successes, lost))
            pearson += (successes - won) ** 2 * (1 / won + 1 / lost)
    points = sum(map(len, groups))
    return Fit(at.slope, 1 / sqrt(information), deviance, pearson, points, len(groups) + 1)


def _surprise(seen: int, expected: float) -> float:
    return seen * log(seen / expected) if seen else 0.0

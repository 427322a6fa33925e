"""Random companies for any policy set: facts missing, on, beside and far from every threshold that a rule compares them with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from math import inf
from random import Random

from engine.condition import FactTest, Operator, leaves, tolerance
from engine.facts import FactDefinition, FactType, Observation
from engine.limits import LARGEST, limits
from engine.policy import PolicySet
from engine.statistics.proportion import wilson
from engine.strata import strata

BESIDE = (0.0, 0.5, -0.5, 1.0, -1.0, 1.5, -1.5, 2.0, -2.0)
"""In tolerances: on the threshold, within its tie, at the end of the tie, beyond it."""
EXTREME = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    1e300,
    -1e300,
    5e-324,
    -5e-324,
    1e-300,
    2.0**53 + 2,
    0.1 + 0.2,
    1e22,
    123456789012346.0,
)
POOL = 16
SMALLEST_RATE = 1e-200
"""Of a possible company: as a quality factor a smaller one is lost in the products of the score."""


def tests(policy: PolicySet) -> tuple[FactTest, ...]:
    """Every comparison of a fact in a rule."""
    rules = strata(policy)
    found = (leaf for rule in (*rules.early, *rules.late) for leaf in leaves(rule.when))
    return tuple(leaf for leaf in found if isinstance(leaf, FactTest))


def thresholds(policy: PolicySet) -> dict[str, list[float]]:
    """The numbers and days that each fact is compared with."""
    found: dict[str, list[float]] = {}
    for test in tests(policy):
        if policy.catalogue[test.fact].type.is_ordered and test.operator is not Operator.KNOWN:
            found.setdefault(test.fact, []).extend(operand.number for operand in test.operands)
    return found


@dataclass(frozen=True, slots=True)
class Pool:
    """What each fact of a policy set may be, to be drawn from: making one observation takes longer than drawing it."""

    names: tuple[str, ...]
    choices: tuple[tuple[Observation, ...], ...]

    def company(self, random: Random, known: float) -> dict[str, Observation]:
        """One company of which about a share of the facts is known."""
        draw, chance = random.choice, random.random
        pairs = zip(self.names, self.choices, strict=True)
        return {name: draw(some) for name, some in pairs if chance() < known}

    def without_ranges(self) -> Pool:
        """The same companies, but each number told."""
        told = tuple(tuple(replace(one, ranged=False) for one in some) for some in self.choices)
        return Pool(self.names, told)

    def completed(self, facts: dict[str, Observation], random: Random) -> dict[str, Observation]:
        """The company with every missing fact known."""
        return {**self.company(random, 1.1), **facts}


def pool(policy: PolicySet, random: Random, possible: bool = False, derived: float = 0.2) -> Pool:
    """Random observations for every input fact and a share of the derived ones; `possible` ones a company file may hold."""
    marks = thresholds(policy)
    stated = [d for d in policy.catalogue.values() if not d.late]
    asked = [d for d in stated if not d.is_derived or random.random() < derived]
    made = {d.name: tuple(_observations(d, marks.get(d.name, [0.0]), random, possible)) for d in asked}
    return Pool(tuple(made), tuple(made.values()))


def _observations(d: FactDefinition, marks: list[float], random: Random, possible: bool) -> Iterator[Observation]:
    for _ in range(POOL):
        match d.type:
            case FactType.CATEGORY:
                yield Observation(random.choice(d.values))
            case FactType.BOOLEAN:
                yield Observation(random.random() < 0.5)
            case FactType.DATE:
                yield Observation(_day(random.choice(marks), random))
            case FactType.SERIES:
                yield Observation((1.0, 2.0))
            case FactType.RATE if d.sampled and random.random() < 0.4:
                yield _counted(random)
            case _:
                yield _measured(d, marks, random, possible)


def _day(mark: float, random: Random) -> date:
    return date.fromordinal(max(1, int(mark) + random.choice((-30, -1, 0, 0, 1, 400))))


def _counted(random: Random) -> Observation:
    trials = random.choice((1, 5, 30, 130, 10**6))
    successes = random.choice((0, trials, random.randint(0, trials)))
    low, high = wilson(successes, trials)
    return Observation(successes / trials, low, high, successes=successes, trials=trials)


def _measured(d: FactDefinition, marks: list[float], random: Random, possible: bool) -> Observation:
    value = _fitting(_number(marks, random), d, possible)
    if random.random() < (0.5 if d.sampled else 0.1):
        ends = sorted((value, *(_fitting(_number(marks, random), d, possible) for _ in range(2))))
        if not possible and random.random() < 0.3:
            return Observation(ends[1], ends[0], ends[2], interval_known=random.random() < 0.7, ranged=True)
        return Observation(ends[1], ends[0], ends[2])
    return Observation(value, interval_known=not d.sampled)


def _fitting(value: float, d: FactDefinition, possible: bool) -> float:
    if not possible:
        return value
    low, high = limits(d)
    if d.type is FactType.RATE and abs(value) < SMALLEST_RATE:
        return 0.0
    value = float(round(value)) if d.type is FactType.COUNT else value
    return min(high, LARGEST, max(low, -LARGEST, value))


def _number(marks: list[float], random: Random) -> float:
    """On or around a threshold, between thresholds, or as large and as small as numbers are."""
    mark = random.choice(marks)
    match random.randrange(10):
        case 0:
            return random.choice(EXTREME)
        case 1 | 2:
            return mark + (1.0 + abs(mark)) * random.uniform(-2.0, 2.0)
        case 3:
            return (mark + random.choice(marks)) / 2
        case 4:
            return min(inf, mark * random.choice((0.1, 0.99, 1.01, 10.0)))
    return mark + random.choice(BESIDE) * tolerance(mark)

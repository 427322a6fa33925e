"""Random companies for a catalogue: facts given, missing, with intervals, as counts, at the ends of their range."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random

from engine.facts import Catalogue, FactDefinition, FactType, Observation
from engine.statistics.proportion import wilson

SCALES = (0.0, 0.01, 0.1, 0.5, 0.9, 1.0, 1.5, 3.0, 7.0, 15.0, 24.0, 30.0, 60.0, 120.0, 1000.0, 25000.0)


def number(definition: FactDefinition, random: Random) -> float:
    """A number the fact may have, often a round one that thresholds like too."""
    low = -1e6 if definition.minimum is None else definition.minimum
    high = 1e6 if definition.maximum is None else definition.maximum
    if definition.type is FactType.RATE:
        return random.choice((random.random(), random.choice((0.0, 0.1, 0.25, 0.3, 0.4, 0.5, 0.8, 1.0))))
    value = random.choice(SCALES) * random.choice((1, 1, -1)) * random.choice((1.0, random.random()))
    value = float(round(abs(value))) if definition.type is FactType.COUNT else value
    return min(high, max(low, value))


def counts(random: Random) -> Observation:
    """A rate as counts, with its interval."""
    trials = random.choice((1, 5, 30, 130, 1000))
    successes = random.randint(0, trials)
    low, high = wilson(successes, trials)
    return Observation(successes / trials, low, high, successes=successes, trials=trials)


def observation(definition: FactDefinition, random: Random) -> Observation:
    """Something that may be known of a fact."""
    match definition.type:
        case FactType.CATEGORY:
            return Observation(random.choice(definition.values))
        case FactType.BOOLEAN:
            return Observation(random.random() < 0.5)
        case FactType.DATE:
            return Observation(date.fromordinal(random.randint(738000, 740000)))
        case FactType.RATE if definition.sampled and random.random() < 0.8:
            return counts(random)
    value = number(definition, random)
    if definition.sampled and random.random() < 0.5:
        spread = abs(value) * random.random() * 0.5
        return Observation(value, value - spread, value + spread)
    return Observation(value, interval_known=not definition.sampled)


def inputs(catalogue: Catalogue) -> list[FactDefinition]:
    """The facts that a company is asked for."""
    return [d for d in catalogue.values() if not d.is_derived and not d.late and d.type is not FactType.SERIES]


def company(catalogue: Catalogue, random: Random, known: float) -> dict[str, Observation]:
    """A company of which a share of the facts is known."""
    return {d.name: observation(d, random) for d in inputs(catalogue) if random.random() < known}


def completed(catalogue: Catalogue, facts: Mapping[str, Observation], random: Random) -> dict[str, Observation]:
    """The company with every missing fact known."""
    return {**{d.name: observation(d, random) for d in inputs(catalogue)}, **facts}

"""The arithmetic of one run, from the early truths to the band: what the late stratum reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .condition import Truth, less
from .facts import Facts, Observation, Origin
from .formula import derive_for
from .policy import Band, Indicator, PolicySet
from .scoring import Score, Strength, Weighed, band_of, score, strength, weigh


@dataclass(frozen=True, slots=True)
class Tally:
    """Decided evidence, strengths, the score and its band; `band` is None below the required coverage."""

    weighed: Mapping[str, tuple[Weighed, ...]]
    strengths: tuple[Strength, ...]
    quality: Mapping[str, float]
    score: Score
    band: Band | None


def quality_of(indicator: Indicator, facts: Facts) -> float:
    """The quality factor 0..1 of an indicator; 1 where it has none."""
    if indicator.quality is None:
        return 1.0
    observation = facts.get(indicator.quality.fact)
    if observation is not None:
        return min(1.0, max(0.0, observation.number))
    return 1.0 if indicator.quality.if_missing is None else indicator.quality.if_missing


def tally(policy: PolicySet, truths: Mapping[str, Truth], facts: Facts) -> Tally:
    """Steps 3 to 7 of docs/language.md, section 8."""
    weighed = weigh(policy, truths)
    strengths = tuple(strength(i, weighed[i.name], policy.assessed_at.number) for i in policy.indicators)
    quality = {indicator.name: quality_of(indicator, facts) for indicator in policy.indicators}
    weights = {indicator.name: indicator.weight.value for indicator in policy.indicators}
    result = score(strengths, weights, quality)
    enough = result.value is not None and not less(result.coverage, policy.required_coverage.number)
    band = band_of(policy.bands, result.value) if policy.bands and enough and result.value is not None else None
    return Tally(weighed, strengths, quality, result, band)


def state(policy: PolicySet, result: Strength) -> str:
    """What an indicator says: a side it supports, mixed, or not assessed."""
    if not result.assessed or result.value is None:
        return "not-assessed"
    supports = policy.supports_at.number
    if not less(result.value, supports):
        return f"supports-{policy.plus}"
    return f"supports-{policy.minus}" if not less(-result.value, supports) else "mixed"


def _concluded(policy: PolicySet, found: Tally) -> Iterator[tuple[str, float | str]]:
    if found.score.value is not None:
        yield "score", found.score.value
    yield "coverage", found.score.coverage
    if found.band is not None:
        yield "move.proposed_low", found.band.move_low
        yield "move.proposed_high", found.band.move_high
    for result in found.strengths:
        name = f"indicator.{result.indicator.name}"
        yield f"{name}.coverage", result.coverage
        yield f"{name}.state", state(policy, result)
        if result.value is not None:
            yield f"{name}.strength", result.value


def late_facts(policy: PolicySet, found: Tally, facts: Facts) -> Facts:
    """What the score concludes, and the facts derived from it."""
    concluded = {name: Observation(value, origin=Origin.CONCLUDED) for name, value in _concluded(policy, found)}
    everything, _ = derive_for(policy, {**facts, **concluded}, only_late=True)
    return {name: observation for name, observation in everything.items() if name not in facts}

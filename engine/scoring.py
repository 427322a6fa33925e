"""From the truth of the cases to outcomes, strengths and a score: docs/language.md, section 8, steps 4 to 7.

Plain arithmetic over what the rules concluded; weights, strengths and outcomes have no unit, scores are points in [-100, 100].
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .conclusion import Kind, Outcome
from .condition import Truth, less
from .policy import Band, Evidence, Indicator, PolicySet

NONE_HOLDS = Outcome(0.0)
_YES, _NO = Truth.YES, Truth.NO


class Decision(NamedTuple):
    """What the cases of one evidence item came to. `case` is the first that holds; `outcome` is None while undecided."""

    outcome: Outcome | None
    case: str
    reachable: tuple[Outcome, ...]


def decide(item: Evidence, truths: Mapping[str, Truth]) -> Decision:
    """Read the cases from the top: no is passed, yes ends the reading, unknown could be the first to hold."""
    reachable: list[Outcome] = []
    holds = ""
    for case in item.cases:
        answer = truths[case.key]
        if answer is _NO:
            continue
        if answer is _YES and not reachable:
            return Decision(case.says, case.name, (case.says,))
        reachable.append(case.says)
        if answer is _YES:
            holds = case.name
            break
    if not holds and not item.exhaustive:
        reachable.append(NONE_HOLDS)
    options = tuple(dict.fromkeys(reachable)) if len(reachable) > 1 else tuple(reachable)
    return Decision(options[0], holds, options) if len(options) == 1 else Decision(None, "", options)


class Weighed(NamedTuple):
    """One evidence item with its weight after adjustments."""

    item: Evidence
    weight: float
    decision: Decision


def adjusted_weights(policy: PolicySet, truths: Mapping[str, Truth]) -> dict[str, float]:
    """The weight of every evidence item after the adjustments that hold."""
    weights = {item.name: item.weight.value for item in policy.evidence}
    for adjustment in policy.adjustments:
        if truths[f"{Kind.ADJUSTMENT}:{adjustment.name}"] is Truth.YES:
            weights[adjustment.evidence] *= adjustment.by.number
    return weights


def weigh(policy: PolicySet, truths: Mapping[str, Truth]) -> dict[str, tuple[Weighed, ...]]:
    """Every evidence item decided and weighed, by indicator."""
    weights = adjusted_weights(policy, truths)
    return {
        indicator.name: tuple(Weighed(e, weights[e.name], decide(e, truths)) for e in indicator.evidence)
        for indicator in policy.indicators
    }


class Strength(NamedTuple):
    """Steps 5 of one indicator: mean and limited strength (None where nothing is decided), coverage 0..1."""

    indicator: Indicator
    mean: float | None
    value: float | None
    coverage: float
    assessed: bool
    total_weight: float
    limiting_case: str = ""

    @property
    def is_cap(self) -> bool:
        """Whether the binding limit is from above."""
        return self.value is not None and self.mean is not None and self.value < self.mean


def limited(mean: float, caps: Iterable[float], floors: Iterable[float]) -> float:
    """The mean under the lowest cap and the highest floor; a cap beats a floor."""
    return min(min(caps, default=1.0), max(max(floors, default=-1.0), mean))


def _limiting_case(decided: Sequence[Weighed], mean: float, value: float) -> str:
    """The name of the case whose cap or floor binds; empty when none does."""
    if value == mean:
        return ""
    for weighed in decided:
        outcome = weighed.decision.outcome
        limit = outcome and (outcome.cap if value < mean else outcome.floor)
        if limit == value:
            return weighed.decision.case
    return ""


def strength(indicator: Indicator, items: Sequence[Weighed], assessed_at: float) -> Strength:
    """Mean and strength over the decided items, coverage, and whether that is enough to be assessed."""
    total = sum(weighed.weight for weighed in items)
    decided = [weighed for weighed in items if weighed.decision.outcome is not None]
    weight = sum(weighed.weight for weighed in decided)
    if not decided or weight == 0:
        return Strength(indicator, None, None, 0.0, False, total)
    outcomes = [w.decision.outcome for w in decided if w.decision.outcome is not None]
    mean = sum(w.weight * o.value for w, o in zip(decided, outcomes, strict=True)) / weight
    caps = [o.cap for o in outcomes if o.cap is not None]
    floors = [o.floor for o in outcomes if o.floor is not None]
    value = limited(mean, caps, floors)
    coverage = weight / total
    assessed = not less(coverage, assessed_at) and any(w.item.primary for w in decided)
    return Strength(indicator, mean, value, coverage, assessed, total, _limiting_case(decided, mean, value))


@dataclass(frozen=True, slots=True)
class Score:
    """Step 6: points in [-100, 100], None where no indicator counts; coverage 0..1; `divisor` is Σ W c q."""

    value: float | None
    coverage: float
    divisor: float


def score(strengths: Sequence[Strength], weights: Mapping[str, float], quality: Mapping[str, float]) -> Score:
    """The weighted mean of the strengths of the assessed indicators that count, and how much of the evidence it rests on."""
    counted = [s for s in strengths if s.indicator.in_score]
    all_weights = sum(weights[s.indicator.name] for s in counted)
    parts = [
        (weights[s.indicator.name] * s.coverage * quality[s.indicator.name], s.value)
        for s in counted
        if s.assessed and s.value is not None
    ]
    divisor = sum(part for part, _ in parts)
    coverage = divisor / all_weights if all_weights else 0.0
    if divisor == 0:
        return Score(None, coverage, 0.0)
    # divided first: a mean of strengths that are all 1 is 1 to the last bit, and a hundred times its parts may not be
    return Score(100 * (sum(part * value for part, value in parts) / divisor), coverage, divisor)


def band_of(bands: Sequence[Band], points: float) -> Band:
    """The band of a score; a score at the end of a band belongs to the next."""
    return next(band for band in bands if band.below is None or less(points, band.below.number))


def bands_between(bands: Sequence[Band], low: float, high: float) -> tuple[Band, ...]:
    """The bands that scores in [low, high] reach, from below."""
    first, last = bands.index(band_of(bands, low)), bands.index(band_of(bands, high))
    return tuple(bands[first : last + 1])

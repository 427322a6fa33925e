"""Between what the score would lie if every missing fact became known: docs/language.md, section 9.

Sound, not tight: every evidence item ranges on its own over what it could still say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import inf

from .conclusion import Kind, Outcome
from .condition import FactTest, Operator, SignalTest, Truth, fact_truth, fold, less
from .facts import FactDefinition, Facts, Observation, Origin
from .formula import derive_for, is_certain, partial_facts
from .policy import Indicator, PolicySet
from .scoring import bands_between, decide
from .strata import Rule

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is certain whatever the missing facts turn out to be.

    `facts` are the facts whose value no completion changes; `may_stay_missing` those that could be missing even when every
    input is known (a division by zero) or whose interval could stay unknown.
    """

    facts: Facts
    may_stay_missing: frozenset[str]
    ranges: Mapping[str, tuple[Observation, Observation]] = field(default_factory=dict)
    """Numbers that no completion takes out of a range, with both ends."""


def outlook(policy: PolicySet, facts: Facts) -> Outlook:
    """Sort the facts of one company into certain and open ones."""
    certain = {name: o for name, o in facts.items() if is_certain(name, policy.catalogue, facts)}
    return Outlook(certain, partial_facts(policy).difference(certain))


def _stays_open(test: FactTest, definition: FactDefinition, view: Outlook) -> bool:
    """Whether an open leaf could stay unknown although every missing fact became known.

    So it is where the fact itself could stay missing, and where an interval is read: an answer may come as a bare number.
    """
    observation = view.facts.get(test.fact)
    if observation is not None and observation.ranged:
        return True
    vague = test.operator.reads_interval and (definition.sampled or definition.is_derived)
    return vague or test.fact in view.may_stay_missing


def _may_lose_interval(test: FactTest, definition: FactDefinition, view: Outlook) -> bool:
    """Whether an interval is read of a range: the value that it turns out to be may come as a bare number."""
    observation = view.facts.get(test.fact)
    vague = test.operator.reads_interval and (definition.sampled or definition.is_derived)
    return vague and observation is not None and observation.ranged


def _certain_truth(test: FactTest, view: Outlook) -> Truth:
    if test.fact in view.ranges:
        return range_truth(test, *view.ranges[test.fact])
    observation = view.facts.get(test.fact)
    return Truth.UNKNOWN if observation is None else fact_truth(test, observation)


@dataclass(frozen=True, slots=True)
class Certainty:
    """The truth of each rule that no completion changes, and the rules that could stay unknown whatever becomes known."""

    truths: Mapping[str, Truth]
    may_stay_open: frozenset[str]


def certainty(policy: PolicySet, rules: Iterable[Rule], view: Outlook, before: Certainty | None = None) -> Certainty:
    """Fire rules over what is certain; `before` are the rules of an earlier stratum."""
    truths = dict(before.truths) if before else {}
    open_rules = set(before.may_stay_open) if before else set()

    def leaf(test: FactTest | SignalTest) -> Truth:
        if isinstance(test, SignalTest):
            return truths[test.key]
        if _may_lose_interval(test, policy.catalogue[test.fact], view):
            return Truth.UNKNOWN
        return _certain_truth(test, view)

    def stays_open(test: FactTest | SignalTest) -> bool:
        if isinstance(test, SignalTest):
            return test.key in open_rules
        return leaf(test) is Truth.UNKNOWN and _stays_open(test, policy.catalogue[test.fact], view)

    for rule in rules:
        truths[rule.key] = fold(rule.when, leaf)
        if truths[rule.key] is Truth.UNKNOWN and any(map(stays_open, rule.leaves)):
            open_rules.add(rule.key)
    return Certainty(truths, frozenset(open_rules))


@dataclass(frozen=True, slots=True)
class Options:
    """What one evidence item could still say, and whether it could also stay undecided."""

    weight: float
    outcomes: tuple[Outcome, ...]
    optional: bool
    primary: bool


def _mean(parts: Sequence[tuple[float, float]]) -> float | None:
    weight = sum(w for w, _ in parts)
    return sum(w * o for w, o in parts) / weight if weight > 0 else None


def _lowest_mean(required: Sequence[tuple[float, float]], optional: Sequence[tuple[float, float]]) -> float | None:
    """The lowest weighted mean of the required parts with any of the optional ones; None where there is no part at all.

    Only the lowest optional parts can lower a mean, so their prefixes in ascending order are enough.
    """
    ordered = sorted(optional, key=lambda part: part[1])
    means = (_mean([*required, *ordered[:n]]) for n in range(len(ordered) + 1))
    return min((mean for mean in means if mean is not None), default=None)


def _low(options: Sequence[Options]) -> float | None:
    def parts(optional: bool) -> list[tuple[float, float]]:
        return [(o.weight, min(x.value for x in o.outcomes)) for o in options if o.optional is optional]

    mean = _lowest_mean(parts(False), parts(True))
    if mean is None:
        return None
    caps = [x.cap for o in options for x in o.outcomes if x.cap is not None]
    floors = [min(-inf if x.floor is None else x.floor for x in o.outcomes) for o in options if not o.optional]
    return min(min(caps, default=inf), max(max(floors, default=-inf), mean))


def _high_under(options: Sequence[Options], level: float) -> float | None:
    """The highest strength when no cap below `level` fires; None where some item cannot avoid one."""
    allowed = [(o, [x for x in o.outcomes if (inf if x.cap is None else x.cap) >= level]) for o in options]
    if any(not outcomes and not o.optional for o, outcomes in allowed):
        return None
    parts = [(o.weight, -max(x.value for x in outcomes), o.optional) for o, outcomes in allowed if outcomes]
    lowest = _lowest_mean([(w, v) for w, v, opt in parts if not opt], [(w, v) for w, v, opt in parts if opt])
    if lowest is None:
        return None
    floors = [x.floor for _, outcomes in allowed for x in outcomes if x.floor is not None]
    return min(level, max(max(floors, default=-inf), -lowest))


def _high(options: Sequence[Options]) -> float | None:
    levels = {inf} | {x.cap for o in options for x in o.outcomes if x.cap is not None}
    return max((high for level in levels if (high := _high_under(options, level)) is not None), default=None)


@dataclass(frozen=True, slots=True)
class IndicatorBounds:
    """Strength in [low, high]; its share W·c·q of the divisor in [least, most]; `outcomes` by evidence name."""

    low: float
    high: float
    least: float
    most: float
    outcomes: Mapping[str, tuple[Outcome, ...]]


def _least_coverage(options: Sequence[Options], assessed_at: float) -> float:
    total = sum(o.weight for o in options)
    sure = [o for o in options if not o.optional]
    coverage = sum(o.weight for o in sure) / total if total else 0.0
    return coverage if not less(coverage, assessed_at) and any(o.primary for o in sure) else 0.0


def _factors(policy: PolicySet, indicator: Indicator, known: Certainty) -> dict[str, tuple[float, ...]]:
    """What an adjustment could do to the weight of each evidence item: the factors still possible."""
    factors: dict[str, tuple[float, ...]] = {item.name: (1.0,) for item in indicator.evidence}
    for adjustment in policy.adjustments:
        if adjustment.evidence not in factors:
            continue
        answer = known.truths[f"{Kind.ADJUSTMENT}:{adjustment.name}"]
        by = {Truth.YES: (adjustment.by.number,), Truth.NO: (1.0,)}.get(answer, (1.0, adjustment.by.number))
        factors[adjustment.evidence] = tuple({a * b for a in factors[adjustment.evidence] for b in by})
    return factors


def _quality_range(indicator: Indicator, view: Outlook) -> Range:
    if indicator.quality is None:
        return (1.0, 1.0)
    observation = view.facts.get(indicator.quality.fact)
    if observation is None:
        return (0.0, 1.0)
    ends = (observation.low, observation.high) if observation.ranged else (observation.number, observation.number)
    low, high = (
        fallback if end is None else min(1.0, max(0.0, end)) for end, fallback in zip(ends, (0.0, 1.0), strict=True)
    )
    return (low, high)


def indicator_bounds(policy: PolicySet, indicator: Indicator, known: Certainty, view: Outlook) -> IndicatorBounds:
    """The bounds of one indicator over every completion and every adjustment that is still possible."""
    decisions = {item.name: decide(item, known.truths) for item in indicator.evidence}
    factors = _factors(policy, indicator, known)
    lows, highs, coverages = [], [], []
    for combination in product(*(factors[item.name] for item in indicator.evidence)):
        options = [
            Options(
                item.weight.value * factor,
                decisions[item.name].reachable,
                any(case.key in known.may_stay_open for case in item.cases),
                item.primary,
            )
            for item, factor in zip(indicator.evidence, combination, strict=True)
        ]
        lows.append(_low(options))
        highs.append(_high(options))
        coverages.append(_least_coverage(options, policy.assessed_at.number))
    q_low, q_high = _quality_range(indicator, view)
    weight = indicator.weight.value
    return IndicatorBounds(
        min((low for low in lows if low is not None), default=-1.0),
        max((high for high in highs if high is not None), default=1.0),
        weight * min(coverages) * q_low,
        weight * q_high,
        {name: decision.reachable for name, decision in decisions.items()},
    )


@dataclass(frozen=True, slots=True)
class Bounds:
    """The score in [low, high] and the coverage from `least_coverage`, whatever the open answers are."""

    low: float
    high: float
    least_coverage: float
    indicators: Mapping[str, IndicatorBounds]


def _lowest_score(parts: Sequence[tuple[float, float, float]]) -> float | None:
    """The lowest Σ x s / Σ x over x in [least, most], parts (s, least, most): some prefix by s at its most, the rest at its least."""
    ordered = sorted(parts)
    scores = []
    for n in range(len(ordered) + 1):
        shares = [(most if i < n else least, s) for i, (s, least, most) in enumerate(ordered)]
        scores.append(_mean(shares))
    return min((value for value in scores if value is not None), default=None)


def score_bounds(policy: PolicySet, known: Certainty, view: Outlook, present: float | None) -> Bounds:
    """The bounds of the score, widened to contain the present one."""
    by_name = {i.name: indicator_bounds(policy, i, known, view) for i in policy.indicators}
    counted = [(by_name[i.name], i.weight.value) for i in policy.indicators if i.in_score]
    low = _lowest_score([(b.low, b.least, b.most) for b, _ in counted])
    negated_high = _lowest_score([(-b.high, b.least, b.most) for b, _ in counted])
    ends = [100 * low if low is not None else -100.0, -100 * negated_high if negated_high is not None else 100.0]
    if present is not None:
        ends = [min(ends[0], present), max(ends[1], present)]
    total = sum(weight for _, weight in counted)
    least = sum(b.least for b, _ in counted) / total if total else 0.0
    return Bounds(ends[0], ends[1], least, by_name)


def range_truth(test: FactTest, low: Observation, high: Observation) -> Truth:
    """The truth of a comparison over a number known to lie in a range: that of both ends, where they agree."""
    if test.operator in (Operator.BELOW, Operator.AT_MOST, Operator.ABOVE, Operator.AT_LEAST):
        ends = {fact_truth(test, low), fact_truth(test, high)}
        return ends.pop() if len(ends) == 1 else Truth.UNKNOWN
    return Truth.UNKNOWN


def _late_ranges(policy: PolicySet, bounds: Bounds) -> Iterator[tuple[str, float, float]]:
    yield "score", bounds.low, bounds.high
    yield "coverage", bounds.least_coverage, 1.0
    bands = bands_between(policy.bands, bounds.low, bounds.high)
    if not less(bounds.least_coverage, policy.required_coverage.number):
        yield "move.proposed_low", bands[0].move_low, bands[-1].move_low
        yield "move.proposed_high", bands[0].move_high, bands[-1].move_high
    for name, found in bounds.indicators.items():
        yield f"indicator.{name}.strength", found.low, found.high


def with_late(policy: PolicySet, view: Outlook, bounds: Bounds) -> Outlook:
    """The outlook of the late stratum: what the score concludes is exact where the bounds leave nothing open, else a range.

    The states of indicators count as open: whether one is assessed may change with every answer.
    """
    ranges: dict[str, tuple[Observation, Observation]] = {}
    exact: dict[str, Observation] = dict(view.facts)
    for name, low, high in _late_ranges(policy, bounds):
        if low == high:
            exact[name] = Observation(low, origin=Origin.CONCLUDED)
        else:
            ranges[name] = (Observation(low, origin=Origin.CONCLUDED), Observation(high, origin=Origin.CONCLUDED))
    derived, _ = derive_for(policy, exact, only_late=True)
    certain = {n: o for n, o in derived.items() if n in exact or is_certain(n, policy.catalogue, derived)}
    return Outlook(certain, view.may_stay_missing, ranges)

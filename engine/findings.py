"""What a run says of each gate, adjustment, indicator and evidence item, with texts filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from .conclusion import (
    Activation,
    AdjustmentResult,
    Assumption,
    EvidenceResult,
    GateResult,
    IndicatorResult,
    Kind,
    LimitLine,
    ReadingResult,
)
from .condition import FactTest, Truth
from .dependencies import (
    adjustment_facts,
    gate_facts,
    item_facts,
    missing_inputs,
    rule_facts,
    thresholds,
    vague_inputs,
)
from .facts import Facts
from .policy import Evidence, PolicySet, Reading, once
from .recommendation import gate_result
from .run import Fired, Run
from .scoring import Strength, Weighed
from .strata import strata
from .tally import state
from .texts import fill, too_close


def gates(found: Run) -> Iterator[GateResult]:
    """Every gate, and what it does."""
    for gate in found.policy.gates:
        answer = found.truth(Kind.GATE, gate.name)
        reads = gate_facts(found.policy)[gate.name]
        missing = missing_inputs(reads, found.policy, found.facts) if answer is Truth.UNKNOWN else ()
        could_change = gate.name in found.open_gates
        result = gate_result(gate, answer, found.facts, missing, could_change)
        yield _filled(result, found)


def readings(found: Run, fired: Sequence[Reading]) -> Iterator[ReadingResult]:
    """What the readings that fired say."""
    policy, facts = found.policy, found.facts
    for reading in fired:
        yield ReadingResult(
            reading.name, fill(reading.says, policy, facts), fill(reading.first, policy, facts), reading.span
        )


def _filled(result: GateResult, found: Run) -> GateResult:
    policy, facts = found.policy, found.facts
    return replace(result, first=fill(result.first, policy, facts), because=fill(result.because, policy, facts))


def adjustments(found: Run) -> Iterator[AdjustmentResult]:
    """The adjustments that hold, and those that are unknown."""
    for adjustment in found.policy.adjustments:
        answer = found.truth(Kind.ADJUSTMENT, adjustment.name)
        if answer is not Truth.NO:
            reads = adjustment_facts(found.policy)[adjustment.name]
            yield AdjustmentResult(
                adjustment.name,
                adjustment.evidence,
                adjustment.by.number,
                answer,
                fill(adjustment.because, found.policy, found.facts),
                missing_inputs(reads, found.policy, found.facts) if answer is Truth.UNKNOWN else (),
                adjustment.span,
            )


def indicators(found: Run) -> Iterator[IndicatorResult]:
    """Every indicator with its evidence."""
    for result in found.tally.strengths:
        yield _indicator(found, result)


def _indicator(found: Run, result: Strength) -> IndicatorResult:
    policy, indicator = found.policy, result.indicator
    bounds = found.bounds.indicators[indicator.name]
    counts = result.assessed and indicator.in_score and found.tally.score.divisor > 0
    quality = found.tally.quality[indicator.name]
    scale = 100 * indicator.weight.value * quality / found.tally.score.divisor if counts else None
    quality_fact = indicator.quality.fact if indicator.quality else ""
    return IndicatorResult(
        name=indicator.name,
        number=indicator.number,
        title=indicator.title,
        short=indicator.short,
        role=indicator.role.value,
        in_score=indicator.in_score,
        weight=indicator.weight.value,
        quality=quality,
        quality_fact=quality_fact,
        quality_known=not quality_fact or quality_fact in found.facts,
        strength=result.value,
        mean=result.mean,
        coverage=result.coverage,
        assessed=result.assessed,
        state=state(policy, result),
        low=bounds.low if result.value is None else min(bounds.low, result.value),
        high=bounds.high if result.value is None else max(bounds.high, result.value),
        points=scale * result.coverage * result.value if scale is not None and result.value is not None else None,
        evidence=tuple(_evidence(found, w, result, scale) for w in found.tally.weighed[indicator.name]),
        limit=_limit(result, scale, found),
        span=indicator.span,
    )


def _limit(result: Strength, scale: float | None, found: Run) -> LimitLine | None:
    """The line of a binding cap or floor."""
    if not result.limiting_case or result.value is None or result.mean is None:
        return None
    points = scale * result.coverage * (result.value - result.mean) if scale is not None else None
    because = next(
        (c.because for e in result.indicator.evidence for c in e.cases if c.name == result.limiting_case), ""
    )
    filled = fill(because, found.policy, found.facts, result.indicator.name)
    return LimitLine(result.limiting_case, result.value, result.is_cap, points, filled)


def grade_of(found: Fired, weighed: Weighed) -> str:
    """How well a decided item is backed: as its case or the item says, or as a layer that changed one of its thresholds does."""
    case = next((c for c in weighed.item.cases if c.name == weighed.decision.case), None)
    if case is None:
        return weighed.item.grade
    changed = (p.grade for p in thresholds(case.when, found.policy) if p.is_changed)
    return next(changed, case.grade or weighed.item.grade)


def because(found: Run, weighed: Weighed) -> str:
    """The text of the case that decides an item, filled in; empty where none holds."""
    case = next((c for c in weighed.item.cases if c.name == weighed.decision.case), None)
    return fill(case.because, found.policy, found.facts, weighed.item.indicator) if case is not None else ""


def _evidence(found: Run, weighed: Weighed, result: Strength, scale: float | None) -> EvidenceResult:
    policy, item, decision = found.policy, weighed.item, weighed.decision
    case = next((c for c in item.cases if c.name == decision.case), None)
    outcome = decision.outcome
    points = scale * weighed.weight * outcome.value / result.total_weight if scale is not None and outcome else None
    return EvidenceResult(
        name=item.name,
        title=item.title,
        code=item.code,
        grade=grade_of(found, weighed),
        weight=weighed.weight,
        full_weight=item.weight.value,
        primary=item.primary,
        outcome=outcome,
        case=decision.case,
        because=because(found, weighed),
        reachable=found.bounds.indicators[item.indicator].outcomes[item.name],
        points=points,
        missing=missing_inputs(item_facts(policy)[item.name], policy, found.facts) if outcome is None else (),
        too_close=tuple(_too_close(found, item, outcome.value if outcome else 0.0)),
        span=(case or item).span,
    )


def _too_close(found: Run, item: Evidence, outcome: float) -> Iterator[str]:
    """Comparisons too close to call in the cases up to the deciding one, where the item would say more than it does.

    More of what the score says: a near miss that could only weaken it is no reason why it is not stronger.
    """
    sign = -1.0 if (found.tally.score.value or 0.0) < 0 else 1.0
    seen: dict[str, None] = {}
    for case in item.cases:
        if found.early.truths[case.key] is Truth.YES:
            break
        if case.outcome * sign > outcome * sign:
            seen |= dict.fromkeys(too_close(case.when, found.policy, found.facts))
    yield from seen


def activations(found: Run) -> Iterator[Activation]:
    """What fired, in order; of the cases of one evidence item only the one that decides."""
    deciding = {w.decision.case for items in found.tally.weighed.values() for w in items}
    for activation in (*found.early.activations, *found.late.activations):
        if activation.kind is not Kind.CASE or activation.name in deciding:
            yield activation


@once
def _answered_when_missing(policy: PolicySet) -> tuple[tuple[str, FactTest], ...]:
    """The leaves with an `if_missing`, and the rules in which they stand."""
    rules = strata(policy)
    found = ((r.key, leaf) for r in (*rules.early, *rules.late) for leaf in r.leaves if isinstance(leaf, FactTest))
    return tuple((key, leaf) for key, leaf in found if leaf.if_missing is not None)


def missing(found: Run) -> tuple[str, ...]:
    """The open answers: missing input facts that could still change what an item says, or the weight of an indicator."""
    policy = found.policy
    open_items = [e for e in policy.evidence if len(found.bounds.indicators[e.indicator].outcomes[e.name]) > 1]
    conditions = [case.when for item in open_items for case in item.cases]
    conditions += [
        a.when for a in policy.adjustments if found.sure.truths[f"{Kind.ADJUSTMENT}:{a.name}"] is Truth.UNKNOWN
    ]
    conditions += [g.when for g in policy.gates if found.truth(Kind.GATE, g.name) is Truth.UNKNOWN]
    read = [*rule_facts(conditions, policy), *(i.quality.fact for i in policy.indicators if i.quality)]
    read += [g.effect.cap_move for g in policy.gates if isinstance(g.effect.cap_move, str)]
    open_inputs = missing_inputs(dict.fromkeys(read), policy, found.facts)
    return tuple(dict.fromkeys((*open_inputs, *vague_inputs(conditions, policy, found.facts))))


def assumptions(policy: PolicySet, facts: Facts) -> Iterator[Assumption]:
    """The leaves that `if_missing` answers."""
    for where, leaf in _answered_when_missing(policy):
        if leaf.if_missing is not None and leaf.fact not in facts:
            yield Assumption(leaf.fact, leaf.if_missing, where, leaf.span)


def grades(found: Run) -> Mapping[str, float]:
    """Share of the decided weight, as it counts in the score, by grade of the deciding case or evidence."""
    shares: dict[str, float] = {}
    for result in found.tally.strengths:
        if not result.assessed or not result.indicator.in_score:
            continue
        scale = result.indicator.weight.value * found.tally.quality[result.indicator.name] / result.total_weight
        for weighed in found.tally.weighed[result.indicator.name]:
            if weighed.decision.outcome is not None:
                grade = grade_of(found, weighed)
                shares[grade] = shares.get(grade, 0.0) + scale * weighed.weight
    total = sum(shares.values())
    return {grade: share / total for grade, share in sorted(shares.items())} if total else {}

"""One run: facts in, an evaluation out. The order of the steps is that of docs/language.md, section 8."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .backends import Backend
from .backends.reference import signal_truths
from .bounds import Bounds, Certainty, Outlook, certainty, outlook, score_bounds, with_late
from .company import Company
from .conclusion import (
    Activation,
    AdjustmentResult,
    Assumption,
    Conclusions,
    Evaluation,
    EvidenceResult,
    GateResult,
    IndicatorResult,
    Kind,
    LimitLine,
    ReadingResult,
    Verdict,
)
from .condition import FactTest, Truth, leaves, less
from .dependencies import missing_inputs, rule_facts
from .diagnostics import Diagnostic
from .facts import Facts
from .formula import derive
from .planning import plan
from .policy import Evidence, Indicator, PolicySet
from .questions import questions
from .recommendation import gate_result, insufficient, open_gates, recommend
from .scoring import Strength, Weighed, band_of, bands_between, score
from .sensitivity import variants
from .strata import strata
from .tally import Tally, late_facts, state, tally
from .texts import fill, too_close


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that one run concluded, before it is told: the facts with the late ones, both strata, the tally and the bounds."""

    policy: PolicySet
    facts: Facts
    early: Conclusions
    late: Conclusions
    tally: Tally
    bounds: Bounds
    open_gates: frozenset[str]

    def truth(self, kind: Kind, name: str) -> Truth:
        """The truth of a rule."""
        key = f"{kind}:{name}"
        return self.early.truths[key] if key in self.early.truths else self.late.truths[key]


def run(policy: PolicySet, facts: Facts, backend: Backend) -> Run:
    """Fire the rules over facts (early formulas computed), and work out what is certain."""
    early, late = backend.run(facts, lambda fired: late_facts(policy, tally(policy, fired.truths, facts), facts))
    found = tally(policy, early.truths, facts)
    everything = {**facts, **late_facts(policy, found, facts)}
    view = outlook(policy, facts)
    rules = strata(policy)
    sure = certainty(policy, rules.early, view)
    bounds = score_bounds(policy, sure, view, found.score.value)
    still_open = _open_gates(policy, found, bounds, view, sure)
    return Run(policy, everything, early, late, found, bounds, still_open)


def _open_gates(policy: PolicySet, found: Tally, bounds: Bounds, view: Outlook, sure: Certainty) -> frozenset[str]:
    """The gates that could still change the move of the present band."""
    if found.band is None:
        return frozenset()
    late_view = with_late(policy, view, bounds)
    late = certainty(policy, strata(policy).late, late_view, sure)
    return open_gates(policy, late.truths, late_view.facts, found.band.move_high)


def evaluate(
    policy: PolicySet,
    company: Company,
    backend: Backend,
    warnings: Sequence[Diagnostic] = (),
    tried: Sequence[str] = (),
) -> Evaluation:
    """The answer for one company. `tried` names values of this run only. Raises EvaluationError where the engine fails."""
    facts, derived_warnings = derive(policy.catalogue, policy.parameters, company.facts, currency=policy.currency)
    found = run(policy, facts, backend)
    gates = tuple(_gates(found))
    verdict = _verdict(found, gates)
    indicators = tuple(_indicators(found))
    fired = [r for r in policy.readings if found.truth(Kind.READING, r.name) is Truth.YES]
    signals = {**signal_truths(found.early), **signal_truths(found.late)}
    possible = bands_between(policy.bands, found.bounds.low, found.bounds.high) if policy.bands else ()
    direction, direction_score = _direction(found)
    urgency, urgency_because = _urgency(found, indicators)
    share = found.facts.get(policy.share.fact) if policy.share else None
    return Evaluation(
        company=company.name,
        as_of=company.as_of,
        policy=policy.name,
        policy_title=policy.title,
        policy_version=policy.version,
        layers=tuple(f"{layer.name} {layer.value}".strip() for layer in policy.layers),
        changed_values=policy.changed,
        tried=tuple(tried),
        plus=policy.plus,
        minus=policy.minus,
        budget=policy.budget,
        verdict=verdict,
        score=found.tally.score.value,
        score_low=found.bounds.low,
        score_high=found.bounds.high,
        possible=tuple(band.name for band in possible),
        coverage=found.tally.score.coverage,
        required_coverage=policy.required_coverage.number,
        direction=direction,
        direction_score=direction_score,
        urgency=urgency,
        urgency_because=urgency_because,
        indicators=indicators,
        gates=gates,
        readings=tuple(
            ReadingResult(r.name, fill(r.says, policy, found.facts), fill(r.first, policy, found.facts), r.span) for r in fired
        ),
        adjustments=tuple(_adjustments(found)),
        activations=tuple(_activations(found)),
        variants=tuple(variants(policy, found.tally.strengths, found.tally.quality)) if found.tally.band else (),
        plan=plan(policy, indicators, gates, fired, found.facts, signals, verdict.move is not None),
        phases=tuple((phase.name, phase.title) for phase in policy.phases),
        roll_back=policy.roll_back,
        questions=questions(policy, facts, found.tally.quality, tuple(found.open_gates)),
        facts=found.facts,
        missing=_missing(policy, facts),
        assumptions=tuple(_assumptions(policy, found.facts)),
        warnings=(*warnings, *company.warnings, *derived_warnings),
        grades=_grades(found),
        share=share.number if share is not None else None,
        share_of=policy.share.of if policy.share else "",
        share_fact=policy.share.fact if policy.share else "",
        engine=backend.name,
    )


def _verdict(found: Run, gates: Sequence[GateResult]) -> Verdict:
    policy, result = found.policy, found.tally.score
    if policy.single:
        return insufficient("one indicator alone gives no verdict")
    if found.tally.band is None:
        return insufficient(
            f"known {result.coverage:.0%} of the evidence, {policy.required_coverage.number:.0%} needed"
            if result.value is not None
            else "no indicator can be assessed",
            tuple(gate.name for gate in gates if gate.withdraws_verdict),
        )
    return recommend(policy, found.tally.band, gates, _settled(found))


def _settled(found: Run) -> bool:
    """Whether one band holds the whole range, whatever the open answers are, and no gate could still turn."""
    bands = bands_between(found.policy.bands, found.bounds.low, found.bounds.high)
    enough = not less(found.bounds.least_coverage, found.policy.required_coverage.number)
    return len(bands) == 1 and enough and not found.open_gates


def _direction(found: Run) -> tuple[str, float | None]:
    """Which way the indicators of direction point, by the move of the band of their score alone."""
    policy = found.policy
    strengths = [s for s in found.tally.strengths if s.indicator.role == "direction"]
    weights = {i.name: i.weight.value for i in policy.indicators}
    points = score(strengths, weights, found.tally.quality).value
    if points is None or not policy.bands:
        return "unknown", points
    band = band_of(policy.bands, points)
    if band.move_high > 0:
        return policy.plus, points
    return (policy.minus if band.move_low < 0 else "neither"), points


def _urgency(found: Run, indicators: Sequence[IndicatorResult]) -> tuple[str, str]:
    """How fast: the strength of the indicators of urgency, and the strongest reason."""
    urgent = [r for r in indicators if r.role == "urgency" and r.assessed and r.strength is not None]
    if not urgent:
        return "unknown", ""
    weight = sum(r.weight * r.coverage for r in urgent)
    mean = sum(r.weight * r.coverage * (r.strength or 0.0) for r in urgent) / weight
    supports = found.policy.supports_at.number
    level = "high" if not less(mean, supports) else "low" if not less(-mean, supports) else "medium"
    decided = [e for r in urgent for e in r.evidence if e.outcome is not None and e.because]
    strongest = max(decided, key=lambda e: (abs(e.outcome.value) * e.weight if e.outcome else 0.0, e.name), default=None)
    return level, strongest.because if strongest is not None else ""


def _gates(found: Run) -> Iterator[GateResult]:
    for gate in found.policy.gates:
        answer = found.truth(Kind.GATE, gate.name)
        reads = rule_facts([gate.when], found.policy)
        missing = missing_inputs(reads, found.policy.catalogue, found.facts) if answer is Truth.UNKNOWN else ()
        could_change = answer is Truth.UNKNOWN and gate.name in found.open_gates
        result = gate_result(gate, answer, found.facts, missing, could_change)
        yield _filled(result, found)


def _filled(result: GateResult, found: Run) -> GateResult:
    policy, facts = found.policy, found.facts
    return replace(result, first=fill(result.first, policy, facts), because=fill(result.because, policy, facts))


def _adjustments(found: Run) -> Iterator[AdjustmentResult]:
    for adjustment in found.policy.adjustments:
        answer = found.truth(Kind.ADJUSTMENT, adjustment.name)
        if answer is not Truth.NO:
            reads = rule_facts([adjustment.when], found.policy)
            yield AdjustmentResult(
                adjustment.name,
                adjustment.evidence,
                adjustment.by.number,
                answer,
                fill(adjustment.because, found.policy, found.facts),
                missing_inputs(reads, found.policy.catalogue, found.facts) if answer is Truth.UNKNOWN else (),
                adjustment.span,
            )


def _indicators(found: Run) -> Iterator[IndicatorResult]:
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
        low=bounds.low,
        high=bounds.high,
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
    because = next((c.because for e in result.indicator.evidence for c in e.cases if c.name == result.limiting_case), "")
    filled = fill(because, found.policy, found.facts, result.indicator.name)
    return LimitLine(result.limiting_case, result.value, result.is_cap, points, filled)


def _evidence(found: Run, weighed: Weighed, result: Strength, scale: float | None) -> EvidenceResult:
    policy, item, decision = found.policy, weighed.item, weighed.decision
    case = next((c for c in item.cases if c.name == decision.case), None)
    outcome = decision.outcome
    points = scale * weighed.weight * outcome.value / result.total_weight if scale is not None and outcome else None
    conditions = [c.when for c in item.cases]
    reads = rule_facts(conditions, policy)
    return EvidenceResult(
        name=item.name,
        title=item.title,
        code=item.code,
        grade=(case.grade if case is not None else "") or item.grade,
        weight=weighed.weight,
        full_weight=item.weight.value,
        primary=item.primary,
        outcome=outcome,
        case=decision.case,
        because=fill(case.because, policy, found.facts, item.indicator) if case is not None else "",
        reachable=found.bounds.indicators[item.indicator].outcomes[item.name],
        points=points,
        missing=missing_inputs(reads, policy.catalogue, found.facts) if outcome is None else (),
        too_close=tuple(_too_close(found, item)),
        span=(case or item).span,
    )


def _too_close(found: Run, item: Evidence) -> Iterator[str]:
    """Comparisons that are too close to call in the cases up to the deciding one."""
    seen: set[str] = set()
    for case in item.cases:
        if found.truth(Kind.CASE, case.name) is Truth.YES:
            return
        for sentence in too_close(case.when, found.policy, found.facts):
            if sentence not in seen:
                seen.add(sentence)
                yield sentence


def _activations(found: Run) -> Iterator[Activation]:
    """What fired, in order; of the cases of one evidence item only the one that decides."""
    deciding = {w.decision.case for items in found.tally.weighed.values() for w in items}
    for activation in (*found.early.activations, *found.late.activations):
        if activation.kind is not Kind.CASE or activation.name in deciding:
            yield activation


def _all_conditions(policy: PolicySet) -> list[tuple[str, FactTest]]:
    rules = strata(policy)
    return [(r.key, leaf) for r in (*rules.early, *rules.late) for leaf in leaves(r.when) if isinstance(leaf, FactTest)]


def _missing(policy: PolicySet, facts: Facts) -> tuple[str, ...]:
    """Input facts that something reads and nobody has given."""
    read = [leaf.fact for _, leaf in _all_conditions(policy)]
    read += [i.quality.fact for i in policy.indicators if i.quality]
    read += [g.effect.cap_move for g in policy.gates if isinstance(g.effect.cap_move, str)]
    return missing_inputs(dict.fromkeys(read), policy.catalogue, facts)


def _assumptions(policy: PolicySet, facts: Facts) -> Iterator[Assumption]:
    for where, leaf in _all_conditions(policy):
        if leaf.if_missing is not None and leaf.fact not in facts:
            yield Assumption(leaf.fact, leaf.if_missing, where, leaf.span)


def _grades(found: Run) -> Mapping[str, float]:
    """Share of the decided weight, as it counts in the score, by grade of the deciding case or evidence."""
    shares: dict[str, float] = {}
    for result in found.tally.strengths:
        if not result.assessed or not result.indicator.in_score:
            continue
        scale = result.indicator.weight.value * found.tally.quality[result.indicator.name] / result.total_weight
        for weighed in found.tally.weighed[result.indicator.name]:
            if weighed.decision.outcome is not None:
                case = next((c for c in weighed.item.cases if c.name == weighed.decision.case), None)
                grade = (case.grade if case is not None else "") or weighed.item.grade
                shares[grade] = shares.get(grade, 0.0) + scale * weighed.weight
    total = sum(shares.values())
    return {grade: share / total for grade, share in sorted(shares.items())} if total else {}

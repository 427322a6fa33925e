"""Facts in, an evaluation out. The order of the steps is that of docs/language.md, section 8."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import findings
from .backends import Backend
from .backends.reference import signal_truths
from .company import Company
from .conclusion import AnswerGiven, Evaluation, GateResult, Kind, Verdict
from .condition import Truth, less
from .diagnostics import Diagnostic
from .display import display
from .facts import Origin
from .findings import because
from .formula import derive_for
from .planning import Known, dropped_tags, plan
from .policy import PolicySet, Role
from .questions import questions
from .recommendation import insufficient, recommend
from .run import Fired, Run, bounded, fire
from .scoring import band_of, bands_between, score
from .sensitivity import variants
from .tally import Tally


def evaluate(
    policy: PolicySet,
    company: Company,
    backend: Backend,
    warnings: Sequence[Diagnostic] = (),
    tried: Sequence[str] = (),
) -> Evaluation:
    """The answer for one company. `tried` names values of this run only. Raises EvaluationError where the engine fails."""
    facts, _ = derive_for(policy, company.facts)
    return evaluated(fire(policy, facts, backend), company, backend.name, warnings, tried)


def evaluated(
    fired: Fired, company: Company, engine: str, warnings: Sequence[Diagnostic] = (), tried: Sequence[str] = ()
) -> Evaluation:
    """The answer for one company whose rules have fired in `engine`."""
    _, derived = derive_for(fired.policy, company.facts)
    trials = (*(" = ".join(assignment.split("=", 1)) for assignment in tried), *_set(fired.policy, company))
    said = (*warnings, *company.warnings, *derived)
    return _told(bounded(fired), company, said, trials, engine)


def _set(policy: PolicySet, company: Company) -> Iterator[str]:
    """The facts that were set for this run, and their values."""
    for name, observation in company.facts.items():
        if observation.origin is Origin.SET:
            yield f"{name} = {display(observation, policy.catalogue[name], policy.currency)}"


def _answers(policy: PolicySet, company: Company) -> Iterator[AnswerGiven]:
    for name, said in company.answers.items():
        for one in said:
            says = display(one.observation, policy.catalogue[name], policy.currency) if one.observation else ""
            yield AnswerGiven(name, one.who, one.on, says, one.standing.value, one.note, one.span)


def _told(
    found: Run, company: Company, warnings: tuple[Diagnostic, ...], tried: tuple[str, ...], engine: str
) -> Evaluation:
    """Everything a run says, a line a field."""
    policy = found.policy
    gates = tuple(findings.gates(found))
    verdict = verdict_of(found, gates)
    indicators = tuple(findings.indicators(found))
    urgency, urgency_because = _urgency(found)
    fired = [r for r in policy.readings if found.truth(Kind.READING, r.name) is Truth.YES]
    return Evaluation(
        company=company.name,
        as_of=company.as_of,
        facts_of=company.dated,
        currency=policy.currency,
        rates=company.exchange.told,
        policy=policy.name,
        policy_title=policy.title,
        policy_version=policy.version,
        layers=tuple(f"{layer.name} {layer.value}".strip() for layer in policy.layers),
        changed_values=policy.changed,
        tried=tried,
        plus=policy.plus,
        minus=policy.minus,
        budget=policy.budget,
        verdict=verdict,
        score=found.tally.score.value,
        score_low=found.bounds.low,
        score_high=found.bounds.high,
        possible=_possible(found),
        coverage=found.tally.score.coverage,
        required_coverage=policy.required_coverage.number,
        direction=_direction(found),
        direction_score=_direction_score(found),
        urgency=urgency,
        urgency_because=urgency_because,
        indicators=indicators,
        gates=gates,
        readings=tuple(findings.readings(found, fired)),
        adjustments=tuple(findings.adjustments(found)),
        activations=tuple(findings.activations(found)),
        variants=tuple(variants(policy, found.tally.strengths, found.tally.quality)) if found.tally.band else (),
        plan=plan(policy, indicators, dropped_tags(gates, fired), _known(found), verdict.move is not None),
        phases=tuple((phase.name, phase.title) for phase in policy.phases),
        roll_back=policy.roll_back if any(verdict.move or ()) else (),
        questions=questions(policy, found.given, tuple(found.open_gates), found.facts, company.asked_in_vain),
        facts=found.facts,
        missing=findings.missing(found),
        assumptions=tuple(findings.assumptions(policy, found.facts)),
        warnings=warnings,
        grades=findings.grades(found),
        share=_share(found),
        share_of=policy.share.of if policy.share else "",
        share_fact=policy.share.fact if policy.share else "",
        not_computed=company.not_computed,
        answers=tuple(_answers(policy, company)),
        engine=engine,
    )


def _known(found: Run) -> Known:
    return Known(found.facts, {**signal_truths(found.early), **signal_truths(found.late)})


def _possible(found: Run) -> tuple[str, ...]:
    if not found.policy.bands:
        return ()
    return tuple(band.name for band in bands_between(found.policy.bands, found.bounds.low, found.bounds.high))


def _share(found: Run) -> float | None:
    share = found.facts.get(found.policy.share.fact) if found.policy.share else None
    return share.number if share is not None else None


def verdict_of(found: Run, gates: Sequence[GateResult]) -> Verdict:
    """What stands after the gates."""
    return after_gates(found.policy, found.tally, gates, found.tally.band is not None and _settled(found))


def after_gates(policy: PolicySet, tally: Tally, gates: Sequence[GateResult], settled: bool) -> Verdict:
    """The verdict of a tally under its gates; whether it is settled the bounds say, which need not have been worked out."""
    result = tally.score
    if policy.single:
        return insufficient("one indicator alone gives no verdict")
    if tally.band is None:
        return insufficient(
            f"known {int(100 * result.coverage)} % of the evidence, {100 * policy.required_coverage.number:.0f} % needed"
            if result.value is not None
            else "no indicator can be assessed",
            tuple(gate.name for gate in gates if gate.withdraws_verdict),
        )
    return recommend(policy, tally.band, gates, settled)


def _settled(found: Run) -> bool:
    """Whether one band holds the whole range, whatever the open answers are, and no gate could still turn."""
    bands = bands_between(found.policy.bands, found.bounds.low, found.bounds.high)
    least = found.bounds.least_coverage
    enough = least > 0 and not less(least, found.policy.required_coverage.number)
    return len(bands) == 1 and enough and not found.open_gates


def _direction_score(found: Run) -> float | None:
    """The score over the indicators of direction alone."""
    strengths = [s for s in found.tally.strengths if s.indicator.role is Role.DIRECTION]
    weights = {indicator.name: indicator.weight.value for indicator in found.policy.indicators}
    return score(strengths, weights, found.tally.quality).value


def _direction(found: Run) -> str:
    """Which way the indicators of direction point, by the move of the band of their score.

    Unknown below the required coverage: a direction from less would be a verdict by another name.
    """
    points = _direction_score(found)
    if points is None or found.tally.band is None:
        return "unknown"
    band = band_of(found.policy.bands, points)
    if band.move_high > 0:
        return found.policy.plus
    return found.policy.minus if band.move_low < 0 else "neither"


def _urgent(found: Run) -> list[tuple[float, float, str]]:
    """Weight, outcome and reason of the decided items that say how fast, of the indicators of urgency."""
    policy = found.policy
    said = []
    for indicator in policy.indicators:
        if indicator.role is Role.URGENCY:
            marked = [item.name for item in indicator.evidence if item.how_fast]
            items = [w for w in found.tally.weighed[indicator.name] if not marked or w.item.name in marked]
            said += [(indicator.weight.value * w.weight, w) for w in items]
    return [
        (weight, w.decision.outcome.value, because(found, w)) for weight, w in said if w.decision.outcome is not None
    ]


def _urgency(found: Run) -> tuple[str, str]:
    """How fast: high or low from where the weighted outcome would support a side; and the weightiest reason for it."""
    urgent = _urgent(found)
    weight = sum(w for w, _, _ in urgent)
    if weight == 0:
        return "unknown", ""
    mean = sum(w * outcome for w, outcome, _ in urgent) / weight
    supports = found.policy.supports_at.number
    level = "high" if not less(mean, supports) else "low" if not less(-mean, supports) else "medium"
    sign = {"high": 1.0, "low": -1.0}.get(level, 0.0)
    reasons = [(w * abs(outcome), reason) for w, outcome, reason in urgent if sign == 0.0 or outcome * sign > 0]
    return level, max(reasons, default=(0.0, ""))[1]

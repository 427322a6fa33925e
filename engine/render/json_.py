"""An evaluation for programs: JSON with a published schema, schemas/evaluation.schema.json. Every key is always there.

Numbers keep every digit; one without an end is the text `infinite`; days are ISO dates; moves, scores and contributions
are points, weights, strengths and outcomes have no unit, and coverage and shares are 0..1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from ..conclusion import (
    Activation,
    AdjustmentResult,
    AnswerGiven,
    Assumption,
    Evaluation,
    EvidenceResult,
    GateResult,
    IndicatorResult,
    LimitLine,
    Outcome,
    PlanItem,
    Question,
    ReadingResult,
    Variant,
    Verdict,
)
from ..diagnostics import Diagnostic
from ..facts import FactDefinition, Observation
from ..policy import Band, PolicySet
from .jsontext import Plain, json_text
from .plain import listed, number, place, raw

SCHEMA_VERSION = 1

T = TypeVar("T")


def render(evaluation: Evaluation, policy: PolicySet) -> str:
    """The evaluation as JSON. What a terminal would obey stands in it as an escape of JSON."""
    return json_text(to_plain(evaluation, policy))


def to_plain(evaluation: Evaluation, policy: PolicySet) -> dict[str, Plain]:
    """The evaluation as mappings, lists, texts and numbers, in a fixed order of keys."""
    return {
        "schema_version": SCHEMA_VERSION,
        "company": evaluation.company,
        "as_of": evaluation.as_of.isoformat(),
        "facts_of": evaluation.facts_of.isoformat(),
        "currency": evaluation.currency,
        "exchange_rates": [*evaluation.rates],
        "engine": evaluation.engine,
        "policy": _policy(evaluation, policy),
        "verdict": _verdict(evaluation.verdict),
        "score": _score(evaluation),
        "coverage": {"known": evaluation.coverage, "required": evaluation.required_coverage},
        "direction": {"side": evaluation.direction, "score": number(evaluation.direction_score)},
        "urgency": {"level": evaluation.urgency, "because": evaluation.urgency_because},
        "share": _share(evaluation),
        "indicators": _list(_indicator, evaluation.indicators),
        "gates": _list(_gate, evaluation.gates),
        "readings": _list(_reading, evaluation.readings),
        "adjustments": _list(_adjustment, evaluation.adjustments),
        "variants": _list(_variant, evaluation.variants),
        "grades": dict(evaluation.grades),
        "plan": _plan(evaluation),
        "questions": _list(_question, evaluation.questions),
        "missing": [*evaluation.missing],
        "assumptions": _list(_assumption, evaluation.assumptions),
        "activations": _list(_activation, evaluation.activations),
        "facts": _facts(evaluation.facts, policy),
        "answers": _list(_answer, evaluation.answers),
        "not_computed": dict(evaluation.not_computed),
        "warnings": _list(_warning, evaluation.warnings),
    }


def _list(plain: Callable[[T], Plain], items: Iterable[T]) -> list[Plain]:
    return [plain(item) for item in items]


def _range(ends: tuple[float, float] | None) -> Plain:
    return {"low": number(ends[0]), "high": number(ends[1])} if ends is not None else None


# ---- the verdict


def _policy(evaluation: Evaluation, policy: PolicySet) -> Plain:
    return {
        "id": evaluation.policy,
        "title": evaluation.policy_title,
        "version": evaluation.policy_version,
        "layers": [*evaluation.layers],
        "changed_values": evaluation.changed_values,
        "tried": [*evaluation.tried],
        "sides": {"plus": evaluation.plus, "minus": evaluation.minus},
        "budget": evaluation.budget,
        "currency": policy.currency,
        "bands": _list(_band, policy.bands),
    }


def _band(band: Band) -> Plain:
    return {
        "id": band.name,
        "title": band.title,
        "below": number(band.below.number) if band.below is not None else None,
        "move": _range((band.move_low, band.move_high)),
        "note": band.note,
        "place": place(band.span),
    }


def _verdict(verdict: Verdict) -> Plain:
    return {
        "id": verdict.id,
        "headline": verdict.headline,
        "note": verdict.note,
        "move": _range(verdict.move),
        "band": verdict.band,
        "band_title": verdict.band_title,
        "band_move": _range(verdict.band_move),
        "held_by": [*verdict.held_by],
        "settled": verdict.settled,
        "why_insufficient": verdict.why_insufficient,
    }


def _score(evaluation: Evaluation) -> Plain:
    return {
        "value": number(evaluation.score),
        "low": number(evaluation.score_low),
        "high": number(evaluation.score_high),
        "possible_bands": [*evaluation.possible],
    }


def _share(evaluation: Evaluation) -> Plain:
    if not evaluation.share_fact:
        return None
    return {"of": evaluation.share_of, "fact": evaluation.share_fact, "value": number(evaluation.share)}


# ---- indicators and evidence


def _indicator(result: IndicatorResult) -> Plain:
    return {
        "id": result.name,
        "number": result.number,
        "title": result.title,
        "short": result.short,
        "role": result.role,
        "in_score": result.in_score,
        "weight": number(result.weight),
        "quality": {"factor": number(result.quality), "fact": result.quality_fact, "known": result.quality_known},
        "state": result.state,
        "assessed": result.assessed,
        "strength": number(result.strength),
        "mean": number(result.mean),
        "low": number(result.low),
        "high": number(result.high),
        "coverage": result.coverage,
        "points": number(result.points),
        "limit": _limit(result.limit),
        "evidence": _list(_evidence, result.evidence),
        "place": place(result.span),
    }


def _limit(limit: LimitLine | None) -> Plain:
    if limit is None:
        return None
    return {
        "case": limit.case,
        "kind": "cap" if limit.is_cap else "floor",
        "value": number(limit.limit),
        "points": number(limit.points),
        "because": limit.because,
    }


def _evidence(item: EvidenceResult) -> Plain:
    return {
        "id": item.name,
        "code": item.code,
        "title": item.title,
        "grade": item.grade,
        "weight": number(item.weight),
        "full_weight": number(item.full_weight),
        "primary": item.primary,
        "outcome": _outcome(item.outcome) if item.outcome is not None else None,
        "case": item.case,
        "because": item.because,
        "points": number(item.points),
        "reachable": _list(_outcome, item.reachable),
        "missing": [*item.missing],
        "too_close": [*item.too_close],
        "place": place(item.span),
    }


def _outcome(outcome: Outcome) -> Plain:
    return {"value": number(outcome.value), "cap": number(outcome.cap), "floor": number(outcome.floor)}


# ---- what else fired


def _gate(gate: GateResult) -> Plain:
    return {
        "id": gate.name,
        "title": gate.title,
        "state": gate.truth.value,
        "grade": gate.grade,
        "because": gate.because,
        "first": gate.first,
        "cap": number(gate.cap),
        "cap_missing": gate.cap_missing,
        "forbids": [*gate.forbids],
        "withdraws_verdict": gate.withdraws_verdict,
        "missing": [*gate.missing],
        "could_change": gate.could_change,
        "place": place(gate.span),
    }


def _reading(reading: ReadingResult) -> Plain:
    return {"id": reading.name, "says": reading.says, "first": reading.first, "place": place(reading.span)}


def _adjustment(adjustment: AdjustmentResult) -> Plain:
    return {
        "id": adjustment.name,
        "state": adjustment.truth.value,
        "evidence": adjustment.evidence,
        "by": number(adjustment.by),
        "because": adjustment.because,
        "missing": [*adjustment.missing],
        "place": place(adjustment.span),
    }


def _variant(variant: Variant) -> Plain:
    return {
        "indicator": variant.indicator,
        "change": variant.change,
        "score": number(variant.score),
        "band": variant.band,
    }


def _assumption(assumption: Assumption) -> Plain:
    return {
        "fact": assumption.fact,
        "answer": assumption.answer.value,
        "where": assumption.where,
        "place": place(assumption.span),
    }


def _activation(activation: Activation) -> Plain:
    return {
        "kind": activation.kind.value,
        "name": activation.name,
        "because_of": [*activation.because_of],
        "place": place(activation.span),
    }


# ---- plan, questions, facts


def _plan(evaluation: Evaluation) -> Plain:
    return {
        "phases": [{"id": name, "title": title} for name, title in evaluation.phases],
        "actions": _list(_action, evaluation.plan),
        "roll_back": [*evaluation.roll_back],
    }


def _action(item: PlanItem) -> Plain:
    return {
        "do": item.do,
        "side": item.side,
        "phase": item.phase,
        "indicator": item.indicator,
        "watch": item.watch,
    }


def _question(question: Question) -> Plain:
    return {
        "fact": question.fact,
        "ask": question.ask,
        "who": question.who,
        "source": question.source,
        "unit": question.unit,
        "decides": [*question.decides],
        "together": [*question.together],
        "coverage_after": question.coverage_after,
    }


def _answer(answer: AnswerGiven) -> Plain:
    return {
        "fact": answer.fact,
        "who": answer.who,
        "on": answer.on.isoformat(),
        "says": answer.says,
        "standing": answer.standing,
        "note": answer.note,
        "place": place(answer.span),
    }


def _facts(facts: Mapping[str, Observation], policy: PolicySet) -> Plain:
    return {name: _fact(facts[name], policy.catalogue[name], policy.currency) for name in sorted(facts)}


def _fact(observation: Observation, definition: FactDefinition, currency: str) -> Plain:
    return {
        "title": definition.title,
        "type": definition.type.value,
        "unit": definition.unit,
        "currency": currency if definition.is_money else "",
        "value": raw(observation.value),
        "low": number(observation.low),
        "high": number(observation.high),
        "interval_known": observation.interval_known,
        "ranged": observation.ranged,
        "successes": observation.successes,
        "trials": observation.trials,
        "origin": observation.origin.name.lower(),
        "inputs": [*observation.inputs],
        "source": observation.source,
        "as_of": observation.as_of.isoformat() if observation.as_of is not None else None,
        "by": observation.by,
        "note": observation.note,
        "proxy": observation.proxy,
        "place": place(observation.span),
    }


def _warning(warning: Diagnostic) -> Plain:
    return {
        "code": warning.code,
        "message": warning.message,
        "hint": warning.hint,
        "place": place(warning.span),
        "listed": listed(warning.listed),
    }

"""An evaluation as answers by their paths, which is what scenarios expect something of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from ..conclusion import Evaluation, Kind, Verdict
from ..condition import Truth
from ..diagnostics import Diagnostic
from ..evaluation import after_gates
from ..findings import grade_of
from ..recommendation import gate_result
from ..run import Fired
from ..scoring import Weighed
from ..tally import state
from .expecting import NONE, UNKNOWN
from .model import Answer

Answers: TypeAlias = Mapping[str, Answer]

TOLD = ("direction", "urgency", "settled", "reasons", "plan", "not_in_plan", "missing", "questions", "warnings")
"""The answers that a whole evaluation is made for; all others follow from what fired."""


def fired_answers(found: Fired) -> dict[str, Answer]:
    """Every answer that needs no look at what is not known."""
    policy, tally = found.policy, found.tally
    gates = tuple(gate_result(gate, found.truth(Kind.GATE, gate.name), found.facts, (), False) for gate in policy.gates)
    answers = _of_verdict(after_gates(policy, tally, gates, False))
    answers |= {"score": _known(tally.score.value), "coverage": tally.score.coverage}
    for gate in gates:
        answers[f"gates.{gate.name}"] = str(gate.truth)
        answers[f"gates.{gate.name}.cap"] = NONE if gate.cap is None else gate.cap
        answers[f"gates.{gate.name}.forbids"] = gate.forbids
    for items in tally.weighed.values():
        for item in items:
            answers |= _of_evidence(found, item)
    for result in tally.strengths:
        name = f"indicators.{result.indicator.name}"
        answers |= {
            name: state(policy, result),
            f"{name}.strength": _known(result.value),
            f"{name}.coverage": result.coverage,
        }
    answers |= {f"{section}.{name}": str(truth) for section, name, truth in _named(found)}
    answers["fires"] = tuple(_firing(found))
    return answers


def _known(value: float | None) -> Answer:
    return UNKNOWN if value is None else value


def _of_verdict(verdict: Verdict) -> dict[str, Answer]:
    return {
        "verdict": verdict.id,
        "band": verdict.band or NONE,
        "move": verdict.move or NONE,
        "held_by": verdict.held_by,
    }


def _of_evidence(found: Fired, weighed: Weighed) -> Answers:
    outcome, name = weighed.decision.outcome, f"evidence.{weighed.item.name}"
    return {
        name: _known(outcome.value if outcome else None),
        f"{name}.case": weighed.decision.case.rpartition(".")[2] or NONE,
        f"{name}.cap": NONE if outcome is None or outcome.cap is None else outcome.cap,
        f"{name}.floor": NONE if outcome is None or outcome.floor is None else outcome.floor,
        f"{name}.grade": grade_of(found, weighed),
        f"{name}.weight": weighed.weight,
    }


def _named(found: Fired) -> Iterator[tuple[str, str, Truth]]:
    """Every signal, adjustment and reading with its truth."""
    policy = found.policy
    for signal in policy.signals:
        yield "signals", signal.name, found.truth(Kind.SIGNAL, signal.name)
    for adjustment in policy.adjustments:
        yield "adjustments", adjustment.name, found.truth(Kind.ADJUSTMENT, adjustment.name)
    for reading in policy.readings:
        yield "readings", reading.name, found.truth(Kind.READING, reading.name)


def _firing(found: Fired) -> Iterator[str]:
    policy = found.policy
    rules: Iterable[tuple[Kind, str]] = (
        *((Kind.GATE, gate.name) for gate in policy.gates),
        *((Kind.READING, reading.name) for reading in policy.readings),
        *((Kind.ADJUSTMENT, adjustment.name) for adjustment in policy.adjustments),
    )
    return (name for kind, name in rules if found.truth(kind, name) is Truth.YES)


def told_answers(evaluation: Evaluation, of_policy: Sequence[Diagnostic]) -> dict[str, Answer]:
    """The answers of `TOLD`; the warnings of the policy set itself are left to `check`."""
    plan = tuple(item.do for item in evaluation.plan)
    return {
        "direction": evaluation.direction,
        "urgency": evaluation.urgency,
        "settled": "yes" if evaluation.verdict.settled else "no",
        "reasons": tuple(_reasons(evaluation)),
        "plan": plan,
        "not_in_plan": plan,
        "missing": evaluation.missing,
        "questions": tuple(question.fact for question in evaluation.questions),
        "warnings": tuple(warning.code for warning in evaluation.warnings if warning not in of_policy),
    }


def _reasons(evaluation: Evaluation) -> Iterator[str]:
    """The texts of the cases that decide, of the gates that hold and of the readings that fire."""
    for indicator in evaluation.indicators:
        yield from (item.because for item in indicator.evidence if item.because)
    for gate in evaluation.gates:
        if gate.truth is Truth.YES:
            yield from (text for text in (gate.because, gate.first) if text)
    for reading in evaluation.readings:
        yield from (text for text in (reading.says, reading.first) if text)

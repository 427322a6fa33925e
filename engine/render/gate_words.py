"""The gates in words: what holds, what it does, and what is not yet ruled out."""

from __future__ import annotations

from math import isfinite

from ..conclusion import Evaluation, GateResult
from ..condition import Truth
from .names import Names
from .wording import capital, counted, counted_points, listed

STATE = {Truth.YES: "holds", Truth.NO: "ruled out", Truth.UNKNOWN: "not yet ruled out"}


def gate_name(gate: GateResult) -> str:
    """A gate by its id and its title."""
    return f"{gate.name} {gate.title}".strip()


def holding(evaluation: Evaluation) -> list[GateResult]:
    """The gates that hold."""
    return [gate for gate in evaluation.gates if gate.truth is Truth.YES]


def not_ruled_out(evaluation: Evaluation) -> list[GateResult]:
    """The gates of which it is not known whether they hold, those that could change the move first."""
    unknown = [gate for gate in evaluation.gates if gate.truth is Truth.UNKNOWN]
    return sorted(unknown, key=lambda gate: not gate.could_change)


def effect_words(gate: GateResult, evaluation: Evaluation) -> str:
    """What a gate does; empty where it does nothing."""
    parts = ["no verdict"] if gate.withdraws_verdict else []
    if gate.cap is not None and isfinite(gate.cap):
        cap = max(gate.cap, 0.0)
        parts.append(f"no move to {evaluation.plus}" if cap == 0 else f"at most {counted_points(cap)}")
    if gate.cap_missing:
        parts.append("a limit that cannot be worked out")
    # the tag of the actions that are taken out of the plan: `hire` reads "no new hires"
    parts += [f"no new {tag.replace('-', ' ')}s" for tag in gate.forbids]
    return listed(parts)


def gates_sentence(evaluation: Evaluation) -> str:
    """Which gates hold and which are not yet ruled out; empty where nothing stands in the way."""
    hold = [f"{effect_words(gate, evaluation)} ({gate_name(gate)})" for gate in holding(evaluation)]
    still_open = [gate_name(gate) for gate in not_ruled_out(evaluation)]
    parts = [f"In force: {'; '.join(hold)}."] if hold else []
    parts += [f"Not yet ruled out: {', '.join(still_open)}."] if still_open else []
    return " ".join(parts)


def readiness(evaluation: Evaluation) -> str:
    """What stands in the way, counted."""
    hold, still_open = len(holding(evaluation)), len(not_ruled_out(evaluation))
    if not hold and not still_open:
        return "no gate stands in the way"
    holds = f"{counted(hold, 'gate')} {'holds' if hold == 1 else 'hold'}"
    if not still_open:
        return holds
    return f"{holds}, {still_open} not ruled out" if hold else f"{counted(still_open, 'gate')} not ruled out"


def holding_words(gate: GateResult, evaluation: Evaluation) -> str:
    """What a gate that holds does, why, and what to do first."""
    effect = effect_words(gate, evaluation)
    parts = [effect, capital(gate.because), f"First: {gate.first}" if gate.first else ""]
    return ". ".join(part for part in parts if part)


def open_words(gate: GateResult, evaluation: Evaluation, names: Names) -> str:
    """Why a gate is open, and what it does meanwhile."""
    effect = effect_words(gate, evaluation)
    waits = f"not yet ruled out. Not known: {names.facts(gate.missing)}" if gate.missing else "not yet ruled out"
    return f"{waits}. Until then {effect}" if effect else waits

"""What is different between two evaluations of one company: gates, and the evidence that moved the score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..conclusion import Evaluation, EvidenceResult, GateResult, Outcome
from ..condition import Truth

SAME = 1e-9


class What(StrEnum):
    """The kinds of change."""

    GATE = "gate"
    KNOWN = "known"
    OPEN = "open"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `item` is the id of a gate or the code of an item of evidence; `was` and `now` are truths or outcomes in -1 to 1.

    `points` is by how much the contribution of the item to the score changed; None for gates and outside the score.
    """

    what: What
    item: str
    title: str
    was: str
    now: str
    points: float | None = None


def changes(before: Evaluation, after: Evaluation) -> tuple[Change, ...]:
    """Gates first, in their order; then the evidence that says something else, what moves the score most first."""
    return (*_gates(before, after), *sorted(_evidence(before, after), key=lambda one: -abs(one.points or 0.0)))


def _gates(before: Evaluation, after: Evaluation) -> Iterator[Change]:
    earlier = {gate.name: gate for gate in before.gates}
    for gate in after.gates:
        was = earlier.get(gate.name)
        if was is not None and was.truth is not gate.truth and Truth.YES in (was.truth, gate.truth):
            yield _gate(was, gate)


def _gate(was: GateResult, now: GateResult) -> Change:
    return Change(What.GATE, now.name, now.title, was.truth.value, now.truth.value)


def _evidence(before: Evaluation, after: Evaluation) -> Iterator[Change]:
    earlier = {item.code: item for indicator in before.indicators for item in indicator.evidence}
    for item in (item for indicator in after.indicators for item in indicator.evidence):
        was = earlier.get(item.code)
        if was is not None and not _same(was.outcome, item.outcome):
            yield _moved(was, item)


def _same(one: Outcome | None, other: Outcome | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one.value - other.value) < SAME and (one.cap, one.floor) == (other.cap, other.floor)


def _moved(was: EvidenceResult, now: EvidenceResult) -> Change:
    what = What.KNOWN if was.outcome is None else What.OPEN if now.outcome is None else What.MOVED
    points = None
    if was.points is not None or now.points is not None:
        points = (now.points or 0.0) - (was.points or 0.0)
    return Change(what, now.code, now.title, _outcome(was.outcome), _outcome(now.outcome), points)


def _outcome(outcome: Outcome | None) -> str:
    return "unknown" if outcome is None else f"{outcome.value:g}"

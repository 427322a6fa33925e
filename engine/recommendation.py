"""From the band to what stands after the gates: docs/language.md, section 8, steps 7, 8 and 10."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf

from .conclusion import GateResult, Kind, Verdict
from .condition import Truth, less
from .facts import Facts
from .policy import Band, Effect, Gate, PolicySet

INSUFFICIENT = "insufficient-evidence"


def cap_of(effect: Effect, facts: Facts) -> float | None:
    """The limit in points, of a range its low end; None where the effect has none or its fact is missing."""
    if effect.cap_move is None:
        return None
    if not isinstance(effect.cap_move, str):
        return effect.cap_move.number
    observation = facts.get(effect.cap_move)
    if observation is None or not observation.ranged:
        return observation.number if observation is not None else None
    return observation.low


def effect_of(gate: Gate, answer: Truth) -> Effect:
    """What a gate does, given its truth."""
    return {Truth.YES: gate.effect, Truth.UNKNOWN: gate.if_unknown}.get(answer, Effect())


def gate_result(gate: Gate, answer: Truth, facts: Facts, missing: tuple[str, ...], could_change: bool) -> GateResult:
    """What one gate did; texts are as written in the policy."""
    effect = effect_of(gate, answer)
    cap = cap_of(effect, facts)
    return GateResult(
        name=gate.name,
        title=gate.title,
        truth=answer,
        grade=gate.grade,
        because=gate.because,
        first=gate.first if answer is Truth.YES else "",
        cap=cap,
        cap_missing=effect.cap_move if isinstance(effect.cap_move, str) and cap is None else "",
        forbids=effect.forbid,
        withdraws_verdict=effect.withdraws_verdict,
        missing=missing,
        could_change=could_change,
        span=gate.span,
    )


def lowest_cap(gates: Iterable[GateResult]) -> float:
    """The lowest limit that applies, infinite where none does."""
    return min((gate.cap for gate in gates if gate.cap is not None), default=inf)


def _reaching(bands: Sequence[Band], cap: float) -> Band:
    """The lowest band whose move reaches the cap; a cap of 0 or less gives the one whose move reaches 0."""
    reach = max(cap, 0.0)
    return next((band for band in bands if not less(band.move_high, reach)), bands[-1])


def insufficient(why: str, held_by: tuple[str, ...] = ()) -> Verdict:
    """No band and no move."""
    return Verdict(INSUFFICIENT, "Insufficient evidence", held_by=held_by, why_insufficient=why)


def recommend(policy: PolicySet, band: Band, gates: Sequence[GateResult], settled: bool) -> Verdict:
    """The band, or under a lower cap the band that the cap leaves."""
    withdrawing = tuple(gate.name for gate in gates if gate.withdraws_verdict)
    if withdrawing:
        titles = " and ".join(f"{g.name} {g.title.lower()}" for g in gates if g.withdraws_verdict)
        return insufficient(f"gate {titles}", withdrawing)
    cap = lowest_cap(gates)
    move = (band.move_low, band.move_high)
    if not less(cap, band.move_high) or band.move_high <= 0:
        return Verdict(band.name, band.title, band.note, band.name, band.title, move, move, settled=settled)
    left = _reaching(policy.bands, cap)
    high = max(cap, 0.0)
    holders = tuple(gate.name for gate in gates if gate.cap is not None and less(gate.cap, band.move_high))
    capped = (min(left.move_low, high), high)
    return Verdict(left.name, left.title, left.note, band.name, band.title, capped, move, holders, settled)


def matters(effect: Effect, facts: Facts, high: float) -> bool:
    """Whether an effect would change a move whose high end is `high`, or the verdict."""
    if effect.withdraws_verdict:
        return True
    if effect.cap_move is None or not high > 0:
        # a cap cannot take from a move that is not there
        return False
    cap = cap_of(effect, facts)
    return cap is None or less(cap, high)


def open_gates(
    policy: PolicySet, certain: Mapping[str, Truth], present: Mapping[str, Truth], facts: Facts, high: float
) -> frozenset[str]:
    """Gates that a completion of the missing facts could turn so that the move or the verdict changes.

    `certain` are the truths of every completion, `present` those of today, `facts` what is certain, `high` the high end of
    the proposed move. A gate that is one thing today and certainly another once all is known does turn.
    """
    # a limit of which only a range is known may turn out to be another
    facts = {name: observation for name, observation in facts.items() if not observation.ranged}
    sure = {g.name: certain[f"{Kind.GATE}:{g.name}"] for g in policy.gates}
    today = {g.name: present[f"{Kind.GATE}:{g.name}"] for g in policy.gates}
    lasting = [g for g in policy.gates if sure[g.name] is today[g.name] is Truth.YES]
    caps = [cap for g in lasting if (cap := cap_of(g.effect, facts)) is not None]
    left = min([high, *caps])

    def turns(gate: Gate) -> bool:
        if sure[gate.name] is today[gate.name] is Truth.NO:
            return False
        if sure[gate.name] is today[gate.name] is Truth.YES:
            return left > 0 and isinstance(gate.effect.cap_move, str) and cap_of(gate.effect, facts) is None
        return matters(gate.effect, facts, left) or matters(gate.if_unknown, facts, left)

    return frozenset(gate.name for gate in policy.gates if turns(gate))

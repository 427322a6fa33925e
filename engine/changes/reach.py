"""How far a value reaches: whether a verdict can depend on it, an answer, or nothing at all.

The graph is that of both policy sets together, so that what it says holds for every mix of the two: a value from which no way
leads to the verdict, over what either of them reads, cannot change a verdict whichever of the other changes are made with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ..condition import Condition, FactTest, Operand, leaves
from ..formula import parameters, parse, reads
from ..policy import Adjustment, Effect, Evidence, Gate, Indicator, PolicySet
from .parts import OWN, Kind
from .web import REASONS, reads_codes

Node: TypeAlias = tuple[Kind, str]
_SUPPORTS = (Kind.SET, "supports_at")


@dataclass(frozen=True, slots=True)
class Reach:
    """What a verdict can depend on, and what an answer can."""

    verdict: frozenset[Node]
    answer: frozenset[Node]


def reach(*policies: PolicySet) -> Reach:
    """The reach of every part of some policy sets taken together."""
    edges: dict[Node, set[Node]] = {}
    decisive: set[Node] = set()
    for policy in policies:
        for node, read in _edges(policy):
            edges.setdefault(node, set()).update(read)
        decisive |= set(_decisive(policy))
    said = {node for policy in policies for node in _said(policy)}
    return Reach(_closure(decisive, edges), _closure(decisive | said, edges))


def _closure(start: Iterable[Node], edges: Mapping[Node, set[Node]]) -> frozenset[Node]:
    found = set(start)
    waiting = list(found)
    while waiting:
        fresh = edges.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return frozenset(found)


def _decisive(policy: PolicySet) -> Iterator[Node]:
    """What a verdict is made of: the score, the coverage it needs, its bands, and gates that limit or withdraw it.

    One indicator alone has no verdict.
    """
    if policy.single:
        return
    yield (Kind.SET, "required_coverage")
    yield from ((Kind.BAND, band.name) for band in policy.bands)
    yield from ((Kind.INDICATOR, indicator.name) for indicator in policy.indicators if indicator.in_score)
    yield from ((Kind.GATE, gate.name) for gate in policy.gates if _limits(gate.effect) or _limits(gate.if_unknown))


def _limits(effect: Effect) -> bool:
    return effect.cap_move is not None or effect.withdraws_verdict


def _said(policy: PolicySet) -> Iterator[Node]:
    """What else an answer shows."""
    yield _SUPPORTS
    yield from ((Kind.INDICATOR, indicator.name) for indicator in policy.indicators)
    yield from ((Kind.GATE, gate.name) for gate in policy.gates)
    yield from ((Kind.READING, reading.name) for reading in policy.readings)
    yield from ((Kind.ACTION, owner) for owner in (OWN, *(indicator.name for indicator in policy.indicators)))


def _edges(policy: PolicySet) -> Iterator[tuple[Node, set[Node]]]:
    """What each part reads."""
    for setting in ("required_coverage", "assessed_at", "supports_at"):
        yield (Kind.SET, setting), set(_operand(getattr(policy, setting)))
    for band in policy.bands:
        yield (Kind.BAND, band.name), set(_operand(band.below))
    for indicator in policy.indicators:
        yield (Kind.INDICATOR, indicator.name), set(_of_indicator(indicator))
        yield from (((Kind.EVIDENCE, item.name), set(_of_evidence(item, policy))) for item in indicator.evidence)
        yield (Kind.ACTION, indicator.name), set(_whens(a.when for a in indicator.actions))
    yield (Kind.ACTION, OWN), set(_whens(action.when for action in policy.actions))
    yield from (((Kind.SIGNAL, signal.name), set(_when(signal.when))) for signal in policy.signals)
    yield from (((Kind.ADJUSTMENT, a.name), set(_of_adjustment(a))) for a in policy.adjustments)
    yield from (((Kind.GATE, gate.name), set(_of_gate(gate))) for gate in policy.gates)
    yield from (((Kind.READING, reading.name), set(_when(reading.when))) for reading in policy.readings)
    yield from _concluded(policy)
    for fact in policy.catalogue.values():
        if fact.is_derived:
            tree = parse(fact.formula, fact.formula_span)
            facts = {(Kind.FACT, name) for name in reads(tree)}
            yield (Kind.FACT, fact.name), facts | {(Kind.PARAMETER, name) for name in parameters(tree)}
        for computation in fact.computed:
            facts = {(Kind.FACT, name) for name in computation.facts}
            yield (Kind.FACT, fact.name), facts | ({(Kind.SET, REASONS)} if reads_codes(computation) else set())


def _concluded(policy: PolicySet) -> Iterator[tuple[Node, set[Node]]]:
    """What the engine's own facts rest on. Those of the score rest on what decides the verdict anyway."""
    for indicator in policy.indicators:
        for name in ("strength", "coverage", "state"):
            node = (Kind.FACT, f"indicator.{indicator.name}.{name}")
            yield node, {(Kind.INDICATOR, indicator.name), *({_SUPPORTS} if name == "state" else ())}


def _of_indicator(indicator: Indicator) -> Iterator[Node]:
    yield (Kind.SET, "assessed_at")
    yield from ((Kind.EVIDENCE, item.name) for item in indicator.evidence)
    if indicator.quality is not None:
        yield (Kind.FACT, indicator.quality.fact)


def _of_evidence(item: Evidence, policy: PolicySet) -> Iterator[Node]:
    yield from _whens(case.when for case in item.cases)
    yield from ((Kind.ADJUSTMENT, a.name) for a in policy.adjustments if a.evidence == item.name)


def _of_adjustment(adjustment: Adjustment) -> Iterator[Node]:
    yield from _when(adjustment.when)
    yield from _operand(adjustment.by)


def _of_gate(gate: Gate) -> Iterator[Node]:
    yield from _when(gate.when)
    for effect in (gate.effect, gate.if_unknown):
        if isinstance(effect.cap_move, str):
            yield (Kind.FACT, effect.cap_move)
        else:
            yield from _operand(effect.cap_move)


def _operand(operand: Operand | None) -> Iterator[Node]:
    if operand is not None and operand.parameter:
        yield (Kind.PARAMETER, operand.parameter)


def _whens(conditions: Iterable[Condition | None]) -> Iterator[Node]:
    for condition in conditions:
        if condition is not None:
            yield from _when(condition)


def _when(condition: Condition) -> Iterator[Node]:
    """The facts, signals and parameters of a condition."""
    for leaf in leaves(condition):
        if isinstance(leaf, FactTest):
            yield (Kind.FACT, leaf.fact)
            for operand in leaf.operands:
                yield from _operand(operand)
        else:
            yield (Kind.SIGNAL, leaf.signal)


def reads_of(policy: PolicySet) -> dict[Node, set[Node]]:
    """What each part reads, by part."""
    found: dict[Node, set[Node]] = {}
    for node, read in _edges(policy):
        found.setdefault(node, set()).update(read)
    return found

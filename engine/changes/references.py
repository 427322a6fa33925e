"""What a value calls by name: changes that only make sense together are found by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ..condition import All, AnyOf, AtLeastN, FactTest, Not, Operand, SignalTest, leaves
from ..facts import FactDefinition
from ..formula import parameters, parse, reads
from ..policy import Action, Adjustment, Effect, Evidence, Indicator, PolicySet, Quality, Share
from ..texts import quoted
from .change import Slot
from .parts import FIELDS, PRESENCE, Kind, Part, actions, by_name, cases
from .web import COMPUTATION, COMPUTED

Node: TypeAlias = tuple[Kind, str]


def references(slot: Slot, policy: PolicySet) -> frozenset[Node]:
    """The facts, parameters, signals, tests, indicators and phases that the value at a slot calls; none where it is not there."""
    return frozenset(_standing_for(node) for node in _called(slot, policy))


def _standing_for(node: Node) -> Node:
    """What is concluded of an indicator is there when the indicator is."""
    kind, name = node
    head, _, rest = name.partition(".")
    return (Kind.INDICATOR, rest.rpartition(".")[0]) if kind is Kind.FACT and head == "indicator" else node


def _called(slot: Slot, policy: PolicySet) -> Iterator[Node]:
    if slot.kind is Kind.ACTION:
        for (owner, _), group in actions(policy).items():
            if owner == slot.name:
                yield from (node for part in group for node in _of_part(part, policy))
        return
    if slot.kind is Kind.SET and slot.field == "bands":
        bands = [part for part in by_name(policy).values() if part.kind is Kind.BAND]
        yield from (node for part in bands for node in _of_part(part, policy))
        return
    if slot == COMPUTED:
        yield from (node for fact in policy.catalogue.values() for node in _of_computations(fact))
        return
    part = _part(slot, policy)
    if part is not None:
        fields = tuple(FIELDS[part.kind]) if slot.field in (PRESENCE, "cases", "ends") else (slot.field,)
        yield from _of_fields(part, fields, policy)
        if slot.field in (PRESENCE, "cases", "ends"):
            yield from _inner(part, policy)


def _part(slot: Slot, policy: PolicySet) -> Part | None:
    if slot.kind is Kind.CASE:
        owner = by_name(policy).get((Kind.EVIDENCE, slot.name.rpartition(".")[0]))
        item = owner.thing if owner is not None else None
        listed = cases(item) if isinstance(item, Evidence) else []
        return next((part for part in listed if part.name == slot.name), None)
    return by_name(policy).get((slot.kind, slot.name))


def _of_part(part: Part, policy: PolicySet) -> Iterator[Node]:
    yield from _of_fields(part, tuple(FIELDS[part.kind]), policy)


def _inner(part: Part, policy: PolicySet) -> Iterator[Node]:
    """What the parts of a part call."""
    thing = part.thing
    if isinstance(thing, Evidence):
        yield from (node for case in cases(thing) for node in _of_part(case, policy))
    if isinstance(thing, Indicator):
        for item in thing.evidence:
            inner = Part(Kind.EVIDENCE, item.name, item, thing.name)
            yield from _of_part(inner, policy)
            yield from _inner(inner, policy)
        for (owner, _), group in actions(policy).items():
            yield from (node for one in group if owner == thing.name for node in _of_part(one, policy))


def _of_fields(part: Part, fields: tuple[str, ...], policy: PolicySet) -> Iterator[Node]:
    for field in fields:
        if field == "reading":
            continue
        value = part.value(field)
        yield from _of_name(part, field, value)
        yield from _of_value(value, _scope(part), policy)


def _of_name(part: Part, field: str, value: object) -> Iterator[Node]:
    """What a field calls that is a name and nothing else."""
    match part.thing, field:
        case Adjustment(), "evidence":
            yield (Kind.EVIDENCE, str(value))
        case Action(), "watch" if value:
            yield (Kind.FACT, str(value))
        case Action(), "phase":
            yield (Kind.PHASE, str(value))
    if part.kind is Kind.FACT and field == "formula" and value:
        tree = parse(str(value))
        yield from ((Kind.FACT, name) for name in reads(tree))
        yield from ((Kind.PARAMETER, name) for name in parameters(tree))
    if isinstance(part.thing, FactDefinition) and field == COMPUTATION:
        yield from _of_computations(part.thing)


def _of_computations(fact: FactDefinition) -> Iterator[Node]:
    yield from ((Kind.FACT, name) for computation in fact.computed for name in computation.facts)


def _of_value(value: object, scope: str, policy: PolicySet) -> Iterator[Node]:
    match value:
        case Operand(_, parameter) if parameter:
            yield (Kind.PARAMETER, parameter)
        case Effect(cap):
            yield from [(Kind.FACT, cap)] if isinstance(cap, str) else _of_value(cap, scope, policy)
        case Quality(fact, _) | Share(fact, _):
            yield (Kind.FACT, fact)
        case FactTest() | SignalTest() | All() | AnyOf() | Not() | AtLeastN():
            yield from _of_condition(value)
        case str() if "{" in value:
            yield from _of_text(value, scope, policy)


def _of_condition(condition: FactTest | SignalTest | All | AnyOf | Not | AtLeastN) -> Iterator[Node]:
    for leaf in leaves(condition):
        if isinstance(leaf, SignalTest):
            yield (Kind.SIGNAL, leaf.signal)
        else:
            yield (Kind.FACT, leaf.fact)
            yield from ((Kind.PARAMETER, operand.parameter) for operand in leaf.operands if operand.parameter)


def _of_text(text: str, scope: str, policy: PolicySet) -> Iterator[Node]:
    for name in quoted(text):
        own = f"{scope}.{name[1:]}"
        if name.startswith("$"):
            yield (Kind.PARAMETER, own if own in policy.parameters else name[1:])
        else:
            yield (Kind.FACT, name)


def _scope(part: Part) -> str:
    """The indicator in which the parameters of a text are looked up."""
    if part.kind is Kind.ACTION:
        return part.owner
    return part.name.partition(".")[0] if "." in part.name else ""

"""Whether two values that are written differently mean the same, whichever other changes are made with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..computation import Computation
from ..condition import All, AnyOf, AtLeastN, Condition, FactTest, Not, Operand, SignalTest
from ..policy import Effect, Parameter, PolicySet
from ..taxonomy import Taxonomy
from .computing import in_essence, meaning


def same_meaning(old: object, new: object, before: PolicySet, after: PolicySet) -> bool:
    """Whether a value only names its thresholds in another way: `30`, or a parameter that is 30 wherever it is there.

    A parameter that both policy sets have must have the same value in both, so that it does not matter which of the two is read.
    """
    if _plainly(old) != _plainly(new):
        return False
    called = {operand.parameter for value in (old, new) for operand in _operands(value) if operand.parameter}
    return all(_steady(name, before.parameters, after.parameters) for name in called)


def _steady(name: str, before: Mapping[str, Parameter], after: Mapping[str, Parameter]) -> bool:
    return name not in before or name not in after or before[name].value == after[name].value


def _plainly(value: object) -> object:
    """A value without the names of its parameters, and without words."""
    match value:
        case Taxonomy():
            return meaning(value)
        case Computation():
            return in_essence(value)
        case tuple():
            return tuple(_plainly(part) for part in value)
        case Operand():
            return replace(value, parameter="")
        case Effect(Operand() as cap):
            return replace(value, cap_move=replace(cap, parameter=""))
        case FactTest() | SignalTest() | All() | AnyOf() | Not() | AtLeastN():
            return _without_names(value)
        case _:
            return value


def _without_names(condition: Condition) -> Condition:
    match condition:
        case FactTest(_, _, operands):
            return replace(condition, operands=tuple(replace(operand, parameter="") for operand in operands))
        case Not(part):
            return replace(condition, part=_without_names(part))
        case All(parts) | AnyOf(parts) | AtLeastN(_, parts):
            return replace(condition, parts=tuple(map(_without_names, parts)))
        case SignalTest():
            return condition


def _operands(value: object) -> Iterator[Operand]:
    match value:
        case Operand():
            yield value
        case Effect(cap):
            yield from _operands(cap)
        case FactTest(_, _, operands):
            yield from operands
        case Not(part):
            yield from _operands(part)
        case All(parts) | AnyOf(parts) | AtLeastN(_, parts):
            for part in parts:
                yield from _operands(part)
        case _:
            return

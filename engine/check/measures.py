"""Whether each parameter is counted in the unit of what it is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..condition import Operand
from ..diagnostics import Diagnostic
from ..facts import FactDefinition, FactType
from ..policy import PolicySet
from ..units import PLAIN, named
from .conditions import comparisons_of, is_number, local


@dataclass(frozen=True, slots=True)
class _Use:
    """A threshold, what it is compared with, and the unit of that, in words; `others` are as good."""

    operand: Operand
    what: str
    unit: str
    others: tuple[str, ...] = ()

    def fits(self, policy: PolicySet) -> bool:
        """Whether a parameter is counted in the unit that is wanted; a literal has none of its own."""
        operand = self.operand
        if not operand.parameter or not is_number(operand.value):
            return True
        return named(policy.parameters[operand.parameter].unit) in (named(self.unit), *map(named, self.others))


def units(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every parameter that is compared with something of another unit."""
    for use in (*_in_conditions(policy), *_elsewhere(policy)):
        if not use.fits(policy):
            name = use.operand.parameter
            counted = _counted(policy.parameters[name].unit)
            message = f"`{local(name)}` is {counted}, and {use.what} is {_counted(use.unit)}"
            yield Diagnostic("unit-mismatch", message, use.operand.span, f"use a parameter with `unit: {use.unit}`")


def fits(operand: Operand, definition: FactDefinition, policy: PolicySet) -> bool:
    """Whether a threshold is counted in the unit of the fact that it is compared with."""
    return not definition.type.is_numeric or _use(operand, definition, policy).fits(policy)


def _in_conditions(policy: PolicySet) -> Iterator[_Use]:
    for comparison in comparisons_of(policy):
        if comparison.definition.type.is_numeric:
            for operand in comparison.test.operands:
                yield _use(operand, comparison.definition, policy)


def _use(operand: Operand, definition: FactDefinition, policy: PolicySet) -> _Use:
    unit = _unit_text(definition, policy.currency)
    return _Use(operand, f"`{definition.name}`", unit, _concluded_units(definition))


def _unit_text(definition: FactDefinition, currency: str) -> str:
    match definition.type:
        case FactType.RATE | FactType.PP:
            return str(definition.type)
        case _ if definition.is_money:
            return f"{currency}{definition.per}"
        case _:
            return definition.unit or "ratio"


def _concluded_units(definition: FactDefinition) -> tuple[str, ...]:
    """The score is in points and a strength in strength, for a reader; both are plain numbers."""
    is_concluded = definition.late and not definition.is_derived and definition.type is FactType.NUMBER
    return ("points", "strength") if is_concluded else ()


def _elsewhere(policy: PolicySet) -> Iterator[_Use]:
    """The thresholds outside of conditions."""
    yield _Use(policy.required_coverage, "`required_coverage`", "rate")
    yield _Use(policy.assessed_at, "`assessed_at`", "rate")
    yield _Use(policy.supports_at, "a strength", "ratio", ("strength",))
    for band in policy.bands:
        if band.below is not None:
            yield _Use(band.below, "the score", "points", ("",))
    for adjustment in policy.adjustments:
        yield _Use(adjustment.by, "`by`", "factor", ("",))
    for gate in policy.gates:
        for effect in (gate.effect, gate.if_unknown):
            if isinstance(effect.cap_move, Operand):
                yield _Use(effect.cap_move, "`cap_move`", "pp")


def _counted(unit: str) -> str:
    if unit == "rate":
        return "a rate"
    return "a plain number" if named(unit) == PLAIN else f"in `{unit}`"

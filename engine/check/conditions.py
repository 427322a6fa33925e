"""Every condition of a policy set and every leaf in it, with what the leaf compares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from ..condition import Condition, FactTest, Literal, Operand, leaves
from ..diagnostics import Span
from ..facts import FactDefinition
from ..policy import Action, PolicySet, in_force
from ..strata import strata


def actions(policy: PolicySet) -> Iterator[Action]:
    """The actions of the policy set and of every indicator."""
    yield from policy.actions
    for indicator in policy.indicators:
        yield from indicator.actions


def conditions(policy: PolicySet) -> Iterator[Condition]:
    """Every condition: of signals, adjustments, cases, gates, readings and actions."""
    order = strata(policy)
    for rule in (*order.early, *order.late):
        yield rule.when
    for action in actions(policy):
        if action.when is not None:
            yield action.when


@dataclass(frozen=True, slots=True)
class Comparison:
    """A leaf with the catalogue entry of its fact. `in_bands`: written as the end of a band, not as a condition."""

    test: FactTest
    definition: FactDefinition
    in_bands: bool = False


def comparisons_of(policy: PolicySet) -> Iterator[Comparison]:
    """Every comparison of a fact."""
    in_bands = {id(case.when) for item in policy.evidence if item.exhaustive for case in item.cases}
    for condition in conditions(policy):
        for leaf in leaves(condition):
            if isinstance(leaf, FactTest):
                yield Comparison(leaf, policy.catalogue[leaf.fact], id(condition) in in_bands)


def written(operand: Operand) -> str:
    """A threshold as a message shows it: "`30`", or "`$steady_leads` (`30`)"."""
    value = shown(operand.value)
    return f"`{local(operand.parameter)}` (`{value}`)" if operand.parameter else f"`{value}`"


def shown(value: object) -> str:
    """A literal as a policy writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)


def local(parameter: str) -> str:
    """A parameter as it is called in its own file."""
    return f"${parameter.rpartition('.')[2]}"


def value_place(operand: Operand, policy: PolicySet) -> Span | None:
    """Where the value of a threshold is written: at the parameter, in the layer that wrote it last, or right here."""
    if not operand.parameter:
        return operand.span
    parameter = policy.parameters[operand.parameter]
    return in_force(parameter.layers).span if parameter.layers else parameter.span


def changed_place(operand: Operand, policy: PolicySet) -> Span | None:
    """Where a layer above the base wrote the value of a threshold; None where none did."""
    parameter = policy.parameters[operand.parameter] if operand.parameter else None
    return in_force(parameter.layers).span if parameter is not None and parameter.is_changed else None


def is_number(value: Literal) -> TypeGuard[float]:
    """Whether a threshold can be compared with a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)

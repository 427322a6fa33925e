"""Whether each comparison can be made: operator, kind and range of the threshold. docs/language.md, section 6."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import inf

from ..condition import AtLeastN, Condition, FactTest, Not, Operand, Operator, SignalTest
from ..diagnostics import Diagnostic, Severity, Span, did_you_mean
from ..facts import FactDefinition, FactType
from ..limits import limits
from ..policy import PolicySet
from .conditions import Comparison, changed_place, comparisons_of, conditions, is_number, shown, value_place, written
from .measures import fits

_ORDER = (Operator.BELOW, Operator.AT_MOST, Operator.ABOVE, Operator.AT_LEAST, Operator.BETWEEN)
_INTERVAL = (Operator.CLEARLY_BELOW, Operator.CLEARLY_ABOVE, Operator.COVERS)


def allowed(kind: FactType) -> tuple[Operator, ...]:
    """The operators that may stand on a type of fact; none may on a series."""
    if kind is FactType.CATEGORY:
        return (Operator.EQUALS, Operator.ONE_OF, Operator.KNOWN)
    ordered = _ORDER if kind.is_ordered else ()
    return (*ordered, Operator.EQUALS, Operator.KNOWN, *(_INTERVAL if kind.is_numeric else ()))


def comparisons(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every comparison that cannot be made, or is not worth making."""
    for comparison in comparisons_of(policy):
        yield from problems(comparison, policy)
        yield from _idle(comparison)


def problems(comparison: Comparison, policy: PolicySet) -> Iterator[Diagnostic]:
    """What is wrong with one comparison: the operator, else its operands."""
    operator = _wrong_operator(comparison)
    if operator is not None:
        yield operator
        return
    for operand in comparison.test.operands:
        yield from _wrong_operand(operand, comparison, policy)
    yield from _empty_range(comparison.test)


def is_sound(comparison: Comparison, policy: PolicySet) -> bool:
    """Whether a comparison can be made, and means what it says."""
    operands, definition = comparison.test.operands, comparison.definition
    return not any(problems(comparison, policy)) and all(fits(operand, definition, policy) for operand in operands)


def _wrong_operator(comparison: Comparison) -> Diagnostic | None:
    test, definition = comparison.test, comparison.definition
    if definition.type is FactType.SERIES:
        message = f"the series `{test.fact}` cannot stand in a condition"
        hint = "compare a fact that sums it up, such as its mean or its trend"
        return Diagnostic("series-in-condition", message, test.span, hint)
    if comparison.in_bands and not definition.type.is_numeric:
        message = f"bands cannot stand on the {definition.type} fact `{test.fact}`"
        return Diagnostic("wrong-operator", message, test.span, "write `cases:`, each with its condition")
    if test.operator in allowed(definition.type):
        return None
    message = f"`{test.operator}` cannot stand on the {definition.type} fact `{test.fact}`"
    return Diagnostic("wrong-operator", message, test.span, f"use {_either(allowed(definition.type))}")


def _either(operators: tuple[Operator, ...]) -> str:
    *first, last = (f"`{operator}`" for operator in operators)
    return f"{', '.join(first)} or {last}"


def _wrong_operand(operand: Operand, comparison: Comparison, policy: PolicySet) -> Iterator[Diagnostic]:
    definition = comparison.definition
    place = changed_place(operand, policy) or operand.span
    if comparison.test.operator is Operator.KNOWN:
        return
    if not _is_comparable(operand, definition):
        message = f"{written(operand)} cannot be compared with the {definition.type} fact `{definition.name}`"
        yield Diagnostic("wrong-operand", message, place, _kind_hint(definition))
    elif definition.type is FactType.CATEGORY:
        yield from _unknown_value(operand, definition, place)
    elif definition.type.is_numeric:
        yield from _outside(operand, definition, policy)


def _is_comparable(operand: Operand, definition: FactDefinition) -> bool:
    match definition.type:
        case FactType.CATEGORY:
            return isinstance(operand.value, str)
        case FactType.BOOLEAN:
            return isinstance(operand.value, bool)
        case FactType.DATE:
            return isinstance(operand.value, date)
        case _:
            return is_number(operand.value)


def _kind_hint(definition: FactDefinition) -> str:
    match definition.type:
        case FactType.CATEGORY:
            return _values(definition)
        case FactType.BOOLEAN:
            return "write `true` or `false`"
        case FactType.DATE:
            return "write a date such as 2026-10-31"
        case _:
            return "write a number, without quotes"


def _values(definition: FactDefinition) -> str:
    return f"its values are {', '.join(f'`{value}`' for value in definition.values)}"


def _unknown_value(operand: Operand, definition: FactDefinition, place: Span | None) -> Iterator[Diagnostic]:
    value = str(operand.value)
    if value not in definition.values:
        hint = did_you_mean(value, definition.values) or _values(definition)
        yield Diagnostic("not-in-category", f"`{definition.name}` is never {written(operand)}", place, hint)


def _outside(operand: Operand, definition: FactDefinition, policy: PolicySet) -> Iterator[Diagnostic]:
    low, high = limits(definition)
    place = value_place(operand, policy)
    if low <= operand.number <= high or not fits(operand, definition, policy):
        return
    if definition.type is FactType.RATE and not 0 <= operand.number <= 1:
        yield not_a_rate(operand, place)
        return
    message = f"{written(operand)} is no value of `{definition.name}`, which is {range_text(low, high)}"
    yield Diagnostic("out-of-range", message, place, "correct the threshold, or the range of the fact in the catalogue")


def not_a_rate(operand: Operand, place: Span | None) -> Diagnostic:
    """A rate below 0, or above 1: written as a percentage without its sign, it may be."""
    value = operand.number
    message = f"{written(operand)} is not a rate: a rate lies between 0 and 1"
    if value < 0:
        return Diagnostic("out-of-range", message, place, "write a share of the whole")
    hint = f"write `{shown(value / 100)}` or `{shown(value)}%`" if value <= 100 else "write a share of the whole"
    return Diagnostic("rate-above-one", message, place, hint)


def range_text(low: float, high: float) -> str:
    """A range in words: "0 or more", "100 or less", "-1 to 1"."""
    if high == inf:
        return f"{shown(low)} or more"
    return f"{shown(high)} or less" if low == -inf else f"{shown(low)} to {shown(high)}"


def _empty_range(test: FactTest) -> Iterator[Diagnostic]:
    if test.operator is Operator.BETWEEN and all(is_number(operand.value) for operand in test.operands):
        first, second = test.operands
        if first.number > second.number:
            message = f"nothing lies between `{shown(first.value)}` and `{shown(second.value)}`"
            yield Diagnostic("low-above-high", message, test.span, "name the lower end first")


def _idle(comparison: Comparison) -> Iterator[Diagnostic]:
    test, definition = comparison.test, comparison.definition
    if test.operator is Operator.KNOWN and test.if_missing is not None:
        message = f"`if_missing` has no effect here: whether `{test.fact}` is known is never unknown"
        yield Diagnostic("no-effect", message, test.span, "take `if_missing` out", Severity.WARNING)
    if test.operator.reads_interval and definition.late and not definition.is_derived:
        plain = {Operator.CLEARLY_BELOW: "below", Operator.CLEARLY_ABOVE: "above"}.get(test.operator, "equals")
        message = f"`{test.fact}` never has an interval: `{test.operator}` means the same as `{plain}`"
        yield Diagnostic("no-effect", message, test.span, f"write `{plain}`", Severity.WARNING)


def counted_parts(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every `at_least_n` that asks for no part, or for more than there are."""
    for condition in conditions(policy):
        for found in _counts(condition):
            if not 1 <= found.n <= len(found.parts):
                message = f"`at_least_n` asks for `{found.n}` of {len(found.parts)}"
                hint = f"write a number from 1 to {len(found.parts)}"
                yield Diagnostic("count-out-of-range", message, found.span, hint)


def _counts(condition: Condition) -> Iterator[AtLeastN]:
    if isinstance(condition, FactTest | SignalTest):
        return
    if isinstance(condition, AtLeastN):
        yield condition
    for part in (condition.part,) if isinstance(condition, Not) else condition.parts:
        yield from _counts(part)

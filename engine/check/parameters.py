"""The parameters themselves: their range, their use, and when they were to be looked at again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..condition import FactTest, Operand, leaves
from ..diagnostics import Diagnostic, Severity
from ..formula import parameters as formula_parameters
from ..formula import parse
from ..policy import Layer, Parameter, PolicySet, Weight
from .comparisons import not_a_rate
from .conditions import conditions, is_number, local, value_place
from .names import Text, quoted, texts


def rate_parameters(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every parameter whose unit is `rate` and whose value is none."""
    for parameter in policy.parameters.values():
        if parameter.unit == "rate" and is_number(parameter.value) and not 0 <= parameter.value <= 1:
            operand = Operand(parameter.value, parameter.name)
            yield not_a_rate(operand, value_place(operand, policy))


def unused_parameters(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every parameter that nothing reads. Of one indicator alone that cannot be told."""
    if policy.single:
        return
    used = set(_used(policy))
    for parameter in policy.parameters.values():
        if parameter.name not in used:
            message = f"nothing uses the parameter `{local(parameter.name)}`"
            yield Diagnostic("unused-parameter", message, parameter.span, "take it out", Severity.WARNING)


def _used(policy: PolicySet) -> Iterator[str]:
    yield from (operand.parameter for operand in _operands(policy))
    for definition in policy.catalogue.values():
        if definition.is_derived:
            yield from formula_parameters(parse(definition.formula, definition.formula_span))
    for text in texts(policy):
        yield from _quoted_parameters(text, policy)


def _operands(policy: PolicySet) -> Iterator[Operand]:
    yield from (policy.required_coverage, policy.assessed_at, policy.supports_at)
    for condition in conditions(policy):
        for leaf in leaves(condition):
            if isinstance(leaf, FactTest):
                yield from leaf.operands
    yield from (band.below for band in policy.bands if band.below is not None)
    yield from (adjustment.by for adjustment in policy.adjustments)
    for gate in policy.gates:
        for effect in (gate.effect, gate.if_unknown):
            if isinstance(effect.cap_move, Operand):
                yield effect.cap_move


def _quoted_parameters(text: Text, policy: PolicySet) -> Iterator[str]:
    for name in quoted(text.words):
        own = f"{text.indicator}.{name[1:]}"
        if name.startswith("$"):
            yield own if own in policy.parameters else name[1:]


def overdue_reviews(policy: PolicySet, today: date) -> Iterator[Diagnostic]:
    """Every value that was to be looked at again before today."""
    for parameter in policy.parameters.values():
        yield from _overdue(f"`{local(parameter.name)}`", _review(parameter), today)
    weights: list[tuple[str, Weight]] = [(i.name, i.weight) for i in policy.indicators]
    weights += [(item.name, item.weight) for item in policy.evidence]
    for name, weight in weights:
        yield from _overdue(f"the weight of `{name}`", weight.layers[-1] if weight.layers else None, today)
    last = {(change.way, change.key): change for change in policy.changes}
    for change in last.values():
        if change.kind != "parameter" and change.key != "weight":
            yield from _overdue(f"the change of `{change.value}`", change.layer, today)


def _review(parameter: Parameter) -> Layer | None:
    """The layer that set the date, the last one first."""
    return next((layer for layer in reversed(parameter.layers) if layer.review_by), None)


def _overdue(what: str, layer: Layer | None, today: date) -> Iterator[Diagnostic]:
    if layer is None or not layer.review_by or date.fromisoformat(layer.review_by) >= today:
        return
    message = f"{what} was to be reviewed by {layer.review_by}"
    hint = "look at it again, then give it a new value or a new date"
    yield Diagnostic("review-overdue", message, layer.span, hint, Severity.WARNING)

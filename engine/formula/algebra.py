"""Units of formulas: sums need equal ones, products combine them, the result must have the fact's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from ..diagnostics import Diagnostic, Span
from ..facts import Catalogue, FactDefinition
from ..policy import Parameter
from ..units import DATE, DAY, PLAIN, POINTS, Unit, named, unit_of
from .tree import Call, FactRead, Formula, Function, Negation, Number, Operation, Operator, ParameterRead, unparse


@dataclass(frozen=True, slots=True)
class Algebra:
    """The units of one catalogue. A part whose unit is wrong or open has none (None), so that one slip is told once."""

    catalogue: Catalogue
    parameters: Mapping[str, Parameter]
    currency: str
    _found: list[Diagnostic] = field(default_factory=list)

    def problems_of(self, formula: Formula, definition: FactDefinition) -> Iterator[Diagnostic]:
        """What is wrong with the units of the formula of a fact."""
        unit = self._of(formula)
        wanted = unit_of(definition, self.currency)
        yield from self._found
        if unit is not None and unit != wanted:
            message = f"the formula of `{definition.name}` gives {_shown(unit)}, and the fact has {_shown(wanted)}"
            yield Diagnostic("formula-unit", message, formula.span, _hint(formula, unit, wanted))

    def _of(self, formula: Formula) -> Unit | None:
        match formula:
            case Number():
                return PLAIN
            case FactRead(name):
                return unit_of(self.catalogue[name], self.currency)
            case ParameterRead(name):
                parameter = self.parameters[name]
                return DATE if isinstance(parameter.value, date) else named(parameter.unit)
            case Negation(operand):
                return self._computed(operand)
            case Operation(Operator.PLUS | Operator.MINUS as operator, left, right):
                return self._sum(operator, left, right, formula.span)
            case Operation(operator, left, right):
                return self._product(operator, left, right)
            case Call(Function.VALUE_OF, (argument,)):
                return self._of(argument)
            case Call(function, arguments):
                return self._equal(arguments, str(function), formula.span)

    def _sum(self, operator: Operator, left: Formula, right: Formula, span: Span | None) -> Unit | None:
        unit = self._equal((left, right), str(operator), span)
        if unit != DATE:
            return unit
        if operator is Operator.MINUS:
            return DAY
        self._no_date(span)
        return None

    def _product(self, operator: Operator, left: Formula, right: Formula) -> Unit | None:
        a, b = self._computed(left), self._computed(right)
        if a is None or b is None:
            return None
        if operator is Operator.TIMES:
            return POINTS if (_is_hundred(left) and b == PLAIN) or (_is_hundred(right) and a == PLAIN) else a * b
        return PLAIN if _is_hundred(right) and a == POINTS else a / b

    def _computed(self, formula: Formula) -> Unit | None:
        """The unit of an operand of anything but a difference: a date has no place there."""
        unit = self._of(formula)
        if unit != DATE:
            return unit
        self._no_date(formula.span)
        return None

    def _no_date(self, span: Span | None) -> None:
        hint = "a date can be subtracted from a date, which gives days"
        self._found.append(Diagnostic("formula-unit", "a date cannot be computed with here", span, hint))

    def _equal(self, parts: tuple[Formula, ...], sign: str, span: Span | None) -> Unit | None:
        """The unit that all parts have; 0 has any."""
        units = [self._of(part) for part in parts if not _is_zero(part)]
        if any(unit is None for unit in units):
            return None
        known = list(dict.fromkeys(unit for unit in units if unit is not None))
        if len(known) > 1:
            message = f"`{sign}` needs equal units, and here are {' and '.join(_shown(unit) for unit in known)}"
            self._found.append(Diagnostic("formula-unit", message, span, _mixed_hint(parts, known)))
            return None
        return known[0] if known else PLAIN


def _shown(unit: Unit) -> str:
    return str(unit) if unit == PLAIN else f"`{unit}`"


def _is_zero(formula: Formula) -> bool:
    return isinstance(formula, Number) and formula.value == 0


def _is_hundred(formula: Formula) -> bool:
    return isinstance(formula, Number) and formula.value == 100


def _mixed_hint(parts: tuple[Formula, ...], units: list[Unit]) -> str:
    if PLAIN in units and any(isinstance(part, Number) for part in parts):
        return "give the number as a `$parameter`, which has a unit"
    if set(units) == {PLAIN, POINTS}:
        return "`100 * ` makes points (pp) of a rate or ratio"
    return "convert one of them with a `$parameter` such as 30.4 days/month"


def _hint(formula: Formula, unit: Unit, wanted: Unit) -> str:
    if wanted == POINTS and unit == PLAIN:
        return f"write 100 * ({unparse(formula)})"
    if wanted == PLAIN and unit == POINTS:
        return "leave `100 * ` out, or make the fact one of type `pp`"
    return "change the formula, or the unit of the fact"

"""The value of one formula, with the interval that its operands give it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from math import inf, isfinite, isinf, isnan

from ..condition import Literal
from ..facts import Facts, Observation, Origin
from ..limits import LARGEST
from ..policy import Parameter
from .tree import Call, FactRead, Formula, Function, Negation, Number, Operation, Operator, ParameterRead

_Arithmetic = Callable[[float, float], "float | None"]


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A number on its way through a formula: exact, within known `ends`, or `vague`: within ends that nobody told.

    `ranged`: any value within the ends, where those are known, may be the value itself.
    """

    value: float
    ends: tuple[float, float] | None = None
    vague: bool = False
    ranged: bool = False
    is_date: bool = False
    inputs: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        return self.ends is None and not self.vague


def evaluate(
    formula: Formula,
    facts: Facts,
    parameters: Mapping[str, Parameter],
    zero_divisor_infinite: bool = False,
    strict_first_known: bool = False,
) -> Observation | None:
    """What a formula gives for the facts of one company; None where that is missing. The value is never NaN.

    `zero_divisor_infinite` makes a positive number over 0 infinite instead of missing. `strict_first_known` asks for
    what stays true whatever becomes known: `first_known` is missing there as soon as its first operand is.
    """
    quantity = _Evaluator(facts, parameters, zero_divisor_infinite, strict_first_known).of(formula)
    if quantity is None:
        return None
    low, high = quantity.ends or (None, None)
    return Observation(
        date.fromordinal(int(quantity.value)) if quantity.is_date else quantity.value,
        low,
        high,
        interval_known=not quantity.vague,
        ranged=quantity.ranged,
        origin=Origin.DERIVED,
        inputs=quantity.inputs,
    )


@dataclass(frozen=True, slots=True)
class _Evaluator:
    facts: Facts
    parameters: Mapping[str, Parameter]
    zero_divisor_infinite: bool
    strict_first_known: bool

    def of(self, formula: Formula) -> _Quantity | None:
        match formula:
            case Number(value):
                return _Quantity(value)
            case FactRead(name):
                return _observed(name, self.facts[name]) if name in self.facts else None
            case ParameterRead(name):
                return _literal(self.parameters[name].value)
            case Negation(operand):
                return _combined(_minus, _Quantity(0.0), self.of(operand))
            case Operation(operator, left, right):
                return self._operation(operator, self.of(left), self.of(right))
            case Call(Function.FIRST_KNOWN, arguments):
                return self._first_known(self.of(argument) for argument in arguments)
            case Call(Function.VALUE_OF, (argument,)):
                return _without_interval(self.of(argument))
            case Call(function, arguments):
                choose: _Arithmetic = min if function is Function.MIN else max
                return reduce(lambda a, b: _combined(choose, a, b), [self.of(argument) for argument in arguments])

    def _operation(self, operator: Operator, left: _Quantity | None, right: _Quantity | None) -> _Quantity | None:
        match operator:
            case Operator.PLUS:
                return _as_number(_combined(_plus, left, right))
            case Operator.MINUS:
                return _as_number(_combined(_minus, left, right))
            case Operator.TIMES:
                return _combined(_times, left, right)
            case Operator.OVER:
                if right is not None and right.ends is not None and right.ends[0] <= 0 <= right.ends[1]:
                    return None
                return _combined(_over_infinite if self.zero_divisor_infinite else _over, left, right)

    def _first_known(self, quantities: Iterable[_Quantity | None]) -> _Quantity | None:
        for quantity in quantities:
            if quantity is not None or self.strict_first_known:
                return quantity
        return None


def _observed(name: str, observation: Observation) -> _Quantity:
    ends = None
    if observation.low is not None and observation.high is not None:
        ends = (observation.low, observation.high)
    vague = not observation.interval_known and (ends is None or observation.ranged)
    is_date = isinstance(observation.value, date)
    return _Quantity(observation.number, ends, vague, observation.ranged, is_date, (name,))


def _literal(value: Literal) -> _Quantity:
    return _Quantity(float(value.toordinal()), is_date=True) if isinstance(value, date) else _Quantity(float(value))


def _without_interval(quantity: _Quantity | None) -> _Quantity | None:
    """The value alone; of a range every value may be it, so that stays."""
    if quantity is None or quantity.ranged:
        return quantity
    return replace(quantity, ends=None, vague=False)


def _as_number(quantity: _Quantity | None) -> _Quantity | None:
    """A difference of dates is a number of days."""
    return None if quantity is None else replace(quantity, is_date=False)


def _combined(arithmetic: _Arithmetic, left: _Quantity | None, right: _Quantity | None) -> _Quantity | None:
    """Both values combined; the interval of one goes through its end points, the common one of two is not known.

    Where one of them is a range, what can come of both is one, whatever is known of the other.
    """
    if left is None or right is None:
        return None
    value = arithmetic(left.value, right.value)
    if value is None:
        return None
    inputs = tuple(dict.fromkeys(left.inputs + right.inputs))
    ranged = left.ranged or right.ranged
    result = _Quantity(value, ranged=ranged, is_date=left.is_date, inputs=inputs)
    if left.is_exact and right.is_exact:
        return result
    ends = _end_points(arithmetic, left, right)
    # once a value is told for a range it may have an interval, and two intervals have no common one
    vague = ends is None or (ranged and not (left.is_exact or right.is_exact))
    middle = (ends[0] + ends[1]) / 2 if ranged and ends is not None and all(map(isfinite, ends)) else value
    return replace(result, value=middle, ends=ends, vague=vague)


def _end_points(arithmetic: _Arithmetic, left: _Quantity, right: _Quantity) -> tuple[float, float] | None:
    """The extremes, None where not known. Every operation is monotone in each operand, so they lie at the ends."""
    if not (left.ranged or right.ranged) and (left.vague or right.vague or not (left.is_exact or right.is_exact)):
        return None
    ends = [arithmetic(a, b) for a in left.ends or (left.value,) for b in right.ends or (right.value,)]
    known = [end for end in ends if end is not None]
    return (min(known), max(known)) if len(known) == len(ends) else None


def _limited(value: float, *operands: float) -> float | None:
    """A result within bounds: infinite only where an operand was, and missing where no number is the answer."""
    if isnan(value):
        return None
    if isinf(value) and any(isinf(operand) for operand in operands):
        return value
    return max(-LARGEST, min(LARGEST, value))


def _plus(a: float, b: float) -> float | None:
    return _limited(a + b, a, b)


def _minus(a: float, b: float) -> float | None:
    return _limited(a - b, a, b)


def _times(a: float, b: float) -> float | None:
    return _limited(a * b, a, b)


def _over(a: float, b: float) -> float | None:
    return None if b == 0 else _limited(a / b, a, b)


def _over_infinite(a: float, b: float) -> float | None:
    if b == 0:
        return inf if a > 0 else None
    return _over(a, b)

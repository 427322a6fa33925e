"""What a formula is, once read: a frozen tree whose every part knows its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from ..diagnostics import Span
from ..members import quick


@quick
class Operator(StrEnum):
    """What joins two operands."""

    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    OVER = "/"

    @property
    def binds(self) -> int:
        """How tightly: products before sums."""
        return 1 if self in (Operator.PLUS, Operator.MINUS) else 2


@quick
class Function(StrEnum):
    """What may be called."""

    MIN = "min"
    MAX = "max"
    FIRST_KNOWN = "first_known"
    VALUE_OF = "value_of"


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, 0 or more; a sign in front of it is a negation."""

    value: float
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FactRead:
    """The value of a fact."""

    name: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ParameterRead:
    """The value of a parameter of the policy set; the name comes without its dollar sign."""

    name: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Negation:
    """A minus sign before one operand."""

    operand: Formula
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands."""

    operator: Operator
    left: Formula
    right: Formula
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is called with: one operand for `value_of`, two or more for the others."""

    function: Function
    arguments: tuple[Formula, ...]
    span: Span | None = field(default=None, compare=False)


Formula: TypeAlias = Number | FactRead | ParameterRead | Negation | Operation | Call


def operands(formula: Formula) -> tuple[Formula, ...]:
    """The parts right below."""
    match formula:
        case Negation(operand):
            return (operand,)
        case Operation(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def walk(formula: Formula) -> Iterator[Formula]:
    """The formula and every part of it, from the left."""
    yield formula
    for part in operands(formula):
        yield from walk(part)


def reads(formula: Formula) -> tuple[str, ...]:
    """Names of the facts in a formula, each once."""
    return tuple(dict.fromkeys(part.name for part in walk(formula) if isinstance(part, FactRead)))


def parameters(formula: Formula) -> tuple[str, ...]:
    """Names of the parameters in a formula, each once, without dollar signs."""
    return tuple(dict.fromkeys(part.name for part in walk(formula) if isinstance(part, ParameterRead)))


def unparse(formula: Formula) -> str:
    """The text of a formula, with no more parentheses than it needs: `(a.x - (b.x - 1)) * 2`."""
    match formula:
        case Number(value):
            return f"{value:g}" if float(f"{value:g}") == value else repr(value)
        case FactRead(name):
            return name
        case ParameterRead(name):
            return f"${name}"
        case Negation(operand):
            return f"-{_enclosed(operand, isinstance(operand, Negation | Operation))}"
        case Operation(operator, left, right):
            before = _enclosed(left, isinstance(left, Operation) and left.operator.binds < operator.binds)
            after = _enclosed(right, isinstance(right, Operation) and right.operator.binds <= operator.binds)
            return f"{before} {operator} {after}"
        case Call(function, arguments):
            return f"{function}({', '.join(unparse(argument) for argument in arguments)})"


def _enclosed(formula: Formula, needed: bool) -> str:
    return f"({unparse(formula)})" if needed else unparse(formula)

"""Conditions and their three-valued truth: docs/language.md, section 6."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from .diagnostics import Span
from .facts import Facts, Observation
from .members import quick


@quick
class Truth(StrEnum):
    """Yes, no, or unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @staticmethod
    def of(holds: bool) -> Truth:
        return Truth.YES if holds else Truth.NO


@quick
class Operator(StrEnum):
    """The comparisons of a leaf."""

    BELOW = "below"
    AT_MOST = "at_most"
    ABOVE = "above"
    AT_LEAST = "at_least"
    BETWEEN = "between"
    EQUALS = "equals"
    ONE_OF = "one_of"
    KNOWN = "known"
    CLEARLY_BELOW = "clearly_below"
    CLEARLY_ABOVE = "clearly_above"
    COVERS = "covers"

    @property
    def reads_interval(self) -> bool:
        return self in (Operator.CLEARLY_BELOW, Operator.CLEARLY_ABOVE, Operator.COVERS)


Literal: TypeAlias = float | str | bool | date


@dataclass(frozen=True, slots=True)
class Operand:
    """A threshold: its value, and the full name of the parameter it came from (empty for a literal)."""

    value: Literal
    parameter: str = ""
    span: Span | None = field(default=None, compare=False)

    @property
    def number(self) -> float:
        """The threshold as compared; a date is its day number."""
        if isinstance(self.value, date):
            return float(self.value.toordinal())
        return float(self.value)


@dataclass(frozen=True)
class FactTest:
    """A leaf: one fact against its operands (two for `between`, any number for `one_of`, one otherwise)."""

    fact: str
    operator: Operator
    operands: tuple[Operand, ...]
    if_missing: Truth | None = None
    span: Span | None = field(default=None, compare=False)

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """The thresholds as compared."""
        return tuple(operand.number for operand in self.operands)


@dataclass(frozen=True)
class SignalTest:
    """A leaf: whether a signal, called by its full name, holds."""

    signal: str
    span: Span | None = field(default=None, compare=False)

    @cached_property
    def key(self) -> str:
        """What its truth is called among those of all rules."""
        return f"signal:{self.signal}"


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every part does."""

    parts: tuple[Condition, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when some part does."""

    parts: tuple[Condition, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its part does not."""

    part: Condition
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AtLeastN:
    """Holds when at least n parts do."""

    n: int
    parts: tuple[Condition, ...]
    span: Span | None = field(default=None, compare=False)


Condition: TypeAlias = FactTest | SignalTest | All | AnyOf | Not | AtLeastN
Truths: TypeAlias = Mapping[str, Truth]
"""The truth of each signal, by full name."""


def tolerance(threshold: float) -> float:
    """How far two numbers may lie apart and still be a tie: 1e-9 · max(1, |threshold|)."""
    return 1e-9 * max(1.0, abs(threshold))


def less(v: float, x: float) -> bool:
    """v < x, ties excluded."""
    return v < x - tolerance(x)


def greater(v: float, x: float) -> bool:
    """v > x, ties excluded."""
    return v > x + tolerance(x)


def _value_test(operator: Operator, v: float, x: tuple[float, ...]) -> bool:
    match operator:
        case Operator.BELOW:
            return less(v, x[0])
        case Operator.AT_MOST:
            return not greater(v, x[0])
        case Operator.ABOVE:
            return greater(v, x[0])
        case Operator.AT_LEAST:
            return not less(v, x[0])
        case Operator.BETWEEN:
            return not less(v, x[0]) and not greater(v, x[1])
        case _:
            return not less(v, x[0]) and not greater(v, x[0])


def _interval_test(operator: Operator, low: float, high: float, x: float) -> bool:
    match operator:
        case Operator.CLEARLY_BELOW:
            return less(high, x)
        case Operator.CLEARLY_ABOVE:
            return greater(low, x)
        case _:
            return not greater(low, x) and not less(high, x)


def _range_truth(operator: Operator, low: float, high: float, x: tuple[float, ...]) -> Truth:
    """What holds for every value in [low, high] is yes, what holds for none is no."""
    match operator:
        case Operator.BELOW | Operator.CLEARLY_BELOW:
            yes, no = less(high, x[0]), not less(low, x[0])
        case Operator.AT_MOST:
            yes, no = not greater(high, x[0]), greater(low, x[0])
        case Operator.ABOVE | Operator.CLEARLY_ABOVE:
            yes, no = greater(low, x[0]), not greater(high, x[0])
        case Operator.AT_LEAST:
            yes, no = not less(low, x[0]), less(high, x[0])
        case _:
            yes, no = not less(low, x[0]) and not greater(high, x[-1]), less(high, x[0]) or greater(low, x[-1])
    return Truth.YES if yes else Truth.NO if no else Truth.UNKNOWN


def _ranged_truth(test: FactTest, observation: Observation) -> Truth:
    if not observation.has_interval or (test.operator.reads_interval and not observation.interval_known):
        return Truth.UNKNOWN
    low, high = observation.interval or (observation.number, observation.number)
    return _range_truth(test.operator, low, high, test.numbers)


def fact_truth(test: FactTest, observation: Observation | None) -> Truth:
    """The truth of one leaf; a missing fact makes it unknown unless the leaf says otherwise."""
    if test.operator is Operator.KNOWN:
        return Truth.of((observation is not None) == test.operands[0].value)
    if observation is None:
        return test.if_missing or Truth.UNKNOWN
    if test.operator is Operator.ONE_OF or isinstance(observation.value, (str, bool)):
        return Truth.of(any(observation.value == operand.value for operand in test.operands))
    if observation.ranged:
        return _ranged_truth(test, observation)
    if not test.operator.reads_interval:
        return Truth.of(_value_test(test.operator, observation.number, test.numbers))
    interval = observation.interval
    if interval is None:
        return Truth.UNKNOWN
    return Truth.of(_interval_test(test.operator, *interval, test.numbers[0]))


def is_decided(test: FactTest, observation: Observation | None) -> bool:
    """Whether the truth of a leaf is yes or no."""
    if observation is None:
        return test.operator is Operator.KNOWN or test.if_missing not in (None, Truth.UNKNOWN)
    if observation.ranged:
        return fact_truth(test, observation) is not Truth.UNKNOWN
    return observation.interval_known or not test.operator.reads_interval or observation.has_interval


def conjunction(truths: Iterable[Truth]) -> Truth:
    """No beats unknown beats yes."""
    found = set(truths)
    return Truth.NO if Truth.NO in found else Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.YES


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Yes beats unknown beats no."""
    found = set(truths)
    return Truth.YES if Truth.YES in found else Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.NO


def negation(truth: Truth) -> Truth:
    """Keeps unknown."""
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(truth, Truth.UNKNOWN)


def at_least(n: int, truths: Iterable[Truth]) -> Truth:
    """Yes once n are yes, no once n can no longer be reached, else unknown."""
    found = list(truths)
    if found.count(Truth.YES) >= n:
        return Truth.YES
    return Truth.UNKNOWN if len(found) - found.count(Truth.NO) >= n else Truth.NO


LeafTruth: TypeAlias = Callable[["FactTest | SignalTest"], Truth]


def fold(condition: Condition, leaf: LeafTruth) -> Truth:
    """The truth of a condition, given that of its leaves."""
    match condition:
        case FactTest() | SignalTest():
            return leaf(condition)
        case All(parts):
            return conjunction([fold(part, leaf) for part in parts])
        case AnyOf(parts):
            return disjunction([fold(part, leaf) for part in parts])
        case Not(part):
            return negation(fold(part, leaf))
        case AtLeastN(n, parts):
            return at_least(n, [fold(part, leaf) for part in parts])


def truth(condition: Condition, facts: Facts, signals: Truths) -> Truth:
    """The truth of a condition over facts and signals."""

    def leaf(test: FactTest | SignalTest) -> Truth:
        if isinstance(test, SignalTest):
            return signals[test.signal]
        return fact_truth(test, facts.get(test.fact))

    return fold(condition, leaf)


def leaves(condition: Condition) -> Iterator[FactTest | SignalTest]:
    """Every leaf, from the left."""
    match condition:
        case FactTest() | SignalTest():
            yield condition
        case Not(part):
            yield from leaves(part)
        case All(parts) | AnyOf(parts) | AtLeastN(_, parts):
            for part in parts:
                yield from leaves(part)


def facts_read(condition: Condition) -> tuple[str, ...]:
    """Names of the facts in a condition, each once, signals not followed."""
    return tuple(dict.fromkeys(leaf.fact for leaf in leaves(condition) if isinstance(leaf, FactTest)))


def signals_read(condition: Condition) -> tuple[str, ...]:
    """Full names of the signals in a condition, each once."""
    return tuple(dict.fromkeys(leaf.signal for leaf in leaves(condition) if isinstance(leaf, SignalTest)))

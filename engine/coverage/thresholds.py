"""Every threshold that a number is compared with, and on which side of it a value lies: just below, at, just above."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import inf, isfinite

from ..condition import FactTest, Operand, Operator, greater, leaves, less
from ..diagnostics import Span
from ..display import is_percent
from ..facts import FactDefinition, Facts, FactType
from ..limits import limits
from ..policy import PolicySet
from .rules import Owned

NEAR = 0.01
"""How far from a threshold is still just beside it, as a part of the threshold."""


class Side(StrEnum):
    """Where a value lies."""

    BELOW = "just below"
    AT = "at"
    ABOVE = "just above"


class End(StrEnum):
    """What is compared: the value, or an end of its interval."""

    VALUE = "value"
    LOW = "low end"
    HIGH = "high end"


ENDS = {
    Operator.CLEARLY_BELOW: (End.HIGH,),
    Operator.CLEARLY_ABOVE: (End.LOW,),
    Operator.COVERS: (End.LOW, End.HIGH),
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number in one rule or evidence item, compared with one end of one fact; `x` is in the unit of the fact."""

    owner: str
    fact: str
    end: End
    x: float
    parameter: str
    """Full name; empty for a literal."""
    span: Span | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        return f"threshold:{self.owner}:{self.fact}:{self.end}:{self.parameter or repr(self.x)}"


def owner_of(rule: Owned) -> str:
    """What a threshold belongs to: the evidence item of a case, else the rule itself."""
    return f"evidence:{rule.name.rpartition('.')[0]}" if rule.kind == "case" else rule.key


def thresholds(rule: Owned, policy: PolicySet) -> Iterator[Threshold]:
    """The thresholds of one condition, each once."""
    seen: set[str] = set()
    for leaf in leaves(rule.when):
        if not isinstance(leaf, FactTest) or not _is_compared(leaf, policy):
            continue
        for operand in leaf.operands:
            for end in ENDS.get(leaf.operator, (End.VALUE,)):
                found = _threshold(rule, leaf, operand, end)
                if found.key not in seen:
                    seen.add(found.key)
                    yield found


def _is_compared(leaf: FactTest, policy: PolicySet) -> bool:
    return leaf.operator is not Operator.KNOWN and policy.catalogue[leaf.fact].type.is_ordered


def _threshold(rule: Owned, leaf: FactTest, operand: Operand, end: End) -> Threshold:
    span = operand.span or leaf.span
    return Threshold(owner_of(rule), leaf.fact, end, operand.number, operand.parameter, span)


def near(x: float, definition: FactDefinition) -> float:
    """How far a value may lie from a threshold and be just beside it.

    A hundredth of the threshold; where that is 0 a hundredth for shares and ratios, 1 for other units; for whole numbers and
    dates one step.
    """
    if definition.type in (FactType.COUNT, FactType.DATE):
        return 1.0
    if x == 0:
        return NEAR if is_percent(definition) or definition.unit == "index" else 1.0
    return NEAR * abs(x)


def side_of(threshold: Threshold, facts: Facts, definition: FactDefinition) -> Side | None:
    """On which side of a threshold a company lies; None where it is not known, or not near."""
    value = _value(threshold, facts)
    if value is None or not isfinite(value):
        return None
    x = threshold.x
    if not less(value, x) and not greater(value, x):
        return Side.AT
    # a hair of tolerance: 23.76 is within a hundredth of 24 whatever the last bit says
    if abs(value - x) > near(x, definition) * (1 + 1e-9):
        return None
    return Side.BELOW if less(value, x) else Side.ABOVE


def _value(threshold: Threshold, facts: Facts) -> float | None:
    observation = facts.get(threshold.fact)
    if observation is None or isinstance(observation.value, (str, bool, tuple)):
        return None
    if threshold.end is End.VALUE:
        return observation.number
    interval = observation.interval
    return None if interval is None else interval[0] if threshold.end is End.LOW else interval[1]


def widened(definition: FactDefinition) -> FactDefinition:
    """A rate without the limits of the catalogue: the interval of counts may pass beyond them, up to 0 and 1."""
    return replace(definition, minimum=None, maximum=None) if definition.type is FactType.RATE else definition


def sides(threshold: Threshold, definition: FactDefinition) -> Iterator[Side]:
    """The sides on which a value can lie at all: a stated fact stays within its range."""
    whole = widened(definition) if threshold.end is not End.VALUE else definition
    low, high = (-inf, inf) if definition.is_derived else limits(whole)
    # a number of people is never 2.5, but it may be 2 or 3; a formula may give what it likes
    is_between = definition.type in (FactType.COUNT, FactType.DATE) and not threshold.x.is_integer()
    if low < threshold.x:
        yield Side.BELOW
    if low <= threshold.x <= high and (definition.is_derived or not is_between):
        yield Side.AT
    if threshold.x < high:
        yield Side.ABOVE

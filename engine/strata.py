"""Who concludes what and who reads it: the rules of a policy set, in strata.

A *rule* is one named condition: a signal, an adjustment, a case, a gate or a reading. The early stratum reads the facts of the
company; the late one also what the score concluded from the early one (`score`, `move.…`, `indicator.…`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from .conclusion import Kind
from .condition import Condition, FactTest, SignalTest, facts_read, leaves, signals_read
from .diagnostics import Span
from .policy import PolicySet, once


@dataclass(frozen=True)
class Rule:
    """A named condition. `name` is unique within its kind."""

    kind: Kind
    name: str
    when: Condition
    span: Span | None = field(default=None, compare=False)

    @cached_property
    def key(self) -> str:
        """Unique in the policy set: `case:stagnant-conversion.volume.1`."""
        return f"{self.kind}:{self.name}"

    @cached_property
    def leaves(self) -> tuple[FactTest | SignalTest, ...]:
        """Every leaf of the condition, from the left."""
        return tuple(leaves(self.when))


@dataclass(frozen=True, slots=True)
class Strata:
    """The rules of a policy set; within a stratum each signal comes after those it reads."""

    early: tuple[Rule, ...]
    late: tuple[Rule, ...]


def _rules(policy: PolicySet) -> Iterator[Rule]:
    for signal in policy.signals:
        yield Rule(Kind.SIGNAL, signal.name, signal.when, signal.span)
    for adjustment in policy.adjustments:
        yield Rule(Kind.ADJUSTMENT, adjustment.name, adjustment.when, adjustment.span)
    for item in policy.evidence:
        for case in item.cases:
            yield Rule(Kind.CASE, case.name, case.when, case.span)
    for gate in policy.gates:
        yield Rule(Kind.GATE, gate.name, gate.when, gate.span)
    for reading in policy.readings:
        yield Rule(Kind.READING, reading.name, reading.when, reading.span)


def late_signals(policy: PolicySet) -> frozenset[str]:
    """Signals that read a late fact, directly or through other signals."""
    late: set[str] = set()
    for signal in policy.signals:
        reads_late = any(policy.catalogue[fact].late for fact in facts_read(signal.when))
        if reads_late or late.intersection(signals_read(signal.when)):
            late.add(signal.name)
    return frozenset(late)


@once
def strata(policy: PolicySet) -> Strata:
    """The rules in the order in which they may fire; gates and readings are always late."""
    late = late_signals(policy)

    def is_late(rule: Rule) -> bool:
        return rule.kind in (Kind.GATE, Kind.READING) or (rule.kind is Kind.SIGNAL and rule.name in late)

    rules = tuple(_rules(policy))
    return Strata(tuple(r for r in rules if not is_late(r)), tuple(r for r in rules if is_late(r)))

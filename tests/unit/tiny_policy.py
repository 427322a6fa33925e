"""Policy sets of a few named conditions over facts that are called by one letter, built without files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from engine.conclusion import Conclusions
from engine.condition import Condition, FactTest, Literal, Operand, Operator, Truth
from engine.diagnostics import Span
from engine.facts import FactDefinition, Facts, FactType, Observation
from engine.policy import (
    Adjustment,
    Case,
    Effect,
    Evidence,
    Gate,
    Indicator,
    PolicySet,
    Reading,
    Role,
    Signal,
    Weight,
)

HALF = Operand(0.5)
LATE = "late"


def place(line: int) -> Span:
    return Span("policy.yaml", line)


def leaf(fact: str, operator: Operator, *operands: Literal, if_missing: Truth | None = None) -> FactTest:
    return FactTest(fact, operator, tuple(Operand(value) for value in operands), if_missing)


def above(fact: str, threshold: float = 0.5) -> FactTest:
    return leaf(fact, Operator.ABOVE, threshold)


def signals(**conditions: Condition) -> tuple[Signal, ...]:
    return tuple(Signal(name, when) for name, when in conditions.items())


def gates(**conditions: Condition) -> tuple[Gate, ...]:
    return tuple(Gate(name, name, when, Effect()) for name, when in conditions.items())


def readings(**conditions: Condition) -> tuple[Reading, ...]:
    return tuple(Reading(name, when, "so it is") for name, when in conditions.items())


def adjustments(**conditions: Condition) -> tuple[Adjustment, ...]:
    return tuple(Adjustment(name, when, "i.e", HALF) for name, when in conditions.items())


def indicator(*cases: Condition) -> Indicator:
    """One evidence item, `i.e`, with a case for each condition: `i.e.1`, `i.e.2`, …"""
    listed = tuple(Case(f"i.e.{n}", when, 0.5) for n, when in enumerate(cases, 1))
    evidence = Evidence("i.e", "e", Weight(1.0), "J", listed)
    return Indicator("i", 1, "i", "i", "1.0.0", "?", Role.DIRECTION, Weight(1.0), (evidence,))


def policy_set(
    signals: Iterable[Signal] = (),
    gates: Iterable[Gate] = (),
    readings: Iterable[Reading] = (),
    adjustments: Iterable[Adjustment] = (),
    indicators: Iterable[Indicator] = (),
    late: Iterable[str] = (LATE,),
) -> PolicySet:
    return PolicySet(
        name="tiny",
        title="Tiny",
        version="1.2.3",
        question="?",
        currency="EUR",
        plus="sales",
        minus="marketing",
        budget="the budget",
        catalogue=Catalogue(frozenset(late)),
        parameters={},
        indicators=tuple(indicators),
        bands=(),
        signals=tuple(signals),
        adjustments=tuple(adjustments),
        gates=tuple(gates),
        readings=tuple(readings),
        phases=(),
        actions=(),
        roll_back=(),
        required_coverage=HALF,
        assessed_at=HALF,
        supports_at=HALF,
        span=place(1),
    )


class Catalogue(dict[str, FactDefinition]):
    """Knows every fact, since backends ask it only which are late."""

    def __init__(self, late: frozenset[str]) -> None:
        super().__init__()
        self.late = late

    def __missing__(self, name: str) -> FactDefinition:
        return FactDefinition(name, FactType.NUMBER, name, late=name in self.late)


def observed(**values: float | str | bool | date | tuple[float, ...] | None) -> dict[str, Observation]:
    """The facts of one company; None is a missing fact."""
    return {name: Observation(value) for name, value in values.items() if value is not None}


def concluding(late: Mapping[str, Observation] | None = None) -> Concluding:
    return Concluding(late or {})


class Concluding:
    """Stands for the score: answers the late facts, and remembers what it was asked."""

    def __init__(self, late: Facts) -> None:
        self.late = late
        self.asked: list[Conclusions] = []

    def __call__(self, early: Conclusions) -> Facts:
        self.asked.append(early)
        return self.late

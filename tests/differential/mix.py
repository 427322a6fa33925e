"""What a campaign was made of: the constructs of the language in its policy sets, and what its companies brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isinf

from engine.condition import (
    All,
    AnyOf,
    AtLeastN,
    Condition,
    FactTest,
    Not,
    Operator,
    SignalTest,
    Truth,
    fact_truth,
    leaves,
    signals_read,
    tolerance,
)
from engine.facts import Facts, FactType, Observation
from engine.formula import parse
from engine.formula.tree import Call, Function, Negation, Operation, ParameterRead, operands, walk
from engine.formula.tree import Operator as Arithmetic
from engine.policy import Effect, Evidence, PolicySet, Role
from engine.strata import late_signals, strata

from .companies import tests

CONCLUDED = ("score", "coverage", "proposed_low", "proposed_high", "strength", "state")
EFFECTS = ("cap", "cap from a fact", "forbid", "verdict")

CONSTRUCTS = frozenset(
    {
        *(f"operator {operator}" for operator in Operator),
        *(f"type {kind}" for kind in FactType),
        *(f"formula {function}" for function in (*Function, *Arithmetic)),
        *(f"late {name}" for name in CONCLUDED),
        *(f"gate: {effect}" for effect in EFFECTS),
        *(f"gate if unknown: {effect}" for effect in EFFECTS),
        *("all", "any", "not", "at_least_n", "nested in three levels", "if_missing yes", "if_missing no"),
        *(
            "known false",
            "signal",
            "signal of a signal",
            "late signal",
            "$parameter",
            "$parameter of an indicator",
            "$parameter: a word",
            "$parameter: a day",
        ),
        *("formula of a formula", "formula of the score", "formula parameter", "formula negation", "zero divisor"),
        *("adjustment", "cap", "floor", "band up_to", "band below", "outside of the score", "urgency", "no weight"),
        *("quality", "quality if_missing", "reading", "reading drops", "action when", "layer", "alone", "share"),
        *(
            "text not in ascii",
            "threshold 0",
            "threshold from 1e200",
            "threshold to 1e-200",
            "interval of a derived fact",
        ),
    }
)
TRAITS = frozenset(
    {
        *("missing", "interval", "interval not known", "counts", "infinite", "from 1e200", "to 1e-200", "minus 0"),
        *("on a threshold", "within a tie", "just beyond a tie", "text not in ascii", "day", "boolean", "derived"),
    }
)


@dataclass(slots=True)
class Mix:
    """Counts; leaves and traits are those of a sample of the companies."""

    constructs: Counter[str] = field(default_factory=Counter)
    leaves: Counter[Truth] = field(default_factory=Counter)
    traits: Counter[str] = field(default_factory=Counter)
    rules: int = 0

    def policy(self, policy: PolicySet) -> None:
        """Note what a policy set is made of."""
        self.constructs.update(set(constructs(policy)))
        both = strata(policy)
        self.rules += len(both.early) + len(both.late)

    def company(self, policy: PolicySet, compared: tuple[FactTest, ...], facts: Facts) -> None:
        """Note what one company brought; `facts` with the derived and the late ones."""
        self.leaves.update(fact_truth(test, facts.get(test.fact)) for test in compared)
        self.traits.update({trait for test in compared for trait in traits(test, facts.get(test.fact))})
        self.traits.update({"derived"} if any(policy.catalogue[name].is_derived for name in facts) else ())

    def add(self, other: Mix) -> None:
        """Add the counts of another part of the campaign."""
        for mine, theirs in ((self.constructs, other.constructs), (self.traits, other.traits)):
            mine.update(theirs)
        self.leaves.update(other.leaves)
        self.rules += other.rules

    @property
    def shares(self) -> Mapping[Truth, float]:
        """Of the truths of leaves."""
        return {truth: self.leaves[truth] / max(1, self.leaves.total()) for truth in Truth}

    @property
    def absent(self) -> tuple[str, ...]:
        """Constructs and traits that never occurred."""
        return tuple(sorted((CONSTRUCTS - set(self.constructs)) | (TRAITS - set(self.traits))))


# --- policy sets ---------------------------------------------------------------------------------------------------


def constructs(policy: PolicySet) -> Iterator[str]:
    """The constructs in a policy set, some of them several times."""
    both = strata(policy)
    for rule in (*both.early, *both.late):
        yield from _condition(rule.when, policy)
        yield from ("nested in three levels",) * (_depth(rule.when) >= 3)
    for test in tests(policy):
        yield from _leaf(test, policy)
    for item in policy.evidence:
        yield from _evidence(item)
    yield from _formulas(policy)
    yield from _parts(policy)
    yield from _effects(policy)


def _condition(condition: Condition, policy: PolicySet) -> Iterator[str]:
    match condition:
        case FactTest():
            return
        case SignalTest(name):
            yield "signal"
            yield from ("late signal",) * (name in late_signals(policy))
        case Not(part):
            yield "not"
            yield from _condition(part, policy)
        case All(parts) | AnyOf(parts) | AtLeastN(_, parts):
            yield {All: "all", AnyOf: "any", AtLeastN: "at_least_n"}[type(condition)]
            for part in parts:
                yield from _condition(part, policy)


def _depth(condition: Condition) -> int:
    match condition:
        case FactTest() | SignalTest():
            return 0
        case Not(part):
            return 1 + _depth(part)
        case All(parts) | AnyOf(parts) | AtLeastN(_, parts):
            return 1 + max(map(_depth, parts))


def _leaf(test: FactTest, policy: PolicySet) -> Iterator[str]:
    definition = policy.catalogue[test.fact]
    yield f"operator {test.operator}"
    yield f"type {definition.type}"
    if definition.late:
        yield f"late {test.fact.rpartition('.')[2]}"
    if test.if_missing is not None:
        yield f"if_missing {test.if_missing}"
    if test.operator is Operator.KNOWN:
        yield from ("known false",) * (test.operands[0].value is False)
        return
    if definition.is_derived and test.operator.reads_interval:
        yield "interval of a derived fact"
    for operand in test.operands:
        if operand.parameter:
            yield "$parameter of an indicator" if "." in operand.parameter else "$parameter"
            yield from ("$parameter: a word",) * isinstance(operand.value, str)
            yield from ("$parameter: a day",) * isinstance(operand.value, date)
        if isinstance(operand.value, str):
            yield from ("text not in ascii",) * (not operand.value.isascii())
        elif definition.type.is_numeric:
            yield from _size("threshold ", operand.number)


def _size(what: str, number: float) -> Iterator[str]:
    yield from (f"{what}0",) * (number == 0)
    yield from (f"{what}from 1e200",) * (abs(number) >= 1e200)
    yield from (f"{what}to 1e-200",) * (0 < abs(number) <= 1e-200)


def _evidence(item: Evidence) -> Iterator[str]:
    yield from ("no weight",) * (item.weight.value == 0)
    for case in item.cases:
        yield from ("cap",) * (case.cap is not None)
        yield from ("floor",) * (case.floor is not None)
        for leaf in leaves(case.when) if item.exhaustive else ():
            if isinstance(leaf, FactTest) and leaf.operator is Operator.AT_MOST:
                yield "band up_to"
            elif isinstance(leaf, FactTest) and leaf.operator is Operator.BELOW:
                yield "band below"


def _formulas(policy: PolicySet) -> Iterator[str]:
    for definition in policy.catalogue.values():
        yield from ("type series",) * (definition.type is FactType.SERIES)
        yield from ("zero divisor",) * definition.zero_divisor_infinite
        if not definition.is_derived:
            continue
        yield from ("formula of the score",) * definition.late
        for part in walk(parse(definition.formula, definition.formula_span)):
            match part:
                case Call(function, _):
                    yield f"formula {function}"
                case Operation(operator, _, _):
                    yield f"formula {operator}"
                case Negation():
                    yield "formula negation"
                case ParameterRead():
                    yield "formula parameter"
            names = [o.name for o in operands(part) if hasattr(o, "name") and not isinstance(o, ParameterRead)]
            yield from ("formula of a formula",) * any(policy.catalogue[name].is_derived for name in names)


def _parts(policy: PolicySet) -> Iterator[str]:
    found = {
        "adjustment": bool(policy.adjustments),
        "reading": bool(policy.readings),
        "reading drops": any(reading.drop_actions for reading in policy.readings),
        "signal of a signal": any(signals_read(signal.when) for signal in policy.signals),
        "outside of the score": any(not i.in_score for i in policy.indicators),
        "urgency": any(i.role is Role.URGENCY for i in policy.indicators),
        "quality": any(i.quality for i in policy.indicators),
        "quality if_missing": any(i.quality and i.quality.if_missing is not None for i in policy.indicators),
        "action when": any(a.when is not None for i in policy.indicators for a in i.actions),
        "layer": len(policy.layers) > 1,
        "alone": policy.single,
        "share": policy.share is not None,
    }
    return (name for name, there in found.items() if there)


def _effects(policy: PolicySet) -> Iterator[str]:
    for gate in policy.gates:
        yield from (f"gate: {effect}" for effect in _effect(gate.effect))
        yield from (f"gate if unknown: {effect}" for effect in _effect(gate.if_unknown))


def _effect(effect: Effect) -> Iterator[str]:
    if effect.cap_move is not None:
        yield "cap from a fact" if isinstance(effect.cap_move, str) else "cap"
    yield from ("forbid",) * bool(effect.forbid)
    yield from ("verdict",) * effect.withdraws_verdict


# --- companies -----------------------------------------------------------------------------------------------------


def traits(test: FactTest, observation: Observation | None) -> Iterator[str]:
    """What is worth noting of one fact and a comparison of it."""
    if observation is None:
        yield "missing"
        return
    yield from ("interval",) * observation.has_interval
    yield from ("interval not known",) * (not observation.interval_known)
    yield from ("counts",) * (observation.trials is not None)
    value = observation.value
    if isinstance(value, bool):
        yield "boolean"
    elif isinstance(value, str):
        yield from ("text not in ascii",) * (not value.isascii())
    elif isinstance(value, float):
        yield from _number_traits(test, value)
    else:
        yield "day"


def _number_traits(test: FactTest, value: float) -> Iterator[str]:
    yield from _size("", value)
    yield from ("infinite",) * isinf(value)
    yield from ("minus 0",) * (str(value) == "-0.0")
    for operand in test.operands if test.operator is not Operator.KNOWN else ():
        away = abs(value - operand.number)
        yield from ("on a threshold",) * (away == 0)
        yield from ("within a tie",) * (0 < away < 0.9 * tolerance(operand.number))
        yield from ("just beyond a tie",) * (tolerance(operand.number) < away < 3 * tolerance(operand.number))

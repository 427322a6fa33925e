"""Conditions that no company can meet, and cases that never decide anything.

The comparisons of a fact tell only finitely many states apart: below, at and above each threshold, and for an interval
where either end lies. All combinations of these states are tried with the definition itself. Facts are taken as
independent of each other, which real ones may not be: more is tried than can occur, and so what is reported is sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import ceil, floor, inf, prod
from typing import TypeAlias

from ..conclusion import Kind
from ..condition import (
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
    fold,
    leaves,
)
from ..diagnostics import Diagnostic, Severity, Span
from ..facts import FactDefinition, FactType, Observation
from ..limits import limits
from ..policy import PolicySet
from ..strata import strata
from .comparisons import is_sound
from .conditions import Comparison, actions

MOST_COMBINATIONS = 10_000
"""Beyond it nothing is said; the shipped policies stay below 1,000."""
MOST_LEAVES = 200


def conditions_that_never_hold(policy: PolicySet) -> Iterator[Diagnostic]:
    """Signals, adjustments, gates, readings and conditions of actions that nothing can make true."""
    for when, span in _standing_alone(policy):
        survey = surveyed([when], policy)
        if survey is not None and not survey.holds:
            yield Diagnostic("never-holds", "this condition can never hold", span, _CONTRADICTION, Severity.WARNING)


_CONTRADICTION = "its parts exclude each other, or no value of a fact meets it"


def _standing_alone(policy: PolicySet) -> Iterator[tuple[Condition, Span | None]]:
    """Every condition that is not one of a list of cases."""
    order = strata(policy)
    for rule in (*order.early, *order.late):
        if rule.kind is not Kind.CASE:
            yield rule.when, rule.span
    for action in actions(policy):
        if action.when is not None:
            yield action.when, action.span


def unreachable_cases(policy: PolicySet) -> Iterator[Diagnostic]:
    """Cases that never hold, and cases that hold only where an earlier one does or is open."""
    for item in policy.evidence:
        results = [(case.outcome, case.cap, case.floor) for case in item.cases]
        survey = None if item.exhaustive else surveyed([case.when for case in item.cases], policy, results)
        if survey is None:
            continue
        for n, case in enumerate(item.cases):
            if n not in survey.holds:
                yield Diagnostic("never-holds", "this case can never hold", case.span, _CONTRADICTION, Severity.WARNING)
            elif n not in survey.decides:
                message = "this case never decides: wherever it holds, an earlier one holds or is open"
                hint = "put it before the more general case, or take it out"
                yield Diagnostic("unreachable-case", message, case.span, hint, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class Survey:
    """Which conditions of a list can hold, and which can decide: those before are *no*, or open with its result."""

    holds: set[int] = field(default_factory=set)
    decides: set[int] = field(default_factory=set)


def surveyed(whens: Sequence[Condition], policy: PolicySet, results: Sequence[object] = (None,)) -> Survey | None:
    """Every combination of states tried; None where there are too many or a comparison is at fault."""
    signals = {signal.name: signal.when for signal in policy.signals}
    sizes: dict[str, int] = {}
    for signal in policy.signals:
        sizes[signal.name] = _size(signal.when, sizes)
    if sum(_size(when, sizes) for when in whens) > MOST_LEAVES:
        return None
    expanded = [_without_signals(when, signals) for when in whens]
    tests = [leaf for when in expanded for leaf in leaves(when) if isinstance(leaf, FactTest)]
    if not all(is_sound(Comparison(test, policy.catalogue[test.fact]), policy) for test in tests):
        return None
    by_fact = {name: tuple(dict.fromkeys(t for t in tests if t.fact == name)) for name in {t.fact: None for t in tests}}
    states = [_states(policy.catalogue[name], own) for name, own in by_fact.items()]
    if prod(len(some) for some in states) > MOST_COMBINATIONS:
        return None
    return _survey(list(zip(expanded, results, strict=True)), states)


_State: TypeAlias = Mapping[FactTest, Truth]
"""What the comparisons of one fact come to."""


_Case: TypeAlias = tuple[Condition, object]
"""A condition and what comes of it."""


def _survey(cases: Sequence[_Case], states: Sequence[Sequence[_State]]) -> Survey:
    survey = Survey()
    for combination in product(*states):
        _look(cases, {test: truth for state in combination for test, truth in state.items()}, survey)
        if len(survey.decides) == len(cases):
            break
    return survey


def _look(cases: Sequence[_Case], truths: _State, survey: Survey) -> None:
    """Note which conditions hold and which decide in one combination."""

    def leaf(test: FactTest | SignalTest) -> Truth:
        return truths[test] if isinstance(test, FactTest) else Truth.UNKNOWN

    before: set[object] = set()
    is_open = True
    for n, (when, result) in enumerate(cases):
        if not is_open and n in survey.holds:
            continue
        answer = fold(when, leaf)
        if answer is Truth.UNKNOWN:
            before.add(result)
        if answer is Truth.YES:
            survey.holds.add(n)
            if is_open and before <= {result}:
                survey.decides.add(n)
            is_open = False


def _size(condition: Condition, sizes: Mapping[str, int]) -> int:
    """How many leaves a condition has once its signals are written out."""
    return sum(sizes[leaf.signal] if isinstance(leaf, SignalTest) else 1 for leaf in leaves(condition))


def _without_signals(condition: Condition, signals: Mapping[str, Condition]) -> Condition:
    """The condition with the condition of each signal in its place."""

    def expanded(parts: Iterable[Condition]) -> tuple[Condition, ...]:
        return tuple(_without_signals(part, signals) for part in parts)

    match condition:
        case FactTest():
            return condition
        case SignalTest(name):
            return _without_signals(signals[name], signals)
        case Not(part):
            return Not(_without_signals(part, signals))
        case All(parts):
            return All(expanded(parts))
        case AnyOf(parts):
            return AnyOf(expanded(parts))
        case AtLeastN(n, parts):
            return AtLeastN(n, expanded(parts))


def _states(definition: FactDefinition, tests: Sequence[FactTest]) -> tuple[_State, ...]:
    """The states of a fact that its comparisons tell apart, the missing fact among them."""
    found: dict[tuple[Truth, ...], None] = {}
    for observation in (*observations(definition, tests), None):
        found[tuple(fact_truth(test, observation) for test in tests)] = None
    return tuple(dict(zip(tests, truths, strict=True)) for truths in found)


def observations(definition: FactDefinition, tests: Sequence[FactTest]) -> Iterator[Observation]:
    """A value of a fact for each state that its comparisons tell apart."""
    if definition.type is FactType.BOOLEAN:
        yield from (Observation(True), Observation(False))
    elif definition.type is FactType.CATEGORY:
        yield from (Observation(value) for value in definition.values)
    else:
        thresholds = {o.number for test in tests if test.operator is not Operator.KNOWN for o in test.operands}
        ends = _places(thresholds, definition)
        values = _whole_numbers(thresholds, definition) if _is_whole(definition) else ends
        with_interval = any(test.operator.reads_interval for test in tests)
        for value in values:
            yield from _intervals(value, ends) if with_interval else (Observation(value),)


def _intervals(value: float, ends: Sequence[float]) -> Iterator[Observation]:
    yield Observation(value, interval_known=False)
    lows = [end for end in ends if end <= value]
    highs = [end for end in ends if end >= value]
    for low, high in product({*lows, value}, {*highs, value}):
        yield Observation(value, low, high)


def _is_whole(definition: FactDefinition) -> bool:
    """Dates and counts have no values between two whole numbers; a formula may give one."""
    return definition.type in (FactType.COUNT, FactType.DATE) and not definition.is_derived


def _bounds(definition: FactDefinition) -> tuple[float, float]:
    """A stated value outside its range is refused; what a formula gives may lie anywhere."""
    if definition.type is FactType.DATE:
        return (1, inf)
    return (-inf, inf) if definition.is_derived else limits(definition)


def _places(thresholds: Iterable[float], definition: FactDefinition) -> tuple[float, ...]:
    """A number on each threshold and on each side of it, within the range of the fact."""
    low, high = _bounds(definition)
    marks = sorted({*thresholds, *(end for end in (low, high) if abs(end) != inf)}) or [0.0]
    around = [marks[0] - 1 - abs(marks[0]), *marks, marks[-1] + 1 + abs(marks[-1])]
    between = [(a + b) / 2 for a, b in pairwise(marks)]
    return tuple(place for place in sorted({*around, *between}) if low <= place <= high)


def _whole_numbers(thresholds: Iterable[float], definition: FactDefinition) -> tuple[float, ...]:
    low, high = _bounds(definition)
    marks = [*thresholds, *(end for end in (low, high) if abs(end) != inf)]
    near = {float(n) for mark in marks for n in (floor(mark) - 1, floor(mark), ceil(mark), ceil(mark) + 1)}
    return tuple(place for place in sorted(near or {0.0}) if low <= place <= high)

"""Which truths a condition can have at all, and which case of a list can decide: what no company can reach is no goal.

The comparisons of a fact tell only finitely many states apart. All combinations are tried with the definition itself, the
facts taken as independent of each other: more is tried than can occur, so what is not found surely cannot occur.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, floor, prod
from typing import TypeAlias, TypeVar

from ..check.reach import MOST_COMBINATIONS, observations
from ..conclusion import Kind
from ..condition import Condition, FactTest, Operator, SignalTest, Truth, fact_truth, fold, leaves
from ..dependencies import answerable
from ..facts import FactDefinition, FactType, Observation
from ..formula import parse, reads
from ..limits import LARGEST, limits
from ..policy import Evidence, PolicySet
from ..scoring import decide
from .rules import part_truths
from .thresholds import near, widened

Witness: TypeAlias = Mapping[str, Observation | None]
"""Facts that bring something about; None is a fact that is not given."""

K = TypeVar("K")

OPEN = "open"
NO_CASE = "none"


@dataclass(frozen=True, slots=True)
class _State:
    """A value of one fact, and the truth of each comparison of it."""

    observation: Observation | None
    truths: tuple[tuple[FactTest, Truth], ...]


class Reach:
    """Answers for one policy set; a condition with too many combinations is taken to reach everything."""

    def __init__(self, policy: PolicySet) -> None:
        self._policy = policy
        self._signals = {signal.name: signal.when for signal in policy.signals}

    def truths(self, condition: Condition) -> Mapping[tuple[str, Truth], Witness] | None:
        """The truths that each part can have, by path, with the fewest facts that do it; None where that is not known."""
        combinations = self._combinations([condition])
        if combinations is None:
            return None
        found: dict[tuple[str, Truth], Witness] = {}
        for witness, tests in combinations:
            leaf = _Leaf(tests, self._signals)
            for key in part_truths(condition, leaf):
                _keep(found, key, witness)
        return found

    def decisions(self, item: Evidence) -> Mapping[str, Witness] | None:
        """The cases that can decide, by name; `none` where no case holds, `open` where it stays open. None as above."""
        combinations = self._combinations([case.when for case in item.cases])
        if combinations is None:
            return None
        found: dict[str, Witness] = {}
        for witness, tests in combinations:
            leaf = _Leaf(tests, self._signals)
            decision = decide(item, {f"{Kind.CASE}:{case.name}": fold(case.when, leaf) for case in item.cases})
            key = OPEN if decision.outcome is None else decision.case or NO_CASE
            _keep(found, key, witness)
        return found

    def _combinations(
        self, conditions: Sequence[Condition]
    ) -> Iterator[tuple[Witness, Mapping[FactTest, Truth]]] | None:
        tests = list(dict.fromkeys(test for condition in conditions for test in self._tests(condition)))
        names = list(dict.fromkeys(test.fact for test in tests))
        states = [self._states(name, [test for test in tests if test.fact == name]) for name in names]
        if prod(len(some) for some in states) > MOST_COMBINATIONS:
            return None
        return (_combined(names, combination) for combination in product(*states))

    def _tests(self, condition: Condition) -> Iterator[FactTest]:
        """The comparisons of a condition, signals followed."""
        for leaf in leaves(condition):
            if isinstance(leaf, FactTest):
                yield leaf
            else:
                yield from self._tests(self._signals[leaf.signal])

    def _states(self, name: str, tests: Sequence[FactTest]) -> list[_State]:
        """The states that the comparisons of a fact tell apart, the one that is not given first."""
        definition = widened(self._policy.catalogue[name])
        values: list[Observation | None] = [] if always_known(definition, self._policy) else [None]
        values += _plain_values(definition, tests)
        values += [one for one in observations(definition, tests) if one.interval_known or _may_be_vague(definition)]
        found: dict[tuple[Truth, ...], _State] = {}
        for value in values:
            truths = tuple(fact_truth(test, value) for test in tests)
            found.setdefault(truths, _State(value, tuple(zip(tests, truths, strict=True))))
        return list(found.values())


def _plain_values(definition: FactDefinition, tests: Sequence[FactTest]) -> Iterator[Observation]:
    """Values at and a tenth beside the thresholds, exact ones, which read better in advice than the ends of the range."""
    if not definition.type.is_numeric:
        return
    low, high = limits(definition)
    is_whole = definition.type is FactType.COUNT and not definition.is_derived
    for x in sorted(
        {operand.number for test in tests if test.operator is not Operator.KNOWN for operand in test.operands}
    ):
        step = 0.1 * abs(x) if x else near(x, definition)
        around = (float(ceil(x + step)), float(floor(x - step)), x) if is_whole else (x + step, x - step, x)
        for value in around:
            if low <= value <= high and abs(value) <= LARGEST and (value.is_integer() or not is_whole):
                yield Observation(value, value, value)


def always_known(definition: FactDefinition, policy: PolicySet) -> bool:
    """Whether a fact has a value whatever is not given: what the engine concludes in any case, and formulas without facts."""
    if definition.late and not definition.is_derived:
        return definition.name == "coverage" or definition.name.endswith((".coverage", ".state"))
    if not answerable(definition.name, policy, {}, frozenset()):
        return False
    return not _divides(definition, policy)


def _divides(definition: FactDefinition, policy: PolicySet) -> bool:
    """Whether a division stands behind a fact, which may be by 0."""
    if "/" in definition.formula or "÷" in definition.formula:
        return True
    names = reads(parse(definition.formula, definition.formula_span)) if definition.is_derived else ()
    return any(_divides(policy.catalogue[name], policy) for name in names)


def _may_be_vague(definition: FactDefinition) -> bool:
    """Whether the interval of a fact may be untold: a bare number of a sampled fact, or what is computed from some."""
    return definition.sampled or definition.is_derived


@dataclass(frozen=True, slots=True)
class _Leaf:
    """The truth of each leaf in one combination."""

    tests: Mapping[FactTest, Truth]
    signals: Mapping[str, Condition]

    def __call__(self, leaf: FactTest | SignalTest) -> Truth:
        return self.tests[leaf] if isinstance(leaf, FactTest) else fold(self.signals[leaf.signal], self)


def _combined(names: Sequence[str], combination: Sequence[_State]) -> tuple[Witness, Mapping[FactTest, Truth]]:
    witness = {name: state.observation for name, state in zip(names, combination, strict=True)}
    return witness, {test: truth for state in combination for test, truth in state.truths}


def _given(witness: Witness) -> int:
    return sum(observation is not None for observation in witness.values())


def _keep(found: dict[K, Witness], key: K, witness: Witness) -> None:
    """The witness with the fewest facts."""
    if key not in found or _given(witness) < _given(found[key]):
        found[key] = witness

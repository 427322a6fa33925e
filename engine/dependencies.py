"""Which input facts stand behind a condition or a derived fact, and which of them are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .condition import Condition, FactTest, facts_read, leaves, signals_read
from .facts import Facts, Observation
from .formula import Formula, derivations
from .formula.tree import Call, FactRead, Function, Negation, Number, Operation, ParameterRead
from .policy import Parameter, PolicySet, once


@once
def signal_conditions(policy: PolicySet) -> Mapping[str, Condition]:
    """The condition of every signal, by full name."""
    return {signal.name: signal.when for signal in policy.signals}


@once
def item_facts(policy: PolicySet) -> Mapping[str, tuple[str, ...]]:
    """The facts that the cases of every evidence item read, by its name."""
    return {item.name: rule_facts((case.when for case in item.cases), policy) for item in policy.evidence}


@once
def gate_facts(policy: PolicySet) -> Mapping[str, tuple[str, ...]]:
    """The facts that every gate reads, by its name."""
    return {gate.name: rule_facts([gate.when], policy) for gate in policy.gates}


@once
def adjustment_facts(policy: PolicySet) -> Mapping[str, tuple[str, ...]]:
    """The facts that every adjustment reads, by its name."""
    return {adjustment.name: rule_facts([adjustment.when], policy) for adjustment in policy.adjustments}


def rule_facts(conditions: Iterable[Condition], policy: PolicySet) -> tuple[str, ...]:
    """The facts that conditions read, signals followed, each once."""
    signals = signal_conditions(policy)
    found: dict[str, None] = {}
    seen: set[str] = set()
    open_conditions = list(conditions)
    while open_conditions:
        condition = open_conditions.pop(0)
        found |= dict.fromkeys(facts_read(condition))
        fresh = [name for name in signals_read(condition) if name not in seen]
        seen.update(fresh)
        open_conditions += [signals[name] for name in fresh]
    return tuple(found)


def thresholds(condition: Condition, policy: PolicySet) -> Iterator[Parameter]:
    """The parameters that a condition compares with, signals followed."""
    for leaf in _all_leaves([condition], signal_conditions(policy)):
        yield from (policy.parameters[o.parameter] for o in leaf.operands if o.parameter)


def missing_inputs(names: Iterable[str], policy: PolicySet, facts: Facts) -> tuple[str, ...]:
    """The input facts that are missing behind facts that have no value, each once; what the engine concludes is no input."""
    found: dict[str, None] = {}
    for name in names:
        if name not in facts:
            found |= dict.fromkeys(_missing_behind(name, policy, facts))
    return tuple(found)


def _missing_behind(name: str, policy: PolicySet, facts: Facts) -> Iterator[str]:
    if name in facts:
        return
    derivation = derivations(policy).get(name)
    if derivation is not None:
        for operand in derivation.reads:
            yield from _missing_behind(operand, policy, facts)
    elif not policy.catalogue[name].late:
        yield name


def vague_inputs(conditions: Iterable[Condition], policy: PolicySet, facts: Facts) -> tuple[str, ...]:
    """The facts that came as a bare number where a condition reads an interval, or as a range; signals followed, each once.

    They have a value, and what they leave open is asked for like what is missing: the counts, both ends, which value it is.
    """
    asked = tuple(conditions)
    ranged = (name for name in rule_facts(asked, policy) if name in facts and facts[name].ranged)
    read = dict.fromkeys((*interval_facts(asked, policy), *ranged))
    return tuple(dict.fromkeys(name for fact in read for name in vague_behind(fact, facts)))


def interval_facts(conditions: Iterable[Condition], policy: PolicySet) -> tuple[str, ...]:
    """The facts whose interval conditions read, signals followed, each once."""
    found = _all_leaves(conditions, signal_conditions(policy))
    return tuple(dict.fromkeys(leaf.fact for leaf in found if leaf.operator.reads_interval))


def _all_leaves(conditions: Iterable[Condition], signals: Mapping[str, Condition]) -> Iterator[FactTest]:
    seen: set[str] = set()
    open_conditions = list(conditions)
    while open_conditions:
        for leaf in leaves(open_conditions.pop()):
            if isinstance(leaf, FactTest):
                yield leaf
            elif leaf.signal not in seen:
                seen.add(leaf.signal)
                open_conditions.append(signals[leaf.signal])


def vague_behind(name: str, facts: Facts) -> Iterator[str]:
    """The facts, itself or what it is derived from, whose interval nobody told, or of which only a range is known."""
    observation = facts.get(name)
    if observation is None or not (observation.ranged or _has_no_interval(observation)):
        return
    if not observation.inputs:
        yield name
    for operand in observation.inputs:
        yield from vague_behind(operand, facts)


def _has_no_interval(observation: Observation) -> bool:
    return not (observation.interval_known or observation.has_interval)


def answerable(name: str, policy: PolicySet, facts: Facts, answered: frozenset[str]) -> bool:
    """Whether a fact would have a value once the answers are in; divisions by zero aside."""
    if name in facts or name in answered:
        return True
    derivation = derivations(policy).get(name)
    return derivation is not None and _computable(derivation.formula, policy, facts, answered)


def _computable(formula: Formula, policy: PolicySet, facts: Facts, answered: frozenset[str]) -> bool:
    match formula:
        case FactRead(name):
            return answerable(name, policy, facts, answered)
        case Number() | ParameterRead():
            return True
        case Negation(operand):
            return _computable(operand, policy, facts, answered)
        case Operation(_, left, right):
            return all(_computable(part, policy, facts, answered) for part in (left, right))
        case Call(function, arguments):
            enough = any if function is Function.FIRST_KNOWN else all
            return enough(_computable(part, policy, facts, answered) for part in arguments)

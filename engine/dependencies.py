"""Which input facts stand behind a condition or a derived fact, and which of them are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .condition import Condition, FactTest, facts_read, leaves, signals_read
from .facts import Catalogue, FactDefinition, Facts
from .formula import Formula, parse, reads
from .formula.tree import Call, FactRead, Function, Negation, Number, Operation, ParameterRead
from .policy import Parameter, PolicySet


def rule_facts(conditions: Iterable[Condition], policy: PolicySet) -> tuple[str, ...]:
    """The facts that conditions read, signals followed, each once."""
    signals = {signal.name: signal.when for signal in policy.signals}
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
    signals = {signal.name: signal.when for signal in policy.signals}
    for leaf in _all_leaves([condition], signals):
        yield from (policy.parameters[o.parameter] for o in leaf.operands if o.parameter)


def missing_inputs(names: Iterable[str], catalogue: Catalogue, facts: Facts) -> tuple[str, ...]:
    """The input facts that are missing behind facts that have no value, each once; what the engine concludes is no input."""
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys(_missing_behind(catalogue[name], catalogue, facts))
    return tuple(found)


def _missing_behind(definition: FactDefinition, catalogue: Catalogue, facts: Facts) -> Iterator[str]:
    if definition.name in facts:
        return
    if definition.is_derived:
        for name in reads(parse(definition.formula, definition.formula_span)):
            yield from _missing_behind(catalogue[name], catalogue, facts)
    elif not definition.late:
        yield definition.name


def vague_inputs(conditions: Iterable[Condition], policy: PolicySet, facts: Facts) -> tuple[str, ...]:
    """The facts that came as a bare number where a condition reads an interval, signals followed, each once.

    They have a value, and what they leave open is asked for like what is missing: the counts, or both ends.
    """
    signals = {signal.name: signal.when for signal in policy.signals}
    read = {leaf.fact: None for leaf in _all_leaves(conditions, signals) if leaf.operator.reads_interval}
    return tuple(dict.fromkeys(name for fact in read for name in vague_behind(fact, facts)))


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
    """The facts, itself or what it is derived from, whose interval nobody told."""
    observation = facts.get(name)
    if observation is None or observation.interval_known or observation.has_interval:
        return
    if not observation.inputs:
        yield name
    for operand in observation.inputs:
        yield from vague_behind(operand, facts)


def answerable(name: str, catalogue: Catalogue, facts: Facts, answered: frozenset[str]) -> bool:
    """Whether a fact would have a value once the answers are in; divisions by zero aside."""
    if name in facts or name in answered:
        return True
    definition = catalogue[name]
    return definition.is_derived and _computable(
        parse(definition.formula, definition.formula_span), catalogue, facts, answered
    )


def _computable(formula: Formula, catalogue: Catalogue, facts: Facts, answered: frozenset[str]) -> bool:
    match formula:
        case FactRead(name):
            return answerable(name, catalogue, facts, answered)
        case Number() | ParameterRead():
            return True
        case Negation(operand):
            return _computable(operand, catalogue, facts, answered)
        case Operation(_, left, right):
            return all(_computable(part, catalogue, facts, answered) for part in (left, right))
        case Call(function, arguments):
            enough = any if function is Function.FIRST_KNOWN else all
            return enough(_computable(part, catalogue, facts, answered) for part in arguments)

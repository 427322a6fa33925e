"""All formulas of a catalogue: their order, the facts they add, and what of that is final."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from math import isfinite

from ..diagnostics import Diagnostic, Severity
from ..display import display
from ..facts import Catalogue, FactDefinition, Facts, Observation, Origin
from ..limits import limits
from ..policy import Parameter, PolicySet, once
from .evaluation import evaluate
from .parser import parse
from .tree import Call, FactRead, Formula, Function, Negation, Number, Operation, Operator, operands, reads

MATERIAL = 0.01
"""The relative difference from which a stated value and its formula are told apart."""


def formula_of(definition: FactDefinition) -> Formula:
    """The formula of a derived fact, read. Raises PolicyError where it cannot be."""
    return parse(definition.formula, definition.formula_span)


def dependencies(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """For every derived fact the derived facts that it reads, in the order of the catalogue."""
    derived = [definition for definition in catalogue.values() if definition.is_derived]
    names = {definition.name for definition in derived}
    return {d.name: tuple(name for name in reads(formula_of(d)) if name in names) for d in derived}


def order(catalogue: Catalogue) -> tuple[str, ...]:
    """The derived facts, each after those that it reads. Raises graphlib.CycleError, which `problems` forestalls."""
    return tuple(TopologicalSorter(dependencies(catalogue)).static_order())


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derived fact with its formula, read, and the names of the facts in it."""

    definition: FactDefinition
    formula: Formula
    reads: tuple[str, ...]


def in_order(catalogue: Catalogue) -> tuple[Derivation, ...]:
    """Every derived fact of a catalogue, each after those that it reads."""
    found = ((catalogue[name], formula_of(catalogue[name])) for name in order(catalogue))
    return tuple(Derivation(definition, formula, reads(formula)) for definition, formula in found)


@once
def derivations(policy: PolicySet) -> Mapping[str, Derivation]:
    """The derived facts of a policy set by name, each after those that it reads."""
    return {derivation.definition.name: derivation for derivation in in_order(policy.catalogue)}


def derive_for(policy: PolicySet, facts: Facts, only_late: bool = False) -> tuple[Facts, tuple[Diagnostic, ...]]:
    """`derive`, with the formulas, the parameters and the currency of a policy set."""
    return derive(derivations(policy).values(), policy.parameters, facts, only_late, policy.currency)


def derive(
    formulas: Iterable[Derivation],
    parameters: Mapping[str, Parameter],
    facts: Facts,
    only_late: bool = False,
    currency: str = "",
) -> tuple[Facts, tuple[Diagnostic, ...]]:
    """The facts with the derived ones added, early or late ones, and warnings; a stated value stays.

    Warns where a stated value differs from its formula by more than 1 %, and where a formula gives what cannot be.
    `formulas` are in order; `currency` is that of the policy set.
    """
    known = dict(facts)
    warnings: list[Diagnostic] = []
    for derivation in formulas:
        definition = derivation.definition
        if definition.late is not only_late:
            continue
        computed = evaluate(derivation.formula, known, parameters, definition.zero_divisor_infinite)
        if computed is None:
            continue
        stated = known.get(definition.name)
        if stated is None:
            known[definition.name] = computed
            warnings += _out_of_range(definition, computed, currency)
        elif _differs(stated, computed):
            warnings.append(_stated_differs(definition, stated, computed, currency))
    return known, tuple(warnings)


def _differs(stated: Observation, computed: Observation) -> bool:
    """By more than 1 % of the larger magnitude and outside the stated interval; dates by a day."""
    a, b = stated.number, computed.number
    if a == b or (stated.low is not None and stated.high is not None and stated.low <= b <= stated.high):
        return False
    if (
        computed.ranged
        and computed.low is not None
        and computed.high is not None
        and computed.low <= a <= computed.high
    ):
        return False
    return not isinstance(computed.value, float) or abs(a - b) > MATERIAL * max(abs(a), abs(b))


def _stated_differs(d: FactDefinition, stated: Observation, computed: Observation, currency: str) -> Diagnostic:
    shown = [
        display(o if o.ranged else replace(o, low=None, high=None, trials=None), d, currency)
        for o in (stated, computed)
    ]
    message = f"`{d.name}` is stated as {shown[0]}, and its formula gives {shown[1]}"
    inputs = ", ".join(f"`{name}`" for name in computed.inputs)
    hint = f"the stated value is used; correct it or {inputs}, or leave it out"
    return Diagnostic("stated-differs", message, stated.span, hint, Severity.WARNING)


def _out_of_range(d: FactDefinition, computed: Observation, currency: str) -> Iterator[Diagnostic]:
    """Not an error: the facts that a company stated are each possible, only together they are strange."""
    low, high = limits(d)
    if isinstance(computed.value, float) and isfinite(computed.value) and not low <= computed.value <= high:
        shown = display(computed if computed.ranged else replace(computed, low=None, high=None), d, currency)
        inputs = ", ".join(f"`{name}`" for name in computed.inputs)
        message = f"the formula of `{d.name}` gives {shown}, which cannot be"
        yield Diagnostic("derived-out-of-range", message, d.formula_span, f"check {inputs}", Severity.WARNING)


def is_certain(name: str, catalogue: Catalogue, facts: Facts) -> bool:
    """Whether the value of a fact is final whatever becomes known; `facts` contain the derived ones."""
    observation = facts.get(name)
    if observation is None:
        return False
    if observation.origin is not Origin.DERIVED:
        return True
    return _certain(formula_of(catalogue[name]), catalogue, facts)


def _certain(formula: Formula, catalogue: Catalogue, facts: Facts) -> bool:
    match formula:
        case FactRead(name):
            return is_certain(name, catalogue, facts)
        case Call(Function.FIRST_KNOWN, arguments):
            # a later operand matters only where the first can be missing although everything it reads is known
            first, *later = arguments
            is_known = isinstance(first, FactRead) or _total(first, catalogue)
            return _certain(first, catalogue, facts) and (
                is_known or all(_certain(argument, catalogue, facts) for argument in later)
            )
        case _:
            return all(_certain(part, catalogue, facts) for part in operands(formula))


@once
def partial_facts(policy: PolicySet) -> frozenset[str]:
    """The facts that can be missing although every fact that a company can state is known."""
    return frozenset(name for name in policy.catalogue if not is_total(name, policy.catalogue))


def is_total(name: str, catalogue: Catalogue) -> bool:
    """Whether a fact is known as soon as every fact that a company can state is; a division can fail."""
    definition = catalogue[name]
    return _total(formula_of(definition), catalogue) if definition.is_derived else not definition.late


def _total(formula: Formula, catalogue: Catalogue) -> bool:
    match formula:
        case FactRead(name):
            return is_total(name, catalogue)
        case Call(Function.FIRST_KNOWN, arguments):
            return any(_total(argument, catalogue) for argument in arguments)
        case Operation(operator, left, right):
            divides = operator is Operator.OVER and not _never_zero(right, catalogue)
            can_fail = divides or _may_be_infinite(formula, catalogue)
            return not can_fail and _total(left, catalogue) and _total(right, catalogue)
        case _:
            return all(_total(part, catalogue) for part in operands(formula))


def _may_be_infinite(formula: Formula, catalogue: Catalogue) -> bool:
    """Whether some fact in it may be: with two infinite operands, or one and a zero, an operation has no answer."""
    return any(_fact_may_be_infinite(name, catalogue) for name in reads(formula))


def _fact_may_be_infinite(name: str, catalogue: Catalogue) -> bool:
    definition = catalogue[name]
    if definition.zero_divisor_infinite:
        return True
    return definition.is_derived and _may_be_infinite(formula_of(definition), catalogue)


def _never_zero(formula: Formula, catalogue: Catalogue) -> bool:
    """Whether a divisor is known to be no zero: a literal, or a stated fact with a lowest value above 0."""
    match formula:
        case Number(value):
            return value != 0
        case FactRead(name):
            definition = catalogue[name]
            return not definition.is_derived and definition.minimum is not None and definition.minimum > 0
        case Negation(operand) | Call(Function.VALUE_OF, (operand,)):
            return _never_zero(operand, catalogue)
        case _:
            return False

"""What is wrong with the formulas of a catalogue before any company is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType

from ..diagnostics import Diagnostic, PolicyError, Span, did_you_mean
from ..facts import Catalogue, FactDefinition
from ..policy import Layer, Parameter, taken_out
from .algebra import Algebra
from .parser import parse
from .tree import Call, FactRead, Formula, Function, Operation, ParameterRead, operands, walk

MAX_CHAIN = 50
"""How many formulas may read each other in a row."""


def problems(
    catalogue: Catalogue,
    parameters: Mapping[str, Parameter],
    currency: str,
    removed: Mapping[str, Layer] = MappingProxyType({}),
) -> Iterator[Diagnostic]:
    """Everything that is wrong with the formulas of a catalogue.

    `currency` is that of the policy set, `removed` what its layers took out.
    """
    readable = {}
    for definition in catalogue.values():
        if definition.is_derived:
            try:
                readable[definition.name] = parse(definition.formula, definition.formula_span)
            except PolicyError as error:
                yield from error.diagnostics
    found = []
    for name, formula in readable.items():
        found += [*_type_problems(catalogue[name]), *_name_problems(formula, catalogue, parameters, removed)]
    yield from found
    cycles = list(_cycles(catalogue, readable))
    yield from cycles
    if not cycles:
        yield from _long_chains(catalogue, readable)
    if not found and not cycles:
        for name in readable:
            yield from unit_problems(catalogue[name], catalogue, parameters, currency)
            yield from sampling_problems(catalogue[name], catalogue)


def _type_problems(definition: FactDefinition) -> Iterator[Diagnostic]:
    if not definition.type.is_ordered:
        message = f"`{definition.name}` is a {definition.type} and cannot have a formula"
        hint = "formulas give numbers and dates; ask for this fact"
        yield Diagnostic("formula-type", message, definition.formula_span, hint)


def _name_problems(
    formula: Formula, catalogue: Catalogue, parameters: Mapping[str, Parameter], removed: Mapping[str, Layer]
) -> Iterator[Diagnostic]:
    for part in walk(formula):
        if isinstance(part, FactRead):
            yield from _fact_problems(part, catalogue, removed)
        elif isinstance(part, ParameterRead):
            yield from _parameter_problems(part, parameters, removed)


def _fact_problems(read: FactRead, catalogue: Catalogue, removed: Mapping[str, Layer]) -> Iterator[Diagnostic]:
    definition = catalogue.get(read.name)
    if definition is None:
        hint = taken_out(removed, read.name) or _fact_hint(read.name, catalogue)
        yield Diagnostic("unknown-fact", f"fact `{read.name}` is not in the catalogue", read.span, hint)
    elif not definition.type.is_ordered:
        message = f"`{read.name}` is a {definition.type} and cannot stand in a formula"
        yield Diagnostic("formula-type", message, read.span, "formulas compute with numbers and dates")


def _fact_hint(name: str, catalogue: Catalogue) -> str:
    if any(part in catalogue for part in name.split("-")):
        return "a minus sign has spaces around it"
    return did_you_mean(name, catalogue) or "add it to the catalogue, or give a number or a `$parameter`"


def _parameter_problems(
    read: ParameterRead, parameters: Mapping[str, Parameter], removed: Mapping[str, Layer]
) -> Iterator[Diagnostic]:
    # those of an indicator mean nothing outside of it; their full names have a dot
    own = {name: parameter for name, parameter in parameters.items() if "." not in name}
    if read.name not in own:
        near = did_you_mean(read.name, own)
        hint = near or "add it to `parameters:` of the policy set, with its grade and its reason"
        hint = taken_out(removed, read.name) or hint
        if read.name in parameters:
            hint = "move it to the policy set: an indicator's own parameters have no meaning in the catalogue"
        message = f"there is no parameter `${read.name}` in the policy set"
        yield Diagnostic("unknown-parameter", message, read.span, hint)
    elif isinstance(own[read.name].value, bool | str):
        message = f"parameter `${read.name}` is not a number"
        yield Diagnostic("formula-type", message, read.span, "formulas compute with numbers and dates")


def _cycles(catalogue: Catalogue, readable: Mapping[str, Formula]) -> Iterator[Diagnostic]:
    """Each cycle once; the search goes on without the formula at which a cycle was found."""
    graph = {name: [read.name for read in _derived_reads(formula, readable)] for name, formula in readable.items()}
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            chain = _from_first(error.args[1][:0:-1], list(catalogue))
            yield _cycle(catalogue[chain[0]], readable[chain[0]], chain)
            graph[chain[0]] = []
        else:
            return


def _derived_reads(formula: Formula, readable: Mapping[str, Formula]) -> list[FactRead]:
    return [part for part in walk(formula) if isinstance(part, FactRead) and part.name in readable]


def _from_first(chain: list[str], names: list[str]) -> list[str]:
    """A cycle told from the fact that the catalogue names first."""
    start = chain.index(min(chain, key=names.index))
    return [*chain[start:], *chain[:start]]


def _cycle(definition: FactDefinition, formula: Formula, chain: list[str]) -> Diagnostic:
    read = next(part for part in walk(formula) if isinstance(part, FactRead) and part.name == [*chain, *chain][1])
    if len(chain) == 1:
        hint = "name the facts that it is computed from"
        return Diagnostic("formula-cycle", f"`{definition.name}` reads itself", read.span, hint)
    way = " -> ".join(f"`{name}`" for name in [*chain, chain[0]])
    return Diagnostic("formula-cycle", f"`{chain[0]}` reads itself: {way}", read.span, "delete one of these formulas")


def _long_chains(catalogue: Catalogue, readable: Mapping[str, Formula]) -> Iterator[Diagnostic]:
    graph = {name: [read.name for read in _derived_reads(formula, readable)] for name, formula in readable.items()}
    length: dict[str, int] = {}
    for name in TopologicalSorter(graph).static_order():
        length[name] = 1 + max((length[read] for read in graph[name]), default=0)
        if length[name] == MAX_CHAIN + 1:
            message = f"more than {MAX_CHAIN} formulas read each other in a row, up to `{name}`"
            yield Diagnostic("formula-chain", message, catalogue[name].formula_span, "derive it from fewer steps")


def unit_problems(
    definition: FactDefinition, catalogue: Catalogue, parameters: Mapping[str, Parameter], currency: str
) -> Iterator[Diagnostic]:
    """Where a formula adds what cannot be added, or gives another unit than the fact has. Its names must be known."""
    algebra = Algebra(catalogue, parameters, currency)
    yield from algebra.problems_of(parse(definition.formula, definition.formula_span), definition)


def sampling_problems(definition: FactDefinition, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Where two sampled operands meet without `value_of`: end points alone do not give their common interval."""
    for part in walk(parse(definition.formula, definition.formula_span)):
        if isinstance(part, Operation) or (isinstance(part, Call) and part.function in (Function.MIN, Function.MAX)):
            sampled = [operand for operand in operands(part) if _is_sampled(operand, catalogue)]
            if len(sampled) > 1:
                yield _two_sampled(definition, part.span)


def _two_sampled(definition: FactDefinition, span: Span | None) -> Diagnostic:
    message = f"the formula of `{definition.name}` joins two sampled operands, whose common interval is not known"
    return Diagnostic("two-sampled", message, span, "wrap the one that is known better: value_of() drops its interval")


def _is_sampled(formula: Formula, catalogue: Catalogue) -> bool:
    match formula:
        case FactRead(name):
            definition = catalogue[name]
            return definition.sampled or (
                definition.is_derived and _is_sampled(parse(definition.formula, definition.formula_span), catalogue)
            )
        case Call(Function.VALUE_OF):
            return False
        case _:
            return any(_is_sampled(operand, catalogue) for operand in operands(formula))

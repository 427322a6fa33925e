"""The catalogue of facts, as written, and what the engine adds to it: docs/language.md, section 4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .computation_notation import computations
from .diagnostics import Diagnostic, PolicyError
from .document import Fields, Node
from .facts import Catalogue, FactDefinition, FactType
from .fields import entries, flag, get, number, span_of, text, texts
from .formula import parse, reads


def definition(name: str, node: Node) -> FactDefinition:
    """One entry of the catalogue."""
    kind = FactType(text(node, "type"))
    unit = text(node, "unit")
    if kind is FactType.MONEY and (per := text(node, "per")):
        unit = f"/{per}"
    stale_after = number(node, "stale_after")
    has_formula = get(node, "formula") is not None
    return FactDefinition(
        name=name,
        type=kind,
        title=text(node, "title"),
        unit=unit,
        meaning=text(node, "meaning"),
        source=text(node, "source"),
        ask=text(node, "ask"),
        who=text(node, "who"),
        values=texts(node, "values"),
        minimum=number(node, "min"),
        maximum=number(node, "max"),
        sampled=flag(node, "sampled"),
        core=flag(node, "core"),
        future=flag(node, "future"),
        stale_after=None if stale_after is None else int(stale_after),
        formula=text(node, "formula"),
        zero_divisor_infinite=text(node, "zero_divisor") == "infinite",
        computed=computations(node),
        span=node.span,
        formula_span=span_of(node, "formula") if has_formula else None,
    )


def concluded(indicators: Iterable[str], plus: str, minus: str) -> Iterator[FactDefinition]:
    """The facts that the engine itself asserts, once the score is known."""

    def fact(name: str, kind: FactType, title: str, values: tuple[str, ...] = ()) -> FactDefinition:
        return FactDefinition(name, kind, title, values=values, late=True)

    yield fact("score", FactType.NUMBER, "score")
    yield fact("coverage", FactType.RATE, "coverage of the evidence")
    yield fact("move.proposed_low", FactType.PP, "low end of the proposed move")
    yield fact("move.proposed_high", FactType.PP, "high end of the proposed move")
    states = (f"supports-{plus}", "mixed", f"supports-{minus}", "not-assessed")
    for name in indicators:
        yield fact(f"indicator.{name}.strength", FactType.NUMBER, f"strength of {name}")
        yield fact(f"indicator.{name}.coverage", FactType.RATE, f"coverage of {name}")
        yield fact(f"indicator.{name}.state", FactType.CATEGORY, f"state of {name}", states)


def build_catalogue(node: Fields, indicators: Iterable[str], plus: str, minus: str) -> Catalogue:
    """Every fact a policy may read, by name. Raises PolicyError where a formula cannot be read."""
    found = {name: definition(name, entry) for name, _, entry in entries(node, "facts")}
    added = {d.name: d for d in concluded(indicators, plus, minus)}
    problems = [_reserved(found[name]) for name in added if name in found]
    found |= added
    for entry in found.values():
        if entry.is_derived:
            try:
                parse(entry.formula, entry.formula_span)
            except PolicyError as error:
                problems += error.diagnostics
    if problems:
        raise PolicyError(problems)
    return mark_late(found)


def _reserved(definition: FactDefinition) -> Diagnostic:
    message = f"`{definition.name}` is concluded by the engine and cannot be in the catalogue"
    return Diagnostic("concluded-fact", message, definition.span, "give the fact another name")


def mark_late(found: dict[str, FactDefinition]) -> Catalogue:
    """Facts derived from late facts are late themselves."""
    readers = {d.name: reads(parse(d.formula, d.formula_span)) for d in found.values() if d.is_derived}
    late = {d.name for d in found.values() if d.late}
    while added := {name for name, names in readers.items() if name not in late and late.intersection(names)}:
        late |= added
    return {name: replace(d, late=name in late) for name, d in found.items()}

"""One number that two indicators count as if it were two."""

from __future__ import annotations

from collections.abc import Iterator

from ..dependencies import rule_facts
from ..diagnostics import Diagnostic, Severity
from ..formula import parse, reads
from ..policy import Evidence, PolicySet


def counted_twice(policy: PolicySet) -> Iterator[Diagnostic]:
    """Evidence of two indicators that rests on exactly the same input facts, with no adjustment of either.

    Two tests that share some facts are left alone: they ask different things of them.
    """
    adjusted = {adjustment.evidence for adjustment in policy.adjustments}
    first: dict[frozenset[str], Evidence] = {}
    for item in policy.evidence:
        inputs = _inputs(item, policy)
        other = first.setdefault(inputs, item)
        if not inputs or other.indicator == item.indicator or adjusted.intersection((other.name, item.name)):
            continue
        names = " and ".join(f"`{name}`" for name in sorted(inputs))
        message = f"`{item.name}` rests on {names} alone, and so does `{other.name}` of another indicator"
        hint = "add an adjustment that reweighs one of them, or ask something else"
        yield Diagnostic("counted-twice", message, item.span, hint, Severity.WARNING)


def _inputs(item: Evidence, policy: PolicySet) -> frozenset[str]:
    """The facts at the bottom of what an evidence item reads."""
    found: set[str] = set()
    waiting = list(rule_facts((case.when for case in item.cases), policy))
    seen = set(waiting)
    while waiting:
        definition = policy.catalogue[waiting.pop()]
        if not definition.is_derived:
            found.add(definition.name)
            continue
        behind = reads(parse(definition.formula, definition.formula_span))
        fresh = [name for name in behind if name in policy.catalogue and name not in seen]
        seen.update(fresh)
        waiting += fresh
    return frozenset(found)

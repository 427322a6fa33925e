"""The catalogue: formulas, ranges, who is asked, who reads, and the facts that a policy set names for a purpose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..dependencies import rule_facts
from ..diagnostics import Diagnostic, Severity, Span
from ..facts import FactType
from ..formula import parse, reads
from ..formula import problems as formula_problems
from ..policy import PolicySet
from .conditions import actions, conditions, shown
from .names import quoted, texts


def formulas(policy: PolicySet) -> Iterator[Diagnostic]:
    """Names, units, cycles and samples of every formula."""
    yield from formula_problems(policy.catalogue, policy.parameters, policy.currency, policy.removed)


def ranges(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every fact whose range is empty."""
    for definition in policy.catalogue.values():
        low, high = definition.minimum, definition.maximum
        if low is not None and high is not None and low > high:
            message = f"`{definition.name}` has `min: {shown(low)}` above `max: {shown(high)}`"
            yield Diagnostic("low-above-high", message, definition.span, "exchange the two, or leave one out")


def fact_roles(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every fact that has another type than its purpose needs."""
    for role, name, wanted, span in _roles(policy):
        found = policy.catalogue[name].type
        if found is not wanted:
            message = f"{role} needs a fact of type `{wanted}`, and `{name}` is of type `{found}`"
            yield Diagnostic("wrong-fact-type", message, span, _conversion(wanted, found))


def _roles(policy: PolicySet) -> Iterator[tuple[str, str, FactType, Span | None]]:
    """What a fact is named for, the fact, the type that takes, and where it is named."""
    for indicator in policy.indicators:
        if indicator.quality is not None:
            yield "`quality`", indicator.quality.fact, FactType.RATE, indicator.span
    if policy.share is not None:
        yield "`share`", policy.share.fact, FactType.RATE, policy.span
    for gate in policy.gates:
        for effect in (gate.effect, gate.if_unknown):
            if isinstance(effect.cap_move, str):
                yield "`cap_move`", effect.cap_move, FactType.PP, gate.span


def _conversion(wanted: FactType, found: FactType) -> str:
    if wanted is FactType.PP and found is FactType.RATE:
        return "derive one in points: `formula: 100 * ` and the rate"
    return f"name a fact of type `{wanted}`"


def read_by_rules(policy: PolicySet) -> dict[str, None]:
    """The facts that an answer depends on: read by conditions, as factors or caps, and those behind their formulas."""
    found = dict.fromkeys(rule_facts(conditions(policy), policy))
    found |= dict.fromkeys(i.quality.fact for i in policy.indicators if i.quality is not None)
    caps = (effect.cap_move for gate in policy.gates for effect in (gate.effect, gate.if_unknown))
    found |= dict.fromkeys(cap for cap in caps if isinstance(cap, str))
    waiting = list(found)
    while waiting:
        fresh = [name for name in _behind(waiting.pop(), policy) if name not in found]
        found |= dict.fromkeys(fresh)
        waiting += fresh
    return found


def _behind(name: str, policy: PolicySet) -> Iterable[str]:
    """The facts in the formula of a fact; those that are not in the catalogue are told of by `formulas`."""
    definition = policy.catalogue[name]
    if not definition.is_derived:
        return ()
    return (read for read in reads(parse(definition.formula, definition.formula_span)) if read in policy.catalogue)


def questions(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every fact that a rule depends on and that nobody could be asked for."""
    for name in read_by_rules(policy):
        definition = policy.catalogue[name]
        if not (definition.ask or definition.is_derived or definition.late):
            message = f"rules read `{name}`, and nobody can be asked for it"
            yield Diagnostic("no-question", message, definition.span, "add `ask:` with the question, or a `formula:`")


def leftover_facts(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every fact that nothing reads and nobody is asked for. Of one indicator alone that cannot be told.

    A fact that has a question may be known for its own sake.
    """
    if policy.single:
        return
    read = set(_mentioned(policy))
    for definition in policy.catalogue.values():
        if definition.name not in read and not definition.ask and definition.span is not None:
            message = f"nothing reads the fact `{definition.name}`, and nobody is asked for it"
            yield Diagnostic("unread-fact", message, definition.span, "take it out", Severity.WARNING)


def _mentioned(policy: PolicySet) -> Iterator[str]:
    yield from read_by_rules(policy)
    for definition in policy.catalogue.values():
        yield from _behind(definition.name, policy)
    yield from (action.watch for action in actions(policy))
    if policy.share is not None:
        yield policy.share.fact
    for text in texts(policy):
        yield from quoted(text.words)

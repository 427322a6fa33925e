"""The answers that a company's file names, beside what it states itself: which count, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .diagnostics import Diagnostic, Listed, Severity, warning
from .display import display
from .exchange import Exchange
from .facts import FactDefinition, Facts, Observation
from .materiality import differs
from .testimony import Said, Standing, Testimony, heard, settled

BECAME = {
    Standing.DIFFERS: "the answers differ",
    Standing.LATER: "not used: said after the evaluation date",
    Standing.REPLACED: "not used: the same person answered again",
    Standing.BEATEN: "not used: the company's file states the fact",
}
"""What became of an answer that does not simply count, in words."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The facts that come of answers, every answer with what became of it, and warnings."""

    facts: Facts
    testimony: Testimony
    warnings: tuple[Diagnostic, ...]


def answered(testimony: Testimony, stated: Facts, defined: dict[str, FactDefinition], exchange: Exchange) -> Answered:
    """What counts on the day of the evaluation; what the company's file states counts before any answer."""
    facts: dict[str, Observation] = {}
    shown: dict[str, tuple[Said, ...]] = {}
    warnings: list[Diagnostic] = []
    later: list[Said] = []
    for name in sorted(testimony):
        said = heard(testimony[name], exchange.as_of)
        later += (one for one in said if one.standing is Standing.LATER)
        if name in stated:
            warnings += _beaten(said, stated[name], defined[name], exchange)
            said = tuple(_passed_over(one) for one in said)
        elif (found := settled(said)) is not None:
            facts[name] = found
        shown[name] = said
        warnings += _differing(said, facts.get(name), defined[name], exchange)
    return Answered(facts, shown, (*warnings, *_later(later, exchange)))


def _passed_over(one: Said) -> Said:
    counted = one.standing in (Standing.USED, Standing.DIFFERS)
    return replace(one, standing=Standing.BEATEN) if counted else one


def _later(said: Sequence[Said], exchange: Exchange) -> tuple[Diagnostic, ...]:
    after = f"after the evaluation date {exchange.as_of}"
    hints = (
        "the answer is not used; evaluate as of that day or a later one to use it",
        f"they are not used; evaluate as of {max((one.on for one in said), default='')} or a later day to use them",
    )
    listed = (Listed(one.fact, f"was answered by {one.who} on {one.on}", one.span) for one in said)
    return warning("answer-from-later", f"{{listed}}, {after}", f"{{count}} answers were given {after}", hints, listed)


def _beaten(
    said: Sequence[Said], stated: Observation, definition: FactDefinition, exchange: Exchange
) -> Iterator[Diagnostic]:
    for one in said:
        counted = one.standing in (Standing.USED, Standing.DIFFERS)
        if counted and one.observation is not None and differs(stated, one.observation):
            shown = display(stated, definition, exchange.into)
            message = f"`{one.fact}` is stated as {shown}, and {told(one, definition, exchange.into)}"
            hint = "the stated value is used; correct it, or delete it to use the answer"
            yield Diagnostic("answer-differs", message, one.span, hint, Severity.WARNING)


def _differing(
    said: Sequence[Said], found: Observation | None, definition: FactDefinition, exchange: Exchange
) -> Iterator[Diagnostic]:
    differing = [one for one in said if one.standing is Standing.DIFFERS]
    if not differing:
        return
    listed = "; ".join(told(one, definition, exchange.into) for one in differing)
    taken = display(found, definition, exchange.into) if found is not None else "not known"
    hint = f"it is taken as {taken} until they agree; what the company's file states would count first"
    message = f"answers to `{definition.name}` differ: {listed}"
    yield Diagnostic("answers-differ", message, differing[0].span, hint, Severity.WARNING)


def told(one: Said, definition: FactDefinition, currency: str) -> str:
    """`J. Lund (marketing) says 40 hours on 2026-10-20`; `currency` is that of the policy set."""
    value = "that it is not known" if one.observation is None else display(one.observation, definition, currency)
    return f"{one.who} says {value} on {one.on}"

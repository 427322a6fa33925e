"""Names: given twice, given and never called, or quoted in a text and not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ..condition import signals_read
from ..diagnostics import Diagnostic, Severity, Span, did_you_mean
from ..policy import PolicySet, taken_out
from .conditions import actions, conditions

JOINT = "joint"
VERDICT = "verdict"

_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """Words of a policy that may quote facts and parameters; `indicator` is the scope of its parameters."""

    words: str
    indicator: str
    span: Span | None


def texts(policy: PolicySet) -> Iterator[Text]:
    """Every text in which names are filled in."""
    for signal in policy.signals:
        yield Text(signal.says, signal.name.rpartition(".")[0], signal.span)
    for item in policy.evidence:
        yield Text(item.because, item.indicator, item.span)
        for case in item.cases:
            yield Text(case.because, item.indicator, case.span)
    for adjustment in policy.adjustments:
        yield Text(adjustment.because, "", adjustment.span)
    for gate in policy.gates:
        yield Text(f"{gate.because} {gate.first}", "", gate.span)
    for reading in policy.readings:
        yield Text(f"{reading.says} {reading.first}", "", reading.span)
    for action in actions(policy):
        yield Text(action.do, action.indicator, action.span)


def quoted(words: str) -> tuple[str, ...]:
    """What stands in braces, each once."""
    return tuple(dict.fromkeys(_BRACES.findall(words)))


def quoted_names(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every name in braces that is neither a fact nor a parameter."""
    written = tuple(texts(policy))
    scopes = {scope: _parameters(policy, scope) for scope in {text.indicator for text in written}}
    for text in written:
        callable_parameters = scopes[text.indicator]
        for name in quoted(text.words):
            known = callable_parameters if name.startswith("$") else policy.catalogue
            if name not in known:
                message = f"the text quotes `{{{name}}}`, and there is no such {_kind(name)}"
                own = f"{text.indicator}.{name.lstrip('$')}"
                gone = taken_out(policy.removed, own, name.lstrip("$"))
                hint = gone or _quote_hint(name, policy, callable_parameters)
                yield Diagnostic("unknown-quote", message, text.span, hint)


def _parameters(policy: PolicySet, indicator: str) -> frozenset[str]:
    """The parameters that a text may quote, with their dollar signs."""
    own = f"{indicator}."
    local = {f"${name.removeprefix(own)}" for name in policy.parameters if indicator and name.startswith(own)}
    return frozenset(local | {f"${name}" for name in policy.parameters})


def _kind(name: str) -> str:
    return "parameter" if name.startswith("$") else "fact"


def _quote_hint(name: str, policy: PolicySet, parameters: frozenset[str]) -> str:
    if f"${name}" in parameters:
        return f"write `{{${name}}}` to quote the parameter"
    near = did_you_mean(name, parameters if name.startswith("$") else policy.catalogue)
    return near or "quote a fact as `{group.name}`, a parameter as `{$name}`"


def unused_signals(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every signal that nothing reads. Of one indicator alone that cannot be told."""
    if policy.single:
        return
    used = {name for condition in conditions(policy) for name in signals_read(condition)}
    for signal in policy.signals:
        if signal.name not in used:
            message = f"nothing uses the signal `{signal.name}`"
            yield Diagnostic("unused-signal", message, signal.span, "take it out", Severity.WARNING)


def duplicate_ids(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every id, number or code that two things of one kind have."""
    yield from _twice("evidence", ((item.name, item.span) for item in policy.evidence))
    for item in policy.evidence:
        yield from _twice("case", ((case.name, case.span) for case in item.cases))
    for _, listed in groupby(actions(policy), lambda action: (action.indicator, action.side)):
        named = ((action.name, action.span) for action in listed if action.name)
        yield from _twice("action", named)
    yield from _twice("code", ((item.code, item.span) for item in policy.evidence if item.code))
    yield from _twice("number", ((str(i.number), i.span) for i in policy.indicators))
    yield from _twice("band", ((band.name, band.span) for band in policy.bands))
    yield from _twice("adjustment", ((a.name, a.span) for a in policy.adjustments))
    yield from _twice("gate", ((gate.name, gate.span) for gate in policy.gates))
    yield from _twice("reading", ((reading.name, reading.span) for reading in policy.readings))
    yield from _twice("phase", ((phase.name, policy.span) for phase in policy.phases))


def reserved_names(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every name that stands for something else: `verdict`, `joint`, the number of an indicator."""
    if policy.plus == policy.minus or JOINT in (policy.plus, policy.minus):
        hint = f"name two different sides; `{JOINT}` is for what both do"
        yield Diagnostic("reserved-name", f"the sides are `{policy.plus}` and `{policy.minus}`", policy.span, hint)
    taken = {VERDICT, *(str(indicator.number) for indicator in policy.indicators)}
    named = [(i.name, i.span) for i in policy.indicators] + [(e.code, e.span) for e in policy.evidence]
    for name, span in named:
        if name in taken:
            hint = "choose another name, so that `steelyard explain` knows which is meant"
            yield Diagnostic("reserved-name", f"`{name}` stands for something else", span, hint)


def _twice(kind: str, things: Iterable[tuple[str, Span | None]]) -> Iterator[Diagnostic]:
    first: dict[str, Span | None] = {}
    for name, span in things:
        if name in first:
            there = f"it is at {first[name]} already; " if first[name] != span else ""
            hint = f"{there}each {kind} needs one of its own"
            yield Diagnostic("duplicate-id", f"the {kind} `{name}` is there twice", span, hint)
        first.setdefault(name, span)

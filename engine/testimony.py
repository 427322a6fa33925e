"""What people answered of the facts of a company, and what comes of several answers to one question: docs/language.md, section 5."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import isfinite

from .condition import greater, less
from .converted import between
from .diagnostics import Diagnostic, Severity, Span
from .document import Fields, Node, Value
from .exchange import Exchange
from .facts import FactDefinition, FactType, Observation
from .fields import entries, scalar_text, span_of, text
from .notation import calendar_date, not_a_date, shortened
from .observation import UNKNOWN, observe

_NOT_KNOWN = re.compile(r"don['\u2019]?t know|do not know|not known|unknown", re.IGNORECASE)
_COUNTS = re.compile(r"\s*([0-9]+)\s*(?:/|\s+of\s+)\s*([0-9]+)\s*")
_OF_THE_ANSWER = ("by", "on")
_VALUES = ("value", "successes", "trials", "low", "high")


class Standing(StrEnum):
    """What becomes of one answer."""

    USED = "used"
    DIFFERS = "differs"
    """Somebody else answered something else."""
    NOT_KNOWN = "not known"
    LATER = "later"
    """Said after the day of the evaluation."""
    REPLACED = "replaced"
    """The same person answered again since."""
    BEATEN = "beaten"
    """The company's own file states the fact."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: who, when, and what it is worth; `observation` is None where they do not know."""

    fact: str
    by: str
    on: date
    party: str
    """Whose answers the file holds, such as marketing; may be empty."""
    observation: Observation | None
    note: str = ""
    standing: Standing = Standing.USED
    span: Span | None = None

    @property
    def who(self) -> str:
        """`J. Lund (marketing)`."""
        return (
            f"{self.by} ({self.party})" if self.party and self.party.casefold() not in self.by.casefold() else self.by
        )


Testimony = Mapping[str, tuple[Said, ...]]
"""The answers to each question that somebody answered, in the order of days and names."""


# --- reading ---------------------------------------------------------------------------------------------------


def read_answers(
    documents: Iterable[Fields],
    defined: Mapping[str, FactDefinition],
    exchange: Exchange,
    problems: list[Diagnostic],
) -> Testimony:
    """What files of answers say, which have the shape of their schema; problems, and warnings, go to `problems`.

    Entries without a value are no answers. `defined` are the facts that a company may state; others are passed over.
    """
    found: dict[str, list[Said]] = {}
    for document in documents:
        for name, place, node in entries(document, "answers"):
            definition = defined.get(name)
            said = _said(document, definition, node, place, exchange, problems) if definition is not None else None
            if said is not None:
                found.setdefault(name, []).append(said)
    return {name: _in_order(said) for name, said in found.items()}


def _in_order(said: Iterable[Said]) -> tuple[Said, ...]:
    """The same whatever the order of files and entries."""
    return tuple(sorted(said, key=lambda one: (one.on, one.party, one.by, repr(one.observation))))


def is_answered(node: Node) -> bool:
    """Whether an entry of a file of answers has an answer in it."""
    if isinstance(node, Fields):
        return any(not _is_empty(node.fields[key]) for key in _VALUES if key in node.fields)
    return not _is_empty(node)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Value) and (node.value is None or node.value == "")


def _said(
    document: Fields,
    definition: FactDefinition,
    node: Node,
    place: Span,
    exchange: Exchange,
    problems: list[Diagnostic],
) -> Said | None:
    if not is_answered(node):
        problems += _unfinished(definition.name, node)
        return None
    before = len(problems)
    by = _of(document, node, "by") or _unsigned(definition.name, "by whom", "by", "P. Okafor", place, problems)
    on = _day(document, definition.name, node, place, problems)
    # what was said later is read as of its own day, and not used
    then = exchange if on is None else replace(exchange, as_of=max(on, exchange.as_of))
    observation = _observed(definition, node, then, place, problems)
    if len(problems) > before or on is None:
        return None
    if observation is not None:
        observation = replace(observation, as_of=observation.as_of or on)
    party = text(document, "from")
    return Said(definition.name, by, on, party, observation, text(node, "note"), span=place)


def _unfinished(name: str, node: Node) -> Iterator[Diagnostic]:
    """A remark without an answer would be lost in silence."""
    if note := text(node, "note"):
        message = f"`{name}` has a note and no answer: {shortened(note)}"
        hint = "write the value, or `don't know` where nobody knows it"
        yield Diagnostic("answer-without-value", message, span_of(node, "note"), hint, Severity.WARNING)


def _of(document: Fields, node: Node, key: str) -> str:
    """What an answer says beside its value, or else its file for all of them."""
    return text(node, key).strip() or text(document, key).strip()


def _unsigned(name: str, what: str, key: str, example: str, place: Span, problems: list[Diagnostic]) -> str:
    message = f"`{name}` is answered, and nothing says {what}"
    hint = f"add `{key}: {example}`, or once for the whole file above `answers:`"
    problems.append(Diagnostic("answer-unsigned", message, place, hint))
    return ""


def _day(document: Fields, name: str, node: Node, place: Span, problems: list[Diagnostic]) -> date | None:
    written = _of(document, node, "on")
    if not written:
        _unsigned(name, "when", "on", "2026-10-20", place, problems)
        return None
    day = calendar_date(written)
    if day is None:
        holder = node if text(node, "on").strip() else document
        problems.append(not_a_date(written, span_of(holder, "on")))
    return day


def _observed(
    definition: FactDefinition, node: Node, exchange: Exchange, place: Span, problems: list[Diagnostic]
) -> Observation | None:
    """The value of an answer, its empty keys and its date and author aside."""
    if not isinstance(node, Fields):
        node = Fields({"value": node}, {"value": place}, node.span)
    kept = {k: v for k, v in node.fields.items() if k not in _OF_THE_ANSWER and not _is_empty(v)}
    value = kept.get("value")
    if value is not None and _NOT_KNOWN.fullmatch(scalar_text(value).strip()):
        kept["value"] = Value(UNKNOWN, value.span, UNKNOWN)
    elif value is not None and (counts := _counts(value, definition)) is not None:
        kept = {k: v for k, v in kept.items() if k != "value"} | counts
    keys = {key: node.keys.get(key, place) for key in kept}
    return observe(definition, Fields(kept, keys, node.span), exchange, place, problems)


def _counts(value: Node, definition: FactDefinition) -> dict[str, Node] | None:
    """`21 of 130` as counts, where the fact is a rate."""
    found = _COUNTS.fullmatch(scalar_text(value)) if definition.type is FactType.RATE else None
    if found is None:
        return None
    keys = ("successes", "trials")
    return {key: Value(int(count), value.span, count) for key, count in zip(keys, found.groups(), strict=True)}


# --- what comes of them ----------------------------------------------------------------------------------------


def heard(said: Sequence[Said], as_of: date) -> tuple[Said, ...]:
    """Which of the answers to one question count on a day: not later ones, and of each person the last."""
    found = [replace(one, standing=Standing.LATER) if one.on > as_of else one for one in said]
    last = {_person(one): one.on for one in found if one.standing is Standing.USED}
    found = [
        replace(one, standing=Standing.REPLACED)
        if one.standing is Standing.USED and one.on < last[_person(one)]
        else one
        for one in found
    ]
    knows_not = [
        replace(one, standing=Standing.NOT_KNOWN) if one.standing is Standing.USED and one.observation is None else one
        for one in found
    ]
    counting = [one for one in knows_not if one.standing is Standing.USED]
    if len(counting) > 1 and _agreed(counting) is None:
        return tuple(
            replace(one, standing=Standing.DIFFERS) if one.standing is Standing.USED else one for one in knows_not
        )
    return tuple(knows_not)


def _person(one: Said) -> tuple[str, str]:
    return one.by.casefold(), one.party.casefold()


def settled(said: Sequence[Said]) -> Observation | None:
    """The fact that comes of answers that were heard: theirs where they agree, what spans all where they differ.

    None where nobody knows, and where answers that are no numbers differ.
    """
    counting = [one for one in said if one.standing in (Standing.USED, Standing.DIFFERS)]
    if not counting:
        return None
    agreed = _agreed(counting)
    found = agreed or _spanning([one.observation for one in counting if one.observation is not None])
    if found is None:
        return None
    days = [one.observation.as_of for one in counting if one.observation is not None and one.observation.as_of]
    return replace(
        found,
        by=_listed(one.who for one in counting),
        as_of=min(days, default=None),
        note=_joined("; ", (one.note for one in counting)),
        source=_joined(", ", (one.observation.source for one in counting if one.observation is not None)),
        span=counting[0].span,
    )


def _joined(between: str, texts: Iterable[str]) -> str:
    return between.join(dict.fromkeys(one for one in texts if one))


def _listed(names: Iterable[str]) -> str:
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last


def _agreed(counting: Sequence[Said]) -> Observation | None:
    """The answer that holds all others; the one that says most where several do."""
    known = [one.observation for one in counting if one.observation is not None]
    holding = [one for one in known if all(_holds(one, other) for other in known)]
    return min(holding, key=_says_least, default=None)


def _says_least(one: Observation) -> tuple[bool, bool, float, str]:
    """Counts say most, then the narrower interval; the rest only makes the choice the same every time."""
    width = one.high - one.low if one.low is not None and one.high is not None else 0.0
    return one.trials is None, not one.has_interval, width, repr(one)


def _holds(one: Observation, other: Observation) -> bool:
    """Whether an answer says the same as another, or that other is a bare number within its interval."""
    if not isinstance(one.value, float) or not isinstance(other.value, float):
        return one.value == other.value
    if one.ranged or other.ranged:
        return (one.low, one.high) == (other.low, other.high)
    same = not less(one.value, other.value) and not greater(one.value, other.value)
    if other.has_interval:
        return same and (one.low, one.high) == (other.low, other.high)
    return same or (one.low is not None and one.high is not None and one.low <= other.value <= one.high)


def _spanning(known: Sequence[Observation]) -> Observation | None:
    """A range from the lowest that anybody said to the highest; None where they are no numbers."""
    if not all(isinstance(one.value, float) for one in known):
        return None
    low = min(one.number if one.low is None else one.low for one in known)
    high = max(one.number if one.high is None else one.high for one in known)
    middle = (low + high) / 2 if isfinite(low + high) else known[0].number
    exact = all(one.interval_known for one in known)
    found = Observation(middle, low, high, interval_known=exact, ranged=True, proxy=any(one.proxy for one in known))
    written = {(one.stated.rpartition(" ")[2], one.rate) for one in known}
    unit, rate = written.pop()
    if written or not unit or rate == 1:
        return found
    return replace(found, stated=f"{between(low / rate, high / rate)} {unit}", rate=rate)

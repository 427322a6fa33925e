"""One change as a sentence, for a terminal, a table, an annotation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..changes import Change, Class, Comparison, What
from .wording import counted, listed

CLASSES = {
    Class.VERDICT: "may change a verdict",
    Class.SCORE: "may change the strength of an indicator or the plan, and no verdict",
    Class.COSMETIC: "cosmetic",
}
"""The classes as titles."""
SIGNS = {What.ADDED: "+", What.REMOVED: "-", What.CHANGED: "~", What.RENAMED: "=", What.MOVED: "^"}
LONG = 56
"""Characters from which the old and the new of a value stand on lines of their own."""


def head(change: Change) -> str:
    """What changed."""
    label = f": {change.label}" if change.label else ""
    return f"{change.subject}{label}"


def _said(change: Change) -> str:
    """The old and the new behind what changed; of one that is several, behind a colon."""
    several = change.field in ("computed", "reasons")
    colon = ":" if several or not change.label else ""
    return f"{head(change)}{colon} {change.before} -> {change.after}"


def is_long(change: Change) -> bool:
    """Whether a line has no room for the old and the new."""
    return change.what in (What.CHANGED, What.MOVED) and len(change.before) + len(change.after) > LONG


def sentence(change: Change) -> str:
    """The change on one line, whatever its length."""
    match change.what:
        case What.ADDED:
            return f"{change.subject} is new: {change.after}"
        case What.REMOVED:
            return f"{change.subject} is gone: {change.before}"
        case What.RENAMED:
            return f"{change.subject} is called {change.after}, was {change.before}"
        case _:
            return _said(change)


def reason(change: Change) -> str:
    """Why, as the policy says; and where the value is another and the reason still the old one, that."""
    if not change.because:
        return ""
    kept = " (the reason was not changed)" if change.reason_kept else ""
    return f"because {change.because}{kept}"


def place(change: Change) -> str:
    """Where it stands."""
    return f"{change.span.file}:{change.span.line}" if change.span is not None else ""


def layer(change: Change) -> str:
    """Who wrote it, where there are several who could have."""
    return f"written by {change.layer}" if change.layer else ""


def counts(compared: Comparison) -> str:
    """How many changes there are of each class."""
    said = [(compared.count(effect), effect) for effect in Class]
    total = counted(len(compared.changes), "change")
    words = {
        Class.VERDICT: "may change a verdict",
        Class.SCORE: "may change an indicator or the plan",
        Class.COSMETIC: "cosmetic",
    }
    parts = [f"{number} {words[effect]}" for number, effect in said if number]
    return f"{total}: {listed(parts)}" if parts else "no change"


def by_class(changes: Sequence[Change]) -> Iterator[tuple[Class, tuple[Change, ...]]]:
    """The changes of each class, the most serious first; classes without any are left out."""
    for effect in Class:
        found = tuple(change for change in changes if change.effect is effect)
        if found:
            yield effect, found

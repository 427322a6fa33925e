"""One change from one policy set to another: docs/changes.md."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ..diagnostics import Span
from ..document import Plain
from .parts import Kind


class Class(StrEnum):
    """What a change can do to the answer for a company whose file both policy sets can read."""

    VERDICT = "verdict"
    """May change a verdict or its move."""
    SCORE = "score"
    """May change the strength of an indicator that does not count, the plan or what else is said, and provably no verdict and no move."""
    COSMETIC = "cosmetic"
    """Changes words and no number, no verdict and no plan."""

    @property
    def rank(self) -> int:
        """The most serious has the lowest."""
        return list(Class).index(self)


class What(StrEnum):
    """What happened."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A place of a policy set that holds either the old or the new: a field of a part, or its being there at all."""

    kind: Kind
    name: str
    field: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `name` is the id of today, `old_name` that of before; one of them is empty for what came or went.

    `before` and `after` are words, in the units of the policy set; `old` and `new` are the values as a file writes them.
    """

    fingerprint: str
    kind: Kind
    what: What
    field: str
    name: str
    old_name: str
    effect: Class
    subject: str
    label: str
    """What of the subject changed, in words; empty where that is plain."""
    before: str
    after: str
    old: Plain
    new: Plain
    slots: tuple[Slot, ...] = ()
    because: str = ""
    """The reason that the policy set gives for the new value."""
    reason_kept: bool = False
    """The value is another, and its reason is the old one."""
    layer: str = ""
    """The layer that wrote the new value, where there are several."""
    notes: tuple[str, ...] = ()
    span: Span | None = None
    """Where the new value stands, or the old one where it went."""


Slots: TypeAlias = frozenset[Slot]

"""What a scenario is once it is read: a company, and what each answer must be."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from ..company import Company
from ..coverage.seen import item_of_answer
from ..diagnostics import Span
from ..policy import PolicySet

Answer: TypeAlias = str | float | tuple[float, ...] | tuple[str, ...]
"""One answer of an evaluation: a word, a number, a move, a list. What is not there is the word `unknown` or `none`."""


@dataclass(frozen=True, slots=True)
class Exactly:
    """A word, or a number up to a tie."""

    value: str | float


@dataclass(frozen=True, slots=True)
class Close:
    """A number that may differ by `tolerance`; `percent` where it was written as one."""

    value: float
    tolerance: float
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """A number from `low` to `high`, both included; infinite where there is no end."""

    low: float
    high: float
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """Both ends of a move, in points."""

    low: float
    high: float


class Match(StrEnum):
    """How a list is compared."""

    ALL = "all"
    """The same members."""
    AMONG = "among"
    """Members of it; an empty list is only like an empty one."""
    IN_ORDER = "in order"
    """Its first members in this order; an empty list is only like an empty one."""
    IN_TEXTS = "in texts"
    """Each is part of some text; an empty list is only like an empty one."""
    IN_NO_TEXT = "in no text"
    """None is part of any text."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of names or texts."""

    members: tuple[str, ...]
    match: Match


Wanted: TypeAlias = Exactly | Close | Between | Move | Listed


@dataclass(frozen=True, slots=True)
class Expected:
    """One answer that is expected: `path` names it, such as `evidence.slow-growth.cycle` or `gates.G1.cap`."""

    path: str
    wanted: Wanted
    span: Span = field(compare=False)

    @property
    def about(self) -> str:
        """What explains it: the name of the item, or `verdict`."""
        return item_of_answer(self.path)[1] or "verdict"


PARTS = {
    "evidence": ("case", "cap", "floor", "grade", "weight"),
    "indicators": ("strength", "coverage"),
    "gates": ("cap", "forbids"),
}
"""What more may be expected of an item than its first answer."""


@dataclass(frozen=True, slots=True)
class Row:
    """One evaluation and what it must answer. `name` is that of the row in its table, empty where there is no table."""

    scenario: str
    title: str
    name: str
    company: Company
    expected: tuple[Expected, ...]
    parameters: tuple[tuple[str, str], ...] = ()
    """Thresholds of this row only: full name and value as written."""
    todo: str = ""
    span: Span = field(default=Span(""), compare=False)

    @property
    def label(self) -> str:
        """How reports call it."""
        return f"{self.scenario}: {self.name}" if self.name else self.scenario


@dataclass(frozen=True, slots=True)
class Suite:
    """The rows of one file, under one policy set. `before` is what the file held when it was read."""

    file: str
    path: Path
    before: bytes
    policy: str
    """As `--policy` takes it."""
    base: PolicySet = field(repr=False, compare=False)
    """The policy set without the parameters of any row."""
    rows: tuple[Row, ...] = ()

"""What one computation gives: a value or the reason why there is none, and everything that it was made from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from ..computation import Computation
from ..facts import Observation, RawValue
from ..statistics.alarm import LastMonth
from ..statistics.mix import MixChange
from ..statistics.month import Month
from ..statistics.ranking import Ranking
from ..statistics.unknown import Unknown


class Standing(StrEnum):
    """Why a month is used or not."""

    USED = "used"
    OUTSIDE = "outside the period"
    PARTIAL = "covered in part only"
    IMMATURE = "too young"
    BEFORE_SELLING = "before anybody sold"
    HALF_BEFORE_SELLING = "time to win began before anybody sold"


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of the counts in between: successes of trials, or an amount."""

    month: Month
    standing: Standing
    successes: int | None = None
    trials: int | None = None
    amount: float | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The months that a value speaks of, the first and the last, and how many of them are used."""

    first: Month
    last: Month
    months: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows behind a value: a table, and what they meet as SQL."""

    table: str
    where: str


@dataclass(frozen=True, slots=True)
class Segmented:
    """A rate in parts by one column: their order where the data allow one, and what the mix did to the change since a year before."""

    column: str
    title: str
    ranking: Ranking
    mix: MixChange | Unknown
    others: int
    """Parts too many to show, taken as one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method gives. Without a value there is a `reason`.

    `n` counts rows, named by `noun`; `told` says in sentences what was found on the way; `day` is the last day that the data tell
    of, `until` the last day of which there are rows by month; `remedy` says what to do where it is not more data that is missing.
    """

    value: RawValue | None = None
    reason: str = ""
    low: float | None = None
    high: float | None = None
    successes: int | None = None
    trials: int | None = None
    n: int | None = None
    noun: str = ""
    period: Period | None = None
    lines: tuple[MonthLine, ...] = ()
    told: tuple[str, ...] = ()
    remark: str = ""
    day: date | None = None
    until: date | None = None
    behind: Rows | None = None
    alarm: LastMonth | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Computed:
    """One fact: its observation, or the reason why it is unknown, and what a reader needs to check it."""

    fact: str
    computation: Computation
    answer: Answer
    observation: Observation | None
    files: tuple[str, ...] = ()
    rows: int = 0
    """Rows of those files that are used."""
    stated: Observation | None = field(default=None)
    """What the company's file says, which counts in its place."""

    @property
    def reason(self) -> str:
        return self.answer.reason


def refused(reason: str | Unknown, answer: Answer | None = None) -> Answer:
    """No value, for a reason; what was found on the way stays."""
    told = reason.reason if isinstance(reason, Unknown) else reason
    if answer is None:
        return Answer(reason=told)
    return replace(answer, value=None, reason=told, low=None, high=None, successes=None, trials=None)

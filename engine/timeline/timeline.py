"""An evaluation for each of many days, of one company under one policy set. What was read and compiled once serves all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ..company import Company
from ..conclusion import Evaluation
from ..diagnostics import Diagnostic, FactError
from ..document import Node
from ..exports.tables import Tables
from ..extraction import extract
from ..facts import Origin
from ..policy import Band
from ..session import Session
from .changes import Change, changes
from .ends import Every, begin, ends

MOST = 520
"""Ten years of weeks."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Moment:
    """The answer on one day, and what changed since the moment before; None at the first. Score and bounds lie in -100 to 100.

    `computed` counts the facts from exports, `not_yet` names stated facts of a later day. `as_exported` on the days of which the
    exports also tell what they do not date, `after_exports` where they tell nothing of the whole month, quarter or week.
    """

    day: date
    evaluation: Evaluation
    changes: tuple[Change, ...] | None
    computed: int
    not_yet: tuple[str, ...]
    as_exported: bool
    after_exports: bool = False

    @property
    def score(self) -> float | None:
        """The score where there is a verdict; less than enough evidence has none."""
        return self.evaluation.score if self.evaluation.verdict.move is not None else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """How the answer moved. `undated` are stated facts without a day of their own, which hold on every day; `bands` those of the score."""

    company: str
    every: Every
    moments: tuple[Moment, ...]
    undated: tuple[str, ...]
    bands: tuple[Band, ...]
    required_coverage: float
    with_exports: bool
    last_known: date | None

    @property
    def told(self) -> tuple[Moment, ...]:
        """The moments of which the exports, where there are any, tell something: what comes after them shows nothing."""
        return tuple(one for one in self.moments if not one.after_exports)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days: how often, and between which days, where somebody says so."""

    every: Every = Every.MONTH
    first: date | None = None
    last: date | None = None


def timeline(
    session: Session, node: Node, tables: Tables | None, today: date, asked: Asked, told: Progress | None = None
) -> Timeline:
    """The moments from when the data can say anything to the last that is over; `tables` are None where no exports are named.

    Raises FactError where there is nothing with a date, no day to look at or too many, and what `Session.evaluate` raises.
    """
    present = _company(session, node, tables, None, today)[0]
    days = tuple(_days(present, tables, asked, node))
    moments = tuple(_moments(session, node, (tables, today), (days, _dated(present), asked.every), told))
    if asked.first is None:
        moments = _from_the_first_word(moments)
    undated = tuple(name for name, one in present.facts.items() if one.origin is Origin.STATED and one.as_of is None)
    policy = session.policy
    return Timeline(
        present.name,
        asked.every,
        moments,
        undated,
        policy.bands,
        policy.required_coverage.number,
        tables is not None,
        tables.covers if tables is not None else None,
    )


def _company(
    session: Session, node: Node, tables: Tables | None, day: date | None, today: date
) -> tuple[Company, int, bool]:
    """The company on a day, how many facts its exports gave, and whether they stand as exported."""
    if tables is None:
        return session.company(node, day, today), 0, False
    found = extract(tables, node, session.policy, day, today)
    known = found.sheet.ground.tables
    known.database.close()
    exported = tables.covers is None or found.company.as_of >= tables.covers
    return found.company, len(found.sheet.facts), exported


# --- which days ------------------------------------------------------------------------------------------------


def _days(present: Company, tables: Tables | None, asked: Asked, node: Node) -> Sequence[date]:
    begin = asked.first or _first(present, tables, node)
    last = asked.last or present.as_of
    days = tuple(ends(asked.every, begin, last))
    if not days:
        message = f"no {asked.every} ends between {begin} and {last}"
        raise FactError([Diagnostic("no-history", message, None, "choose other days with --from and --to")])
    if len(days) > MOST:
        message = f"{len(days):,} days to look at, from {begin} to {last}; the limit is {MOST}"
        hint = "choose a later day with --from, or --every quarter"
        raise FactError([Diagnostic("too-many-days", message, None, hint)])
    return days


def _first(present: Company, tables: Tables | None, node: Node) -> date:
    """The first day of which anything is known. Raises FactError where nothing has a date."""
    begins = tables.first() if tables is not None else None
    found = [begins] if begins is not None else [*_dated(present).values()]
    if not found:
        message = "nothing in the file has a date, so there is nothing to follow"
        hint = (
            "name exports under `sources:`, or say of facts on which day they were so: `{value: 42, as_of: 2026-03-31}`"
        )
        raise FactError([Diagnostic("no-history", message, node.span, hint)])
    return min(found)


def _from_the_first_word(moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """Without the moments at the beginning at which no indicator could be assessed; all of them where none ever could."""
    first = next((number for number, one in enumerate(moments) if one.evaluation.coverage > 0), None)
    return moments if first is None else moments[first:]


# --- the evaluations -------------------------------------------------------------------------------------------


def _dated(present: Company) -> dict[str, date]:
    """Stated facts with the day that they are of."""
    return {n: one.as_of for n, one in present.facts.items() if one.origin is Origin.STATED and one.as_of is not None}


def _moments(
    session: Session,
    node: Node,
    known: tuple[Tables | None, date],
    when: tuple[Sequence[date], dict[str, date], Every],
    told: Progress | None,
) -> Iterator[Moment]:
    (tables, today), (days, dated, every) = known, when
    before: Evaluation | None = None
    for number, day in enumerate(days):
        if told is not None:
            told(f"as of {day}", number / len(days))
        company, computed, exported = _company(session, node, tables, day, today)
        evaluation = session.evaluate(company)
        changed = changes(before, evaluation) if before is not None else None
        not_yet = tuple(name for name, of in dated.items() if of > day)
        after = tables is not None and tables.covers is not None and begin(every, day) > tables.covers
        yield Moment(day, evaluation, changed, computed, not_yet, exported, after)
        before = evaluation

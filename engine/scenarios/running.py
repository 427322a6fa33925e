"""Suites run: every row evaluated, judged, explained where it differs, and looked at for coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from ..coverage.measure import Coverage, measure
from ..coverage.seen import Observer
from ..dependencies import missing_inputs, rule_facts
from ..diagnostics import Diagnostic, PolicyError, ScenarioError
from ..explanation import Step, explainer_of
from ..policy import PolicySet
from ..run import Fired
from ..session import Engine, Session
from ..strata import strata
from .answers import TOLD, Answers, fired_answers, told_answers
from .judging import Difference, differences
from .model import Row, Suite

MOST_EXPLAINED = 3
"""Trees for one failing row: more would hide what differs."""


class State(StrEnum):
    """What became of a row."""

    PASSED = "passed"
    FAILED = "failed"
    TODO = "todo"
    """Fails, as it is known to."""
    DONE = "done"
    """Passes although it is said to be known to fail: the `todo:` is to be taken out."""

    @property
    def is_failure(self) -> bool:
        return self in (State.FAILED, State.DONE)


@dataclass(frozen=True, slots=True)
class Result:
    """One row that was run. `not_given` are facts that what is expected reads and the row does not give."""

    row: Row
    state: State
    differences: tuple[Difference, ...] = ()
    why: tuple[Step, ...] = ()
    not_given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """The rows of one file."""

    suite: Suite
    results: tuple[Result, ...]

    def count(self, state: State) -> int:
        """How many rows came to a state."""
        return sum(result.state is state for result in self.results)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one run of scenarios says. `left_out` rows were not chosen, `not_run` rows came after a failure."""

    suites: tuple[SuiteResult, ...]
    engine: str
    left_out: int = 0
    not_run: int = 0
    coverage: tuple[Coverage, ...] = ()

    @property
    def results(self) -> tuple[Result, ...]:
        return tuple(result for suite in self.suites for result in suite.results)

    def count(self, state: State) -> int:
        """How many rows came to a state."""
        return sum(suite.count(state) for suite in self.suites)

    @property
    def failures(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.state.is_failure)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows are run, and how. `words` are texts that the names of a row must contain, all of one of them."""

    words: tuple[str, ...] = ()
    fail_fast: bool = False
    engine: Engine = Engine.DURABLE
    coverage: bool = False

    def takes(self, suite: Suite, row: Row) -> bool:
        """Whether a row is chosen by its names."""
        names = f"{suite.file} {row.scenario} {row.title} {row.name}".casefold()
        return not self.words or any(all(word in names for word in w.casefold().split()) for w in self.words)


def run_suites(suites: Sequence[Suite], choice: Choice, today: date) -> Report:
    """Run the chosen rows in order.

    Raises ScenarioError where the parameters of a row make no policy set, EvaluationError where the engine fails.
    """
    chosen = [replace(suite, rows=tuple(row for row in suite.rows if choice.takes(suite, row))) for suite in suites]
    chosen = [suite for suite in chosen if suite.rows]
    left_out = sum(len(suite.rows) for suite in suites) - sum(len(suite.rows) for suite in chosen)
    done: list[SuiteResult] = []
    with _Sessions(choice.engine, today) as sessions:
        observers: dict[str, _Watched] = {}
        for suite in chosen:
            watched = observers.setdefault(suite.policy, _Watched(suite.base)) if choice.coverage else None
            results = tuple(_until_failure(_run(suite, sessions, watched), choice.fail_fast))
            done.append(SuiteResult(suite, results))
            if choice.fail_fast and any(result.state.is_failure for result in results):
                break
    not_run = sum(len(suite.rows) for suite in chosen) - sum(len(suite.results) for suite in done)
    coverage = tuple(measure(name, watched.policy, watched.keys) for name, watched in observers.items())
    return Report(tuple(done), choice.engine.value, left_out, not_run, coverage)


@dataclass(slots=True)
class _Watched:
    """The goals of one policy set that were reached so far."""

    policy: PolicySet
    keys: set[str] = field(default_factory=set)
    observer: Observer = field(init=False)

    def __post_init__(self) -> None:
        self.observer = Observer(self.policy)

    def watch(self, row: Row, found: Fired, plan: Sequence[str]) -> None:
        """Note what a row reaches."""
        paths = [one.path for one in row.expected]
        self.keys |= self.observer.seen(found, paths, plan, [name for name, _ in row.parameters])


def _until_failure(results: Iterator[Result], stops: bool) -> Iterator[Result]:
    for result in results:
        yield result
        if stops and result.state.is_failure:
            return


def _run(suite: Suite, sessions: _Sessions, watched: _Watched | None) -> Iterator[Result]:
    reads: dict[frozenset[str], tuple[str, ...]] = {}
    for row, session, found in _fired(suite, sessions):
        answers = _answers(row, session, found)
        if watched is not None:
            plan = answers.get("plan", ())
            watched.watch(row, found, tuple(map(str, plan)) if isinstance(plan, tuple) else ())
        yield _judged(row, answers, found, _not_given(row, found, reads))


def _fired(suite: Suite, sessions: _Sessions) -> Iterator[tuple[Row, Session, Fired]]:
    """What the rules conclude for each row; those that follow each other under one policy set in one go."""
    for _, some in groupby(suite.rows, key=attrgetter("parameters")):
        rows = list(some)
        session = sessions.get(suite, rows[0])
        for row, found in zip(rows, session.fire_each(row.company for row in rows), strict=True):
            yield row, session, found


def _answers(row: Row, session: Session, found: Fired) -> Answers:
    """The answers that a row expects something of; a whole evaluation only where one needs it."""
    answers = fired_answers(found)
    if any(one.path in TOLD for one in row.expected):
        answers |= told_answers(session.evaluated(row.company, found), session.opened.warnings)
    return answers


def _judged(row: Row, answers: Answers, found: Fired, not_given: tuple[str, ...]) -> Result:
    wrong = tuple(differences(row.expected, answers))
    if row.todo:
        return Result(row, State.TODO if wrong else State.DONE, wrong, (), not_given)
    if not wrong:
        return Result(row, State.PASSED, (), (), not_given)
    explain = explainer_of(found)
    items = list(dict.fromkeys(item for one in wrong for item in one.about))
    return Result(row, State.FAILED, wrong, tuple(map(explain.explain, items[:MOST_EXPLAINED])), not_given)


def _not_given(row: Row, found: Fired, reads: dict[frozenset[str], tuple[str, ...]]) -> tuple[str, ...]:
    """The input facts that the items named by the expectations read, and that have no value.

    `reads` remembers which facts some items read: the rows of a table name the same.
    """
    policy, names = found.policy, frozenset(one.about for one in row.expected)
    if names not in reads:
        conditions = [case.when for item in policy.evidence if item.name in names for case in item.cases]
        rules = strata(policy)
        conditions += [rule.when for rule in (*rules.early, *rules.late) if rule.name in names]
        reads[names] = rule_facts(conditions, policy)
    return missing_inputs(reads[names], policy, found.facts)


class _Sessions:
    """The sessions of the policy sets that rows need: each set's own, and the last one with other parameters."""

    def __init__(self, engine: Engine, today: date) -> None:
        self._engine = engine
        self._today = today
        self._plain: dict[str, Session] = {}
        self._other: tuple[tuple[object, ...], Session] | None = None
        self._stack = ExitStack()

    def __enter__(self) -> _Sessions:
        return self

    def __exit__(self, *_: object) -> None:
        if self._other is not None:
            self._other[1].close()
        self._stack.close()

    def get(self, suite: Suite, row: Row) -> Session:
        """The session for a row."""
        if not row.parameters:
            if suite.policy not in self._plain:
                opened = Session.open(suite.policy, self._today, self._engine)
                self._plain[suite.policy] = self._stack.enter_context(opened)
            return self._plain[suite.policy]
        key = (suite.policy, row.parameters)
        if self._other is None or self._other[0] != key:
            if self._other is not None:
                self._other[1].close()
                self._other = None
            self._other = (key, self._changed(suite, row))
        return self._other[1]

    def _changed(self, suite: Suite, row: Row) -> Session:
        tried = [f"{name}={value}" for name, value in row.parameters]
        try:
            return Session.open(suite.policy, self._today, self._engine, tried)
        except PolicyError as error:
            wrong = [d for d in error.diagnostics if d.is_error]
            raise ScenarioError(replace_place(d, row) for d in wrong) from None


def replace_place(diagnostic: Diagnostic, row: Row) -> Diagnostic:
    """A problem of a policy set with the parameters of a row, at that row."""
    return replace(diagnostic, span=row.span, message=f"with the parameters of this scenario: {diagnostic.message}")

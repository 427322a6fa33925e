"""Expectations brought up to date in place: what differs is written over where it stands, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import unified_diff

from ..diagnostics import Span, SteelyardError
from ..document import parse
from ..place import SHIPPED_PREFIX
from ..writing import replace_if_unchanged
from .discovery import Found
from .judging import Difference, meets, rewritten
from .model import Close, Suite
from .reading import Policies, suite_of
from .running import Report, Result, State, SuiteResult

BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Update:
    """What one file would hold. `by_hand` are differences that only a person can settle, with the reason."""

    suite: Suite
    text: str
    count: int
    by_hand: tuple[tuple[Difference, str], ...] = ()

    @property
    def diff(self) -> str:
        """The change as a unified diff; empty where there is none."""
        before = self.suite.before.decode("utf-8").splitlines(keepends=True)
        after = self.text.splitlines(keepends=True)
        return "".join(unified_diff(before, after, self.suite.file, self.suite.file))

    def write(self) -> None:
        """Put it into the file, if that still holds what was read. Raises LoadError."""
        replace_if_unchanged(self.suite.path, self.suite.before, self.text)


def updates(report: Report, today: date) -> tuple[Update, ...]:
    """An update for every file in which a row failed. Rows marked `todo:` stay as they are."""
    policies = Policies(today)
    return tuple(_update(result, policies) for result in report.suites if result.count(State.FAILED))


def _update(result: SuiteResult, policies: Policies) -> Update:
    suite = result.suite
    failed = [one for one in result.results if one.state is State.FAILED]
    wrong = [difference for row in failed for difference in row.differences]
    if suite.file.startswith(SHIPPED_PREFIX):
        reason = "the file ships with Steelyard; copy it to change it"
        return Update(suite, suite.before.decode("utf-8"), 0, tuple((one, reason) for one in wrong))
    edits, by_hand = _edits(result.results, wrong)
    text = _edited(suite.before.decode("utf-8"), edits)
    if not _holds(suite, text, failed, edits, policies):
        return Update(suite, suite.before.decode("utf-8"), 0, tuple((one, "edit it by hand") for one in wrong))
    return Update(suite, text, len(edits), tuple(by_hand))


@dataclass(slots=True)
class _Edits:
    """What replaces what, by place; a place that several rows share must get one text."""

    texts: dict[tuple[int, int], tuple[Span, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.texts)

    def __contains__(self, span: Span) -> bool:
        return (span.line, span.column) in self.texts

    def add(self, span: Span, text: str) -> None:
        self.texts[span.line, span.column] = (span, text)

    def backwards(self) -> Iterator[tuple[Span, str]]:
        """From the end of the file, so that the places before stay true."""
        return (self.texts[place] for place in sorted(self.texts, reverse=True))


def _edits(results: Iterable[Result], wrong: Iterable[Difference]) -> tuple[_Edits, list[tuple[Difference, str]]]:
    users = _users(results)
    edits, by_hand = _Edits(), list[tuple[Difference, str]]()
    for one in wrong:
        text = _replacement(one)
        others = users[one.span.line, one.span.column] - {text}
        if not text:
            by_hand.append((one, "only a person can say what it should be"))
        elif others:
            by_hand.append((one, "other rows expect the same, and answer differently"))
        else:
            edits.add(one.span, text)
    return edits, by_hand


def _users(results: Iterable[Result]) -> Mapping[tuple[int, int], set[str]]:
    """What each expectation of the file would become for each row that has it; empty where it is right as it stands."""
    found: dict[tuple[int, int], set[str]] = {}
    for result in results:
        differing = {one.path: one for one in result.differences}
        for expected in result.row.expected:
            place = (expected.span.line, expected.span.column)
            one = differing.get(expected.path)
            found.setdefault(place, set()).add(_replacement(one) if one is not None else "")
    return found


def _replacement(one: Difference) -> str:
    text = rewritten(one.answer, one.wanted)
    written = one.span.text[one.span.column - 1 :]
    if isinstance(one.wanted, Close) and (written.startswith("{") or one.span.end_line > one.span.line):
        tolerance = f"{100 * one.wanted.tolerance:.10g}%" if one.wanted.percent else f"{one.wanted.tolerance:.10g}"
        return f"{{value: {text}, tolerance: {tolerance}}}"
    return text


def _edited(text: str, edits: _Edits) -> str:
    mark = BOM if text.startswith(BOM) else ""
    body = text.removeprefix(BOM)
    starts = [0]
    for line in body.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for span, new in edits.backwards():
        first = starts[span.line - 1] + span.column - 1
        last = starts[span.end_line - 1] + span.end_column - 1
        body = body[:first] + new + body[last:]
    return mark + body


def _holds(suite: Suite, text: str, failed: Iterable[Result], edits: _Edits, policies: Policies) -> bool:
    """Whether the new text reads as the old one but for what was to be changed, and now expects what was answered."""
    found = Found(suite.path, suite.file, suite.policy)
    try:
        after = suite_of(parse(text, suite.file), found, b"", policies, suite.policy)
    except SteelyardError:
        return False
    now = {row.label: {one.path: one.wanted for one in row.expected} for row in after.rows}
    # rows that were not run are in the file all the same
    return all(
        meets(now[result.row.label][one.path], one.answer)
        for result in failed
        for one in result.differences
        if one.span in edits
    )

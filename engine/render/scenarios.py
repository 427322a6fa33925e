"""A run of scenarios for a terminal: what failed and why, what is known to fail, how many passed, and the coverage."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from ..scenarios.judging import Difference
from ..scenarios.running import Report, Result, State, SuiteResult
from .clean import clean
from .coverage import coverage_lines
from .explanation import render as render_explanation
from .style import Style
from .wording import counted

MARKS = {State.PASSED: "ok", State.FAILED: "FAILED", State.TODO: "todo", State.DONE: "FAILED"}
ANSWERS = {State.PASSED: "yes", State.FAILED: "no", State.TODO: "unknown", State.DONE: "no"}


def render(report: Report, verbose: bool, width: int = 100, colour: bool = False) -> str:
    """What failed in detail, then what is known to fail, then the counts. With `verbose` every row has a line."""
    style = Style(colour)
    lines: list[str] = []
    for suite in report.suites:
        lines += _suite(suite, verbose, width, style)
    for coverage in report.coverage:
        lines += ["", *coverage_lines(coverage, verbose, width, style)]
    lines += [""] if lines else []
    lines.append(style.answer(summary(report), "no" if report.failures else "yes"))
    return "\n".join(lines).lstrip("\n") + "\n"


def summary(report: Report) -> str:
    """The counts in one line."""
    said = [f"{report.count(State.PASSED)} passed"]
    failed = len(report.failures)
    said += [f"{failed} failed"] if failed else []
    todo = report.count(State.TODO)
    said += [f"{todo} known to fail"] if todo else []
    said += [f"{report.left_out} left out"] if report.left_out else []
    said += [f"{report.not_run} not run"] if report.not_run else []
    return f"{counted(len(report.results), 'row')} in {counted(len(report.suites), 'file')}: {', '.join(said)}"


def _suite(suite: SuiteResult, verbose: bool, width: int, style: Style) -> Iterator[str]:
    if verbose:
        yield ""
        yield style.bold(f"{clean(suite.suite.file)}: {counted(len(suite.results), 'row')}")
    for result in suite.results:
        if result.state is not State.PASSED:
            yield ""
            yield from _told(result, width, style)
        elif verbose:
            yield f"{style.answer(f'{MARKS[result.state]:>6}', 'yes')}  {clean(result.row.label)}"
            yield from _not_given(result, width, 8, style)


def _told(result: Result, width: int, style: Style) -> Iterator[str]:
    row = result.row
    place = f"{clean(row.span.file)}:{row.span.line}"
    yield f"{style.answer(MARKS[result.state], ANSWERS[result.state])} {place} {style.bold(clean(row.label))}"
    if row.title != row.scenario:
        yield from _wrapped(row.title, width, 2, style)
    if result.state is State.TODO:
        yield from _wrapped(f"known to fail: {row.todo}", width, 2, style)
    if result.state is State.DONE:
        yield from _wrapped(
            f"passes although it is said to be known to fail ({row.todo}): remove `todo:`", width, 2, style
        )
    yield from differing(result.differences)
    yield from _not_given(result, width, 2, style)
    for step in result.why:
        yield ""
        for line in render_explanation(step, width - 2, style.colour).splitlines():
            yield f"  {line}".rstrip()


def differing(differences: tuple[Difference, ...]) -> Iterator[str]:
    """Each answer that differs: what was expected, what was got, and where the expectation stands."""
    wide = max((len(one.path) for one in differences), default=0)
    for one in differences:
        path = f"  {one.path:<{wide}}"
        yield f"{path}  expected  {clean(one.expected)}  (line {one.span.line})"
        yield f"{'':{len(path)}}  got       {clean(one.got)}"


def _not_given(result: Result, width: int, indent: int, style: Style) -> Iterator[str]:
    if result.not_given:
        yield from _wrapped(f"read and not given: {', '.join(result.not_given)}", width, indent, style)


def _wrapped(text: str, width: int, indent: int, style: Style) -> Iterator[str]:
    for line in wrap(clean(text), width - indent, subsequent_indent="  "):
        yield f"{'':{indent}}{style.dim(line)}"

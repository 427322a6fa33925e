"""A run of scenarios for GitHub: workflow commands for the first failures, and a page for the summary of the job."""

from __future__ import annotations

from ..scenarios.running import Report, Result, State
from .clean import clean
from .junit import body
from .markup import escaped, heading, table
from .scenarios import summary

MOST = 10
"""GitHub shows ten annotations a step and drops the rest without a word."""


def render(report: Report) -> str:
    """A workflow command for each failing row, ten at most, the last of which says how many more there are; then the counts."""
    failures = report.failures
    shown = failures if len(failures) <= MOST else failures[: MOST - 1]
    lines = [_annotation(result) for result in shown]
    if len(shown) < len(failures):
        rest = failures[len(shown) :]
        more = f"and {len(rest)} more rows failed, the next is {rest[0].row.label}"
        lines.append(f"::error title=steelyard test::{_data(more)}")
    return "\n".join([*lines, _data(summary(report))]) + "\n"


def _annotation(result: Result) -> str:
    row = result.row
    first = result.differences[0].span if result.differences and result.state is State.FAILED else row.span
    place = f"file={_property(first.file)},line={first.line},col={first.column}"
    return f"::error {place},title={_property(row.label)}::{_data(_message(result))}"


def _message(result: Result) -> str:
    if result.state is State.DONE:
        return f"passes, and is marked as known to fail ({result.row.todo}): remove `todo:`"
    return "\n".join(f"{one.path}: expected {clean(one.expected)}, got {clean(one.got)}" for one in result.differences)


def _data(text: str) -> str:
    """The message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property of a workflow command."""
    return _data(clean(text)).replace(":", "%3A").replace(",", "%2C")


def summary_page(report: Report) -> str:
    """Everything that failed, and the coverage, as Markdown."""
    parts = [heading(2, "steelyard test"), escaped(summary(report)), _failures(report)]
    parts += [_why(result) for result in report.failures if result.why]
    for coverage in report.coverage:
        shares = (*coverage.kinds.items(), ("all", coverage.total))
        rows = [[str(name), str(share.reached), str(share.total), f"{share.percent} %"] for name, share in shares]
        parts.append(heading(3, f"Coverage of {clean(coverage.policy)}"))
        parts.append(table(["what", "tested", "of", "share"], rows, right=(1, 2, 3)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _failures(report: Report) -> str:
    rows = [
        [f"{clean(result.row.span.file)}:{result.row.span.line}", clean(result.row.label), *_differing(result)]
        for result in report.failures
    ]
    return table(["place", "row", "what differs"], rows, code=(0,))


def _differing(result: Result) -> list[str]:
    return ["; ".join(_message(result).split("\n"))]


def _why(result: Result) -> str:
    """The tree of one row, folded."""
    text = body(result)
    # longer than any run of backticks in the text
    fence = "`" * (3 + text.count("`"))
    title = clean(result.row.label).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<details><summary>{title}</summary>\n\n{fence}\n{text}\n{fence}\n\n</details>"

"""A run of scenarios for GitHub: annotations for the first failures, and a page for the summary of the job."""

from __future__ import annotations

from ..scenarios.running import Report, Result, State
from .clean import clean
from .github import Annotation, Level, annotated
from .junit import body
from .markup import escaped, heading, table
from .scenarios import summary


def render(report: Report) -> str:
    """An annotation for each failing row, as far as GitHub shows them; then the counts."""
    return annotated(map(_annotation, report.failures)) + f"{clean(summary(report))}\n"


def _annotation(result: Result) -> Annotation:
    row = result.row
    first = result.differences[0].span if result.differences and result.state is State.FAILED else row.span
    message, *lines = _message(result)
    return Annotation(Level.ERROR, message, first, row.label, tuple(lines))


def _message(result: Result) -> list[str]:
    if result.state is State.DONE:
        return [f"passes, and is marked as known to fail ({result.row.todo}): remove `todo:`"]
    return [f"{one.path}: expected {clean(one.expected)}, got {clean(one.got)}" for one in result.differences]


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
        [f"{clean(result.row.span.file)}:{result.row.span.line}", clean(result.row.label), "; ".join(_message(result))]
        for result in report.failures
    ]
    return table(["place", "row", "what differs"], rows, code=(0,))


def _why(result: Result) -> str:
    """The tree of one row, folded."""
    text = body(result)
    # longer than any run of backticks in the text
    fence = "`" * (3 + text.count("`"))
    title = clean(result.row.label).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<details><summary>{title}</summary>\n\n{fence}\n{text}\n{fence}\n\n</details>"

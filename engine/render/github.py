"""Annotations of GitHub: one line of output each, that GitHub shows at the file and line in a pull request.

::error file=clients/acme/policyset.yaml,line=8,col=7,title=nothing-to-override::there is no parameter `steady_lead`

GitHub shows ten of a kind for each step and drops the rest without a word, so at most ten are printed, errors first, and
the last says how many more there are. All of them belong in the summary of the job.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ..diagnostics import Diagnostic, Span
from ..place import SHIPPED_PREFIX
from .clean import clean
from .markup import heading, table

MOST = 10


class Level(StrEnum):
    """How much an annotation matters, the most first; the values are GitHub's own."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Annotation:
    """What GitHub shows at a place. `lines` follow the message, each on a line of its own."""

    level: Level
    message: str
    span: Span | None = None
    title: str = ""
    lines: tuple[str, ...] = ()


def annotation(found: Annotation) -> str:
    """One annotation as a line of output, without its end."""
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(found).items() if value)
    text = "\n".join(clean(line) for line in (found.message, *found.lines))
    return f"::{found.level} {properties}::{_data(text)}" if properties else f"::{found.level}::{_data(text)}"


def annotated(found: Iterable[Annotation], most: int = MOST) -> str:
    """At most `most` annotations, a line each, errors first; the last says how many are left out. Empty where there is none."""
    ranked = sorted(found, key=lambda one: list(Level).index(one.level))
    shown = [*ranked[:most]]
    more = len(ranked) - len(shown)
    if more:
        shown[-1] = replace(
            shown[-1], lines=(*shown[-1].lines, f"and {more} more: the summary of the job has them all")
        )
    return "".join(f"{annotation(one)}\n" for one in shown)


def of_diagnostic(diagnostic: Diagnostic) -> Annotation:
    """A problem as an annotation."""
    level = Level.ERROR if diagnostic.is_error else Level.WARNING
    hint = (f"hint: {diagnostic.hint}",) if diagnostic.hint else ()
    return Annotation(level, diagnostic.in_full, diagnostic.span, diagnostic.code, hint)


def diagnostics_summary(title: str, found: Sequence[Diagnostic]) -> str:
    """Every problem as a section of Markdown: a title, then a table, or a sentence where there is none."""
    ranked = sorted(found, key=lambda diagnostic: not diagnostic.is_error)
    rows = [
        (
            diagnostic.severity.value,
            clean(str(diagnostic.span)) if diagnostic.span is not None else "",
            clean(diagnostic.in_full),
            clean(diagnostic.hint),
            diagnostic.code,
        )
        for diagnostic in ranked
    ]
    body = table(("", "where", "what", "what to do", "code"), rows, code=(1, 4)) or "Nothing is wrong."
    return f"{heading(3, title)}\n\n{body}\n"


def _properties(found: Annotation) -> dict[str, str]:
    span = found.span
    properties = {"title": clean(found.title)}
    if span is None or not span.line or not span.file or span.file.startswith(SHIPPED_PREFIX):
        # an option, or a file that is not in the repository
        return properties
    place = {"file": span.file, "line": str(span.line), "col": str(span.column)}
    end = {"endLine": str(span.end_line)}
    if span.end_line == span.line and span.end_column > span.column:
        # GitHub takes columns only where both are on one line
        end["endColumn"] = str(span.end_column)
    return {**place, **end, **properties}


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

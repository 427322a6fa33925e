"""Annotations of a workflow of GitHub: lines that it shows beside the changed files.

GitHub shows ten of a kind for each step and drops the rest in silence, so there are ten at most in all, errors first, and the last
says how many are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ..diagnostics import Diagnostic, Span
from ..place import SHIPPED_PREFIX
from .clean import clean

MOST = 10


class Level(StrEnum):
    """How loud, the loudest first."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def rank(self) -> int:
        """The loudest has the lowest."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class Annotation:
    """One line: how loud, its title, what it says, and where."""

    level: Level
    title: str
    message: str
    span: Span | None = None


def render_annotations(found: Iterable[Annotation]) -> str:
    """The annotations as commands of a workflow, the loudest first, ten at most; empty where there is none."""
    ranked = sorted(found, key=lambda annotation: annotation.level.rank)
    shown = ranked if len(ranked) <= MOST else ranked[: MOST - 1]
    lines = [_line(annotation) for annotation in shown]
    if len(shown) < len(ranked):
        rest = len(ranked) - len(shown)
        lines.append(
            _line(Annotation(ranked[len(shown)].level, "and more", f"and {rest} more, which GitHub would not show"))
        )
    return "".join(f"{line}\n" for line in lines)


def _line(annotation: Annotation) -> str:
    span = annotation.span
    named: dict[str, object] = {}
    if span is not None and span.line and (path := _path(span.file)):
        named |= {"file": path, "line": span.line, "col": span.column}
    named["title"] = clean(annotation.title)
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in named.items())
    return f"::{annotation.level} {properties}::{_data(clean(annotation.message))}"


def _path(file: str) -> str:
    """A file as the repository knows it: without the revision at which it was read; empty for a shipped one."""
    head, colon, path = file.partition(":")
    return file if not colon else "" if f"{head}:" == SHIPPED_PREFIX else path


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def of_problem(problem: Diagnostic, level: Level) -> Annotation:
    """A problem of a file as an annotation."""
    hint = f"; {problem.hint}" if problem.hint else ""
    return Annotation(level, problem.code, f"{problem.in_full}{hint}", problem.span)

"""What is wrong, where, and what to do: the one form of every problem.

A problem is a value, a `Diagnostic`. An exception only carries problems over the end of a stage, one class a stage, so that
one run reports all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .nearest import nearest


class Severity(StrEnum):
    """How bad: an error stops, a warning is shown, a hint stands by itself."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file: lines and columns count from 1, columns in characters; `end_column` is one past the last.

    Line 0 stands for the whole of `file`, which is then the option that something was given by.

    `text` is the line itself, kept so that a report can quote it without reading the file again.
    """

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    text: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Listed:
    """One of several things of which the same is to be said: its name, what is said of it, and where it stands."""

    name: str
    message: str
    span: Span | None = None
    source: str = ""
    """Where it comes from, where no line says it: the exports."""

    def __str__(self) -> str:
        where = f"{self.span.file}:{self.span.line}" if self.span is not None else self.source
        return f"`{self.name}` {self.message}{f' ({where})' if where else ''}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. `code` is stable and has an entry in docs/diagnostics.md; `message` is one line, `hint` says what to do."""

    code: str
    message: str
    span: Span | None = None
    hint: str = ""
    severity: Severity = Severity.ERROR
    listed: tuple[Listed, ...] = ()
    """What a message about several things is about, in the order of files and lines; the place is that of the first."""

    @property
    def in_full(self) -> str:
        """The message with what it is about, in one line."""
        return f"{self.message}: {'; '.join(map(str, self.listed))}" if len(self.listed) > 1 else self.message

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


class SteelyardError(Exception):
    """Problems that end a stage. `exit_code` is what the command line answers with."""

    exit_code = 3

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = in_order(diagnostics)
        super().__init__("; ".join(d.message for d in self.diagnostics))


class LoadError(SteelyardError):
    """A file cannot be read as a document."""


class SchemaError(SteelyardError):
    """A document has the wrong shape."""


class PolicyError(SteelyardError):
    """A policy set does not mean anything, or not what it says."""


class FactError(SteelyardError):
    """The facts of a company cannot be used."""


class ScenarioError(SteelyardError):
    """Scenarios do not say what is given and what is expected, or name what there is not."""


class SourceError(SteelyardError):
    """The exports of a company cannot be used."""


class UnsupportedError(SteelyardError):
    """A backend cannot express a policy set, or is not there."""


class EvaluationError(SteelyardError):
    """The engine failed or answered what the definition does not: never a verdict."""

    exit_code = 70

    def __init__(self, diagnostics: Iterable[Diagnostic], report: Mapping[str, object] | None = None) -> None:
        super().__init__(diagnostics)
        self.report: Mapping[str, object] = report or {}
        """What to send in: plain data."""
        self.company = 0
        """Which of several companies it was, counted from 0."""


def warning(
    code: str, one: str, several: str, hints: tuple[str, str], listed: Iterable[Listed]
) -> tuple[Diagnostic, ...]:
    """One warning about all that is listed; none where nothing is.

    `{listed}` in `one` is the only thing and what is said of it, `{count}` in `several` how many there are. `hints` are for one and
    for several.
    """

    def place(entry: Listed) -> tuple[bool, str, int, str]:
        span = entry.span
        return (span is None, span.file if span else "", span.line if span else 0, entry.name)

    found = tuple(sorted(listed, key=place))
    if not found:
        return ()
    single = len(found) == 1
    message = one.format(listed=f"`{found[0].name}` {found[0].message}") if single else several.format(count=len(found))
    return (Diagnostic(code, message, found[0].span, hints[not single], Severity.WARNING, found),)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By file and place, each problem once."""

    def place(d: Diagnostic) -> tuple[str, int, int]:
        return (d.span.file, d.span.line, d.span.column) if d.span else ("", 0, 0)

    return tuple(sorted(dict.fromkeys(diagnostics), key=place))


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A hint that names the nearest of the known names; empty when none is near."""
    found = nearest(wrong, known)
    return f"did you mean `{found}`?" if found else ""

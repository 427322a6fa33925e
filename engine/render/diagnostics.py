"""Problems as text: where, what, the line with the place underlined, and what to do.

stagnant-conversion.yaml:31:17: error: fact `funnel.leads_per_mnth` is not in the catalogue [unknown-fact]
   31 |         - {fact: funnel.leads_per_mnth, at_least: $steady_leads}
      |                  ^^^^^^^^^^^^^^^^^^^^^
      hint: did you mean `funnel.leads_per_month`?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..diagnostics import Diagnostic, Listed, Span
from .cells import ELLIPSIS, width
from .clean import clean, visible
from .jsontext import Plain, json_text
from .plain import listed

LONGEST_LINE = 100
NEAR = 4 * LONGEST_LINE
"""Characters on each side of a place that are looked at: a line may be as long as a file."""
TAB = 4
NUMBER = 5
"""Columns of the line number."""


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Every problem in the order given; empty where there is none. The last line has no line end."""
    return "\n".join(line for diagnostic in diagnostics for line in _lines(diagnostic))


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Every problem in the order given, for programs. A place is null where a problem has none, its line 0 for an option."""
    return json_text({"schema_version": 1, "problems": [_plain(diagnostic) for diagnostic in diagnostics]})


def _plain(diagnostic: Diagnostic) -> Plain:
    return {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "place": _plain_place(diagnostic.span),
        "listed": listed(diagnostic.listed),
    }


def _plain_place(span: Span | None) -> Plain:
    if span is None:
        return None
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _lines(diagnostic: Diagnostic) -> Iterator[str]:
    place = f"{clean(str(diagnostic.span))}: " if diagnostic.span is not None else ""
    yield f"{place}{diagnostic.severity}: {clean(diagnostic.message)} [{diagnostic.code}]"
    if len(diagnostic.listed) > 1:
        yield from _list(diagnostic.listed)
    elif diagnostic.span is not None and diagnostic.span.text.strip():
        yield from _quotation(diagnostic.span)
    if diagnostic.hint:
        yield f"{'':{NUMBER + 1}}hint: {clean(diagnostic.hint)}"


def _list(listed: Sequence[Listed]) -> Iterator[str]:
    """What a message is about, a line each: what is said of it, and where it stands."""
    yield from (f"{'':{NUMBER + 1}}{clean(str(one))}" for one in listed)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A line as shown, and the columns [start, end) of the place in it."""

    text: str
    start: int
    end: int


def _quotation(span: Span) -> Iterator[str]:
    margin = max(NUMBER, len(str(span.line)))
    shown = _trimmed(_shown(_near(span)), LONGEST_LINE - margin - 3)
    yield f"{span.line:>{margin}} | {shown.text}".rstrip()
    yield f"{'':{margin}} | {' ' * shown.start}{'^' * (shown.end - shown.start)}"


def _near(span: Span) -> Span:
    """The place with only that part of its line which can be shown."""
    first = max(0, span.column - 1 - NEAR)
    text = span.text[first : span.column + NEAR]
    return replace(span, column=span.column - first, end_column=span.end_column - first, text=text)


def _shown(span: Span) -> _Shown:
    """The line with tabs as blanks and hidden characters by their numbers; a place ends with its first line."""
    line = span.text.rstrip("\r\n")
    end_column = span.end_column if span.end_line == span.line else len(line.rstrip()) + 1
    parts, starts, used = [], [], 0
    for character in line:
        part = " " * (TAB - used % TAB) if character == "\t" else visible(character)
        parts.append(part)
        starts.append(used)
        used += width(part)
    starts.append(used)
    last = len(line)
    start = starts[min(max(span.column - 1, 0), last)]
    return _Shown("".join(parts), start, max(start + 1, starts[min(max(end_column - 1, 0), last)]))


def _trimmed(shown: _Shown, room: int) -> _Shown:
    """A line that is too long, cut to what stands around the place; dots say where."""
    if width(shown.text) <= room:
        return shown
    inside = room - 2 * len(ELLIPSIS)
    wanted = min(shown.end - shown.start, inside)
    first = max(0, min(shown.start - (inside - wanted) // 2, width(shown.text) - inside))
    text = _columns(shown.text, first, first + inside)
    head = ELLIPSIS if first > 0 else ""
    tail = ELLIPSIS if first + inside < width(shown.text) else ""
    start = shown.start - first + len(head)
    return _Shown(f"{head}{text}{tail}", start, start + wanted)


def _columns(text: str, first: int, end: int) -> str:
    """The part of a text in columns [first, end); half of a wide character is a blank."""
    parts, used = [], 0
    for character in text:
        size = width(character)
        if used >= first and used + size <= end:
            parts.append(character)
        elif used < end and used + size > first:
            parts.append(" " * (min(used + size, end) - max(used, first)))
        used += size
    return "".join(parts)

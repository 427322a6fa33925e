"""Bad files that say themselves what is wrong with them, in a comment on the line that must fail.

    - {fact: a.b, at_lest: 3}  #~ at_lest :: unknown-key :: unknown key `at_lest` :: did you mean `at_least`?

The parts are the text that is marked, the code, the whole message and the whole hint. A line may have several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from engine.diagnostics import Diagnostic

_MARK = "#~ "
_BEFORE_COMMENT = re.compile(r"\s*#~ .*")


class Expectation(NamedTuple):
    line: int
    marked: str
    code: str
    message: str
    hint: str


def expected(path: Path) -> list[Expectation]:
    """What a file says of itself."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        Expectation(number, *(part.strip() for part in comment.split("::")))
        for number, line in enumerate(lines, start=1)
        for comment in line.split(_MARK)[1:]
    ]


def found(diagnostics: Iterable[Diagnostic]) -> list[Expectation]:
    """What was found, in the same form."""
    return [Expectation(_line(d), _marked(d), d.code, d.message, d.hint) for d in diagnostics]


def _line(diagnostic: Diagnostic) -> int:
    return diagnostic.span.line if diagnostic.span else 0


def _marked(diagnostic: Diagnostic) -> str:
    """The text under the mark; of a span over several lines, what stands on the first."""
    span = diagnostic.span
    if span is None:
        return ""
    end = span.end_column - 1 if span.end_line == span.line else len(span.text)
    return _BEFORE_COMMENT.sub("", span.text[span.column - 1 : end]).strip()

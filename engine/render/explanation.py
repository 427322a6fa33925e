"""An explanation as an indented tree, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import wrap

from ..explanation import Step
from .clean import clean
from .style import Style

MARKS = {"yes": "yes", "no": "no", "unknown": "not known", "too close to call": "too close"}


def render(step: Step, width: int = 100, colour: bool = False) -> str:
    """The tree: each node its text and answer, its place, then details and steps further in. At most `width` columns."""
    return "\n".join(_lines(step, 0, width, Style(colour))) + "\n"


def _lines(step: Step, depth: int, width: int, style: Style) -> Iterator[str]:
    indent = "  " * depth
    answer = f"{MARKS[step.answer]}: " if step.answer else ""
    first, *more = wrap(f"{answer}{clean(step.text)}", width - len(indent), subsequent_indent="    ") or [""]
    yield indent + style.answer(first, step.answer)
    yield from (indent + line for line in more)
    place = f"at {step.span.file}:{step.span.line}" if step.span else ""
    for detail in (*step.details, place):
        yield from (
            f"{indent}    {style.dim(line)}"
            for line in wrap(clean(detail), width - len(indent) - 4, subsequent_indent="  ")
        )
    for part in step.steps:
        yield from _lines(part, depth + 1, width, style)


def to_plain(step: Step) -> dict[str, object]:
    """The tree as plain data."""
    span = step.span
    return {
        "text": step.text,
        "answer": step.answer,
        "details": list(step.details),
        "place": {"file": span.file, "line": span.line, "column": span.column} if span else None,
        "steps": [to_plain(part) for part in step.steps],
    }


def render_json(step: Step) -> str:
    """The tree as JSON."""
    return json.dumps({"schema_version": 1, "explanation": to_plain(step)}, indent=2, ensure_ascii=False) + "\n"

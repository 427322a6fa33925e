"""What a change does to a file, as a unified difference."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from .clean import is_hidden, visible
from .style import Style

CONTEXT = 3


def render(name: str, before: str, after: str, colour: bool = False) -> str:
    """The difference between two texts of a file; empty where there is none. What cannot be seen is shown by its number."""
    style = Style(colour)
    lines = unified_diff(_lines(before), _lines(after), name, name, n=CONTEXT, lineterm="")
    return "".join(f"{_painted(line, number, style)}\n" for number, line in enumerate(_split(lines)))


def _lines(text: str) -> list[str]:
    """The lines of a text, the last marked where it has no line end."""
    lines = text.split("\n")
    return lines[:-1] if not lines[-1] else [*lines[:-1], f"{lines[-1]}\n\\ No newline at end of file"]


def _split(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield from line.split("\n")


def _painted(line: str, number: int, style: Style) -> str:
    shown = "".join(visible(c) if is_hidden(c) and c != "\t" else c for c in line)
    return style.bold(shown) if number < 2 else style.change(shown)

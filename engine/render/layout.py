"""Lines of words: wrapped with hanging indents, each word with a style that only a terminal shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from .cells import pieces, width

MARGIN = 2
LABEL = 16
"""Where the text of a section begins."""

# A number and its unit stay on one line.
_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=(?:%|pp|points?|months?|days|hours|of \d)(?!\w))")
_NO_BREAK = "\u00a0"


class Style(StrEnum):
    """What a word is, for a terminal with colours."""

    PLAIN = ""
    TITLE = "title"
    VERDICT = "verdict"
    LABEL = "label"
    PLUS = "plus"
    MINUS = "minus"
    OPEN = "open"
    HOLD = "hold"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style."""

    text: str
    style: Style = Style.PLAIN


Line: TypeAlias = tuple[Run, ...]


def line_width(line: Line) -> int:
    """Columns of a line."""
    return sum(width(run.text) for run in line)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a section: `lead` is a short text on its left, such as a number, and `text` what wraps beside it."""

    text: tuple[Run, ...]
    lead: tuple[Run, ...] = field(default=())


def say(text: str, style: Style = Style.PLAIN, lead: str = "", lead_style: Style = Style.PLAIN) -> Item:
    """An entry in one style."""
    return Item((Run(text, style),), (Run(lead, lead_style),) if lead else ())


def _words(runs: Iterable[Run], columns: int) -> Iterator[Line]:
    """The words of a text; a word may have several styles, and one that is too long is cut."""
    word: list[Run] = []
    for run in runs:
        for n, part in enumerate(_NUMBER_AND_UNIT.sub(_NO_BREAK, run.text).split(" ")):
            if n and word:
                yield tuple(word)
                word = []
            for piece in pieces(part, columns):
                if word and line_width((*word, Run(piece))) > columns:
                    yield tuple(word)
                    word = []
                word.append(Run(piece.replace(_NO_BREAK, " "), run.style))
    if word:
        yield tuple(word)


def wrapped(runs: Iterable[Run], columns: int) -> Iterator[Line]:
    """A text in lines of at most so many columns."""
    line: list[Run] = []
    used = 0
    for word in _words(runs, columns):
        size = line_width(word)
        if line and used + 1 + size > columns:
            yield _joined(line)
            line, used = [], 0
        if line:
            same = line[-1].style == word[0].style
            line.append(Run(" ", word[0].style if same else Style.PLAIN))
            used += 1
        line += word
        used += size
    if line:
        yield _joined(line)


def _joined(runs: Iterable[Run]) -> Line:
    """Neighbours of one style as one."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].style == run.style:
            joined[-1] = Run(joined[-1].text + run.text, run.style)
        else:
            joined.append(run)
    return tuple(joined)


def item_lines(item: Item, columns: int, indent: int = 0, first: Sequence[Run] = ()) -> Iterator[Line]:
    """An entry with its hanging indent. `first` stands in the indent of its first line."""
    margin = Run(" " * (indent + line_width(item.lead)))
    start = (*(first or (Run(" " * indent),)), *item.lead)
    lines = list(wrapped(item.text, columns - width(margin.text))) or [()]
    for n, line in enumerate(lines):
        yield (*(start if n == 0 else (margin,)), *line)


def paragraph(runs: Iterable[Run], columns: int) -> Iterator[Line]:
    """A text from the left edge."""
    return item_lines(Item(tuple(runs)), columns)


def section(label: str, items: Iterable[Item], columns: int) -> Iterator[Line]:
    """A label in the margin and its entries beside it; nothing where there are none."""
    margin = (Run(" " * MARGIN), Run(label, Style.LABEL), Run(" " * max(1, LABEL - MARGIN - width(label))))
    for n, item in enumerate(items):
        yield from item_lines(item, columns, LABEL, margin if n == 0 else ())

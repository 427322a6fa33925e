"""An evaluation for a terminal: plain text when piped, the same text in colour where it is wanted."""

from __future__ import annotations

from collections.abc import Iterable

from ..conclusion import Evaluation
from ..policy import PolicySet
from .clean import cleaned
from .digest import is_single
from .layout import Line, Style
from .names import Names
from .page import page
from .rounding import points
from .single import single_page
from .style import painted

COLOURS = {
    Style.PLAIN: "",
    Style.TITLE: "1",
    Style.VERDICT: "1;4",
    Style.LABEL: "1;36",
    Style.PLUS: "32",
    Style.MINUS: "35",
    Style.OPEN: "33",
    Style.HOLD: "31",
    Style.ASIDE: "2",
}
"""Codes of a terminal: bold, underlined, and the colours that every terminal has."""


def render(evaluation: Evaluation, policy: PolicySet, *, width: int = 100, colour: bool = False) -> str:
    """The answer in lines of at most `width` columns. `policy`, under which it was made, gives titles and units.

    The text is the same with and without colour.
    """
    safe = cleaned(evaluation)
    names = Names.of(policy)
    lines = (
        single_page(safe, names, width) if is_single(safe) else page(safe, names, points(safe, names.thresholds), width)
    )
    return lines_as_text(lines, colour)


def lines_as_text(lines: Iterable[Line], colour: bool) -> str:
    """Lines as they are printed; the same with and without colour, but for the sequences of a terminal."""
    return "".join(f"{(_coloured if colour else _plain)(line)}\n" for line in lines)


def _plain(line: Line) -> str:
    return "".join(run.text for run in line).rstrip()


def _coloured(line: Line) -> str:
    """A line with the sequences of a terminal, which stand around words and never around the blanks at its end."""
    left = len(_plain(line))
    shown = []
    for run in line:
        text = run.text[:left]
        left -= len(text)
        shown.append(painted(text, COLOURS[run.style]))
    return "".join(shown)

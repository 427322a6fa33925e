"""An evaluation for a terminal: plain text when piped, the same text in colour where it is wanted."""

from __future__ import annotations

from collections.abc import Iterable

from rich.color import ColorSystem
from rich.style import Style as RichStyle

from ..conclusion import Evaluation
from ..policy import PolicySet
from .clean import cleaned
from .digest import is_single
from .layout import Line, Style
from .names import Names
from .page import page
from .rounding import points
from .single import single_page

COLOURS = {
    Style.PLAIN: RichStyle.null(),
    Style.TITLE: RichStyle(bold=True),
    Style.VERDICT: RichStyle(bold=True, underline=True),
    Style.LABEL: RichStyle(color="cyan", bold=True),
    Style.PLUS: RichStyle(color="green"),
    Style.MINUS: RichStyle(color="magenta"),
    Style.OPEN: RichStyle(color="yellow"),
    Style.HOLD: RichStyle(color="red"),
    Style.ASIDE: RichStyle(dim=True),
}


def render(evaluation: Evaluation, policy: PolicySet, *, width: int = 100, colour: bool = False) -> str:
    """The answer in lines of at most `width` columns. `policy`, under which it was made, gives titles and units.

    The text is the same with and without colour.
    """
    safe = cleaned(evaluation)
    names = Names.of(policy)
    lines = (
        single_page(safe, names, width) if is_single(safe) else page(safe, names, points(safe, names.thresholds), width)
    )
    return printed(lines, colour)


def printed(lines: Iterable[Line], colour: bool) -> str:
    """Lines as they are printed, each with its end."""
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
        shown.append(COLOURS[run.style].render(text, color_system=ColorSystem.STANDARD) if text else "")
    return "".join(shown)

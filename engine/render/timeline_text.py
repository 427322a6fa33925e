"""How the answer moved, for a terminal: a plot of the score with its bounds, and a line for every day with what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..policy import PolicySet
from ..timeline.ends import Every
from ..timeline.timeline import Moment, Timeline
from .cells import padded, width
from .clean import clean
from .layout import Item, Line, Run, Style, item_lines, paragraph
from .names import Names
from .plot import FAINT, Bar, plot, room
from .text import printed
from .timeline_words import MOST, TITLES, cells, changed, ground, scale, summary, title

MARGIN = 2
GAP = "  "
RIGHT = (1, 3)


def render(found: Timeline, policy: PolicySet, *, width: int = 100, colour: bool = False) -> str:
    """The page in lines of at most `width` columns; the same with and without colour."""
    return printed(_page(found, policy, width), colour)


def _page(found: Timeline, policy: PolicySet, columns: int) -> Iterator[Line]:
    yield from paragraph([Run(title(found), Style.TITLE)], columns)
    for said in ground(found, policy):
        yield from paragraph([Run(said, Style.ASIDE)], columns)
    yield ()
    yield from paragraph([Run(summary(found), Style.TITLE)], columns)
    yield ()
    yield from _plot(found, columns)
    yield ()
    yield from paragraph([Run(scale(found), Style.ASIDE)], columns)
    yield from _table(found.moments, Names.of(policy), columns)


def chart(found: Timeline, columns: int) -> str:
    """The plot alone, as plain text."""
    return printed(_plot(found, columns), colour=False)


def _plot(found: Timeline, columns: int) -> Iterator[Line]:
    shown = found.moments[-room(columns) :]
    left_out = len(found.moments) - len(shown)
    told = "o score, | between what it lies whatever the open answers are, : the same while there is no verdict"
    if any(one.after_exports for one in shown):
        told += f", {FAINT} the same after the exports end"
    yield from paragraph([Run(told, Style.LABEL)], columns)
    if left_out:
        yield from paragraph(
            [Run(f"the last {len(shown)}; the {left_out} before them are in the table", Style.ASIDE)], columns
        )
    yield from plot([_bar(one, found.every) for one in shown], _levels(found), columns)


def _bar(moment: Moment, every: Every) -> Bar:
    label = str(moment.day) if every is Every.WEEK else str(moment.day)[:7]
    return Bar(label, moment.evaluation.score_low, moment.evaluation.score_high, moment.score, moment.after_exports)


def _levels(found: Timeline) -> dict[float, str]:
    """Where a band of the score begins, and its name."""
    return {
        band.below.number: f"{clean(above.title).lower()} from {band.below.number:g}"
        for band, above in zip(found.bands, found.bands[1:], strict=False)
        if band.below is not None
    }


def _table(moments: Sequence[Moment], names: Names, columns: int) -> Iterator[Line]:
    rows = [cells(moment, names) for moment in moments]
    widths = [max(width(row[n]) for row in (TITLES, *rows)) for n in range(len(TITLES))]
    yield _line(TITLES, widths, Style.LABEL, Style.LABEL)
    for moment, row in zip(moments, rows, strict=True):
        yield _line(row, widths, Style.PLAIN, Style.PLUS if moment.score is not None else Style.OPEN)
        said = changed(moment, MOST)
        if said:
            yield from item_lines(Item((Run(said, Style.ASIDE),)), columns, MARGIN + 12)


def _line(row: Sequence[str], widths: Sequence[int], style: Style, last: Style) -> Line:
    texts = [padded(text, wide, n in RIGHT) for n, (text, wide) in enumerate(zip(row, widths, strict=True))]
    return (Run(" " * MARGIN), Run(GAP.join(texts[:-1]) + GAP, style), Run(texts[-1], last))

"""The table of the indicators: what each says, how strongly, on how much evidence, and what it adds to the score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..conclusion import Evaluation, IndicatorResult
from .cells import padded, shortened, width
from .digest import ranked
from .indicator_words import numbered, remarks, speaks_for
from .layout import MARGIN, Item, Line, Run, Style, item_lines, wrapped
from .names import Names
from .rounding import Points
from .wording import percent, signed

BAR = 10
LONGEST_NAME = 28
GAP = "  "


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the cells, and the remark on the right of them."""

    cells: tuple[str, ...]
    style: Style
    remark: str


# The title of each column, and whether its numbers stand on the right.
COLUMNS = (
    ("indicator", False),
    ("speaks for", False),
    ("strength", False),
    ("known", True),
    ("weight", True),
    ("points", True),
)
SPEAKS, STRENGTH, WEIGHT, POINTS = 1, 2, 4, 5


def bar(result: IndicatorResult) -> str:
    """The strength of an assessed indicator as a bar, whichever way it points; never longer than it is."""
    if not result.assessed or result.strength is None:
        return ""
    filled = int(round(abs(result.strength) * BAR, 6))
    return "#" * filled + "-" * (BAR - filled)


def _style(result: IndicatorResult, evaluation: Evaluation) -> Style:
    supports = {f"supports-{evaluation.plus}": Style.PLUS, f"supports-{evaluation.minus}": Style.MINUS}
    return supports.get(result.state, Style.ASIDE if not result.assessed else Style.PLAIN)


def _row(result: IndicatorResult, evaluation: Evaluation, names: Names, points: Points | None) -> Row:
    total = sum(r.weight for r in evaluation.indicators if r.in_score)
    has_points = points is not None and result.name in points.indicators
    cells = (
        shortened(numbered(result), LONGEST_NAME),
        speaks_for(result),
        bar(result),
        percent(result.coverage, names.assessed_at),
        percent(result.weight / total) if total and result.in_score else "-",
        signed(points.indicators[result.name], points.decimals) if points is not None and has_points else "-",
    )
    return Row(cells, _style(result, evaluation), remarks(result, names))


def indicator_table(evaluation: Evaluation, names: Names, points: Points | None, columns: int) -> Iterator[Line]:
    """The table. Without points it says what the indicators show, and adds nothing up."""
    rows = [_row(result, evaluation, names, points) for result in ranked(evaluation)]
    titles = tuple(title for title, _ in COLUMNS)
    widths = [max(width(cells[n]) for cells in (titles, *(row.cells for row in rows))) for n in range(len(COLUMNS))]
    shown = _fitting(widths, points is not None, columns)
    yield _line(titles, widths, shown, Style.LABEL)
    for row in rows:
        yield from _with_remark(_line(row.cells, widths, shown, Style.PLAIN, row.style), row.remark, columns)
    if points is not None:
        before = MARGIN + sum(widths[n] for n in shown[:-1]) + len(GAP) * (len(shown) - 2)
        score = padded(signed(points.score, points.decimals), widths[-1], right=True)
        yield (Run(padded("score", before, right=True), Style.LABEL), Run(GAP), Run(score, Style.TITLE))


def _fitting(widths: Sequence[int], with_points: bool, columns: int) -> list[int]:
    """The columns that are shown: those that say least are left out where there is little room."""
    shown = list(range(len(COLUMNS) if with_points else POINTS))
    for least in (STRENGTH, WEIGHT):
        if MARGIN + sum(widths[n] for n in shown) + len(GAP) * (len(shown) - 1) > columns:
            shown.remove(least)
    return shown


def _line(
    cells: Sequence[str], widths: Sequence[int], shown: Sequence[int], style: Style, says: Style | None = None
) -> Line:
    """One line of cells; what an indicator says and its bar may have a style of their own."""
    runs = [Run(" " * MARGIN)]
    for n in shown:
        of_cell = says if says is not None and n in (SPEAKS, STRENGTH) else style
        runs += [Run(padded(cells[n], widths[n], COLUMNS[n][1]), of_cell), Run(GAP)]
    return tuple(runs[:-1])


def _with_remark(line: Line, remark: str, columns: int) -> Iterator[Line]:
    """A line with its remark on the right, or below where there is no room."""
    if not remark:
        yield line
        return
    used = sum(width(run.text) for run in line) + 3
    beside = (Run(remark, Style.ASIDE),)
    if len(list(wrapped(beside, max(1, columns - used)))) == 1:
        yield (*line, Run("   "), *beside)
    else:
        yield line
        yield from item_lines(Item(beside), columns, MARGIN + 2)

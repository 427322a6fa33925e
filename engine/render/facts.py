"""The facts of a company from its exports, for a terminal: values, what could not be computed and why, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from ..computed.findings import Findings
from ..extraction import Extraction
from ..policy import PolicySet
from .cells import padded
from .clean import clean
from .fact_rows import FactRow, absent, file_lines, finding_sentences, quality_sentences, topics
from .layout import Item, Line, Run, Style, item_lines, paragraph, wrapped
from .text import printed
from .wording import capital

TITLE, PERIOD, COUNTED, FILES = 30, 18, 14, 5
GAP = 2
MARGIN = 2


def render(
    extraction: Extraction, policy: PolicySet, beside: Findings, *, width: int = 100, colour: bool = False
) -> str:
    """The sheet in lines of at most `width` columns; the same with and without colour."""
    return printed(_page(extraction, policy, beside, width), colour)


def _page(extraction: Extraction, policy: PolicySet, beside: Findings, columns: int) -> Iterator[Line]:
    sheet = extraction.sheet
    yield from paragraph(
        [Run(f"{clean(extraction.company.name)}: facts from its exports, as of {sheet.as_of}", Style.TITLE)], columns
    )
    yield from paragraph([Run(sheet.window.told, Style.ASIDE)], columns)
    for said in file_lines(sheet):
        yield from item_lines(Item((Run(clean(said), Style.ASIDE),)), columns)
    found = topics(extraction, policy)
    for topic, rows in found.items():
        yield ()
        yield (Run(capital(topic), Style.LABEL),)
        for row in rows:
            yield from _row(row, columns)
    yield from _section("Not computed, and why", _absences(extraction, policy), columns)
    findings = finding_sentences(sheet, policy.catalogue, beside)
    yield from _section("Findings", [_bullet(said) for said in findings], columns)
    yield from _section("Quality of the data", [_bullet(said) for said in quality_sentences(sheet)], columns)


def _row(row: FactRow, columns: int) -> Iterator[Line]:
    room = columns - MARGIN - TITLE - PERIOD - COUNTED - FILES - 4 * GAP
    widths = (TITLE, room, PERIOD, COUNTED, FILES)
    files = f"[{','.join(map(str, row.files))}]" if row.files else ""
    cells = (row.title, row.value, row.period, row.counted, files)
    yield from _cells(cells, widths)
    for said in row.beside:
        yield from item_lines(Item((Run(clean(said), Style.ASIDE),)), columns, MARGIN + 2)


def _cells(cells: Sequence[str], widths: Sequence[int]) -> Iterator[Line]:
    """A line of cells; a cell that is too long goes on below itself."""
    wrapped_cells = [
        ["".join(run.text for run in line) for line in wrapped([Run(clean(cell))], wide)]
        for cell, wide in zip(cells, widths, strict=True)
    ]
    for parts in zip_longest(*wrapped_cells, fillvalue=""):
        texts = [padded(part, wide) for part, wide in zip(parts, widths, strict=True)]
        yield (Run(" " * MARGIN), Run((" " * GAP).join(texts).rstrip()))


def _section(title: str, items: Sequence[Item], columns: int) -> Iterator[Line]:
    if items:
        yield ()
        yield (Run(title, Style.LABEL),)
        for item in items:
            yield from item_lines(item, columns, MARGIN)


def _absences(extraction: Extraction, policy: PolicySet) -> list[Item]:
    return [
        Item((Run(f"{clean(one.reason)}: ", Style.PLAIN), Run(clean("; ".join(one.titles)), Style.ASIDE)), (Run("- "),))
        for one in absent(extraction.sheet, policy.catalogue)
    ]


def _bullet(sentence: str) -> Item:
    return Item((Run(clean(sentence)),), (Run("- "),))

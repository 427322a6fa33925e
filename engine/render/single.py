"""The page of one indicator evaluated alone: how strongly it speaks and on what; no verdict."""

from __future__ import annotations

from collections.abc import Iterator

from ..conclusion import Evaluation, IndicatorResult
from .cells import padded, width
from .digest import assumption_sentences, proxy_sentences
from .indicator_words import alone_sentences, alone_words, evidence_words, grade_words, label, limit_words
from .layout import Item, Line, Run, Style, item_lines, paragraph, section
from .names import Names
from .page import BLANK, after_blank, asking, head, sentences
from .wording import percent, signed

MARGIN = 2


def single_page(evaluation: Evaluation, names: Names, columns: int) -> Iterator[Line]:
    """Every line about the indicators that were evaluated, without a verdict over them."""
    yield from head(evaluation, columns)
    for result in evaluation.indicators:
        yield from _indicator(result, names, columns)
    yield from after_blank(_standing(evaluation, names, columns))
    yield from asking(evaluation, columns)


def _standing(evaluation: Evaluation, names: Names, columns: int) -> Iterator[Line]:
    """What binds the strength, and what was taken for granted."""
    limits = sentences(limit_words(result, evaluation) for result in evaluation.indicators)
    yield from section("Limited", limits, columns)
    yield from section("Assumed", sentences(assumption_sentences(evaluation, names)), columns)
    yield from section("Stand-ins", sentences(proxy_sentences(evaluation, names)), columns)


def _indicator(result: IndicatorResult, names: Names, columns: int) -> Iterator[Line]:
    yield from paragraph([Run(alone_words(result), Style.VERDICT)], columns)
    for sentence in alone_sentences(result, names):
        yield from paragraph([Run(sentence)], columns)
    yield BLANK
    yield from _table(result, names, columns)


def _table(result: IndicatorResult, names: Names, columns: int) -> Iterator[Line]:
    total = sum(item.weight for item in result.evidence)
    rows = [
        (
            label(item) if item.code else "",
            item.title,
            percent(item.weight / total) if total else "-",
            signed(item.outcome.value, 1).removesuffix(".0") if item.outcome is not None else "open",
        )
        for item in result.evidence
    ]
    titles = ("", "test", "weight", "says")
    widths = [max(width(row[n]) for row in (titles, *rows)) for n in range(len(titles))]

    def cells(row: tuple[str, ...]) -> str:
        return "  ".join(padded(cell, widths[n], right=n > 1) for n, cell in enumerate(row)) + "  "

    yield (Run(" " * MARGIN), Run(cells(titles), Style.LABEL))
    for row, item in zip(rows, result.evidence, strict=True):
        style = Style.ASIDE if item.outcome is None else Style.PLAIN
        words = Run(evidence_words(item, names), style)
        grade = f" ({grade_words(item.grade)})" if item.grade and item.outcome is not None else ""
        entry = Item((words, Run(grade, Style.ASIDE)), (Run(cells(row), style),))
        yield from item_lines(entry, columns, MARGIN)

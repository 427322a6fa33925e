"""The page of one indicator evaluated alone: how strongly it speaks and on what; no verdict."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor

from ..conclusion import Evaluation, IndicatorResult
from .cells import padded, width
from .digest import assumption_sentences, proxy_sentences
from .indicator_words import evidence_words, grade_words, label, limit_words, remarks, speaks_for
from .layout import Item, Line, Run, Style, item_lines, paragraph, say, section
from .names import Names
from .page import BLANK, asking, head, sentences
from .wording import percent, signed

MARGIN = 2


def single_page(evaluation: Evaluation, names: Names, columns: int) -> Iterator[Line]:
    """Every line about the indicators that were evaluated, without a verdict over them."""
    yield from head(evaluation, columns)
    for result in evaluation.indicators:
        yield from _indicator(result, evaluation, names, columns)
    yield from section("Assumed", sentences(assumption_sentences(evaluation, names)), columns)
    yield from section("Stand-ins", sentences(proxy_sentences(evaluation, names)), columns)
    yield from asking(evaluation, columns)


def _indicator(result: IndicatorResult, evaluation: Evaluation, names: Names, columns: int) -> Iterator[Line]:
    yield from paragraph([Run(_headline(result), Style.VERDICT)], columns)
    if result.coverage < 1:
        yield from paragraph([Run(_bounds(result))], columns)
    remark = remarks(result, names)
    known = f"Known {percent(result.coverage)} of its evidence{f' ({remark})' if remark else ''}."
    yield from paragraph([Run(f"{known} One indicator alone gives no verdict.")], columns)
    yield BLANK
    yield from _table(result, names, columns)
    yield BLANK
    if result.limit is not None:
        yield from section("Limited", [say(limit_words(result, evaluation))], columns)


def _headline(result: IndicatorResult) -> str:
    name = f"{result.number} {result.title}" if result.number else result.title
    if result.strength is None:
        return f"{name.upper()}: nothing is known yet"
    says = {"not-assessed": "not assessed", "mixed": "mixed"}.get(result.state, f"speaks for {speaks_for(result)}")
    return f"{name.upper()}: {says}, strength {signed(result.strength, 2)} on a scale from -1 to +1"


def _bounds(result: IndicatorResult) -> str:
    """Never narrower than the bounds are."""
    low, high = floor(100 * result.low + 1e-7) / 100, ceil(100 * result.high - 1e-7) / 100
    return f"Whatever the open answers are, the strength will lie between {signed(low, 2)} and {signed(high, 2)}."


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

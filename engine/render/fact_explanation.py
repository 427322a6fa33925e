"""How one fact came about, as text or JSON."""

from __future__ import annotations

from collections.abc import Iterator

from ..computation import Method
from ..computed.answer import MonthLine, Standing
from ..computed.behind import FactExplanation
from ..statistics.proportion import Share
from ..statistics.unknown import Unknown
from ..statistics.wording import mix_told
from .cells import shortened
from .clean import clean
from .fact_rows import coding_sentences, ranking_told
from .facts_json import month_line
from .jsontext import Plain, json_text
from .layout import Item, Line, Run, Style, item_lines, paragraph
from .text import printed
from .wording import counted

MARGIN = 2
MOST_PARTS = 8
NUMBERS = 48
"""Columns of the numbers before the name of a part."""


def render(found: FactExplanation, *, width: int = 100, colour: bool = False) -> str:
    """The definition, the counts in between and the rows behind, in lines of at most `width` columns."""
    return printed(_page(found, width), colour)


def _page(found: FactExplanation, columns: int) -> Iterator[Line]:
    definition = found.definition
    shown = found.value or f"unknown: {found.reason}"
    yield from paragraph([Run(f"{definition.name}: {definition.title}", Style.TITLE)], columns)
    if found.stated:
        yield from _labelled("Stated", [found.stated, "a stated value counts before a computed one"], columns)
    yield from _labelled("Computed", [shown], columns)
    yield from _labelled("Means", [definition.meaning], columns)
    note = [found.computation.note] if found.computation.note else []
    yield from _labelled("How", [found.how, *note], columns)
    uses_window = found.computation.method is Method.COHORT
    yield from _labelled("Time given", [found.window.removeprefix("T = ")] if uses_window else [], columns)
    told = [told for told in found.answer.told if told != found.window]
    yield from _labelled("Found", [*told, *([found.answer.remark] if found.answer.remark else [])], columns)
    yield from _months(found)
    yield from _segments(found, columns)
    yield from _labelled("Reasons", _coding(found), columns)
    yield from _rows(found, columns)
    yield from _labelled("To know more", list(found.more), columns)
    yield from _labelled("Or ask", _ask(found), columns)


def _labelled(label: str, said: list[str], columns: int) -> Iterator[Line]:
    margin = 14
    for number, sentence in enumerate(said):
        first = (Run(f"{label:<{margin}}", Style.LABEL),) if number == 0 else ()
        yield from item_lines(Item((Run(clean(sentence)),)), columns, margin, first)


def _ask(found: FactExplanation) -> list[str]:
    definition = found.definition
    if found.value or not definition.ask:
        return []
    return [definition.ask + (f" ({definition.who})" if definition.who else "")]


def _months(found: FactExplanation) -> Iterator[Line]:
    """The counts by month, and why a month is not used."""
    if not found.answer.lines:
        return
    yield ()
    amounts = any(line.amount is not None for line in found.answer.lines)
    yield (Run(f"Month by month{f', in{found.unit}' if found.unit and amounts else ''}", Style.LABEL),)
    for line in found.answer.lines:
        yield (Run(" " * MARGIN), Run(_month(line), _style(line)))


def _style(line: MonthLine) -> Style:
    return Style.PLAIN if line.standing is Standing.USED else Style.ASIDE


def _month(line: MonthLine) -> str:
    standing = "" if line.standing is Standing.USED else f"   {line.standing}"
    if line.amount is not None:
        return f"{line.month}   {line.amount:>14,.0f}{standing}"
    successes, trials = line.successes or 0, line.trials or 0
    counts = f"{successes:>8,} of {trials:>8,}"
    if not trials:
        return f"{line.month}   {counts}{'':24}{standing}".rstrip()
    share = Share(successes, trials)
    low, high = share.interval()
    rate = f"{100 * share.rate:6.1f} %  [{100 * low:.1f}-{100 * high:.1f} %]"
    return f"{line.month}   {counts}   {rate:<24}{standing}".rstrip()


def _segments(found: FactExplanation, columns: int) -> Iterator[Line]:
    for part in found.segments:
        yield ()
        yield (Run(f"By {part.column}", Style.LABEL),)
        said = [ranking_told(part)]
        said += [] if isinstance(part.mix, Unknown) else [f"against the year before: {mix_told(part.mix)}"]
        for sentence in said:
            yield from item_lines(Item((Run(clean(sentence)),)), columns, MARGIN)
        ordered = (*part.ranking.ranked, *part.ranking.unranked)
        for segment in ordered[:MOST_PARTS]:
            counts = f"{segment.share.successes:>8,} of {segment.share.trials:>8,}"
            rate = f"{100 * segment.share.rate:6.1f} %  [{100 * segment.low:.1f}-{100 * segment.high:.1f} %]"
            named = shortened(clean(segment.name), columns - MARGIN - NUMBERS)
            yield (Run(" " * MARGIN), Run(f"{counts}   {rate:<24}"), Run(named))
        if len(ordered) > MOST_PARTS:
            yield (Run(f"{' ' * MARGIN}and {len(ordered) - MOST_PARTS} more"),)


def _coding(found: FactExplanation) -> list[str]:
    said = list(coding_sentences(found.coding))
    if found.coding is not None:
        said += [
            f'{text.code} by "{text.phrase}": "{text.text[:60]}" ({counted(text.deals, "deal")}, first {text.file}:{text.row})'
            for text in found.coding.texts
        ]
    return said


def _rows(found: FactExplanation, columns: int) -> Iterator[Line]:
    if not found.rows:
        return
    yield ()
    yield (Run(f"Rows behind it ({found.rows_behind:,}; the first {len(found.rows)})", Style.LABEL),)
    for row in found.rows:
        values = ", ".join(f"{name} {value}" for name, value in row.values)
        text = (Run(clean(f"{row.file}:{row.row}"), Style.ASIDE), Run(f"  {clean(values)}"))
        yield from item_lines(Item(text), columns, MARGIN)


def render_json(found: FactExplanation) -> str:
    """The same for programs."""
    told: dict[str, Plain] = {
        "schema_version": 1,
        "fact": found.definition.name,
        "title": found.definition.title,
        "meaning": found.definition.meaning,
        "value": found.value or None,
        "stated": found.stated or None,
        "reason": found.reason or None,
        "how": found.how,
        "time_given": found.window,
        "found": [*found.answer.told],
        "months": [month_line(line) for line in found.answer.lines],
        "files": [*found.files],
        "rows_behind": found.rows_behind,
        "rows": [{"file": row.file, "row": row.row, "values": dict(row.values)} for row in found.rows],
        "to_know_more": [*found.more],
    }
    return json_text(told)

"""A questionnaire for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from ..questionnaire import Asked, Questionnaire
from .asked_words import (
    NOBODY,
    beside,
    differing,
    effect,
    in_vain_lines,
    left_sentence,
    look,
    opening_sentence,
    reach_sentence,
)
from .clean import cleaned
from .layout import Item, Line, Run, Style, item_lines, paragraph, say
from .text import printed

LABELS = 12
"""Columns of `  Who       `."""


def render(sheet: Questionnaire, *, width: int = 100, colour: bool = False) -> str:
    """The questions in lines of at most `width` columns; the same with and without colour."""
    return printed(_page(cleaned(sheet), width), colour)


def _page(sheet: Questionnaire, columns: int) -> Iterator[Line]:
    whose = f" for {sheet.party}" if sheet.party else ""
    yield from paragraph([Run(f"Questions to {sheet.company}{whose}, {sheet.as_of}", Style.TITLE)], columns)
    for sentence in (opening_sentence(sheet), reach_sentence(sheet)):
        yield from paragraph([Run(sentence)], columns) if sentence else ()
    for question in sheet.questions:
        yield ()
        yield from _question(question, sheet, columns)
    if sheet.in_vain:
        yield ()
        yield (Run("Asked, not known", Style.LABEL),)
        for line in in_vain_lines(sheet):
            yield from item_lines(say(line, lead="- "), columns, 2)
    if left_sentence(sheet):
        yield ()
        yield from paragraph([Run(left_sentence(sheet), Style.ASIDE)], columns)


def _question(question: Asked, sheet: Questionnaire, columns: int) -> Iterator[Line]:
    number = f"{question.number:>2}. "
    yield from item_lines(say(question.ask, Style.PLAIN, lead=number, lead_style=Style.LABEL), columns)
    told = (
        ("said", differing(question)),
        ("write", question.write),
        ("ask", question.who or NOBODY),
        ("look", look(question)),
        ("brings", effect(question, sheet, beside(question, sheet))),
        ("fact", question.fact),
    )
    for label, text in told:
        if text:
            lead = Run(f"{label:<8}", Style.ASIDE)
            yield from item_lines(Item((Run(text),), (lead,)), columns, len(number))

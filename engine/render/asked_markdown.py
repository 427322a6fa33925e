"""A questionnaire as Markdown, to send."""

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
from .markup import bullets, code, escaped, heading
from .wording import capital


def render(sheet: Questionnaire) -> str:
    """The questions by who would know, numbered by what they could change."""
    return "\n\n".join(block for block in _blocks(cleaned(sheet)) if block) + "\n"


def _blocks(sheet: Questionnaire) -> Iterator[str]:
    whose = f" for {sheet.party}" if sheet.party else ""
    yield heading(1, f"Questions to {sheet.company}{whose}")
    yield escaped(f"{sheet.as_of}. {opening_sentence(sheet)} {reach_sentence(sheet)}".strip())
    for who in dict.fromkeys(question.who for question in sheet.questions):
        yield heading(2, capital(who or NOBODY))
        for question in sheet.questions:
            if question.who == who:
                yield from _question(question, sheet)
    if sheet.in_vain:
        yield heading(2, "Asked, not known")
        yield bullets(in_vain_lines(sheet))
    yield escaped(left_sentence(sheet))


def _question(question: Asked, sheet: Questionnaire) -> Iterator[str]:
    yield f"**{question.number}. {escaped(question.ask)}**"
    told = (
        ("Said so far", differing(question)),
        ("Write", question.write),
        ("Look", look(question)),
        ("Brings", effect(question, sheet, beside(question, sheet))),
    )
    lines = [f"- {label}: {escaped(text)}" for label, text in told if text]
    yield "\n".join([*lines, f"- Fact: {code(question.fact)}"])

"""A questionnaire in words: the same for a terminal, a document and the file that a client fills in."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from ..questionnaire import Asked, Questionnaire
from .wording import counted, listed, percent

NOBODY = "whoever knows"
NOISE = 1e-6
"""Of binary fractions: it must not push an exact end outwards."""


def opening_sentence(sheet: Questionnaire) -> str:
    """How much is known, and how far the score is open."""
    low, high = floor(sheet.score[0] + NOISE), ceil(sheet.score[1] - NOISE)
    known = percent(sheet.known, sheet.required)
    needed = "" if sheet.has_verdict else f" ({percent(sheet.required)} needed for a verdict)"
    return f"Known {known} of the evidence{needed}. Once everything is answered, the score will lie between {low} and {high}."


def reach_sentence(sheet: Questionnaire) -> str:
    """What these questions bring; empty where none is asked."""
    if not sheet.questions:
        return "There is nothing left to ask that could change the answer."
    asked = len(sheet.questions)
    these = "This answer" if asked == 1 else f"These {asked} answers"
    before, after = percent(sheet.known, sheet.required), percent(sheet.reaches, sheet.required)
    brings = f": known {before.removesuffix(' %')} -> {after}"
    if sheet.first and sheet.questions[-1].number == sheet.first == asked:
        verb = "brings" if asked == 1 else "bring"
        return f"{these} {verb} enough for a verdict, unless a gate withdraws it{brings}."
    if sheet.reaches > sheet.known and after != before:
        return f"{these} {'make' if asked > 1 else 'makes'} the answer firmer{brings}."
    return ""


def left_sentence(sheet: Questionnaire) -> str:
    """How many questions are not shown; empty where all are."""
    return f"{counted(sheet.left, 'more question')}: --all shows them" if sheet.left else ""


def beside(question: Asked, sheet: Questionnaire) -> list[str]:
    """The other questions that it takes, by their numbers, also those that are not shown."""
    shown = {one.number for one in sheet.questions}
    return [f"{n}." if n in shown else f"{n}. (not asked here)" for n in question.together]


def effect(question: Asked, sheet: Questionnaire, together: Sequence[str]) -> str:
    """What an answer could change; `together` names the other questions that it takes."""
    others = f"with {listed(together)} " if together else ""
    before, after = percent(question.known_before, sheet.required), percent(question.known_after, sheet.required)
    told = []
    if question.gates:
        told.append(f"rules {listed(question.gates)} in or out")
    if question.tests:
        told.append(f"decides {listed(question.tests)}")
    if question.known_after > question.known_before and before != after:
        told.append(f"known {before.removesuffix(' %')} -> {after}")
    if question.points >= 0.5:
        told.append(f"up to {counted(round(question.points), 'point')} of the score")
    return others + "; ".join(told) if told else ""


def look(question: Asked) -> str:
    """Where to find the answer, and the exports that would give it."""
    if question.why_not:
        return f"{question.source} (not from the exports: {question.why_not})"
    exports = f"an export would give it too: {question.exports}" if question.exports else ""
    return "; ".join(part for part in (question.source, exports) if part)


def differing(question: Asked) -> str:
    """Who answered what, where the answers differ."""
    return ", ".join(f"{one.who} says {one.says} ({one.on})" for one in question.said)


def in_vain_lines(sheet: Questionnaire) -> tuple[str, ...]:
    """What was asked and is not known: the question, who was asked, when."""
    return tuple(f"{ask} ({one.who}, {one.on})" for ask, one in sheet.in_vain)

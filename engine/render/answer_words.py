"""What people answered, in words: where they differ, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

from ..conclusion import AnswerGiven, Evaluation
from .names import Names

DIFFERS, NOT_KNOWN, BEATEN = "differs", "not known", "beaten"


def _by_fact(evaluation: Evaluation, standing: str) -> dict[str, list[AnswerGiven]]:
    found: dict[str, list[AnswerGiven]] = {}
    for one in evaluation.answers:
        if one.standing == standing:
            found.setdefault(one.fact, []).append(one)
    return found


def said(one: AnswerGiven) -> str:
    """`J. Lund (marketing) says 2 hours (2026-10-20)`."""
    return f"{one.who} says {one.says} ({one.on})"


def differing_sentences(evaluation: Evaluation, names: Names) -> Iterator[str]:
    """Each question to which people answered differently, who said what and when, and what it is taken as."""
    for fact, answers in _by_fact(evaluation, DIFFERS).items():
        observation = evaluation.facts.get(fact)
        taken = "not known" if observation is None else names.value(fact, observation)
        yield f"{names.fact(fact)}: {', '.join(map(said, answers))}; taken as {taken}"


def in_vain_sentences(evaluation: Evaluation, names: Names) -> Iterator[str]:
    """The facts that somebody was asked for and nobody knows."""
    for fact, answers in _by_fact(evaluation, NOT_KNOWN).items():
        if fact not in evaluation.facts:
            yield f"{names.fact(fact)}: {'; '.join(f'{one.who}, {one.on}' for one in answers)}"

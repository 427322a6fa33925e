"""A questionnaire as JSON with a published schema, schemas/questionnaire.schema.json. Every key is always there."""

from __future__ import annotations

from ..conclusion import AnswerGiven
from ..questionnaire import Asked, Questionnaire
from .jsontext import Plain, json_text

SCHEMA_VERSION = 1


def render(sheet: Questionnaire) -> str:
    """The questions, the best first. Shares are 0..1, points those of the score."""
    return json_text(to_plain(sheet))


def to_plain(sheet: Questionnaire) -> dict[str, Plain]:
    """The same as mappings, lists, texts and numbers."""
    return {
        "schema_version": SCHEMA_VERSION,
        "company": sheet.company,
        "as_of": sheet.as_of.isoformat(),
        "policy": sheet.policy,
        "for": sheet.party,
        "has_verdict": sheet.has_verdict,
        "coverage": {"known": sheet.known, "required": sheet.required, "reached": sheet.reaches},
        "score": {"low": sheet.score[0], "high": sheet.score[1]},
        "enough": sheet.first,
        "questions": [_question(question) for question in sheet.questions],
        "left": sheet.left,
        "asked_in_vain": [{"ask": ask, **_said(one)} for ask, one in sheet.in_vain],
    }


def _question(question: Asked) -> Plain:
    return {
        "number": question.number,
        "fact": question.fact,
        "ask": question.ask,
        "write": question.write,
        "who": question.who,
        "source": question.source,
        "exports": question.exports,
        "not_computed": question.why_not,
        "gates": [*question.gates],
        "tests": [*question.tests],
        "together": [*question.together],
        "points": question.points,
        "known_before": question.known_before,
        "known_after": question.known_after,
        "said": [_said(one) for one in question.said],
    }


def _said(one: AnswerGiven) -> dict[str, Plain]:
    return {"fact": one.fact, "who": one.who, "on": one.on.isoformat(), "says": one.says, "note": one.note}

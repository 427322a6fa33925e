"""What a change of policy does to clients, for programs: JSON with a published schema, schemas/impact.schema.json.

Every key is always there; scores, shifts and parts are points with every digit, coverage is 0..1.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..changes import Group
from ..diagnostics import Diagnostic
from ..impact.attribution import Attribution
from ..impact.judging import Answer
from ..impact.study import ClientImpact, EditImpact, Impact, edit_impacts
from .change_json import to_plain as change_plain
from .change_json import where
from .impact_words import Matrix, closest, matrix, shifts
from .jsontext import Plain, json_text

SCHEMA_VERSION = 1


def render(impact: Impact) -> str:
    """The whole study as JSON."""
    return json_text(to_plain(impact))


def to_plain(impact: Impact) -> dict[str, Plain]:
    """The study as mappings, lists, texts and numbers, in a fixed order of keys."""
    spread = shifts(impact)
    return {
        "schema_version": SCHEMA_VERSION,
        "old": impact.old,
        "new": impact.new,
        "engine": impact.engine,
        "notes": [*impact.notes],
        "changes": [change_plain(change) for change in impact.changes],
        "edits": [_edit(one) for one in edit_impacts(impact)],
        "matrix": _matrix(matrix(impact)),
        "shifts": None if spread is None else {"least": spread[0], "middle": spread[1], "largest": spread[2]},
        "closest": [one.file for one in closest(impact)],
        "clients": [_client(one) for one in impact.clients],
    }


def _edit(one: EditImpact) -> dict[str, Plain]:
    return {
        "fingerprint": one.edit.fingerprint,
        "class": str(one.edit.effect),
        "changes": [change.fingerprint for change in one.edit.changes],
        "moved": one.moved,
        "largest": one.largest,
        "turns_alone": [*one.turned],
        "turns_with_others": [*one.helped],
        "undoes_alone": [*one.undone],
    }


def _matrix(found: Matrix) -> list[Plain]:
    return [
        {"before": before, "after": after, "clients": found.counts[before, after]}
        for before in found.titles
        for after in found.titles
        if (before, after) in found.counts
    ]


def _client(one: ClientImpact) -> dict[str, Plain]:
    return {
        "company": one.name,
        "file": one.file,
        "effect": str(one.effect),
        "before": _answer(one.before),
        "after": _answer(one.after),
        "shift": one.shift,
        "attribution": _attribution(one, one.attribution),
        "problems_before": _problems(one.problems_before),
        "problems_after": _problems(one.problems_after),
    }


def _answer(answer: Answer | None) -> Plain:
    if answer is None:
        return None
    return {
        "verdict": answer.verdict,
        "title": answer.title,
        "move": None if answer.move is None else [*answer.move],
        "score": answer.score,
        "coverage": answer.coverage,
        "held_by": [*answer.held_by],
        "margin": answer.margin,
        "beyond": answer.beyond,
    }


def _attribution(one: ClientImpact, found: Attribution | None) -> Plain:
    if found is None:
        return None
    return {
        "method": str(found.method),
        "orders": found.orders,
        "standard_error": found.error,
        "parts": [{"edit": edit.fingerprint, "points": points} for edit, points in one.parts],
        "turned_by": [_fingerprints(some) for some in one.turning],
        "undone_by": _fingerprints(one.undoing),
    }


def _fingerprints(edits: Sequence[Group]) -> list[Plain]:
    return [edit.fingerprint for edit in edits]


def _problems(found: Sequence[Diagnostic]) -> list[Plain]:
    return [{"code": d.code, "message": d.message, "hint": d.hint, "place": where(d.span)} for d in found]

"""How the answer moved, for programs: JSON in which every key is always there. schemas/history.schema.json describes it."""

from __future__ import annotations

from ..policy import PolicySet
from ..timeline.changes import Change
from ..timeline.timeline import Moment, Timeline
from .jsontext import Plain, json_text

SCHEMA_VERSION = 1


def render(found: Timeline, policy: PolicySet) -> str:
    """The timeline as JSON."""
    return json_text(to_plain(found, policy))


def to_plain(found: Timeline, policy: PolicySet) -> dict[str, Plain]:
    """The timeline as mappings, lists, texts and numbers."""
    return {
        "schema_version": SCHEMA_VERSION,
        "company": found.company,
        "policy": {"name": policy.name, "version": policy.version, "layers": [*found.moments[-1].evaluation.layers]},
        "every": found.every.value,
        "required_coverage": found.required_coverage,
        "undated_facts": [*found.undated],
        "exports_until": None if found.last_known is None else found.last_known.isoformat(),
        "moments": [_moment(one) for one in found.moments],
    }


def _moment(one: Moment) -> Plain:
    told, verdict = one.evaluation, one.evaluation.verdict
    return {
        "as_of": one.day.isoformat(),
        "score": one.score,
        "score_low": told.score_low,
        "score_high": told.score_high,
        "coverage": told.coverage,
        "verdict": verdict.id,
        "headline": verdict.headline,
        "move": None if verdict.move is None else [*verdict.move],
        "settled": verdict.settled,
        "held_by": [*verdict.held_by],
        "gates": [gate.name for gate in told.gates if gate.truth == "yes"],
        "computed_facts": one.computed,
        "not_yet_known": [*one.not_yet],
        "as_exported": one.as_exported,
        "after_exports": one.after_exports,
        "changes": None if one.changes is None else [_change(change) for change in one.changes],
    }


def _change(change: Change) -> Plain:
    return {
        "kind": change.what.value,
        "item": change.item,
        "title": change.title,
        "was": change.was,
        "now": change.now,
        "points": change.points,
    }

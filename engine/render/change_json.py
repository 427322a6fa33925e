"""A change as plain data, in every document that tells of changes."""

from __future__ import annotations

from ..changes import Change, Class, Comparison
from ..diagnostics import Span
from ..policy import PolicySet
from .jsontext import Plain, json_text

SCHEMA_VERSION = 1


def to_plain(change: Change) -> dict[str, Plain]:
    """One change: in words, and as values."""
    return {
        "fingerprint": change.fingerprint,
        "class": str(change.effect),
        "kind": str(change.kind),
        "what": str(change.what),
        "field": change.field,
        "id": change.name,
        "old_id": change.old_name,
        "subject": change.subject,
        "label": change.label,
        "before": change.before,
        "after": change.after,
        "old": _json(change.old),
        "new": _json(change.new),
        "because": change.because,
        "reason_kept": change.reason_kept,
        "layer": change.layer,
        "notes": [*change.notes],
        "place": where(change.span),
    }


def _json(value: object) -> Plain:
    """What a policy file holds, as JSON holds it."""
    if isinstance(value, dict):
        return {str(key): _json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_json(part) for part in value]
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)


def where(span: Span | None) -> Plain:
    """A place in a file."""
    return {"file": span.file, "line": span.line, "column": span.column} if span is not None else None


def policy_plain(policy: PolicySet, given: str) -> dict[str, Plain]:
    """A policy set, and how it was called."""
    return {"given": given, "policyset": policy.name, "title": policy.title, "version": policy.version}


def render(compared: Comparison, old: str, new: str) -> str:
    """A comparison as JSON with a published schema, schemas/diff.schema.json. Every key is always there."""
    plain: dict[str, Plain] = {
        "schema_version": SCHEMA_VERSION,
        "old": policy_plain(compared.old, old),
        "new": policy_plain(compared.new, new),
        "counts": {str(effect): compared.count(effect) for effect in Class},
        "changes": [to_plain(change) for change in compared.changes],
    }
    return json_text(plain)

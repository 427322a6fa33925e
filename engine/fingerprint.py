"""Digests: of the bytes of a file, of plain data, and of what a policy set means.

The digest of a policy set is SHA-256 over a canonical form of the resolved model. Comments, the order of keys, the notation of
numbers, the split into files and layers, and who wrote a value first do not count; everything else does: every threshold,
weight, condition, formula, reason, text and name. docs/records.md describes the form; `FORM` changes when it does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import Enum
from hashlib import sha256
from math import isfinite
from operator import attrgetter
from typing import Any

from .computation import Computation, Series
from .facts import FactDefinition
from .formula import parse
from .policy import Indicator, PolicySet
from .taxonomy import Taxonomy, taxonomy_of

FORM = 1

_HISTORY = frozenset({"layers", "changed"})
"""Who wrote a value, and how many were changed: how a policy set came to be, not what it means."""
_ANY_ORDER = frozenset({"indicators", "evidence", "signals", "adjustments", "gates", "readings"})
"""Lists whose order changes nothing but the order in which things are shown."""

_FILTERS = frozenset({"where", "having", "group", "requires"})
"""Rows must meet all of them, in whatever order they are written."""


def policy_digest(policy: PolicySet) -> str:
    """What a policy set means, as `sha256:` and 64 digits."""
    return plain_digest({"form": FORM, "policy": _canonical(policy)})


def plain_digest(value: Any) -> str:
    """Plain data, whatever the order of its keys and the notation of its numbers."""
    text = json.dumps(_canonical(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text_digest(text)


def text_digest(text: str) -> str:
    """The bytes of a text in UTF-8; those of a file that was read as this text."""
    return f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _canonical(value: Any) -> Any:
    """Plain data in which equal things are equal texts."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, int | float) and not isinstance(value, bool):
        # 1 and 1.0, 0 and -0.0 are one number
        return (float(value) or 0.0) if isfinite(value) else str(float(value))
    if isinstance(value, tuple | list):
        return [_canonical(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, Taxonomy):
        # the order of codes says which of two counts
        return _canonical({"classes": value.classes, "codes": [*value.codes.values()], "negations": value.negations})
    return _of_record(value) if is_dataclass(value) else value


def _of_record(record: Any) -> dict[str, Any]:
    """The fields that say something: one that is as it is by default need not be there, so that a new one changes no old digest."""
    said = {
        field.name: getattr(record, field.name)
        for field in fields(record)
        if field.compare and field.name not in _HISTORY and getattr(record, field.name) != _default(field)
    }
    if isinstance(record, FactDefinition) and record.formula:
        said["formula"] = parse(record.formula, record.formula_span)
    if isinstance(record, PolicySet) and record.reasons:
        said["reasons"] = taxonomy_of(record)
    if isinstance(record, Computation | Series):
        said |= {name: sorted(said[name], key=attrgetter("column")) for name in _FILTERS & said.keys()}
    if isinstance(record, PolicySet | Indicator):
        said |= {name: sorted(said[name], key=attrgetter("name")) for name in _ANY_ORDER & said.keys()}
        # within one side the order is that of the plan
        said |= {"actions": sorted(record.actions, key=attrgetter("side"))}
    return {"is": type(record).__name__, **{name: _canonical(item) for name, item in said.items()}}


def _default(field: Field[Any]) -> object:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default

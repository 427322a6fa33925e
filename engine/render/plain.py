"""Values as plain data, the same in every format that programs read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import inf, isfinite

from ..diagnostics import Listed, Span
from ..facts import Observation, RawValue
from .jsontext import Plain

INFINITE = "infinite"


def number(value: float | None) -> Plain:
    """A number with every digit; JSON knows none without an end, so that those are texts."""
    if value is None or isfinite(value):
        return value
    return INFINITE if value == inf else f"-{INFINITE}"


def raw(value: RawValue) -> Plain:
    """The value of a fact: a date as text, a series as a list."""
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [number(part) for part in value]
    return number(value)


def measured(found: Observation | None) -> dict[str, Plain]:
    """The value of an observation, its interval and its counts; all null where there is none."""
    if found is None:
        return dict.fromkeys(("value", "low", "high", "successes", "trials"))
    return {
        "value": raw(found.value),
        "low": number(found.low),
        "high": number(found.high),
        "successes": found.successes,
        "trials": found.trials,
    }


def place(span: Span | None) -> Plain:
    """Where something stands; null where no file says it."""
    return {"file": span.file, "line": span.line, "column": span.column} if span is not None else None


def listed(entries: Iterable[Listed]) -> Plain:
    """What a message is about."""
    return [
        {"name": one.name, "message": one.message, "source": one.source, "place": place(one.span)} for one in entries
    ]

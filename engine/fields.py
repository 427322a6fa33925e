"""Reading one shaped mapping: the schema has made sure of keys and types, so these only unwrap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, DecimalException

from .diagnostics import Span
from .document import Fields, Items, Node, Value

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def get(node: Node, key: str) -> Node | None:
    """The value of a key, None where it is absent."""
    return node.fields.get(key) if isinstance(node, Fields) else None


def text(node: Node, key: str, default: str = "") -> str:
    """A text, or the text of any other scalar as the file writes it."""
    found = get(node, key)
    return scalar_text(found) if found is not None else default


def scalar_text(node: Node) -> str:
    """What the file says at a scalar; empty for a collection."""
    if not isinstance(node, Value):
        return ""
    return node.value if isinstance(node.value, str) else node.text


def number(node: Node, key: str) -> float | None:
    """A number or a percentage, None where it is absent."""
    found = get(node, key)
    return None if found is None else as_number(found)


def as_number(node: Node) -> float | None:
    """The number that a scalar stands for; `2.3%` is 0.023; None where it is no number."""
    if not isinstance(node, Value) or isinstance(node.value, bool):
        return None
    if isinstance(node.value, (int, float)):
        return float(node.value)
    return percentage(node.value) if isinstance(node.value, str) else None


def percentage(given: str) -> float | None:
    """`2.3%` is 0.023, to the last bit as if it were written so; None where the text is no percentage."""
    if not given.endswith("%"):
        return None
    try:
        value = Decimal(given[:-1].strip()) / 100
    except DecimalException:
        return None
    return float(value) if value.is_finite() else None


def as_date(written: str) -> date | None:
    """A date of the form 2026-10-31; None for anything else."""
    if not DATE.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def flag(node: Node, key: str, default: bool = False) -> bool:
    """A true or false."""
    found = get(node, key)
    return bool(found.value) if isinstance(found, Value) else default


def items(node: Node, key: str) -> tuple[Node, ...]:
    """The items of a list, none where it is absent."""
    found = get(node, key)
    return found.items if isinstance(found, Items) else ()


def entries(node: Node, key: str) -> Iterator[tuple[str, Span, Node]]:
    """The entries of a mapping with the places of their keys, none where it is absent."""
    found = get(node, key)
    if isinstance(found, Fields):
        for name, value in found.fields.items():
            yield name, found.keys[name], value


def texts(node: Node, key: str) -> tuple[str, ...]:
    """The texts of a list, none where it is absent."""
    return tuple(scalar_text(item) for item in items(node, key))


def span_of(node: Node, key: str) -> Span:
    """Where the value of a key stands; the mapping itself where the key is absent."""
    found = get(node, key)
    return found.span if found is not None else node.span

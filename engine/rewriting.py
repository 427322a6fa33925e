"""Mappings made from others; every key and value keeps its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from .diagnostics import Span
from .document import Fields, Node


def mapping(fields: Mapping[str, Node], keys: Mapping[str, Span], span: Span) -> Fields:
    """A mapping; a key that stands nowhere stands where its value does."""
    found = {key: keys.get(key, child.span) for key, child in fields.items()}
    return Fields(MappingProxyType(dict(fields)), MappingProxyType(found), span)


def with_keys(node: Fields, **given: Node) -> Fields:
    """A mapping with other or more keys."""
    return mapping({**node.fields, **given}, node.keys, node.span)


def only(node: Node, keys: Iterable[str]) -> Fields:
    """A mapping with those of its keys that are named, in that order."""
    assert isinstance(node, Fields)
    return mapping({key: node.fields[key] for key in keys if key in node.fields}, node.keys, node.span)


def without(node: Node, keys: Iterable[str]) -> Fields:
    """A mapping less the keys that are named."""
    assert isinstance(node, Fields)
    return mapping({key: child for key, child in node.fields.items() if key not in keys}, node.keys, node.span)

"""The canonical order of keys: that in which the JSON Schema lists its properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ..document import Fields, Node
from ..shipped import schema as shipped_schema
from .tree import Entry, Flow, FlowItem, Scalar, Step, Tree, hoisted

Schema = Mapping[str, Any]
Placed = TypeVar("Placed", Entry, FlowItem)
NO_SCHEMA: Schema = {}


def arranged(tree: Tree, kind: str) -> Tree:
    """A tree with the keys of every mapping in the order of the schema of its kind; the others behind them as they stand.

    Items of lists and mappings whose keys are names keep their order.
    """
    whole: Schema = shipped_schema(kind)
    return replace(tree, root=replace(tree.root, value=_Order(whole).part(tree.root.value, whole)))


def key_order(kind: str, root: Node, path: Iterable[Step]) -> tuple[str, ...]:
    """The keys of the mapping at a path in the order of the schema; none where they are names."""
    whole: Schema = shipped_schema(kind)
    order = _Order(whole)
    schema = order.resolved(whole, root.fields if isinstance(root, Fields) else ())
    for step in path:
        schema = order.resolved(_under(schema, step), ())
    return tuple(schema.get("properties", ()))


class _Order:
    def __init__(self, whole: Schema) -> None:
        self.definitions: Schema = whole.get("$defs", NO_SCHEMA)

    def part(self, value: Any, schema: Schema) -> Any:
        """A value with everything in it in order."""
        if isinstance(value, Scalar):
            return value
        if isinstance(value, Flow):
            schema = self.resolved(schema, [item.step for item in value.items])
            items = tuple(replace(item, value=self.part(item.value, _under(schema, item.step))) for item in value.items)
            return replace(value, items=_flow_in_order(items, schema) if value.is_mapping else items)
        schema = self.resolved(schema, [entry.step for entry in value.entries])
        entries = tuple(
            replace(entry, value=self.part(entry.value, _under(schema, entry.step))) for entry in value.entries
        )
        if value.is_mapping and "properties" in schema:
            # only mappings whose keys are names are tables
            entries = tuple(replace(entry, start=0) for entry in entries)
        in_order = _block_in_order(entries, schema) if value.is_mapping else tuple(map(hoisted, entries))
        return replace(value, entries=in_order)

    def resolved(self, schema: Schema, keys: Iterable[Step]) -> Schema:
        """A schema without references, the branch taken that the keys ask for."""
        while "$ref" in schema:
            schema = self.definitions[schema["$ref"].rpartition("/")[2]]
        if "properties" in schema or "if" not in schema:
            return schema
        held = set(schema["if"].get("required", ())) <= set(keys)
        return self.resolved(schema.get("then" if held else "else", NO_SCHEMA), keys)


def _under(schema: Schema, step: Step) -> Schema:
    """The schema of a key or an item."""
    if isinstance(step, int):
        found = schema.get("items")
    else:
        found = schema.get("properties", NO_SCHEMA).get(step, schema.get("additionalProperties"))
    return found if isinstance(found, Mapping) else NO_SCHEMA


def _in_order(entries: tuple[Placed, ...], schema: Schema) -> tuple[Placed, ...]:
    places = {key: place for place, key in enumerate(schema.get("properties", ()))}
    return tuple(sorted(entries, key=lambda entry: places.get(str(entry.step), len(places))))


def _block_in_order(entries: tuple[Entry, ...], schema: Schema) -> tuple[Entry, ...]:
    ordered = _in_order(entries, schema)
    if ordered == entries:
        return entries
    first, *others = ordered
    above = first.above[1:] if first.above and first.above[0] is None else first.above
    return (replace(first, above=above), *others)


def _flow_in_order(items: tuple[FlowItem, ...], schema: Schema) -> tuple[FlowItem, ...]:
    """Lines are broken before the items in the same places of the row as before."""
    return tuple(replace(item, breaks=old.breaks) for item, old in zip(_in_order(items, schema), items, strict=True))

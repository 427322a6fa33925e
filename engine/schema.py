"""The shape of documents, by JSON Schema; the only module that imports jsonschema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from .diagnostics import Diagnostic, in_order
from .document import REMEMBERED, Node, Plain, plain
from .shipped import schema as shipped_schema
from .shipped import schemas
from .violation import Violation, problems

_SUFFIX = ".schema.json"
DRAFTS = ("2020-12", "7")
_DRAFT_7 = "http://json-schema.org/draft-07/schema#"


def names() -> tuple[str, ...]:
    """The schemas there are."""
    return tuple(sorted(path.name.removesuffix(_SUFFIX) for path in schemas().glob(f"*{_SUFFIX}")))


def validate(node: Node, name: str) -> tuple[Diagnostic, ...]:
    """Everything in which a document departs from a schema, by place; nothing where its shape is right."""
    return _validated(_Itself(node), name)


@dataclass(frozen=True, slots=True, eq=False)
class _Itself:
    """A document, equal to itself alone: to compare two takes longer than to look at both."""

    node: Node

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.node is other.node

    def __hash__(self) -> int:
        return id(self.node)


@lru_cache(REMEMBERED)
def _validated(document: _Itself, name: str) -> tuple[Diagnostic, ...]:
    node = document.node
    found = tuple(map(_violation, _validator(name).iter_errors(plain(node))))
    return in_order(problems(node, found)) if found else ()


def document(name: str, draft: str = DRAFTS[0]) -> dict[str, Plain]:
    """A schema as published, in one of `DRAFTS`. Without the keywords that only the messages of this module read."""
    published: dict[str, Plain] = _without_own_keywords(shipped_schema(name))
    return published if draft == DRAFTS[0] else _as_draft_7(published)


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_resolved(shipped_schema(name)), format_checker=FormatChecker(["date"]))


def _resolved(schema: Any) -> Any:
    """The schema with each definition in the places of its references: to look one up takes as long as to check with it.

    A definition that refers to itself stays one and the same mapping, so the result may contain itself.
    """
    definitions: dict[str, dict[str, Any]] = {f"#/$defs/{name}": {} for name in schema.get("$defs", {})}

    def put(part: Any) -> Any:
        if isinstance(part, list):
            return [put(item) for item in part]
        return within(part) if isinstance(part, dict) else part

    def within(part: dict[str, Any], whole: bool = False) -> dict[str, Any]:
        target = definitions.get(str(part.get("$ref")))
        others = {key: put(value) for key, value in part.items() if target is None or key != "$ref"}
        if target is None:
            return others
        return {**others, "allOf": [*others.get("allOf", []), target]} if others or whole else target

    for name, definition in schema.get("$defs", {}).items():
        definitions[f"#/$defs/{name}"].update(within(definition, whole=True))
    return within({key: value for key, value in schema.items() if key != "$defs"})


def _violation(error: ValidationError) -> Violation:
    schema = error.schema if isinstance(error.schema, dict) else {}
    about_key = "propertyNames" in error.absolute_schema_path
    return Violation(
        tuple(error.absolute_path), str(error.validator), error.validator_value, schema, error.instance, about_key
    )


def _rewritten(schema: Any, rewrite: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """The schema with every mapping in it rewritten, the innermost first."""
    if isinstance(schema, dict):
        return rewrite({key: _rewritten(value, rewrite) for key, value in schema.items()})
    return [_rewritten(item, rewrite) for item in schema] if isinstance(schema, list) else schema


def _without_own_keywords(schema: Any) -> Any:
    return _rewritten(schema, lambda part: {k: v for k, v in part.items() if not k.startswith("x-")})


_RENAMED = {"$defs": "definitions", "dependentRequired": "dependencies", "dependentSchemas": "dependencies"}


def _as_draft_7(schema: Any) -> dict[str, Plain]:
    return {**_rewritten(schema, _part_as_draft_7), "$schema": _DRAFT_7}


def _part_as_draft_7(part: dict[str, Any]) -> dict[str, Any]:
    """In draft 7 nothing beside `$ref` counts, and the two kinds of dependencies are one keyword."""
    out: dict[str, Any] = {}
    for key, value in part.items():
        new = _RENAMED.get(key, key)
        out[new] = _both(out.get(new, {}), value) if new == "dependencies" else value
    if isinstance(target := out.pop("$ref", None), str):
        reference = {"$ref": target.replace("#/$defs/", "#/definitions/")}
        return {**out, "allOf": [reference]} if out else reference
    return out


def _both(some: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """Two sets of dependencies as one; a key that has both kinds has to keep both."""
    common = {key: {"allOf": [_as_schema(some[key]), _as_schema(others[key])]} for key in some if key in others}
    return {**some, **others, **common}


def _as_schema(dependency: Any) -> Any:
    return {"required": dependency} if isinstance(dependency, list) else dependency

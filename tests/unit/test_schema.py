"""The schemas themselves; what is wrong with a document is in tests/diagnostics/schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from engine import schema
from engine.document import parse, plain, read
from engine.shipped import policies, schemas

NAMES = schema.names()
SHIPPED = sorted(policies().rglob("*.yaml"))
EXAMPLES = sorted((policies().parent / "examples").rglob("*.yaml"))


def raw(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((schemas() / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


def properties(part: object, way: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property in a schema that may stand in a document, with the way to it."""
    if isinstance(part, dict):
        for keyword in ("properties", "patternProperties"):
            for name, described in part.get(keyword, {}).items():
                yield f"{way}/{name}", described
        for key, value in part.items():
            # conditions on properties that are described elsewhere
            if key not in ("if", "then", "else", "dependentSchemas", "examples"):
                yield from properties(value, f"{way}/{key}")
    elif isinstance(part, list):
        for value in part:
            yield from properties(value, way)


ALL_PROPERTIES = [
    pytest.param(name, described, id=f"{name}{way}") for name in NAMES for way, described in properties(raw(name))
]


def kind(path: Path) -> str:
    """The schema that a file names for editors in its first line."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    return first.partition("$schema=")[2].rpartition("/")[2].removesuffix(".schema.json")


def test_the_schemas_that_there_are() -> None:
    assert {"company", "facts", "indicator", "policyset"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(raw(name))
    assert raw(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", NAMES)
def test_the_address_of_a_schema_has_a_version(name: str) -> None:
    assert raw(name)["$id"] == f"https://steelyard.example/schemas/1/{name}.schema.json"


@pytest.mark.parametrize(
    "one, other, own",
    [
        ("facts", "facts-layer", {"fact", "changed_fact", "date"}),
        ("indicator", "policyset", {"band"}),
    ],
)
def test_what_two_schemas_define_by_one_name_is_the_same(one: str, other: str, own: set[str]) -> None:
    """A schema has no file beside it in an editor, so what two of them share stands in both: never in two versions."""
    first, second = raw(one)["$defs"], raw(other)["$defs"]
    shared = first.keys() & second.keys() - own
    assert len(shared) >= 10
    assert {name: second[name] for name in shared} == {name: first[name] for name in shared}


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_written_as_json_is_written_here(name: str) -> None:
    text = (schemas() / f"{name}.schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name, described", ALL_PROPERTIES)
def test_every_property_has_a_hover_text(name: str, described: dict[str, Any]) -> None:
    assert name
    assert described["description"].endswith((".", ")")) or described["description"].endswith('".')
    assert described["examples"]


@pytest.mark.parametrize("name, described", ALL_PROPERTIES)
def test_every_example_is_right(name: str, described: dict[str, Any]) -> None:
    """Each example is valid; those of a whole item may leave keys out, to stay short."""
    whole = {"$defs": deepcopy(raw(name).get("$defs", {})), **described}
    validator = Draft202012Validator(whole)
    for example in described["examples"]:
        complaints = [e for e in validator.iter_errors(example) if e.validator != "required"]
        assert not complaints, complaints


def test_what_two_schemas_define_they_define_alike() -> None:
    """Each is complete in itself, so that an editor needs one file; a copy must stay a copy."""
    shared = ("condition", "alone", "one_comparison", "one_comparison_if_missing", "parameter", "signal", "action")
    leaves = ("id", "date", "version", "grade", "operand", "threshold", "number_or_parameter")
    first, second = raw("indicator")["$defs"], raw("policyset")["$defs"]
    for name in (*shared, *leaves):
        assert first[name] == second[name], name
    assert raw("company")["$defs"]["currency"] == second["currency"]
    assert raw("company")["$defs"]["date"] == second["date"]


@pytest.mark.parametrize("path", [*SHIPPED, *EXAMPLES], ids=lambda path: "/".join(path.parts[-2:]))
def test_a_shipped_file_has_the_right_shape(path: Path) -> None:
    assert not schema.validate(read(path), kind(path))


@pytest.mark.parametrize("path", [*SHIPPED, *EXAMPLES], ids=lambda path: "/".join(path.parts[-2:]))
def test_the_schema_named_in_a_shipped_file_is_there(path: Path) -> None:
    line = path.read_text(encoding="utf-8").splitlines()[0]
    assert line.startswith("# yaml-language-server: $schema=")
    address = line.partition("$schema=")[2].strip()
    assert address.startswith("https://") or (path.parent / address).resolve().is_file()


def test_validating_twice_answers_the_same() -> None:
    node = parse("company: 5", "f")
    assert schema.validate(node, "company") == schema.validate(node, "company") != ()


# --- as published ----------------------------------------------------------------------------------------------


def keywords(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        yield from part
        for value in part.values():
            yield from keywords(value)
    elif isinstance(part, list):
        for value in part:
            yield from keywords(value)


@pytest.mark.parametrize("draft", schema.DRAFTS)
@pytest.mark.parametrize("name", NAMES)
def test_a_published_schema_has_none_of_our_own_keywords(name: str, draft: str) -> None:
    assert not [word for word in keywords(schema.document(name, draft)) if word.startswith("x-")]


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_in_draft_7_is_one(name: str) -> None:
    converted = schema.document(name, "7")
    Draft7Validator.check_schema(converted)
    assert converted["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert not {"$defs", "dependentRequired", "dependentSchemas", "prefixItems"} & set(keywords(converted))
    assert "#/$defs/" not in json.dumps(converted)


BAD = sorted((Path(__file__).parents[1] / "diagnostics" / "schema").glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_draft_7_refuses_what_the_newer_one_refuses(path: Path) -> None:
    name = path.stem.split(".")[0]
    data = plain(read(path))
    assert len(places(Draft7Validator(schema.document(name, "7")), data)) > 0
    assert places(Draft7Validator(schema.document(name, "7")), data) == places(Draft202012Validator(raw(name)), data)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_draft_7_accepts_the_shipped_files(path: Path) -> None:
    assert not places(Draft7Validator(schema.document(kind(path), "7")), plain(read(path)))


def places(validator: Any, data: object) -> set[tuple[tuple[str | int, ...], str]]:
    """Where something is wrong, and which keyword says so; a required key has several names in the two drafts."""
    required = ("dependentRequired", "dependencies")
    return {
        (tuple(error.absolute_path), "required" if error.validator in required else str(error.validator))
        for error in validator.iter_errors(data)
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_conversion_is_stable(name: str) -> None:
    before = deepcopy(schema.document(name))
    schema.document(name, "7")
    assert schema.document(name) == before

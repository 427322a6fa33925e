"""What `facts` and `history` print as JSON, against the schemas that describe it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from engine.computed.findings import findings
from engine.document import Node, read
from engine.exports.reading import read_sources
from engine.extraction import extract
from engine.render import facts_json, timeline_json
from engine.session import DEFAULT_POLICY, Engine, Session
from engine.shipped import policies, schemas
from engine.timeline.timeline import Asked, timeline

NAMES = ("facts-report", "history")
EXAMPLES = policies().parent / "examples"
TODAY = date(2026, 11, 1)


def raw(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((schemas() / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


def objects(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, dict):
        if "properties" in part:
            yield path or "root", part
        for key, value in part.items():
            if key != "examples":
                yield from objects(value, f"{path}/{key}")


def problems(name: str, text: str) -> list[str]:
    validator = Draft202012Validator(raw(name), format_checker=FormatChecker(["date"]))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(text))]


def document(example: str) -> tuple[Node, Path]:
    path = EXAMPLES / example / "company.yaml"
    return read(path), path.parent


def facts_of_brightwater(day: date | None = None) -> dict[str, Any]:
    node, folder = document("brightwater-lighting")
    with Session.open(DEFAULT_POLICY, TODAY, Engine.REFERENCE) as session, read_sources(node, folder, TODAY) as tables:
        found = extract(tables, node, session.policy, day, TODAY)
        text = facts_json.render(found, session.policy, findings(found.sheet))
    assert problems("facts-report", text) == []
    told: dict[str, Any] = json.loads(text)
    return told


def history_of(example: str, asked: Asked) -> dict[str, Any]:
    node, folder = document(example)
    with Session.open(DEFAULT_POLICY, TODAY, Engine.REFERENCE) as session:
        if example == "northwind":
            text = timeline_json.render(timeline(session, node, None, TODAY, asked), session.policy)
        else:
            with read_sources(node, folder, TODAY) as tables:
                text = timeline_json.render(timeline(session, node, tables, TODAY, asked), session.policy)
    assert problems("history", text) == []
    told: dict[str, Any] = json.loads(text)
    return told


@pytest.mark.parametrize("day", [None, date(2025, 3, 31), date(2024, 7, 10), date(2020, 1, 1)])
def test_the_facts_of_any_day_have_the_form(day: date | None) -> None:
    told = facts_of_brightwater(day)
    assert list(told) == list(raw("facts-report")["properties"])
    assert told["as_of"] == str(day or date(2026, 9, 30))
    assert {one["table"] for one in told["files"]} == {"leads", "deals", "revenue", "spend", "feedback"}


def test_the_history_of_exports_has_the_form() -> None:
    told = history_of("brightwater-lighting", Asked(first=date(2025, 6, 1)))
    assert list(told) == list(raw("history")["properties"])
    assert [told["moments"][0]["as_of"], told["moments"][-1]["as_of"]] == ["2025-06-30", "2026-09-30"]
    assert told["moments"][0]["score"] is None
    assert told["moments"][0]["changes"] is None
    assert {change["kind"] for one in told["moments"][1:] for change in one["changes"]} == {"gate", "known", "moved"}


def test_the_history_of_stated_facts_has_the_form() -> None:
    told = history_of("northwind", Asked())
    assert told["exports_until"] is None
    assert [one["as_of"] for one in told["moments"]] == ["2026-10-31"]


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_always_there_and_explained(name: str) -> None:
    schema = raw(name)
    for path, part in objects(schema):
        assert part["required"] == list(part["properties"]), path
        assert part["additionalProperties"] is False, path
        for key, described in part["properties"].items():
            alone = {k: v for k, v in described.items() if k not in ("description", "examples")}
            validator = Draft202012Validator(
                {**alone, "$defs": schema["$defs"]}, format_checker=FormatChecker(["date"])
            )
            assert described["description"].endswith("."), f"{path}/{key}"
            assert [one for one in described["examples"] if not validator.is_valid(one)] == [], f"{path}/{key}"

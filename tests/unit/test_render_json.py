from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from math import inf, nan
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from engine import shipped
from engine.conclusion import Evaluation
from engine.facts import FactDefinition, FactType, Observation
from engine.policy import PolicySet
from engine.render.clean import is_hidden
from engine.render.json_ import render, to_plain
from tests.golden.answers import ANSWERS, HELD_BACK, POLICY

SCHEMA: dict[str, Any] = json.loads((shipped.schemas() / "evaluation.schema.json").read_text(encoding="utf-8"))
FORMATS = FormatChecker(["date"])


def objects(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of a schema that has properties, with its place."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield path, schema
        for key, part in schema.items():
            yield from objects(part, f"{path}/{key}")


OBJECTS = [*objects(SCHEMA)]
PROPERTIES = [(f"{path}/{name}", p) for path, part in OBJECTS for name, p in part["properties"].items()]


@pytest.mark.parametrize("evaluation, policy", ANSWERS.values(), ids=ANSWERS)
def test_the_schema_describes_it(evaluation: Evaluation, policy: PolicySet) -> None:
    found = Draft202012Validator(SCHEMA, format_checker=FORMATS).iter_errors(json.loads(render(evaluation, policy)))
    assert [f"{error.json_path}: {error.message}" for error in found] == []


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "https://steelyard.example/schemas/1/evaluation.schema.json"


@pytest.mark.parametrize("path, part", OBJECTS, ids=[path or "root" for path, _ in OBJECTS])
def test_every_key_is_always_there(path: str, part: dict[str, Any]) -> None:
    assert part["required"] == list(part["properties"]), path
    assert part["additionalProperties"] is False, path


@pytest.mark.parametrize("path, part", PROPERTIES, ids=[path for path, _ in PROPERTIES])
def test_every_property_says_what_it_is_and_gives_a_true_example(path: str, part: dict[str, Any]) -> None:
    assert part["description"].endswith("."), path
    alone = {key: value for key, value in part.items() if key not in ("description", "examples")}
    validator = Draft202012Validator({**alone, "$defs": SCHEMA["$defs"]}, format_checker=FORMATS)
    assert part["examples"], path
    assert [example for example in part["examples"] if not validator.is_valid(example)] == []


def test_the_keys_have_the_order_of_the_schema() -> None:
    plain = to_plain(HELD_BACK, POLICY)
    assert list(plain) == list(SCHEMA["properties"])
    assert plain["schema_version"] == 1


def facts(**values: Observation) -> dict[str, Any]:
    """The facts of a rendered answer in which `fact` has a value of some type."""
    types = {"money": FactType.MONEY, "day": FactType.DATE, "series": FactType.SERIES}
    catalogue = {name: FactDefinition(name, types.get(name, FactType.NUMBER), name) for name in values}
    shown = json.loads(render(replace(HELD_BACK, facts=values), replace(POLICY, catalogue=catalogue)))
    return dict(shown["facts"])


def test_values_of_every_type() -> None:
    found = facts(
        exact=Observation(0.1 + 0.2),
        endless=Observation(inf, low=-inf, high=inf),
        day=Observation(date(2026, 10, 31), as_of=date(2026, 10, 1)),
        series=Observation((1.0, inf)),
        money=Observation(5.0),
        word=Observation("flat"),
        answer=Observation(True),
    )
    assert found["exact"]["value"] == 0.30000000000000004
    assert (found["endless"]["value"], found["endless"]["low"]) == ("infinite", "-infinite")
    assert (found["day"]["value"], found["day"]["as_of"]) == ("2026-10-31", "2026-10-01")
    assert found["series"]["value"] == [1.0, "infinite"]
    assert (found["money"]["currency"], found["exact"]["currency"]) == ("USD", "")
    assert found["word"]["value"] == "flat"
    assert found["answer"]["value"] is True


def test_a_policy_set_without_a_share_has_none() -> None:
    assert to_plain(replace(HELD_BACK, share_fact="", share_of=""), POLICY)["share"] is None


def test_what_is_no_number_is_no_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        render(replace(HELD_BACK, score_low=nan, coverage=nan), POLICY)


def test_texts_stay_as_they_are_and_nothing_reaches_a_terminal() -> None:
    company = 'Müller "北京"\n\x1b[2J \x9b \u202e \ud800 \U000e0041'
    shown = render(replace(HELD_BACK, company=company), POLICY)
    assert not any(is_hidden(character) for character in shown.replace("\n", ""))
    assert 'Müller \\"北京\\"' in shown
    assert json.loads(shown)["company"] == company


def test_the_same_answer_gives_the_same_text() -> None:
    turned = dict(reversed(list(HELD_BACK.facts.items())))
    assert render(replace(HELD_BACK, facts=turned), POLICY) == render(HELD_BACK, POLICY)

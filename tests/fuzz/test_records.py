"""Records with parts taken out, doubled, cut and replaced at random, their digests made anew: every one ends in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.decision import Run, read_record
from engine.diagnostics import SteelyardError
from engine.fingerprint import plain_digest, text_digest
from engine.render.replay import render, render_json
from engine.replay import replay
from engine.session import Engine
from tests.test_records import CATALOGUE, INDICATOR, SET, recorded

COMPANY = """\
company: Acme
as_of: 2026-10-31
currency: USD
facts:
  demand.known: {value: 42, source: CRM, by: A. Miller}
  demand.kind: large
  demand.price: 5
"""
VALUES: list[Any] = [None, 0, -1, 1e300, "", True, "infinite", "\ud83d", [], {}, "9999-12-31", 10**30, [1], "layer"]
CASES = 60


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Any:
    place = tmp_path_factory.mktemp("record")
    for name, text in (("facts", CATALOGUE), ("policyset", SET), ("demand", INDICATOR), ("company", COMPANY)):
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    run = Run(str(place), "company.yaml", ("demand.gone=3",))
    path = recorded(place, place / "company.yaml", str(place), run)
    return json.loads(path.read_text(encoding="utf-8"))


def ways(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part but the whole."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if way:
        yield way
    for key, part in parts:
        yield from ways(part, (*way, key))


def mutated(value: Any, random: Random) -> Any:
    """Another value in place of one."""
    if isinstance(value, str) and value and random.random() < 0.6:
        lines = value.split("\n")
        place = random.randrange(len(lines))
        lines[place : place + 1] = random.choice(
            ([], lines[place : place + 1] * 2, [lines[place][: len(lines[place]) // 2]])
        )
        return "\n".join(lines)
    return value * 2 if isinstance(value, list) and random.random() < 0.3 else random.choice(VALUES)


def mutate(told: Any, way: tuple[Any, ...], random: Random) -> None:
    part = told
    for step in way[:-1]:
        part = part[step]
    if random.random() < 0.2:
        part.pop(way[-1])
    else:
        part[way[-1]] = mutated(part[way[-1]], random)


def covered_up(told: Any) -> str:
    """The record with every digest that can be made made anew."""
    files = [told.get("company"), *((told.get("policy") or {}).get("files") or [])]
    for file in files:
        if isinstance(file, dict) and isinstance(file.get("text"), str):
            file["digest"] = text_digest(file["text"])
    told.pop("seal", None)
    return json.dumps({**told, "seal": plain_digest(told)})


@pytest.mark.parametrize("seed", range(6))
def test_a_record_that_was_changed_at_random_ends_in_words(seed: int, record: Any, tmp_path: Path) -> None:
    random = Random(seed)
    every = [*ways(record)]
    path = tmp_path / "record.json"
    ended = {"refused": 0, "same": 0, "different": 0}
    for _ in range(CASES):
        told = json.loads(json.dumps(record))
        mutate(told, random.choice(every), random)
        path.write_text(covered_up(told), encoding="utf-8")
        try:
            found = replay(read_record(path), Engine.REFERENCE)
        except SteelyardError:
            ended["refused"] += 1
            continue
        assert render(found, judged=False)
        assert render(found, judged=True)
        assert json.loads(render_json(found, judged=False))["reproduced"] == found.reproduced
        ended["same" if found.reproduced else "different"] += 1
    assert all(ended.values()), ended

"""The digest of a policy set: another notation does not change it, another meaning does."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine import shipped
from engine.diagnostics import SteelyardError
from engine.document import plain, read
from engine.fingerprint import plain_digest, policy_digest, text_digest
from engine.loader import load
from engine.policy import PolicySet
from engine.session import open_policy
from tests.differential.campaign import made as generated
from tests.differential.documents import Documents, Layer
from tests.differential.writing import folder, sources

DAY = date(2026, 11, 26)


def shipped_documents() -> Documents:
    """The shipped policy set as plain data."""
    place = shipped.policies() / "sales-focus"
    files: dict[str, Any] = {path.stem: plain(read(path)) for path in place.glob("*.yaml")}
    indicators = {name: files[name] for name in files["policyset"]["indicators"]}
    return Documents(files["policyset"], files["facts"], indicators)


def built(made: Documents) -> PolicySet:
    return load(sources(made)).policy


@pytest.mark.parametrize("seed", range(12))
def test_notation_does_not_count(seed: int, tmp_path: Path) -> None:
    """Keys in any order, flow and block, numbers and texts in any of their spellings, read from files or never written."""
    random = Random(f"fingerprint {seed}")
    made = generated(random, seed % 6 == 2, seed % 4 == 1)
    digests = {policy_digest(built(made))}
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".git").mkdir()
        digests.add(policy_digest(open_policy(str(folder(made, tmp_path / name, random)), DAY).policy))
    assert len(digests) == 1


def test_comments_and_layout_do_not_count(tmp_path: Path) -> None:
    before = policy_digest(open_policy("steelyard:sales-focus", DAY).policy)
    for path in (shipped.policies() / "sales-focus").glob("*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        text = "\r\n".join(
            ["\ufeff# another first line", *(f"{line}   # why" if line.endswith(":") else line for line in lines)]
        )
        (tmp_path / path.name).write_bytes(f"{text}\r\n".encode())
    assert policy_digest(open_policy(str(tmp_path), DAY).policy) == before


def test_a_formula_may_be_spaced_as_one_likes() -> None:
    made = shipped_documents()
    before = policy_digest(built(made))
    entry: Any = made.catalogue["facts"]
    name = next(name for name, fact in entry.items() if " - " in fact.get("formula", ""))
    entry[name]["formula"] = f"({entry[name]['formula'].replace(' - ', '   -  ')})"
    assert policy_digest(built(made)) == before
    entry[name]["formula"] = entry[name]["formula"].replace("   -  ", " + ")
    assert policy_digest(built(made)) != before


def test_who_wrote_a_value_does_not_count() -> None:
    """A layer, and the same changes made in the set itself."""
    made = shipped_documents()
    layer: Any = {
        "policyset": "acme",
        "title": "Acme",
        "version": "0.1.0",
        "extends": "steelyard:sales-focus",
        "indicators": {
            "stagnant-conversion": {
                "weight": 25,
                "because": "they doubt it",
                "parameters": {"steady_leads": {"value": 12, "because": "few accounts"}},
            }
        },
    }
    flat = deepcopy(made)
    policyset: Any = flat.policyset
    policyset.update(policyset="acme", title="Acme", version="0.1.0")
    policyset["indicators"]["stagnant-conversion"].update(weight=25, because="they doubt it")
    parameter: Any = flat.indicators["stagnant-conversion"]["parameters"]
    parameter["steady_leads"].update(value=12, because="few accounts", grade="J")
    layered = built(replace(made, layers=(Layer(layer),)))
    assert layered.changed == 2
    assert policy_digest(layered) == policy_digest(built(flat))
    assert policy_digest(layered) != policy_digest(built(made))


# ---- every change of meaning


def leaves(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every scalar."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, dict | list):
        yield way
    for key, part in parts:
        yield from leaves(part, (*way, key))


def other(value: Any) -> Any:
    """Another scalar of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value}x" if isinstance(value, str) else "x"


def changed(document: Any, way: tuple[Any, ...]) -> Any:
    changed = deepcopy(document)
    part = changed
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = other(part[way[-1]])
    return changed


FILES_ONLY = [("facts",), ("indicator",)]
"""Where the catalogue is, and the name of an indicator in its own file, which is that of the set or refused."""


@pytest.mark.parametrize("part", range(8))
def test_every_change_of_meaning_counts(part: int) -> None:
    """Scalars of the shipped set, one at a time; what loading refuses means nothing."""
    made = shipped_documents()
    before = policy_digest(built(made))
    parts = {"policyset": made.policyset, "catalogue": made.catalogue, **made.indicators}
    ways = [(name, way) for name, document in parts.items() for way in leaves(document)]
    assert len(ways) > 2500
    tried = 0
    unchanged = []
    for name, way in Random(part).sample(ways, 40):
        document = changed(parts[name], way)
        if name in made.indicators:
            variant = replace(made, indicators={**made.indicators, name: document})
        else:
            variant = replace(made, **{name: document})
        try:
            policy = built(variant)
        except (SteelyardError, ValueError, KeyError, AssertionError):
            # a name that leads nowhere, or a shape that its schema would have refused before
            continue
        tried += 1
        if policy_digest(policy) == before and way not in FILES_ONLY and way[-1] != "file":
            unchanged.append((name, way))
    assert unchanged == []
    assert tried > 20


def test_the_digest_of_the_bytes_of_a_file() -> None:
    assert text_digest("abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_plain_data_whatever_its_order_and_its_numbers() -> None:
    assert plain_digest({"a": 1, "b": [0.0, True]}) == plain_digest({"b": [-0.0, True], "a": 1.0})
    assert plain_digest({"a": 1}) != plain_digest({"a": True})
    assert plain_digest([1, 2]) != plain_digest([2, 1])
    assert plain_digest({"a": "1"}) != plain_digest({"a": 1})

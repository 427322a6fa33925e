"""What is promised of every document: the same data, every comment where it was, keys in order, and nothing left to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import count
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnostics import LoadError
from engine.document import Plain, parse, plain
from engine.formatting.form import formatted
from engine.schema import document as schema
from engine.schema import validate
from tests.differential.layers import layered
from tests.formatting.random_text import Writer, data

SEEDS = st.integers(min_value=0, max_value=2**32)
COMMENT = re.compile(r"# c[0-9]+\.")


def exact(value: Plain) -> str:
    """Data as a text in which the order of keys does not count, and 1 is not 1.0."""
    return json.dumps(value, sort_keys=True)


def form(text: str) -> str:
    return formatted(text.encode("utf-8"), "x.yaml")


def reads(text: str) -> bool:
    try:
        parse(text, "x.yaml")
    except LoadError:
        return False
    return True


@settings(max_examples=250, deadline=None)
@given(SEEDS)
def test_any_document_keeps_its_data_and_its_comments(seed: int) -> None:
    random = Random(seed)
    text = Writer(random, random.choice((0, 0.1, 0.3, 0.5))).document(data(random, random.randint(1, 4)))
    if not reads(text):
        # a tab too many, or an alias before its anchor: one in fifty
        return
    result = form(text)
    assert exact(plain(parse(result, "x.yaml"))) == exact(plain(parse(text, "x.yaml")))
    assert sorted(COMMENT.findall(result)) == sorted(COMMENT.findall(text))
    assert form(result) == result
    assert form(text.replace("\n", "\r\n")) == result


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_keys_of_our_files_stand_in_the_order_of_the_schema(seed: int) -> None:
    random = Random(seed)
    for kind, whole in ours(random):
        mixed = shuffled(whole, random)
        text = Writer(random, 0.2, repeated=0).document(mixed)
        if not reads(text):
            continue
        result = form(text)
        found = plain(parse(result, "x.yaml"))
        assert exact(found) == exact(mixed)
        assert in_order(found) == in_order(ordered(mixed, schema(kind), schema(kind)))
        assert validate(parse(result, "x.yaml"), kind) == ()


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_a_comment_stays_beside_its_key(seed: int) -> None:
    random = Random(seed)
    for _, whole in ours(random):
        written = labelled(shuffled(whole, random), 0, random, count())
        lines = form("\n".join(["# head", "", *written])).splitlines()
        seen = 0
        for number, line in enumerate(lines):
            if above := re.fullmatch(r" *# above ([0-9]+)", line):
                following = next(other for other in lines[number:] if other.strip() and other.lstrip()[0] != "#")
                assert following.endswith(f"  # beside {above[1]}")
                seen += 1
        assert seen == sum("# beside" in line for line in lines) > 0


def ours(random: Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """The files of a random policy set and of a layer over it, with what `set` writes."""
    found = layered(random)
    yield "policyset", found.policyset
    yield "facts", found.catalogue
    yield from (("indicator", indicator) for indicator in found.indicators.values())
    for layer in found.layers:
        yield "policyset", layer.policyset
        if layer.catalogue.get("facts"):
            yield "facts-layer", layer.catalogue
        yield from (("indicator", indicator) for indicator in layer.indicators.values())


def shuffled(value: Any, random: Random) -> Any:
    if isinstance(value, dict):
        return {key: shuffled(value[key], random) for key in random.sample(list(value), len(value))}
    return [shuffled(item, random) for item in value] if isinstance(value, list) else value


def in_order(value: Any) -> str:
    """Data as a text in which the order of keys counts."""
    return json.dumps(value)


def ordered(value: Any, part: Any, whole: Mapping[str, Any]) -> Any:
    """Data with its keys in the order of a schema: written a second time, to judge the first."""
    while "$ref" in part:
        part = whole["$defs"][part["$ref"].removeprefix("#/$defs/")]
    if isinstance(value, list):
        return [ordered(item, part.get("items", {}), whole) for item in value]
    if not isinstance(value, dict):
        return value
    if "properties" not in part and "then" in part:
        return ordered(value, part["then"] if "extends" in value else part["else"], whole)
    known = part.get("properties", {})
    keys = [key for key in known if key in value] + [key for key in value if key not in known]
    others = part.get("additionalProperties") or {}
    return {key: ordered(value[key], known.get(key, others), whole) for key in keys}


def labelled(value: Any, column: int, random: Random, numbers: Iterator[int]) -> Iterator[str]:
    """A mapping by indentation, a comment above every key and behind it."""
    writer = Writer(random, 0, repeated=0)
    for key, child in value.items():
        number = next(numbers)
        yield f"{'':{column}}# above {number}"
        if isinstance(child, dict) and child and random.random() < 0.7:
            yield f"{'':{column}}{key}:  # beside {number}"
            yield from labelled(child, column + 3, random, numbers)
        else:
            shown = writer.flow(child, 0) if isinstance(child, (dict, list)) else writer.scalar(child, 0, True)
            yield f"{'':{column}}{key}: {' '.join(shown.split())}  # beside {number}"

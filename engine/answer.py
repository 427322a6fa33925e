"""What can differ between two answers: verdict, score, coverage, gates, indicators and evidence, read from evaluations as published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

SAME = 1e-9
"""Numbers that lie no further apart are the same."""


class Part(StrEnum):
    """The parts of an answer, in the order in which they are told."""

    VERDICT = "verdict"
    SCORE = "score"
    COVERAGE = "coverage"
    GATE = "gate"
    INDICATOR = "indicator"
    EVIDENCE = "evidence"
    FACT = "fact"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that an answer says. `value` is plain data; `title` is for people."""

    title: str
    value: Any


Items: TypeAlias = Mapping[tuple[Part, str], Item]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two answers do not say alike; an item that one of them does not have is None."""

    part: Part
    name: str
    title: str
    then: Any
    now: Any


def items(evaluation: Mapping[str, Any]) -> Items:
    """Everything that an evaluation, as published, says and another may say otherwise."""
    return {(part, name): item for part, name, item in _items(evaluation)}


def _items(evaluation: Mapping[str, Any]) -> Iterator[tuple[Part, str, Item]]:
    yield Part.VERDICT, "", Item("verdict", {key: evaluation["verdict"][key] for key in VERDICT})
    yield Part.SCORE, "", Item("score", {key: evaluation["score"][key] for key in ("value", "low", "high")})
    yield Part.COVERAGE, "", Item("known", evaluation["coverage"]["known"])
    for gate in evaluation["gates"]:
        yield Part.GATE, gate["id"], Item(gate["title"], {"state": gate["state"], "cap": gate["cap"]})
    for indicator in evaluation["indicators"]:
        said = {"state": indicator["state"], "strength": indicator["strength"]}
        yield Part.INDICATOR, indicator["id"], Item(indicator["title"], said)
    for item in (item for indicator in evaluation["indicators"] for item in indicator["evidence"]):
        title = f"{item['code']} {item['title']}".strip()
        yield Part.EVIDENCE, item["id"], Item(title, {"outcome": item["outcome"]})


VERDICT = ("id", "headline", "move", "band", "band_title", "held_by", "settled", "why_insufficient")


def facts(told: Mapping[str, Any]) -> Items:
    """The facts of a record as items."""
    return {(Part.FACT, name): Item(name, fact) for name, fact in told.items()}


def differences(then: Items, now: Items) -> tuple[Difference, ...]:
    """Everything that is not said alike, in the order of `Part`; numbers within `SAME` are alike."""
    found = [
        Difference(key[0], key[1], _title(then.get(key), now.get(key)), _value(then.get(key)), _value(now.get(key)))
        for key in {**then, **now}
        if not same(_value(then.get(key)), _value(now.get(key)))
    ]
    order = list(Part)
    return tuple(sorted(found, key=lambda difference: order.index(difference.part)))


def _title(then: Item | None, now: Item | None) -> str:
    item = now or then
    return item.title if item is not None else ""


def _value(item: Item | None) -> Any:
    return item.value if item is not None else None


def same(one: Any, other: Any) -> bool:
    """Whether plain data is the same, numbers to within `SAME`."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if _is_number(one) and _is_number(other):
        return bool(abs(one - other) <= SAME * max(1.0, abs(one), abs(other)))
    return bool(one == other and isinstance(one, bool) == isinstance(other, bool))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""Documents as nodes without a text, and as YAML in many notations, with the keys in any order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random

from engine.diagnostics import Span
from engine.document import Fields, Items, Node, Plain, Value
from engine.facts import Facts, Observation, RawValue
from engine.source import Overlay, Sources

from .documents import Documents

ORDERED = frozenset({"indicators", "actions", "facts"})
"""Mappings whose order is shown: indicators as listed, actions as planned, facts as asked for where they are worth the same."""
NOWHERE = Span("generated")


def node(plain: Plain) -> Node:
    """The node that reading a document would give."""
    if isinstance(plain, dict):
        return fields(plain)
    if isinstance(plain, list):
        return Items(tuple(map(node, plain)), NOWHERE)
    return Value(plain, NOWHERE, plain if isinstance(plain, str) else json.dumps(plain))


def fields(plain: Mapping[str, Plain]) -> Fields:
    """The node of a mapping."""
    return Fields({key: node(value) for key, value in plain.items()}, dict.fromkeys(plain, NOWHERE), NOWHERE)


def sources(documents: Documents) -> Sources:
    """What reading the files would give."""
    indicators = {name: fields(plain) for name, plain in documents.indicators.items()}
    layers = () if documents.layer is None else (Overlay(fields(documents.layer)),)
    return Sources(fields(documents.policyset), fields(documents.catalogue), indicators, layers, documents.only)


def yaml(plain: Plain, random: Random, key: str = "") -> str:
    """YAML that means the same: flow style, keys shuffled, numbers and texts in one of their notations."""
    if isinstance(plain, dict):
        keys = list(plain) if key in ORDERED else random.sample(list(plain), len(plain))
        return "{" + ", ".join(f"{_text(k, random)}: {yaml(plain[k], random, k)}" for k in keys) + "}"
    if isinstance(plain, list):
        return "[" + ", ".join(yaml(item, random) for item in plain) + "]"
    if isinstance(plain, float):
        # three decimals could be thousands, and a company file that has them is asked which it means
        short = f"{plain!r}0" if repr(plain)[-4:-3] == "." else repr(plain)
        return random.choice((short, f"{plain:.17e}", short.replace("e", "E")))
    return _text(plain, random) if isinstance(plain, str) else json.dumps(plain)


def _text(text: str, random: Random) -> str:
    if text.replace("-", "").isascii() and text.replace("-", "").isalpha() and text not in ("true", "false", "null"):
        return random.choice((text, f'"{text}"', f"'{text}'"))
    return json.dumps(text, ensure_ascii=random.random() < 0.5 and text.isascii())


def block(plain: Mapping[str, Plain], random: Random) -> str:
    """A whole document, one line for each key of the top."""
    return "".join(f"{key}: {yaml(plain[key], random, key)}\n" for key in random.sample(list(plain), len(plain)))


def folder(documents: Documents, place: Path, random: Random) -> Path:
    """Writes a policy set into a folder, its files in any order; what `--policy` would name."""
    base = place / "base"
    files = {"policyset": documents.policyset, "facts": documents.catalogue, **documents.indicators}
    base.mkdir(parents=True)
    for name in random.sample(list(files), len(files)):
        (base / f"{name}.yaml").write_text(block(files[name], random), encoding="utf-8")
    if documents.layer is not None:
        (place / "client").mkdir()
        (place / "client" / "policyset.yaml").write_text(block(documents.layer, random), encoding="utf-8")
        return place / "client"
    return base / f"{documents.only}.yaml" if documents.only else base


def company(facts: Facts, random: Random) -> str:
    """The file of a company that states these facts, in any order."""
    names = random.sample(list(facts), len(facts))
    stated: Plain = {name: _stated(facts[name]) for name in names}
    about: dict[str, Plain] = {"company": "Zufall 随机 & Söhne", "as_of": "2026-10-31", "currency": "EUR"}
    return block({**about, "facts": stated}, random)


def _stated(observation: Observation) -> Plain:
    value = _scalar(observation.value)
    if observation.trials is not None:
        return {"successes": observation.successes, "trials": observation.trials}
    return {"value": value, "low": observation.low, "high": observation.high} if observation.has_interval else value


def _scalar(value: RawValue) -> Plain:
    if isinstance(value, tuple):
        return [*value]
    return value.isoformat() if isinstance(value, date) else value

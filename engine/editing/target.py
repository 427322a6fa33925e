"""A name as somebody types it -> the file and the entry in which its value stands, or would stand in a client's layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..diagnostics import Diagnostic, LoadError, did_you_mean
from ..document import Node
from ..fields import entries, get, items, scalar_text, text
from ..place import Place
from ..policy import Layer, PolicySet
from ..source import Overlay, Sources
from ..texts import display_parameter
from .splicing import Item

WEIGHT = "weight:"
"""Begins the name of a weight: `weight:stagnant-conversion`, `weight:stagnant-conversion.volume`."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that can be set: its full name and what it is now, in every layer."""

    name: str
    unit: str
    layers: tuple[Layer, ...]
    shown: str

    @property
    def is_weight(self) -> bool:
        return self.name.startswith(WEIGHT)

    @property
    def key(self) -> str:
        """The key that holds it in its entry."""
        return "weight" if self.is_weight else "value"

    def below(self, layer: str) -> str:
        """What the sets under a layer say, as it is written there; empty where they have no such thing."""
        return next((one.value for one in reversed(self.layers) if one.name != layer and one.value), "")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a value stands: a file, the kind of that file, the indicator whose file it is, and the way to the entry."""

    path: Path
    name: str
    kind: str
    indicator: str
    entry: tuple[str | Item, ...]


def values(policy: PolicySet) -> dict[str, Value]:
    """Everything that can be set, by full name."""
    found = [Value(p.name, p.unit, p.layers, display_parameter(p.value, p.unit)) for p in policy.parameters.values()]
    weights = [(i.name, i.weight) for i in policy.indicators] + [(e.name, e.weight) for e in policy.evidence]
    found += [Value(f"{WEIGHT}{name}", "weight", w.layers, f"{w.value:g}") for name, w in weights]
    return {value.name: value for value in found}


def own_layer(sources: Sources) -> Overlay | None:
    """The layer that was named, where the set is one."""
    return sources.layers[-1] if sources.layers else None


def left_over(sources: Sources, known: dict[str, Value]) -> dict[str, Value]:
    """What the layer changes although its base has it no more: that can only be taken out."""
    layer = own_layer(sources)
    if layer is None:
        return {}
    name, written = text(layer.policyset, "policyset"), dict(_written(layer.policyset))
    return {key: Value(key, "", (Layer(name, value),), value) for key, value in written.items() if key not in known}


def _written(layer: Node) -> Iterator[tuple[str, str]]:
    """The values that a layer writes over those of its base, by full name."""
    for name, _, entry in entries(layer, "parameters"):
        yield name, _scalar(entry, "value")
    for indicator, _, changed in entries(layer, "indicators"):
        for name, _, entry in entries(changed, "parameters"):
            yield f"{indicator}.{name}", _scalar(entry, "value")
        if get(changed, "weight") is not None:
            yield f"{WEIGHT}{indicator}", _scalar(changed, "weight")
        for item in items(changed, "evidence"):
            if get(item, "weight") is not None:
                yield f"{WEIGHT}{indicator}.{text(item, 'id')}", _scalar(item, "weight")


def _scalar(entry: Node, key: str) -> str:
    found = get(entry, key)
    return "" if found is None else scalar_text(found)


def named(given: str, known: dict[str, Value]) -> Value:
    """The value meant by a full name, or by its last part where there is only one. Raises LoadError."""
    wanted = given.removeprefix("$")
    if wanted in known:
        return known[wanted]
    is_weight, bare = wanted.startswith(WEIGHT), wanted.removeprefix(WEIGHT)
    found = [
        name
        for name in known
        if name.startswith(WEIGHT) >= is_weight and f".{name.removeprefix(WEIGHT)}".endswith(f".{bare}") and bare
    ]
    if len(found) == 1:
        return known[found[0]]
    if found:
        hint = f"write one of: {', '.join(found[:6])}"
        raise LoadError([Diagnostic("ambiguous-name", f"`{given}` is the name of {len(found)} values", None, hint)])
    hint = did_you_mean(wanted, known) or did_you_mean(f"{WEIGHT}{wanted}", known) or _nearest_bare(bare, known)
    what = "weight" if is_weight else "parameter or weight"
    raise LoadError([Diagnostic("unknown-value", f"there is no {what} `{given}`", None, hint)])


def _nearest_bare(bare: str, known: dict[str, Value]) -> str:
    return did_you_mean(bare, {name.rpartition(".")[2] for name in known}) or "run `steelyard show` to see every name"


def target(value: Value, place: Place, sources: Sources) -> Target:
    """Where a value is to be written: in the layer, or in a set of its own where it stands."""
    owner, _, own = value.name.removeprefix(WEIGHT).rpartition(".")
    if not value.is_weight:
        indicator, entry = owner, _steps("parameters", own)
    elif owner:
        indicator, entry = owner, _steps("evidence", Item(own))
    else:
        indicator, entry = own, ()
    inside = _steps("indicators", indicator, *entry) if indicator else entry
    layer = own_layer(sources)
    if not entry or not indicator or (layer is not None and indicator not in layer.indicators):
        return Target(place.path, place.name, "policyset", "", inside)
    listed = get(layer.policyset if layer is not None else sources.policyset, "indicators")
    described = get(listed, indicator) if listed is not None else None
    file = place.beside(text(described, "file") if described is not None else "")
    return Target(file.path, file.name, "indicator", indicator, entry)


def _steps(*steps: str | Item) -> tuple[str | Item, ...]:
    return steps

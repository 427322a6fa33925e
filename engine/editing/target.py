"""A name as somebody types it -> the file and the entry in which its value stands, or would stand in a client's layer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ..diagnostics import Diagnostic, LoadError, did_you_mean
from ..fields import get, scalar_text, text
from ..layering import Override, overrides_of
from ..policy import Layer, PolicySet
from ..source import Place, Sources
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

    @property
    def base(self) -> str:
        """What the base says, as it is written there."""
        return self.layers[0].value


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


def left_over(sources: Sources, known: dict[str, Value]) -> dict[str, Value]:
    """What the layer changes although its base has it no more: that can only be taken out."""
    if sources.layer is None:
        return {}
    overrides, _ = overrides_of(sources.layer)
    found = [
        *overrides.parameters.values(),
        *(replace(o, name=f"{WEIGHT}{o.name}") for o in overrides.weights.values()),
    ]
    return {o.name: _only_here(o) for o in found if o.name not in known}


def _only_here(override: Override) -> Value:
    written = scalar_text(override.node) if override.node is not None else ""
    return Value(override.name, "", (Layer(override.layer, written),), written)


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
    if sources.layer is not None or not entry:
        return Target(place.path, place.name, "policyset", "", inside)
    if not indicator:
        return Target(place.path, place.name, "policyset", "", entry)
    listed = get(sources.policyset, "indicators")
    described = get(listed, indicator) if listed is not None else None
    file = place.beside(text(described, "file") if described is not None else "")
    return Target(file.path, file.name, "indicator", indicator, entry)


def _steps(*steps: str | Item) -> tuple[str | Item, ...]:
    return steps

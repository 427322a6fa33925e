"""Layers mean what they mean on plain data: over random policy sets, one layer at a time or all in one."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from engine.diagnostics import SteelyardError
from engine.loader import load
from engine.origins import origins
from engine.policy import Evidence, Indicator, PolicySet
from engine.policy import Layer as Written

from .documents import Documents, Layer, documents
from .layers import flattened, joined, layered, over, parted
from .writing import sources

SEEDS = range(150)


def bare(policy: PolicySet) -> PolicySet:
    """What a policy set says, without who said it."""
    return replace(
        policy,
        layers=(),
        changed=0,
        parameters={name: replace(parameter, layers=()) for name, parameter in policy.parameters.items()},
        indicators=tuple(_indicator(indicator) for indicator in policy.indicators),
    )


def _indicator(indicator: Indicator) -> Indicator:
    weight = replace(indicator.weight, layers=(), because="")
    return replace(indicator, weight=weight, evidence=tuple(map(_evidence, indicator.evidence)))


def _evidence(item: Evidence) -> Evidence:
    return replace(item, weight=replace(item.weight, layers=(), because=""))


def loaded(made: Documents) -> PolicySet:
    return load(sources(made)).policy


@pytest.mark.parametrize("seed", SEEDS)
def test_layers_mean_the_set_in_one_piece(seed: int) -> None:
    made = layered(Random(f"layers {seed}"))
    assert bare(loaded(made)) == bare(loaded(flattened(made)))


@pytest.mark.parametrize("seed", SEEDS[:50])
def test_it_does_not_matter_where_a_stack_is_cut(seed: int) -> None:
    made = layered(Random(f"layers {seed}"))
    whole = bare(loaded(made))
    tree = joined(made)
    for n, layer in enumerate(made.layers, start=1):
        tree = over(tree, layer)
        assert bare(loaded(replace(parted(tree, made), layers=made.layers[n:]))) == whole


@pytest.mark.parametrize("seed", SEEDS[:30])
def test_a_layer_that_changes_nothing_gives_the_same_set(seed: int) -> None:
    made = documents(Random(f"layers {seed}"))
    nothing = Layer({"policyset": "client", "title": "Client", "version": "0.1.0", "extends": "../base"})
    found, alone = loaded(replace(made, layers=(nothing, nothing))), loaded(made)
    assert (found.name, found.title, found.version, found.changed) == ("client", "Client", "0.1.0", 0)
    assert [layer.name for layer in found.layers] == ["random-set", "client", "client"]
    assert replace(found, name=alone.name, title=alone.title, version=alone.version, layers=alone.layers) == alone


@pytest.mark.parametrize("seed", SEEDS[:50])
def test_every_value_has_an_origin_and_the_last_one_is_what_is_there(seed: int) -> None:
    made = layered(Random(f"layers {seed}"))
    documents_under_layers = load(sources(made)).documents
    names = {"random-set", *(str(layer.policyset["policyset"]) for layer in made.layers)}
    told = origins(documents_under_layers)
    assert len({origin.way for origin in told}) == len(told)
    assert all(layer.name in names for origin in told for layer in origin.layers)
    one_piece = {o.way: o for o in origins(load(sources(flattened(made))).documents)}
    there = {origin.way: origin for origin in told if origin.layers[-1].value != "removed"}
    assert {way: last(origin.layers) for way, origin in there.items()} == {
        way: last(origin.layers) for way, origin in one_piece.items()
    }


def last(written: tuple[Written, ...]) -> str:
    return next((layer.value for layer in reversed(written) if layer.value), "")


def test_the_random_layers_do_everything() -> None:
    """A property over layers that do nothing would say little."""
    done: set[tuple[str, str]] = set()
    refused = 0
    for seed in SEEDS:
        try:
            done |= {(change.done, change.kind) for change in loaded(layered(Random(f"layers {seed}"))).changes}
        except SteelyardError:
            refused += 1
    kinds = {"parameter", "fact", "signal", "case", "evidence", "indicator", "band", "gate", "reading", "adjustment"}
    assert {kind for what, kind in done if what == "changed"} >= kinds | {"setting", "plan"}
    assert {kind for what, kind in done if what == "added"} >= {"fact", "case", "evidence", "indicator", "gate"}
    assert {kind for what, kind in done if what == "removed"} >= {"gate", "reading", "adjustment"}
    assert {kind for what, kind in done if what == "replaced"} >= {"gate", "case"}
    assert refused == 0

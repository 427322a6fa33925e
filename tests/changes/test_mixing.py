"""A policy set with some changes made: every threshold has the value that its parameter has there."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.changes import Mixer, compare, groups_of
from engine.policy import PolicySet
from tests.changes.example import opened

Edit = tuple[str, str, str]
EDITS: dict[str, tuple[Edit, ...]] = {
    "a threshold of a case": (("demand", "value: 1%", "value: 2%"),),
    "a threshold of a signal": (("demand", "value: 30", "value: 20"),),
    "a threshold of a gate": (("policyset", "value: 6,", "value: 9,"),),
    "an end of a verdict": (("policyset", "value: 25,", "value: 30,"),),
    "a weight": (("demand", "weight: 30", "weight: 10"),),
    "ends of bands": (("handling", "up_to: 24", "up_to: 48"),),
    "a case that is new": (
        ("demand", "outcome: -0.5}", "outcome: -0.5}\n      - {when: {fact: leads.count, below: 5}, outcome: 0.25}"),
    ),
    "a verdict that is new": (
        (
            "policyset",
            "  - {id: shift, title: Shift to sales, move: [10, 20]}",
            "  - {id: shift, title: Shift, below: 90, move: [10, 20]}\n  - {id: all, title: All, move: [20, 30]}",
        ),
    ),
    "a fact with other bounds": (
        ("facts", 'How long until an answer?", min: 0', 'How long until an answer?", min: 0, max: 900'),
    ),
    "a move": (("policyset", "move: [5, 10]", "move: [5, 15]"),),
    "an indicator that goes": (
        ("policyset", "  handling: {file: handling.yaml, weight: 40, because: it comes second}\n", ""),
    ),
}


def same(one: PolicySet, other: PolicySet) -> bool:
    """Whether two policy sets are the same in everything that a company is judged by."""
    fields = ("indicators", "bands", "signals", "adjustments", "gates", "readings", "catalogue")
    settings = ("required_coverage", "assessed_at", "supports_at", "currency")
    return all(getattr(one, name) == getattr(other, name) for name in (*fields, *settings))


@pytest.mark.parametrize("edits", EDITS.values(), ids=EDITS)
def test_all_made_is_the_new_policy_set_and_none_the_old(tmp_path: Path, edits: tuple[Edit, ...]) -> None:
    old, new = opened(tmp_path / "old"), opened(tmp_path / "new", *edits)
    compared = compare(old, new)
    mixer = Mixer.of(compared)
    everything = frozenset(slot for group in groups_of(compared) for slot in group.slots)
    assert same(mixer.mix(frozenset()), old)
    assert same(mixer.mix(everything), new)
    assert not same(old, new)


def test_one_of_two_edits(tmp_path: Path) -> None:
    case, gate = EDITS["a threshold of a case"][0], EDITS["a threshold of a gate"][0]
    compared = compare(opened(tmp_path / "old"), opened(tmp_path / "new", case, gate))
    mixer = Mixer.of(compared)
    for group, alone in zip(groups_of(compared), (gate, case), strict=True):
        assert same(mixer.mix(group.slots), opened(tmp_path / alone[0] / "alone", alone))


def test_ends_that_would_stand_out_of_order_are_one_edit(tmp_path: Path) -> None:
    edits = (("policyset", "value: 25,", "value: 70,"), ("policyset", "value: 60,", "value: 80,"))
    compared = compare(opened(tmp_path / "old"), opened(tmp_path / "new", *edits))
    assert [[change.name for change in group.changes] for group in groups_of(compared)] == [["tilt_from", "shift_from"]]


def test_what_is_called_and_what_calls_it_are_one_edit(tmp_path: Path) -> None:
    edits = (
        ("demand", "signals:\n", "signals:\n  - {id: few, says: few leads, when: {fact: leads.count, below: 10}}\n"),
        ("demand", "- {when: {signal: many}, outcome: -0.5}", "- {when: {not: {signal: few}}, outcome: -0.5}"),
        ("demand", "weight: 50", "weight: 55"),
    )
    compared = compare(opened(tmp_path / "old"), opened(tmp_path / "new", *edits))
    found = [sorted(change.name for change in group.changes) for group in groups_of(compared)]
    assert sorted(found) == [["demand.few", "demand.rate.2"], ["demand.trend"]]

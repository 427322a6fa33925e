"""Layers over the shipped set, and what is remembered of them; tests/differential/test_layers.py has the random ones."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from engine.diagnostics import SteelyardError
from engine.origins import origins
from engine.policy import Case, Gate, PolicySet
from engine.session import Opened, open_policy
from engine.shapes import ACTION, BAND, CASE, EVIDENCE, FACT, GATE, INDICATOR, PARAMETER, PHASE, RANGE, READING, SIGNAL
from engine.shipped import schemas

TODAY = date(2026, 10, 31)
HEAD = "policyset: {name}\ntitle: {name}\nversion: 1.0.0\nextends: {extends}\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def layer(name: str, text: str, extends: str = "steelyard:sales-focus") -> None:
    Path(name).mkdir()
    (Path(name) / "policyset.yaml").write_text(HEAD.format(name=name, extends=extends) + text, encoding="utf-8")


def opened(name: str, *tried: str) -> Opened:
    return open_policy(name, TODAY, tried)


def required(name: str, *way: str) -> set[str]:
    node = json.loads((schemas() / f"{name}.schema.json").read_text(encoding="utf-8"))
    for step in way:
        node = node[step]
    return set(node["required"])


def gate(policy: PolicySet, name: str) -> Gate:
    return next(gate for gate in policy.gates if gate.name == name)


def case(policy: PolicySet, name: str) -> Case:
    return next(case for item in policy.evidence for case in item.cases if case.name == name)


@pytest.mark.usefixtures("place")
def test_what_a_gate_and_a_case_say_of_themselves_stays_and_their_grade_does_not() -> None:
    layer(
        "client",
        """\
gates: [{id: G1, cap_move: 3, because: the board insists}]
indicators:
  stagnant-conversion:
    evidence:
      - id: first-response
        cases: [{id: late, outcome: 0.75, because: they answer by letter}]
""",
    )
    policy, base = opened("client").policy, opened("steelyard:sales-focus").policy
    for changed, before in (
        (gate(policy, "G1"), gate(base, "G1")),
        (
            case(policy, "stagnant-conversion.first-response.late"),
            case(base, "stagnant-conversion.first-response.late"),
        ),
    ):
        assert changed.because == before.because
        assert (before.grade or "A", changed.grade) in (("M", "J"), ("A", "J"))
        assert changed.span is not None
        assert changed.span.file == "client/policyset.yaml"


@pytest.mark.usefixtures("place")
def test_another_value_has_another_reason_and_no_source_and_a_date_alone_changes_neither() -> None:
    layer("house", "parameters: {longest_payback: {value: 18, because: our clients have little cash}}\n")
    layer("client", "parameters: {longest_payback: {review_by: 2027-01-31, because: look again then}}\n", "../house")
    base, house, client = (
        opened(n).policy.parameters["longest_payback"] for n in ("steelyard:sales-focus", "house", "client")
    )
    assert (base.grade, bool(base.source), base.review_by, base.is_changed) == ("J", True, "2027-06-30", False)
    assert (house.value, house.because, house.source, house.review_by) == (
        18,
        "our clients have little cash",
        "",
        "2027-06-30",
    )
    assert (client.value, client.because, client.review_by) == (18, house.because, "2027-01-31")
    assert [entry.value for entry in client.layers] == ["24", "18", ""]
    assert opened("client").policy.changed == 1


@pytest.mark.usefixtures("place")
def test_an_indicator_with_a_file_of_the_layers_own_keeps_its_weight() -> None:
    shipped = opened("steelyard:sales-focus").policy.indicator("market-change")
    layer("house", "indicators: {market-change: {weight: 9, because: our markets move}}\n")
    layer("client", "indicators: {market-change: {file: ours.yaml, because: we measure it otherwise}}\n", "../house")
    text = """\
indicator: market-change
number: 7
title: Markets
short: Markets
version: 1.0.0
question: Do they move?
role: direction
signals: [{id: buyers-go-digital, when: {fact: market.digital_preference_trend, equals: rising}}]
evidence:
  - {id: only, title: Only, weight: 1, primary: true, grade: J, cases: [{when: {signal: buyers-go-digital}, outcome: -1}]}
"""
    (Path("client") / "ours.yaml").write_text(text, encoding="utf-8")
    found = opened("client").policy.indicator("market-change")
    assert (shipped.weight.value, found.weight.value) == (8, 9)
    assert [entry.name for entry in found.weight.layers] == ["sales-focus", "house"]
    assert [item.name for item in found.evidence] == ["market-change.only"]
    assert opened("client/ours.yaml").policy.single


@pytest.mark.usefixtures("place")
def test_decision_lists_are_read_in_the_order_that_layers_give_them() -> None:
    layer(
        "client",
        """\
indicators:
  stagnant-conversion:
    evidence:
      - id: leak
        cases:
          - {id: after-handover, before: before-handover, because: asked first here}
          - {id: unknown, when: {fact: funnel.biggest_leak_stage, known: false}, outcome: 0, because: nobody looked, after: before-handover}
""",
    )
    leak = next(item for item in opened("client").policy.evidence if item.name == "stagnant-conversion.leak")
    names = [case.name.rpartition(".")[2] for case in leak.cases]
    assert names == ["after-handover", "before-handover", "unknown", "no-leak"]


@pytest.mark.usefixtures("place")
def test_what_is_tried_is_the_last_layer_and_no_change_of_the_set() -> None:
    layer("client", "parameters: {tilt_from: {value: 30, because: the board is careful}}\n")
    found = opened("client", "tilt_from=40", "stagnant-conversion.steady_leads=5")
    assert found.policy.parameters["tilt_from"].value == 40
    assert [entry.name for entry in found.policy.parameters["tilt_from"].layers] == [
        "sales-focus",
        "client",
        "this run",
    ]
    assert found.policy.changed == 1
    (origin,) = origins(found.documents, ["stagnant-conversion.steady_leads"])
    assert [(entry.name, entry.value) for entry in origin.layers] == [("sales-focus", "30"), ("this run", "5")]


@pytest.mark.usefixtures("place")
def test_a_thing_taken_out_and_put_back_is_not_missed() -> None:
    layer("house", "gates: [{id: G4, remove: true, because: they do not hire}]\n")
    again = "{id: G4, title: Again, when: {signal: demand-falls}, forbid: [hire], because: they do again}"
    layer("client", f"gates: [{again}]\n", "../house")
    assert set(opened("house").policy.removed) == {"G4"}
    found = opened("client")
    assert (found.policy.removed, gate(found.policy, "G4").title) == ({}, "Again")
    assert [entry.name for entry in origins(found.documents, ["G4.title"])[0].layers] == ["client"]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("count, codes", [(51, []), (52, ["extends-too-deep"])])
def test_there_is_an_end_to_layers(count: int, codes: list[str]) -> None:
    base = "steelyard:sales-focus"
    for n in range(count):
        layer(f"n{n}", "", base)
        base = f"../n{n}"
    try:
        told = [d.code for d in opened(f"n{count - 2}").warnings]
    except SteelyardError as error:
        told = [d.code for d in error.diagnostics]
    assert told == codes


def test_a_whole_thing_needs_what_its_schema_requires() -> None:
    kinds_of = {
        "indicator": {
            "case": CASE,
            "band": RANGE,
            "evidence": EVIDENCE,
            "parameter": PARAMETER,
            "signal": SIGNAL,
            "action": ACTION,
        }
    }
    kinds_of["policyset"] = {"weighted_indicator": INDICATOR, "band": BAND, "gate": GATE, "reading": READING}
    kinds_of["facts"] = {"fact": FACT}
    for name, kinds in kinds_of.items():
        for definition, kind in kinds.items():
            assert required(name, "$defs", definition) == set(kind.needs), definition
    assert required("policyset", "$defs", "plan", "properties", "phases", "items") == set(PHASE.needs)

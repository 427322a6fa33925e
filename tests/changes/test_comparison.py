"""What changed, in words, and its class: one edit of a small policy set at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.changes import Change, Class, compare
from engine.changes.plain import fingerprint
from engine.render.change_words import reason, sentence
from engine.render.diff import render
from tests.changes.example import FILES, opened

Edit = tuple[str, str, str]
GATE = (
    FILES["policyset.yaml"].partition("  - id: G2\n")[1]
    + FILES["policyset.yaml"].partition("  - id: G2\n")[2].partition("readings:")[0]
)
FACT = FILES["facts.yaml"].splitlines(keepends=True)[-1]


def told(change: Change) -> str:
    why = reason(change)
    return f"{change.effect}: {sentence(change)}{f', {why}' if why else ''}"


def changes(tmp_path: Path, *edits: Edit) -> list[str]:
    compared = compare(opened(tmp_path / "old"), opened(tmp_path / "new", *edits))
    return [told(change) for change in compared.changes]


SINGLE: dict[str, tuple[Edit, str]] = {
    "threshold": (
        (
            "demand",
            "value: 1%, unit: rate, grade: C, because: published averages begin here",
            "value: 2%, unit: rate, grade: C, because: 2026 figures",
        ),
        "verdict: threshold rate_floor of Demand: 1 % -> 2 %, because 2026 figures",
    ),
    "threshold without its reason": (
        ("demand", "value: 30", "value: 20"),
        "verdict: threshold many_leads of Demand: 30 leads -> 20 leads, "
        "because below this a rate is mostly noise (the reason was not changed)",
    ),
    "reason alone": (
        ("demand", "because: published averages begin here", "because: it was always so"),
        'cosmetic: threshold rate_floor of Demand: reason "published averages begin here" -> "it was always so"',
    ),
    "grade": (("demand", "grade: C", "grade: B"), "cosmetic: threshold rate_floor of Demand: grade C -> B"),
    "weight of a test": (("demand", "weight: 30", "weight: 50"), "verdict: 1.2 Lead rate: weight 30 -> 50"),
    "weight of an indicator": (
        ("policyset", "weight: 40, because: it comes second", "weight: 80, because: it matters more"),
        "verdict: indicator 2 Handling of leads: weight 40 -> 80, because it matters more",
    ),
    "weight outside of the score": (
        ("policyset", "weight: 10", "weight: 20"),
        "score: indicator 3 Mood: weight 10 -> 20, because it is nice to know (the reason was not changed)",
    ),
    "outcome": (
        ("demand", "outcome: 1}\n  - id: rate", "outcome: 0.5}\n  - id: rate"),
        "verdict: 1.1 Trend, case 2: outcome +1 -> +0.5",
    ),
    "cap": (("demand", ", cap: 0", ""), "verdict: 1.1 Trend, case 1: cap 0 -> none"),
    "outcome outside of the score": (
        ("mood", "outcome: 0.5", "outcome: 1"),
        "score: 3.1 Good mood, case 1: outcome +0.5 -> +1",
    ),
    "condition": (
        ("demand", "when: {fact: leads.trend, equals: rising}", "when: {fact: leads.trend, one_of: [rising, flat]}"),
        "verdict: 1.1 Trend, case 2: holds when lead trend is rising -> lead trend one of rising, flat",
    ),
    "end of a band": (
        ("handling", "up_to: 24", "up_to: 48"),
        "verdict: 2.1 First response, case 2: ends at most 24 hours -> at most 48 hours",
    ),
    "case that is new": (
        ("demand", "outcome: -0.5}", "outcome: -0.5}\n      - {when: {fact: leads.count, below: 5}, outcome: 0.25}"),
        "verdict: 1.2 Lead rate, case 3 is new: outcome +0.25 when leads below 5 leads",
    ),
    "case that is gone": (
        ("demand", "      - {when: {signal: many}, outcome: -0.5}\n", ""),
        "verdict: 1.2 Lead rate, case 2 is gone: outcome -0.5 when signal demand.many",
    ),
    "text of a case": (
        ("demand", "because: fewer leads come", "because: demand falls"),
        'cosmetic: 1.1 Trend, case 1: reason "fewer leads come" -> "demand falls"',
    ),
    "primary": (
        ("demand", "title: Lead rate\n    weight: 30", "title: Lead rate\n    primary: true\n    weight: 30"),
        "verdict: 1.2 Lead rate: primary no -> yes",
    ),
    "signal": (
        ("demand", "when: {fact: leads.count, at_least: $many_leads}", "when: {fact: leads.count, above: $many_leads}"),
        "verdict: signal demand.many: holds when leads at least 30 leads -> leads above 30 leads",
    ),
    "required coverage": (
        ("policyset", "required_coverage: 50%", "required_coverage: 60%"),
        "verdict: policy set: coverage that a verdict needs 0.5 -> 0.6",
    ),
    "where it supports a side": (
        ("policyset", "supports_at: 0.35", "supports_at: 0.5"),
        "score: policy set: strength from which an indicator supports a side 0.35 -> 0.5",
    ),
    "title of a verdict": (
        ("policyset", "title: Tilt to sales", "title: Lean to sales"),
        'cosmetic: verdict "Lean to sales": title "Tilt to sales" -> "Lean to sales"',
    ),
    "move": (
        ("policyset", "move: [5, 10]", "move: [5, 15]"),
        'verdict: verdict "Tilt to sales": move 5 to 10 points -> 5 to 15 points',
    ),
    "id of a verdict": (
        ("policyset", "id: tilt,", "id: lean,"),
        'score: verdict "Tilt to sales" is called lean, was tilt',
    ),
    "cap of a gate": (
        ("policyset", "cap_move: 5", "cap_move: 0"),
        "verdict: gate G1 Cash ends: effect caps the move at 5 points -> caps the move at 0 points",
    ),
    "gate that only forbids": (
        ("policyset", "when: {fact: mood.good, equals: false}", "when: {fact: mood.good, known: false}"),
        "score: gate G2 Bad mood: holds when good mood is no -> good mood not known",
    ),
    "what to do first": (
        ("policyset", "first: look at the cash", "first: sell something"),
        'score: gate G1 Cash ends: what to do first "look at the cash" -> "sell something"',
    ),
    "gate that is gone": (
        (
            "policyset",
            GATE,
            "",
        ),
        "score: gate G2 Bad mood is gone: takes hire out of the plan when good mood is no",
    ),
    "reading": (
        ("policyset", "says: people are happy", "says: all is well"),
        'score: reading happy: text "people are happy" -> "all is well"',
    ),
    "action": (
        ("demand", "do: call every lead", "do: call every lead at once"),
        'score: action for sales (Demand): text "call every lead" -> "call every lead at once"',
    ),
    "formula": (
        ("facts", "formula: leads.count * leads.rate", "formula: leads.count * leads.rate * 1"),
        "score: fact leads sold (leads.sold): formula leads.count * leads.rate -> leads.count * leads.rate * 1",
    ),
    "bounds of a fact": (
        ("facts", 'How long until an answer?", min: 0', 'How long until an answer?", min: 0, max: 900'),
        "verdict: fact first response (response.hours): highest value none -> 900",
    ),
    "question": (
        ("facts", "Do leads rise?", "Do leads rise or fall?"),
        'cosmetic: fact lead trend (leads.trend): question "Do leads rise?" -> "Do leads rise or fall?"',
    ),
    "fact that is gone": (
        (
            "facts",
            FACT,
            "",
        ),
        "verdict: fact leads sold (leads.sold) is gone: number, worked out as leads.count * leads.rate",
    ),
    "role": (
        ("handling", "role: direction", "role: urgency"),
        "score: indicator 2 Handling of leads: role direction -> urgency",
    ),
    "counts in the score": (
        ("mood", "in_score: false\n", ""),
        "verdict: indicator 3 Mood: counts in the score no -> yes",
    ),
    "number that is written otherwise": (
        ("demand", 'outcome: 1, because: "only', 'outcome: 1.0, because: "only'),
        "",
    ),
    "roll back": (
        ("policyset", "    - {id: later, title: Later}", "    - {id: later, title: Later}\n  roll_back: [leads fall]"),
        "score: policy set: when to roll back none -> leads fall",
    ),
}


@pytest.mark.parametrize("edit, expected", SINGLE.values(), ids=SINGLE)
def test_one_edit(tmp_path: Path, edit: Edit, expected: str) -> None:
    assert changes(tmp_path, edit) == ([expected] if expected else [])


def test_a_policy_set_has_not_changed_from_itself(tmp_path: Path) -> None:
    policy = opened(tmp_path / "same")
    compared = compare(policy, policy)
    assert compared.changes == ()
    assert (
        render(compared, "a", "b")
        == "example 1.0.0 (a) -> example 1.0.0 (b)\nNo change: the two say the same of every company.\n"
    )


def test_a_renamed_threshold_is_one_change_and_its_uses_are_none(tmp_path: Path) -> None:
    assert changes(tmp_path, ("demand", "rate_floor", "lowest_rate")) == [
        "cosmetic: threshold lowest_rate of Demand is called demand.lowest_rate, was demand.rate_floor"
    ]


def test_a_renamed_indicator_takes_its_parts_along(tmp_path: Path) -> None:
    compared = compare(
        opened(tmp_path / "old"),
        opened(
            tmp_path / "other",
            ("policyset", "mood: {file: mood.yaml", "spirit: {file: mood.yaml"),
            ("policyset", "indicator.mood.state", "indicator.spirit.state"),
            ("mood", "indicator: mood", "indicator: spirit"),
        ),
    )
    assert [told(change) for change in compared.changes] == ["cosmetic: indicator 3 Mood is called spirit, was mood"]


def test_a_renamed_threshold_with_another_value_is_both(tmp_path: Path) -> None:
    assert changes(tmp_path, ("policyset", "short_cash", "scarce_cash"), ("policyset", "value: 6,", "value: 9,")) == [
        "verdict: threshold scarce_cash: 6 months -> 9 months, because half a year is short (the reason was not changed)",
        "cosmetic: threshold scarce_cash is called scarce_cash, was short_cash",
    ]


def test_a_renamed_fact_is_serious_since_files_state_it(tmp_path: Path) -> None:
    edits = (("facts", "cash.months", "cash.runway"), ("policyset", "cash.months", "cash.runway"))
    assert changes(tmp_path, *edits) == ["verdict: fact runway (cash.runway) is called cash.runway, was cash.months"]


def test_something_else_under_a_new_name_is_not_a_rename(tmp_path: Path) -> None:
    gone = "  - {id: happy, when: {fact: indicator.mood.state, equals: supports-sales}, says: people are happy}"
    come = "  - {id: in-need, when: {fact: cash.months, at_most: 2}, says: the end is near, first: borrow}"
    assert changes(tmp_path, ("policyset", gone, come)) == [
        'score: reading happy is gone: says "people are happy" when state of mood is supports-sales',
        'score: reading in-need is new: says "the end is near" when runway at most 2 months',
    ]


def test_a_number_that_gets_a_name_means_the_same(tmp_path: Path) -> None:
    new = opened(
        tmp_path / "new",
        ("policyset", "parameters:\n", "parameters:\n  small_cap: {value: 5, unit: pp, grade: J, because: little}\n"),
        ("policyset", "cap_move: 5", "cap_move: $small_cap"),
    )
    assert [told(change) for change in compare(opened(tmp_path / "old"), new).changes] == [
        "verdict: threshold small_cap is new: 5 pp, because little",
        "cosmetic: gate G1 Cash ends: effect caps the move at 5 points -> caps the move at 5 points ($small_cap)",
    ]


def test_cases_that_change_places(tmp_path: Path) -> None:
    first = "      - {when: {fact: leads.trend, equals: declining}, outcome: -1, cap: 0, because: fewer leads come}\n"
    second = "      - {when: {fact: leads.trend, equals: rising}, outcome: 1}\n"
    assert changes(tmp_path, ("demand", first + second, second + first)) == [
        "verdict: 1.1 Trend, case 2: place in its list 1 -> 2"
    ]


def test_an_order_that_is_only_shown(tmp_path: Path) -> None:
    lines = FILES["policyset.yaml"].split("indicators:\n")[1].split("bands:")[0].splitlines(keepends=True)
    assert changes(tmp_path, ("policyset", "".join(lines), "".join(reversed(lines)))) == [
        "cosmetic: order of the indicators: demand, handling, mood -> mood, handling, demand"
    ]


def test_an_indicator_comes_and_goes_with_everything_in_it(tmp_path: Path) -> None:
    edit = ("policyset", "  handling: {file: handling.yaml, weight: 40, because: it comes second}\n", "")
    assert changes(tmp_path, edit) == ["verdict: indicator 2 Handling of leads is gone: weight 40, 1 test"]


class TestFingerprints:
    def of(self, tmp_path: Path, *edits: Edit) -> dict[str, str]:
        compared = compare(opened(tmp_path / "old"), opened(tmp_path / "new", *edits))
        return {sentence(change): change.fingerprint for change in compared.changes}

    @pytest.mark.parametrize(
        "edit, expected", [case for case in SINGLE.values() if case[1]], ids=[n for n, c in SINGLE.items() if c[1]]
    )
    def test_they_do_not_depend_on_lines_nor_on_other_changes(self, tmp_path: Path, edit: Edit, expected: str) -> None:
        others: list[Edit] = [
            ("policyset", "budget: the budget", "budget: all the money"),
            ("demand", "question: Do leads keep coming?", "# a comment\n\n\nquestion: Do many leads keep coming?"),
            ("policyset", "because: half a year is short", "because: so it is"),
        ]
        alone, beside = self.of(tmp_path / "a", edit), self.of(tmp_path / "b", edit, *others)
        assert expected.startswith(tuple(str(effect) for effect in Class))
        assert alone.items() <= beside.items()

    def test_they_stay_the_same_for_ever(self, tmp_path: Path) -> None:
        # an approval holds as long as this does: a change of it is a change of the format
        assert self.of(tmp_path, SINGLE["threshold"][0], SINGLE["outcome"][0]) == {
            "threshold rate_floor of Demand: 1 % -> 2 %": fingerprint(
                "parameter", "demand.rate_floor", "changed", "value", 0.01, 0.02
            ),
            "1.1 Trend, case 2: outcome +1 -> +0.5": fingerprint(
                "case", ["demand.trend", {"fact": "leads.trend", "equals": "rising"}], "changed", "outcome", 1, 0.5
            ),
        }
        assert fingerprint("parameter", "demand.rate_floor", "changed", "value", 0.01, 0.02) == "cc5b03e6013b"

    def test_another_value_has_another_one(self, tmp_path: Path) -> None:
        first = self.of(tmp_path / "a", ("demand", "value: 30", "value: 20"))
        second = self.of(tmp_path / "b", ("demand", "value: 30", "value: 21"))
        assert set(first.values()).isdisjoint(second.values())

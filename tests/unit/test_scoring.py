"""From truths to outcomes, strengths, a score, a verdict and a plan: worked by hand, a rule of docs/language.md, section 8, a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine.backends.reference import ReferenceBackend
from engine.conclusion import GateResult, Outcome, Verdict
from engine.condition import All, Operand, Operator, SignalTest, Truth, truth
from engine.facts import FactDefinition, FactType, Observation
from engine.planning import Known, plan
from engine.policy import (
    Action,
    Adjustment,
    Band,
    Case,
    Effect,
    Evidence,
    Gate,
    Indicator,
    PolicySet,
    Quality,
    Role,
    Weight,
    band_condition,
)
from engine.recommendation import gate_result, open_gates, recommend
from engine.run import run
from engine.scoring import Decision, Weighed, adjusted_weights, band_of, decide, limited, score, strength
from engine.sensitivity import variants
from engine.strata import late_signals, strata
from engine.tally import late_facts, state, tally
from tests.unit.tiny_policy import LATE, above, gates, leaf, policy_set, readings, signals

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
ALWAYS = All(())


def item(*outcomes: Outcome, exhaustive: bool = False, primary: bool = True, name: str = "i.e") -> Evidence:
    cases = tuple(Case(f"{name}.{n}", ALWAYS, o.value, o.cap, o.floor) for n, o in enumerate(outcomes, 1))
    return Evidence(name, name, Weight(1.0), "J", cases, primary=primary, exhaustive=exhaustive)


def indicator(
    name: str, *items: Evidence, weight: float = 1.0, counts: bool = True, quality: Quality | None = None
) -> Indicator:
    return Indicator(
        name, 1, name, name, "1.0.0", "?", Role.DIRECTION, Weight(weight), items, in_score=counts, quality=quality
    )


# --- which case decides --------------------------------------------------------------------------------------------

UP, DOWN, NEITHER = Outcome(1.0), Outcome(-1.0), Outcome(0.0)


@pytest.mark.parametrize(
    "outcomes, truths, exhaustive, decision",
    [
        ((UP, DOWN), (YES, YES), False, Decision(UP, "i.e.1", (UP,))),
        ((UP, DOWN), (NO, YES), False, Decision(DOWN, "i.e.2", (DOWN,))),
        ((UP, DOWN), (NO, NO), False, Decision(NEITHER, "", (NEITHER,))),
        ((UP, DOWN), (UNKNOWN, YES), False, Decision(None, "", (UP, DOWN))),
        ((UP, DOWN), (YES, UNKNOWN), False, Decision(UP, "i.e.1", (UP,))),
        ((UP, UP), (UNKNOWN, YES), False, Decision(UP, "i.e.2", (UP,))),
        ((UP, DOWN), (UNKNOWN, NO), False, Decision(None, "", (UP, NEITHER))),
        ((UP, NEITHER), (NO, UNKNOWN), False, Decision(NEITHER, "", (NEITHER,))),
        ((UP, UP), (UNKNOWN, UNKNOWN), True, Decision(UP, "", (UP,))),
        ((UP, Outcome(1.0, cap=0.0)), (UNKNOWN, YES), False, Decision(None, "", (UP, Outcome(1.0, cap=0.0)))),
    ],
)
def test_the_first_case_that_holds_decides(
    outcomes: tuple[Outcome, ...], truths: tuple[Truth, ...], exhaustive: bool, decision: Decision
) -> None:
    known = {f"case:i.e.{n}": answer for n, answer in enumerate(truths, 1)}
    assert decide(item(*outcomes, exhaustive=exhaustive), known) == decision


@pytest.mark.parametrize("answer, weight", [(YES, 0.5), (NO, 1.0), (UNKNOWN, 1.0)])
def test_only_an_adjustment_that_holds_is_applied(answer: Truth, weight: float) -> None:
    adjustment = Adjustment("a", ALWAYS, "i.e", Operand(0.5))
    policy = policy_set(adjustments=(adjustment,), indicators=(indicator("i", item(UP)),))
    assert adjusted_weights(policy, {"adjustment:a": answer}) == {"i.e": weight}


# --- strength and score --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mean, caps, floors, value",
    [
        (0.5, (), (), 0.5),
        (0.5, (0.4, 0.2), (), 0.2),
        (-0.5, (), (-0.1, 0.3), 0.3),
        (0.5, (0.2,), (0.4,), 0.2),
        (0.0, (0.5,), (-0.5,), 0.0),
    ],
)
def test_the_lowest_cap_beats_the_highest_floor(
    mean: float, caps: tuple[float, ...], floors: tuple[float, ...], value: float
) -> None:
    assert limited(mean, caps, floors) == value


def weighed(weight: float, outcome: Outcome | None, primary: bool = True) -> Weighed:
    options = (UP, DOWN) if outcome is None else (outcome,)
    return Weighed(item(UP, primary=primary), weight, Decision(outcome, "i.e.1" if outcome else "", options))


def test_a_strength_is_the_weighted_mean_of_what_is_decided() -> None:
    found = strength(indicator("i"), (weighed(3, UP), weighed(1, DOWN), weighed(4, None)), 0.5)
    assert (found.mean, found.value, found.coverage, found.assessed, found.total_weight) == (0.5, 0.5, 0.5, True, 8)


def test_it_is_assessed_from_enough_evidence_and_a_primary_item() -> None:
    assert not strength(indicator("i"), (weighed(3, UP), weighed(1, None)), 0.8).assessed
    assert not strength(indicator("i"), (weighed(3, UP, primary=False), weighed(1, None)), 0.5).assessed
    assert not strength(indicator("i"), (weighed(3, None),), 0.0).assessed


def test_a_limit_that_binds_is_owned_by_its_case() -> None:
    found = strength(indicator("i"), (weighed(1, Outcome(1.0, cap=0.25)),), 0.5)
    assert (found.mean, found.value, found.limiting_case, found.is_cap) == (1.0, 0.25, "i.e.1", True)
    found = strength(indicator("i"), (weighed(1, Outcome(-1.0, floor=0.25)),), 0.5)
    assert (found.mean, found.value, found.limiting_case, found.is_cap) == (-1.0, 0.25, "i.e.1", False)


def test_a_score_weighs_strengths_by_weight_coverage_and_quality() -> None:
    a = strength(indicator("a"), (weighed(1, UP), weighed(1, None)), 0.5)
    b = strength(indicator("b"), (weighed(1, DOWN),), 0.5)
    unassessed = strength(indicator("c"), (weighed(1, UP), weighed(3, None)), 0.5)
    outside = strength(indicator("d", counts=False), (weighed(1, UP),), 0.5)
    weights = {"a": 8.0, "b": 4.0, "c": 4.0, "d": 100.0}
    quality = {"a": 1.0, "b": 0.5, "c": 1.0, "d": 1.0}
    found = score((a, b, unassessed, outside), weights, quality)
    # 8 · 0.5 · 1 = 4 speak for plus, 4 · 1 · 0.5 = 2 for minus, of 16
    assert found.value == pytest.approx(100 * (4 - 2) / 6)
    assert (found.coverage, found.divisor) == (6 / 16, 6.0)


BANDS = (
    Band("down", "Down", Operand(-10.0), -10.0, -5.0),
    Band("keep", "Keep", Operand(10.0), 0.0, 0.0),
    Band("tilt", "Tilt", Operand(40.0), 5.0, 10.0),
    Band("shift", "Shift", None, 15.0, 30.0),
)


@pytest.mark.parametrize(
    "points, band", [(-100, "down"), (-10, "keep"), (-10 - 1e-10, "keep"), (9.9, "keep"), (10, "tilt"), (100, "shift")]
)
def test_the_end_of_a_band_belongs_to_the_next(points: float, band: str) -> None:
    assert band_of(BANDS, points).name == band


def one(quality: Quality | None = None, required: float = 0.5, outcome: Outcome = UP) -> PolicySet:
    """One indicator `i` with two items, the second of which is never decided."""
    second = replace(item(UP, name="i.f"), weight=Weight(0.25))
    policy = policy_set(indicators=(indicator("i", item(outcome), second, quality=quality),))
    return replace(policy, bands=BANDS, required_coverage=Operand(required))


TRUTHS = {"case:i.e.1": YES, "case:i.f.1": UNKNOWN}


@pytest.mark.parametrize(
    "quality, facts, factor",
    [
        (None, {}, 1.0),
        (Quality("q", None), {}, 1.0),
        (Quality("q", 0.7), {}, 0.7),
        (Quality("q", 0.7), {"q": Observation(0.9)}, 0.9),
        (Quality("q", None), {"q": Observation(1.5)}, 1.0),
    ],
)
def test_quality(quality: Quality | None, facts: Mapping[str, Observation], factor: float) -> None:
    found = tally(one(quality), TRUTHS, facts)
    assert found.quality == {"i": factor}
    assert found.score.coverage == pytest.approx(0.8 * factor)


@pytest.mark.parametrize("required, band", [(0.5, "shift"), (0.8, "shift"), (0.81, None)])
def test_there_is_no_band_below_the_required_coverage(required: float, band: str | None) -> None:
    found = tally(one(required=required), TRUTHS, {})
    assert (found.band.name if found.band else None) == band


@pytest.mark.parametrize(
    "outcome, expected",
    [
        (0.5, "supports-sales"),
        (0.5 - 1e-10, "supports-sales"),
        (0.4, "mixed"),
        (-0.4, "mixed"),
        (-0.5, "supports-marketing"),
    ],
)
def test_what_an_indicator_says(outcome: float, expected: str) -> None:
    policy = one(outcome=Outcome(outcome))
    (found,) = tally(policy, TRUTHS, {}).strengths
    assert state(policy, found) == expected
    assert state(policy, found._replace(assessed=False)) == "not-assessed"


def test_what_the_score_concludes() -> None:
    policy = one()
    found = late_facts(policy, tally(policy, TRUTHS, {}), {})
    assert {name: observation.value for name, observation in found.items()} == {
        "score": 100.0,
        "coverage": 0.8,
        "move.proposed_low": 15.0,
        "move.proposed_high": 30.0,
        "indicator.i.coverage": 0.8,
        "indicator.i.state": "supports-sales",
        "indicator.i.strength": 1.0,
    }


def test_the_score_under_other_weights() -> None:
    items = (item(UP, name="i.e"), item(DOWN, name="j.e"))
    policy = policy_set(indicators=(indicator("i", items[0], weight=4), indicator("j", items[1], weight=2)))
    found = tally(replace(policy, bands=BANDS), {"case:i.e.1": YES, "case:j.e.1": YES}, {})
    told = {
        (v.indicator, v.change): v.score for v in variants(replace(policy, bands=BANDS), found.strengths, found.quality)
    }
    assert told == {
        ("i", "halved"): pytest.approx(0.0),
        ("i", "raised"): pytest.approx(50.0),
        ("i", "dropped"): pytest.approx(-100.0),
        ("j", "halved"): pytest.approx(60.0),
        ("j", "raised"): pytest.approx(100 / 7),
        ("j", "dropped"): pytest.approx(100.0),
    }


# --- gates and the headline ----------------------------------------------------------------------------------------


def gate(name: str, effect: Effect, if_unknown: Effect | None = None) -> Gate:
    return Gate(name, f"Gate {name}", ALWAYS, effect, if_unknown or Effect())


def did(effect: Effect, answer: Truth = YES, if_unknown: Effect | None = None, name: str = "G") -> GateResult:
    return gate_result(gate(name, effect, if_unknown), answer, {"known": Observation(7.0)}, (), False)


def cap(points: float) -> Effect:
    return Effect(Operand(points))


@pytest.mark.parametrize("answer, limit", [(YES, 5.0), (NO, None), (UNKNOWN, 3.0)])
def test_an_unknown_gate_has_an_effect_of_its_own(answer: Truth, limit: float | None) -> None:
    assert did(cap(5.0), answer, cap(3.0)).cap == limit


def test_a_cap_may_come_from_a_fact() -> None:
    assert (did(Effect("known")).cap, did(Effect("known")).cap_missing) == (7.0, "")
    assert (did(Effect("unknown")).cap, did(Effect("unknown")).cap_missing) == (None, "unknown")


def headline(*results: GateResult, band: Band = BANDS[3]) -> Verdict:
    return recommend(replace(one(), bands=BANDS), band, results, settled=True)


@pytest.mark.parametrize(
    "caps, name, move",
    [
        ((), "shift", (15.0, 30.0)),
        ((30.0,), "shift", (15.0, 30.0)),
        ((20.0,), "shift", (15.0, 20.0)),
        ((12.0,), "shift", (12.0, 12.0)),
        ((10.0,), "tilt", (5.0, 10.0)),
        ((10.0 + 1e-10,), "tilt", (5.0, 10.0 + 1e-10)),
        ((20.0, 3.0, 12.0), "tilt", (3.0, 3.0)),
        ((0.0,), "keep", (0.0, 0.0)),
        ((-20.0,), "keep", (0.0, 0.0)),
    ],
)
def test_the_headline_is_the_lowest_band_that_reaches_the_cap(
    caps: tuple[float, ...], name: str, move: tuple[float, float]
) -> None:
    found = headline(*(did(cap(points)) for points in caps))
    assert (found.id, found.move, found.band, found.band_move) == (name, move, "shift", (15.0, 30.0))


def test_a_cap_never_moves_the_other_way() -> None:
    assert headline(did(cap(-20.0)), band=BANDS[0]).move == (-10.0, -5.0)


def test_a_gate_may_withdraw_the_verdict() -> None:
    found = headline(did(Effect(withdraws_verdict=True)))
    assert (found.id, found.move, found.band, found.held_by) == ("insufficient-evidence", None, None, ("G",))
    assert headline(did(Effect(withdraws_verdict=True), NO)).id == "shift"


@pytest.mark.parametrize(
    "effect, if_unknown, certain, present, is_open",
    [
        (cap(5), Effect(), UNKNOWN, UNKNOWN, True),
        (Effect(), cap(5), UNKNOWN, UNKNOWN, True),
        (cap(50), cap(40), UNKNOWN, UNKNOWN, False),
        (Effect(forbid=("hire",)), Effect(), UNKNOWN, UNKNOWN, False),
        (Effect(withdraws_verdict=True), Effect(), UNKNOWN, NO, True),
        (cap(5), Effect(), YES, YES, False),
        (cap(5), Effect(), NO, NO, False),
        (Effect("unknown"), Effect(), YES, YES, True),
    ],
)
def test_a_gate_is_open_where_it_could_change_the_move(
    effect: Effect, if_unknown: Effect, certain: Truth, present: Truth, is_open: bool
) -> None:
    policy = replace(one(), gates=(gate("G", effect, if_unknown),))
    found = open_gates(policy, {"gate:G": certain}, {"gate:G": present}, {}, 30.0)
    assert ("G" in found) is is_open


def test_a_tag_takes_an_action_out_of_the_plan() -> None:
    actions = (Action("hire two", "joint", "now", tags=("hire",)), Action("call back", "joint", "now", tags=("tools",)))
    policy = replace(one(), actions=actions)
    found = plan(policy, (), frozenset({"hire"}), Known({}, {}), verdict_stands=False)
    assert [entry.do for entry in found] == ["call back"]


# --- bounds --------------------------------------------------------------------------------------------------------


def sampled_item(fact: str, high: float, low: float) -> Evidence:
    """High where the fact is shown to lie above a half, else low; open where its interval is not told."""
    name = f"i.{fact}"
    cases = (Case(f"{name}.1", leaf(fact, Operator.CLEARLY_ABOVE, 0.5), high), Case(f"{name}.2", ALWAYS, low))
    return Evidence(name, name, Weight(1.0), "J", cases)


def test_an_answer_without_an_interval_leaves_its_item_out() -> None:
    items = (
        replace(item(NEITHER, name="i.a"), primary=True),
        sampled_item("b", -1.0, -0.5),
        sampled_item("c", 1.0, 0.5),
    )
    catalogue = {name: FactDefinition(name, FactType.RATE, name, sampled=True) for name in ("b", "c")}
    policy = replace(policy_set(indicators=(indicator("i", *items),)), catalogue=catalogue, assessed_at=Operand(0.3))
    before = run(policy, {}, ReferenceBackend(policy))
    after = run(
        policy, {"b": Observation(0.9, 0.8, 1.0), "c": Observation(0.9, interval_known=False)}, ReferenceBackend(policy)
    )
    assert before.tally.score.value == 0.0
    assert after.tally.score.value == pytest.approx(-50.0)
    assert (before.bounds.low, before.bounds.high) == pytest.approx((-50.0, 50.0))


@pytest.mark.parametrize(
    "ends, value, band",
    [
        ((True, True), 1.0, 0),
        ((True, True), 2.0, 1),
        ((False, True), 1.0, 1),
        ((False, False), 2.0, 2),
        ((True, False), 1.5, 1),
    ],
)
def test_the_end_of_a_band_of_evidence_belongs_to_it_where_it_says_up_to(
    ends: tuple[bool, bool], value: float, band: int
) -> None:
    one, two = (Operand(1.0), ends[0]), (Operand(2.0), ends[1])
    bands = (band_condition("a", None, one), band_condition("a", one, two), band_condition("a", two, None))
    facts = {"a": Observation(value)}
    assert [truth(when, facts, {}) for when in bands] == [YES if n == band else NO for n in range(3)]


# --- the strata ----------------------------------------------------------------------------------------------------


def test_gates_readings_and_what_reads_the_score_are_late() -> None:
    policy = policy_set(
        signals(early=above("a"), late=above(LATE), later=SignalTest("late"), latest=SignalTest("later")),
        gates(G=above("a")),
        readings(r=above("a")),
        indicators=(indicator("i", item(UP)),),
    )
    assert late_signals(policy) == {"late", "later", "latest"}
    found = strata(policy)
    assert [rule.name for rule in found.early] == ["early", "i.e.1"]
    assert [rule.name for rule in found.late] == ["late", "later", "latest", "G", "r"]

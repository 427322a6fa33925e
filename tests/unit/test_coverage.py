"""Coverage: which goals there are, that none left out can be reached, and that a row reaches only what it expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.reference import ReferenceBackend
from engine.condition import Condition, FactTest, Operator, SignalTest, Truth, fact_truth, fold
from engine.coverage.goals import GoalKind, goals
from engine.coverage.measure import Share, measure
from engine.coverage.reachable import Reach, Witness
from engine.coverage.rules import Owned, owned, part_truths, parts
from engine.coverage.seen import Observer, item_of_answer
from engine.coverage.thresholds import Side, near, side_of, sides, thresholds
from engine.facts import FactDefinition, FactType, Observation
from engine.formula import derive_for
from engine.limits import LARGEST, limits
from engine.policy import PolicySet
from engine.run import fire
from engine.session import DEFAULT_POLICY, open_policy
from tests.differential.campaign import from_nodes
from tests.differential.companies import pool
from tests.unit.tiny_policy import leaf

TODAY = date(2026, 10, 31)
EVERYTHING = ("verdict", "fires", "plan", "urgency")


@pytest.fixture(scope="module")
def shipped() -> PolicySet:
    return open_policy(DEFAULT_POLICY, TODAY).policy


def paths(policy: PolicySet) -> tuple[str, ...]:
    """Expectations that between them depend on everything."""
    names = (f"signals.{signal.name}" for signal in policy.signals)
    return (*EVERYTHING, *names, *(f"indicators.{indicator.name}" for indicator in policy.indicators))


# ---- what cannot be reached is left out, and nothing else


def can_be_stated(definition: FactDefinition, value: Observation) -> bool:
    """Whether a company file can say this: random companies go beyond, to try the engines."""
    if definition.late or isinstance(value.value, tuple):
        return False
    if not definition.type.is_numeric:
        return definition.type is not FactType.CATEGORY or value.value in definition.values
    low, high = limits(definition)
    ends = (value.number, *(end for end in (value.low, value.high) if end is not None))
    is_whole = definition.type is not FactType.COUNT or value.number.is_integer()
    is_exact = value.has_interval or value.interval_known is not definition.sampled
    return is_whole and is_exact and all(low <= end <= high and abs(end) <= LARGEST for end in ends)


@pytest.mark.parametrize("seed", range(60))
def test_no_company_reaches_what_is_left_out(seed: int) -> None:
    random = Random(f"coverage-{seed}")
    policy = from_nodes(random)
    known = {goal.key for goal in goals(policy)}
    observer, companies = Observer(policy), pool(policy, random).without_ranges()
    reached: set[str] = set()
    for _ in range(40):
        given = companies.company(random, random.choice((0.3, 0.7, 1.1)))
        stated = {name: value for name, value in given.items() if can_be_stated(policy.catalogue[name], value)}
        facts, _ = derive_for(policy, stated)
        reached |= observer.seen(fire(policy, facts, ReferenceBackend(policy)), paths(policy), (), ())
    left_out = {key for key in reached if not key.startswith("action:")} - known
    assert left_out - {"band:insufficient-evidence"} == set()


@dataclass(frozen=True)
class Given:
    """The truth of each leaf where exactly some facts are given."""

    facts: Witness
    signals: Mapping[str, Condition]

    def __call__(self, test: FactTest | SignalTest) -> Truth:
        if isinstance(test, SignalTest):
            return fold(self.signals[test.signal], self)
        return fact_truth(test, self.facts[test.fact])


@pytest.mark.parametrize("seed", range(20))
def test_the_facts_that_are_advised_do_what_they_are_advised_for(seed: int) -> None:
    policy = from_nodes(Random(f"advice-{seed}"))
    signals = {signal.name: signal.when for signal in policy.signals}
    reach = Reach(policy)
    for rule in owned(policy):
        for (path, truth), witness in (reach.truths(rule.when) or {}).items():
            assert dict(part_truths(rule.when, Given(witness, signals)))[path] is truth


def test_what_is_left_out_of_the_shipped_set_is_unknown_where_it_cannot_be(shipped: PolicySet) -> None:
    reach = Reach(shipped)
    left_out = [
        (part, truth)
        for rule in owned(shipped)
        for reached in [reach.truths(rule.when) or {}]
        for path, part in parts(rule.when)
        for truth in Truth
        if (path, truth) not in reached
    ]
    assert {truth for _, truth in left_out} == {Truth.UNKNOWN}
    leaves = [part for part, _ in left_out if isinstance(part, FactTest)]
    assert all(
        test.operator is Operator.KNOWN
        or test.if_missing is not None
        or test.fact == "coverage"
        or test.fact.endswith(".state")
        for test in leaves
    )


# ---- thresholds


@pytest.mark.parametrize(
    "value, side",
    [
        (29.7, Side.BELOW),
        (29.69, None),
        (30, Side.AT),
        (30 + 1e-8, Side.AT),
        (30.3, Side.ABOVE),
        (30.31, None),
        (None, None),
    ],
)
def test_beside_a_threshold_is_within_a_hundredth(value: float | None, side: Side | None) -> None:
    definition = FactDefinition("f.a", FactType.NUMBER, "a", unit="leads/month")
    rule = Owned("signal", "s", leaf("f.a", Operator.AT_LEAST, 30))
    (threshold,) = thresholds(rule, _catalogue(definition))
    facts = {} if value is None else {"f.a": Observation(value)}
    assert side_of(threshold, facts, definition) is side


def _catalogue(definition: FactDefinition) -> PolicySet:
    policy = open_policy(DEFAULT_POLICY, TODAY).policy
    return _with_catalogue(policy, {definition.name: definition})


def _with_catalogue(policy: PolicySet, catalogue: dict[str, FactDefinition]) -> PolicySet:
    return replace(policy, catalogue=catalogue)


@pytest.mark.parametrize(
    "kind, unit, x, distance",
    [
        (FactType.NUMBER, "leads/month", 30, 0.3),
        (FactType.RATE, "", 0.25, 0.0025),
        (FactType.RATE, "", 0, 0.01),
        (FactType.NUMBER, "ratio", 0, 0.01),
        (FactType.NUMBER, "index", 0, 0.01),
        (FactType.PP, "", 0, 1),
        (FactType.PP, "", -5, 0.05),
        (FactType.MONEY, "", 0, 1),
        (FactType.COUNT, "people", 12, 1),
        (FactType.DATE, "", 738000, 1),
    ],
)
def test_how_near_is_near(kind: FactType, unit: str, x: float, distance: float) -> None:
    assert near(x, FactDefinition("f.a", kind, "a", unit=unit)) == pytest.approx(distance)


def test_the_end_of_the_interval_is_what_counts(shipped: PolicySet) -> None:
    definition = FactDefinition("f.a", FactType.PP, "a", sampled=True)
    policy = _with_catalogue(shipped, {"f.a": definition})
    facts = {"f.a": Observation(6.0, -0.5, 12.5)}
    found = {
        (threshold.end.value, side_of(threshold, facts, definition))
        for operator in (Operator.CLEARLY_ABOVE, Operator.COVERS, Operator.BELOW)
        for threshold in thresholds(Owned("signal", "s", leaf("f.a", operator, 0.0)), policy)
    }
    assert found == {("low end", Side.BELOW), ("high end", None), ("value", None)}


@pytest.mark.parametrize(
    "definition, x, expected",
    [
        (FactDefinition("f.a", FactType.RATE, "a"), 0.0, [Side.AT, Side.ABOVE]),
        (FactDefinition("f.a", FactType.RATE, "a"), 1.0, [Side.BELOW, Side.AT]),
        (FactDefinition("f.a", FactType.MONEY, "a", minimum=0.0), 0.0, [Side.AT, Side.ABOVE]),
        (FactDefinition("f.a", FactType.COUNT, "a"), 2.5, [Side.BELOW, Side.ABOVE]),
        (FactDefinition("f.a", FactType.NUMBER, "a", minimum=0.0, formula="f.b / f.c"), 0.0, list(Side)),
    ],
)
def test_a_side_outside_the_range_of_a_fact_is_no_goal(
    definition: FactDefinition, x: float, expected: list[Side], shipped: PolicySet
) -> None:
    policy = _with_catalogue(shipped, {"f.a": definition})
    (threshold,) = thresholds(Owned("signal", "s", leaf("f.a", Operator.AT_MOST, x)), policy)
    assert list(sides(threshold, definition)) == expected


# ---- what a row reaches


@pytest.mark.parametrize(
    "path, item",
    [
        ("verdict", ("verdict", "")),
        ("evidence.a.b", ("evidence", "a.b")),
        ("evidence.a.cap", ("evidence", "a.cap")),
        ("evidence.a.cap.cap", ("evidence", "a.cap")),
        ("gates.G1.forbids", ("gates", "G1")),
        ("indicators.a.strength", ("indicators", "a")),
        ("signals.a.weight", ("signals", "a.weight")),
    ],
)
def test_what_an_answer_is_about(path: str, item: tuple[str, str]) -> None:
    assert item_of_answer(path) == item


def reached(policy: PolicySet, facts: dict[str, Observation], *expected: str) -> set[str]:
    found = fire(policy, derive_for(policy, facts)[0], ReferenceBackend(policy))
    return Observer(policy).seen(found, expected, (), ())


def test_what_a_row_merely_runs_through_does_not_count(shipped: PolicySet) -> None:
    facts = {"sales.cycle_days": Observation(59.9), "lead.first_response_hours": Observation(24.1)}
    keys = reached(shipped, facts, "evidence.complex-high-value.cycle")
    assert "decides:complex-high-value.cycle:3" in keys
    assert (
        "threshold:evidence:complex-high-value.cycle:sales.cycle_days:value:complex-high-value.long_cycle:just below"
        in keys
    )
    assert not any("first-response" in key or "gate:" in key or key.startswith("band:") for key in keys)


def test_a_signal_is_reached_by_what_calls_it(shipped: PolicySet) -> None:
    keys = reached(shipped, {}, "gates.G1")
    assert "truth:gate:G1:unknown" in keys
    assert "truth:signal:demand-falls:unknown" in keys
    assert "truth:signal:short-term-revenue.nothing-to-close:unknown" in keys
    assert not any(key.startswith("truth:gate:G2") for key in keys)


def test_the_verdict_depends_on_all_evidence_and_gates(shipped: PolicySet) -> None:
    keys = reached(shipped, {}, "verdict")
    assert {f"decides:{item.name}:open" for item in shipped.evidence} <= keys
    assert {"band:insufficient-evidence", "truth:gate:G8:yes", "setting:required_coverage:not reached"} <= keys
    assert not any(key.startswith("truth:reading") for key in keys)


def test_thresholds_that_a_row_changes_are_not_reached(shipped: PolicySet) -> None:
    facts = {"sales.cycle_days": Observation(60.0)}
    found = fire(shipped, facts, ReferenceBackend(shipped))
    keys = Observer(shipped).seen(found, ("evidence.complex-high-value.cycle",), (), ("complex-high-value.long_cycle",))
    assert not any("long_cycle" in key for key in keys)


def test_an_action_is_reached_by_a_plan_that_holds_it(shipped: PolicySet) -> None:
    found = fire(shipped, {}, ReferenceBackend(shipped))
    observer = Observer(shipped)
    assert "action:10" in observer.seen(found, ("plan",), ("move hours and not headcount",), ())
    assert "action:10" not in observer.seen(found, ("verdict",), ("move hours and not headcount",), ())


# ---- the numbers


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_percentages_are_rounded_down(some: int, more: int) -> None:
    share = Share(some, some + more)
    assert share.percent <= (100 * some / (some + more) if some + more else 100)
    assert (share.percent == 100) is (more == 0)
    assert share.is_at_least(100) is (more == 0)
    assert share.is_at_least(share.percent)


def test_one_goal_short_of_all_is_not_all(shipped: PolicySet) -> None:
    every = {goal.key for goal in goals(shipped)}
    missing = min(every)
    coverage = measure("sales-focus", shipped, every - {missing})
    assert coverage.total.percent == 99
    assert [goal.key for goal in coverage.open_goals] == [missing]
    assert all(coverage.kinds[kind].total for kind in GoalKind)


def test_every_goal_has_its_own_key_and_place(shipped: PolicySet) -> None:
    every = goals(shipped)
    assert len({goal.key for goal in every}) == len(every)
    assert [goal for goal in every if goal.span is None] == []

"""What is promised of every answer, over the shipped policy set and random ones.

Contributions add up; no completion of the missing facts leaves the bounds; where no two evidence items share a fact the
bounds are exact; a settled verdict stands; every evaluation has the shape of its schema.

`python -m tests.differential.completions` tries 10,000 completions of the shipped set and of as many others as wanted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from random import Random

import pytest

from engine.backends.reference import ReferenceBackend
from engine.conclusion import Evaluation
from engine.condition import All, AnyOf, AtLeastN, Condition, Not, Operand
from engine.evaluation import evaluate
from engine.facts import Facts, Observation
from engine.policy import Adjustment, Case, Evidence, Indicator, PolicySet, Quality, Role, Weight, band_condition
from engine.render.json_ import render
from engine.run import Run, run
from engine.schema import validate
from engine.session import open_policy
from tests.companies import company, completed
from tests.differential.campaign import DAY, stated
from tests.differential.companies import pool
from tests.differential.completions import Completions, generated
from tests.differential.writing import node
from tests.unit.tiny_policy import above, policy_set

GENERATED = tuple(f"properties {n}" for n in range(8))


@cache
def shipped() -> PolicySet:
    return open_policy("steelyard:sales-focus", DAY).policy


def evaluated(policy: PolicySet, given: Facts) -> Run:
    return run(policy, given, ReferenceBackend(policy))


def answered(policy: PolicySet, facts: Facts) -> Evaluation:
    return evaluate(policy, stated(facts), ReferenceBackend(policy))


# --- bounds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(10))
def test_no_completion_of_the_shipped_set_breaks_a_bound(seed: int) -> None:
    assert list(Completions.of(shipped(), Random(seed)).broken(1000)) == []


@pytest.mark.parametrize("seed", GENERATED[:4])
def test_no_completion_of_a_random_set_breaks_a_bound(seed: str) -> None:
    assert list(Completions.of(generated(seed), Random(seed)).broken(10_000)) == []


@dataclass(slots=True)
class _Author:
    """A small policy set in which every comparison has a fact of its own, and every fact two or three values that matter."""

    random: Random
    values: dict[str, tuple[float, ...]]

    def fact(self, *values: float) -> str:
        name = f"f{len(self.values)}"
        self.values[name] = values
        return name

    def leaf(self) -> Condition:
        return above(self.fact(0.0, 1.0))

    def condition(self) -> Condition:
        match self.random.randrange(6):
            case 0:
                return All((self.leaf(), self.leaf()))
            case 1:
                return AnyOf((self.leaf(), Not(self.leaf())))
            case 2:
                return AtLeastN(2, (self.leaf(), self.leaf(), self.leaf()))
        return self.leaf()

    def outcomes(self, count: int) -> list[float]:
        return [self.random.choice((-1.0, -0.5, 0.0, 0.25, 0.5, 1.0)) for _ in range(count)]

    def case(self, name: str, when: Condition, outcome: float, least: float) -> Case:
        """A floor never stands beside the least outcome of its item: there the bound is sound and not exact."""
        cap = self.random.choice((None, None, None, -0.4, 0.1, 0.6))
        floor = self.random.choice((None, None, -0.7, -0.2)) if outcome > least else None
        return Case(name, when, outcome, cap, None if cap is not None else floor)

    def item(self, name: str, primary: bool) -> Evidence:
        weight = Weight(self.random.choice((1.0, 2.0, 7.5)))
        if self.random.random() < 0.25:
            outcomes = self.outcomes(3)
            one, two = (Operand(1.0), True), (Operand(2.0), False)
            fact = self.fact(0.0, 1.5, 3.0)
            ends: tuple[Condition, ...] = (
                band_condition(fact, None, one),
                band_condition(fact, one, two),
                band_condition(fact, two, None),
            )
            least = min(outcomes)
        else:
            outcomes = self.outcomes(self.random.choice((1, 1, 2)))
            ends = tuple(self.condition() for _ in outcomes)
            least = min(0.0, *outcomes)
        cases = tuple(
            self.case(f"{name}.{n}", when, o, least) for n, (when, o) in enumerate(zip(ends, outcomes, strict=True), 1)
        )
        return Evidence(name, name, weight, "J", cases, primary=primary, exhaustive=len(outcomes) == 3)

    def indicator(self, name: str) -> Indicator:
        items = tuple(self.item(f"{name}.e{n}", n == 0) for n in range(self.random.choice((1, 2, 2))))
        quality = Quality(self.fact(0.0, 0.4, 1.0), None) if self.random.random() < 0.25 else None
        weight = Weight(self.random.choice((1.0, 3.0, 20.0)))
        return Indicator(name, 1, name, name, "1.0.0", "?", Role.DIRECTION, weight, items, quality=quality)

    def policy(self) -> PolicySet:
        indicators = tuple(self.indicator(f"i{n}") for n in range(self.random.choice((1, 2))))
        adjusted = [item.name for i in indicators for item in i.evidence if self.random.random() < 0.2]
        factors = [Operand(self.random.choice((0.25, 3.0))) for _ in adjusted]
        adjustments = [
            Adjustment(f"a-{name}", self.leaf(), name, by) for name, by in zip(adjusted, factors, strict=True)
        ]
        return replace(policy_set(adjustments=adjustments, indicators=indicators, late=()), assessed_at=Operand(0.4))


def every_completion(given: Facts, missing: Mapping[str, Sequence[float]]) -> Iterator[Facts]:
    for combination in product(*missing.values()):
        yield {**given, **{name: Observation(value) for name, value in zip(missing, combination, strict=True)}}


@pytest.mark.parametrize("seed", range(60))
def test_where_no_two_items_share_a_fact_the_bounds_are_exact(seed: int) -> None:
    random = Random(f"exact {seed}")
    author = _Author(random, {})
    policy = author.policy()
    names = random.sample(list(author.values), len(author.values))
    missing = {name: author.values[name] for name in names[: random.randint(2, 8)]}
    given = {name: Observation(random.choice(author.values[name])) for name in names if name not in missing}
    before = evaluated(policy, given)
    present = before.tally.score.value
    runs = [evaluated(policy, facts).tally for facts in every_completion(given, missing)]
    scores = [found.score.value for found in runs if found.score.value is not None]
    scores += [present] if present is not None else []
    # no score at all where the quality of every field is 0
    if scores:
        assert (before.bounds.low, before.bounds.high) == pytest.approx((min(scores), max(scores)), abs=1e-9)
    for number, indicator in enumerate(policy.indicators):
        strengths = [found.strengths[number].value for found in runs]
        known = [strength for strength in strengths if strength is not None]
        own = before.bounds.indicators[indicator.name]
        assert (own.low, own.high) == pytest.approx((min(known), max(known)), abs=1e-9)


# --- what is settled -----------------------------------------------------------------------------------------------


def test_a_settled_verdict_of_the_shipped_set_is_never_changed_by_an_answer() -> None:
    policy, random = shipped(), Random(7)
    settled = 0
    for _ in range(250):
        given = completed(policy.catalogue, {}, random)
        for name in random.sample(sorted(given), 2):
            del given[name]
        before = answered(policy, given)
        if not before.verdict.settled:
            continue
        settled += 1
        for _ in range(5):
            after = answered(policy, completed(policy.catalogue, given, random))
            assert (after.verdict.id, after.verdict.move) == (before.verdict.id, before.verdict.move)
    assert settled >= 10


@pytest.mark.parametrize("group", range(4))
def test_a_settled_verdict_of_a_random_set_is_never_changed_by_an_answer(group: int) -> None:
    random = Random(f"settled {group}")
    settled = 0
    for n in range(25):
        policy = generated(f"settled {group} {n}")
        some = pool(policy, random, possible=True, derived=0.0)
        for _ in range(12):
            given = some.company(random, random.choice((0.5, 0.8, 0.9)))
            before = answered(policy, given).verdict
            if not before.settled:
                continue
            settled += 1
            for _ in range(6):
                after = answered(policy, some.completed(given, random)).verdict
                assert (after.id, after.move) == (before.id, before.move), (policy.name, sorted(given))
    assert settled >= 20


# --- what is told --------------------------------------------------------------------------------------------------


def adds_up(told: Evaluation) -> None:
    lines = [e.points for i in told.indicators for e in i.evidence if e.points is not None]
    lines += [i.limit.points for i in told.indicators if i.limit and i.limit.points is not None]
    points = [i.points for i in told.indicators if i.points is not None]
    if told.score is None:
        assert lines == points == []
    else:
        assert sum(lines) == pytest.approx(told.score, abs=1e-9)
        assert sum(points) == pytest.approx(told.score, abs=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_contributions_of_the_shipped_set_add_up_to_the_score(seed: int) -> None:
    random = Random(seed)
    adds_up(answered(shipped(), company(shipped().catalogue, random, random.choice((0.3, 0.6, 0.9)))))


@pytest.mark.parametrize("seed", GENERATED)
def test_contributions_of_a_random_set_add_up_to_the_score(seed: str) -> None:
    policy, random = generated(seed), Random(seed)
    some = pool(policy, random, possible=True)
    for _ in range(40):
        adds_up(answered(policy, some.company(random, random.choice((0.6, 0.9, 1.1)))))


@pytest.mark.parametrize("seed", GENERATED)
def test_every_evaluation_has_the_shape_of_its_schema(seed: str) -> None:
    policy, random = generated(seed), Random(seed)
    some = pool(policy, random, possible=True)
    for known in (0.0, 0.5, 0.9, 1.1):
        text = render(answered(policy, some.company(random, known)), policy)
        assert validate(node(json.loads(text)), "evaluation") == ()


def test_the_order_of_the_facts_changes_nothing_in_the_shipped_set() -> None:
    policy, random = shipped(), Random(11)
    for _ in range(20):
        given = company(policy.catalogue, random, 0.7)
        names = sorted(given)
        random.shuffle(names)
        assert answered(policy, given) == answered(policy, {name: given[name] for name in names})

"""Ranges: what rules make of a number of which nobody told the value, and what the bounds promise of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from engine.backends.reference import ReferenceBackend
from engine.condition import FactTest, Operand, Operator, Truth, fact_truth
from engine.facts import Facts, Observation
from engine.policy import PolicySet
from engine.run import run
from engine.session import open_policy
from tests.differential.campaign import DAY
from tests.differential.companies import Pool
from tests.differential.completions import Completions, broken, generated

VALUE = (Operator.BELOW, Operator.AT_MOST, Operator.ABOVE, Operator.AT_LEAST, Operator.BETWEEN, Operator.EQUALS)
POINTS = (0.0, 1.0, 2.0, 3.0, 4.0)


def comparison(operator: Operator, *thresholds: float) -> FactTest:
    return FactTest("f", operator, tuple(Operand(x) for x in thresholds))


def ranged(low: float, high: float) -> Observation:
    return Observation((low + high) / 2, low, high, ranged=True)


def every(operator: Operator) -> Iterator[FactTest]:
    for x in POINTS:
        if operator is Operator.BETWEEN:
            yield from (comparison(operator, x, y) for y in POINTS if x <= y)
        else:
            yield comparison(operator, x)


@pytest.mark.parametrize("operator", VALUE)
def test_a_comparison_is_what_it_is_for_every_value_of_the_range(operator: Operator) -> None:
    for low, high in ((1.0, 3.0), (0.5, 1.5), (2.0, 4.0), (1.0, 1.5)):
        inside = [Observation(low + (high - low) * n / 16) for n in range(17)]
        for one in every(operator):
            truths = {fact_truth(one, value) for value in inside}
            expected = truths.pop() if len(truths) == 1 else Truth.UNKNOWN
            found = fact_truth(one, ranged(low, high))
            # that no value of a range is a threshold, 17 of them do not show
            assert found is expected or (operator is Operator.EQUALS and found is Truth.UNKNOWN)


@pytest.mark.parametrize("operator", [Operator.CLEARLY_BELOW, Operator.CLEARLY_ABOVE, Operator.COVERS])
def test_a_comparison_of_intervals_is_what_it_is_for_every_interval_in_the_range(operator: Operator) -> None:
    low, high = 1.0, 3.0
    ends = [low + (high - low) * n / 8 for n in range(9)]
    inside = [Observation((a + b) / 2, a, b) for a in ends for b in ends if a <= b]
    for one in every(operator):
        truths = {fact_truth(one, value) for value in inside}
        assert fact_truth(one, ranged(low, high)) is (truths.pop() if len(truths) == 1 else Truth.UNKNOWN)


def test_an_interval_that_nobody_told_stays_unknown_in_a_range() -> None:
    vague = replace(ranged(1.0, 3.0), interval_known=False)
    assert fact_truth(comparison(Operator.CLEARLY_BELOW, 9.0), vague) is Truth.UNKNOWN
    assert fact_truth(comparison(Operator.BELOW, 9.0), vague) is Truth.YES


def shipped() -> PolicySet:
    return open_policy("steelyard:sales-focus", DAY).policy


def with_ranges(policy: PolicySet, some: Pool, facts: Facts, random: Random) -> dict[str, Observation]:
    """Some of the numbers of a company as ranges between two that it may hold."""
    found = dict(facts)
    others = some.company(random, 1.1)
    for name, one in facts.items():
        other = others.get(name)
        if policy.catalogue[name].type.is_numeric and other is not None and random.random() < 0.4:
            ends = [end for o in (one, other) for end in (o.low, o.high, o.number) if end is not None]
            if min(ends) < max(ends):
                found[name] = ranged(min(ends), max(ends))
    return found


def settled(policy: PolicySet, facts: Facts, random: Random) -> dict[str, Observation]:
    """The company once every range has become a value in it."""
    return {
        name: _value(one, policy.catalogue[name].sampled, random) if one.ranged else one for name, one in facts.items()
    }


def _value(one: Observation, sampled: bool, random: Random) -> Observation:
    assert one.low is not None
    assert one.high is not None
    ends = sorted(random.choice((one.low, one.high, random.uniform(one.low, one.high))) for _ in range(3))
    return random.choice((Observation(ends[1], interval_known=not sampled), Observation(ends[1], ends[0], ends[2])))


@pytest.mark.parametrize("seed", ["shipped", *(f"ranges {n}" for n in range(8))])
def test_answers_inside_what_was_said_never_leave_the_bounds(seed: str) -> None:
    policy = shipped() if seed == "shipped" else generated(seed)
    some = Completions.of(policy, Random(seed))
    random = Random(f"{seed} values")
    problems: list[str] = []
    for _ in range(40):
        given = with_ranges(policy, some.some, some.some.company(random, random.choice((0.3, 0.6, 0.9, 1.1))), random)
        before = run(policy, some.derived(given), ReferenceBackend(policy))
        for _ in range(10):
            complete = some.some.completed(settled(policy, given, random), random)
            problems += broken(before, some.tally(complete))
    assert problems == []

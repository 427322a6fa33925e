"""What is said to hold whatever the open answers are, does: over random companies and random answers to all their open questions."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from engine.backends.reference import ReferenceBackend
from engine.company import Company
from engine.conclusion import Evaluation
from engine.evaluation import evaluate
from engine.exchange import Exchange
from engine.facts import Facts
from engine.formula import derive
from engine.policy import PolicySet
from engine.run import Run, run
from engine.session import open_policy
from tests.companies import company, completed


@pytest.fixture(scope="module")
def policy() -> PolicySet:
    return open_policy("steelyard:sales-focus", date(2026, 11, 1)).policy


def evaluated(policy: PolicySet, given: Facts) -> Run:
    facts, _ = derive(policy.catalogue, policy.parameters, given)
    return run(policy, facts, ReferenceBackend(policy))


@pytest.mark.parametrize("seed", range(40))
def test_no_answers_take_the_score_out_of_its_bounds(policy: PolicySet, seed: int) -> None:
    random = Random(seed)
    given = company(policy.catalogue, random, random.choice((0.0, 0.2, 0.5, 0.8, 0.95)))
    before = evaluated(policy, given)
    for _ in range(8):
        after = evaluated(policy, completed(policy.catalogue, given, random))
        if after.tally.score.value is not None:
            assert before.bounds.low - 1e-9 <= after.tally.score.value <= before.bounds.high + 1e-9
        for name, bounds in before.bounds.indicators.items():
            strength = next(s for s in after.tally.strengths if s.indicator.name == name)
            if strength.value is not None and strength.assessed:
                assert bounds.low - 1e-9 <= strength.value <= bounds.high + 1e-9


def answered(policy: PolicySet, facts: Facts) -> Evaluation:
    day = date(2026, 10, 31)
    company = Company("Random", day, False, day, Exchange("USD", "USD", {}, day), facts)
    return evaluate(policy, company, ReferenceBackend(policy))


def test_a_settled_verdict_is_never_changed_by_an_answer(policy: PolicySet) -> None:
    random = Random(7)
    settled = 0
    for _ in range(150):
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


@pytest.mark.parametrize("seed", range(30))
def test_contributions_add_up_to_the_score(policy: PolicySet, seed: int) -> None:
    random = Random(seed)
    told = answered(policy, company(policy.catalogue, random, random.choice((0.3, 0.6, 0.9))))
    lines = [e.points for i in told.indicators for e in i.evidence if e.points is not None]
    lines += [i.limit.points for i in told.indicators if i.limit and i.limit.points is not None]
    assert told.score is None or sum(lines) == pytest.approx(told.score, abs=1e-9)
    assert told.score is None or sum(i.points or 0.0 for i in told.indicators) == pytest.approx(told.score, abs=1e-9)


def test_the_order_of_the_facts_changes_nothing(policy: PolicySet) -> None:
    random = Random(11)
    for _ in range(20):
        given = company(policy.catalogue, random, 0.7)
        names = sorted(given)
        random.shuffle(names)
        first, second = answered(policy, given), answered(policy, {name: given[name] for name in names})
        assert first.verdict == second.verdict
        assert (first.score, first.score_low, first.score_high) == (second.score, second.score_low, second.score_high)
        assert first.indicators == second.indicators
        assert first.questions == second.questions

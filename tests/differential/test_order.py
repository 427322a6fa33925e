"""The order in which files, keys and facts are written never changes an evaluation; nor does writing them at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from engine.backends.reference import ReferenceBackend
from engine.company import read_company
from engine.conclusion import Evaluation
from engine.document import parse
from engine.evaluation import evaluate
from engine.facts import Facts, Observation
from engine.loader import load
from engine.policy import PolicySet
from engine.schema import validate
from engine.session import open_policy

from .campaign import DAY, stated
from .companies import pool
from .documents import Documents, documents
from .layers import layered
from .writing import company, folder, sources


def written(made: Documents, place: Path, random: Random) -> PolicySet:
    place.mkdir()
    (place / ".git").mkdir()
    return open_policy(str(folder(made, place, random)), DAY).policy


def told(policy: PolicySet, facts: Facts) -> Evaluation:
    return comparable(evaluate(policy, stated(facts), ReferenceBackend(policy)))


def read_and_told(policy: PolicySet, facts: Facts, random: Random) -> Evaluation:
    node = parse(company(facts, random), "company.yaml")
    assert validate(node, "company") == ()
    read = read_company(node, policy, None, None)
    assert unspelled(read.facts) == facts
    return comparable(evaluate(policy, read, ReferenceBackend(policy)))


def unspelled(facts: Facts) -> dict[str, Observation]:
    """Without how an amount was spelled in the file."""
    return {name: replace(observation, stated="") for name, observation in facts.items()}


def comparable(evaluation: Evaluation) -> Evaluation:
    """Without the places of warnings, which move with the keys, and how amounts were spelled."""
    bare = {replace(warning, span=None) for warning in evaluation.warnings}
    warnings = tuple(sorted(bare, key=lambda warning: warning.message))
    return replace(evaluation, warnings=warnings, facts=unspelled(evaluation.facts))


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_files_keys_and_facts_changes_nothing(seed: int, tmp_path: Path) -> None:
    random = Random(f"order {seed}")
    made = layered(random) if seed % 4 == 1 else documents(random, alone=seed % 6 == 2)
    policies = [written(made, tmp_path / name, random) for name in ("one", "two")]
    policies.append(load(sources(made)).policy)
    some = pool(policies[0], random, possible=True)
    for _ in range(8):
        given = some.company(random, random.choice((0.5, 0.8, 1.1)))
        turned = {name: given[name] for name in reversed(given)}
        expected = told(policies[0], given)
        assert expected == told(policies[1], turned)
        assert expected == told(policies[2], given)
        assert expected == read_and_told(policies[0], given, random)
        assert expected == read_and_told(policies[1], given, random)


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_the_catalogue_changes_only_what_is_asked_first(seed: int) -> None:
    random = Random(f"catalogue {seed}")
    policy = load(sources(documents(random))).policy
    turned = replace(policy, catalogue=dict(reversed([*policy.catalogue.items()])))
    some = pool(policy, random)
    for _ in range(20):
        given = some.company(random, random.choice((0.5, 0.8, 1.1)))
        one, other = told(policy, given), told(turned, given)
        assert replace(one, questions=()) == replace(other, questions=())
        assert {q.fact for q in one.questions} == {q.fact for q in other.questions}


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_the_indicators_changes_only_the_order(seed: int) -> None:
    """Sums are taken in another order: numbers may differ in their last digit, and nothing else may."""
    random = Random(f"indicators {seed}")
    made = documents(random)
    policy = load(sources(made)).policy
    turned = replace(policy, indicators=policy.indicators[::-1], signals=policy.signals)
    some = pool(policy, random)
    for _ in range(20):
        given = some.company(random, random.choice((0.5, 0.8, 1.1)))
        one, other = told(policy, given), told(turned, given)
        assert one.verdict == other.verdict
        assert one.gates == other.gates
        assert set(one.activations) == set(other.activations)
        assert (one.score or 0.0) == pytest.approx(other.score or 0.0, abs=1e-9)
        assert (one.score_low, one.score_high) == pytest.approx((other.score_low, other.score_high), abs=1e-9)
        assert {i.name: (i.state, i.strength, i.low, i.high) for i in one.indicators} == {
            i.name: (i.state, i.strength, i.low, i.high) for i in other.indicators
        }

"""Many companies go through one process: each answer is that of its company, whatever becomes of the others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from engine.backends import Asked
from engine.backends.checked import CheckedBackend
from engine.backends.durable import AHEAD, DurableBackend
from engine.backends.reference import ReferenceBackend
from engine.condition import All, Not, SignalTest
from engine.diagnostics import EvaluationError
from tests.hazards.test_worker import children
from tests.unit.tiny_policy import above, concluding, gates, observed, policy_set, signals

POLICY = policy_set(
    signals(s=above("a"), t=All((SignalTest("s"), Not(above("b"))))),
    gates(G=All((SignalTest("t"), above("b")))),
)


def companies(count: int, seed: int = 1) -> list[Asked]:
    random = Random(seed)
    return [(observed(a=random.choice((0.0, 2.0)), b=random.choice((0.0, 2.0))), concluding()) for _ in range(count)]


def one_by_one(some: list[Asked]) -> list[object]:
    return [ReferenceBackend(POLICY).run(*one) for one in some]


def test_each_gets_its_own_answer() -> None:
    some = companies(50)
    with DurableBackend(POLICY) as backend:
        for count in (0, 1, 2, AHEAD - 1, AHEAD, AHEAD + 1, 50):
            assert list(backend.run_each(some[:count])) == one_by_one(some[:count])
        assert list(CheckedBackend(backend, ReferenceBackend(POLICY)).run_each(some)) == one_by_one(some)


def test_companies_are_asked_for_as_answers_are_wanted() -> None:
    """A list of companies may have no end."""
    taken = []

    def endless() -> Iterator[Asked]:
        for one in companies(1000):
            taken.append(one)
            yield one

    with DurableBackend(POLICY) as backend:
        answers = backend.run_each(endless())
        next(answers)
    assert len(taken) == AHEAD


def test_what_fails_is_told_of_the_company_that_failed() -> None:
    some = companies(6)
    some[3] = (observed(a=float("nan"), b=1.0), concluding())
    with closing(CheckedBackend(DurableBackend(POLICY), ReferenceBackend(POLICY))) as backend:
        with pytest.raises(EvaluationError, match="fact `a` is not a number") as failed:
            list(backend.run_each(some))
        assert str(failed.value.report["facts"]) == str(
            {
                "a": {"value": float("nan"), "low": None, "high": None, "interval_known": True, "ranged": False},
                "b": {"value": 1.0, "low": None, "high": None, "interval_known": True, "ranged": False},
            }
        )
        # the engine goes on with the next ones
        assert list(backend.run_each(some[:3])) == one_by_one(some[:3])


def test_a_crash_is_told_once_and_nothing_is_answered_after_it(tmp_path: Path) -> None:
    (tmp_path / "durable_rules_engine.py").write_text("import os\nos._exit(9)\n", encoding="utf-8")
    with DurableBackend(POLICY, folder=str(tmp_path)) as backend:
        with pytest.raises(EvaluationError, match="ended with code 9") as failed:
            list(backend.run_each(companies(4)))
        assert failed.value.company == 0


def test_what_was_begun_and_is_not_wanted_any_more_is_no_answer_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    some, others = companies(5), companies(5, seed=2)
    started = children(monkeypatch)
    with DurableBackend(POLICY) as backend:
        answers = backend.run_each(some)
        assert next(answers) == one_by_one(some)[0]
        answers.close()
        with pytest.raises(ProcessLookupError):
            os.kill(started[0], 0)
        assert [backend.run(*one) for one in others] == one_by_one(others)


def test_another_company_may_be_asked_in_between() -> None:
    some, others = companies(5), companies(5, seed=2)
    with DurableBackend(POLICY) as backend:
        pairs = [(found, backend.run(*other)) for found, other in zip(backend.run_each(some), others, strict=True)]
    assert pairs == list(zip(one_by_one(some), one_by_one(others), strict=True))


def test_requests_and_answers_that_fill_the_pipes_do_not_wait_for_each_other() -> None:
    """A pipe holds 64 kB: the one who writes more waits for the one who reads."""
    names = [f"a_fact_with_a_long_name_{n:04}" for n in range(1500)]
    policy = policy_set(signals(**{f"s{n}": above(name) for n, name in enumerate(names)}))
    random = Random(3)
    some: list[Asked] = [
        (observed(**{name: random.choice((0.0, 2.0)) for name in names}), concluding()) for _ in range(4)
    ]
    with DurableBackend(policy) as backend:
        assert list(backend.run_each(some)) == [ReferenceBackend(policy).run(*one) for one in some]

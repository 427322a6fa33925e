"""The rules engine concludes what the definition does, over random policy sets and companies: 100,000 pairs, ten parts.

`python -m tests.differential --pairs 1000000 --seed 3` tries as many as wanted and prints what they were made of.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random

import pytest

from engine.backends import Asked, Conclude
from engine.backends.reference import ReferenceBackend
from engine.conclusion import Conclusions
from engine.condition import Truth
from engine.facts import Facts
from engine.formula import derive_for
from engine.policy import PolicySet

from .campaign import EVALUATIONS, Campaign, DifferenceError, Duel, from_nodes
from .companies import pool

PARTS = 10
PAIRS = 10_000


@pytest.mark.parametrize("part", range(PARTS))
def test_both_engines_answer_alike(part: int, record_property: Callable[[str, object], None]) -> None:
    start = time.perf_counter()
    done = Campaign(f"ci-{part}").run(PAIRS)
    report = "\n".join(done.text())
    record_property("differential", report)
    record_property("pairs a second", f"{PAIRS / (time.perf_counter() - start):,.0f}")
    assert not done.differences, report
    assert done.pairs == PAIRS
    assert done.evaluations >= PAIRS // EVALUATIONS
    # the mix: an agreement over policy sets that leave something out, or are mostly refused, would say little
    assert not done.mix.absent, report
    assert all(done.mix.shares[truth] >= 0.1 for truth in Truth), report
    assert len(done.refused) <= 0.05 * done.policies, report


@dataclass(frozen=True)
class Changed:
    """The definition, with something changed in what it concludes early."""

    policy: PolicySet
    change: Callable[[Conclusions], Conclusions]
    name: str = "changed"

    def run(self, facts: Facts, conclude: Conclude) -> tuple[Conclusions, Conclusions]:
        early, late = ReferenceBackend(self.policy).run(facts, conclude)
        return self.change(early), late

    def run_each(self, companies: Iterable[Asked]) -> Iterator[tuple[Conclusions, Conclusions]]:
        return (self.run(facts, conclude) for facts, conclude in companies)

    def close(self) -> None:
        """Holds nothing."""


@pytest.mark.parametrize(
    "change",
    [
        lambda c: replace(c, truths={**c.truths, min(c.truths): Truth.NO}),
        lambda c: replace(c, truths={**c.truths, min(c.truths): Truth.UNKNOWN}),
        lambda c: replace(c, activations=c.activations * 2),
        lambda c: replace(c, activations=c.activations[1:]),
        lambda c: replace(c, activations=c.activations[::-1]),
        lambda c: replace(c, activations=tuple(replace(a, because_of=()) for a in c.activations)),
    ],
)
def test_a_difference_is_found(change: Callable[[Conclusions], Conclusions]) -> None:
    random = Random(4)
    policy = from_nodes(random)
    duel = Duel.over(policy, Changed(policy, change))
    given = pool(policy, random).company(random, 1.1)
    facts, _ = derive_for(policy, given)
    with pytest.raises(DifferenceError):
        list(duel.conclusions([facts]))

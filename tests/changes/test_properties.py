"""What is promised of every comparison, over random policy sets, random edits and random companies.

A class is a proof: cosmetic changes move nothing, changes of class `score` no recommendation. With no change made a mix is the old
policy set, with all of them the new one; each edit can be made and taken back by itself. The parts of the edits add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random

import pytest

from engine.changes import Class, Group, Kind, Mixer, compare, groups_of
from engine.changes.change import Slots
from engine.changes.comparison import Comparison
from engine.check import CHECKS
from engine.facts import Facts
from engine.impact.attribution import Method, attribute, points
from engine.impact.judging import Answer, Judge
from engine.policy import PolicySet
from tests.changes.edits import built, edited, pairs, renamed
from tests.differential.campaign import WARNINGS_ONLY
from tests.differential.companies import pool
from tests.differential.documents import documents

SEEDS = tuple(f"changes {n}" for n in range(20))
COMPANIES = 8
MANY = 12
"""Edits from which one company is enough to see that the parts add up."""
KNOWN = (0.4, 0.85, 1.1)


@dataclass(frozen=True)
class Compared:
    """Two random policy sets, and companies that both can read."""

    old: PolicySet
    new: PolicySet
    compared: Comparison
    groups: tuple[Group, ...]
    companies: tuple[Facts, ...]
    mixer: Mixer
    judges: dict[Slots, Judge] = field(default_factory=dict)

    def judge(self, groups: Iterable[Group]) -> Judge:
        """The judge with some of the edits made."""
        chosen = slots(groups)
        if chosen not in self.judges:
            self.judges[chosen] = Judge.of(self.mixer.mix(chosen))
        return self.judges[chosen]

    def trial(self, edits: frozenset[int], stated: Facts) -> Answer:
        return self.judge(self.groups[n] for n in edits).answer(stated)


def slots(groups: Iterable[Group]) -> Slots:
    return frozenset(slot for group in groups for slot in group.slots)


@cache
def compared(seed: str) -> Compared:
    random = Random(seed)
    old, new = next(pairs(random, 1))
    found = compare(old, new)
    return Compared(old, new, found, groups_of(found), tuple(companies(old, new, random)), Mixer.of(found))


def companies(old: PolicySet, new: PolicySet, random: Random) -> Iterator[Facts]:
    some = pool(old, random, possible=True)
    readable = {
        name
        for name, fact in old.catalogue.items()
        if name in new.catalogue and (fact.type, fact.values) == (new.catalogue[name].type, new.catalogue[name].values)
    }
    for _ in range(COMPANIES):
        stated = some.company(random, random.choice(KNOWN))
        yield {name: observation for name, observation in stated.items() if name in readable}


def alike(one: Answer, other: Answer) -> bool:
    """The same recommendation and, but for the noise of binary fractions, the same score."""
    same = (one.score is None) == (other.score is None) and abs(points(one) - points(other)) < 1e-9
    return same and one.recommendation == other.recommendation


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_made_is_the_old_policy_set_and_everything_the_new_one(seed: str) -> None:
    found = compared(seed)
    sides = ((found.judge(()), Judge.of(found.compared.base)), (found.judge(found.groups), Judge.of(found.new)))
    old = Judge.of(found.old)
    for stated in found.companies:
        assert all(alike(mix.answer(stated), side.answer(stated)) for mix, side in sides)
        # new names mean what the old ones meant
        before = old.answer(stated)
        assert alike(replace(before, verdict=""), replace(sides[0][1].answer(stated), verdict=""))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_class_is_a_proof(seed: str) -> None:
    found = compared(seed)
    cosmetic = [group for group in found.groups if group.effect is Class.COSMETIC]
    harmless = [group for group in found.groups if group.effect is not Class.VERDICT]
    serious = [group for group in found.groups if group not in harmless]
    words, others, rest = found.judge(cosmetic), found.judge(harmless), found.judge(serious)
    none, every = found.judge(()), found.judge(found.groups)
    for stated in found.companies:
        assert alike(words.answer(stated), none.answer(stated))
        assert others.answer(stated).recommendation == none.answer(stated).recommendation
        # whichever other changes are made with them
        assert rest.answer(stated).recommendation == every.answer(stated).recommendation


@pytest.mark.parametrize("seed", SEEDS)
def test_any_choice_of_edits_passes_check(seed: str) -> None:
    found, random = compared(seed), Random(seed)
    for _ in range(4):
        policy = found.mixer.mix(slots(group for group in found.groups if random.random() < 0.5))
        errors = [d for one in CHECKS if one not in WARNINGS_ONLY for d in one(policy) if d.is_error]
        assert errors == []


@pytest.mark.parametrize("seed", SEEDS)
def test_an_edit_that_is_made_alone_has_the_same_fingerprints(seed: str) -> None:
    found = compared(seed)
    for group in found.groups:
        alone = compare(found.compared.base, found.mixer.mix(group.slots))
        if not found.compared.names:
            assert {change.fingerprint for change in group.changes} <= {change.fingerprint for change in alone.changes}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_add_up_to_the_whole_change(seed: str) -> None:
    found = compared(seed)
    names = [group.fingerprint for group in found.groups]
    for stated in found.companies[: 1 if len(names) > MANY else 3]:
        known: dict[frozenset[int], Answer] = {}

        def trial(edits: frozenset[int], stated: Facts = stated, known: dict[frozenset[int], Answer] = known) -> Answer:
            if edits not in known:
                known[edits] = found.trial(edits, stated)
            return known[edits]

        result = attribute(len(names), trial, names)
        before, after = trial(frozenset()), trial(frozenset(range(len(names))))
        assert sum(result.parts) == pytest.approx(points(after) - points(before), abs=1e-9)
        assert after.recommendation == Judge.of(found.new).answer(stated).recommendation
        for n, group in enumerate(found.groups):
            if group.effect is Class.COSMETIC and result.method is not Method.DRAWN:
                assert result.parts[n] == pytest.approx(0.0, abs=1e-9)
        for some in result.turning:
            assert trial(frozenset(some)).recommendation == after.recommendation != before.recommendation
        for n in result.undoing:
            assert trial(frozenset(range(len(names))) - {n}).recommendation == before.recommendation


def test_some_of_these_change_recommendations_and_are_of_every_class() -> None:
    found = [compared(seed) for seed in SEEDS]
    turned = sum(
        Judge.of(one.compared.base).answer(stated).recommendation != Judge.of(one.new).answer(stated).recommendation
        for one in found
        for stated in one.companies
    )
    assert turned >= 20
    assert {change.effect for one in found for change in one.compared.changes} == set(Class)
    assert any(len(group.changes) > 1 for one in found for group in one.groups)


@pytest.mark.parametrize("seed", SEEDS[:12])
def test_a_rename_with_all_its_uses_changes_nothing(seed: str) -> None:
    random = Random(seed)
    written = documents(random)
    other = renamed(written, random)
    changes = compare(built(written), built(other)).changes
    assert [(change.what, change.effect) for change in changes] == [("renamed", Class.COSMETIC)]


@pytest.mark.parametrize("seed", SEEDS[:12])
def test_the_way_back_undoes_the_way_there(seed: str) -> None:
    found = compared(seed)
    back = compare(found.new, found.old)
    assert len(back.changes) == len(found.compared.changes)
    # a fact that comes is read by nobody yet, one that goes may be stated
    classes = [sorted(c.effect for c in one.changes if c.kind is not Kind.FACT) for one in (back, found.compared)]
    assert classes[0] == classes[1]


def test_no_edit_is_no_change() -> None:
    written = documents(Random("same"))
    assert compare(built(written), built(edited(written, Random(1), 0))).changes == ()

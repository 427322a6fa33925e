"""Random policy sets against random companies, through the definition and through the rules engine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from engine.backends import Asked, Backend
from engine.backends.durable import DurableBackend
from engine.backends.reference import ReferenceBackend, fire, signal_truths
from engine.check import CHECKS
from engine.check.reach import conditions_that_never_hold, unreachable_cases
from engine.company import Company
from engine.conclusion import Conclusions, Evaluation
from engine.diagnostics import Diagnostic, SteelyardError
from engine.evaluation import evaluate
from engine.exchange import Exchange
from engine.facts import Facts
from engine.formula import derive_for
from engine.loader import load
from engine.policy import PolicySet
from engine.session import open_policy
from engine.strata import Strata, strata
from engine.tally import late_facts, tally

from .companies import Pool, pool, tests
from .documents import Documents, documents
from .layers import layered
from .mix import Mix
from .writing import folder, sources

DAY = date(2026, 10, 31)
KNOWN = (0.0, 0.4, 0.7, 0.85, 0.95, 1.1)
"""Shares of the facts that are known; beyond 1 all are."""
FROM_FILES = 8
"""One policy set in so many is written as YAML and read by the real loader and its schema, the others as nodes."""
SAMPLED = 10
"""One company in so many is looked at for the mix."""
COMPANIES = 160
EVALUATIONS = 100
"""One pair in so many is compared as two whole evaluations, the others as the conclusions that they are made of."""
WARNINGS_ONLY = (conditions_that_never_hold, unreachable_cases)
"""They try thousands of combinations and never refuse: left to the policy sets that come from files."""


@dataclass(slots=True)
class Campaign:
    """What was tried, what it was made of, and what went wrong, in words that say how to see it again."""

    seed: str
    pairs: int = 0
    evaluations: int = 0
    policies: int = 0
    from_files: int = 0
    refused: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    mix: Mix = field(default_factory=Mix)

    def run(self, pairs: int, evaluations: int = EVALUATIONS, companies: int = COMPANIES) -> Campaign:
        """Compare so many pairs, of which one in `evaluations` as a whole evaluation."""
        number = 0
        while self.pairs < pairs:
            self.policy(number, min(companies, pairs - self.pairs), evaluations)
            number += 1
        return self

    def policy(self, number: int, companies: int, evaluations: int) -> None:
        """One policy set and its companies; its random numbers depend on nothing but the seed and its number."""
        name = f"{self.seed}/{number}"
        random = Random(name)
        self.policies += 1
        try:
            policy = self.built(number, random)
            backend = DurableBackend(policy)
        except SteelyardError as error:
            self.refused.append(f"{name}: {'; '.join(f'{d.code} {d.message}' for d in error.diagnostics)}")
            return
        self.mix.policy(policy)
        with closing(backend):
            self.companies(name, Duel.over(policy, backend), pool(policy, random), random, companies, evaluations)

    def built(self, number: int, random: Random) -> PolicySet:
        """A random policy set; raises SteelyardError where loading or checking refuses it."""
        alone, under_layers = number % 23 == 5, number % 7 == 4
        if number % FROM_FILES:
            return from_nodes(random, alone, under_layers)
        self.from_files += 1
        return from_files(random, alone, under_layers)

    def companies(self, name: str, duel: Duel, some: Pool, random: Random, count: int, evaluations: int) -> None:
        """Compare the conclusions for each company, and whole evaluations for some."""
        compared = tests(duel.policy)
        given = [some.company(random, random.choice(KNOWN)) for _ in range(count)]
        whole = [n for n in range(count) if (self.pairs + n) % evaluations == 0]
        try:
            for facts in duel.conclusions(derive_for(duel.policy, one)[0] for one in given):
                if self.pairs % SAMPLED == 0:
                    self.mix.company(duel.policy, compared, facts)
                self.pairs += 1
            for n in whole:
                self.evaluations += 1
                duel.evaluation(given[n])
        except (DifferenceError, SteelyardError) as problem:
            self.differences.append(f"policy {name}: {problem}")

    def add(self, other: Campaign) -> None:
        """Add what another part of the campaign did."""
        self.pairs += other.pairs
        self.evaluations += other.evaluations
        self.policies += other.policies
        self.from_files += other.from_files
        self.refused += other.refused
        self.differences += other.differences
        self.mix.add(other.mix)

    def text(self) -> Iterator[str]:
        """The report, a line at a time."""
        yield f"seed {self.seed}: {self.pairs:,} pairs, of which {self.evaluations:,} as whole evaluations"
        yield f"{self.policies:,} policy sets ({self.from_files:,} from YAML files), {len(self.refused):,} refused"
        yield f"{self.mix.rules / max(1, self.policies - len(self.refused)):.0f} rules a policy set"
        yield "leaves: " + ", ".join(f"{truth} {share:.0%}" for truth, share in self.mix.shares.items())
        for what, counts in (("policy sets with", self.mix.constructs), ("sampled companies with", self.mix.traits)):
            yield f"{what}: " + ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
        yield f"never: {', '.join(self.mix.absent) or 'nothing'}"
        yield from (f"refused {line}" for line in self.refused)
        yield from (f"DIFFERENT {line}" for line in self.differences)


class DifferenceError(Exception):
    """The two engines do not agree."""


def _answering(score: Facts, _early: Conclusions) -> Facts:
    return score


@dataclass(frozen=True, slots=True)
class Duel:
    """Both engines over one policy set."""

    policy: PolicySet
    production: Backend
    rules: Strata

    @classmethod
    def over(cls, policy: PolicySet, production: Backend) -> Duel:
        """The strata of a policy set are the same for every company."""
        return cls(policy, production, strata(policy))

    def conclusions(self, companies: Iterable[Facts]) -> Iterator[Facts]:
        """Truths and activations of both strata, with their order: all that an evaluation is made of; facts with the late ones."""
        expected: deque[tuple[Facts, tuple[Conclusions, Conclusions]]] = deque()

        def asked() -> Iterator[Asked]:
            for facts in companies:
                early = fire(self.rules.early, facts, {})
                score = late_facts(self.policy, tally(self.policy, early.truths, facts), facts)
                everything = {**facts, **score}
                expected.append((everything, (early, fire(self.rules.late, everything, signal_truths(early)))))
                yield facts, partial(_answering, score)

        for n, found in enumerate(self.production.run_each(asked())):
            facts, wanted = expected.popleft()
            if found != wanted:
                raise DifferenceError(f"company {n}: expected {wanted}, found {found}")
            yield facts

    def evaluation(self, facts: Facts) -> Evaluation:
        """The same whole evaluation, but for the name of the engine."""
        company = stated(facts)
        expected = evaluate(self.policy, company, ReferenceBackend(self.policy))
        found = evaluate(self.policy, company, self.production)
        if replace(found, engine=expected.engine) != expected:
            raise DifferenceError(f"expected {expected}, found {found}")
        return expected


def stated(facts: Facts) -> Company:
    """A company that states some facts."""
    return Company("Zufall 随机 & Söhne", DAY, False, DAY, Exchange("EUR", "EUR", {}, DAY), facts)


def made(random: Random, alone: bool, under_layers: bool, unicode_names: bool = False) -> Documents:
    """A random policy set as documents, one indicator of it, or one under layers."""
    return layered(random) if under_layers and not alone else documents(random, alone, unicode_names)


def from_nodes(random: Random, alone: bool = False, under_layers: bool = False) -> PolicySet:
    """A random policy set that was never a text; raises SteelyardError where it is refused."""
    policy = load(sources(made(random, alone, under_layers, random.random() < 0.2))).policy
    refuse(found for check in CHECKS if check not in WARNINGS_ONLY for found in check(policy))
    return policy


def refuse(found: Iterable[Diagnostic]) -> None:
    """Raise SteelyardError where there is an error among them."""
    errors = [diagnostic for diagnostic in found if diagnostic.is_error]
    if errors:
        raise SteelyardError(errors)


def from_files(random: Random, alone: bool = False, under_layers: bool = False) -> PolicySet:
    """A random policy set that was written into files and read again; raises SteelyardError where it is refused."""
    with TemporaryDirectory() as place:
        (Path(place) / ".git").mkdir()
        return open_policy(str(folder(made(random, alone, under_layers), Path(place), random)), DAY).policy

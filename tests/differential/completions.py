"""What the bounds promise, held against random completions: `python -m tests.differential.completions --count 10000`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from engine.backends.reference import ReferenceBackend, fire
from engine.diagnostics import SteelyardError
from engine.facts import Facts
from engine.formula import derive_for
from engine.policy import PolicySet
from engine.run import Run, run
from engine.session import open_policy
from engine.strata import strata
from engine.tally import Tally, tally

from .campaign import DAY, from_nodes
from .companies import Pool, pool

SLACK = 1e-9
"""Of a strength; a score has a hundred times as much. Sums are taken in another order."""
EACH = 25
"""Completions of one company."""
SHARES = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Completions:
    """A policy set, and companies for it as a company file may hold them."""

    policy: PolicySet
    some: Pool
    random: Random

    @classmethod
    def of(cls, policy: PolicySet, random: Random) -> Completions:
        """No derived fact is stated: what it is computed from is."""
        return cls(policy, pool(policy, random, possible=True, derived=0.0), random)

    def broken(self, count: int) -> Iterator[str]:
        """Every promise that one of `count` completions breaks, in words."""
        for n in range(count):
            if n % EACH == 0:
                given = self.some.company(self.random, self.random.choice(SHARES))
                before = run(self.policy, self.derived(given), ReferenceBackend(self.policy))
            for promise in broken(before, self.tally(self.some.completed(given, self.random))):
                yield f"{promise}; completion {n} of {sorted(given)}"

    def derived(self, facts: Facts) -> Facts:
        return derive_for(self.policy, facts)[0]

    def tally(self, facts: Facts) -> Tally:
        """The arithmetic alone: all that the bounds speak of."""
        known = self.derived(facts)
        return tally(self.policy, fire(strata(self.policy).early, known, {}).truths, known)


def broken(before: Run, after: Tally) -> Iterator[str]:
    """The promises of a run that a completion of its facts breaks."""
    score, bounds = after.score, before.bounds
    if score.value is not None and not _within(bounds.low, score.value, bounds.high, 100 * SLACK):
        yield f"score {score.value} outside {bounds.low} to {bounds.high}"
    if score.coverage < bounds.least_coverage - SLACK:
        yield f"coverage {score.coverage} below {bounds.least_coverage}"
    for strength in after.strengths:
        own = bounds.indicators[strength.indicator.name]
        if strength.assessed and strength.value is not None and not _within(own.low, strength.value, own.high, SLACK):
            yield f"strength {strength.value} of {strength.indicator.name} outside {own.low} to {own.high}"
        for weighed in after.weighed[strength.indicator.name]:
            outcome = weighed.decision.outcome
            if outcome is not None and outcome not in own.outcomes[weighed.item.name]:
                yield f"{weighed.item.name} came to {outcome}, which was not reachable"


def _within(low: float, value: float, high: float, slack: float) -> bool:
    return low - slack <= value <= high + slack


def generated(seed: str) -> PolicySet:
    """The first random policy set of a seed that is not refused."""
    random = Random(seed)
    while True:
        try:
            return from_nodes(random)
        except SteelyardError:
            continue


def main() -> int:
    """Try the shipped policy set and some generated ones; 1 where a promise is broken."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000, help="completions of each policy set")
    options.add_argument("--policies", type=int, default=20, help="generated policy sets")
    options.add_argument("--seed", default="1")
    given = options.parse_args()
    policies = {"sales-focus": open_policy("steelyard:sales-focus", DAY).policy}
    policies |= {f"{given.seed}-{n}": generated(f"{given.seed}-{n}") for n in range(given.policies)}
    failed = False
    for name, policy in policies.items():
        found = list(Completions.of(policy, Random(given.seed)).broken(given.count))
        failed = failed or bool(found)
        sys.stdout.write(f"{name}: {given.count:,} completions, {len(found):,} promises broken\n")
        sys.stdout.writelines(f"  {line}\n" for line in found[:5])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

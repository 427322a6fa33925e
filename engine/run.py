"""One run of the rules over the facts of a company, and what is certain of it: docs/language.md, sections 8 and 9."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .backends import Backend
from .bounds import Bounds, Certainty, Outlook, certainty, outlook, score_bounds, with_late
from .conclusion import Conclusions, Kind
from .condition import Truth
from .facts import Facts
from .policy import PolicySet
from .recommendation import open_gates
from .strata import strata
from .tally import Tally, late_facts, tally


@dataclass(frozen=True, slots=True)
class Fired:
    """What the rules concluded from the facts that are known: the facts with the late ones, both strata and the tally."""

    policy: PolicySet
    facts: Facts
    early: Conclusions
    late: Conclusions
    tally: Tally

    def truth(self, kind: Kind, name: str) -> Truth:
        """The truth of a rule."""
        key = f"{kind}:{name}"
        return self.early.truths[key] if key in self.early.truths else self.late.truths[key]


@dataclass(frozen=True, slots=True)
class Run(Fired):
    """Everything that one run concluded, before it is told: what fired, and the bounds over what is not known."""

    bounds: Bounds
    sure: Certainty
    """The early truths that no completion changes."""
    open_gates: frozenset[str] = frozenset()


def fire(policy: PolicySet, facts: Facts, backend: Backend) -> Fired:
    """Fire the rules over facts (early formulas computed), without a look at what is not known."""
    tallies: list[Tally] = []
    everything = dict(facts)

    def conclude(early: Conclusions) -> Facts:
        tallies.append(tally(policy, early.truths, facts))
        concluded = late_facts(policy, tallies[0], facts)
        everything.update(concluded)
        return concluded

    early, late = backend.run(facts, conclude)
    return Fired(policy, everything, early, late, tallies[0])


def run(policy: PolicySet, facts: Facts, backend: Backend) -> Run:
    """Fire the rules over facts (early formulas computed), and work out what is certain."""
    done = fire(policy, facts, backend)
    view = outlook(policy, facts)
    sure = certainty(policy, strata(policy).early, view)
    bounds = score_bounds(policy, sure, view, done.tally.score.value)
    whole = Run(policy, done.facts, done.early, done.late, done.tally, bounds, sure)
    return replace(whole, open_gates=_open_gates(whole, view))


def _open_gates(run: Run, view: Outlook) -> frozenset[str]:
    """The gates that could still change the move of the present band."""
    if run.tally.band is None:
        return frozenset()
    late_view = with_late(run.policy, view, run.bounds)
    late = certainty(run.policy, strata(run.policy).late, late_view, run.sure)
    return open_gates(run.policy, late.truths, run.late.truths, late_view.facts, run.tally.band.move_high)

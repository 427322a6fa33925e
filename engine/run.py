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
class Run:
    """Everything that one run concluded, before it is told: the facts with the late ones, both strata, the tally and the bounds."""

    policy: PolicySet
    facts: Facts
    early: Conclusions
    late: Conclusions
    tally: Tally
    bounds: Bounds
    sure: Certainty
    """The early truths that no completion changes."""
    open_gates: frozenset[str] = frozenset()

    def truth(self, kind: Kind, name: str) -> Truth:
        """The truth of a rule."""
        key = f"{kind}:{name}"
        return self.early.truths[key] if key in self.early.truths else self.late.truths[key]


def run(policy: PolicySet, facts: Facts, backend: Backend) -> Run:
    """Fire the rules over facts (early formulas computed), and work out what is certain."""
    early, late = backend.run(facts, lambda fired: late_facts(policy, tally(policy, fired.truths, facts), facts))
    found = tally(policy, early.truths, facts)
    everything = {**facts, **late_facts(policy, found, facts)}
    view = outlook(policy, facts)
    rules = strata(policy)
    sure = certainty(policy, rules.early, view)
    bounds = score_bounds(policy, sure, view, found.score.value)
    done = Run(policy, everything, early, late, found, bounds, sure)
    return replace(done, open_gates=_open_gates(done, view))


def _open_gates(run: Run, view: Outlook) -> frozenset[str]:
    """The gates that could still change the move of the present band."""
    if run.tally.band is None:
        return frozenset()
    late_view = with_late(run.policy, view, run.bounds)
    late = certainty(run.policy, strata(run.policy).late, late_view, run.sure)
    return open_gates(run.policy, late.truths, run.late.truths, late_view.facts, run.tally.band.move_high)

"""One run of the rules over the facts of a company, and what is certain of it: docs/language.md, sections 8 and 9."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from .backends import Asked, Backend
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
    """What the rules concluded from the facts that are known: both strata and the tally."""

    policy: PolicySet
    given: Facts
    facts: Facts
    """Those given, and those that the score concluded."""
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


@dataclass(slots=True)
class _Firing:
    """One company on its way: what the score makes of its early stratum."""

    policy: PolicySet
    given: Facts
    tally: Tally | None = None
    facts: Facts = field(default_factory=dict)

    def conclude(self, early: Conclusions) -> Facts:
        self.tally = tally(self.policy, early.truths, self.given)
        concluded = late_facts(self.policy, self.tally, self.given)
        self.facts = {**self.given, **concluded}
        return concluded

    def done(self, early: Conclusions, late: Conclusions) -> Fired:
        assert self.tally is not None
        return Fired(self.policy, self.given, self.facts, early, late, self.tally)


def fire(policy: PolicySet, facts: Facts, backend: Backend) -> Fired:
    """Fire the rules over facts (early formulas computed), without a look at what is not known."""
    [found] = fire_each(policy, [facts], backend)
    return found


def fire_each(policy: PolicySet, companies: Iterable[Facts], backend: Backend) -> Iterator[Fired]:
    """What `fire` answers for each of many companies, in their order. See `Backend.run_each`."""
    firing: deque[_Firing] = deque()

    def asked() -> Iterator[Asked]:
        for facts in companies:
            firing.append(_Firing(policy, facts))
            yield facts, firing[-1].conclude

    for early, late in backend.run_each(asked()):
        yield firing.popleft().done(early, late)


def run(policy: PolicySet, facts: Facts, backend: Backend) -> Run:
    """Fire the rules over facts (early formulas computed), and work out what is certain."""
    return bounded(fire(policy, facts, backend))


def bounded(done: Fired) -> Run:
    """What is certain of what fired."""
    policy = done.policy
    view = outlook(policy, done.given)
    sure = certainty(policy, strata(policy).early, view)
    bounds = score_bounds(policy, sure, view, done.tally.score.value)
    whole = Run(policy, done.given, done.facts, done.early, done.late, done.tally, bounds, sure)
    return replace(whole, open_gates=_open_gates(whole, view))


def _open_gates(run: Run, view: Outlook) -> frozenset[str]:
    """The gates that could still change the move of the present band."""
    if run.tally.band is None:
        return frozenset()
    late_view = with_late(run.policy, view, run.bounds)
    late = certainty(run.policy, strata(run.policy).late, late_view, run.sure)
    return open_gates(run.policy, late.truths, run.late.truths, late_view.facts, run.tally.band.move_high)

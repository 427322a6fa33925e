"""The recommendation for one company, and no more: what is compared between two policy sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..backends import Backend
from ..conclusion import GateResult, Kind, Verdict
from ..condition import Truth, truth
from ..facts import Facts
from ..formula import derive
from ..policy import Band, PolicySet
from ..recommendation import gate_result, insufficient, recommend
from ..strata import Rule, Strata, strata
from ..tally import Tally, late_facts, tally


@dataclass(frozen=True, slots=True)
class Answer:
    """A recommendation: the verdict's id, title and move (None where there is none), the score and the coverage behind it.

    `held_by` are the gates that hold it back; `margin` how far the score is from the nearest end of its band, and `beyond` what
    lies there (empty where there is no band).
    """

    verdict: str
    title: str
    move: tuple[float, float] | None
    score: float | None
    coverage: float
    held_by: tuple[str, ...] = ()
    margin: float | None = None
    beyond: str = ""

    @property
    def recommendation(self) -> tuple[str, tuple[float, float] | None]:
        """What the company is told to do."""
        return (self.verdict, self.move)


@dataclass(frozen=True, slots=True)
class Judge:
    """Answers by the definition of the language, for mixes of two policy sets that no engine was compiled for."""

    policy: PolicySet
    rules: Strata

    @staticmethod
    def of(policy: PolicySet) -> Judge:
        """The strata of a policy set are the same for every company."""
        return Judge(policy, strata(policy))

    def answer(self, stated: Facts) -> Answer:
        """The recommendation for a company that states some facts."""
        policy = self.policy
        facts, _ = derive(policy.catalogue, policy.parameters, stated, currency=policy.currency)
        early = _truths(self.rules.early, facts, {})
        found = tally(policy, early, facts)
        everything = {**facts, **late_facts(policy, found, facts)}
        return answer_of(policy, found, _truths(self.rules.late, everything, early), everything)


def _truths(rules: Iterable[Rule], facts: Facts, known: Mapping[str, Truth]) -> dict[str, Truth]:
    """The truth of every rule, by key; `known` are those of an earlier stratum."""
    prefix = f"{Kind.SIGNAL}:"
    signals = {key.removeprefix(prefix): answer for key, answer in known.items() if key.startswith(prefix)}
    found = {}
    for rule in rules:
        found[rule.key] = truth(rule.when, facts, signals)
        if rule.kind is Kind.SIGNAL:
            signals[rule.name] = found[rule.key]
    return found


def judged(policy: PolicySet, backend: Backend, stated: Facts) -> Answer:
    """The recommendation by an engine. Raises EvaluationError where it fails or disagrees with the definition."""
    facts, _ = derive(policy.catalogue, policy.parameters, stated, currency=policy.currency)
    early, late = backend.run(facts, lambda fired: late_facts(policy, tally(policy, fired.truths, facts), facts))
    found = tally(policy, early.truths, facts)
    return answer_of(policy, found, late.truths, {**facts, **late_facts(policy, found, facts)})


def answer_of(policy: PolicySet, found: Tally, late: Mapping[str, Truth], facts: Facts) -> Answer:
    """What stands after the gates; `late` are the truths of the late stratum, `facts` with those that the score concluded."""
    gates = [gate_result(gate, late[f"{Kind.GATE}:{gate.name}"], facts, (), False) for gate in policy.gates]
    verdict = _verdict(policy, found, gates)
    margin, beyond = _margin(policy.bands, found)
    return Answer(
        verdict=verdict.id,
        title=verdict.headline,
        move=verdict.move,
        score=found.score.value,
        coverage=found.score.coverage,
        held_by=verdict.held_by,
        margin=margin,
        beyond=beyond,
    )


def _verdict(policy: PolicySet, found: Tally, gates: Sequence[GateResult]) -> Verdict:
    if found.band is None:
        return insufficient("", tuple(gate.name for gate in gates if gate.withdraws_verdict))
    return recommend(policy, found.band, gates, settled=False)


def _margin(bands: Sequence[Band], found: Tally) -> tuple[float | None, str]:
    """How far the score is from the nearest end of its band, and the title of the band beyond it."""
    if found.band is None or found.score.value is None:
        return None, ""
    place, score = bands.index(found.band), found.score.value
    ends = [
        (score - band.below.number, band.title) for band in bands[max(0, place - 1) : place] if band.below is not None
    ]
    if found.band.below is not None:
        ends.append((found.band.below.number - score, bands[place + 1].title))
    return min(ends, default=(None, ""), key=lambda end: end[0])

"""The recommendation for one company, and no more: what is compared between two policy sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ..backends import Backend
from ..conclusion import GateResult, Kind, Verdict
from ..condition import Literal, Truth, signals_read, truth
from ..facts import Facts
from ..formula import derive_for, parameters, parse
from ..policy import Band, PolicySet
from ..recommendation import gate_result, insufficient, recommend
from ..run import fire
from ..strata import Rule, strata
from ..tally import Tally, late_facts, tally

Formulas: TypeAlias = tuple[tuple[tuple[str, str, bool], ...], tuple[tuple[str, Literal], ...]]


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
class Memory:
    """What was worked out of one company under other mixes: most of it is the same under the next one."""

    facts: dict[Formulas, Facts] = field(default_factory=dict)
    truths: dict[tuple[Formulas, int, tuple[Truth, ...]], Truth] = field(default_factory=dict)
    """By what the facts are derived with, the identity of a condition, and the truths of the signals that it reads."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Answers by the definition of the language, for mixes of two policy sets that no engine was compiled for.

    The strata of a policy set, and what each rule reads, are the same for every company.
    """

    policy: PolicySet
    early: tuple[tuple[Rule, tuple[str, ...]], ...]
    late: tuple[tuple[Rule, tuple[str, ...]], ...]
    formulas: Formulas
    """The same for two mixes that derive the same facts from the same company."""

    @staticmethod
    def of(policy: PolicySet) -> Judge:
        """The judge of a policy set."""
        rules = strata(policy)
        early, late = (tuple((rule, signals_read(rule.when)) for rule in some) for some in (rules.early, rules.late))
        return Judge(policy, early, late, _formulas(policy))

    def answer(self, stated: Facts, memory: Memory | None = None) -> Answer:
        """The recommendation for a company that states some facts; `memory` is of this company and these facts."""
        policy, known = self.policy, memory or Memory()
        if self.formulas not in known.facts:
            known.facts[self.formulas], _ = derive_for(policy, stated)
        facts = known.facts[self.formulas]
        early, signals = self._truths(facts, known)
        found = tally(policy, early, facts)
        everything = {**facts, **late_facts(policy, found, facts)}
        return answer_of(policy, found, _concluded(self.late, everything, signals), everything)

    def _truths(self, facts: Facts, known: Memory) -> tuple[dict[str, Truth], dict[str, Truth]]:
        """The early truths, by rule, and those of the signals, by name."""
        found: dict[str, Truth] = {}
        signals: dict[str, Truth] = {}
        for rule, reads in self.early:
            # the pair keeps every judge, so that no condition leaves its identity to another one
            key = (self.formulas, id(rule.when), tuple(signals[name] for name in reads))
            if key not in known.truths:
                known.truths[key] = truth(rule.when, facts, signals)
            found[rule.key] = known.truths[key]
            if rule.kind is Kind.SIGNAL:
                signals[rule.name] = found[rule.key]
        return found, signals


def _concluded(
    rules: Iterable[tuple[Rule, tuple[str, ...]]], facts: Facts, known: Mapping[str, Truth]
) -> dict[str, Truth]:
    """The late truths, by rule; `known` are those of the early signals."""
    signals, found = dict(known), {}
    for rule, _ in rules:
        found[rule.key] = truth(rule.when, facts, signals)
        if rule.kind is Kind.SIGNAL:
            signals[rule.name] = found[rule.key]
    return found


def _formulas(policy: PolicySet) -> Formulas:
    """What derived facts depend on, besides the company: the formulas and the values of the parameters in them."""
    derived = [fact for fact in policy.catalogue.values() if fact.is_derived]
    told = tuple((fact.name, fact.formula, fact.zero_divisor_infinite) for fact in derived)
    read = {name for fact in derived for name in parameters(parse(fact.formula, fact.formula_span))}
    return (told, tuple((name, policy.parameters[name].value) for name in sorted(read)))


def judged(policy: PolicySet, backend: Backend, stated: Facts) -> Answer:
    """The recommendation by an engine. Raises EvaluationError where it fails or disagrees with the definition."""
    facts, _ = derive_for(policy, stated)
    fired = fire(policy, facts, backend)
    return answer_of(policy, fired.tally, fired.late.truths, fired.facts)


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

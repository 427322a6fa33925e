"""What to ask next: the missing facts, ranked by what their answers would decide.

A *bundle* is a smallest set of answers that decides an evidence item, or a gate, whatever the answers turn out to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from .conclusion import Question
from .condition import Condition, less
from .dependencies import gate_facts, item_facts, missing_inputs, rule_facts, vague_inputs
from .facts import Facts
from .policy import Evidence, Gate, Indicator, PolicySet
from .prospect import Prospect, Supposition
from .tally import quality_of

LARGEST_BUNDLE = 3
UNASSESSED = 0.5
"""What coverage of an indicator that is not assessed yet is worth when answers are ranked: it counts once the indicator is."""

Answers = frozenset[str]
Bundles = tuple[Answers, ...]


def _smallest(missing: Sequence[str], decides: Callable[[Answers], bool]) -> Bundles:
    """The smallest sets of missing facts that decide; none of more than three unless it takes all of them."""
    if decides(frozenset()):
        return (frozenset(),)
    for size in range(1, min(LARGEST_BUNDLE, len(missing)) + 1):
        found = tuple(frozenset(c) for c in combinations(missing, size) if decides(frozenset(c)))
        if found:
            return found
    everything = frozenset(missing)
    return (everything,) if missing and decides(everything) else ()


def _bundles(
    policy: PolicySet,
    facts: Facts,
    asked: Sequence[Condition],
    reads: Sequence[str],
    decides: Callable[[Supposition], bool],
    in_vain: Answers,
) -> Bundles:
    """The bundles of conditions that read some facts, of what nobody was asked `in_vain`."""
    missing = missing_inputs(reads, policy, facts)
    missing += tuple(name for name in vague_inputs(asked, policy, facts) if name not in missing)
    missing = tuple(name for name in missing if name not in in_vain)
    return _smallest(missing, lambda answers: decides(Supposition(policy, facts, answers)))


@dataclass(frozen=True, slots=True)
class Reach:
    """How much of the evidence a set of answers would decide.

    `depends` names the answers that matter to each indicator; `known` keeps what was worked out, since most steps leave most
    indicators as they are.
    """

    policy: PolicySet
    facts: Facts
    bundles: Mapping[str, Bundles]
    depends: Mapping[str, Answers]
    known: dict[tuple[str, Answers], tuple[float, bool]] = field(default_factory=dict)

    def decided(self, item: Evidence, answers: Answers) -> bool:
        """Whether some bundle of an item is answered."""
        return any(bundle <= answers for bundle in self.bundles[item.name])

    def coverage(self, answers: Answers) -> float:
        """Coverage 0..1 with these answers.

        The quality of a field that is unknown is taken as the policy takes it, and stays so: its answer may be low.
        """
        counted = [i for i in self.policy.indicators if i.in_score]
        total = sum(i.weight.value for i in counted)
        return sum(self._share(i, answers, 0.0) for i in counted) / total if total else 0.0

    def concerned(self, answers: Answers) -> frozenset[str]:
        """The indicators that count and that answers could bring evidence to, by name."""
        counted = (i.name for i in self.policy.indicators if i.in_score)
        return frozenset(name for name in counted if not answers.isdisjoint(self.depends[name]))

    def gain(self, answers: Answers, more: Answers, concerned: frozenset[str]) -> float:
        """The weight that more answers bring to the indicators they concern, half of it where one is not assessed yet."""
        after = answers | more
        indicators = (i for i in self.policy.indicators if i.name in concerned)
        return sum(self._share(i, after, UNASSESSED) - self._share(i, answers, UNASSESSED) for i in indicators)

    def _share(self, indicator: Indicator, answers: Answers, unassessed: float) -> float:
        key = (indicator.name, answers & self.depends[indicator.name])
        if key not in self.known:
            self.known[key] = self._indicator(indicator, key[1])
        weighted, assessed = self.known[key]
        return weighted if assessed else weighted * unassessed

    def _indicator(self, indicator: Indicator, answers: Answers) -> tuple[float, bool]:
        """The weighted coverage of one indicator, and whether it would be assessed."""
        supposed = Supposition(self.policy, self.facts, answers)
        held = {a.evidence: a.by.number for a in self.policy.adjustments if supposed.of(a.when) is Prospect.YES}
        weights = [(item, item.weight.value * held.get(item.name, 1.0)) for item in indicator.evidence]
        decided = [(item, weight) for item, weight in weights if self.decided(item, answers)]
        total = sum(weight for _, weight in weights)
        coverage = sum(weight for _, weight in decided) / total if total else 0.0
        assessed = not less(coverage, self.policy.assessed_at.number) and any(item.primary for item, _ in decided)
        return indicator.weight.value * coverage * quality_of(indicator, self.facts), assessed


def reach(policy: PolicySet, facts: Facts, in_vain: Answers = frozenset()) -> Reach:
    """What answers would decide, from the facts there are; what was asked `in_vain` is not asked again."""

    def item_bundles(item: Evidence) -> Bundles:
        asked = [case.when for case in item.cases]
        return _bundles(policy, facts, asked, item_facts(policy)[item.name], lambda s: s.decides(item), in_vain)

    bundles = {item.name: item_bundles(item) for item in policy.evidence}
    depends = {i.name: _depends(policy, facts, i, bundles) for i in policy.indicators}
    return Reach(policy, facts, bundles, depends)


def _depends(policy: PolicySet, facts: Facts, indicator: Indicator, bundles: Mapping[str, Bundles]) -> Answers:
    """The answers that decide an item of an indicator, or an adjustment of one."""
    names = {item.name for item in indicator.evidence}
    adjusting = [a.when for a in policy.adjustments if a.evidence in names]
    own = frozenset[str]().union(*(bundle for name in names for bundle in bundles[name]))
    return own.union(missing_inputs(rule_facts(adjusting, policy), policy, facts))


def _steps(within: Reach) -> Iterator[Answers]:
    """Bundles in the order in which each brings most coverage per question.

    Of equals, first what gates read as well, then the order of the catalogue.
    """
    answers: Answers = frozenset()
    open_bundles = {bundle for found in within.bundles.values() for bundle in found if bundle}
    place = {name: n for n, name in enumerate(within.policy.catalogue)}
    gates = (fact for read in gate_facts(within.policy).values() for fact in read)
    ruled = frozenset(missing_inputs(gates, within.policy, within.facts))
    concerned = {bundle: within.concerned(bundle) for bundle in open_bundles}
    ranks = {bundle: (-len(bundle & ruled), sorted(place[fact] for fact in bundle)) for bundle in open_bundles}
    gains: dict[Answers, float] = {}
    while open_bundles:
        for bundle in open_bundles.difference(gains):
            gains[bundle] = -round(within.gain(answers, bundle, concerned[bundle]) / len(bundle - answers), 9)
        best = min(open_bundles, key=lambda bundle: (gains[bundle], ranks[bundle]))
        yield best - answers
        answers |= best
        open_bundles = {bundle for bundle in open_bundles if not bundle <= answers}
        # what a bundle brings has changed only where it shares an indicator with this one
        gains = {bundle: gains[bundle] for bundle in open_bundles if concerned[bundle].isdisjoint(concerned[best])}


def _question(
    policy: PolicySet, facts: Facts, fact: str, step: Answers, decides: Iterable[str], coverage: float
) -> Question:
    definition = policy.catalogue[fact]
    together = tuple(sorted(step - {fact}))
    ask = definition.ask or definition.meaning
    if fact in facts:
        # it has a value, but nobody told how sure it is, or which it is
        what = "one value: only a range is known" if facts[fact].ranged else "the counts, or the low and the high end"
        ask = f"{ask} ({what})"
    return Question(fact, ask, definition.who, definition.source, definition.unit, tuple(decides), together, coverage)


def _gate_bundles(policy: PolicySet, facts: Facts, gate: Gate, in_vain: Answers) -> Bundles:
    """What decides a gate; where that is decided and its cap is not known, what the cap takes."""
    cap = gate.effect.cap_move
    if isinstance(cap, str) and Supposition(policy, facts).of(gate.when) is Prospect.YES:
        found = frozenset(missing_inputs([cap], policy, facts))
        return (found,) if found.isdisjoint(in_vain) else ()
    reads = gate_facts(policy)[gate.name]
    return _bundles(policy, facts, [gate.when], reads, lambda s: s.of(gate.when) is not Prospect.UNKNOWN, in_vain)


def _for_gates(
    policy: PolicySet, facts: Facts, gates: Sequence[Gate], within: Reach, in_vain: Answers
) -> Iterator[Question]:
    """The questions that rule open gates in or out."""
    for gate in gates:
        for step in _gate_bundles(policy, facts, gate, in_vain)[:1]:
            for fact in sorted(step):
                yield _question(policy, facts, fact, step, [gate.name], within.coverage(step))


def _for_coverage(policy: PolicySet, within: Reach) -> Iterator[Question]:
    """The questions that bring most of the evidence, best first."""
    answers: Answers = frozenset()
    waiting = [item for item in policy.evidence if not within.decided(item, answers)]
    for step in _steps(within):
        answers |= step
        decides = [item.code or item.name for item in waiting if within.decided(item, answers)]
        waiting = [item for item in waiting if not within.decided(item, answers)]
        for fact in sorted(step):
            yield _question(policy, within.facts, fact, step, decides, within.coverage(answers))


def questions(
    policy: PolicySet,
    facts: Facts,
    open_gates: Sequence[str],
    concluded: Facts | None = None,
    in_vain: Answers = frozenset(),
) -> tuple[Question, ...]:
    """What to ask next: open gates first once there is enough evidence, then what brings most coverage.

    `open_gates` are those that could still change the verdict; `concluded` the facts with the late ones, which gates read;
    what was asked `in_vain` is not asked again.
    """
    within = reach(policy, facts, in_vain)
    enough = not less(within.coverage(frozenset()), policy.required_coverage.number)
    gates = [gate for gate in policy.gates if gate.name in open_gates] if enough else []
    first: dict[str, Question] = {}
    for question in (*_for_gates(policy, concluded or facts, gates, within, in_vain), *_for_coverage(policy, within)):
        first.setdefault(question.fact, question)
    return tuple(first.values())

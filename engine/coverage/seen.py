"""Which goals one row reaches. A goal counts only where the row expects something that depends on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ..conclusion import Kind
from ..condition import FactTest, SignalTest, Truth, fact_truth, less, signals_read
from ..policy import Indicator, PolicySet, Role
from ..recommendation import INSUFFICIENT
from ..run import Fired
from ..scoring import Strength
from ..texts import fill
from .goals import band_threshold, decision_key, side_key, truth_key
from .reachable import NO_CASE, OPEN
from .rules import ACTION, actions, owned, part_truths
from .thresholds import Threshold, owner_of, side_of, thresholds

OF_EVIDENCE = ("verdict", "band", "score", "coverage", "move", "held_by", "direction", "settled")
"""Answers that depend on all evidence."""
OF_GATES = ("verdict", "move", "held_by", "fires", "settled")
"""Answers that depend on every gate."""
PLAN = frozenset({"plan", "not_in_plan"})
SECTIONS = {
    "evidence": "evidence",
    "indicators": "indicator",
    "signals": "signal",
    "adjustments": "adjustment",
    "gates": "gate",
    "readings": "reading",
}
LENGTHS = {"evidence": 2, "indicators": 1, "gates": 1}
"""Of how many words the name of an item consists, where a part of it may follow; ids have no dots."""


def item_of_answer(path: str) -> tuple[str, str]:
    """The section and the item that an answer is about: `evidence.a.b.cap` is about `a.b`; no item for those of the whole."""
    section, *words = path.split(".")
    return section, ".".join(words[: LENGTHS.get(section)])


class Observer:
    """Answers for one policy set which goals a row reaches."""

    def __init__(self, policy: PolicySet) -> None:
        self._policy = policy
        self._signals = {signal.name: signal.when for signal in policy.signals}
        self._rules = [(rule, tuple(thresholds(rule, policy))) for rule in owned(policy)]
        self._known: dict[tuple[str, ...], frozenset[str]] = {}

    def seen(self, found: Fired, paths: Collection[str], planned: Collection[str], changed: Iterable[str]) -> set[str]:
        """The keys of the goals that are reached.

        `paths` are the answers expected, `planned` the texts of the plan where something is expected of it, `changed` the
        parameters that have another value in this row: their thresholds are not those of the policy set.
        """
        asserted = self._asserted(tuple(paths))
        keys: set[str] = set()
        leaf = _Leaf(found)
        planning = self._in_play(found) if PLAN.intersection(paths) else frozenset()
        for rule, compared in self._rules:
            if owner_of(rule) in asserted or rule.key in planning:
                keys.update(truth_key(rule.key, path, truth) for path, truth in part_truths(rule.when, leaf))
                keys.update(self._sides(compared, found, frozenset(changed)))
        keys.update(self._decided(found, asserted))
        keys.update(self._concluded(found, asserted, frozenset(changed)))
        keys.update(self._planned(found, planned) if PLAN.intersection(paths) else ())
        return keys

    def _in_play(self, found: Fired) -> frozenset[str]:
        """The actions whose condition the plan asks: those of the policy set, and of assessed indicators under a verdict."""
        assessed = {result.indicator.name for result in found.tally.strengths if result.assessed}
        speaking = assessed if found.tally.band is not None else set()
        return frozenset(
            f"{ACTION}:{number}"
            for number, action in actions(self._policy)
            if not action.indicator or action.indicator in speaking
        )

    def _planned(self, found: Fired, planned: Collection[str]) -> Iterator[str]:
        for number, action in actions(self._policy):
            if fill(action.do, self._policy, found.facts, action.indicator) in planned:
                yield f"{ACTION}:{number}"

    # --- what the answers of a row depend on --------------------------------------------------------------------

    def _asserted(self, paths: tuple[str, ...]) -> frozenset[str]:
        """The rules, evidence items, indicators and the verdict that the expected answers depend on, signals followed.

        The rows of a table expect the same answers, so that they are worked out once.
        """
        if paths not in self._known:
            direct = frozenset(key for path in paths for key in self._of(path))
            self._known[paths] = direct | {f"signal:{name}" for name in self._called(direct)}
        return self._known[paths]

    def _of(self, path: str) -> Iterator[str]:
        section, name = item_of_answer(path)
        if name:
            yield f"{SECTIONS[section]}:{name}"
            if section == "indicators":
                yield from self._of_indicator(self._policy.indicator(name))
            if path == f"evidence.{name}.weight":
                yield from (f"adjustment:{a.name}" for a in self._policy.adjustments if a.evidence == name)
            return
        if path in OF_EVIDENCE:
            yield "verdict"
            for indicator in self._policy.indicators:
                yield from self._of_indicator(indicator)
        if path in OF_GATES:
            yield from (f"gate:{gate.name}" for gate in self._policy.gates)
        if path == "fires":
            yield from (f"reading:{reading.name}" for reading in self._policy.readings)
            yield from (f"adjustment:{adjustment.name}" for adjustment in self._policy.adjustments)
        if path == "urgency":
            urgent = (i for i in self._policy.indicators if i.role is Role.URGENCY)
            yield from (f"evidence:{item.name}" for indicator in urgent for item in indicator.evidence)

    def _of_indicator(self, indicator: Indicator) -> Iterator[str]:
        yield f"indicator:{indicator.name}"
        yield from (f"evidence:{item.name}" for item in indicator.evidence)
        own = {item.name for item in indicator.evidence}
        yield from (f"adjustment:{a.name}" for a in self._policy.adjustments if a.evidence in own)

    def _called(self, asserted: frozenset[str]) -> set[str]:
        """The signals that rules call, directly or through others."""
        waiting = [rule.when for rule, _ in self._rules if owner_of(rule) in asserted]
        called: set[str] = set()
        while waiting:
            fresh = set(signals_read(waiting.pop())) - called
            called |= fresh
            waiting += [self._signals[name] for name in fresh]
        return called

    # --- what they reach ----------------------------------------------------------------------------------------

    def _sides(self, compared: Iterable[Threshold], found: Fired, changed: frozenset[str]) -> Iterator[str]:
        for threshold in compared:
            side = side_of(threshold, found.facts, self._policy.catalogue[threshold.fact])
            if side is not None and threshold.parameter not in changed:
                yield side_key(threshold, side)

    def _decided(self, found: Fired, asserted: frozenset[str]) -> Iterator[str]:
        for items in found.tally.weighed.values():
            for weighed in items:
                if f"evidence:{weighed.item.name}" in asserted:
                    decision = weighed.decision
                    what = OPEN if decision.outcome is None else decision.case or NO_CASE
                    yield decision_key(weighed.item.name, what)

    def _concluded(self, found: Fired, asserted: frozenset[str], changed: frozenset[str]) -> Iterator[str]:
        tally, policy = found.tally, found.policy
        for result in tally.strengths:
            if f"indicator:{result.indicator.name}" in asserted:
                yield from self._strength(result, policy)
        if "verdict" not in asserted:
            return
        yield f"band:{tally.band.name if tally.band is not None else INSUFFICIENT}"
        enough = not less(tally.score.coverage, policy.required_coverage.number)
        yield f"setting:required_coverage:{_reached(enough)}"
        if tally.band is not None:
            ends = tuple(band_threshold(band.below) for band in policy.bands if band.below is not None)
            yield from self._sides(ends, found, changed)

    def _strength(self, result: Strength, policy: PolicySet) -> Iterator[str]:
        if result.limiting_case:
            yield f"limit:{result.limiting_case}"
        if result.value is not None:
            yield f"setting:assessed_at:{_reached(not less(result.coverage, policy.assessed_at.number))}"
            yield f"setting:supports_at:{_reached(not less(abs(result.value), policy.supports_at.number))}"


def _reached(is_reached: bool) -> str:
    return "reached" if is_reached else "not reached"


@dataclass(frozen=True, slots=True)
class _Leaf:
    """The truth of each leaf in one evaluation."""

    found: Fired

    def __call__(self, leaf: FactTest | SignalTest) -> Truth:
        if isinstance(leaf, SignalTest):
            return self.found.truth(Kind.SIGNAL, leaf.signal)
        return fact_truth(leaf, self.found.facts.get(leaf.fact))

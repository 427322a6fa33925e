"""What a condition would come to once some more facts were answered, whatever the answers are.

One more value than the three of a truth: *either* means decided, yes or no, by an answer that is not there yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from .conclusion import Outcome
from .condition import All, AnyOf, AtLeastN, Condition, FactTest, Not, Operator, SignalTest, fact_truth
from .dependencies import answerable, signal_conditions, vague_behind
from .facts import Facts
from .members import quick
from .policy import Evidence, PolicySet
from .scoring import NONE_HOLDS


@quick
class Prospect(StrEnum):
    """Yes, no, unknown, or decided by an answer to come."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    EITHER = "either"


_ORDER = {
    "all": (Prospect.NO, Prospect.UNKNOWN, Prospect.EITHER, Prospect.YES),
    "any": (Prospect.YES, Prospect.UNKNOWN, Prospect.EITHER, Prospect.NO),
}
_NEGATED = {Prospect.YES: Prospect.NO, Prospect.NO: Prospect.YES}


def _strongest(rule: str, parts: Sequence[Prospect]) -> Prospect:
    order = _ORDER[rule]
    return next((p for p in order if p in parts), order[-1])


def _counted(n: int, parts: Sequence[Prospect]) -> Prospect:
    if parts.count(Prospect.YES) >= n:
        return Prospect.YES
    if len(parts) - parts.count(Prospect.NO) < n:
        return Prospect.NO
    return Prospect.UNKNOWN if Prospect.UNKNOWN in parts else Prospect.EITHER


@dataclass(frozen=True, slots=True)
class Supposition:
    """The facts of a company, and the missing ones that are supposed to be answered."""

    policy: PolicySet
    facts: Facts
    answered: frozenset[str] = frozenset()
    signals: dict[str, Prospect] = field(default_factory=dict)
    """Those worked out so far: signals may call signals many times over."""

    def of(self, condition: Condition) -> Prospect:
        """What a condition would come to."""
        match condition:
            case FactTest():
                return self._leaf(condition)
            case SignalTest(signal):
                if signal not in self.signals:
                    self.signals[signal] = self.of(signal_conditions(self.policy)[signal])
                return self.signals[signal]
            case Not(part):
                inner = self.of(part)
                return _NEGATED.get(inner, inner)
            case All(parts):
                return _strongest("all", [self.of(part) for part in parts])
            case AnyOf(parts):
                return _strongest("any", [self.of(part) for part in parts])
            case AtLeastN(n, parts):
                return _counted(n, [self.of(part) for part in parts])

    def _leaf(self, test: FactTest) -> Prospect:
        observation = self.facts.get(test.fact)
        if observation is None:
            changed = answerable(test.fact, self.policy, self.facts, self.answered)
        else:
            open_value = test.operator.reads_interval or observation.ranged
            vague = set(vague_behind(test.fact, self.facts)) if open_value else set()
            changed = bool(vague) and vague <= self.answered
        if not changed:
            return Prospect(fact_truth(test, observation).value)
        if test.operator is Operator.KNOWN and test.operands[0].value is True:
            return Prospect.YES
        return self._decided(test)

    def _decided(self, test: FactTest) -> Prospect:
        return Prospect.NO if test.operator is Operator.KNOWN else Prospect.EITHER

    def decides(self, item: Evidence) -> bool:
        """Whether the evidence would be decided whatever the answers are: docs/language.md, section 8, step 4."""
        reachable: set[Outcome] = set()
        for case in item.cases:
            prospect = self.of(case.when)
            outcome = case.says
            if prospect is Prospect.UNKNOWN:
                reachable.add(outcome)
            elif prospect is not Prospect.NO and len(reachable | {outcome}) > 1:
                return False
            if prospect is Prospect.YES:
                return True
        return len(reachable if item.exhaustive or not reachable else reachable | {NONE_HOLDS}) <= 1

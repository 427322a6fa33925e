"""The plan: what to do, by whom and when, once the verdict stands: docs/language.md, section 8, step 10."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .conclusion import GateResult, IndicatorResult, PlanItem
from .condition import Truth, Truths, truth
from .facts import Facts
from .policy import Action, PolicySet, Reading
from .texts import fill

JOINT = "joint"


def _speaks(action: Action, result: IndicatorResult, policy: PolicySet) -> bool:
    """Whether an action without a condition of its own belongs to the plan: its side is the one supported, or it is joint."""
    supported = {f"supports-{policy.plus}": policy.plus, f"supports-{policy.minus}": policy.minus}.get(result.state)
    return action.side in (JOINT, supported)


@dataclass(frozen=True, slots=True)
class Known:
    """What conditions of actions are held against: facts, the late ones too, and the truth of the signals."""

    facts: Facts
    signals: Truths

    def holds(self, action: Action) -> bool:
        """Whether the condition of an action is yes."""
        return action.when is None or truth(action.when, self.facts, self.signals) is Truth.YES


def _wanted(policy: PolicySet, results: Sequence[IndicatorResult], known: Known) -> Iterator[Action]:
    by_name = {result.name: result for result in results}
    for indicator in policy.indicators:
        result = by_name[indicator.name]
        if result.assessed:
            for action in indicator.actions:
                if known.holds(action) if action.when is not None else _speaks(action, result, policy):
                    yield action


def plan(
    policy: PolicySet,
    results: Sequence[IndicatorResult],
    dropped: frozenset[str],
    known: Known,
    verdict_stands: bool,
) -> tuple[PlanItem, ...]:
    """The policy set's own actions, then those of the indicators that speak, without those that carry a dropped tag.

    Below the required coverage only the policy set's own.
    """
    own = [action for action in policy.actions if known.holds(action)]
    wanted = [*own, *(_wanted(policy, results, known) if verdict_stands else ())]
    items = (
        PlanItem(fill(a.do, policy, known.facts, a.indicator), a.side, a.phase, a.indicator, a.watch)
        for a in wanted
        if not dropped.intersection(a.tags)
    )
    return tuple(dict.fromkeys(items))


def dropped_tags(gates: Sequence[GateResult], readings: Sequence[Reading]) -> frozenset[str]:
    """The tags of actions that gates forbid or readings drop."""
    forbidden = {tag for gate in gates for tag in gate.forbids}
    return frozenset(forbidden | {tag for reading in readings for tag in reading.drop_actions})

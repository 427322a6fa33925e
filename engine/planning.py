"""The plan: what to do, by whom and when, once the verdict stands: docs/language.md, section 8, step 10."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .condition import Truth, Truths, truth
from .conclusion import GateResult, IndicatorResult, PlanItem
from .facts import Facts
from .policy import Action, PolicySet, Reading
from .texts import fill

JOINT = "joint"


def _speaks(action: Action, result: IndicatorResult, policy: PolicySet) -> bool:
    """Whether an action without a condition of its own belongs to the plan: its side is the one supported, or it is joint."""
    supported = {f"supports-{policy.plus}": policy.plus, f"supports-{policy.minus}": policy.minus}.get(result.state)
    return action.side == JOINT or action.side == supported


def _wanted(policy: PolicySet, results: Sequence[IndicatorResult], facts: Facts, signals: Truths) -> Iterator[Action]:
    by_name = {result.name: result for result in results}
    for indicator in policy.indicators:
        result = by_name[indicator.name]
        if not result.assessed:
            continue
        for action in indicator.actions:
            if action.when is not None:
                if truth(action.when, facts, signals) is Truth.YES:
                    yield action
            elif _speaks(action, result, policy):
                yield action


def plan(
    policy: PolicySet,
    results: Sequence[IndicatorResult],
    gates: Sequence[GateResult],
    readings: Sequence[Reading],
    facts: Facts,
    signals: Truths,
    verdict_stands: bool,
) -> tuple[PlanItem, ...]:
    """The policy set's own actions, then those of the indicators that speak, without what gates forbid and readings drop.

    Below the required coverage only the policy set's own.
    """
    forbidden = {tag for gate in gates for tag in gate.forbids} | {tag for r in readings for tag in r.drop_actions}
    own = [a for a in policy.actions if a.when is None or truth(a.when, facts, signals) is Truth.YES]
    wanted = [*own, *(_wanted(policy, results, facts, signals) if verdict_stands else ())]
    items = (
        PlanItem(fill(a.do, policy, facts, a.indicator), a.side, a.phase, a.indicator, a.watch)
        for a in wanted
        if not forbidden.intersection(a.tags)
    )
    return tuple(dict.fromkeys(items))

"""Every condition of a policy set under the rule that owns it, and the truth of each of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..condition import All, AnyOf, AtLeastN, Condition, FactTest, LeafTruth, Not, SignalTest, Truth, fold
from ..diagnostics import Span
from ..policy import Action, PolicySet
from ..strata import strata

ACTION = "action"


@dataclass(frozen=True, slots=True)
class Owned:
    """A condition: `kind` and `name` of the rule that owns it; an action is known by its number."""

    kind: str
    name: str
    when: Condition
    span: Span | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.name}"


def actions(policy: PolicySet) -> tuple[tuple[str, Action], ...]:
    """Every action of a policy set with its number."""
    listed = (*policy.actions, *(action for indicator in policy.indicators for action in indicator.actions))
    return tuple((str(number), action) for number, action in enumerate(listed, start=1))


def owned(policy: PolicySet) -> Iterator[Owned]:
    """Every condition of a policy set."""
    rules = strata(policy)
    for rule in (*rules.early, *rules.late):
        yield Owned(str(rule.kind), rule.name, rule.when, rule.span)
    for number, action in actions(policy):
        if action.when is not None:
            yield Owned(ACTION, number, action.when, action.span)


def parts(condition: Condition, path: str = "") -> Iterator[tuple[str, Condition]]:
    """A condition and everything in it, each with its path; the path of the whole is empty."""
    yield path, condition
    match condition:
        case All(inner) | AnyOf(inner) | AtLeastN(_, inner):
            for number, part in enumerate(inner, start=1):
                yield from parts(part, f"{path}.{number}")
        case Not(part):
            yield from parts(part, f"{path}.1")
        case FactTest() | SignalTest():
            return


def part_truths(condition: Condition, leaf: LeafTruth) -> Iterator[tuple[str, Truth]]:
    """The truth of a condition and of everything in it, by path."""
    for path, part in parts(condition):
        yield path, fold(part, leaf)

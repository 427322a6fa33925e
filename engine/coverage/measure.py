"""The goals of a policy set against what its scenarios reached."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ..policy import PolicySet
from .goals import Goal, GoalKind, goals


@dataclass(frozen=True, slots=True)
class Share:
    """How many goals are reached, of how many."""

    reached: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded down: 100 only where every goal is reached. Nothing to reach is all reached."""
        return 100 * self.reached // self.total if self.total else 100

    def is_at_least(self, percent: float) -> bool:
        """Whether a share is reached, compared by counts and not by the rounded percent."""
        return 100 * self.reached >= percent * self.total


@dataclass(frozen=True, slots=True)
class Changed:
    """A threshold that a layer above the base changed, and which of its goals are reached."""

    parameter: str
    layer: str
    share: Share


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the scenarios of one policy set reach."""

    policy: str
    kinds: Mapping[GoalKind, Share]
    total: Share
    open_goals: tuple[Goal, ...]
    changed: tuple[Changed, ...]

    @property
    def changed_share(self) -> Share:
        """The sides of all thresholds that layers changed."""
        return Share(sum(one.share.reached for one in self.changed), sum(one.share.total for one in self.changed))


def measure(name: str, policy: PolicySet, seen: Collection[str]) -> Coverage:
    """The coverage of a policy set called `name`, given the keys of the goals that were reached."""
    every = goals(policy)
    kinds = {kind: _share([goal for goal in every if goal.kind is kind], seen) for kind in GoalKind}
    return Coverage(
        name,
        {kind: share for kind, share in kinds.items() if share.total},
        _share(every, seen),
        tuple(goal for goal in every if goal.key not in seen),
        tuple(_changed(every, policy, seen)),
    )


def _share(some: Collection[Goal], seen: Collection[str]) -> Share:
    return Share(sum(goal.key in seen for goal in some), len(some))


def _changed(every: Collection[Goal], policy: PolicySet, seen: Collection[str]) -> Iterator[Changed]:
    """The thresholds that a layer wrote over, apart from the dates of review."""
    for parameter in policy.parameters.values():
        writers = [layer for layer in parameter.layers[1:] if layer.value]
        about = [goal for goal in every if goal.parameter == parameter.name]
        if writers and about:
            yield Changed(parameter.name, writers[-1].name, _share(about, seen))

"""Single edits: the smallest groups of changes of which each can be made without the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError
from typing import TypeAlias

from ..check import CHECKS
from ..check.reach import conditions_that_never_hold, unreachable_cases
from .change import Change, Class, Slot, Slots
from .comparison import Comparison
from .mixing import Mixer
from .parts import PRESENCE, Kind
from .plain import fingerprint
from .references import Node, references

_NEVER_REFUSE = (conditions_that_never_hold, unreachable_cases)
"""They only warn, and take the longest."""

_WORDS = frozenset(
    {"title", "grade", "because", "version", "question", "name", "source", "review_by", "meaning", "who"}
)


@dataclass(frozen=True, slots=True)
class Group:
    """Changes that are made together or not at all."""

    changes: tuple[Change, ...]

    @property
    def slots(self) -> Slots:
        return frozenset(slot for change in self.changes for slot in change.slots)

    @property
    def effect(self) -> Class:
        """That of its most serious change."""
        return min((change.effect for change in self.changes), key=lambda effect: effect.rank)

    @property
    def leading(self) -> Change:
        """The change that it is called by: the most serious."""
        return min(self.changes, key=lambda change: change.effect.rank)

    @property
    def fingerprint(self) -> str:
        """That of its change; of several, one that stands for all of them."""
        if len(self.changes) == 1:
            return self.changes[0].fingerprint
        return fingerprint(*sorted(change.fingerprint for change in self.changes))


def groups_of(compared: Comparison) -> tuple[Group, ...]:
    """The changes in groups, in their order. Every group can be made, and taken back, by itself: the policy set passes `check`."""
    changes = [change for change in compared.changes if change.slots]
    clusters = _clusters(changes, list(_dependencies(changes, compared)))
    return _repaired([Group(tuple(changes[n] for n in cluster)) for cluster in clusters], Mixer.of(compared))


def _clusters(changes: Sequence[Change], together: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The numbers of the changes by cluster, in their order."""
    leader = list(range(len(changes)))

    def top(n: int) -> int:
        while leader[n] != n:
            n = leader[n]
        return n

    for one, other in together:
        first, second = sorted((top(one), top(other)))
        leader[second] = first
    found: dict[int, list[int]] = {}
    for n in range(len(changes)):
        found.setdefault(top(n), []).append(n)
    return list(found.values())


def _dependencies(changes: Sequence[Change], compared: Comparison) -> Iterator[tuple[int, int]]:
    """Pairs of changes that cannot be parted: one slot, a name that comes or goes and what calls it, a type and its readers."""
    holders: dict[Slot, list[int]] = {}
    for n, change in enumerate(changes):
        for slot in change.slots:
            holders.setdefault(slot, []).append(n)
    yield from ((found[0], other) for found in holders.values() for other in found[1:])
    for n, change in enumerate(changes):
        for slot in change.slots:
            called = references(slot, compared.new) | references(slot, compared.base)
            yield from ((n, holders[wanted][0]) for wanted in _wanted(called) if wanted in holders)


def _wanted(called: Iterable[Node]) -> Iterator[Slot]:
    """The slots that decide whether what is called is there, and of which type it is."""
    for kind, name in called:
        yield Slot(kind, name, PRESENCE)
        if kind is Kind.FACT:
            yield Slot(kind, name, "reading")


Sound: TypeAlias = Callable[[Sequence[Group]], bool]
"""Whether the policy set passes `check` with some groups made and no others."""


def _repaired(groups: Sequence[Group], mixer: Mixer) -> tuple[Group, ...]:
    """The groups, joined until each can be made and taken back by itself."""
    known: dict[Slots, bool] = {}

    def sound(some: Sequence[Group]) -> bool:
        slots = frozenset(slot for group in some for slot in group.slots)
        if slots not in known:
            known[slots] = _passes(mixer, slots)
        return known[slots]

    found = tuple(groups)
    while len(found) > 1 and (broken := [group for group in found if not _separable((group,), found, sound)]):
        found = _joined(found, _partners(broken, found, sound))
    return found


def _passes(mixer: Mixer, slots: Slots) -> bool:
    """Whether a mix has no error that `check` would find."""
    try:
        policy = mixer.mix(slots)
        return not any(d.is_error for one in CHECKS if one not in _NEVER_REFUSE for d in one(policy))
    except CycleError:
        # signals, or formulas, that would read each other in a circle
        return False


def _separable(some: Sequence[Group], all_of_them: Sequence[Group], sound: Sound) -> bool:
    """Whether some groups can be made on their own, and taken back on their own."""
    if all(_is_words(group) for group in some):
        return True
    return sound(some) and sound([group for group in all_of_them if group not in some])


def _is_words(group: Group) -> bool:
    """Whether a group changes nothing that `check` looks at: words, but for a unit."""
    return all(change.effect is Class.COSMETIC and change.field in _WORDS for change in group.changes)


def _partners(broken: Sequence[Group], found: Sequence[Group], sound: Sound) -> tuple[Group, ...]:
    """What to join the first broken group with: another one that mends it, all broken ones, or everything."""
    first = broken[0]
    others = sorted((group for group in found if group is not first), key=lambda g: (g not in broken, len(g.changes)))
    partner = next((group for group in others if _separable((first, group), found, sound)), None)
    if partner is not None:
        return (first, partner)
    return tuple(broken) if len(broken) > 1 and _separable(broken, found, sound) else tuple(found)


def _joined(groups: Sequence[Group], together: Sequence[Group]) -> tuple[Group, ...]:
    """The groups with some of them made one, which stands where the first of them stood."""
    whole = Group(tuple(change for group in groups if group in together for change in group.changes))
    place = next(n for n, group in enumerate(groups) if group in together)
    rest = ((whole if n == place else group) for n, group in enumerate(groups) if n == place or group not in together)
    return tuple(rest)

"""Which facts that are computed from exports are changed together: those that are computed from each other, or share the taxonomy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..computation import Computation
from ..facts import FactDefinition
from ..policy import PolicySet
from ..taxonomy import taxonomy_of
from .change import Slot
from .computing import meaning
from .parts import OWN, PRESENCE, Kind

COMPUTED = Slot(Kind.SET, OWN, "computed")
"""Where facts that are computed from each other, and the taxonomy that some of them read, are changed: together."""
COMPUTATION, REASONS = "computed", "reasons"
"""The fields."""
_DECIDING = (PRESENCE, "reading", COMPUTATION)
"""What of a fact decides about its value."""
_CODED = frozenset({"has_reason", "reason_code", "reason_class"})
"""Columns that the taxonomy fills."""
_WORD = re.compile(r"[a-z_]+")


def reads_codes(computation: Computation) -> bool:
    """Whether a computation may read what the taxonomy says of a reason."""
    named = {name for _, name in computation.columns()} | {name for _, names in computation.dates for name in names}
    named |= {*computation.segments, *computation.within, computation.since, *_WORD.findall(computation.sql)}
    return not named.isdisjoint(_CODED)


@dataclass(frozen=True, slots=True)
class Web:
    """The facts of two policy sets that are `computed`; those that are `linked` read others, are read, or share the taxonomy.

    `money` are amounts, which a change of the currency converts.
    """

    computed: frozenset[str]
    linked: frozenset[str]
    money: frozenset[str]

    @staticmethod
    def of(old: PolicySet, new: PolicySet) -> Web:
        """The web over what either of them computes, under the names of the new one."""
        found = [fact for policy in (old, new) for fact in policy.catalogue.values() if fact.computed]
        recoded = old.reasons != new.reasons and meaning(taxonomy_of(old)) != meaning(taxonomy_of(new))
        linked = {name for fact in found for name in _bound(fact, recoded)}
        money = {fact.name for fact in found if fact.is_money}
        return Web(frozenset(fact.name for fact in found), frozenset(linked), frozenset(money))

    def slot(self, fact: str) -> Slot | None:
        """Where what the exports say of a fact is changed; None where nothing depends on it."""
        if fact in self.linked:
            return COMPUTED
        return Slot(Kind.FACT, fact, COMPUTATION) if fact in self.computed else None

    def beside(self, slot: Slot) -> tuple[Slot, ...]:
        """The slots that are chosen with another one: how a fact is read, its being there, and the currency change what is computed."""
        if slot.kind is Kind.FACT and slot.field in _DECIDING:
            names: Iterable[str] = (slot.name,)
        else:
            names = self.money | self.linked if slot == Slot(Kind.SET, OWN, "currency") else ()
        found = {slot, *(own for name in names if (own := self.slot(name)) is not None)}
        return tuple(sorted(found, key=lambda one: (one != slot, one)))

    def spread(self, chosen: Iterable[Slot]) -> frozenset[Slot]:
        """Slots with those for which the shared one stands."""
        found = frozenset(chosen)
        if COMPUTED not in found:
            return found
        return found | {Slot(Kind.FACT, name, COMPUTATION) for name in self.linked} | {Slot(Kind.SET, OWN, REASONS)}


def _bound(fact: FactDefinition, recoded: bool) -> Iterator[str]:
    """A fact that others decide about, and the facts that do."""
    for computation in fact.computed:
        yield from computation.facts
        if computation.facts or (recoded and reads_codes(computation)):
            yield fact.name


def renamed(computation: Computation, names: Mapping[str, str]) -> Computation:
    """A computation that reads facts under other names."""
    called = {name: names[name] for name in computation.facts if names.get(name, name) != name}
    if not called:
        return computation

    def new(name: str) -> str:
        return called.get(name, name)

    sql = computation.sql
    for old in called:
        sql = re.sub(rf"\${old.replace('.', '_')}\b", f"${new(old).replace('.', '_')}", sql)
    stages = tuple(replace(s, rate=new(s.rate), reference=new(s.reference)) for s in computation.stages)
    reads = tuple(map(new, computation.reads))
    return replace(computation, shift_by=new(computation.shift_by), reads=reads, stages=stages, sql=sql)

"""Every change from one policy set to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..condition import facts_read
from ..policy import Evidence, PolicySet
from .change import Change, Class, Slot, What
from .matching import Aligned, align, found_renames, out_of_order
from .naming import Names, renamed
from .parts import FIELDS, PRESENCE, Kind, Nature, Part, actions, by_name, cases
from .plain import fingerprint, plain
from .reach import reach
from .telling import OWNED, Pair, Teller
from .web import REASONS, Web

ORDERED = (Kind.INDICATOR, Kind.EVIDENCE, Kind.GATE, Kind.READING, Kind.PHASE, Kind.FACT)
"""Their order is shown and means nothing else. That of parameters, signals and adjustments is not even shown."""
BANDS = Slot(Kind.SET, "", "bands")
_WITH_VALUE = {"value": ("because",), "weight": ("weight_because",)}
"""The reason that comes with a new value is told with it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two policy sets and what changed between them, the most serious first. `base` is the old one under the names of the new."""

    old: PolicySet
    new: PolicySet
    base: PolicySet
    names: Names
    changes: tuple[Change, ...]
    web: Web

    def count(self, effect: Class) -> int:
        """How many changes are of a class."""
        return sum(change.effect is effect for change in self.changes)


def compare(old: PolicySet, new: PolicySet) -> Comparison:
    """What changed, matched by id; renames are found by what a thing holds."""
    names = found_renames(old, new)
    base = renamed(old, names)
    web = Web.of(base, new)
    changes = _Comparing(Teller(old, new, base, names, reach(base, new), web)).changes()
    ordered = sorted(changes, key=lambda change: (change.effect.rank, list(Kind).index(change.kind)))
    return Comparison(old, new, base, names, tuple(_told_apart(ordered)), web)


def _told_apart(changes: Iterable[Change]) -> Iterator[Change]:
    """Two equal cases of one list may change alike: the second gets a number of its own."""
    seen: Counter[str] = Counter()
    for change in changes:
        seen[change.fingerprint] += 1
        number = seen[change.fingerprint]
        yield change if number == 1 else replace(change, fingerprint=fingerprint(change.fingerprint, number))


@dataclass(frozen=True, slots=True)
class _Comparing:
    tell: Teller

    @property
    def old(self) -> PolicySet:
        return self.tell.old

    @property
    def new(self) -> PolicySet:
        return self.tell.new

    @property
    def base(self) -> PolicySet:
        """The old policy set under the names of the new."""
        return self.tell.base

    def changes(self) -> Iterator[Change]:
        before, after = by_name(self.base), by_name(self.new)
        original = {(kind, self.tell.names.new(kind, name)): part for (kind, name), part in by_name(self.old).items()}
        whole = self._whole_bands()
        for key in dict.fromkeys((*before, *after)):
            pair = Pair(original.get(key), before.get(key), after.get(key))
            if self._stands_alone(pair):
                yield from self._of_pair(pair, BANDS if whole and key[0] is Kind.BAND else None)
        yield from self._cases(original)
        yield from self._actions()
        yield from self._orders()

    def _stands_alone(self, pair: Pair) -> bool:
        """Whether a part is told of by itself: what belongs to an indicator comes and goes with it."""
        part = pair.either
        owner = part.name.partition(".")[0] if part.kind in OWNED and "." in part.name else ""
        return (pair.old is not None and pair.new is not None) or self._lives(owner)

    def _whole_bands(self) -> bool:
        """Whether bands came, went or moved: then they change together or not at all."""
        return [band.name for band in self.base.bands] != [band.name for band in self.new.bands]

    def _of_pair(self, pair: Pair, shared: Slot | None = None) -> Iterator[Change]:
        if pair.old is None or pair.new is None:
            yield self.tell.came_or_went(pair, shared)
            return
        if pair.original is not None and self.tell.renamed_itself(pair.original, pair.new):
            yield self.tell.rename(pair.original, pair.new)
        yield from self._fields(pair, FIELDS[pair.new.kind], shared)

    def _fields(self, pair: Pair, fields: Mapping[str, Nature], shared: Slot | None) -> Iterator[Change]:
        old, new = pair.old, pair.new
        assert old is not None
        assert new is not None
        differing = [name for name in fields if self._differs(old, new, name)]
        told = {reason for name in differing for reason in _WITH_VALUE.get(name, ())}
        for name in differing:
            if name not in told:
                yield self.tell.changed(pair, name, fields[name], shared)

    def _differs(self, old: Part, new: Part, field: str) -> bool:
        if field == REASONS and self.base.reasons == self.new.reasons:
            # the same texts need not be read
            return False
        return plain(old.value(field)) != plain(new.value(field))

    # --- lists

    def _cases(self, original: Mapping[tuple[Kind, str], Part]) -> Iterator[Change]:
        before, after = by_name(self.base), by_name(self.new)
        for key, new in after.items():
            old, first = before.get(key), original.get(key)
            if key[0] is Kind.EVIDENCE and old is not None and first is not None:
                assert isinstance(old.thing, Evidence)
                assert isinstance(new.thing, Evidence)
                assert isinstance(first.thing, Evidence)
                yield from self._of_item(old.thing, new.thing, cases(first.thing))

    def _of_item(self, old: Evidence, new: Evidence, original: Sequence[Part]) -> Iterator[Change]:
        sides = align(cases(old), cases(new))
        as_bands = _one_scale(old, new) and sides.same_shape
        together = not sides.same_shape or ((old.exhaustive or new.exhaustive) and not as_bands)
        shared = Slot(Kind.EVIDENCE, new.name, "cases") if together else None
        fields = {("ends" if as_bands and f == "when" else f): n for f, n in FIELDS[Kind.CASE].items()}
        yield from self._of_list(sides, _positions(cases(old), original), fields, shared)
        yield from self._moves(sides, _positions(cases(old), original), shared)

    def _of_list(
        self, sides: Aligned, original: Mapping[str, Part], fields: Mapping[str, Nature], shared: Slot | None
    ) -> Iterator[Change]:
        for old, new in sides.pairs:
            pair = Pair(original[old.name] if old is not None else None, old, new)
            if old is None or new is None:
                yield self.tell.came_or_went(pair, shared)
            else:
                if old.own_id != new.own_id and pair.original is not None:
                    yield self.tell.rename(pair.original, new)
                yield from self._fields(pair, fields, shared)

    def _moves(self, sides: Aligned, original: Mapping[str, Part], shared: Slot | None) -> Iterator[Change]:
        """Cases that stand elsewhere in their list: the first that holds decides."""
        for old, new in sides.pairs:
            if old is None or new is None or new.name not in sides.moved:
                continue
            effect = self.tell.class_of(new, PRESENCE, Nature.RULES)
            before, after = [*original].index(old.name) + 1, sides.place(new) + 1
            found = self.tell.change_of(
                Pair(original[old.name], old, new), What.MOVED, "place", effect, (before, after)
            )
            found = replace(found, label="place in its list", before=str(before), after=str(after), span=new.span)
            yield replace(found, slots=(shared,) if shared else ())

    def _actions(self) -> Iterator[Change]:
        before, after = actions(self.base), actions(self.new)
        original = {
            (self.tell.names.new(Kind.INDICATOR, owner), side): group
            for (owner, side), group in actions(self.old).items()
        }
        for key in dict.fromkeys((*before, *after)):
            if self._lives(key[0]):
                sides = align(before.get(key, []), after.get(key, []))
                firsts = _positions(before.get(key, []), original.get(key, []))
                shared = Slot(Kind.ACTION, key[0], "actions")
                yield from self._of_list(sides, firsts, FIELDS[Kind.ACTION], shared)

    def _lives(self, indicator: str) -> bool:
        """Whether the owner of some actions is in both: those of one that came or went come and go with it."""
        owners = [{i.name for i in policy.indicators} for policy in (self.base, self.new)]
        return not indicator or all(indicator in owner for owner in owners)

    def _orders(self) -> Iterator[Change]:
        for kind in ORDERED:
            orders = [[name for found, name in by_name(policy) if found is kind] for policy in (self.base, self.new)]
            moved = out_of_order(*orders)
            if moved is not None and (kind is not Kind.EVIDENCE or self._evidence_order()):
                yield self._order(kind, *moved)

    def _evidence_order(self) -> bool:
        """Whether tests changed places within an indicator; with their indicators they all do."""
        now = {i.name: [item.name for item in i.evidence] for i in self.new.indicators}
        before = {i.name: [item.name for item in i.evidence] for i in self.base.indicators}
        return any(out_of_order(before[name], now[name]) for name in before if name in now)

    def _order(self, kind: Kind, before: Sequence[str], after: Sequence[str]) -> Change:
        return Change(
            fingerprint=fingerprint(str(kind), "", str(What.MOVED), "order", [*before], [*after]),
            kind=kind,
            what=What.MOVED,
            field="order",
            name="",
            old_name="",
            effect=Class.COSMETIC,
            subject=f"order of the {_plural(kind)}",
            label="",
            before=_shortened(before, after),
            after=_shortened(after, before),
            old=[*before],
            new=[*after],
            span=self.new.span,
        )


def _plural(kind: Kind) -> str:
    return {Kind.EVIDENCE: "tests"}.get(kind, f"{kind}s")


def _shortened(names: Sequence[str], other: Sequence[str]) -> str:
    """The part of an order that differs from another."""
    differing = [n for n, (one, two) in enumerate(zip(names, other, strict=True)) if one != two]
    part = names[differing[0] : differing[-1] + 1]
    return ", ".join(part) if len(part) <= 4 else f"{', '.join(part[:3])}, ... {part[-1]}"


def _positions(base: Sequence[Part], original: Sequence[Part]) -> dict[str, Part]:
    """The original of each part of a list, which stands at the same place."""
    return {part.name: first for part, first in zip(base, original, strict=True)}


def _one_scale(old: Evidence, new: Evidence) -> bool:
    """Whether both are bands over the same fact: only their ends can differ."""
    facts = {fact for item in (old, new) for case in item.cases for fact in facts_read(case.when)}
    return old.exhaustive and new.exhaustive and len(facts) == 1

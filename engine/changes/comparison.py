"""Every change from one policy set to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..condition import facts_read
from ..document import Plain
from ..policy import Case, Evidence, Indicator, Parameter, PolicySet
from .change import Change, Class, Slot, What
from .matching import Aligned, align, found_renames, out_of_order
from .naming import Names, renamed
from .parts import FIELDS, PRESENCE, Kind, Nature, Part, actions, by_name, cases
from .plain import fingerprint, plain
from .reach import Reach, reach
from .sameness import same_meaning
from .wording import Wording, label, share_of

ORDERED = (Kind.INDICATOR, Kind.EVIDENCE, Kind.GATE, Kind.READING, Kind.PHASE, Kind.FACT)
"""Their order is shown and means nothing else. That of parameters, signals and adjustments is not even shown."""
BANDS = Slot(Kind.SET, "", "bands")
_OWNED = (Kind.EVIDENCE, Kind.PARAMETER, Kind.SIGNAL)
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

    def count(self, effect: Class) -> int:
        """How many changes are of a class."""
        return sum(change.effect is effect for change in self.changes)


def compare(old: PolicySet, new: PolicySet) -> Comparison:
    """What changed, matched by id; renames are found by what a thing holds."""
    names = found_renames(old, new)
    base = renamed(old, names)
    changes = _Comparing(old, new, base, names, reach(base, new)).changes()
    ordered = sorted(changes, key=lambda change: (change.effect.rank, list(Kind).index(change.kind)))
    return Comparison(old, new, base, names, tuple(_told_apart(ordered)))


def _told_apart(changes: Iterable[Change]) -> Iterator[Change]:
    """Two equal cases of one list may change alike: the second gets a number of its own."""
    seen: Counter[str] = Counter()
    for change in changes:
        seen[change.fingerprint] += 1
        number = seen[change.fingerprint]
        yield change if number == 1 else replace(change, fingerprint=fingerprint(change.fingerprint, number))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A thing before, before under the names of today, and today; None where it is not there."""

    original: Part | None
    old: Part | None
    new: Part | None

    @property
    def either(self) -> Part:
        """As it is called today."""
        found = self.new or self.old
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class _Comparing:
    old: PolicySet
    new: PolicySet
    base: PolicySet
    names: Names
    reach: Reach

    def changes(self) -> Iterator[Change]:
        before, after = by_name(self.base), by_name(self.new)
        original = {(kind, self.names.new(kind, name)): part for (kind, name), part in by_name(self.old).items()}
        whole = self._whole_bands()
        for key in dict.fromkeys((*before, *after)):
            pair = _Pair(original.get(key), before.get(key), after.get(key))
            if self._stands_alone(pair):
                yield from self._of_pair(pair, BANDS if whole and key[0] is Kind.BAND else None)
        yield from self._cases(original)
        yield from self._actions()
        yield from self._orders()

    def _stands_alone(self, pair: _Pair) -> bool:
        """Whether a part is told of by itself: what belongs to an indicator comes and goes with it."""
        part = pair.either
        owner = part.name.partition(".")[0] if part.kind in _OWNED and "." in part.name else ""
        return (pair.old is not None and pair.new is not None) or self._lives(owner)

    def _whole_bands(self) -> bool:
        """Whether bands came, went or moved: then they change together or not at all."""
        return [band.name for band in self.base.bands] != [band.name for band in self.new.bands]

    def _of_pair(self, pair: _Pair, shared: Slot | None = None) -> Iterator[Change]:
        if pair.old is None or pair.new is None:
            yield self._came_or_went(pair, shared)
            return
        if pair.original is not None and self._renamed_itself(pair.original, pair.new):
            yield self._rename(pair.original, pair.new)
        yield from self._fields(pair, FIELDS[pair.new.kind], shared)

    def _fields(self, pair: _Pair, fields: Mapping[str, Nature], shared: Slot | None) -> Iterator[Change]:
        old, new = pair.old, pair.new
        assert old is not None and new is not None
        differing = [name for name in fields if plain(old.value(name)) != plain(new.value(name))]
        told = {reason for name in differing for reason in _WITH_VALUE.get(name, ())}
        for name in differing:
            if name not in told:
                yield self._changed(pair, name, fields[name], shared)

    # --- one change each

    def _changed(self, pair: _Pair, field: str, nature: Nature, shared: Slot | None) -> Change:
        old, new = pair.old, pair.new
        assert old is not None and new is not None and pair.original is not None
        before, after = pair.original.value(field), new.value(field)
        same = nature is Nature.RULES and same_meaning(old.value(field), new.value(field), self.base, self.new)
        effect = Class.COSMETIC if same else self._class(new, field, nature)
        words = [
            Wording(policy).value(part, field, same) for policy, part in ((self.old, pair.original), (self.new, new))
        ]
        found = self._change(pair, What.CHANGED, field, effect, (plain(before), plain(after)))
        found = replace(found, label=label(field), before=words[0], after=words[1], span=new.place(field))
        found = replace(found, slots=(shared or _slot(new, field),))
        return self._explained(found, old, new, field)

    def _explained(self, change: Change, old: Part, new: Part, field: str) -> Change:
        """A changed value with its reason, the layer that wrote it, and what it is part of."""
        thing = new.thing
        if field == "value" and isinstance(thing, Parameter):
            layers, used = thing.layers, Wording(self.new).used(thing.name)
            notes = (used,) if used else ()
        elif field == "weight" and isinstance(thing, Indicator | Evidence):
            layers, notes = thing.weight.layers, self._shares(old, new)
        else:
            return change
        reason = _reason(new)
        return replace(
            change,
            because=reason,
            reason_kept=bool(reason) and reason == _reason(old),
            layer=layers[-1].name if len(layers) > 1 else "",
            notes=notes,
        )

    def _shares(self, old: Part, new: Part) -> tuple[str, ...]:
        shares = [share_of(part, policy) for part, policy in ((old, self.base), (new, self.new))]
        of = "the score" if new.kind is Kind.INDICATOR else "its indicator"
        if shares[0] is None or shares[1] is None:
            return ()
        return (f"share of {of} {100 * shares[0]:.1f} % -> {100 * shares[1]:.1f} %",)

    def _came_or_went(self, pair: _Pair, shared: Slot | None) -> Change:
        part, came = pair.either, pair.new is not None
        effect = self._class(part, PRESENCE, _presence(part.kind))
        if part.kind is Kind.FACT and not came:
            # a file that states it can no longer be read
            effect = Class.VERDICT
        value = _whole(pair.new or pair.original or part)
        what = What.ADDED if came else What.REMOVED
        found = self._change(pair, what, PRESENCE, effect, (None, value) if came else (value, None))
        words = Wording(self.new if came else self.old).whole((pair.new if came else pair.original) or part)
        return replace(
            found,
            before="" if came else words,
            after=words if came else "",
            slots=(shared,) if shared else self._whole_slots(part),
            span=part.span,
        )

    def _whole_slots(self, part: Part) -> tuple[Slot, ...]:
        """The place of a part, and of all that comes and goes with it."""
        own = Slot(part.kind, part.name, PRESENCE)
        if part.kind is not Kind.INDICATOR:
            return (own,)
        one_side = by_name(self.base).keys() ^ by_name(self.new).keys()
        carried = sorted((kind, name) for kind, name in one_side if kind in _OWNED and name.startswith(f"{part.name}."))
        return (own, *(Slot(kind, name, PRESENCE) for kind, name in carried))

    def _rename(self, original: Part, new: Part) -> Change:
        effect = {Kind.FACT: Class.VERDICT, Kind.BAND: Class.SCORE}.get(new.kind, Class.COSMETIC)
        values = (original.name, new.name)
        found = self._change(_Pair(original, None, new), What.RENAMED, "name", effect, values)
        return replace(found, label="name", before=original.name, after=new.name, span=new.span)

    def _change(self, pair: _Pair, what: What, field: str, effect: Class, values: tuple[Plain, Plain]) -> Change:
        part = pair.either
        known_as = _identity(pair.original or part)
        return Change(
            fingerprint=fingerprint(str(part.kind), known_as, str(what), field, *values),
            kind=part.kind,
            what=what,
            field=field,
            name=pair.new.name if pair.new is not None else "",
            old_name=pair.original.name if pair.original is not None else "",
            effect=effect,
            subject=Wording(self.new if pair.new is not None else self.old).subject(pair.new or pair.original or part),
            label="",
            before="",
            after="",
            old=values[0],
            new=values[1],
        )

    def _renamed_itself(self, original: Part, new: Part) -> bool:
        """Whether a thing has another id, and not only that of its indicator."""
        owner, _, own = original.name.rpartition(".")
        return f"{self.names.new(Kind.INDICATOR, owner)}.{own}".removeprefix(".") != new.name

    # --- classes

    def _class(self, part: Part, field: str, nature: Nature) -> Class:
        match nature:
            case Nature.WORDS:
                return Class.COSMETIC
            case Nature.SAID:
                return Class.SCORE
            case Nature.FILES:
                return Class.VERDICT
        node = _node(part, field)
        if node in self.reach.verdict:
            return Class.VERDICT
        return Class.SCORE if node in self.reach.answer or part.kind is Kind.FACT else Class.COSMETIC

    # --- lists

    def _cases(self, original: Mapping[tuple[Kind, str], Part]) -> Iterator[Change]:
        before, after = by_name(self.base), by_name(self.new)
        for key, new in after.items():
            old, first = before.get(key), original.get(key)
            if key[0] is Kind.EVIDENCE and old is not None and first is not None:
                assert isinstance(old.thing, Evidence) and isinstance(new.thing, Evidence)
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
            pair = _Pair(original[old.name] if old is not None else None, old, new)
            if old is None or new is None:
                yield self._came_or_went(pair, shared)
            else:
                yield from self._fields(pair, fields, shared)

    def _moves(self, sides: Aligned, original: Mapping[str, Part], shared: Slot | None) -> Iterator[Change]:
        """Cases that stand elsewhere in their list: the first that holds decides."""
        for old, new in sides.pairs:
            if old is not None and new is not None and new.name in sides.moved:
                effect = self._class(new, PRESENCE, Nature.RULES)
                places = [int(part.name.rpartition(".")[2]) for part in (old, new)]
                found = self._change(
                    _Pair(original[old.name], old, new), What.MOVED, "place", effect, (places[0], places[1])
                )
                yield replace(
                    found,
                    label="place in its list",
                    before=str(places[0]),
                    after=str(places[1]),
                    slots=(shared,) if shared else (),
                    span=new.span,
                )

    def _actions(self) -> Iterator[Change]:
        before, after = actions(self.base), actions(self.new)
        original = {
            (self.names.new(Kind.INDICATOR, owner), side): group for (owner, side), group in actions(self.old).items()
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


def _reason(part: Part) -> str:
    thing = part.thing
    if isinstance(thing, Parameter):
        return thing.because
    return thing.weight.because if isinstance(thing, Indicator | Evidence) else ""


def _presence(kind: Kind) -> Nature:
    """What being there is for."""
    return Nature.SAID if kind in (Kind.READING, Kind.PHASE, Kind.ACTION) else Nature.RULES


def _node(part: Part, field: str) -> tuple[Kind, str]:
    """The part of the graph that a field belongs to."""
    if part.kind is Kind.SET:
        return (Kind.SET, field)
    return (Kind.EVIDENCE, part.owner) if part.kind is Kind.CASE else (part.kind, part.name)


def _slot(part: Part, field: str) -> Slot:
    """The place at which a change is made: what is read together is changed together."""
    if part.kind is Kind.FACT and FIELDS[Kind.FACT][field] is Nature.FILES:
        return Slot(part.kind, part.name, "reading")
    if field == "ends":
        # where one band ends the next begins
        return Slot(Kind.EVIDENCE, part.owner, "ends")
    return Slot(part.kind, part.name, "cases" if field == "exhaustive" else field)


def _identity(part: Part) -> Plain:
    """What a part is known by: its name; a case by what it asks, an action by what it says, since neither has a name."""
    thing = part.thing
    if isinstance(thing, Case):
        return [part.owner, plain(thing.when)]
    if part.kind is Kind.ACTION:
        return [part.owner, part.name.split(".")[-2], plain(part.value("do"))]
    return part.name


def _whole(part: Part) -> Plain:
    """Everything that a part is, as plain data."""
    found: dict[str, Plain] = {name: plain(part.value(name)) for name in FIELDS[part.kind]}
    thing = part.thing
    if isinstance(thing, Evidence):
        found["cases"] = [_whole(case) for case in cases(thing)]
    if isinstance(thing, Indicator):
        found["evidence"] = [item.name for item in thing.evidence]
    return found


def _positions(base: Sequence[Part], original: Sequence[Part]) -> dict[str, Part]:
    """The original of each part of a list, which stands at the same place."""
    return {part.name: first for part, first in zip(base, original, strict=True)}


def _one_scale(old: Evidence, new: Evidence) -> bool:
    """Whether both are bands over the same fact: only their ends can differ."""
    facts = {fact for item in (old, new) for case in item.cases for fact in facts_read(case.when)}
    return old.exhaustive and new.exhaustive and len(facts) == 1

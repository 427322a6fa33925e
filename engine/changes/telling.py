"""One change, told: its class, its words, its fingerprint, and the places at which it is made."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..diagnostics import Span
from ..document import Plain
from ..policy import Action, Case, Evidence, Indicator, Parameter, PolicySet, in_force
from ..taxonomy import Taxonomy
from .change import Change, Class, Slot, What
from .computing import differing, recoded
from .naming import Names
from .parts import FIELDS, PRESENCE, Kind, Nature, Part, by_name, cases, listed
from .plain import fingerprint, plain
from .reach import Reach
from .recoding import place_of
from .sameness import same_meaning
from .web import COMPUTATION, COMPUTED, REASONS, Web
from .wording import Wording, label, share_of

OWNED = (Kind.EVIDENCE, Kind.PARAMETER, Kind.SIGNAL)
"""What belongs to an indicator, and comes and goes with it."""


@dataclass(frozen=True, slots=True)
class Pair:
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
class Teller:
    """Tells the changes from one policy set to another; `base` is the old one under the names of the new."""

    old: PolicySet
    new: PolicySet
    base: PolicySet
    names: Names
    reach: Reach
    web: Web

    def changed(self, pair: Pair, field: str, nature: Nature, shared: Slot | None) -> Change:
        """A field with another value; `shared` is the place at which it is made, where that is not the field itself."""
        old, new = pair.old, pair.new
        assert old is not None
        assert new is not None
        assert pair.original is not None
        before, after = pair.original.value(field), new.value(field)
        same = nature is Nature.RULES and same_meaning(old.value(field), new.value(field), self.base, self.new)
        effect = Class.COSMETIC if same else self.class_of(new, field, nature)
        words = self._words(pair.original, new, field, same)
        found = self.change_of(pair, What.CHANGED, field, effect, (plain(before), plain(after)))
        span = self._place(pair.original, new, field)
        found = replace(found, label=label(field), before=words[0], after=words[1], span=span)
        found = replace(found, slots=(shared,) if shared else self.web.beside(_slot(new, field, self.web)))
        return self._explained(found, old, new, field)

    def _place(self, before: Part, after: Part, field: str) -> Span | None:
        """Where the new value is written; of a taxonomy, the part of it that differs."""
        match before.value(field), after.value(field):
            case Taxonomy() as one, Taxonomy() as other:
                return place_of(one, other, self.new.reasons) or after.place(field)
        return after.place(field)

    def _words(self, before: Part, after: Part, field: str, same: bool) -> tuple[str, str]:
        """A field before and after; of what is long, the parts that differ."""
        match before.value(field), after.value(field):
            case Taxonomy() as one, Taxonomy() as other:
                return recoded(one, other)
            case tuple() as one, tuple() as other if field == COMPUTATION:
                return differing(one, other)
        return Wording(self.old).value(before, field, same), Wording(self.new).value(after, field, same)

    def _explained(self, change: Change, old: Part, new: Part, field: str) -> Change:
        """A changed value with its reason, the layer that wrote it, and what it is part of."""
        thing = new.thing
        notes: tuple[str, ...]
        if field == "value" and isinstance(thing, Parameter):
            layers, notes = thing.layers, tuple(filter(None, [Wording(self.new).used(thing.name)]))
        elif field == "weight" and isinstance(thing, Indicator | Evidence):
            layers, notes = thing.weight.layers, self._shares(old, new)
        else:
            return change
        reason = _reason(new)
        return replace(
            change,
            because=reason,
            reason_kept=bool(reason) and reason == _reason(old),
            layer=in_force(layers).name if len(layers) > 1 else "",
            notes=notes,
        )

    def _shares(self, old: Part, new: Part) -> tuple[str, ...]:
        shares = [share_of(part, policy) for part, policy in ((old, self.base), (new, self.new))]
        of = "the score" if new.kind is Kind.INDICATOR else "its indicator"
        if shares[0] is None or shares[1] is None:
            return ()
        return (f"share of {of} {100 * shares[0]:.1f} % -> {100 * shares[1]:.1f} %",)

    def came_or_went(self, pair: Pair, shared: Slot | None) -> Change:
        """A thing that is new, or gone."""
        part, came = pair.either, pair.new is not None
        effect = self.class_of(part, PRESENCE, _presence(part.kind))
        if part.kind is Kind.FACT and not came:
            # a file that states it can no longer be read
            effect = Class.VERDICT
        policy, whole = (self.new, pair.new) if came else (self.old, pair.original)
        assert whole is not None
        value = _whole(whole, policy)
        what = What.ADDED if came else What.REMOVED
        found = self.change_of(pair, what, PRESENCE, effect, (None, value) if came else (value, None))
        words = Wording(policy).whole(whole)
        return replace(
            found,
            before="" if came else words,
            after=words if came else "",
            slots=(shared,) if shared else self._whole_slots(part),
            span=part.span,
            because=_reason(whole) if came else "",
        )

    def _whole_slots(self, part: Part) -> tuple[Slot, ...]:
        """The place of a part, and of all that comes and goes with it."""
        own = Slot(part.kind, part.name, PRESENCE)
        if part.kind is not Kind.INDICATOR:
            return self.web.beside(own)
        one_side = by_name(self.base).keys() ^ by_name(self.new).keys()
        carried = sorted((kind, name) for kind, name in one_side if kind in OWNED and name.startswith(f"{part.name}."))
        return (own, *(Slot(kind, name, PRESENCE) for kind, name in carried))

    def rename(self, original: Part, new: Part) -> Change:
        """A thing with another id. It is made before all others: every mix has the names of today."""
        effect = {Kind.FACT: Class.VERDICT, Kind.BAND: Class.SCORE}.get(new.kind, Class.COSMETIC)
        values = (original.name, new.name)
        found = self.change_of(Pair(original, None, new), What.RENAMED, "name", effect, values)
        return replace(found, label="name", before=original.name, after=new.name, span=new.span)

    def change_of(self, pair: Pair, what: What, field: str, effect: Class, values: tuple[Plain, Plain]) -> Change:
        """A change with its fingerprint, which rests on what the thing was called and was, and on nothing else of the comparison."""
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

    def renamed_itself(self, original: Part, new: Part) -> bool:
        """Whether a thing has another id, and not only that of its indicator."""
        owner, dot, own = original.name.rpartition(".")
        carried = f"{self.names.new(Kind.INDICATOR, owner)}{dot}{own}" if new.kind in OWNED else original.name
        return carried != new.name

    def class_of(self, part: Part, field: str, nature: Nature) -> Class:
        """What a change of a field can do: docs/changes.md."""
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
        # a fact is part of the answer although no rule may read it
        shown = part.kind is Kind.FACT or field == REASONS
        return Class.SCORE if shown or node in self.reach.answer else Class.COSMETIC


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


def _slot(part: Part, field: str, web: Web) -> Slot:
    """The place at which a change is made: what is read together is changed together."""
    if part.kind is Kind.FACT and FIELDS[Kind.FACT][field] is Nature.FILES:
        return Slot(part.kind, part.name, "reading")
    if part.kind is Kind.FACT and field == COMPUTATION:
        return web.slot(part.name) or Slot(part.kind, part.name, field)
    if part.kind is Kind.SET and field == REASONS:
        return COMPUTED
    if field == "ends":
        # where one band ends the next begins
        return Slot(Kind.EVIDENCE, part.owner, "ends")
    return Slot(part.kind, part.name, "cases" if field == "exhaustive" else field)


def _identity(part: Part) -> Plain:
    """What a part is known by: its id; a case without one by what it asks, an action by what it says."""
    thing = part.thing
    if isinstance(thing, Case) and not part.has_id:
        return [part.owner, plain(thing.when)]
    if isinstance(thing, Action) and not part.has_id:
        return [thing.indicator, thing.side, thing.do]
    return part.name


def _whole(part: Part, policy: PolicySet) -> Plain:
    """Everything that a part is, with all that comes and goes with it, as plain data."""
    found: dict[str, Plain] = {name: plain(part.value(name)) for name in FIELDS[part.kind]}
    if not found.get(COMPUTATION):
        # a fact that nothing computes is known by what it was before anything could be
        found.pop(COMPUTATION, None)
    thing = part.thing
    if isinstance(thing, Evidence):
        found["cases"] = [_whole(case, policy) for case in cases(thing)]
    if isinstance(thing, Indicator):
        own = [p for p in listed(policy) if p.kind in OWNED and p.name.startswith(f"{thing.name}.")]
        found["parts"] = {f"{p.kind} {p.name}": _whole(p, policy) for p in own}
    return found

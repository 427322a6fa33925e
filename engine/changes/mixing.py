"""A policy set with some of the changes made and the others not: what each of them does is told from that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from graphlib import TopologicalSorter
from typing import Any, TypeVar, cast

from ..catalogue import concluded, mark_late
from ..condition import Literal, Operand, signals_read
from ..diagnostics import Span
from ..facts import Catalogue, FactDefinition
from ..policy import Action, Band, Case, Evidence, Indicator, Layer, PolicySet, Signal, Weight
from .change import Slots
from .comparison import BANDS, Comparison
from .parts import FIELDS, OWN, PRESENCE, Kind, Nature, is_written
from .reach import reads_of

T = TypeVar("T")
_SETTINGS = tuple(FIELDS[Kind.SET])


@dataclass(frozen=True, slots=True)
class Mixer:
    """Makes mixes of two policy sets. A slot that is chosen holds what the new one has, any other what the old one has."""

    compared: Comparison
    retuned: frozenset[tuple[Kind, str]]
    """The parts that compare something with a parameter whose value differs."""

    @staticmethod
    def of(compared: Comparison) -> Mixer:
        """What differs is the same for every mix."""
        old, new = compared.base, compared.new
        differing = {
            name
            for name, p in new.parameters.items()
            if name in old.parameters and old.parameters[name].value != p.value
        }
        return Mixer(compared, frozenset(_reading(differing, old)) | frozenset(_reading(differing, new)))

    def mix(self, chosen: Slots) -> PolicySet:
        """The old policy set, under the names of the new, with the chosen changes made. Raises CycleError, which groups forestall."""
        old, new = self.compared.base, self.compared.new
        by_part: dict[tuple[Kind, str], set[str]] = {}
        for slot in self.compared.web.spread(chosen):
            by_part.setdefault((slot.kind, slot.name), set()).add(slot.field)
        return _Mixing(old, new, by_part, self.retuned, frozenset(kind for kind, _ in by_part)).policy_set()


def _reading(parameters: Collection[str], policy: PolicySet) -> Iterator[tuple[Kind, str]]:
    for node, read in reads_of(policy).items():
        if any(kind is Kind.PARAMETER and name in parameters for kind, name in read):
            yield node


def revalued(value: object, values: Mapping[str, Literal]) -> object:
    """The same with every threshold at the value that its parameter has now; what does not change is kept as it is."""
    if isinstance(value, Operand):
        tuned = values.get(value.parameter, value.value)
        return value if tuned == value.value and type(tuned) is type(value.value) else replace(value, value=tuned)
    if isinstance(value, tuple):
        parts = [revalued(part, values) for part in value]
        return value if all(a is b for a, b in zip(value, parts, strict=True)) else tuple(parts)
    if is_dataclass(value) and not isinstance(value, type):
        found = {f.name: getattr(value, f.name) for f in fields(value) if _may_compare(getattr(value, f.name))}
        changed = {name: now for name, part in found.items() if (now := revalued(part, values)) is not part}
        return replace(value, **changed) if changed else value
    return value


def _may_compare(value: object) -> bool:
    return isinstance(value, tuple) or (is_dataclass(value) and not isinstance(value, Span | Layer | Weight | type))


@dataclass(frozen=True, slots=True)
class _Mixing:
    old: PolicySet
    new: PolicySet
    chosen: Mapping[tuple[Kind, str], Collection[str]]
    """The fields that are taken from the new side, by part."""
    retuned: Collection[tuple[Kind, str]]
    kinds: Collection[Kind]
    """The kinds of parts of which anything is taken from the new side."""

    def policy_set(self) -> PolicySet:
        old, new = self.old, self.new
        parameters = {
            p.name: p for p in self._merged(Kind.PARAMETER, [*old.parameters.values()], [*new.parameters.values()])
        }
        values = {name: parameter.value for name, parameter in parameters.items()}
        indicators = tuple(self._indicators(values))
        settings: dict[str, Any] = {
            name: revalued(getattr(self._side(Kind.SET, OWN, name), name), values) for name in _SETTINGS
        }
        return replace(
            new,
            **settings,
            catalogue=self._catalogue([i.name for i in indicators], settings["plus"], settings["minus"]),
            parameters=parameters,
            indicators=indicators,
            bands=self._tuned(Kind.BAND, self._bands(), values),
            signals=_in_order(self._tuned(Kind.SIGNAL, self._merged(Kind.SIGNAL, old.signals, new.signals), values)),
            adjustments=self._tuned(
                Kind.ADJUSTMENT, self._merged(Kind.ADJUSTMENT, old.adjustments, new.adjustments), values
            ),
            gates=self._tuned(Kind.GATE, self._merged(Kind.GATE, old.gates, new.gates), values),
            readings=self._tuned(Kind.READING, self._merged(Kind.READING, old.readings, new.readings), values),
            phases=tuple(self._merged(Kind.PHASE, old.phases, new.phases)),
            actions=self._actions(OWN, old.actions, new.actions, values),
        )

    def _has(self, kind: Kind, name: str, field: str) -> bool:
        return field in self.chosen.get((kind, name), ())

    def _side(self, kind: Kind, name: str, field: str) -> PolicySet:
        return self.new if self._has(kind, name, field) else self.old

    def _tuned(self, kind: Kind, things: Iterable[T], values: Mapping[str, Literal]) -> tuple[T, ...]:
        """Things with the thresholds that they have in this mix."""
        return tuple(
            cast("T", revalued(thing, values)) if (kind, cast("Signal", thing).name) in self.retuned else thing
            for thing in things
        )

    def _blend(self, kind: Kind, name: str, old: T, new: T) -> T:
        """The old thing with the chosen fields of the new one."""
        chosen = self.chosen.get((kind, name), ())
        taken: dict[str, Any] = {}
        for field, nature in FIELDS[kind].items() if chosen else ():
            if ("reading" if kind is Kind.FACT and nature is Nature.FILES else field) not in chosen:
                continue
            if field == "move":
                band = cast("Band", new)
                taken |= {"move_low": band.move_low, "move_high": band.move_high}
            elif field.startswith("weight"):
                taken["weight"] = cast("Evidence", new).weight
            else:
                taken[field] = getattr(new, field)
        return cast("T", replace(cast("Evidence", old), **taken)) if taken else old

    def _merged(self, kind: Kind, old: Sequence[T], new: Sequence[T]) -> Iterator[T]:
        """The things of one kind, in the order of the new side; those that are only in one of them as chosen."""
        if kind not in self.kinds:
            yield from old
            return
        before, after = _named(old), _named(new)
        for name, thing in after.items():
            if name in before:
                yield self._blend(kind, name, before[name], thing)
            elif self._has(kind, name, PRESENCE):
                yield thing
        for name, thing in before.items():
            if name not in after and not self._has(kind, name, PRESENCE):
                yield thing

    def _catalogue(self, indicators: Sequence[str], plus: str, minus: str) -> Catalogue:
        old, new = self.old, self.new
        same = (plus, minus) == (old.plus, old.minus) and list(indicators) == [i.name for i in old.indicators]
        if same and Kind.FACT not in self.kinds:
            return old.catalogue
        written = [[f for f in policy.catalogue.values() if is_written(f)] for policy in (old, new)]
        found: dict[str, FactDefinition] = {f.name: replace(f, late=False) for f in self._merged(Kind.FACT, *written)}
        return mark_late(found | {f.name: f for f in concluded(indicators, plus, minus)})

    def _indicators(self, values: Mapping[str, Literal]) -> Iterator[Indicator]:
        before, after = _named(self.old.indicators), _named(self.new.indicators)
        for indicator in self._merged(Kind.INDICATOR, self.old.indicators, self.new.indicators):
            old, new = before.get(indicator.name), after.get(indicator.name)
            evidence, actions = indicator.evidence, indicator.actions
            if old is not None and new is not None:
                evidence = tuple(self._evidence(old.evidence, new.evidence))
                actions = self._actions(indicator.name, old.actions, new.actions, values)
            yield replace(indicator, evidence=self._tuned(Kind.EVIDENCE, evidence, values), actions=actions)

    def _evidence(self, old: Sequence[Evidence], new: Sequence[Evidence]) -> Iterator[Evidence]:
        before, after = _named(old), _named(new)
        for item in self._merged(Kind.EVIDENCE, old, new):
            both = item.name in before and item.name in after
            yield self._with_cases(item, before[item.name], after[item.name]) if both else item

    def _with_cases(self, item: Evidence, old: Evidence, new: Evidence) -> Evidence:
        if self._has(Kind.EVIDENCE, item.name, "cases"):
            return replace(item, cases=new.cases, exhaustive=new.exhaustive)
        ends = self._has(Kind.EVIDENCE, item.name, "ends")
        if not (ends or Kind.CASE in self.kinds) or len(old.cases) != len(new.cases):
            return item
        blended = (self._case(before, after, ends) for before, after in zip(old.cases, new.cases, strict=True))
        return replace(item, cases=tuple(blended))

    def _case(self, old: Case, new: Case, ends: bool) -> Case:
        blended = self._blend(Kind.CASE, new.name, old, new)
        return replace(blended, when=new.when) if ends else blended

    def _bands(self) -> Iterable[Band]:
        if [band.name for band in self.old.bands] == [band.name for band in self.new.bands]:
            return self._merged(Kind.BAND, self.old.bands, self.new.bands)
        return self._side(BANDS.kind, BANDS.name, BANDS.field).bands

    def _actions(
        self, owner: str, old: tuple[Action, ...], new: tuple[Action, ...], values: Mapping[str, Literal]
    ) -> tuple[Action, ...]:
        chosen = new if self._has(Kind.ACTION, owner, "actions") else old
        if (Kind.ACTION, owner) not in self.retuned:
            return chosen
        return tuple(cast("Action", revalued(action, values)) for action in chosen)


def _named(things: Iterable[T]) -> dict[str, T]:
    return {cast("Signal", thing).name: thing for thing in things}


def _in_order(signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """Each signal after those it reads. Raises CycleError where they read each other in a circle."""
    by_name = _named(signals)
    graph = {name: [read for read in signals_read(signal.when) if read in by_name] for name, signal in by_name.items()}
    return tuple(by_name[name] for name in TopologicalSorter(graph).static_order())

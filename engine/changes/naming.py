"""One policy set under the names of another: every id that was renamed, at every place that reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ..catalogue import concluded
from ..condition import All, AnyOf, AtLeastN, Condition, FactTest, Not, Operand, SignalTest
from ..facts import FactDefinition
from ..formula import Formula, parse, unparse
from ..formula.tree import Call, FactRead, Negation, Operation, ParameterRead
from ..policy import Action, Adjustment, Band, Case, Effect, Evidence, Gate, Indicator, PolicySet, Reading, Signal
from ..texts import QUOTED
from .parts import Kind
from .web import renamed as computed_under

T = TypeVar("T", bound="Action | Adjustment | Case | Evidence | Gate | Reading | Signal")


@dataclass(frozen=True, slots=True)
class Names:
    """New names by old ones, of each kind. Those that come with a renamed indicator are among them."""

    of: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.of.values())

    def new(self, kind: Kind, name: str) -> str:
        """The name of today."""
        return self.of.get(kind, {}).get(name, name)

    def renaming(self, kind: Kind, names: Mapping[str, str]) -> Names:
        """These and others of one kind."""
        return Names({**self.of, kind: {**self.of.get(kind, {}), **names}})


def with_indicators(names: Mapping[str, str], policy: PolicySet) -> Names:
    """Renamed indicators, and all that carries their name: parameters, signals, evidence, and what is concluded of them."""

    def moved(name: str) -> str:
        head, dot, rest = name.partition(".")
        return f"{names.get(head, head)}{dot}{rest}" if dot else name

    def changed(given: Iterable[str]) -> dict[str, str]:
        return {name: moved(name) for name in given if moved(name) != name}

    late = {
        old.name: new.name
        for before, after in names.items()
        for old, new in zip(
            concluded([before], policy.plus, policy.minus), concluded([after], policy.plus, policy.minus), strict=True
        )
        if old.name != new.name
    }
    return Names(
        {
            Kind.INDICATOR: names,
            Kind.PARAMETER: changed(policy.parameters),
            Kind.SIGNAL: changed(signal.name for signal in policy.signals),
            Kind.EVIDENCE: changed(item.name for item in policy.evidence),
            Kind.FACT: late,
        }
    )


def renamed(policy: PolicySet, names: Names) -> PolicySet:
    """The policy set under other names; it means the same of every company that states none of the renamed facts."""
    return _Renaming(names, policy).policy_set() if names else policy


@dataclass(frozen=True, slots=True)
class _Renaming:
    names: Names
    policy: PolicySet

    def policy_set(self) -> PolicySet:
        policy, names = self.policy, self.names
        return replace(
            policy,
            catalogue={f.name: f for f in map(self._fact, policy.catalogue.values())},
            parameters={
                names.new(Kind.PARAMETER, p.name): replace(p, name=names.new(Kind.PARAMETER, p.name))
                for p in policy.parameters.values()
            },
            indicators=tuple(map(self._indicator, policy.indicators)),
            bands=tuple(map(self._band, policy.bands)),
            signals=tuple(map(self._signal, policy.signals)),
            adjustments=tuple(map(self._adjustment, policy.adjustments)),
            gates=tuple(map(self._gate, policy.gates)),
            readings=tuple(map(self._reading, policy.readings)),
            phases=tuple(replace(p, name=names.new(Kind.PHASE, p.name)) for p in policy.phases),
            actions=tuple(map(self._action, policy.actions)),
            required_coverage=self._operand(policy.required_coverage),
            assessed_at=self._operand(policy.assessed_at),
            supports_at=self._operand(policy.supports_at),
            share=replace(policy.share, fact=names.new(Kind.FACT, policy.share.fact)) if policy.share else None,
        )

    def _fact(self, fact: FactDefinition) -> FactDefinition:
        name = self.names.new(Kind.FACT, fact.name)
        if not fact.is_derived:
            computed = tuple(computed_under(one, self.names.of.get(Kind.FACT, {})) for one in fact.computed)
            return replace(fact, name=name, computed=computed)
        tree = parse(fact.formula, fact.formula_span)
        new = self._formula(tree)
        return replace(fact, name=name, formula=unparse(new) if new != tree else fact.formula)

    def _formula(self, formula: Formula) -> Formula:
        match formula:
            case FactRead(name):
                return replace(formula, name=self.names.new(Kind.FACT, name))
            case ParameterRead(name):
                return replace(formula, name=self.names.new(Kind.PARAMETER, name))
            case Negation(operand):
                return replace(formula, operand=self._formula(operand))
            case Operation(_, left, right):
                return replace(formula, left=self._formula(left), right=self._formula(right))
            case Call(_, arguments):
                return replace(formula, arguments=tuple(map(self._formula, arguments)))
            case _:
                return formula

    def _operand(self, operand: Operand) -> Operand:
        return replace(operand, parameter=self.names.new(Kind.PARAMETER, operand.parameter))

    def _condition(self, condition: Condition) -> Condition:
        match condition:
            case FactTest(fact, _, operands):
                fact = self.names.new(Kind.FACT, fact)
                return replace(condition, fact=fact, operands=tuple(map(self._operand, operands)))
            case SignalTest(signal):
                return replace(condition, signal=self.names.new(Kind.SIGNAL, signal))
            case Not(part):
                return replace(condition, part=self._condition(part))
            case All(parts) | AnyOf(parts) | AtLeastN(_, parts):
                return replace(condition, parts=tuple(map(self._condition, parts)))

    def _texts(self, thing: T, indicator: str, *fields: str) -> T:
        """A thing with the names that its texts quote replaced; `indicator` is where its parameters are looked up."""

        def quoted(match: re.Match[str]) -> str:
            name = match[1]
            if not name.startswith("$"):
                return f"{{{self.names.new(Kind.FACT, name)}}}"
            own = f"{indicator}.{name[1:]}"
            old = own if own in self.policy.parameters else name[1:]
            new = self.names.new(Kind.PARAMETER, old)
            scope = f"{self.names.new(Kind.INDICATOR, indicator)}."
            return match[0] if new == old else f"{{${new.removeprefix(scope)}}}"

        written = {name: getattr(thing, name) for name in fields}
        told: dict[str, Any] = {name: QUOTED.sub(quoted, text) for name, text in written.items() if "{" in text}
        return replace(thing, **told)

    def _indicator(self, indicator: Indicator) -> Indicator:
        quality = indicator.quality
        return replace(
            indicator,
            name=self.names.new(Kind.INDICATOR, indicator.name),
            evidence=tuple(self._evidence(item, indicator.name) for item in indicator.evidence),
            quality=replace(quality, fact=self.names.new(Kind.FACT, quality.fact)) if quality else None,
            actions=tuple(map(self._action, indicator.actions)),
        )

    def _evidence(self, item: Evidence, indicator: str) -> Evidence:
        name = self.names.new(Kind.EVIDENCE, item.name)
        cases = tuple(
            replace(
                self._texts(case, indicator, "because"),
                name=f"{name}.{case.name.rpartition('.')[2]}",
                when=self._condition(case.when),
            )
            for case in item.cases
        )
        return replace(self._texts(item, indicator, "because"), name=name, cases=cases)

    def _band(self, band: Band) -> Band:
        below = self._operand(band.below) if band.below is not None else None
        return replace(band, name=self.names.new(Kind.BAND, band.name), below=below)

    def _signal(self, signal: Signal) -> Signal:
        found = self._texts(signal, signal.name.rpartition(".")[0], "says")
        return replace(found, name=self.names.new(Kind.SIGNAL, signal.name), when=self._condition(signal.when))

    def _adjustment(self, adjustment: Adjustment) -> Adjustment:
        return replace(
            self._texts(adjustment, "", "because"),
            name=self.names.new(Kind.ADJUSTMENT, adjustment.name),
            when=self._condition(adjustment.when),
            evidence=self.names.new(Kind.EVIDENCE, adjustment.evidence),
            by=self._operand(adjustment.by),
        )

    def _gate(self, gate: Gate) -> Gate:
        return replace(
            self._texts(gate, "", "first", "because"),
            name=self.names.new(Kind.GATE, gate.name),
            when=self._condition(gate.when),
            effect=self._effect(gate.effect),
            if_unknown=self._effect(gate.if_unknown),
        )

    def _effect(self, effect: Effect) -> Effect:
        cap = effect.cap_move
        if cap is None:
            return effect
        limit = self.names.new(Kind.FACT, cap) if isinstance(cap, str) else self._operand(cap)
        return replace(effect, cap_move=limit)

    def _reading(self, reading: Reading) -> Reading:
        found = self._texts(reading, "", "says", "first")
        return replace(found, name=self.names.new(Kind.READING, reading.name), when=self._condition(reading.when))

    def _action(self, action: Action) -> Action:
        return replace(
            self._texts(action, action.indicator, "do"),
            indicator=self.names.new(Kind.INDICATOR, action.indicator),
            phase=self.names.new(Kind.PHASE, action.phase),
            watch=self.names.new(Kind.FACT, action.watch),
            when=self._condition(action.when) if action.when is not None else None,
        )

"""What a part of a policy set is called, and how its values read: in the words and units of the policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from ..condition import All, AnyOf, AtLeastN, Condition, FactTest, Not, Operand, Operator, SignalTest, leaves
from ..display import display_operand
from ..explanation import WORDS, signed
from ..facts import FactDefinition, FactType
from ..formula import parameters, parse
from ..policy import Action, Case, Effect, Evidence, Gate, Indicator, Parameter, Phase, PolicySet, Quality, Share
from ..texts import display_parameter
from .parts import Kind, Part, Thing, whens

NOTHING = "none"

LABELS: Mapping[str, str] = {
    "required_coverage": "coverage that a verdict needs",
    "assessed_at": "coverage from which an indicator is assessed",
    "supports_at": "strength from which an indicator supports a side",
    "plus": "side that a plus speaks for",
    "minus": "side that a minus speaks for",
    "share": "share that a move is taken from",
    "roll_back": "when to roll back",
    "budget": "what a move is a part of",
    "below": "ends below",
    "move": "move",
    "in_score": "counts in the score",
    "quality": "factor for the quality of its data",
    "weight_grade": "grade of the weight",
    "weight_because": "reason for the weight",
    "because": "reason",
    "review_by": "review by",
    "primary": "primary",
    "how_fast": "says how fast",
    "exhaustive": "written as bands",
    "when": "holds when",
    "ends": "ends",
    "says": "text",
    "by": "factor",
    "evidence": "changes the weight of",
    "effect": "effect",
    "if_unknown": "effect while it is not ruled out",
    "first": "what to do first",
    "drop_actions": "takes out of the plan",
    "do": "text",
    "watch": "watches",
    "who": "who is asked",
    "ask": "question",
    "stale_after": "days after which it is stale",
    "minimum": "lowest value",
    "maximum": "highest value",
    "zero_divisor_infinite": "infinite where divided by zero",
    "sampled": "share of a sample",
    "future": "may lie in the future",
    "core": "core fact",
    "short": "short title",
    "computed": "how it is computed",
    "reasons": "what reasons are counted as",
    "value": "",
}
"""What a field is called; those that are not here are called by their name."""


def label(field: str) -> str:
    """What a field is called in a sentence."""
    return LABELS.get(field, field.replace("_", " "))


def counted(number: int, noun: str) -> str:
    """`1 test`, `2 tests`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def yes_no(value: bool) -> str:
    """A flag in words."""
    return "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one policy set."""

    policy: PolicySet

    # --- what things are called

    def subject(self, part: Part) -> str:
        """What a part is called."""
        thing = part.thing
        match part.kind:
            case Kind.SET:
                return "policy set"
            case Kind.BAND:
                return f'verdict "{part.value("title")}"'
            case Kind.INDICATOR:
                return f"indicator {part.value('number')} {part.value('title')}"
            case Kind.EVIDENCE | Kind.CASE | Kind.PARAMETER | Kind.ACTION:
                return self._within(part)
            case Kind.GATE:
                return f"gate {part.name} {cast('Gate', thing).title}"
            case Kind.PHASE:
                return f'phase "{cast("Phase", thing).title}"'
            case Kind.FACT:
                title = cast("FactDefinition", thing).title
                return f"fact {title} ({part.name})" if title else f"fact {part.name}"
            case _:
                return f"{part.kind} {part.name}"

    def _within(self, part: Part) -> str:
        thing = part.thing
        match thing:
            case Evidence():
                return f"{thing.code} {thing.title}".strip()
            case Case():
                return f"{self._evidence(part.owner)}, case {part.name.rpartition('.')[2]}"
            case Action():
                owner = f" ({self._indicator(thing.indicator)})" if thing.indicator else ""
                return f"action for {thing.side}{owner}"
            case _:
                owner, _, own = part.name.rpartition(".")
                return f"threshold {own}{f' of {self._indicator(owner)}' if owner else ''}"

    def _evidence(self, name: str) -> str:
        found = next((item for item in self.policy.evidence if item.name == name), None)
        return f"{found.code} {found.title}".strip() if found is not None else name

    def _indicator(self, name: str) -> str:
        return next((i.short for i in self.policy.indicators if i.name == name), name)

    def fact(self, name: str) -> str:
        """The title of a fact."""
        definition = self.policy.catalogue.get(name)
        return definition.title if definition is not None and definition.title else name

    # --- values

    def value(self, part: Part, field: str, named: bool = False) -> str:
        """A field in words; `named`: with the names of the parameters in it, where that is all that changed."""
        value = part.value(field)
        match value:
            case bool():
                return yes_no(value)
            case None | "" | ():
                return NOTHING
            case Operand():
                return self._own_operand(value, part.kind, named)
            case Effect():
                return self.effect(value, named)
            case FactTest() | SignalTest() | All() | AnyOf() | Not() | AtLeastN():
                return self._end(value) if field == "ends" else self.condition(value, named)
            case _:
                return self._other(part, field, value)

    def _other(self, part: Part, field: str, value: object) -> str:
        match value:
            case Quality(fact, if_missing):
                return self.fact(fact) + (
                    f" ({100 * if_missing:g} % where not known)" if if_missing is not None else ""
                )
            case Share(fact, of):
                return f"{self.fact(fact)}, of {of}"
            case (float() as low, float() as high) if field == "move":
                return f"{low:g} points" if low == high else f"{low:g} to {high:g} points"
            case tuple():
                return ", ".join(map(str, value))
            case float() | int():
                return self._number(part, field, value)
            case _:
                return self._text(part, field, str(value))

    def _number(self, part: Part, field: str, value: float) -> str:
        if isinstance(part.thing, Parameter):
            return display_parameter(value, part.thing.unit)
        return signed(value) if field in ("outcome", "cap", "floor") else f"{value:.10g}"

    def _text(self, part: Part, field: str, value: str) -> str:
        if field == "watch":
            return self.fact(value)
        if field == "evidence":
            return self._evidence(value)
        plainly = field in ("type", "unit", "role", "grade", "version", "review_by", "currency", "formula", "phase")
        return value if plainly or (isinstance(part.thing, Parameter) and field == "value") else f'"{value}"'

    def _own_operand(self, operand: Operand, kind: Kind, named: bool) -> str:
        parameter = self.policy.parameters.get(operand.parameter)
        unit = parameter.unit if parameter is not None else "points" if kind is Kind.BAND else ""
        name = f" (${operand.parameter})" if named and operand.parameter else ""
        return f"{display_parameter(operand.value, unit)}{name}"

    def effect(self, effect: Effect, named: bool = False) -> str:
        """What a gate does."""
        said = []
        if isinstance(effect.cap_move, str):
            said.append(f"caps the move at {self.fact(effect.cap_move)}")
        elif effect.cap_move is not None:
            name = f" (${effect.cap_move.parameter})" if named and effect.cap_move.parameter else ""
            said.append(f"caps the move at {effect.cap_move.number:g} points{name}")
        said += [f"takes {', '.join(effect.forbid)} out of the plan"] if effect.forbid else []
        said += ["withdraws the verdict"] if effect.withdraws_verdict else []
        return " and ".join(said) or NOTHING

    def condition(self, condition: Condition, named: bool = False) -> str:
        """A condition as a sentence."""
        match condition:
            case FactTest():
                return self._leaf(condition, named)
            case SignalTest(name):
                return f"signal {name}"
            case Not(part):
                return f"not ({self.condition(part, named)})"
            case All(parts):
                return " and ".join(self._inner(part, named) for part in parts)
            case AnyOf(parts):
                return " or ".join(self._inner(part, named) for part in parts)
            case AtLeastN(n, parts):
                return f"at least {n} of: {'; '.join(self.condition(part, named) for part in parts)}"

    def _inner(self, part: Condition, named: bool) -> str:
        grouped = isinstance(part, All | AnyOf | AtLeastN)
        return f"({self.condition(part, named)})" if grouped else self.condition(part, named)

    def _leaf(self, test: FactTest, named: bool) -> str:
        title = self.fact(test.fact)
        if test.operator is Operator.KNOWN:
            return f"{title} {'known' if test.operands[0].value is True else 'not known'}"
        assumed = f" ({test.if_missing} where not known)" if test.if_missing is not None else ""
        return f"{title} {self._compared(test, named)}{assumed}"

    def _compared(self, test: FactTest, named: bool = False) -> str:
        definition = self.policy.catalogue.get(test.fact, FactDefinition(test.fact, FactType.NUMBER, test.fact))
        shown = [self._threshold(operand, definition, named) for operand in test.operands]
        joined = " and ".join(shown) if test.operator is Operator.BETWEEN else ", ".join(shown)
        return f"{WORDS[test.operator] or 'is'} {joined}"

    def _threshold(self, operand: Operand, definition: FactDefinition, named: bool) -> str:
        name = f" (${operand.parameter})" if named and operand.parameter else ""
        return display_operand(operand, definition, self.policy.currency) + name

    def _end(self, condition: Condition) -> str:
        """Where a band ends."""
        return self._compared(condition) if isinstance(condition, FactTest) else NOTHING

    # --- things that came or went

    def whole(self, part: Part) -> str:
        """What a thing is, in a few words."""
        thing: Thing = part.thing
        match thing:
            case Parameter():
                return display_parameter(thing.value, thing.unit)
            case Indicator():
                return f"weight {thing.weight.value:g}, {counted(len(thing.evidence), 'test')}"
            case Evidence():
                return f"weight {thing.weight.value:g}, {counted(len(thing.cases), 'case')}"
            case Case():
                return self._case(thing)
            case Gate():
                return f"{self.effect(thing.effect)} when {self.condition(thing.when)}"
            case Action():
                return f'"{thing.do}"'
            case FactDefinition():
                exported = ", computed from the exports" if thing.computed else ""
                return f"{thing.type}, worked out as {thing.formula}" if thing.is_derived else f"{thing.type}{exported}"
            case _:
                return self._ruled(part)

    def _case(self, case: Case) -> str:
        limits = "".join(f", {n} {signed(v)}" for n, v in (("cap", case.cap), ("floor", case.floor)) if v is not None)
        return f"outcome {signed(case.outcome)}{limits} when {self.condition(case.when)}"

    def _ruled(self, part: Part) -> str:
        """A band of the score, a phase, a signal, an adjustment or a reading."""
        if part.kind is Kind.PHASE:
            return self.value(part, "title")
        if part.kind is Kind.BAND:
            return f"ends below {self.value(part, 'below')}, move {self.value(part, 'move')}"
        if part.kind is Kind.READING:
            return f"says {self.value(part, 'says')} when {self.value(part, 'when')}"
        if part.kind is Kind.ADJUSTMENT:
            return f"{self._evidence(str(part.value('evidence')))} times {self.value(part, 'by')} when {self.value(part, 'when')}"
        return self.value(part, "when")

    def used(self, parameter: str) -> str:
        """What a parameter decides: "leads per month, at least; read by 1.1", "where the verdict "Keep the split" ends"."""
        compared: dict[str, list[str]] = {}
        where: dict[str, None] = {}
        for name, condition in self._rules():
            for leaf in leaves(condition):
                if isinstance(leaf, FactTest) and any(o.parameter == parameter for o in leaf.operands):
                    words = compared.setdefault(self.fact(leaf.fact), [])
                    words += [word for word in (WORDS[leaf.operator] or "is",) if word not in words]
                    where[name] = None
        facts = "; ".join(f"{fact} ({', '.join(words)})" for fact, words in compared.items())
        read = [f"{facts}, read by {', '.join(where)}"] if facts else []
        return "; ".join((*read, *self._named_for(parameter)))

    def _named_for(self, parameter: str) -> Iterator[str]:
        """What a parameter is for, besides comparisons with facts."""
        policy = self.policy
        settings = ("required_coverage", "assessed_at", "supports_at")
        yield from (LABELS[name] for name in settings if getattr(policy, name).parameter == parameter)
        for band in policy.bands:
            if band.below is not None and band.below.parameter == parameter:
                yield f'where the verdict "{band.title}" ends'
        yield from (f"factor of the adjustment {a.name}" for a in policy.adjustments if a.by.parameter == parameter)
        for gate in policy.gates:
            if parameter in _caps(gate):
                yield f"what gate {gate.name} caps the move at"
        for fact in policy.catalogue.values():
            if fact.is_derived and parameter in parameters(parse(fact.formula, fact.formula_span)):
                yield f"in the formula of {fact.title or fact.name}"

    def _rules(self) -> Iterator[tuple[str, Condition]]:
        yield from ((e.code or e.title, case.when) for e in self.policy.evidence for case in e.cases)
        signals = {signal.name for signal in self.policy.signals}
        for name, when in whens(self.policy):
            yield (f"signal {name}" if name in signals else name), when


def _caps(gate: Gate) -> list[str]:
    """The parameters at which a gate caps the move."""
    caps = (gate.effect.cap_move, gate.if_unknown.cap_move)
    return [cap.parameter for cap in caps if isinstance(cap, Operand)]


def share_of(part: Part, policy: PolicySet) -> float | None:
    """The share of a weight in its indicator, or in the score; None where it has none."""
    thing = part.thing
    if isinstance(thing, Evidence):
        total = next((i.total_weight for i in policy.indicators if i.name == part.owner), 0.0)
        return thing.weight.value / total if total else None
    if isinstance(thing, Indicator) and thing.in_score:
        total = sum(i.weight.value for i in policy.indicators if i.in_score)
        return thing.weight.value / total if total else None
    return None

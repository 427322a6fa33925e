"""A policy set taken apart into things that have a name, each with its fields: what two policy sets are compared by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ..condition import Condition, FactTest, Operator, leaves
from ..diagnostics import Span
from ..facts import FactDefinition
from ..formula import parse, unparse
from ..policy import (
    Action,
    Adjustment,
    Band,
    Case,
    Evidence,
    Gate,
    Indicator,
    Parameter,
    Phase,
    PolicySet,
    Reading,
    Signal,
    in_force,
)
from ..taxonomy import taxonomy_of

PRESENCE = ""
"""The field that stands for being there at all."""
OWN = ""
"""The name of the policy set among its parts, and the owner of its own actions."""

Thing: TypeAlias = (
    PolicySet
    | Band
    | Indicator
    | Evidence
    | Case
    | Parameter
    | Signal
    | Adjustment
    | Gate
    | Reading
    | Phase
    | Action
    | FactDefinition
)


class Kind(StrEnum):
    """What a part is, in the order in which changes are told."""

    SET = "policy set"
    BAND = "band"
    INDICATOR = "indicator"
    PARAMETER = "parameter"
    EVIDENCE = "evidence"
    CASE = "case"
    SIGNAL = "signal"
    ADJUSTMENT = "adjustment"
    GATE = "gate"
    READING = "reading"
    PHASE = "phase"
    ACTION = "action"
    FACT = "fact"


class Nature(StrEnum):
    """What a field is for."""

    WORDS = "words"
    """Says something to a reader and nothing to the rules."""
    SAID = "said"
    """Part of the answer, and of no verdict: what is to be done, which way and how fast."""
    RULES = "rules"
    """Read by what it is part of: it reaches as far as that does."""
    FILES = "files"
    """Decides how a company's file is read, and whether it can be."""


_W, _S, _R, _F = Nature.WORDS, Nature.SAID, Nature.RULES, Nature.FILES
_WEIGHT = {"weight": _R, "weight_grade": _W, "weight_because": _W}

FIELDS: Mapping[Kind, Mapping[str, Nature]] = {
    Kind.SET: {
        **{"name": _W, "title": _W, "version": _W, "question": _W, "budget": _W},
        **{"currency": _F, "plus": _F, "minus": _F},
        **{"required_coverage": _R, "assessed_at": _R, "supports_at": _R, "reasons": _R},
        **{"share": _S, "roll_back": _S},
    },
    Kind.BAND: {"title": _W, "note": _S, "below": _R, "move": _R},
    Kind.INDICATOR: {
        **{"number": _W, "title": _W, "short": _W, "version": _W, "question": _W, "source": _W},
        **{"role": _S, **_WEIGHT, "in_score": _R, "quality": _R},
    },
    Kind.PARAMETER: {"value": _R, "unit": _W, "grade": _W, "because": _W, "source": _W, "review_by": _W},
    Kind.EVIDENCE: {
        **{"title": _W, "code": _W, "grade": _W, "because": _W, **_WEIGHT},
        **{"primary": _R, "how_fast": _S, "exhaustive": _R},
    },
    Kind.CASE: {"when": _R, "outcome": _R, "cap": _R, "floor": _R, "grade": _W, "because": _W},
    Kind.SIGNAL: {"when": _R, "says": _W},
    Kind.ADJUSTMENT: {"when": _R, "evidence": _R, "by": _R, "because": _W},
    Kind.GATE: {"title": _W, "when": _R, "effect": _R, "if_unknown": _R, "first": _S, "grade": _W, "because": _W},
    Kind.READING: {"when": _S, "says": _S, "first": _S, "drop_actions": _S},
    Kind.PHASE: {"title": _S},
    Kind.ACTION: {"do": _S, "phase": _S, "when": _S, "watch": _S, "tags": _S},
    Kind.FACT: {
        **{"title": _W, "meaning": _W, "source": _W, "ask": _W, "who": _W, "core": _W, "stale_after": _W},
        **{"type": _F, "unit": _F, "values": _F, "minimum": _F, "maximum": _F, "future": _F, "sampled": _F},
        **{"formula": _R, "zero_divisor_infinite": _R, "computed": _R},
    },
}
"""Every field that is compared. What is not here follows from the others (`late`), or says where a value stands (`span`, `layers`)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of a policy set. `owner` is the evidence of a case, the indicator of an action or of evidence."""

    kind: Kind
    name: str
    thing: Thing
    owner: str = ""

    @property
    def own_id(self) -> str:
        """The id that its file gives to a case or an action; empty where it is only counted."""
        last = self.name.rpartition(".")[2]
        return "" if last.isdigit() else last

    @property
    def has_id(self) -> bool:
        return bool(self.own_id)

    @property
    def span(self) -> Span | None:
        """Where it is written; a value that a layer changed, in that layer."""
        return None if isinstance(self.thing, Phase) else self.thing.span

    def value(self, field: str) -> object:
        """A field as compared."""
        thing = self.thing
        if isinstance(thing, Indicator | Evidence) and field.startswith("weight"):
            return getattr(thing.weight, field.removeprefix("weight_") if field != "weight" else "value")
        if isinstance(thing, Band) and field == "move":
            return (thing.move_low, thing.move_high)
        if isinstance(thing, Case) and field == "ends":
            return upper_end(thing.when)
        if isinstance(thing, FactDefinition) and field == "formula":
            return unparse(parse(thing.formula, thing.formula_span)) if thing.is_derived else ""
        if isinstance(thing, PolicySet) and field == "reasons":
            return taxonomy_of(thing)
        found: object = getattr(thing, field)
        return found

    def place(self, field: str) -> Span | None:
        """Where a field is written: that of a parameter or weight in the layer that wrote it last."""
        thing = self.thing
        if isinstance(thing, Parameter) and (field == "value" or len(thing.layers) > 1):
            return in_force(thing.layers).span if thing.layers else thing.span
        if isinstance(thing, Indicator | Evidence) and field == "weight":
            layers = thing.weight.layers
            return in_force(layers).span if layers else thing.weight.span
        if isinstance(thing, FactDefinition) and field == "formula":
            return thing.formula_span or thing.span
        if isinstance(thing, FactDefinition) and field == "computed" and thing.computed:
            return thing.computed[0].span or thing.span
        return self.span


def upper_end(condition: Condition) -> FactTest | None:
    """The comparison that ends a band from above; None where it has no end."""
    tests = (leaf for leaf in leaves(condition) if isinstance(leaf, FactTest))
    return next((test for test in tests if test.operator in (Operator.BELOW, Operator.AT_MOST)), None)


def listed(policy: PolicySet) -> Iterator[Part]:
    """The parts that have a name of their own, in the order of the policy set."""
    yield Part(Kind.SET, OWN, policy)
    yield from (Part(Kind.BAND, band.name, band) for band in policy.bands)
    for indicator in policy.indicators:
        yield Part(Kind.INDICATOR, indicator.name, indicator)
        yield from (Part(Kind.EVIDENCE, item.name, item, indicator.name) for item in indicator.evidence)
    yield from (Part(Kind.PARAMETER, parameter.name, parameter) for parameter in policy.parameters.values())
    yield from (Part(Kind.SIGNAL, signal.name, signal) for signal in policy.signals)
    yield from (Part(Kind.ADJUSTMENT, adjustment.name, adjustment) for adjustment in policy.adjustments)
    yield from (Part(Kind.GATE, gate.name, gate) for gate in policy.gates)
    yield from (Part(Kind.READING, reading.name, reading) for reading in policy.readings)
    yield from (Part(Kind.PHASE, phase.name, phase) for phase in policy.phases)
    yield from (Part(Kind.FACT, fact.name, fact) for fact in policy.catalogue.values() if is_written(fact))


def is_written(definition: FactDefinition) -> bool:
    """Whether a fact stands in the catalogue; the others are concluded by the engine and come with the indicators."""
    return not definition.late or definition.is_derived


def by_name(policy: PolicySet) -> dict[tuple[Kind, str], Part]:
    """The parts by kind and name."""
    return {(part.kind, part.name): part for part in listed(policy)}


def cases(item: Evidence) -> list[Part]:
    """The cases of an evidence item, from the top."""
    return [Part(Kind.CASE, case.name, case, item.name) for case in item.cases]


def actions(policy: PolicySet) -> dict[tuple[str, str], list[Part]]:
    """The actions by indicator (empty: the policy set's own) and side."""
    found: dict[tuple[str, str], list[Part]] = {}
    for owner in (policy.actions, *(indicator.actions for indicator in policy.indicators)):
        for action in owner:
            group = found.setdefault((action.indicator, action.side), [])
            name = f"{action.indicator or 'plan'}.{action.side}.{action.name or len(group) + 1}"
            group.append(Part(Kind.ACTION, name, action, action.indicator))
    return found


def whens(policy: PolicySet) -> Iterator[tuple[str, Condition]]:
    """The conditions of signals, adjustments, gates and readings, by their names."""
    yield from ((signal.name, signal.when) for signal in policy.signals)
    yield from ((adjustment.name, adjustment.when) for adjustment in policy.adjustments)
    yield from ((gate.name, gate.when) for gate in policy.gates)
    yield from ((reading.name, reading.when) for reading in policy.readings)

"""The typed, frozen policy set: what loading builds and every backend reads.  Meaning: docs/language.md, section 2 and 3."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, wraps
from typing import Any, TypeVar

from .conclusion import Kind, Outcome
from .condition import All, Condition, FactTest, Literal, Operand, Operator
from .diagnostics import Span
from .facts import Catalogue


@dataclass(frozen=True, slots=True)
class Layer:
    """One file that wrote a value, and why. `name` is the policy set's id, or "this run" for an option."""

    name: str
    value: str
    """As written."""
    because: str = ""
    review_by: str = ""
    span: Span | None = field(default=None, compare=False)


def in_force(layers: Sequence[Layer]) -> Layer:
    """The layer whose value counts: the last that wrote one, and not only a date of review."""
    return next(layer for layer in (*reversed(layers), layers[0]) if layer.value)


class Done(StrEnum):
    """What a layer did to a thing or a value."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    REPLACED = "replaced"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a layer did to a thing of a `kind` that is called `name`, or to the value under a `key` of it.

    The key is empty for the thing as a whole, and for the value of a parameter. `layer` holds what is written, `was` what was
    there before, both in one line. `depth` counts layers from 1, the lowest. `way` is where a layer writes the thing.
    """

    done: Done
    kind: str
    name: str
    key: str
    layer: Layer
    depth: int
    way: tuple[str, ...]
    was: str = ""
    equal: bool = False
    """Nothing is different: the value was there already, or only a date of review is new."""

    @property
    def value(self) -> str:
        """The value that was changed, in words: `tilt_from`, `G1.cap_move`."""
        return f"{self.name}.{self.key}".strip(".")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named threshold. `name` is the full name; `layers` runs from the base to the winner."""

    name: str
    value: Literal
    unit: str
    grade: str
    because: str
    source: str = ""
    review_by: str = ""
    layers: tuple[Layer, ...] = ()
    span: Span | None = field(default=None, compare=False)

    @property
    def is_changed(self) -> bool:
        """Whether a layer wrote another value over the first one."""
        return any(layer.value for layer in self.layers[1:])


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight, and every layer that wrote it."""

    value: float
    grade: str = "J"
    because: str = ""
    layers: tuple[Layer, ...] = ()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Signal:
    """A named condition; `name` is the full name (`indicator.id`, or the bare id in the policy set)."""

    name: str
    when: Condition
    says: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Case:
    """One line of a decision list. `name` is `indicator.evidence.id`; without an id `indicator.evidence.1`, counted from the top."""

    name: str
    when: Condition
    outcome: float
    cap: float | None = None
    floor: float | None = None
    grade: str = ""
    because: str = ""
    span: Span | None = field(default=None, compare=False)

    @cached_property
    def key(self) -> str:
        """What its truth is called among those of all rules."""
        return f"{Kind.CASE}:{self.name}"

    @cached_property
    def says(self) -> Outcome:
        """What the evidence says where this case decides."""
        return Outcome(self.outcome, self.cap, self.floor)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One weighted test: a decision list. `exhaustive` where bands cover every number, so that one of the cases always holds."""

    name: str
    title: str
    weight: Weight
    grade: str
    cases: tuple[Case, ...]
    code: str = ""
    primary: bool = False
    how_fast: bool = False
    """Says how urgent it is, and not only whether haste would help."""
    exhaustive: bool = False
    because: str = ""
    span: Span | None = field(default=None, compare=False)

    @property
    def indicator(self) -> str:
        return self.name.split(".", 1)[0]


class Role(StrEnum):
    """Whether an indicator says which way, or how fast."""

    DIRECTION = "direction"
    URGENCY = "urgency"


@dataclass(frozen=True, slots=True)
class Quality:
    """A factor 0..1 for how well the field of an indicator is filled."""

    fact: str
    if_missing: float | None


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do. `side` is one of the two sides, or `joint`; `indicator` is empty for the policy set's own, `name` without an id."""

    do: str
    side: str
    phase: str
    indicator: str = ""
    when: Condition | None = None
    watch: str = ""
    tags: tuple[str, ...] = ()
    name: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One reason to rebalance: its evidence, and what to do when it speaks."""

    name: str
    number: int
    title: str
    short: str
    version: str
    question: str
    role: Role
    weight: Weight
    evidence: tuple[Evidence, ...]
    in_score: bool = True
    quality: Quality | None = None
    actions: tuple[Action, ...] = ()
    source: str = ""
    span: Span | None = field(default=None, compare=False)

    @property
    def total_weight(self) -> float:
        return sum(item.weight.value for item in self.evidence)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Changes the weight of one evidence item, so that two indicators do not count one number twice."""

    name: str
    when: Condition
    evidence: str
    by: Operand
    because: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Band:
    """A range of the score and the move it stands for, in points towards the plus side; `below` is None for the last."""

    name: str
    title: str
    below: Operand | None
    move_low: float
    move_high: float
    note: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a gate does to the recommendation. `cap_move` is a number, or the name of a fact."""

    cap_move: Operand | str | None = None
    forbid: tuple[str, ...] = ()
    withdraws_verdict: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """What stops or caps a move."""

    name: str
    title: str
    when: Condition
    effect: Effect
    if_unknown: Effect = field(default_factory=Effect)
    first: str = ""
    grade: str = "J"
    because: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """Something to be said of a combination; changes nothing but the plan."""

    name: str
    when: Condition
    says: str
    first: str = ""
    drop_actions: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the plan."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Share:
    """The share of the budget that a move is taken from, for display: the fact, and what it is the share of."""

    fact: str
    of: str


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file whose text is parsed only where it is needed. `name` is what messages call it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Everything that turns the facts of one company into an answer."""

    name: str
    title: str
    version: str
    question: str
    currency: str
    plus: str
    minus: str
    budget: str
    catalogue: Catalogue
    parameters: Mapping[str, Parameter]
    indicators: tuple[Indicator, ...]
    bands: tuple[Band, ...]
    signals: tuple[Signal, ...]
    """In an order in which each comes after those it reads."""
    adjustments: tuple[Adjustment, ...]
    gates: tuple[Gate, ...]
    readings: tuple[Reading, ...]
    phases: tuple[Phase, ...]
    actions: tuple[Action, ...]
    roll_back: tuple[str, ...]
    required_coverage: Operand
    assessed_at: Operand
    supports_at: Operand
    share: Share | None = None
    reasons: tuple[TextFile, ...] = ()
    """The taxonomy of reasons: that of the set, and what a layer adds to it."""
    layers: tuple[Layer, ...] = ()
    """The policy set and those it extends, from the base; `value` is the version."""
    changed: int = 0
    """How many values the layers above the base changed."""
    changes: tuple[Change, ...] = field(default=(), compare=False)
    """What the layers did, the lowest first."""
    removed: Mapping[str, Layer] = field(default_factory=dict, compare=False)
    """The names of what layers took out, and which did."""
    single: bool = False
    """Made from one indicator file: no bands, no verdict."""
    span: Span | None = field(default=None, compare=False)
    worked_out: dict[Callable[[PolicySet], Any], Any] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """What `once` remembers; a changed copy begins with none of it."""

    @property
    def evidence(self) -> Iterator[Evidence]:
        return (item for indicator in self.indicators for item in indicator.evidence)

    def indicator(self, name: str) -> Indicator:
        return next(i for i in self.indicators if i.name == name)


T = TypeVar("T")


def once(work: Callable[[PolicySet], T]) -> Callable[[PolicySet], T]:
    """Has what follows from a policy set alone worked out the first time it is asked for, and then serve every company."""

    @wraps(work)
    def remembered(policy: PolicySet) -> T:
        if work not in policy.worked_out:
            policy.worked_out[work] = work(policy)
        found: T = policy.worked_out[work]
        return found

    return remembered


def band_condition(fact: str, lower: tuple[Operand, bool] | None, upper: tuple[Operand, bool] | None) -> Condition:
    """The condition of one band: above the end of the band before it, up to its own end; an end is (threshold, belongs to the band).

    The lower end belongs to this band exactly when it did not belong to the one before.
    """
    tests: list[Condition] = []
    if lower is not None:
        operator = Operator.ABOVE if lower[1] else Operator.AT_LEAST
        tests.append(FactTest(fact, operator, (lower[0],), span=lower[0].span))
    if upper is not None:
        operator = Operator.AT_MOST if upper[1] else Operator.BELOW
        tests.append(FactTest(fact, operator, (upper[0],), span=upper[0].span))
    return tests[0] if len(tests) == 1 else All(tuple(tests))


def taken_out(removed: Mapping[str, Layer], *names: str) -> str:
    """A hint where a layer took out what one of the names stands for, or the thing that it belonged to; empty where none did."""
    for owner, layer in removed.items():
        if any(f"{name}.".startswith((f"{owner}.", f"indicator.{owner}.")) for name in names):
            place = f" ({layer.span.file}:{layer.span.line})" if layer.span else ""
            return f"`{layer.name}` removes `{owner}`{place}: change this as well, or keep that"
    return ""

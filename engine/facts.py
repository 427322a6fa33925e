"""Facts: what the catalogue says a fact is, and what is known of it for one company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from .computation import Computation
from .diagnostics import Span
from .members import quick


@quick
class FactType(StrEnum):
    """What kind of value a fact has; see docs/language.md, section 4."""

    NUMBER = "number"
    COUNT = "count"
    RATE = "rate"
    PP = "pp"
    MONEY = "money"
    DURATION = "duration"
    CATEGORY = "category"
    BOOLEAN = "boolean"
    DATE = "date"
    SERIES = "series"

    @property
    def is_numeric(self) -> bool:
        return self not in (FactType.CATEGORY, FactType.BOOLEAN, FactType.DATE, FactType.SERIES)

    @property
    def is_ordered(self) -> bool:
        """Whether `below` and its like may stand on it."""
        return self.is_numeric or self is FactType.DATE


MONEY = "money"
"""What a unit has in place of a currency: that of the policy set."""
RawValue: TypeAlias = float | str | bool | date | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """One entry of the catalogue. `unit` is the text shown; `formula` its source text, parsed by `formula.parse`."""

    name: str
    type: FactType
    title: str
    unit: str = ""
    meaning: str = ""
    source: str = ""
    ask: str = ""
    who: str = ""
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    sampled: bool = False
    core: bool = False
    future: bool = False
    stale_after: int | None = None
    formula: str = ""
    zero_divisor_infinite: bool = False
    computed: tuple[Computation, ...] = field(default=(), repr=False)
    """How it comes from a client's exports; the first way that gives an answer counts."""
    late: bool = False
    """Concluded by the engine (score, move, indicators) or computed from such a fact: not for evidence."""
    span: Span | None = field(default=None, compare=False)
    formula_span: Span | None = field(default=None, compare=False)

    @property
    def is_derived(self) -> bool:
        return bool(self.formula)

    @property
    def is_money(self) -> bool:
        """Whether its numbers are amounts in a currency: those of type money, and others by a unit such as `money/month`."""
        return self.type is FactType.MONEY or self.unit.partition("/")[0] == MONEY

    @property
    def per(self) -> str:
        """Of money, what it is counted by, as it follows the currency: `/year`; empty for a plain amount."""
        return self.unit.removeprefix(MONEY)


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known of one fact: a value and, for numbers, the interval [low, high] it may lie in.

    `interval_known` is false where a sampled fact came as a bare number: its interval exists and nobody told it.
    Dates are compared as day numbers; rates are 0..1; money is in the currency of the policy set.
    """

    value: RawValue
    low: float | None = None
    high: float | None = None
    interval_known: bool = True
    ranged: bool = False
    """Nobody told one value, only that it lies in [low, high]; `value` is then the middle. Without ends nothing is known of it."""
    successes: int | None = None
    trials: int | None = None
    source: str = ""
    as_of: date | None = None
    by: str = ""
    note: str = ""
    proxy: bool = False
    stated: str = ""
    """An amount as it was written, where it was converted from another currency: `42,000 EUR/year`."""
    rate: float = field(default=1.0, compare=False)
    """What it was multiplied by, its interval as well; 1 where nothing was converted, or not all of it from one currency."""
    origin: Origin = field(default_factory=lambda: Origin.STATED)
    inputs: tuple[str, ...] = ()
    """Names of the facts that a formula used."""
    span: Span | None = field(default=None, compare=False)

    @property
    def number(self) -> float:
        """The value as compared: a number, or the day number of a date."""
        if isinstance(self.value, date):
            return float(self.value.toordinal())
        if isinstance(self.value, (int, float)) and not isinstance(self.value, bool):
            return float(self.value)
        raise TypeError(f"not a number: {self.value!r}")

    @property
    def has_interval(self) -> bool:
        return self.low is not None and self.high is not None

    @property
    def interval(self) -> tuple[float, float] | None:
        """[low, high]; [v, v] for an exact number; None where it exists and is not known."""
        if self.low is not None and self.high is not None:
            return (self.low, self.high)
        return (self.number, self.number) if self.interval_known else None


@quick
class Origin(StrEnum):
    """Where an observation came from."""

    STATED = "stated"
    COMPUTED = "computed"
    """From the client's exports, by the definition in the catalogue."""
    DERIVED = "derived"
    CONCLUDED = "concluded"
    SET = "set on the command line"


Catalogue: TypeAlias = Mapping[str, FactDefinition]
Facts: TypeAlias = Mapping[str, Observation]

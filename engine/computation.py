"""How a fact is computed from a client's exports, as the catalogue says it: docs/language.md, section 4."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from .diagnostics import Span


class Method(StrEnum):
    """What is done with the rows of a table."""

    MONTHLY = "monthly"
    COHORT = "cohort"
    SHARE = "share"
    MEDIAN = "median"
    TOTAL = "total"
    RATIO = "ratio"
    GROWTH = "growth"
    DIFFERENCE = "difference"
    NET_PROMOTERS = "net-promoters"
    SEASON = "season"
    MIX_SHIFT = "mix-shift"
    DATE_ORDER = "date-order"
    SHORTFALL = "shortfall"
    COVERED = "covered"
    SQL = "sql"


class Give(StrEnum):
    """What of a method's result is the fact."""

    SERIES = "series"
    MEAN = "mean"
    VARIATION = "variation"
    TREND = "trend"
    CHANGE = "change"
    RATE = "rate"
    USUAL = "usual"
    DIRECTION = "direction"
    VALUE = "value"


class Presence(StrEnum):
    """Whether a column has a value, asked instead of which."""

    KNOWN = "known"
    MISSING = "missing"


Wanted: TypeAlias = str | float | bool | Presence


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows in which a column has one of these values."""

    column: str
    wanted: tuple[Wanted, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Series:
    """An amount a month: rows counted by a date, or columns added up. No `value` counts the rows."""

    of: str
    by: str
    value: tuple[str, ...] = ()
    where: tuple[Filter, ...] = ()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a funnel: the fact that is its rate, and the one that is its earlier level."""

    name: str
    rate: str
    reference: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Computation:
    """One way to compute a fact; what is not for its method is empty. `months` is 0 where nothing is said."""

    method: Method
    give: Give
    of: str = ""
    where: tuple[Filter, ...] = ()
    having: tuple[Filter, ...] = ()
    by: str = ""
    start: str = ""
    end: str = ""
    since: str = ""
    value: tuple[str, ...] = ()
    distinct: str = ""
    per: Series | None = None
    months: int = 0
    back: int = 0
    least: int = 0
    group: tuple[Filter, ...] = ()
    within: tuple[str, ...] = ()
    requires: tuple[Filter, ...] = ()
    segments: tuple[str, ...] = ()
    shift_by: str = ""
    dates: tuple[tuple[str, tuple[str, ...]], ...] = ()
    stages: tuple[Stage, ...] = ()
    sql: str = ""
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Columns as `table.column` without which the SQL means nothing."""
    otherwise: str = ""
    note: str = ""
    proxy: bool = False
    keys: tuple[str, ...] = field(default=(), compare=False)
    """As written, for the check of what a method takes."""
    span: Span | None = field(default=None, compare=False)

    @property
    def filters(self) -> tuple[Filter, ...]:
        return (*self.where, *self.having, *self.group, *self.requires)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that it reads."""
        stages = (name for stage in self.stages for name in (stage.rate, stage.reference))
        return (*((self.shift_by,) if self.shift_by else ()), *self.reads, *stages)

    @property
    def series(self) -> Series:
        """The amount a month that it speaks of."""
        return Series(self.of, self.by, self.value, self.where, self.span)

    def columns(self) -> Iterator[tuple[str, str]]:
        """Every column that it reads, with its table; those of `segments` and `within` are used only where they are there."""
        own = (self.by, self.start, self.end, *self.value, self.distinct, *(f.column for f in self.filters))
        yield from ((self.of, name) for name in own if name and self.of)
        if self.per is not None:
            other = (self.per.by, *self.per.value, *(f.column for f in self.per.where))
            yield from ((self.per.of, name) for name in other)
        for name in self.needs:
            table, _, column = name.partition(".")
            yield table, column


@dataclass(frozen=True, slots=True)
class Rule:
    """What a method takes and gives: keys that it needs and may have, and the first of `gives` where `give:` says nothing."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    gives: tuple[Give, ...] = (Give.VALUE,)


ANY = ("method", "note", "proxy")
_PERIOD = ("months", "back")
RULES = {
    Method.MONTHLY: Rule(
        ("of", "by"), ("where", "value", "months"), (Give.SERIES, Give.MEAN, Give.VARIATION, Give.TREND)
    ),
    Method.COHORT: Rule(
        ("of", "from", "to"),
        ("where", "since", "least", "segments", *_PERIOD),
        (Give.RATE, Give.TREND, Give.CHANGE, Give.USUAL),
    ),
    Method.SHARE: Rule(
        ("of", "having"),
        ("where", "by", "least", "requires", "segments", *_PERIOD),
        (Give.RATE, Give.TREND, Give.CHANGE, Give.DIRECTION),
    ),
    Method.MEDIAN: Rule(
        ("of",), ("where", "value", "from", "to", "by", "months", "within", "least"), (Give.VALUE, Give.CHANGE)
    ),
    Method.TOTAL: Rule(("of",), ("where", "value", "distinct", "by", "months")),
    Method.RATIO: Rule(("of", "by", "value", "per"), ("where", "months")),
    Method.GROWTH: Rule(("of", "by"), ("where", "value", "per", "months", "shift_by")),
    Method.DIFFERENCE: Rule(("of", "having", "group"), ("where", "by", "months", "within", "requires")),
    Method.NET_PROMOTERS: Rule(("of", "value"), ("where", "by", "months")),
    Method.SEASON: Rule(("of", "by"), ("where", "value")),
    Method.MIX_SHIFT: Rule(("of", "by", "value"), ("where", "months")),
    Method.DATE_ORDER: Rule(("dates",)),
    Method.SHORTFALL: Rule(("stages",)),
    Method.COVERED: Rule(()),
    Method.SQL: Rule(("sql",), ("reads", "needs", "otherwise", "least")),
}

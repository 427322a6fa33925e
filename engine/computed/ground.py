"""What facts are computed on: the tables with what follows from them, a day, and the time that a row is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from ..computation import Series
from ..exports.canonical import Kind
from ..exports.duck import Row
from ..exports.tables import Tables
from ..facts import Facts
from ..relations import COLUMNS
from ..statistics.month import Month
from ..statistics.proportion import Share
from .derived_tables import relation
from .filters import met
from .period import Covered, covered

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Window:
    """T, the days a row is given to reach its goal, and where it comes from in words."""

    days: int
    told: str


@dataclass(frozen=True, slots=True)
class Ground:
    """The tables of one company on one day. `filled` counts the values of each column; `facts` are those known so far."""

    tables: Tables
    as_of: date
    window: Window
    filled: Mapping[tuple[str, str], int]
    facts: Facts = field(default_factory=dict)
    remembered: dict[tuple[str, ...], Any] = field(default_factory=dict, repr=False, compare=False)
    """What was counted once serves every fact that asks for the same."""

    def with_facts(self, facts: Facts) -> Ground:
        return replace(self, facts=facts)

    def rows(self, sql: str) -> list[Row]:
        """The rows of a query; several facts ask the same ones."""
        found: list[Row] = self._once(("rows", sql), lambda: self.tables.query(sql))
        return found

    def row(self, sql: str) -> Row:
        """The first row of a query that always has one."""
        return self.rows(sql)[0]

    def money_unit(self, amounts: Series) -> str:
        """` EUR`, where what is added up or ordered is money; empty where it is not."""
        kinds = {COLUMNS[amounts.of][name].kind for name in amounts.value if name in COLUMNS[amounts.of]}
        return f" {self.tables.currency}" if Kind.MONEY in kinds and self.tables.currency else ""

    def has(self, table: str, *columns: str) -> bool:
        """Whether each of the columns has a value somewhere."""
        return all(self.filled.get((table, column), 0) for column in columns)

    def covers(self, table: str, column: str) -> Covered | None:
        """The days that the extract covers by one of its dates; None where it has none."""
        found: Covered | None = self._once(("covers", table, column), lambda: self._covers(table, column))
        return found

    def _once(self, key: tuple[str, ...], work: Callable[[], T]) -> T:
        if key not in self.remembered:
            self.remembered[key] = work()
        found: T = self.remembered[key]
        return found

    def _covers(self, table: str, column: str) -> Covered | None:
        source = relation(table)
        first, last, count = self.row(f'SELECT min("{column}"), max("{column}"), count("{column}") FROM {source}')
        if not count:
            return None
        if COLUMNS[table][column].kind is Kind.MONTH:
            end = min(self.as_of, Month.of(last).last)
            return Covered(Month.of(first).first, end, end)
        return covered(first.date(), min(last.date(), self.as_of), count, self.as_of)

    # --- counts by month ---------------------------------------------------------------------------------------

    def shares(self, table: str, by: str, where: str, success: str) -> dict[Month, Share]:
        """Successes among rows, by month; every month that is covered whole has an entry."""
        return self._once((table, by, where, success), lambda: self._shares(table, by, where, success))

    def _shares(self, table: str, by: str, where: str, success: str) -> dict[Month, Share]:
        found = self.rows(
            f'SELECT year("{by}"), month("{by}"), count(*) FILTER (WHERE {success}), count(*) '
            f'FROM {relation(table)} WHERE "{by}" IS NOT NULL AND ({where}) GROUP BY ALL'
        )
        shares = {Month(year, month): Share(successes, trials) for year, month, successes, trials in found}
        cover = self.covers(table, by)
        whole = cover.months() if cover else ()
        return {**{month: Share(0, 0) for month in whole}, **shares}

    def amounts(self, series: Series) -> dict[Month, float]:
        """An amount by whole month. Rows are counted where it names no value. A month without rows is 0, except in a table of months."""
        key = ("amounts", series.of, series.by, *series.value, met(series.of, series.where))
        return self._once(key, lambda: self._amounts(series))

    def _amounts(self, series: Series) -> dict[Month, float]:
        cover = self.covers(series.of, series.by)
        if cover is None:
            return {}
        whole = cover.months()
        source, by = relation(series.of), f'"{series.by}"'
        amount = " + ".join(f'coalesce("{name}", 0)' for name in series.value)
        known = " OR ".join(f'"{name}" IS NOT NULL' for name in series.value) or "TRUE"
        summed = f"sum({amount})" if amount else "count(*)"
        found = self.rows(
            f"SELECT year({by}), month({by}), {summed} FROM {source} "
            f"WHERE {by} IS NOT NULL AND ({known}) AND ({met(series.of, series.where)}) GROUP BY ALL"
        )
        amounts = {Month(year, month): float(value) for year, month, value in found}
        if COLUMNS[series.of][series.by].kind is Kind.MONTH:
            return {month: amounts[month] for month in whole if month in amounts}
        return {month: amounts.get(month, 0.0) for month in whole}


def within(by: str, months: Iterable[Month]) -> str:
    """That a date lies in one of some months in a row, as SQL; FALSE where there is none."""
    ordered = sorted(months)
    if not ordered:
        return "FALSE"
    end = ordered[-1].last + timedelta(days=1)
    return f"\"{by}\" >= DATE '{ordered[0].first}' AND \"{by}\" < DATE '{end}'"


def filled(tables: Tables, columns: Set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """How many values each of some columns has; under the name `""` the rows of its table."""
    found: dict[tuple[str, str], int] = {}
    for table in tables.present:
        names = [name for name in COLUMNS[table] if (table, name) in columns]
        counts = ", ".join(["count(*)", *(f'count("{name}")' for name in names)])
        row = tables.query(f"SELECT {counts} FROM {relation(table)}")[0]
        found |= {(table, name): count for name, count in zip(["", *names], row, strict=True)}
    return found

"""All facts that the exports give: `compute_facts`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from graphlib import TopologicalSorter
from math import isfinite
from types import MappingProxyType

from ..computation import Computation, Method
from ..diagnostics import Diagnostic
from ..exchange import Exchange
from ..exports.canonical import TABLES
from ..exports.tables import Extract, Tables
from ..facts import Catalogue, FactDefinition, Facts, FactType, Observation, Origin
from ..limits import limits
from ..policy import PolicySet
from ..relations import COLUMNS, COMES_FROM, OF_EVERY_ROW
from ..taxonomy import Taxonomy
from .amounts import median, promoters, total
from .answer import Answer, Computed, refused
from .coded_reasons import code_reasons
from .comparisons import date_order, difference, mix_shift, shortfall
from .derived_tables import derive
from .filters import needed
from .ground import Ground, Window, filled
from .origin import files_of
from .query import by_sql
from .rates import cohort, share
from .time_given import window
from .volumes import grown, monthly, ratio, season

_WORD = re.compile(r"[a-z_]+")
Work = Callable[[Ground, Computation], Answer]
_WORK: Mapping[Method, Work] = {
    Method.MONTHLY: monthly,
    Method.COHORT: cohort,
    Method.SHARE: share,
    Method.TOTAL: total,
    Method.RATIO: ratio,
    Method.GROWTH: grown,
    Method.DIFFERENCE: difference,
    Method.NET_PROMOTERS: promoters,
    Method.SEASON: season,
    Method.MIX_SHIFT: mix_shift,
    Method.DATE_ORDER: date_order,
    Method.SHORTFALL: shortfall,
    Method.SQL: by_sql,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the exports of a company say on a day: every fact with a definition, in the order of the catalogue."""

    as_of: date
    computed: tuple[Computed, ...]
    window: Window
    extracts: tuple[Extract, ...]
    findings: tuple[Diagnostic, ...]
    filled: Mapping[tuple[str, str], int]
    ground: Ground

    def of(self, fact: str) -> Computed | None:
        """What was computed of one fact; None where it has no definition."""
        return next((one for one in self.computed if one.fact == fact), None)

    @property
    def facts(self) -> Facts:
        """The facts that have a value."""
        return {one.fact: one.observation for one in self.computed if one.observation is not None}


def compute_facts(
    tables: Tables,
    policy: PolicySet,
    taxonomy: Taxonomy,
    exchange: Exchange,
    as_of: date,
    stated: Facts = MappingProxyType({}),
) -> Sheet:
    """Every fact of the catalogue that has a definition, from tables as they were known on `as_of`.

    `stated` facts count before computed ones where another fact needs them. Nothing that the data hold raises: what cannot be
    computed has a reason. The tables must not be used for another day while the sheet is.
    """
    code_reasons(tables, taxonomy)
    columns = _columns(policy.catalogue)
    derive(tables, as_of, columns)
    ground = Ground(tables, as_of, window(tables), filled(tables, columns))
    known = dict(stated)
    found: dict[str, Computed] = {}
    for name in _in_order(policy.catalogue):
        computed = _fact(ground.with_facts(known), policy.catalogue[name], exchange)
        found[name] = replace(computed, stated=stated.get(name))
        if computed.observation is not None:
            known.setdefault(name, computed.observation)
    ordered = tuple(found[name] for name in policy.catalogue if name in found)
    return Sheet(
        as_of,
        ordered,
        ground.window,
        tables.extracts,
        tables.findings,
        ground.filled,
        ground.with_facts(known),
    )


def _columns(catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    """Every column that any computation may read: SQL those whose names it holds."""
    found = {(table, name) for table, names in OF_EVERY_ROW.items() for name in names}
    for computation in (c for definition in catalogue.values() for c in definition.computed):
        found |= set(computation.columns())
        found |= {(table, name) for table, names in computation.dates for name in names}
        beside = (*computation.segments, *computation.within, computation.since)
        found |= {(computation.of, name) for name in beside if name}
        words = set(_WORD.findall(computation.sql))
        found |= {(table, name) for table, names in COLUMNS.items() for name in names if name in words}
    return frozenset(found)


def _in_order(catalogue: Catalogue) -> Iterator[str]:
    """The facts with a definition, each after those that it reads."""
    readers = {
        d.name: tuple(dict.fromkeys(name for c in d.computed for name in c.facts))
        for d in catalogue.values()
        if d.computed
    }
    return (name for name in TopologicalSorter(readers).static_order() if name in readers)


def _fact(ground: Ground, definition: FactDefinition, exchange: Exchange) -> Computed:
    """The first way that gives a value; where none does, the way that came furthest."""
    tried = []
    for computation in definition.computed:
        found = _one(ground, definition, computation, exchange)
        if found.observation is not None:
            return found
        tried.append((bool(_missing(ground, computation)), found))
    return min(tried, key=lambda entry: entry[0])[1]


def _one(ground: Ground, definition: FactDefinition, computation: Computation, exchange: Exchange) -> Computed:
    missing = _missing(ground, computation)
    answer = refused(missing) if missing else _worked_out(ground, definition, computation)
    files, rows = files_of(ground, computation)
    bare = Computed(definition.name, computation, answer, None, files, rows)
    if answer.value is None:
        return bare
    observation = _observation(definition, computation, answer, ", ".join(files), ground)
    converted = _in_currency(definition, observation, ground.tables.currency, exchange)
    if not isinstance(converted, Observation):
        reason, remedy = converted
        return replace(bare, answer=replace(refused(reason, answer), remedy=remedy))
    if problem := _impossible(definition, converted):
        return replace(bare, answer=refused(problem, answer))
    return replace(bare, observation=converted)


def _worked_out(ground: Ground, definition: FactDefinition, computation: Computation) -> Answer:
    if computation.method is Method.COVERED:
        return Answer(ground.as_of if ground.tables.covers is None else min(ground.as_of, ground.tables.covers))
    if computation.method is Method.MEDIAN:
        return median(ground, computation, definition.unit == "hours")
    return _WORK[computation.method](ground, computation)


def _missing(ground: Ground, computation: Computation) -> str:
    """What the exports do not give and the computation needs; empty where there is nothing."""
    asked = {one.column for one in computation.filters} - set(needed(computation.filters))
    for table, name in computation.columns():
        if not ground.has(table, name) and not (table == computation.of and name in asked):
            return _absent(ground, table, name)
    return ""


def _absent(ground: Ground, table: str, name: str) -> str:
    if table not in ground.tables.present:
        return f"there is no export of {TABLES[table].title} (table `{table}`)"
    if (table, name) in COMES_FROM:
        return f"the exports do not give {COMES_FROM[table, name]}"
    meaning = re.split(r";|, in `", COLUMNS[table][name].meaning)[0]
    return f"the exports do not give `{table}.{name}`: {meaning}"


# --- the observation -------------------------------------------------------------------------------------------


def _observation(
    definition: FactDefinition, computation: Computation, answer: Answer, source: str, ground: Ground
) -> Observation:
    value = answer.value
    assert value is not None
    counts = f"{answer.n:,} {answer.noun}" if answer.n is not None and answer.trials is None and answer.noun else ""
    said = (str(answer.period) if answer.period else "", counts, answer.remark, computation.note)
    return Observation(
        value=value,
        low=answer.low,
        high=answer.high,
        interval_known=answer.low is not None or not definition.sampled,
        successes=answer.successes,
        trials=answer.trials,
        source=source,
        as_of=answer.day or ground.as_of,
        note="; ".join(text for text in said if text),
        proxy=computation.proxy,
        origin=Origin.COMPUTED,
    )


def _in_currency(
    definition: FactDefinition, found: Observation, currency: str, exchange: Exchange
) -> Observation | tuple[str, str]:
    """Amounts of money, one or by month, in the currency of the policy set; or why that is not possible and what to do."""
    if not definition.is_money:
        return found
    factor = exchange.factor(currency, None)
    if not isinstance(factor, float):
        said = (factor.message, factor.hint) if isinstance(factor, Diagnostic) else None
        return said or ("the currency of the amounts is not known", "say it under `currency:` of company.yaml")
    if factor == 1.0:
        return found
    amounts = found.value if isinstance(found.value, tuple) else (found.number,)
    converted = tuple(amount * factor for amount in amounts)
    low, high = (None if end is None else end * factor for end in (found.low, found.high))
    stated = f"{amounts[-1]:,.0f} {currency or exchange.own}{definition.per}"
    value = converted if isinstance(found.value, tuple) else converted[0]
    return replace(found, value=value, low=low, high=high, stated=stated, rate=factor)


def _impossible(definition: FactDefinition, found: Observation) -> str:
    """Why a value cannot be; empty where it can."""
    if definition.type is FactType.CATEGORY and str(found.value) not in definition.values:
        return f"the definition gives `{found.value}`, which is none of {', '.join(definition.values)}"
    if not definition.type.is_numeric:
        return ""
    low, high = limits(definition)
    if not isfinite(found.number) or not low <= found.number <= high:
        return f"the exports give {found.number:,.6g}, which cannot be"
    return ""

"""`computed:` of the catalogue: what its method takes and gives, and the columns and facts that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from ..computation import ANY, RULES, Computation, Give, Method
from ..diagnostics import Diagnostic, did_you_mean
from ..exports.canonical import Kind
from ..facts import Catalogue, FactDefinition, FactType
from ..policy import PolicySet
from ..relations import COLUMNS

KEYS = "computed-key"
_CATEGORIES = (Give.TREND, Give.DIRECTION)
_TYPES = {
    Give.SERIES: (FactType.SERIES,),
    Give.RATE: (FactType.RATE,),
    Give.USUAL: (FactType.RATE,),
    Give.TREND: (FactType.CATEGORY,),
    Give.DIRECTION: (FactType.CATEGORY,),
}
_OF_METHOD = {
    Method.DIFFERENCE: (FactType.PP,),
    Method.SHORTFALL: (FactType.CATEGORY,),
    Method.COVERED: (FactType.DATE,),
    Method.DATE_ORDER: (FactType.RATE,),
}
_AMOUNTS = (FactType.NUMBER, FactType.COUNT, FactType.RATE, FactType.MONEY, FactType.DURATION)
_PARAMETERS = frozenset({"as_of", "this_month", "window"})
_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)")
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


def computations(policy: PolicySet) -> Iterator[Diagnostic]:
    """Everything that is wrong with the computations of a catalogue."""
    for definition in policy.catalogue.values():
        for computation in definition.computed:
            yield from _keys(computation)
            yield from _type(definition, computation)
            yield from _columns(computation)
            yield from _facts(computation, policy.catalogue)
            yield from _sql(computation)
        if definition.computed and definition.is_derived:
            message = f"`{definition.name}` has a formula and is computed from the exports"
            yield _problem(KEYS, message, definition.computed[0], "leave one of the two out")
    yield from _cycles(policy.catalogue)


def _problem(code: str, message: str, computation: Computation, hint: str) -> Diagnostic:
    return Diagnostic(code, message, computation.span, hint)


def _keys(computation: Computation) -> Iterator[Diagnostic]:
    method, rule = computation.method, RULES[computation.method]
    takes = (*rule.needs, *rule.may)
    may_give = ("give",) if len(rule.gives) > 1 else ()
    for key in computation.keys:
        if key not in (*ANY, *takes, *may_give):
            hint = f"delete it; `{method}` takes {', '.join((*takes, *may_give)) or 'nothing else'}"
            yield _problem(KEYS, f"`{key}` has no meaning for `method: {method}`", computation, hint)
    for key in rule.needs:
        if key not in computation.keys:
            yield _problem(KEYS, f"`method: {method}` needs `{key}`", computation, f"add a line `{key}:`")
    if computation.give not in rule.gives:
        hint = f"it can give {', '.join(rule.gives)}"
        yield _problem(KEYS, f"`method: {method}` cannot give `{computation.give}`", computation, hint)
    yield from _together(computation)


def _together(computation: Computation) -> Iterator[Diagnostic]:
    """Keys that mean something only beside another."""
    if computation.method is Method.MEDIAN and bool(computation.value) == bool(computation.start and computation.end):
        hint = "give one of the two: `value: amount`, or `from: created` with `to: closed`"
        yield _problem(KEYS, "a median is of a `value`, or of the time `from` one date `to` another", computation, hint)
    if computation.proxy and not computation.note:
        yield _problem(KEYS, "a stand-in does not say how it differs", computation, "add a `note:` that says it")
    if computation.give not in RULES[computation.method].gives:
        return
    timed = computation.give is not Give.RATE if computation.method is Method.SHARE else computation.give is Give.CHANGE
    if (
        (timed or computation.months or computation.back)
        and "by" in RULES[computation.method].may
        and not computation.by
    ):
        hint = "add `by:` with the date by which rows belong to a month"
        yield _problem(KEYS, "months are asked for, and nothing says to which month a row belongs", computation, hint)


def _type(definition: FactDefinition, computation: Computation) -> Iterator[Diagnostic]:
    wanted: tuple[FactType, ...] = _OF_METHOD.get(computation.method) or _TYPES.get(computation.give) or _AMOUNTS
    if computation.method is Method.SQL:
        wanted = (*_AMOUNTS, FactType.PP)
    if definition.type not in wanted:
        message = (
            f"`{definition.name}` is of type `{definition.type}`, which `method: {computation.method}` does not give"
        )
        hint = f"it gives {' or '.join(wanted)}" + (
            " with this `give`" if len(RULES[computation.method].gives) > 1 else ""
        )
        yield _problem("computed-type", message, computation, hint)


# --- columns and facts -----------------------------------------------------------------------------------------


def _columns(computation: Computation) -> Iterator[Diagnostic]:
    optional = [(computation.of, name) for name in (*computation.segments, *computation.within) if computation.of]
    ordered = [(table, name) for table, names in computation.dates for name in names]
    since = [(computation.of, computation.since)] if computation.since else []
    named = dict.fromkeys((*computation.columns(), *optional, *ordered, *since))
    for table, name in named:
        if table not in COLUMNS:
            hint = did_you_mean(table, COLUMNS) or f"tables: {', '.join(COLUMNS)}"
            yield _problem("computed-column", f"there is no table `{table}`", computation, hint)
        elif name not in COLUMNS[table]:
            hint = did_you_mean(name, COLUMNS[table]) or f"columns of {table}: {', '.join(COLUMNS[table])}"
            yield _problem("computed-column", f"table `{table}` has no column `{name}`", computation, hint)
    yield from _kinds(computation)


def _kinds(computation: Computation) -> Iterator[Diagnostic]:
    """Dates are dates, and amounts are numbers."""
    dates = [(computation.of, n) for n in (computation.by, computation.start, computation.end, computation.since)]
    dates += [(table, name) for table, names in computation.dates for name in names]
    amounts = [(computation.of, n) for n in computation.value if computation.method is not Method.MIX_SHIFT]
    if computation.per is not None:
        dates.append((computation.per.of, computation.per.by))
        amounts += [(computation.per.of, name) for name in computation.per.value]
    for what, kinds, named in (
        ("date", (Kind.INSTANT, Kind.MONTH), dates),
        ("number", (Kind.NUMBER, Kind.MONEY, Kind.COUNT), amounts),
    ):
        for table, name in named:
            column = COLUMNS[table].get(name) if table in COLUMNS else None
            if column is not None and column.kind not in kinds:
                hint = f"name a column that is a {what}"
                yield _problem("computed-column", f"`{table}.{name}` is no {what}", computation, hint)


def _facts(computation: Computation, catalogue: Catalogue) -> Iterator[Diagnostic]:
    for name in computation.facts:
        if name not in catalogue:
            hint = did_you_mean(name, catalogue) or "name a fact of the catalogue"
            yield _problem("computed-fact", f"there is no fact `{name}`", computation, hint)
    if computation.shift_by in catalogue and catalogue[computation.shift_by].unit != "days":
        hint = "name a duration in days"
        yield _problem("computed-fact", f"`{computation.shift_by}` is not in days", computation, hint)


def _cycles(catalogue: Catalogue) -> Iterator[Diagnostic]:
    readers = {
        d.name: tuple(dict.fromkeys(name for c in d.computed for name in c.facts))
        for d in catalogue.values()
        if d.computed
    }
    try:
        TopologicalSorter(readers).prepare()
    except CycleError as error:
        chain = error.args[1]
        message = f"these facts are computed from each other: {' -> '.join(f'`{name}`' for name in chain)}"
        yield _problem(
            "computed-fact", message, catalogue[chain[0]].computed[0], "compute one of them without the other"
        )


# --- SQL -------------------------------------------------------------------------------------------------------


def _sql(computation: Computation) -> Iterator[Diagnostic]:
    if computation.method is not Method.SQL:
        return
    first = _WORD.search(computation.sql)
    if first is None or first.group().lower() not in ("select", "with") or ";" in computation.sql:
        hint = "write one SELECT, without a semicolon"
        yield _problem("computed-sql", "the SQL is not one SELECT", computation, hint)
    known = {*_PARAMETERS, *(name.replace(".", "_") for name in computation.reads)}
    for name in dict.fromkeys(_PARAMETER.findall(computation.sql)):
        if name not in known:
            hint = f"there are {', '.join(f'${one}' for one in sorted(known))}; `reads:` adds facts"
            yield _problem("computed-sql", f"the SQL reads `${name}`, which there is not", computation, hint)

"""Loaded files as one canonical table: a view over them, with what a system calls otherwise worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .canonical import Column, Kind, Table
from .duck import literal
from .expressions import constant, default
from .loading import Loaded
from .numbers import DOLLARS, SYMBOLS

Stages = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Joined:
    """A lookup that is loaded, and the key of the rows that it is joined by."""

    loaded: Loaded
    key: str


@dataclass(frozen=True, slots=True)
class Assembly:
    """What a canonical table is made of. `stages`: the names of columns that hold the date of a stage, by stage."""

    table: Table
    parts: tuple[Loaded, ...]
    joined: tuple[Joined, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    stages: Stages = field(default_factory=dict)
    currency: str = ""
    factors: Mapping[str, float] = field(default_factory=dict)
    percent: bool = False

    def has(self, name: str) -> bool:
        """Whether a column, or an input, is given by anything."""
        files = (*self.parts, *(joined.loaded for joined in self.joined))
        return name in self.constants or any(loaded.has(name) for loaded in files)

    @property
    def present(self) -> frozenset[str]:
        """The columns that can have values."""
        found = {column.name for column in self.table.columns if self.has(column.name)}
        if self.has("is_won") or self.has("is_closed"):
            found.add("outcome")
        if "competitor" in found and self.table.name == "deals":
            found.add("competitor_known")
        if "rejected" in found:
            found.add("is_rejected")
        if self.stages:
            found |= {"stage", "entered"}
        return frozenset(found)


def name_of(table: Table) -> str:
    """The view of all records of a canonical table."""
    return f"all_{table.name}"


def view(assembly: Assembly) -> str:
    """The records of a canonical table as a query: its columns, `file`, `row`, and `latest` where records replace each other."""
    return " UNION ALL ".join(select for part in assembly.parts for select in _selects(assembly, part))


def by_month(assembly: Assembly) -> str:
    """The same with one record for each month: its amounts added up, the place of the first."""
    columns = ", ".join(
        "month" if column.name == "month" else f'sum("{column.name}") AS "{column.name}"'
        for column in assembly.table.columns
    )
    places = 'min(file) AS file, arg_min("row", (file, "row")) AS "row", max(latest) AS latest'
    return f"SELECT {columns}, {places} FROM ({view(assembly)}) GROUP BY month"


def _selects(assembly: Assembly, part: Loaded) -> Iterator[str]:
    if not assembly.stages:
        yield _select(assembly, part, {})
    for name, stage in assembly.stages.items():
        if not part.has(name):
            continue
        over = {"stage": literal(stage), "entered": f'{part.table}."{name}"'}
        yield f'{_select(assembly, part, over)} AND {part.table}."{name}" IS NOT NULL'


def _select(assembly: Assembly, part: Loaded, over: Mapping[str, str]) -> str:
    basic = {c.name: _basic(assembly, part, c) for c in (*assembly.table.columns, *assembly.table.inputs)}
    worked_out = {**basic, **_worked_out(assembly, part, basic), **over}
    columns = ", ".join(f'{worked_out[column.name]} AS "{column.name}"' for column in assembly.table.columns)
    latest = f'{part.table}."latest"' if part.has("latest") else "CAST(NULL AS TIMESTAMP)"
    joins = " ".join(
        f"LEFT JOIN (SELECT * FROM {one.loaded.table} WHERE left_out = 0) AS {one.loaded.table} "
        f"ON {part.table}.{one.key} = {one.loaded.table}.key"
        for one in assembly.joined
    )
    place = f'{literal(part.plan.prepared.name)} AS file, {part.row} AS "row", {latest} AS latest'
    return f"SELECT {columns}, {place} FROM {part.table} {joins} WHERE {part.table}.left_out = 0"


def _basic(assembly: Assembly, part: Loaded, column: Column) -> str:
    """The value that the file, a lookup or a constant gives, in this order."""
    given = [_value(assembly, part, column)] if part.has(column.name) else []
    given += [_value(assembly, one.loaded, column) for one in assembly.joined if one.loaded.has(column.name)]
    if column.name in assembly.constants:
        given.append(constant(column, assembly.constants[column.name]))
    if not given:
        return default(column)
    return f"coalesce({', '.join(given)})" if len(given) > 1 else given[0]


def _value(assembly: Assembly, loaded: Loaded, column: Column) -> str:
    name = f'{loaded.table}."{column.name}"'
    if column.kind is Kind.MONEY and assembly.factors:
        cases = " ".join(
            f"WHEN {literal(code)} THEN {name} * {factor!r}" for code, factor in sorted(assembly.factors.items())
        )
        return f"CASE {currency(assembly, loaded, column.name)} {cases} ELSE {name} END"
    if column.name == "probability" and assembly.percent:
        return f"{name} / 100"
    return name


def currency(assembly: Assembly, loaded: Loaded, money: str) -> str:
    """The currency of a column of amounts, row by row, as SQL: that of the row, that beside the amount, that of the file."""
    own = loaded.plan.sought.form.currency or assembly.currency
    parts = [f'upper({loaded.table}."currency")'] if loaded.has("currency") else []
    position = [f.column.name for f in loaded.plan.fields].index(money)
    if loaded.profile.numbers[money].currencies:
        parts.append(_code(f"{loaded.table}.money_{position}", own))
    return f"coalesce({', '.join([*parts, literal(own)])})"


def _code(token: str, own: str) -> str:
    """The code of a currency that stands beside an amount; `$` is the dollar that the file is in, if it is in one."""
    symbols = {**SYMBOLS, "$": own if own in DOLLARS else "$"}
    cases = " ".join(f"WHEN {literal(symbol)} THEN {literal(code)}" for symbol, code in symbols.items())
    return f"CASE {token} {cases} ELSE upper({token}) END"


def _worked_out(assembly: Assembly, part: Loaded, basic: Mapping[str, str]) -> dict[str, str]:
    if assembly.table.name == "deals":
        return _deals(assembly, part, basic)
    if assembly.table.name == "leads" and assembly.has("rejected"):
        rejected = f"({basic['rejected']} IS NOT NULL)"
        return {
            "is_rejected": f"coalesce({basic['is_rejected']}, {rejected})" if assembly.has("is_rejected") else rejected
        }
    return {}


def _deals(assembly: Assembly, part: Loaded, basic: Mapping[str, str]) -> dict[str, str]:
    outcome = basic["outcome"]
    if assembly.has("is_won") or assembly.has("is_closed"):
        won, closed = basic["is_won"], basic["is_closed"]
        flags = f"CASE WHEN {won} THEN 'won' WHEN {closed} THEN 'lost' WHEN NOT {closed} THEN 'open' END"
        outcome = f"coalesce({flags}, {outcome})"
    found = {
        "outcome": outcome,
        "closed": f"CASE WHEN {outcome} = 'open' THEN NULL ELSE {basic['closed']} END",
        "due": f"CASE WHEN {outcome} IN ('won', 'lost') THEN NULL ELSE {basic['due']} END",
    }
    if part.has("amount"):
        found["currency"] = currency(assembly, part, "amount")
    elif assembly.has("amount"):
        found["currency"] = literal(assembly.currency)
    if assembly.has("competitor"):
        files = (part, *(joined.loaded for joined in assembly.joined))
        said = [f"coalesce({one.table}.competitor_said, false)" for one in files if one.has("competitor")]
        known = f"({' OR '.join(said or ['true'])})"
        stated = basic["competitor_known"]
        found["competitor_known"] = f"coalesce({stated}, {known})" if assembly.has("competitor_known") else known
    return found

"""One file into a table of the database: typed, in the order of its rows, with a mark on every row and value that is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count

from ..diagnostics import Span
from . import expressions
from .canonical import Kind
from .dates import Shape
from .duck import Database, Progress, QueryError, literal
from .encodings import lines
from .prepared import Prepared, Sought
from .profile import DATES, NUMBERS, Profile, profile
from .scan import Field, relation, rows_of, shapes

SAMPLE = 20_000
"""So many records show how the values are written; what they leave open all of the records are asked for."""
_ROUNDS = 4
BLANK, WITHOUT_ID, IGNORED, OTHERS = 1, 2, 3, 4
"""Why a row is left out: the column `left_out`, 0 for a row that is used."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows are left out where a column has one of these values, or where it has none of them."""

    field: Field
    values: tuple[str, ...]
    keep: bool


@dataclass(frozen=True, slots=True)
class Key:
    """The text by which rows are joined, and what its spellings are corrected to."""

    name: str
    index: int
    header: str
    repair: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is read from one file."""

    prepared: Prepared
    sought: Sought
    place: Span
    fields: tuple[Field, ...]
    filters: tuple[Filter, ...] = ()
    keys: tuple[Key, ...] = ()
    identified: bool = False

    @property
    def indexes(self) -> tuple[int, ...]:
        used = [*self.fields, *(one.field for one in self.filters)]
        return (*(field.index for field in used), *(key.index for key in self.keys))

    @property
    def source(self) -> str:
        return relation(self.prepared, self.indexes, self.sought.form.missing)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file in the database: `table` has a column for each field, for each key, `bad` and `left_out`.

    Bit k of `bad` says that field k has a text which is not what it should be.
    """

    table: str
    plan: Plan
    profile: Profile

    @property
    def row(self) -> str:
        """The row of a record in its file, as SQL over the table."""
        return (
            f'{self.table}."row"' if self.plan.prepared.numbered else f"{self.table}.rowid + {self.plan.prepared.first}"
        )

    def has(self, name: str) -> bool:
        return any(field.column.name == name for field in self.plan.fields)


def load(database: Database, name: str, plan: Plan, progress: Progress | None) -> Loaded:
    """Read a file into the table `name`. Problems of its notations are in `Loaded.profile`.

    Raises QueryError where the database cannot read the file, or a line of it is not always a record.
    """
    # lines are counted while the database looks at a sample, which keeps one processor busy
    with ThreadPoolExecutor(1) as beside:
        expected = beside.submit(_expected, plan.prepared)
        return _load(database, name, plan, progress, expected)


def _load(database: Database, name: str, plan: Plan, progress: Progress | None, expected: Future[int | None]) -> Loaded:
    seen = _sampled(database, plan)
    found = _profile(database, plan, seen)
    if _undecided(found):
        everywhere = {f.column.name: f"SELECT {f.raw} AS v FROM {plan.source}" for f in _notations(plan)}
        seen = _merged(seen, shapes(database, everywhere))
        found = _profile(database, plan, seen)
    for turn in count():
        loaded = Loaded(name, plan, found)
        if found.problems:
            return loaded
        database.run(f"CREATE OR REPLACE TABLE {name} AS {_select(plan, found)}", progress=progress)
        if not turn:
            _compare(database, loaded, expected.result())
        rest = _unread(database, loaded)
        seen = _merged(seen, rest)
        found = _profile(database, plan, seen)
        if turn >= _ROUNDS or (found.formats, found.numbers) == (loaded.profile.formats, loaded.profile.numbers):
            return replace(loaded, profile=found)
    raise AssertionError


def _expected(prepared: Prepared) -> int | None:
    """How many records a file has whose records are its lines; None where they have numbers."""
    return None if prepared.numbered else lines(prepared.path) - prepared.skip


def _compare(database: Database, loaded: Loaded, expected: int | None) -> None:
    """Rows are counted by lines, so there must be as many. Raises QueryError."""
    [(count,)] = database.query(f"SELECT count(*) FROM {loaded.table}")
    if expected not in (None, count):
        raise QueryError("lines are not records")


def _notations(plan: Plan) -> tuple[Field, ...]:
    return tuple(field for field in plan.fields if field.column.kind in (*DATES, *NUMBERS))


def _sampled(database: Database, plan: Plan) -> dict[str, tuple[Shape, ...]]:
    """The shapes of the first records."""
    fields = _notations(plan)
    if not fields:
        return {}
    cells = ", ".join(dict.fromkeys(field.raw for field in fields))
    database.run(f"CREATE OR REPLACE TEMP TABLE sample AS SELECT {cells} FROM {plan.source} LIMIT {SAMPLE}")
    return shapes(database, {field.column.name: f"SELECT {field.raw} AS v FROM sample" for field in fields})


def _profile(database: Database, plan: Plan, seen: Mapping[str, Sequence[Shape]]) -> Profile:
    def rows(field: Field, texts: Sequence[str]) -> tuple[int, ...]:
        return rows_of(database, plan.prepared, field, texts)

    return profile(_notations(plan), seen, plan.sought, plan.prepared, plan.place, rows)


def _undecided(found: Profile) -> bool:
    return any(problem.code.startswith("ambiguous") for problem in found.problems)


def _merged(some: Mapping[str, Sequence[Shape]], others: Mapping[str, Sequence[Shape]]) -> dict[str, tuple[Shape, ...]]:
    """All shapes of both; of one that is in both, what says more."""
    merged = {}
    for name, first in some.items():
        by_text = {shape.text: shape for shape in first}
        for shape in others.get(name, ()):
            known = by_text.get(shape.text)
            by_text[shape.text] = _larger(known, shape) if known else shape
        merged[name] = tuple(by_text.values())
    return merged


def _larger(known: Shape, other: Shape) -> Shape:
    if (other.first or 0) > (known.first or 0):
        known = replace(known, first=other.first, first_sample=other.first_sample)
    if (other.second or 0) > (known.second or 0):
        known = replace(known, second=other.second, second_sample=other.second_sample)
    return known


def _unread(database: Database, loaded: Loaded) -> dict[str, tuple[Shape, ...]]:
    """The shapes of texts that were not read."""
    plan = loaded.plan
    [(bad,)] = database.query(f"SELECT coalesce(bit_or(bad), 0) FROM {loaded.table}")
    fields = [f for k, f in enumerate(plan.fields) if bad >> k & 1 and f.column.kind in (*DATES, *NUMBERS)]
    return shapes(database, {field.column.name: f"SELECT v FROM {unread(loaded, field)}" for field in fields})


def unread(loaded: Loaded, field: Field) -> str:
    """A relation of the texts `v` of a column that are not what they should be, in the order of the rows."""
    value = typed(field, loaded.profile)
    return f"(SELECT {field.raw} AS v FROM {loaded.plan.source} WHERE {field.raw} IS NOT NULL AND {value} IS NULL)"


# --- the statement ---------------------------------------------------------------------------------------------


def _select(plan: Plan, found: Profile) -> str:
    values = [f"{typed(field, found)} AS f{k}" for k, field in enumerate(plan.fields)]
    inner = f"SELECT *{''.join(', ' + value for value in values)} FROM {plan.source}"
    columns = [f'f{k} AS "{field.column.name}"' for k, field in enumerate(plan.fields)]
    columns += [f"{_key(key)} AS {key.name}" for key in plan.keys]
    columns += [f"{_known(field)} AS competitor_said" for field in plan.fields if field.column.name == "competitor"]
    columns += [
        f"{_currency(field, found)} AS money_{k}" for k, field in enumerate(plan.fields) if _is_marked(field, found)
    ]
    row = ['"row"'] if plan.prepared.numbered else []
    return (
        f"SELECT {', '.join([*row, *columns, f'{_bad(plan)} AS bad', f'{_left_out(plan)} AS left_out'])} FROM ({inner})"
    )


def typed(field: Field, found: Profile) -> str:
    """The value of a field as SQL."""
    raw, column, name = field.raw, field.column, field.column.name
    match column.kind:
        case Kind.INSTANT:
            return expressions.instant(raw, found.formats[name])
        case Kind.MONTH:
            return expressions.month(raw, found.formats[name])
        case Kind.NUMBER | Kind.MONEY:
            return expressions.number(raw, found.numbers[name], found.decimal)
        case Kind.COUNT:
            return expressions.count(raw, found.numbers[name], found.decimal)
        case Kind.FLAG:
            return expressions.flag(raw, field.words)
        case Kind.WORD:
            return expressions.word(raw, column, field.words)
        case Kind.TEXT:
            return (
                expressions.competitor(raw, field.words) if name == "competitor" else expressions.text(raw, field.words)
            )


def _bad(plan: Plan) -> str:
    """A bit for each field that has a text and no value."""
    marks = [
        f"CASE WHEN f{k} IS NULL AND {field.raw} IS NOT NULL THEN CAST({1 << k} AS BIGINT) ELSE 0 END"
        for k, field in enumerate(plan.fields)
        if field.column.kind is not Kind.TEXT
    ]
    return " + ".join(marks) if marks else "CAST(0 AS BIGINT)"


def _left_out(plan: Plan) -> str:
    filled = " AND ".join(f"{raw} IS NULL" for raw in dict.fromkeys(field.raw for field in plan.fields))
    cases = [f"WHEN {filled} THEN {BLANK}"]
    cases += [
        f"WHEN {'NOT ' if one.keep else ''}{expressions.one_of(one.field.raw, one.values)} THEN {OTHERS if one.keep else IGNORED}"
        for one in plan.filters
    ]
    if plan.identified:
        cases += [f"WHEN f{k} IS NULL THEN {WITHOUT_ID}" for k, f in enumerate(plan.fields) if f.column.name == "id"]
    return f"CAST(CASE {' '.join(cases)} ELSE 0 END AS UTINYINT)"


def _key(key: Key) -> str:
    raw = f"v{key.index}"
    if not key.repair:
        return raw
    cases = " ".join(f"WHEN {expressions.one_of(raw, [old])} THEN {literal(new)}" for old, new in key.repair.items())
    return f"CASE {cases} ELSE {raw} END"


def _known(field: Field) -> str:
    return f"{field.raw} IS NOT NULL"


def _is_marked(field: Field, found: Profile) -> bool:
    return field.column.kind is Kind.MONEY and bool(found.numbers[field.column.name].currencies)


def _currency(field: Field, found: Profile) -> str:
    return expressions.currency(field.raw, found.numbers[field.column.name])

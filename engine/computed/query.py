"""A fact by SQL of the catalogue: one SELECT over the canonical tables, read-only and within bounds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ..computation import Computation
from ..exports.canonical import TABLES
from ..exports.duck import Database, QueryError, literal
from ..relations import COLUMNS
from ..statistics.month import Month
from ..statistics.proportion import Share
from ..statistics.unknown import short_of
from .answer import Answer, refused
from .derived_tables import nothing, relation
from .ground import Ground

ANSWERS = ("successes", "trials", "value", "low", "high", "n")
SECONDS = 20
_TICKS = 10 * SECONDS
"""The database tells ten times a second how far it is."""
_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)")
_WITH = re.compile(r"\s*with\s+(?!recursive\b)", re.IGNORECASE)
_FUNCTIONS = frozenset({"unnest", "generate_series", "range"})


class _TooSlowError(Exception):
    """The query took longer than it may."""


def by_sql(ground: Ground, computation: Computation) -> Answer:
    """What the SQL gives: counts, or a value with what belongs to it."""
    for name in computation.reads:
        if name not in ground.facts:
            return refused(f"`{name}` is not known")
    sql = _filled_in(ground, computation)
    if problem := forbidden(ground.tables.database, sql):
        return refused(f"the SQL of the catalogue is not allowed: {problem}")
    try:
        row = _run(ground.tables.database, _over_relations(ground, sql))
    except _TooSlowError:
        return refused(f"the SQL of the catalogue takes longer than {SECONDS} seconds")
    except QueryError as error:
        return refused(f"the SQL of the catalogue fails: {error}")
    return _answer(ground, computation, row)


def _answer(ground: Ground, computation: Computation, row: dict[str, Any] | None) -> Answer:
    if row is None or (row.get("value") is None and not row.get("trials")):
        return refused(computation.otherwise or "there is nothing to count")
    if row.get("trials"):
        return _counted(ground, computation, int(row["successes"] or 0), int(row["trials"]))
    ends = [row.get("low"), row.get("high")]
    value, n = float(row["value"]), row.get("n")
    low, high = (None, None) if None in ends else (float(str(end)) for end in ends)
    if low is not None and high is not None and not low <= value <= high:
        low = high = None
    return Answer(value, "", low, high, n=None if n is None else int(n), noun="rows", day=ground.as_of)


def _counted(ground: Ground, computation: Computation, successes: int, trials: int) -> Answer:
    if not 0 <= successes <= trials:
        return refused(f"the SQL of the catalogue counts {successes} of {trials}")
    if trials < computation.least:
        return refused(short_of(trials, "case", computation.least))
    low, high = Share(successes, trials).interval()
    rate = successes / trials
    return Answer(rate, "", low, high, successes, trials, trials, "cases", day=ground.as_of)


def _filled_in(ground: Ground, computation: Computation) -> str:
    """The SQL with its parameters as literals."""
    next_month = Month.of(ground.as_of + timedelta(days=1)).first
    values = {
        "as_of": f"DATE '{ground.as_of}'",
        "this_month": f"DATE '{next_month}'",
        "window": str(ground.window.days),
        **{name.replace(".", "_"): f"{ground.facts[name].number!r}" for name in computation.reads},
    }
    return _PARAMETER.sub(lambda found: values.get(found[1], found[0]), computation.sql).strip()


def _over_relations(ground: Ground, sql: str) -> str:
    """The canonical names stand for the tables with their derived columns; a table that no export gives has no rows."""
    present = ground.tables.present
    own = [
        f"{name} AS NOT MATERIALIZED ({f'SELECT * FROM {relation(name)}' if name in present else _nothing(name)})"
        for name in TABLES
        if name not in present or relation(name) != name
    ]
    rest = _WITH.sub(", ", sql, count=1) if _WITH.match(sql) else f" {sql}"
    return f"WITH {', '.join(own)}{rest}"


def _nothing(table: str) -> str:
    """No rows, with the columns of a table."""
    columns = ", ".join(nothing(table, name) for name in COLUMNS[table])
    return f"SELECT {columns} WHERE FALSE"


def forbidden(database: Database, sql: str) -> str:
    """Why the SQL may not be run; empty where it may. It is one SELECT over the canonical tables and those that it defines."""
    [(told,)] = database.query(f"SELECT json_serialize_sql({literal(sql)})")
    parsed = json.loads(told)
    if parsed["error"]:
        return str(parsed.get("error_message", "it cannot be read")).partition("\n")[0]
    if len(parsed["statements"]) != 1:
        return "it is more than one statement"
    nodes = list(_nodes(parsed))
    own = {entry["key"] for node in nodes if "cte_map" in node for entry in node["cte_map"]["map"]}
    for node in nodes:
        if node.get("type") == "BASE_TABLE" and (node["schema_name"] or node["table_name"] not in {*TABLES, *own}):
            return f"it reads `{node['table_name']}`, which is no canonical table"
        if node.get("type") == "TABLE_FUNCTION" and node["function"]["function_name"] not in _FUNCTIONS:
            return f"it calls `{node['function']['function_name']}`"
        if node.get("type") == "RECURSIVE_CTE_NODE":
            return "it is recursive"
    return ""


def _nodes(part: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a parsed statement."""
    waiting = [part]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _run(database: Database, sql: str) -> dict[str, Any] | None:
    """The first row by the names of its columns; None where there is none."""
    ticks = iter(range(_TICKS))

    def tick(_: float) -> None:
        if next(ticks, None) is None:
            raise _TooSlowError

    database.run(f"CREATE OR REPLACE TEMP TABLE sql_answer AS SELECT * FROM ({sql}) LIMIT 2", progress=tick)
    names = database.columns("SELECT * FROM sql_answer")
    rows = database.query("SELECT * FROM sql_answer")
    if len(rows) > 1:
        raise QueryError("it gives more than one row")
    return {name.lower(): value for name, value in zip(names, rows[0], strict=True)} if rows else None

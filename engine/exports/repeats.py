"""Ids that stand in several rows of a canonical table."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Diagnostic
from .checks import Checked, counted, listed
from .counting import quoted
from .prepared import SAMPLES, problem, warning

_NONE = 'CREATE OR REPLACE TABLE repeated_{0} (file VARCHAR, "row" BIGINT)'


def repeats(checked: Checked, latest: bool) -> Iterator[Diagnostic]:
    """Ids that stand in several rows: the same row again is left out; rows that differ are an error, unless one is the `latest`.

    Afterwards the table `repeated_<name>` holds the places of the rows that are left out.
    """
    view, name = checked.view, checked.assembly.table.name
    [(rows, ids)] = checked.database.query(f"SELECT count(id), count(DISTINCT id) FROM {view}")
    if rows == ids:
        checked.database.run(_NONE.format(name))
        return
    columns = [f'"{column.name}"' for column in checked.assembly.table.columns]
    checked.database.run(
        f"CREATE OR REPLACE TABLE several_{name} AS SELECT r.*, dense_rank() OVER (PARTITION BY id ORDER BY latest DESC) AS age, "
        f"hash({', '.join(columns)}) AS content FROM {view} AS r "
        f"WHERE id IN (SELECT id FROM {view} GROUP BY id HAVING count(*) > 1)"
    )
    if not latest:
        checked.database.run(f"UPDATE several_{name} SET age = 1")
    checked.database.run(
        f'CREATE OR REPLACE TABLE repeated_{name} AS SELECT file, "row", age, differs FROM (SELECT file, "row", age, '
        "count(DISTINCT content) FILTER (WHERE age = 1) OVER (PARTITION BY id) > 1 AS differs, "
        'row_number() OVER (PARTITION BY id ORDER BY age, file, "row") AS place '
        f"FROM several_{name}) WHERE place > 1"
    )
    yield from _repeated(checked, latest)


def _repeated(checked: Checked, latest: bool) -> Iterator[Diagnostic]:
    name = checked.assembly.table.name
    [(differing,)] = checked.database.query(
        f"SELECT count(DISTINCT id) FROM several_{name} WHERE {_DIFFERS.format(name)}"
    )
    if differing:
        yield _differing(checked, int(differing), latest)
    for where, words in (("age = 1 AND NOT differs", "the same row again"), ("age > 1", "an earlier state of a row")):
        found = checked.database.query(
            f'SELECT file, "row" FROM repeated_{name} WHERE {where} ORDER BY file, "row" LIMIT {SAMPLES}'
        )
        [(count,)] = checked.database.query(f"SELECT count(*) FROM repeated_{name} WHERE {where}")
        if count:
            message = f"{counted(count, 'row', 'rows')} of {checked.title} {'is' if count == 1 else 'are'} {words}: {listed(found, count)}"
            yield warning("repeated-id", message, checked.place, "left out; look why the export has them")


_DIFFERS = "age = 1 AND id IN (SELECT id FROM several_{0} WHERE age = 1 GROUP BY id HAVING count(DISTINCT content) > 1)"


def _differing(checked: Checked, differing: int, latest: bool) -> Diagnostic:
    name = checked.assembly.table.name
    [(some,)] = checked.database.query(f"SELECT min(id) FROM several_{name} WHERE {_DIFFERS.format(name)}")
    rows = checked.database.query(
        f'SELECT file, "row" FROM several_{name} WHERE age = 1 AND id = ? ORDER BY file, "row" LIMIT {SAMPLES}', [some]
    )
    message = (
        f"{counted(differing, 'id stands', 'ids stand')} in several rows of {checked.title} that differ: "
        f"`{quoted(some)}` ({listed(rows, 0)})"
    )
    hint = (
        "delete the rows that do not count"
        if latest
        else "delete the rows that do not count, or name the column that tells the newest: `keep_latest_by: Last modified`"
    )
    return problem("repeated-id", message, checked.place, hint)

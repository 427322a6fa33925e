"""What is wrong with a whole canonical table: ids that repeat, dates in the future or out of order, negative amounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..diagnostics import Diagnostic, Span
from .assembly import Assembly, name_of
from .canonical import Kind
from .counting import quoted
from .duck import Database
from .history import BEGINS, undated
from .prepared import SAMPLES, problem, warning


@dataclass(frozen=True, slots=True)
class Checked:
    """A table that is checked; `today` is the day after which nothing can have happened."""

    database: Database
    assembly: Assembly
    place: Span
    today: date

    @property
    def view(self) -> str:
        return name_of(self.assembly.table)

    @property
    def title(self) -> str:
        return self.assembly.table.title

    def rows(self, where: str) -> tuple[int, str]:
        """How many rows there are for which something holds, and the first of them: `deals.csv:12, 15, ...`."""
        [(count,)] = self.database.query(f"SELECT count(*) FROM {self.view} WHERE {where}")
        return int(count), self.places(where, int(count)) if count else ""

    def places(self, where: str, count: int) -> str:
        """Where the first rows are."""
        found = self.database.query(
            f'SELECT file, "row" FROM {self.view} WHERE {where} ORDER BY file, "row" LIMIT {SAMPLES}'
        )
        return listed(found, count)


def listed(found: list[tuple[str, int]], count: int) -> str:
    """Places in files: `a.csv:12, 15 and b.csv:3`."""
    by_file: dict[str, list[str]] = {}
    for file, row in found:
        by_file.setdefault(file, []).append(str(row))
    text = " and ".join(f"{file}:{', '.join(rows)}" for file, rows in by_file.items())
    return text + (", ..." if count > len(found) else "")


def checks(checked: Checked) -> Iterator[Diagnostic]:
    """All of it, the repeated ids left out, which `repeats` tells."""
    yield from _undated(checked)
    yield from _out_of_order(checked)
    yield from _future(checked)
    yield from _negative(checked)
    yield from _months(checked)
    yield from _filled_late(checked)


def _counted(count: int, one: str, more: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {more}"


def _undated(checked: Checked) -> Iterator[Diagnostic]:
    table = checked.assembly.table
    if not set(BEGINS[table.name]) & checked.assembly.present and table.name != "deals":
        return
    count, places = checked.rows(undated(table))
    if count:
        columns = "neither `created` nor `closed`" if table.name == "deals" else f"no `{BEGINS[table.name][0]}`"
        message = f"{_counted(count, 'row', 'rows')} of {checked.title} {_have(count)} {columns}: {places}"
        hint = "such rows count on the day of the export only; an earlier day leaves them out"
        yield warning("undated-rows", message, checked.place, hint)
    if {"closed", "outcome"} <= checked.assembly.present:
        count, places = checked.rows("outcome IN ('won', 'lost') AND closed IS NULL AND created IS NOT NULL")
        if count:
            message = f"{_counted(count, 'deal is', 'deals are')} won or lost without a closing date: {places}"
            yield warning("undated-rows", message, checked.place, "fill the date in; no month counts them")


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


# --- dates -----------------------------------------------------------------------------------------------------

_ORDERS = {
    "deals": (("created", "closed", "closed before", "created"),),
    "leads": (
        ("created", "customer", "a customer before", "created"),
        ("created", "qualified", "qualified before", "created"),
        ("created", "first_touch", "first spoken to before", "created"),
    ),
}


def _out_of_order(checked: Checked) -> Iterator[Diagnostic]:
    """Days are compared and not times: many columns have none."""
    for first, second, words, then in _ORDERS.get(checked.assembly.table.name, ()):
        if {first, second} <= checked.assembly.present:
            count, places = checked.rows(f"CAST({second} AS DATE) < CAST({first} AS DATE)")
            if count:
                was = "was" if count == 1 else "were"
                message = f"{_counted(count, 'row', 'rows')} of {checked.title} {was} {words} it was {then}: {places}"
                hint = "they are used as they are; look whether one of the dates is that of an import"
                yield warning("dates-out-of-order", message, checked.place, hint)


def _future(checked: Checked) -> Iterator[Diagnostic]:
    for name in checked.assembly.table.of_kind(Kind.INSTANT):
        if name == "due" or name not in checked.assembly.present:
            continue
        count, places = checked.rows(f"\"{name}\" >= DATE '{checked.today}' + INTERVAL 1 DAY")
        if count:
            message = (
                f"`{name}` of {_counted(count, 'row', 'rows')} of {checked.title} lies after {checked.today}: {places}"
            )
            yield warning("future-dates", message, checked.place, "nothing is known of those days; mend the dates")


# --- amounts and months ----------------------------------------------------------------------------------------


def _negative(checked: Checked) -> Iterator[Diagnostic]:
    for name in checked.assembly.table.of_kind(Kind.MONEY):
        if name in checked.assembly.present:
            count, places = checked.rows(f'"{name}" < 0')
            if count:
                message = f"`{name}` of {_counted(count, 'row', 'rows')} of {checked.title} is negative: {places}"
                hint = "they are used as they are; look whether they are refunds or mistakes"
                yield warning("negative-amounts", message, checked.place, hint)


def _months(checked: Checked) -> Iterator[Diagnostic]:
    if checked.assembly.table.name not in ("revenue", "spend"):
        return
    repeated = f"month IN (SELECT month FROM {checked.view} GROUP BY month HAVING count(*) > 1)"
    [(months, first)] = checked.database.query(
        f"SELECT count(DISTINCT month), strftime(min(month), '%Y-%m') FROM {checked.view} WHERE {repeated}"
    )
    if months:
        _count, places = checked.rows(repeated)
        message = f"{_counted(months, 'month stands', 'months stand')} in several rows of {checked.title}, {first} first: {places}"
        yield warning("repeated-months", message, checked.place, "their amounts are added up")


_UNEVEN = 0.3
_ENOUGH = 30
_PAIRS = (
    ("closed", "outcome IN ('won', 'lost')", "open", "outcome = 'open'"),
    ("won", "outcome = 'won'", "lost", "outcome = 'lost'"),
)
_FILLED_WITH_TIME = (
    "account",
    "amount",
    "source",
    "segment",
    "product",
    "client",
    "stakeholders",
    "competitor",
    "assisted",
)


def _filled_late(checked: Checked) -> Iterator[Diagnostic]:
    """Columns that are filled in for one outcome and not for another: they say what happened, and foretell nothing."""
    if checked.assembly.table.name != "deals" or "outcome" not in checked.assembly.present:
        return
    names = [name for name in _FILLED_WITH_TIME if name in checked.assembly.present]
    wheres = [where for pair in _PAIRS for where in (pair[1], pair[3])]
    counts = [f"count({one}) FILTER (WHERE {where})" for where in wheres for one in ("*", *(f'"{n}"' for n in names))]
    row, *_ = checked.database.query(f"SELECT {', '.join(counts)} FROM {checked.view}")
    width = len(names) + 1
    groups = [row[start : start + width] for start in range(0, len(row), width)]
    for position, name in enumerate(names, 1):
        for number, (one, _, other, _) in enumerate(_PAIRS):
            first, second = groups[2 * number], groups[2 * number + 1]
            if _is_uneven(first[position], first[0], second[position], second[0]):
                message = (
                    f"`{name}` is filled in for {first[position]:,} of {first[0]:,} {one} deals and for "
                    f"{second[position]:,} of {second[0]:,} {other} ones"
                )
                hint = f"compare no win rates by `{name}`: who fills it in knows how the deal ended"
                yield warning("filled-late", message, checked.place, hint)
                break


def _is_uneven(some: int, of_some: int, others: int, of_others: int) -> bool:
    return min(of_some, of_others) >= _ENOUGH and abs(some / of_some - others / of_others) >= _UNEVEN


# --- ids -------------------------------------------------------------------------------------------------------


def repeats(checked: Checked, latest: bool) -> Iterator[Diagnostic]:
    """Ids that stand in several rows: the same row again is left out; rows that differ are an error, unless one is the `latest`.

    Afterwards the table `repeated_<name>` holds the places of the rows that are left out.
    """
    view, name = checked.view, checked.assembly.table.name
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
            message = f"{_counted(count, 'row', 'rows')} of {checked.title} {'is' if count == 1 else 'are'} {words}: {listed(found, count)}"
            yield warning("repeated-id", message, checked.place, "left out; look why the export has them")


_DIFFERS = "age = 1 AND id IN (SELECT id FROM several_{0} WHERE age = 1 GROUP BY id HAVING count(DISTINCT content) > 1)"


def _differing(checked: Checked, differing: int, latest: bool) -> Diagnostic:
    name = checked.assembly.table.name
    [(some,)] = checked.database.query(f"SELECT min(id) FROM several_{name} WHERE {_DIFFERS.format(name)}")
    rows = checked.database.query(
        f'SELECT file, "row" FROM several_{name} WHERE age = 1 AND id = ? ORDER BY file, "row" LIMIT {SAMPLES}', [some]
    )
    message = (
        f"{_counted(differing, 'id stands', 'ids stand')} in several rows of {checked.title} that differ: "
        f"`{quoted(some)}` ({listed(rows, 0)})"
    )
    hint = (
        "delete the rows that do not count"
        if latest
        else "delete the rows that do not count, or name the column that tells the newest: `keep_latest_by: Last modified`"
    )
    return problem("repeated-id", message, checked.place, hint)

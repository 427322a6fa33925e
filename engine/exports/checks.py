"""What is wrong with a whole canonical table: dates in the future or out of order, negative amounts, columns filled in late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ..diagnostics import Diagnostic, Span
from .assembly import Assembly, name_of
from .canonical import Kind
from .duck import Database
from .history import BEGINS, undated
from .prepared import SAMPLES, warning


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

    def has(self, *columns: str) -> bool:
        """Whether all of some columns can have values."""
        return self.assembly.present.issuperset(columns)

    def places(self, where: str, count: int) -> str:
        """Where the first rows are for which something holds: `deals.csv:12, 15, ...`."""
        found = self.database.query(
            f'SELECT file, "row" FROM {self.view} WHERE {where} ORDER BY file, "row" LIMIT {SAMPLES}'
        )
        return listed(found, count)


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows for which `where` holds are told, with the code, what `says` makes of their number, and what to do."""

    where: str
    code: str
    says: Callable[[int], str]
    hint: str


def listed(found: list[tuple[str, int]], count: int) -> str:
    """Places in files: `a.csv:12, 15 and b.csv:3`."""
    by_file: dict[str, list[str]] = {}
    for file, row in found:
        by_file.setdefault(file, []).append(str(row))
    text = " and ".join(f"{file}:{', '.join(rows)}" for file, rows in by_file.items())
    return text + (", ..." if count > len(found) else "")


def counted(count: int, one: str, more: str) -> str:
    """`1 row`, `1,200 rows`."""
    return f"1 {one}" if count == 1 else f"{count:,} {more}"


def checks(checked: Checked) -> Iterator[Diagnostic]:
    """All of it; what the rules look for is counted in one go."""
    rules = (*_undated(checked), *_out_of_order(checked), *_future(checked), *_negative(checked))
    if rules:
        counts = ", ".join(f"count(*) FILTER (WHERE {rule.where})" for rule in rules)
        row, *_ = checked.database.query(f"SELECT {counts} FROM {checked.view}")
        for rule, count in zip(rules, row, strict=True):
            if count:
                message = f"{rule.says(count)}: {checked.places(rule.where, count)}"
                yield warning(rule.code, message, checked.place, rule.hint)
    yield from _months(checked)
    yield from _filled_late(checked)


# --- dates -----------------------------------------------------------------------------------------------------

_ORDERS = {
    "deals": (("created", "closed", "closed before", "created"),),
    "leads": (
        ("created", "customer", "a customer before", "created"),
        ("created", "qualified", "qualified before", "created"),
        ("created", "first_touch", "first spoken to before", "created"),
    ),
}


def _undated(checked: Checked) -> Iterator[Rule]:
    table = checked.assembly.table
    if table.name == "deals" or checked.has(*BEGINS[table.name]):
        columns = "neither `created` nor `closed`" if table.name == "deals" else f"no `{BEGINS[table.name][0]}`"
        hint = "such rows count on the day of the export only; an earlier day leaves them out"
        yield Rule(
            undated(table),
            "undated-rows",
            lambda n: f"{counted(n, 'row', 'rows')} of {checked.title} {'has' if n == 1 else 'have'} {columns}",
            hint,
        )
    if checked.has("closed", "outcome"):
        yield Rule(
            "outcome IN ('won', 'lost') AND closed IS NULL AND created IS NOT NULL",
            "undated-rows",
            lambda n: f"{counted(n, 'deal is', 'deals are')} won or lost without a closing date",
            "fill the date in; no month counts them",
        )


def _out_of_order(checked: Checked) -> Iterator[Rule]:
    """Days are compared and not times: many columns have none."""
    for first, second, words, then in _ORDERS.get(checked.assembly.table.name, ()):
        if checked.has(first, second):

            def says(n: int, words: str = words, then: str = then) -> str:
                was = "was" if n == 1 else "were"
                return f"{counted(n, 'row', 'rows')} of {checked.title} {was} {words} it was {then}"

            where = f"CAST({second} AS DATE) < CAST({first} AS DATE)"
            hint = "they are used as they are; look whether one of the dates is that of an import"
            yield Rule(where, "dates-out-of-order", says, hint)


def _future(checked: Checked) -> Iterator[Rule]:
    for name in checked.assembly.table.of_kind(Kind.INSTANT):
        if name != "due" and checked.has(name):

            def says(n: int, name: str = name) -> str:
                return f"`{name}` of {counted(n, 'row', 'rows')} of {checked.title} lies after {checked.today}"

            where = f"\"{name}\" >= DATE '{checked.today}' + INTERVAL 1 DAY"
            yield Rule(where, "future-dates", says, "nothing is known of those days; mend the dates")


# --- amounts and months ----------------------------------------------------------------------------------------


def _negative(checked: Checked) -> Iterator[Rule]:
    for name in checked.assembly.table.of_kind(Kind.MONEY):
        if checked.has(name):

            def says(n: int, name: str = name) -> str:
                return f"`{name}` of {counted(n, 'row', 'rows')} of {checked.title} is negative"

            hint = "they are used as they are; look whether they are refunds or mistakes"
            yield Rule(f'"{name}" < 0', "negative-amounts", says, hint)


def _months(checked: Checked) -> Iterator[Diagnostic]:
    if checked.assembly.table.name not in ("revenue", "spend"):
        return
    repeated = f"month IN (SELECT month FROM {checked.view} GROUP BY month HAVING count(*) > 1)"
    [(months, first)] = checked.database.query(
        f"SELECT count(DISTINCT month), strftime(min(month), '%Y-%m') FROM {checked.view} WHERE {repeated}"
    )
    if months:
        [(rows,)] = checked.database.query(f"SELECT count(*) FROM {checked.view} WHERE {repeated}")
        stand = counted(months, "month stands", "months stand")
        message = f"{stand} in several rows of {checked.title}, {first} first: {checked.places(repeated, rows)}"
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

"""In which currency amounts are: one for the whole company, converted where rows say another and a rate is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..diagnostics import Diagnostic, Span
from ..document import Node
from ..fields import as_number, get, items, text
from .assembly import Assembly, currency
from .canonical import Kind
from .duck import Database
from .prepared import at_rows, problem, warning


@dataclass(frozen=True, slots=True)
class Rates:
    """The company's own currency, empty where none is said, and what one unit of another is worth in it."""

    own: str
    factors: Mapping[str, float]


def rates(node: Node) -> Rates:
    """The currency and the exchange rates of a company's file."""
    own = text(node, "currency")
    factors: dict[str, float] = {}
    for entry in items(node, "exchange_rates"):
        rate = as_number(get(entry, "rate") or entry)
        pair = text(entry, "from"), text(entry, "to")
        if rate and own in pair:
            factors[pair[0] if pair[1] == own else pair[1]] = rate if pair[1] == own else 1 / rate
    return Rates(own, factors)


def found(database: Database, assembly: Assembly) -> dict[str, tuple[int, str]]:
    """The currencies of the amounts of a table: in how many values each, and where first. The empty one: not said anywhere."""
    counts: dict[str, tuple[int, str]] = {}
    for part in (*assembly.parts, *(joined.loaded for joined in assembly.joined)):
        for field in part.plan.fields:
            if field.column.kind is Kind.MONEY:
                name = field.column.name
                rows = database.query(
                    f"SELECT {currency(assembly, part, name)}, count(*), min({part.row}) FROM {part.table} "
                    f'WHERE left_out = 0 AND "{name}" IS NOT NULL GROUP BY 1'
                )
                for code, count, row in rows:
                    before, place = counts.get(code, (0, ""))
                    counts[code] = before + count, place or at_rows(part.plan.prepared.name, [row])
    return counts


def problems(
    assembly: Assembly, counts: Mapping[str, tuple[int, str]], known: Rates, place: Span
) -> Iterator[Diagnostic]:
    """What stands in the way of amounts in one currency, and what was converted."""
    if "" in counts:
        count, first = counts[""]
        message = f"nothing says in which currency the amounts of {assembly.table.title} are: {_amounts(count)}, {first} first"
        yield problem("missing-currency", message, place, "add a line `currency: EUR` to the company's file")
        return
    if not known.own and len(counts) == 1 and "$" not in counts:
        return
    strange = sorted(code for code in counts if code != known.own)
    without = [code for code in strange if code not in known.factors]
    if without:
        yield _several(assembly, counts, known, (without, place))
    for code in strange:
        if code in known.factors:
            count, first = counts[code]
            message = f"{_amounts(count)} of {assembly.table.title} in {code} {'is' if count == 1 else 'are'} converted: {first} first"
            hint = f"at 1 {code} = {known.factors[code]:g} {known.own}, from `exchange_rates:`"
            yield warning("converted-amounts", message, place, hint)


def _amounts(count: int) -> str:
    return "1 amount" if count == 1 else f"{count:,} amounts"


def _several(
    assembly: Assembly, counts: Mapping[str, tuple[int, str]], known: Rates, at: tuple[list[str], Span]
) -> Diagnostic:
    without, place = at
    parts = [f"{_amounts(count)} in {code} ({first} first)" for code, (count, first) in sorted(counts.items())]
    own = f"; the company's currency is {known.own}" if known.own else ""
    message = f"{assembly.table.title} have {', '.join(parts)}{own}"
    if "$" in without:
        return problem(
            "two-currencies", message, place, "say which dollar it is: add a line `currency: USD` to the entry"
        )
    line = f"- {{from: {without[0]}, to: {known.own or 'EUR'}, rate: RATE, date: DATE}}"
    stated = "" if known.own else "add `currency:` with the company's own, and "
    return problem("two-currencies", message, place, f"{stated}add rates under `exchange_rates:`: `{line}`")

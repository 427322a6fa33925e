"""A client with exports made for one test: rows as dictionaries of canonical columns, written as CSV files and read as a user's are."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from engine.computed.answer import Computed, Segmented
from engine.computed.compute import Sheet
from engine.computed.findings import findings
from engine.document import parse
from engine.exports.reading import read_sources
from engine.extraction import Extraction, extract
from engine.policy import PolicySet
from engine.session import DEFAULT_POLICY, open_policy

Rows = Sequence[Mapping[str, object]]
AS_OF = date(2026, 9, 30)
TODAY = date(2026, 11, 1)


@cache
def policy() -> PolicySet:
    return open_policy(DEFAULT_POLICY, TODAY).policy


@contextmanager
def extraction(
    folder: Path,
    as_of: date | None = AS_OF,
    stated: str = "{}",
    used: PolicySet | None = None,
    **tables: Rows,
) -> Iterator[Extraction]:
    """What the tables say on a day; `stated` is `facts:` in YAML."""
    for name, rows in tables.items():
        write(folder / f"{name}.csv", rows)
    text = document(as_of, stated, tables)
    node = parse(text.encode(), "company.yaml")
    with read_sources(node, folder, TODAY) as found:
        yield extract(found, node, used or policy(), None, TODAY)


def sheet(folder: Path, as_of: date = AS_OF, used: PolicySet | None = None, **tables: Rows) -> Sheet:
    with extraction(folder, as_of, "{}", used, **tables) as found:
        return found.sheet


def fact(folder: Path, name: str, as_of: date = AS_OF, used: PolicySet | None = None, **tables: Rows) -> Computed:
    """One fact of the tables."""
    found = sheet(folder, as_of, used, **tables).of(name)
    assert found is not None
    return found


def parts(folder: Path, name: str, **tables: Rows) -> tuple[Segmented, ...]:
    """A rate of the tables in its parts."""
    with extraction(folder, AS_OF, "{}", None, **tables) as found:
        return findings(found.sheet).segments.get(name, ())


def document(as_of: date | None, stated: str, tables: Mapping[str, Rows]) -> str:
    """`company.yaml` with every table mapped column by column."""
    lines = [
        "company: Tester",
        *([f"as_of: {as_of}"] if as_of else []),
        "currency: USD",
        f"facts: {stated}",
        "sources:",
    ]
    for name, rows in tables.items():
        columns = ", ".join(f"{column}: {column}" for column in columns_of(rows))
        lines.append(f"  - {{file: {name}.csv, table: {name}, columns: {{{columns}}}}}")
    return "\n".join(lines) + "\n"


def columns_of(rows: Rows) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for row in rows for column in row))


def write(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns_of(rows), restval="")
        writer.writeheader()
        writer.writerows({column: shown(value) for column, value in row.items()} for row in rows)


def shown(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


# --- rows ------------------------------------------------------------------------------------------------------


def day(text: str) -> date:
    return date.fromisoformat(text)


def months(first: str, count: int) -> list[date]:
    """The first days of so many months."""
    year, month = map(int, first.split("-"))
    return [date(year + (month - 1 + n) // 12, (month - 1 + n) % 12 + 1, 1) for n in range(count)]


def leads_of(first: str, counts: Sequence[tuple[int, int]], after: int = 20, **more: object) -> list[dict[str, object]]:
    """Leads month by month: (customers, leads); a customer is one `after` days later. They are spread over the first 28 days."""
    found: list[dict[str, object]] = []
    for begin, (customers, leads) in zip(months(first, len(counts)), counts, strict=True):
        for number in range(leads):
            created = begin + timedelta(days=number * 28 // leads)
            won = created + timedelta(days=after) if number < customers else None
            found.append({"id": f"L{begin:%Y%m}-{number}", "created": created, "customer": won, **more})
    return found


def deals_of(first: str, counts: Sequence[tuple[int, int]], cycle: int = 30, **more: object) -> list[dict[str, object]]:
    """Deals by month of closing: (won, closed), each `cycle` days after its creation."""
    found: list[dict[str, object]] = []
    for begin, (won, closed) in zip(months(first, len(counts)), counts, strict=True):
        for number in range(closed):
            end = begin + timedelta(days=number * 28 // closed)
            found.append(
                {
                    "id": f"D{begin:%Y%m}-{number}",
                    "created": end - timedelta(days=cycle),
                    "closed": end,
                    "outcome": "won" if number < won else "lost",
                    **more,
                }
            )
    return found

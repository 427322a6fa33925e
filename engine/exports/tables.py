"""What the facts are computed from: the canonical tables of one company, as they are or as they were known on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from tempfile import TemporaryDirectory
from types import TracebackType

from ..diagnostics import Diagnostic
from .canonical import TABLES, Kind
from .duck import Database, Row
from .history import BEGINS, known_on, undated
from .prepared import LeftOut


@dataclass(frozen=True, slots=True)
class Extract:
    """One file: how many rows it has, how many are used and why others are not, and what was found out about it.

    `filled`: for each canonical column that the file gives, in how many of the used rows it has a value; `headers`: its header.
    """

    file: str
    table: str
    rows: int
    used: int
    left_out: tuple[LeftOut, ...] = ()
    told: tuple[str, ...] = ()
    filled: Mapping[str, int] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    mapping: str = ""


@dataclass(frozen=True, slots=True)
class Tables(AbstractContextManager["Tables"]):
    """The canonical tables, each as a view of its own name: all columns of the definition, `file` and `row`.

    `present` names the tables that there are, with the columns that can have values; another table has no rows. `currency` is
    that of all amounts, empty where there are none. `covers` is the last day of which the extracts tell anything, `latest` the
    latest that any row names: a mistake may lie ahead. `has_times` says of a column of instants whether any of them has a time of
    day. `day` is the day that the tables are as of, None where they are as exported; `left_out_undated` counts the rows that a
    day leaves out because nothing says when they began.
    """

    database: Database
    scratch: TemporaryDirectory[str] | None = field(repr=False, compare=False)
    present: Mapping[str, frozenset[str]]
    extracts: tuple[Extract, ...]
    findings: tuple[Diagnostic, ...]
    currency: str
    covers: date | None
    latest: date | None
    has_times: Mapping[tuple[str, str], bool]
    day: date | None = None
    left_out_undated: Mapping[str, int] = field(default_factory=dict)

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """The rows of a query over the tables. Raises QueryError."""
        return self.database.query(sql, parameters)

    def has(self, table: str, *columns: str) -> bool:
        """Whether there is a table and all of some columns of it."""
        return table in self.present and self.present[table].issuperset(columns)

    def as_of(self, day: date, as_exported: bool = False) -> Tables:
        """The tables as they were known at the end of a day. They live as long as those they come from.

        No later row; instants after the day are NULL; a deal that closed later is open, without closing date, reason and
        competitor. The stage is that of the last change before. Rows without a date are left out and counted, and what systems
        overwrite without a date (stage, probability and expected close of a deal that was open, status of a lead) is NULL:
        unless `as_exported`, for the day of the export, when all of that stands as it is. Amount, owner, source, segment, account,
        product and the like always stand as exported.
        """
        database = self.database.cursor()
        nothing_later = self.latest is None or self.latest <= day
        for name in self.present:
            rows = known_on(day, TABLES[name], self.present, as_exported, nothing_later)
            database.run(f"CREATE OR REPLACE TEMP VIEW {name} AS {rows}")
        undated_rows = {} if as_exported else {name: self._undated(name) for name in self.present}
        left_out = {name: count for name, count in undated_rows.items() if count}
        known = replace(self, database=database, scratch=None, day=day, left_out_undated=left_out)
        return known if as_exported else replace(known, covers=known._last())

    def _last(self) -> date | None:
        """The last day on which anything happened, of what the tables hold."""
        days = [
            f'CAST(max("{name}") AS DATE) FROM {table}'
            for table in self.present
            for name in TABLES[table].of_kind(Kind.INSTANT)
            if name != "due"
        ]
        days += [f'last_day(max("{name}")) FROM {t}' for t in self.present for name in TABLES[t].of_kind(Kind.MONTH)]
        found = self.query(" UNION ALL ".join(f"SELECT {day}" for day in days))
        return max((day for (day,) in found if day is not None), default=None)

    def first(self) -> date | None:
        """The first day on which anything began; None where no row has a date."""
        days = [f'CAST(min("{name}") AS DATE) FROM all_{table}' for table in self.present for name in BEGINS[table]]
        found = self.query(" UNION ALL ".join(f"SELECT {day}" for day in days)) if days else []
        return min((day for (day,) in found if day is not None), default=None)

    def _undated(self, name: str) -> int:
        [(count,)] = self.database.query(f"SELECT count(*) FROM all_{name} WHERE {undated(TABLES[name])}")
        return int(count)

    def close(self) -> None:
        """Let go of the data."""
        self.database.close()
        if self.scratch is not None:
            self.scratch.cleanup()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

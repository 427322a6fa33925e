"""The exports of one company, read: from `sources:` of its file to canonical tables, or to everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from ..diagnostics import Diagnostic, SourceError, Span, in_order
from ..document import Node
from . import checks, joins, money
from .assembly import Assembly, Joined, by_month, name_of, view
from .canonical import Kind
from .counting import extract, findings
from .duck import Database, OutOfMemoryError, Progress, QueryError, open_database
from .expressions import MACROS
from .loading import Loaded, load
from .pieces import Entry, Piece, as_copy, gather
from .prepared import SAMPLES, LeftOut, Scratch, Told, problem
from .repeats import repeats
from .request import requests
from .spans import span_of
from .tables import Extract, Tables


def read_sources(node: Node, folder: Path, today: date, told: Told | None = None) -> Tables:
    """The canonical tables that `sources:` of a company's file describes; the files are inside `folder`.

    Nothing can have happened after `today`. Raises SourceError with all problems, and with the warnings beside them.
    """
    with ExitStack() as stack:
        folder_of_copies = TemporaryDirectory(prefix="steelyard-")
        stack.callback(folder_of_copies.cleanup)
        scratch = Scratch(Path(folder_of_copies.name), told)
        entries = gather(requests(node), folder, scratch)
        files = [piece.plan.prepared.path for entry in entries for piece in (*entry.files, *entry.lookups)]
        database = open_database(files, scratch.folder)
        stack.callback(database.close)
        for macro in MACROS:
            database.run(macro)
        reader = _Reader(database, folder, scratch, today, money.rates(node))
        try:
            tables = reader.tables(entries, folder_of_copies)
        except OutOfMemoryError:
            raise SourceError([_too_large(entries[0].request.files[0], entries[0].request.span)]) from None
        stack.pop_all()
    return tables


@dataclass(frozen=True, slots=True)
class _Read:
    """An entry in the database."""

    entry: Entry
    assembly: Assembly
    extracts: tuple[Extract, ...]
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What reading needs: where to, where from, where copies go, until when, and what other currencies are worth."""

    database: Database
    folder: Path
    scratch: Scratch
    today: date
    rates: money.Rates

    def tables(self, entries: tuple[Entry, ...], scratch: TemporaryDirectory[str]) -> Tables:
        """Everything read and checked. Raises SourceError with the problems of all entries."""
        found = [problem for entry in entries for problem in entry.problems]
        read = []
        for number, entry in enumerate(entries):
            if not entry.problems:
                loaded = self._loaded(f"t{number}", entry, found)
                read += [self._read(entry, loaded)] if loaded else []
        found += [finding for one in read for finding in one.findings]
        if not any(finding.is_error for finding in found):
            found += self._checked(read)
        if any(finding.is_error for finding in found):
            raise SourceError(found)
        return self._finished(read, in_order(found), scratch)

    # --- files -----------------------------------------------------------------------------------------------

    def _loaded(self, name: str, entry: Entry, problems: list[Diagnostic]) -> tuple[Loaded, ...]:
        """The files of an entry and then its lookups, in tables of their own; nothing where how they are written is not clear."""
        loaded: list[Loaded] = []
        before = len(problems)
        for number, piece in enumerate((*entry.files, *entry.lookups)):
            try:
                loaded.append(self._load(f"{name}_{number}", piece, self._progress(piece)))
            except SourceError as error:
                problems += error.diagnostics
            else:
                problems += loaded[-1].profile.problems
        return tuple(loaded) if len(problems) == before else ()

    def _load(self, name: str, piece: Piece, progress: Progress | None) -> Loaded:
        try:
            return load(self.database, name, piece.plan, progress)
        except OutOfMemoryError:
            raise SourceError([_too_large(piece.plan.prepared.name, piece.plan.place)]) from None
        except QueryError:
            if piece.plan.prepared.numbered:
                raise SourceError([_unreadable(piece)]) from None
        return self._load(name, as_copy(piece, self.folder, self.scratch), progress)

    def _progress(self, piece: Piece) -> Progress | None:
        told = self.scratch.told
        if told is None:
            return None

        def tell(part: float) -> None:
            told(f"reading {piece.plan.prepared.name}", part)

        return tell

    # --- tables ----------------------------------------------------------------------------------------------

    def _read(self, entry: Entry, loaded: tuple[Loaded, ...]) -> _Read:
        """An entry as a canonical table, with the findings of its files."""
        request = entry.request
        parts, others = loaded[: len(entry.files)], loaded[len(entry.files) :]
        joined = tuple(Joined(one, f"key_{number}") for number, one in enumerate(others))
        assembly = Assembly(request.table, parts, joined, request.constants, entry.stages)
        extracts = [extract(self.database, part, request.table.name, request.mapping) for part in parts]
        found = [f for part, one in zip(parts, extracts, strict=True) for f in findings(self.database, part, one)]
        for one, lookup in zip(joined, request.lookups, strict=True):
            beside = extract(self.database, one.loaded, "", "")
            extracts.append(beside)
            found += findings(self.database, one.loaded, beside)
            found += joins.repeated_keys(self.database, one)
            found += [f for part in parts for f in joins.unmatched(self.database, part, one, lookup)]
        assembly, more = self._in_one_currency(entry, assembly)
        return _Read(entry, assembly, tuple(extracts), (*found, *more))

    def _in_one_currency(self, entry: Entry, assembly: Assembly) -> tuple[Assembly, list[Diagnostic]]:
        assembly = replace(assembly, currency=self.rates.own, percent=self._percent(assembly))
        counts = money.found(self.database, assembly)
        more = list(money.problems(assembly, counts, self.rates, entry.request.span))
        factors = {code: self.rates.factors[code] for code in counts if code in self.rates.factors}
        return replace(assembly, factors=factors, currency=self.rates.own or next(iter(counts), "")), more

    def _percent(self, assembly: Assembly) -> bool:
        """Whether chances are written as 80 and not as 0.8."""
        tables = [part.table for part in assembly.parts if part.has("probability")]
        return any(self.database.query(f"SELECT max(probability) > 1 FROM {table}")[0][0] for table in tables)

    def _checked(self, read: list[_Read]) -> Iterator[Diagnostic]:
        """Make the views, and tell what is wrong with whole tables."""
        assemblies = {one.assembly.table.name: one.assembly for one in read}
        places = {one.assembly.table.name: one.entry.request.span for one in read}
        for one in read:
            name = name_of(one.assembly.table)
            self.database.run(f"CREATE VIEW {name} AS {view(one.assembly)}")
            checked = checks.Checked(self.database, one.assembly, one.entry.request.span, self.today)
            if one.assembly.table.identified:
                yield from repeats(checked, bool(one.entry.request.keep_latest_by))
                self._without_repeated(one.assembly)
            yield from checks.checks(checked)
            if one.assembly.table.of_kind(Kind.MONTH):
                self.database.run(f"CREATE OR REPLACE VIEW {name} AS {by_month(one.assembly)}")
        yield from joins.references(self.database, assemblies, places)

    def _without_repeated(self, assembly: Assembly) -> None:
        """Leave out the rows that are there again."""
        name = assembly.table.name
        [(count,)] = self.database.query(f"SELECT count(*) FROM repeated_{name}")
        if count:
            kept = f'SELECT * FROM ({view(assembly)}) AS r ANTI JOIN repeated_{name} AS s ON r.file = s.file AND r."row" = s."row"'
            self.database.run(f"CREATE OR REPLACE VIEW {name_of(assembly.table)} AS {kept}")

    # --- the end ---------------------------------------------------------------------------------------------

    def _finished(self, read: list[_Read], found: tuple[Diagnostic, ...], scratch: TemporaryDirectory[str]) -> Tables:
        present = {one.assembly.table.name: one.assembly.present for one in read}
        spans = [span_of(self.database, one.assembly, self.today) for one in read]
        for one in read:
            columns = ", ".join(f'"{column.name}"' for column in one.assembly.table.columns)
            name = one.assembly.table.name
            self.database.run(f'CREATE TEMP VIEW {name} AS SELECT {columns}, file, "row" FROM all_{name}')
        return Tables(
            self.database,
            scratch,
            present,
            tuple(self._used(one, extract) for one in read for extract in one.extracts),
            found,
            self._currency(read),
            max((span.last for span in spans if span.last is not None), default=None),
            max((span.latest for span in spans if span.latest is not None), default=None),
            {key: times for span in spans for key, times in span.times.items()},
        )

    def _used(self, read: _Read, extract: Extract) -> Extract:
        """The extract without the rows that are there again."""
        table = read.assembly.table
        if not table.identified or extract.table != table.name:
            return extract
        [(count, rows)] = self.database.query(
            f'SELECT count(*), min("row", {SAMPLES}) FROM repeated_{table.name} WHERE file = ?', [extract.file]
        )
        if not count:
            return extract
        again = LeftOut("there again", count, tuple(rows))
        return replace(extract, used=extract.used - count, left_out=(*extract.left_out, again))

    def _currency(self, read: list[_Read]) -> str:
        """The currency of the amounts; empty where there are none."""
        with_money = [
            one.assembly for one in read if set(one.assembly.table.of_kind(Kind.MONEY)) & one.assembly.present
        ]
        return next((assembly.currency for assembly in with_money), "")


def _too_large(name: str, place: Span) -> Diagnostic:
    message = f"`{name}` does not fit into the memory that may be used"
    return problem("too-large", message, place, "export only the columns and the time that are needed")


def _unreadable(piece: Piece) -> Diagnostic:
    message = f"`{piece.plan.prepared.name}` cannot be read as separated text"
    return problem("not-readable", message, piece.plan.place, "export it again as CSV or XLSX")

"""What must not matter: the order of rows, columns and files; how a file is written; what happened after a day."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given, settings

from engine.exports.tables import Tables
from tests.exports.client import Files, said, tables

START = datetime(2026, 1, 1)
COLUMNS = ("ID", "Created", "Closed", "Stage", "Amount", "Owner")
ENTRY = """\
  - file: {files}
    table: deals
    columns: {{id: ID, created: Created, closed: Closed, outcome: Stage, stage: Stage, amount: Amount, owner: Owner}}
    values: {{outcome: {{won: Won, lost: Lost, otherwise: open}}}}
"""
DEALS = ENTRY.format(files="deals.csv")
LEADS = "  - {file: leads.csv, table: leads, columns: {id: ID, created: Created}}\n"
Record = tuple[str, str, str, str, str, str]

moments = st.integers(0, 200 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
texts = st.text(st.sampled_from("aZé ,;|\"'\n=-"), max_size=6)
times = st.one_of(st.just(""), moments.map(lambda moment: moment.isoformat(" ", "minutes")))


@st.composite
def records(draw: st.DrawFn, largest: int = 12) -> list[Record]:
    """Deals, each with an id of its own."""
    count = draw(st.integers(1, largest))
    stages = st.sampled_from(["Won", "Lost", "Offer", "Demo"])
    amounts = st.one_of(st.just(""), st.integers(-5, 10**6).map(lambda cents: f"{cents / 100:.2f}"))
    return [
        (f"d{number}", draw(times), draw(times), draw(stages), draw(amounts), draw(texts).strip())
        for number in range(count)
    ]


def written(rows: Sequence[Sequence[str]], columns: Sequence[int] = range(6), separator: str = ",") -> str:
    """Records as a file, the columns in an order."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow([COLUMNS[column] for column in columns])
    writer.writerows([row[column] for column in columns] for row in rows)
    return out.getvalue()


def content(found: Tables, table: str = "deals") -> list[tuple[object, ...]]:
    """The records of a table as a set, without their places."""
    return sorted(found.query(f'SELECT * EXCLUDE (file, "row") FROM {table}'), key=repr)


@contextmanager
def read(sources: str, files: Files) -> Iterator[Tables]:
    """The tables of a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, tables(Path(folder), sources, files) as found:
        yield found


def of(rows: Sequence[Record], columns: Sequence[int] = range(6)) -> list[tuple[object, ...]]:
    with read(DEALS, {"deals.csv": written(rows, columns)}) as found:
        return content(found)


@settings(max_examples=25, deadline=None)
@given(rows=records(), data=st.data())
def test_the_order_of_rows_and_columns(rows: list[Record], data: st.DataObject) -> None:
    columns = data.draw(st.permutations(range(6)))
    assert of(data.draw(st.permutations(rows)), columns=columns) == of(rows)


@settings(max_examples=15, deadline=None)
@given(rows=records(), at=st.integers(0, 12))
def test_the_order_of_files_and_how_the_records_are_split(rows: list[Record], at: int) -> None:
    files = {"a.csv": written(rows[:at]), "b.csv": written(rows[at:], separator=";")}
    both = []
    for names in ("[a.csv, b.csv]", "[b.csv, a.csv]"):
        for sources in (ENTRY.format(files=names) + LEADS, LEADS + ENTRY.format(files=names)):
            with read(sources, {**files, "leads.csv": "ID,Created\nl,2026-01-01\n"}) as found:
                both.append(content(found))
    assert both == [of(rows)] * 4


@settings(max_examples=15, deadline=None)
@given(rows=records())
def test_the_way_through_a_copy_gives_the_same(rows: list[Record]) -> None:
    """In UTF-16 the records go through a copy, which numbers them; rows and values stay."""
    with read(DEALS, {"deals.csv": written(rows)}) as found:
        straight = found.query('SELECT * FROM deals ORDER BY "row"')
    with read(DEALS, {"deals.csv": written(rows).encode("utf-16")}) as found:
        assert found.query('SELECT * FROM deals ORDER BY "row"') == straight


@settings(max_examples=25, deadline=None)
@given(rows=records(), later=records(5), day=st.integers(0, 200))
def test_a_later_row_never_changes_an_earlier_day(rows: list[Record], later: list[Record], day: int) -> None:
    """Rows that begin after the day, whatever became of them; they shift what the extract covers, and nothing before it."""
    then = (START + timedelta(days=day)).date()
    after = [(f"x{number}", f"{then + timedelta(days=1 + number)} 08:00", *row[2:]) for number, row in enumerate(later)]
    assert known([*rows, *after], then) == known(rows, then)


@settings(max_examples=25, deadline=None)
@given(rows=records(), day=st.integers(0, 200))
def test_a_day_knows_nothing_of_what_came_after(rows: list[Record], day: int) -> None:
    """A deal that closed after the day looks as if it were still open."""
    then = (START + timedelta(days=day)).date()
    limit = f"{then + timedelta(days=1)}"
    closed_later = [row for row in rows if row[3] in ("Won", "Lost") and row[2] >= limit and "" < row[1] < limit]
    for record in known(rows, then):
        if record[0] in {row[0] for row in closed_later}:
            assert record[1:3] == ("open", None)
        assert all(not isinstance(value, datetime) or value < datetime.fromisoformat(limit) for value in record)


def known(rows: Sequence[Record], day: date) -> list[tuple[object, ...]]:
    with read(DEALS, {"deals.csv": written(rows)}) as found:
        then = found.as_of(day)
        return sorted(then.query("SELECT id, outcome, closed, created, stage, amount, owner FROM deals"), key=repr)


@settings(max_examples=60, deadline=None)
@given(body=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)), header=st.booleans())
def test_any_file_is_read_or_refused(body: bytes, header: bool) -> None:
    """Never anything but tables or problems, each of one line."""
    begin = ",".join(COLUMNS).encode() + b"\n" if header else b""
    with tempfile.TemporaryDirectory() as folder:
        for problem in said(Path(folder), DEALS, {"deals.csv": begin + body}):
            assert "\n" not in problem

"""The tables as they were known on a day: no later row, no later outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from engine.exports.tables import Tables
from tests.exports.client import tables

SOURCES = """\
  - file: deals.csv
    table: deals
    columns:
      {id: ID, created: Created, closed: Closed, due: Closed, outcome: Stage, stage: Stage, amount: Amount, reason: Reason,
       competitor: Rival, probability: Chance, last_activity: Touched, owner: Owner}
    values: {outcome: {won: Won, lost: Lost, otherwise: open}}
  - file: leads.csv
    table: leads
    columns: {id: ID, created: Created, customer: Customer, rejected: Rejected, status: Status}
  - {file: stages.csv, table: stage_changes, columns: {deal_id: Deal, stage: Stage, entered: Entered}}
  - {file: spend.csv, table: spend, columns: {month: Month, sales: Sales}}
"""
FILES = {
    "deals.csv": "ID,Created,Closed,Stage,Amount,Reason,Rival,Chance,Touched,Owner\n"
    "early,2026-01-05,2026-02-10,Won,10,price,Acme,1,2026-02-09,Ann\n"
    "later,2026-01-06,2026-04-20,Lost,20,support,Acme,0,2026-04-19,Ann\n"
    "open,2026-02-01,2026-12-31,Offer,30,,,0.5,2026-05-01,Bo\n"
    "young,2026-04-01,,Offer,40,,,0.5,,Bo\n"
    "undated,,,Offer,50,,,0.1,,Bo\n"
    "unclosed,2026-01-07,,Won,60,,,1,,Bo\n",
    "leads.csv": "ID,Created,Customer,Rejected,Status\n"
    "a,2026-01-01 10:00,2026-02-10,,Customer\nb,2026-01-02,2026-05-05,,Customer\nc,2026-01-03,,2026-04-01,Lost\nd,2026-03-31 23:59,,,New\n"
    "e,2026-04-01 00:00,,,New\n",
    "stages.csv": "Deal,Stage,Entered\nlater,Demo,2026-01-10\nlater,Offer,2026-03-10\nlater,Lost,2026-04-20\nopen,Demo,2026-04-02\n",
    "spend.csv": "Month,Sales\n2026-02,1\n2026-03,2\n2026-04,3\n",
}


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Tables]:
    with tables(tmp_path, SOURCES, FILES) as read:
        yield read


def test_deals_as_they_were_known(found: Tables) -> None:
    then = found.as_of(date(2026, 3, 31))
    columns = (
        "id, outcome, closed, due, stage, amount, reason, competitor, competitor_known, probability, last_activity"
    )
    assert then.query(f"SELECT {columns} FROM deals ORDER BY id") == [
        ("early", "won", datetime(2026, 2, 10), None, "Won", 10.0, "price", "Acme", True, 1.0, datetime(2026, 2, 9)),
        ("later", "open", None, None, "Offer", 20.0, None, None, None, None, None),
        ("open", "open", None, None, None, 30.0, None, None, False, None, None),
        ("unclosed", None, None, None, None, 60.0, None, None, False, None, None),
    ]
    assert then.left_out_undated == {"deals": 1}
    assert then.day == date(2026, 3, 31)


def test_deals_on_the_day_of_the_export(found: Tables) -> None:
    now = found.as_of(date(2026, 10, 31), as_exported=True)
    assert now.query("SELECT id, outcome, due, stage, probability FROM deals ORDER BY id") == [
        ("early", "won", None, "Won", 1.0),
        ("later", "lost", None, "Lost", 0.0),
        ("open", "open", datetime(2026, 12, 31), "Demo", 0.5),
        ("unclosed", "won", None, "Won", 1.0),
        ("undated", "open", None, "Offer", 0.1),
        ("young", "open", None, "Offer", 0.5),
    ]
    assert now.left_out_undated == {}


def test_leads_as_they_were_known(found: Tables) -> None:
    """The end of the day counts: d was created in its last minute, e in the first of the next."""
    then = found.as_of(date(2026, 3, 31))
    assert then.query("SELECT id, customer, rejected, is_rejected, status FROM leads ORDER BY id") == [
        ("a", datetime(2026, 2, 10), None, None, None),
        ("b", None, None, None, None),
        ("c", None, None, False, None),
        ("d", None, None, None, None),
    ]


def test_changes_and_months_that_were_over(found: Tables) -> None:
    then = found.as_of(date(2026, 3, 30))
    assert then.query("SELECT deal_id, stage FROM stage_changes ORDER BY entered") == [
        ("later", "Demo"),
        ("later", "Offer"),
    ]
    assert then.query("SELECT month, sales FROM spend") == [(date(2026, 2, 1), 1.0)]
    assert found.as_of(date(2026, 3, 31)).query("SELECT sum(sales) FROM spend") == [(3.0,)]


def test_several_days_side_by_side(found: Tables) -> None:
    days = [date(2026, month, 28) for month in range(1, 7)]
    then = [found.as_of(day) for day in days]
    assert [one.query("SELECT count(*) FROM deals")[0][0] for one in then] == [3, 4, 4, 5, 5, 5]
    assert found.query("SELECT count(*) FROM deals") == [(6,)]


def test_an_amount_that_is_filled_in_on_closing_was_not_known_before(tmp_path: Path) -> None:
    """Where no open deal has an amount, that of a deal which closed later is part of its outcome."""
    sources = """\
  - file: deals.csv
    table: deals
    columns: {id: ID, created: Created, closed: Closed, outcome: Stage, amount: Amount}
    values: {outcome: {won: Won, lost: Lost, otherwise: open}}
"""
    content = "ID,Created,Closed,Stage,Amount\na,2026-01-05,2026-04-10,Won,10\nb,2026-01-05,,Offer,\n"
    with tables(tmp_path, sources, {"deals.csv": content}) as read:
        assert read.as_of(date(2026, 3, 31)).query("SELECT id, amount FROM deals ORDER BY id") == [
            ("a", None),
            ("b", None),
        ]
        assert read.as_of(date(2026, 4, 30)).query("SELECT id, amount FROM deals ORDER BY id") == [
            ("a", 10.0),
            ("b", None),
        ]


@pytest.mark.parametrize("table", sorted(FILES), ids=lambda file: file.removesuffix(".csv"))
def test_cutting_nothing_off_and_not_cutting_are_the_same(found: Tables, table: str) -> None:
    """Where no row names a later day the tables of the day of the export are taken as they are, which is quicker."""
    name = {"stages": "stage_changes"}.get(table.removesuffix(".csv"), table.removesuffix(".csv"))
    assert found.latest == date(2026, 5, 5)
    rows = []
    for latest in (found.latest, date(2100, 1, 1)):
        known = replace(found, latest=latest).as_of(date(2026, 10, 31), as_exported=True)
        rows.append(known.query(f'SELECT * FROM {name} ORDER BY file, "row"'))
    assert rows[0] == rows[1]
    assert len(rows[0]) == FILES[table].count("\n") - 1


def test_a_day_that_lies_ahead_is_the_latest_but_not_the_last(tmp_path: Path) -> None:
    sources = (
        "  - {file: deals.csv, table: deals, columns: {id: ID, created: Created, closed: Closed, outcome: Stage}}\n"
    )
    lines = "ID,Created,Closed,Stage\na,2026-01-05,2026-02-10,won\nb,2026-01-06,2027-02-10 12:30,lost\n"
    with tables(tmp_path, sources, {"deals.csv": lines}) as read:
        assert (read.covers, read.latest) == (date(2026, 2, 10), date(2027, 2, 10))
        assert read.has_times == {("deals", "created"): False, ("deals", "closed"): True}
        now = read.as_of(date(2026, 10, 31), as_exported=True)
        assert now.query("SELECT id, outcome, closed FROM deals ORDER BY id") == [
            ("a", "won", datetime(2026, 2, 10)),
            ("b", "open", None),
        ]


def test_a_time_of_day_is_seen_far_down(tmp_path: Path) -> None:
    sources = "  - {file: leads.csv, table: leads, columns: {id: ID, created: Created, customer: Customer}}\n"
    days = "".join(f"{number},2026-01-05,\n" for number in range(5000))
    with tables(
        tmp_path, sources, {"leads.csv": f"ID,Created,Customer\n{days}last,2026-01-05 08:00,2026-02-02\n"}
    ) as read:
        assert read.has_times == {("leads", "created"): True, ("leads", "customer"): False}

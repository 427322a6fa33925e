"""What must not matter to any fact of a day: later rows of any table, what became of a deal later, the order of rows, columns and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.computed.client import sheet

DAY = date(2026, 3, 31)
BEGIN = date(2024, 10, 1)
LAST = date(2026, 8, 31)
Tables = Mapping[str, Sequence[Mapping[str, object]]]


@st.composite
def histories(draw: st.DrawFn) -> dict[str, list[dict[str, object]]]:
    """All eight tables, each with rows before the day; and a lead after it, so that the day is no day of the export."""
    number = st.integers(0, 9)

    def day(first: date = BEGIN, last: date = DAY) -> date:
        return first + timedelta(days=draw(st.integers(0, (last - first).days)))

    leads = [
        {"id": f"l{n}", "created": day(), "accepted": day() if draw(st.booleans()) else None}
        | {"status": draw(st.sampled_from(["New", "Lost"])), "source": draw(st.sampled_from("ab")), "account": "x"}
        for n in range(draw(st.integers(1, 25)))
    ]
    deals = [_deal(draw, n, day()) for n in range(draw(st.integers(1, 25)))]
    found: dict[str, list[dict[str, object]]] = {
        "leads": [*leads, {"id": "anchor", "created": LAST, "source": "a"}],
        "deals": deals,
        "stage_changes": [
            {"deal_id": f"d{draw(number)}", "stage": draw(st.sampled_from("AB")), "entered": day()} for _ in range(4)
        ],
        "activities": [{"record_id": f"l{draw(number)}", "at": day(), "kind": "call"} for _ in range(4)],
        "revenue": [{"month": m, "new": 10 + draw(number), "total": 50} for m in _months(date(2024, 10, 1), 18)],
        "spend": [{"month": m, "sales": 5, "marketing": 1 + draw(number)} for m in _months(date(2024, 10, 1), 18)],
        "feedback": [{"id": f"f{n}", "at": day(), "score": draw(number)} for n in range(4)],
        "reasons": [{"deal_id": f"d{draw(number)}", "at": day(), "text": "too expensive"} for _ in range(3)],
    }
    return found


def _deal(draw: st.DrawFn, number: int, created: date) -> dict[str, object]:
    outcome = draw(st.sampled_from(["won", "lost", "open"]))
    closed = min(LAST, created + timedelta(days=draw(st.integers(0, 300)))) if outcome != "open" else None
    return {
        "id": f"d{number}",
        "lead_id": f"l{draw(st.integers(0, 9))}",
        "created": created,
        "closed": closed,
        "outcome": outcome,
        "amount": draw(st.integers(1, 9)) * 100,
        "owner": draw(st.sampled_from("AB")),
        "reason": draw(st.sampled_from(["price", "", "no budget"])) if outcome == "lost" else None,
        "competitor": draw(st.sampled_from(["Rival", "None", ""])) if outcome != "open" else None,
    }


def _months(first: date, count: int) -> list[date]:
    return [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(count)]


@st.composite
def later_rows(draw: st.DrawFn) -> dict[str, list[dict[str, object]]]:
    """Rows of the time after the day, of old and new leads and deals, in any of the tables."""
    days = st.integers(1, 150).map(lambda n: DAY + timedelta(days=n))
    some = st.integers(0, 3)
    deal = st.sampled_from([f"d{n}" for n in range(10)])
    lead = st.sampled_from([f"l{n}" for n in range(10)])
    return {
        "leads": [{"id": f"x{n}", "created": draw(days), "customer": draw(days)} for n in range(draw(some))],
        "deals": [
            {"id": f"y{n}", "lead_id": draw(lead), "created": draw(days), "closed": draw(days), "amount": 7}
            | {"outcome": draw(st.sampled_from(["won", "lost", "open"])), "owner": "C", "reason": "support"}
            for n in range(draw(some))
        ],
        "stage_changes": [{"deal_id": draw(deal), "stage": "Z", "entered": draw(days)} for _ in range(draw(some))],
        "activities": [{"record_id": draw(lead), "at": draw(days), "kind": "mail"} for _ in range(draw(some))],
        "revenue": [{"month": m, "new": 1, "total": 2} for m in _months(date(2026, 4, 1), draw(some))],
        "spend": [{"month": m, "sales": 9, "marketing": 9} for m in _months(date(2026, 4, 1), draw(some))],
        "feedback": [{"id": f"z{n}", "at": draw(days), "score": 10} for n in range(draw(some))],
        "reasons": [{"deal_id": draw(deal), "at": draw(days), "competitor": "Late"} for _ in range(draw(some))],
    }


def facts(factory: pytest.TempPathFactory, tables: Tables) -> dict[str, object]:
    """Every fact of the day with its interval, or why there is none."""
    found = sheet(factory.mktemp("client"), DAY, None, **tables)
    return {
        one.fact: one.reason
        if one.observation is None
        else (one.observation.value, one.observation.low, one.observation.high, one.answer.n)
        for one in found.computed
    }


@settings(max_examples=8, deadline=None)
@given(tables=histories(), later=later_rows())
def test_a_later_row_of_any_table_changes_no_fact(
    tmp_path_factory: pytest.TempPathFactory, tables: Tables, later: Tables
) -> None:
    # columns that only the later rows fill are there in both, so that the files differ in rows alone
    columns = {name: {key for row in (*tables[name], *later[name]) for key in row} for name in tables}
    before = {name: [{key: row.get(key) for key in sorted(columns[name])} for row in tables[name]] for name in tables}
    after = {name: [*before[name], *later[name]] for name in tables}
    assert facts(tmp_path_factory, after) == facts(tmp_path_factory, before)


@settings(max_examples=6, deadline=None)
@given(tables=histories(), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_columns_and_files_changes_no_fact(
    tmp_path_factory: pytest.TempPathFactory, tables: Tables, order: Random
) -> None:
    names = order.sample(sorted(tables), len(tables))
    mixed = {
        name: [_turned(row, order) for row in order.sample(list(tables[name]), len(tables[name]))] for name in names
    }
    assert facts(tmp_path_factory, mixed) == facts(tmp_path_factory, tables)


def _turned(row: Mapping[str, object], order: Random) -> dict[str, object]:
    return {key: row[key] for key in order.sample(sorted(row), len(row))}


@settings(max_examples=6, deadline=None)
@given(tables=histories(), data=st.data())
def test_how_a_deal_ended_later_changes_no_fact(
    tmp_path_factory: pytest.TempPathFactory, tables: Tables, data: st.DataObject
) -> None:
    """Won or lost after the day, for this reason or another, is all one to the day."""
    other = [_ended_otherwise(row, data) for row in tables["deals"]]
    assert facts(tmp_path_factory, {**tables, "deals": other}) == facts(tmp_path_factory, tables)


def _ended_otherwise(row: Mapping[str, object], data: st.DataObject) -> Mapping[str, object]:
    closed = row["closed"]
    if not isinstance(closed, date) or closed <= DAY:
        return row
    earlier = data.draw(st.integers(0, (closed - DAY).days - 1))
    outcome = data.draw(st.sampled_from(["won", "lost"]))
    told = {"outcome": outcome, "closed": closed - timedelta(days=earlier), "reason": "support", "competitor": "Late"}
    return {**row, **told}

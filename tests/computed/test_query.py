"""SQL of a catalogue: what it may do, and what is said where it may not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.computation import Computation, Give, Method
from engine.computed import query
from engine.facts import FactDefinition, FactType
from engine.policy import PolicySet
from tests.computed.client import deals_of, fact, policy


def with_sql(sql: str, kind: FactType = FactType.NUMBER, **more: Any) -> PolicySet:
    """The shipped policy set with one fact more, `test.answer`."""
    computation = replace(Computation(Method.SQL, Give.VALUE, sql=sql), **more)
    added = FactDefinition("test.answer", kind, "answer", computed=(computation,))
    return replace(policy(), catalogue={**policy().catalogue, "test.answer": added})


def answered(folder: Path, sql: str, kind: FactType = FactType.NUMBER, **more: Any) -> object:
    """The value, or the reason why there is none."""
    found = fact(folder, "test.answer", used=with_sql(sql, kind, **more), deals=deals_of("2026-01", [(5, 10)] * 9))
    return found.reason if found.observation is None else found.observation.value


@pytest.mark.parametrize(
    "sql, value",
    [
        ("SELECT count(*) AS value FROM deals", 90.0),
        ("with w AS (SELECT * FROM deals WHERE outcome = 'won') SELECT count(*) AS value FROM w", 45.0),
        ("SELECT count(*) AS value FROM leads", 0.0),
        ("SELECT count(*) AS value FROM deals WHERE closed < $this_month - INTERVAL 1 MONTH", 80.0),
        ("SELECT $window AS value", 90.0),
        ("SELECT date_diff('day', DATE '2026-09-01', $as_of) AS value", 29.0),
        ("SELECT sum(n) AS value FROM range(4) AS r(n)", 6.0),
        ("SELECT count(*) AS value FROM deals WHERE over_age IS NULL", 90.0),
    ],
)
def test_one_select_over_the_tables_is_run(tmp_path: Path, sql: str, value: float) -> None:
    assert answered(tmp_path, sql) == value


@pytest.mark.parametrize(
    "sql, why",
    [
        ("SELECT count(*) AS value FROM read_csv('deals.csv')", "it calls `read_csv`"),
        ("SELECT count(*) AS value FROM 'deals.csv'", "it reads `deals.csv`, which is no canonical table"),
        ("SELECT count(*) AS value FROM duckdb_settings()", "it calls `duckdb_settings`"),
        ("SELECT count(*) AS value FROM information_schema.tables", "it reads `tables`, which is no canonical table"),
        ("SELECT (SELECT count(*) FROM all_deals) AS value", "it reads `all_deals`, which is no canonical table"),
        ("SELECT 1 AS value; SELECT 2 AS value", "it is more than one statement"),
        (
            "WITH RECURSIVE w AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM w) SELECT max(n) AS value FROM w",
            "it is recursive",
        ),
        ("DROP TABLE deals", "Only SELECT statements can be serialized to json!"),
    ],
)
def test_anything_else_is_not(tmp_path: Path, sql: str, why: str) -> None:
    assert answered(tmp_path, sql) == f"the SQL of the catalogue is not allowed: {why}"


def test_what_fails_is_said(tmp_path: Path) -> None:
    assert str(answered(tmp_path, "SELECT nothing AS value FROM deals")).startswith(
        'the SQL of the catalogue fails: Binder Error: Referenced column "nothing" not found'
    )
    assert (
        answered(tmp_path, "SELECT 1 AS value FROM deals")
        == "the SQL of the catalogue fails: it gives more than one row"
    )
    assert (
        answered(tmp_path, "SELECT 1 AS value WHERE FALSE", otherwise="12 months are needed") == "12 months are needed"
    )
    assert answered(tmp_path, "SELECT 1 AS value", reads=("plan.horizon_days",)) == "`plan.horizon_days` is not known"
    needs = ("deals.due",)
    assert answered(tmp_path, "SELECT 1 AS value", needs=needs) == (
        "the exports do not give `deals.due`: expected close of an open deal"
    )


def test_counts_become_a_rate_with_its_interval(tmp_path: Path) -> None:
    sql = "SELECT count(*) AS trials, count(*) FILTER (WHERE outcome = 'won') AS successes FROM deals"
    assert answered(tmp_path, sql, FactType.RATE) == 0.5
    assert answered(tmp_path, sql, FactType.RATE, least=100) == "90 cases, 100 needed"
    assert answered(tmp_path, "SELECT 5 AS trials, 6 AS successes", FactType.RATE) == (
        "the SQL of the catalogue counts 6 of 5"
    )


def test_a_query_without_an_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "_TICKS", 3)
    sql = "SELECT sum(a.n * b.n % 7) AS value FROM range(10000000) AS a(n), range(10000000) AS b(n)"
    assert answered(tmp_path, sql) == "the SQL of the catalogue takes longer than 20 seconds"

"""Computed facts beside stated ones, and as of a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.facts import Origin
from tests.computed.client import Rows, deals_of, extraction, leads_of, sheet

DEALS = deals_of("2025-10", [(4, 10)] * 12)


def test_a_stated_value_counts_and_a_material_difference_is_said(tmp_path: Path) -> None:
    stated = "{sales.win_rate: 60%, sales.cycle_days: 30.1 days, sales.rep_count: unknown}"
    with extraction(tmp_path, stated=stated, deals=DEALS) as found:
        facts = found.company.facts
        warnings = [(one.code, one.message, one.hint) for one in found.company.warnings]
    assert (facts["sales.win_rate"].value, facts["sales.win_rate"].origin) == (0.6, Origin.STATED)
    assert facts["sales.win_rate_trend"].origin is Origin.COMPUTED
    assert warnings == [
        (
            "computed-differs",
            "`sales.win_rate` is stated as 60 %, and the exports give 40 % [31.7-48.9 %, 48 of 120]",
            "the stated value is used; `steelyard facts explain sales.win_rate` shows how the other came about",
        )
    ]


def test_what_could_not_be_computed_is_part_of_the_company(tmp_path: Path) -> None:
    with extraction(tmp_path, stated="{competition.win_rate: 50%}", deals=DEALS) as found:
        why = found.company.not_computed
    assert why["sales.win_rate_prior_12m"] == "0 months of the year before, 6 needed"
    assert why["funnel.leads_monthly"] == "there is no export of leads (table `leads`)"
    assert "competition.win_rate" not in why


def test_an_old_extract_makes_old_facts(tmp_path: Path) -> None:
    """Trap 6: coverage that looks sufficient and is stale."""
    leads = leads_of("2025-01", [(0, 60)] * 9)
    with extraction(tmp_path, leads=leads, deals=DEALS) as found:
        stale = {one.message.split("`")[1] for one in found.company.warnings if one.code == "stale-fact"}
    assert {"funnel.leads_monthly", "funnel.leads_per_month"} <= stale


def test_without_a_date_the_last_day_of_the_exports_is_taken(tmp_path: Path) -> None:
    with extraction(tmp_path, None, deals=deals_of("2026-01", [(4, 10)] * 3)) as found:
        assert found.company.as_of == date(2026, 3, 26)
        assert [one.code for one in found.company.warnings] == ["date-assumed"]


OUTCOMES = st.sampled_from(["won", "lost", "open"])


@st.composite
def histories(draw: st.DrawFn) -> Rows:
    """Deals with any dates in two years."""
    rows: list[dict[str, object]] = []
    for number in range(draw(st.integers(1, 60))):
        created = date(2024, 10, 1) + timedelta(days=draw(st.integers(0, 700)))
        outcome = draw(OUTCOMES)
        closed = created + timedelta(days=draw(st.integers(0, 200)))
        rows.append(
            {"id": str(number), "created": created, "outcome": outcome, "closed": closed if outcome != "open" else None}
            | {"amount": draw(st.integers(1, 9)) * 100, "owner": draw(st.sampled_from("AB"))}
        )
    return rows


@settings(max_examples=15, deadline=None)
@given(rows=histories(), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_and_a_later_row_change_no_fact(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows, order: Random
) -> None:
    day = date(2026, 3, 31)
    shuffled = order.sample(rows, len(rows))
    later = [
        *shuffled,
        {
            "id": "late",
            "created": date(2026, 4, 2),
            "outcome": "won",
            "closed": date(2026, 4, 3),
            "amount": 1,
            "owner": "C",
        },
    ]
    first = facts(tmp_path_factory.mktemp("first"), day, rows)
    assert facts(tmp_path_factory.mktemp("second"), day, shuffled) == first
    assert facts(tmp_path_factory.mktemp("third"), day, later) == first | {"company.data_as_of": day}


def facts(folder: Path, day: date, rows: Rows) -> dict[str, object]:
    found = sheet(folder, day, deals=rows)
    return {one.fact: one.reason if one.observation is None else one.observation.value for one in found.computed}

"""Amounts, medians, growth, groups, SQL: one client with every table, its numbers worked by hand."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.computed.answer import Computed
from engine.computed.compute import Sheet
from tests.computed.client import AS_OF, day, deals_of, extraction, fact, leads_of, months

MONTHS = 27
RECURRING = {"start": 1000, "churned": 10, "contraction": 5, "expansion": 20}


def rich() -> dict[str, list[dict[str, object]]]:
    """Deals from July 2024 on, ten a month, five won; in the last half year they take 60 days instead of 30, and 1,200 instead of 1,000."""
    deals: list[dict[str, object]] = []
    for number, begin in enumerate(months("2024-07", MONTHS)):
        late = number >= MONTHS - 6
        of_month = deals_of(f"{begin:%Y-%m}", [(5, 10)], cycle=60 if late else 30)
        for n, row in enumerate(of_month):
            won = row["outcome"] == "won"
            deals.append(
                {
                    **row,
                    "amount": 1200 if late else 1000,
                    "client": "new" if n % 2 == 0 else "existing",
                    "owner": f"R{n % 2}",
                    "stakeholders": n + 1,
                    "custom_scope": n < 3,
                    "assisted": n in (0, 1, 5, 6),
                    "competitor": "Rival" if n in (4, 5, 6, 7) else "none",
                    "reason": None
                    if won
                    else ("no decision", "too expensive", "lost to Rival", "other", "blue moon")[n - 5],
                }
            )
    deals += [
        {
            "id": f"O{n}",
            "created": AS_OF - timedelta(days=age),
            "outcome": "open",
            "amount": 500,
            "due": AS_OF + timedelta(days=due),
        }
        | {"owner": "R0"}
        for n, (age, due) in enumerate([(10, 5), (20, 40), (61, 10)])
    ]
    leads = [
        {**row, "qualified": row["created"], "accepted": row["created"], "source": "web" if n % 4 else "fair"}
        | {"first_touch": f"{row['created']} 09:00" if n % 5 else None, "created": f"{row['created']} 07:00"}
        for n, row in enumerate(leads_of("2024-07", [(2, 20)] * (MONTHS - 6) + [(2, 30)] * 6))
    ]
    touches: list[dict[str, object]] = [
        {"record_id": row["id"], "at": row["created"]} for n, row in enumerate(leads) if n % 2
    ]
    first = months("2024-07", MONTHS)
    revenue: list[dict[str, object]] = [
        dict(month=m, new=100 if n < MONTHS - 6 else 150, total=330 if m.month == 12 else 300, **RECURRING)
        for n, m in enumerate(first)
    ]
    spend: list[dict[str, object]] = [{"month": m, "sales": 60, "marketing": 40} for m in first]
    scores = [10, 9, 9, 10, 10, 7, 8, 3, 0, 6]
    feedback: list[dict[str, object]] = [
        {"id": n, "at": AS_OF - timedelta(days=30 + n), "score": score} for n, score in enumerate(scores)
    ]
    return {
        "leads": leads,
        "deals": deals,
        "activities": touches,
        "revenue": revenue,
        "spend": spend,
        "feedback": feedback,
    }


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sheet]:
    stated = "{plan.horizon_days: 30 days, sales.rep_count: 2}"
    with extraction(tmp_path_factory.mktemp("rich"), AS_OF, stated, None, **rich()) as found:
        yield found.sheet


# The value, by hand, and the rows or months it is of.
VALUES: dict[str, tuple[object, int | None]] = {
    "company.data_as_of": (day("2026-09-30"), None),
    "funnel.leads_per_month": (30.0, 180),
    "funnel.lead_volume_cv": (5.2223 / 25, 300),
    "lead.first_response_hours": (2.0, 270),
    "sales.cycle_days": (45.0, 60),
    "sales.cycle_change_yoy": (1.0, 60),
    "sales.rep_count": (2.0, 60),
    "sales.open_opps_per_rep": (1.0, 2),
    "pipeline.open_value": (1000.0, 2),
    "pipeline.due_value": (500.0, 1),
    "deal.acv_median": (1100.0, 36),
    "deal.stakeholders_median": (5.5, 120),
    "growth.revenue_new_yoy": (0.5, 12),
    "growth.qualified_leads_yoy": (170 / 120 - 1, 290),
    "objection.coded_losses": (36.0, 36),
    "customer.nps": (20.0, 10),
    "customer.grr": (0.82, 12),
    "customer.nrr": (1.06, 12),
    "finance.marketing_share_of_sm": (0.4, 12),
    "finance.sm_pct_revenue": (1200 / 3630, 12),
    "market.cpl_change_yoy": (20 / 30 - 1, 12),
    "competition.win_rate_gap_pp": (100 * (4 / 6 - 1 / 4), 120),
    "deal.assisted_win_lift_pp": (100 * (2 / 4 - 3 / 6), 120),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_that_worked_by_hand(sheet: Sheet, name: str) -> None:
    found = known(sheet, name)
    value, n = VALUES[name]
    assert found.observation is not None
    assert found.observation.value == (pytest.approx(value, rel=1e-3, abs=1e-6) if isinstance(value, float) else value)
    assert found.answer.n == n


COUNTS = {
    "lead.never_answered_share": (29, 287),
    "sales.untouched_sql_share": (147, 294),
    "deal.custom_scope_share": (36, 120),
    "competition.involvement_rate": (48, 120),
    "competition.win_rate": (12, 48),
    "competition.lost_to_competitor_share": (36, 36),
    "sales.no_decision_share": (12, 36),
    "objection.human_addressable_share": (12, 36),
    "objection.structural_share": (12, 36),
    "objection.marketing_addressable_share": (0, 36),
    "data.close_reason_fill_rate": (48, 60),
    "data.competitor_fill_rate": (120, 120),
    "market.digital_preference_share": (36, 60),
    "data.stage_date_completeness": (873, 873),
}


@pytest.mark.parametrize("name", COUNTS)
def test_a_share_counts_what_is_counted_by_hand(sheet: Sheet, name: str) -> None:
    found = known(sheet, name)
    assert (found.answer.successes, found.answer.trials) == COUNTS[name]


def test_a_file_is_named_for_each_table_that_was_read(sheet: Sheet) -> None:
    found = known(sheet, "market.cpl_change_yoy")
    assert found.files == ("leads.csv", "spend.csv")
    assert found.rows == 600 + MONTHS
    assert known(sheet, "lead.first_response_hours").files == ("leads.csv",)


def test_hours_need_times_of_day(tmp_path: Path) -> None:
    leads = [{**row, "first_touch": row["created"]} for row in leads_of("2025-10", [(0, 20)] * 12)]
    found = fact(tmp_path, "lead.first_response_hours", leads=leads)
    assert found.reason == "`created` and `first_touch` have no time of day, so hours cannot be told"


def test_days_that_end_before_they_begin_are_left_out_and_counted(tmp_path: Path) -> None:
    deals = deals_of("2025-10", [(5, 10)] * 12)
    deals[0] |= {"created": day("2025-10-20"), "closed": day("2025-10-19")}
    found = fact(tmp_path, "sales.cycle_days", deals=deals)
    assert found.answer.n == 59
    assert found.answer.remark == "1 that end before they begin left out"


def test_open_deals_without_an_amount_have_no_value(tmp_path: Path) -> None:
    """Deals of a system that writes the amount when a deal is won."""
    deals = [{**row, "amount": 100} for row in deals_of("2026-01", [(5, 10)] * 9, cycle=20)]
    deals += [{"id": f"O{n}", "created": AS_OF - timedelta(days=5), "outcome": "open"} for n in range(3)]
    found = fact(tmp_path, "pipeline.open_value", deals=deals)
    assert found.reason == "none of the 3 deals has a value for amount"


def test_the_season_needs_two_years_and_growth_is_none(tmp_path: Path) -> None:
    """Trap 10: revenue grows by 2 a month and has no season; December alone is a season."""
    steady = [{"month": m, "total": 100 + 2 * n} for n, m in enumerate(months("2024-01", 33))]
    found = fact(tmp_path, "season.index_next_3m", revenue=steady)
    assert found.observation is not None
    assert found.observation.value == pytest.approx(1, abs=0.01)
    short = fact(tmp_path, "season.index_next_3m", revenue=steady[-20:])
    assert short.reason == "20 months, 24 needed in a row"
    year = fact(tmp_path, "funnel.lead_volume_trend", leads=leads_of("2025-10", [(0, 20 + 3 * n) for n in range(12)]))
    assert year.observation is not None
    assert year.observation.value == "rising"
    assert year.answer.remark == "one year cannot tell growth from a season"


def test_a_gap_in_the_books_is_no_zero(tmp_path: Path) -> None:
    books = [{"month": m, "new": 100} for m in months("2024-10", 24) if m != day("2025-06-01")]
    found = fact(tmp_path, "growth.revenue_new_yoy", revenue=books)
    assert found.reason == "1 of the 12 months compared are missing, the first is 2025-06"


def test_a_shift_of_sources_is_measured_against_chance(tmp_path: Path) -> None:
    def rows(begin: str, web: int) -> list[dict[str, object]]:
        return [
            {**row, "source": "web" if n % 100 < web else "fair"}
            for n, row in enumerate(leads_of(begin, [(0, 100)] * 6))
        ]

    moved = fact(tmp_path, "market.source_psi", leads=rows("2025-04", 50) + rows("2026-04", 80))
    assert moved.observation is not None
    assert moved.observation.value == pytest.approx(0.3 * math.log(1.6) + -0.3 * math.log(0.4))


def test_a_rival_that_sells_to_new_clients_alone_is_not_to_blame(tmp_path: Path) -> None:
    """Trap 8: existing clients buy three times as often, and rivals appear among new ones."""
    deals: list[dict[str, object]] = []
    for n, row in enumerate(deals_of("2025-10", [(0, 200)] * 12)):
        place = n % 200
        existing, rival = place < 100, place < 20 or place >= 120
        won = place % 10 < (6 if existing else 2)
        deals.append(
            {**row, "client": "existing" if existing else "new", "competitor": "Rival" if rival else "none"}
            | {"outcome": "won" if won else "lost"}
        )
    found = fact(tmp_path, "competition.win_rate_gap_pp", deals=deals)
    assert found.observation is not None
    assert found.observation.value == pytest.approx(0)
    assert found.observation.low is not None
    assert found.observation.low < 0
    assert found.answer.told[-1] == (
        "compared within client (2 strata, 0 with one side only left out); without that it would be +24.0 points"
    )


def test_the_biggest_leak_is_named_only_beyond_chance(tmp_path: Path) -> None:
    def funnel(accepted_now: int, won_now: int) -> Computed:
        rows = leads_of("2024-04", [(20, 40)] * 15 + [(accepted_now, 40)] * 12 + [(20, 40)] * 3)
        leads = [{**row, "qualified": row["created"], "accepted": row["customer"], "customer": None} for row in rows]
        deals = deals_of("2024-10", [(20, 40)] * 12 + [(won_now, 40)] * 12)
        return fact(tmp_path, "funnel.biggest_leak_stage", leads=leads, deals=deals)

    fallen, steady, within_chance = funnel(10, 19), funnel(20, 20), funnel(20, 19)
    assert fallen.observation is not None
    assert fallen.observation.value == "mql_to_sql"
    assert fallen.answer.told[-1] == "not compared: sql_to_opportunity"
    assert steady.observation is not None
    assert steady.observation.value == "none"
    assert within_chance.reason == (
        "no step is shown to fall short: opportunity_to_won is lowest, 5 % below, within chance"
    )


def known(sheet: Sheet, name: str) -> Computed:
    found = sheet.of(name)
    assert found is not None
    assert found.observation is not None, found.reason
    return found


@pytest.mark.parametrize(
    "name, told",
    [
        ("deal.acv_median", "nine in ten up to 1,200 USD"),
        ("growth.revenue_new_yoy", " USD in the same months a year before"),
        ("finance.marketing_share_of_sm", " USD of "),
        ("market.cpl_change_yoy", " USD in the last 6 months, "),
        ("sales.cycle_days", "nine in ten up to 60 days"),
    ],
)
def test_every_amount_that_is_told_has_its_unit(sheet: Sheet, name: str, told: str) -> None:
    (said, *_) = known(sheet, name).answer.told
    assert told in said
    bare = re.sub(r"[0-9.,]+ (?:USD|days)|last [0-9]+ months", "", said)
    assert not any(character.isdigit() for character in bare)

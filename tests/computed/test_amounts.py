"""Amounts, medians, growth, groups, SQL: one client with every table, its numbers worked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.computed.answer import Computed
from engine.computed.compute import Sheet
from tests.computed.client import AS_OF, day, deals_of, extraction, fact, leads_of, months

MONTHS = 27


def rich() -> dict[str, list[dict[str, object]]]:
    """Deals from July 2024 on, ten a month, five won; the last half year they took 60 days and not 30, and were worth 1,200 and not 1,000."""
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
                    "reason": None if won else ("no decision", "too expensive", "lost to Rival", "other", "blue moon")[n - 5],
                }
            )
    deals += [
        {"id": f"O{n}", "created": AS_OF - timedelta(days=age), "outcome": "open", "amount": 500, "due": AS_OF + timedelta(days=due)}
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
        {"month": m, "new": 100 if n < MONTHS - 6 else 150, "total": 300 + 30 * (m.month == 12)}
        | {"start": 1000, "churned": 10, "contraction": 5, "expansion": 20}
        for n, m in enumerate(first)
    ]
    spend: list[dict[str, object]] = [{"month": m, "sales": 60, "marketing": 40} for m in first]
    feedback: list[dict[str, object]] = [
        {"id": n, "at": AS_OF - timedelta(days=30 + n), "score": score}
        for n, score in enumerate([10, 9, 9, 10, 10, 7, 8, 3, 0, 6])
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
    with extraction(tmp_path_factory.mktemp("rich"), stated=stated, **rich()) as found:
        yield found.sheet


# The value, by hand, and the rows or months it is of.
VALUES: dict[str, tuple[object, int | None]] = {
    "company.data_as_of": (day("2026-09-30"), None),
    "funnel.leads_per_month": (30.0, 180),
    "funnel.lead_volume_cv": (5.2223 / 25, 300),
    "lead.first_response_hours": (2.0, 240),
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
    "lead.never_answered_share": (58, 290),
    "sales.untouched_sql_share": (145, 290),
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
    "data.stage_date_completeness": (872, 873),
}


@pytest.mark.parametrize("name", COUNTS)
def test_a_share_counts_what_is_counted_by_hand(sheet: Sheet, name: str) -> None:
    found = known(sheet, name)
    assert (found.answer.successes, found.answer.trials) == COUNTS[name]


def known(sheet: Sheet, name: str) -> Computed:
    found = sheet.of(name)
    assert found is not None
    assert found.observation is not None, found.reason
    return found

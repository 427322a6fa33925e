"""Rates: which rows and which months count, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.computed.answer import Computed, MonthLine, Standing
from engine.facts import Origin
from tests.computed.client import AS_OF, day, deals_of, fact, leads_of, parts, sheet


def values(found: Computed) -> tuple[int | None, int | None, str]:
    assert found.observation is not None, found.reason
    return found.observation.successes, found.observation.trials, str(found.answer.period)


def standings(lines: tuple[MonthLine, ...]) -> dict[str, Standing]:
    return {str(line.month): line.standing for line in lines}


# ---- cohorts


def test_a_cohort_counts_leads_of_mature_months(tmp_path: Path) -> None:
    # 14 months to September; T is 90 days, so June is the last whose leads all had their time on 30 September
    leads = leads_of("2025-08", [(2, 20)] * 14)
    found = fact(tmp_path, "funnel.lead_to_customer_rate", leads=leads)
    assert values(found) == (22, 220, "2025-08 to 2026-06")
    assert found.observation is not None
    assert found.observation.origin is Origin.COMPUTED
    assert found.observation.source == "leads.csv"
    assert found.observation.value == pytest.approx(0.1)
    assert [found.observation.low, found.observation.high] == pytest.approx([0.0668, 0.1469], abs=5e-4)
    assert {m for m, s in standings(found.answer.lines).items() if s is Standing.IMMATURE} == {
        "2026-07",
        "2026-08",
        "2026-09",
    }


def test_a_customer_after_the_time_given_is_none(tmp_path: Path) -> None:
    on_time, late = leads_of("2025-08", [(1, 20)] * 11, after=90), leads_of("2025-08", [(1, 20)] * 11, after=91)
    for leads in (on_time, late):
        # four in five of the others took 10 days, so that T stays at 90
        leads += [{**row, "id": f"F{row['id']}"} for row in leads_of("2025-08", [(9, 20)] * 11, after=10)]
    assert values(fact(tmp_path, "funnel.lead_to_customer_rate", leads=on_time))[:2] == (110, 440)
    assert values(fact(tmp_path, "funnel.lead_to_customer_rate", leads=late))[:2] == (99, 440)


def test_the_time_given_follows_the_cycle_of_won_deals(tmp_path: Path) -> None:
    deals = deals_of("2025-10", [(10, 20)] * 10, cycle=100)
    found = sheet(tmp_path, leads=leads_of("2025-01", [(2, 20)] * 18), deals=deals)
    assert found.window.days == 120
    assert found.window.told == (
        "T = 120 days: four in five of 100 won deals took up to 100 days, rounded up to 30, at least 90"
    )
    told = found.of("funnel.lead_to_customer_rate")
    assert told is not None
    # May ends 122 days before 30 September, June 92
    assert str(told.answer.period) == "2025-06 to 2026-05"


def test_partial_months_at_both_ends_are_dropped(tmp_path: Path) -> None:
    leads = [row for row in leads_of("2025-01", [(3, 60)] * 16) if str(row["created"]) >= "2025-01-12"]
    leads = [row for row in leads if str(row["created"]) <= "2026-04-12"]
    found = fact(tmp_path, "funnel.leads_monthly", leads=leads)
    assert found.observation is not None
    assert found.observation.value == tuple([60.0] * 14)
    assert str(found.answer.period) == "2025-02 to 2026-03"


def test_months_without_leads_after_the_extract_are_not_months_without_leads(tmp_path: Path) -> None:
    """The leads end in April; the rest of the exports goes on to September."""
    found = fact(tmp_path, "funnel.leads_per_month", leads=leads_of("2025-05", [(3, 56)] * 12))
    assert found.observation is not None
    assert found.observation.value == 56
    assert found.observation.as_of == date(2026, 4, 28)


def test_a_rare_lead_may_be_late(tmp_path: Path) -> None:
    """One lead a month: no lead for three weeks is what chance brings, and September counts with 0."""
    leads = [row for row in leads_of("2025-01", [(0, 1)] * 21) if str(row["created"]) < "2026-09"]
    found = fact(tmp_path, "funnel.leads_monthly", leads=leads)
    assert found.observation is not None
    assert found.observation.value == tuple([1.0] * 20 + [0.0])


def test_cohorts_from_before_anybody_sold_are_left_out(tmp_path: Path) -> None:
    """Trap 1: selling begins in December 2025; the leads before could not win, or only late."""
    leads = leads_of("2025-07", [(0, 100)] * 5) + leads_of("2025-12", [(12, 100)] * 7)
    for row in leads[300:310]:
        row["customer"] = day("2025-12-03")
    found = fact(tmp_path, "funnel.lead_to_customer_rate", leads=leads)
    assert standings(found.answer.lines) == {
        "2025-07": Standing.BEFORE_SELLING,
        "2025-08": Standing.BEFORE_SELLING,
        "2025-09": Standing.HALF_BEFORE_SELLING,
        "2025-10": Standing.HALF_BEFORE_SELLING,
        "2025-11": Standing.HALF_BEFORE_SELLING,
        "2025-12": Standing.HALF_BEFORE_SELLING,
        **{f"2026-0{number}": Standing.USED for number in range(1, 7)},
    }
    trend = fact(tmp_path, "funnel.conversion_trend", leads=leads)
    assert trend.observation is not None
    assert trend.observation.value in ("flat_shown", "inconclusive")


def test_too_few_months_and_conversions_are_said(tmp_path: Path) -> None:
    few_months = fact(tmp_path, "funnel.conversion_trend", leads=leads_of("2026-03", [(10, 100)] * 7))
    few_wins = fact(tmp_path, "funnel.conversion_trend", leads=leads_of("2025-08", [(1, 100)] * 14))
    assert (few_months.observation, few_months.reason) == (None, "4 mature months, 6 needed")
    assert (few_wins.observation, few_wins.reason) == (None, "11 conversions, 20 needed")


def test_the_year_before_needs_half_a_year(tmp_path: Path) -> None:
    found = fact(tmp_path, "funnel.conversion_prior_12m", leads=leads_of("2025-01", [(2, 20)] * 21))
    enough = fact(tmp_path, "funnel.conversion_prior_12m", leads=leads_of("2024-12", [(2, 20)] * 13 + [(4, 20)] * 9))
    assert found.reason == ""
    assert values(found) == (12, 120, "2025-01 to 2025-06")
    assert values(enough) == (14, 140, "2024-12 to 2025-06")
    short = fact(tmp_path, "funnel.conversion_prior_12m", leads=leads_of("2025-02", [(2, 20)] * 20))
    assert short.reason == "5 months of the year before, 6 needed"


def test_the_last_cohort_can_be_an_alarm_without_a_trend(tmp_path: Path) -> None:
    """Trap 11: one month falls to less than half."""
    leads = leads_of("2025-08", [(30, 250)] * 10 + [(10, 250)] + [(0, 250)] * 3)
    found = fact(tmp_path, "funnel.conversion_trend", leads=leads)
    assert found.answer.alarm is not None
    assert found.answer.alarm.is_alarm
    assert str(found.answer.alarm.month) == "2026-06"
    assert found.observation is not None
    assert found.observation.value == "inconclusive"
    assert any(
        told.startswith("alarm, to look into and no trend. 2026-06: 4 % (10 of 250)") for told in found.answer.told
    )


def test_customers_come_from_the_deals_of_a_lead(tmp_path: Path) -> None:
    """By `lead_id` of the deal, or by `deal_id` of the lead; a lost deal makes no customer."""
    leads = [{k: v for k, v in row.items() if k != "customer"} for row in leads_of("2025-08", [(0, 20)] * 14)]
    deals = [
        {
            "id": f"D{row['id']}",
            "lead_id": row["id"],
            "created": row["created"],
            "closed": day(str(row["created"])) + timedelta(days=9),
            "outcome": "won" if number % 20 < 3 else "lost",
        }
        for number, row in enumerate(leads)
        if number % 20 < 6
    ]
    by_lead = fact(tmp_path, "funnel.lead_to_customer_rate", leads=leads, deals=deals)
    linked = [{**row, "deal_id": f"D{row['id']}"} for row in leads]
    without = [{k: v for k, v in row.items() if k != "lead_id"} for row in deals]
    by_deal = fact(tmp_path, "funnel.lead_to_customer_rate", leads=linked, deals=without)
    assert values(by_lead) == values(by_deal) == (33, 220, "2025-08 to 2026-06")
    assert by_lead.files == ("leads.csv", "deals.csv")


# ---- shares


def test_a_win_rate_is_of_closed_deals_by_month_of_closing(tmp_path: Path) -> None:
    open_deals = [{"id": f"O{n}", "created": day("2026-08-01"), "outcome": "open"} for n in range(40)]
    deals = deals_of("2025-01", [(5, 20)] * 9 + [(8, 20)] * 12) + open_deals
    found = fact(tmp_path, "sales.win_rate", deals=deals)
    before = fact(tmp_path, "sales.win_rate_prior_12m", deals=deals)
    assert values(found) == (96, 240, "2025-10 to 2026-09")
    assert values(before) == (45, 180, "2025-01 to 2025-09")


def test_an_export_of_won_deals_alone_has_no_win_rate(tmp_path: Path) -> None:
    found = fact(tmp_path, "sales.win_rate", deals=deals_of("2025-10", [(20, 20)] * 12))
    assert found.reason == "there are no deals that were lost in the exports: they show one side only"


def test_a_quarter_end_does_not_hide_a_flat_rate(tmp_path: Path) -> None:
    """Trap 3: 80 % at the end of each quarter, 50 % in the other months, for two years."""
    deals = deals_of("2024-10", [(100, 200), (100, 200), (160, 200)] * 8)
    found = fact(tmp_path, "sales.win_rate_trend", deals=deals)
    assert found.observation is not None
    assert found.observation.value == "flat_shown"
    assert "beside the position in the quarter" in found.answer.told[0]


def test_parts_that_do_not_differ_are_not_ranked(tmp_path: Path) -> None:
    """Trap 4."""
    deals = [{**row, "owner": f"R{n % 10}"} for n, row in enumerate(deals_of("2025-10", [(50, 100)] * 12))]
    [part] = parts(tmp_path, "sales.win_rate", deals=deals)
    assert part.column == "owner"
    assert part.ranking.ranked == ()
    assert part.ranking.reason.startswith("no ranking: the segments do not differ beyond chance (p = ")


def test_a_part_that_is_filled_in_with_the_outcome_is_no_part(tmp_path: Path) -> None:
    """Trap 9: the product is written down when a deal is won."""
    deals = [
        {**row, "product": "A" if row["outcome"] == "won" else None, "segment": f"S{n % 3}"}
        for n, row in enumerate(deals_of("2025-10", [(50, 100)] * 12))
    ]
    assert [part.column for part in parts(tmp_path, "sales.win_rate", deals=deals)] == ["segment"]


def test_a_change_that_the_mix_made_is_told_apart(tmp_path: Path) -> None:
    """Trap 7: each source wins as before; the better one has become rare."""
    before = [{**r, "source": "referral"} for r in deals_of("2024-10", [(24, 40)] * 12)]
    before += [{**r, "id": f"w{r['id']}", "source": "web"} for r in deals_of("2024-10", [(2, 10)] * 12)]
    now = [{**r, "source": "referral"} for r in deals_of("2025-10", [(6, 10)] * 12)]
    now += [{**r, "id": f"w{r['id']}", "source": "web"} for r in deals_of("2025-10", [(8, 40)] * 12)]
    [part] = parts(tmp_path, "sales.win_rate", deals=before + now)
    assert not hasattr(part.mix, "reason")
    assert part.mix.raw.change == pytest.approx(-0.24)
    assert part.mix.due_to_rates == pytest.approx(0)
    assert part.mix.is_explained_by_mix


def test_rows_without_an_answer_are_counted(tmp_path: Path) -> None:
    leads = [
        {**row, "fit": None if n % 4 == 0 else n % 4 == 1} for n, row in enumerate(leads_of("2025-10", [(0, 40)] * 12))
    ]
    found = fact(tmp_path, "lead.icp_fit_share", leads=leads)
    assert values(found) == (120, 360, "2025-10 to 2026-09")
    assert found.answer.remark == "120 leads without a word on whether they fit not counted"


def test_a_share_of_open_deals_by_age(tmp_path: Path) -> None:
    """Nine in ten closed deals took 20 days at most; the open ones are 10, 20 and 21 days old, and one has no date."""
    closed = deals_of("2026-01", [(5, 10)] * 9, cycle=20)
    ages = [10, 20, 21, None]
    open_deals: list[dict[str, object]] = [
        {"id": f"O{n}", "created": AS_OF - timedelta(days=age) if age else None, "outcome": "open"}
        for n, age in enumerate(ages)
    ]
    found = fact(tmp_path, "pipeline.stale_share", deals=closed + open_deals)
    assert (found.answer.successes, found.answer.trials) == (1, 3)
    assert found.answer.remark == "1 deal without a known age not counted"


def test_a_change_since_a_year_before_has_a_direction_only_beyond_chance(tmp_path: Path) -> None:
    def rivals(share_before: int, share_now: int) -> str:
        rows = deals_of("2024-10", [(20, 40)] * 24)
        deals = [
            {**row, "competitor": "Rival" if n % 40 < (share_before if n < 480 else share_now) else "none"}
            for n, row in enumerate(rows)
        ]
        found = fact(tmp_path, "competition.involvement_yoy", deals=deals)
        assert found.observation is not None
        return str(found.observation.value)

    assert rivals(10, 20) == "rising"
    assert rivals(20, 10) == "declining"
    assert rivals(20, 21) == "inconclusive"


def test_the_usual_rate_is_the_median_of_the_months(tmp_path: Path) -> None:
    rates = [10, 12, 14, 16, 18, 20, 30, 30, 30, 30, 30, 30]
    rows = leads_of("2024-07", [(won, 40) for won in rates] + [(20, 40)] * 15)
    leads = [
        {"id": r["id"], "created": r["created"], "qualified": r["created"], "accepted": r["customer"]} for r in rows
    ]
    found = fact(tmp_path, "funnel.mql_to_sql_own_median", leads=leads)
    assert found.observation is not None
    assert found.observation.value == pytest.approx(25 / 40)
    assert str(found.answer.period) == "2024-07 to 2025-06"


def test_the_order_of_rows_is_nothing(tmp_path: Path) -> None:
    leads = leads_of("2025-08", [(2, 20), (3, 25)] * 7)
    deals = [{**r, "owner": f"R{n % 3}", "amount": 100 + n} for n, r in enumerate(deals_of("2025-10", [(5, 12)] * 12))]
    there = sheet(tmp_path, leads=leads, deals=deals)
    back = sheet(tmp_path, leads=leads[::-1], deals=deals[::-1])
    assert [bare(one) for one in there.computed] == [bare(one) for one in back.computed]


def bare(one: Computed) -> Computed:
    return replace(one, answer=replace(one.answer, behind=None))

"""Computed facts beside stated ones, and as of a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.computed.more_data import more_data
from engine.display import display
from engine.document import parse
from engine.exports.reading import read_sources
from engine.extraction import extract
from engine.facts import Origin
from tests.computed.client import AS_OF, TODAY, deals_of, document, extraction, leads_of, policy, write

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
        stale = {of.name for one in found.company.warnings if one.code == "stale-fact" for of in one.listed}
    assert {"funnel.leads_monthly", "funnel.leads_per_month"} <= stale


def test_exports_that_go_on_after_the_date_of_the_file_are_said(tmp_path: Path) -> None:
    with extraction(tmp_path, date(2026, 8, 15), deals=DEALS) as found:
        warnings = [(one.message, one.hint) for one in found.company.warnings if one.code == "exports-go-on"]
    assert warnings == [
        (
            "the exports go on to 2026-09-26; what they tell of the days after 2026-08-15 does not count",
            "write `as_of: 2026-09-26` to use all of them; it can stay where only what was known on 2026-08-15 is meant",
        )
    ]


def test_a_day_that_is_asked_for_is_meant(tmp_path: Path) -> None:
    write(tmp_path / "deals.csv", DEALS)
    node = parse(document(AS_OF, "{}", {"deals": DEALS}), "company.yaml")
    with read_sources(node, tmp_path, TODAY) as tables:
        asked = extract(tables, node, policy(), date(2026, 8, 15), TODAY).company
        own = extract(tables, node, policy(), None, TODAY).company
    assert "exports-go-on" not in {one.code for one in (*asked.warnings, *own.warnings)}


def test_an_amount_without_a_rate_says_where_the_rate_goes(tmp_path: Path) -> None:
    deals = [{**row, "amount": 100} for row in DEALS]
    write(tmp_path / "deals.csv", deals)
    text = document(AS_OF, "{}", {"deals": deals}).replace("currency: USD", "currency: EUR")
    node = parse(text, "company.yaml")
    with read_sources(node, tmp_path, TODAY) as tables:
        sheet = extract(tables, node, policy(), None, TODAY).sheet
        value = sheet.of("deal.acv_median")
        assert value is not None
        assert value.reason == "there is no exchange rate from EUR to USD, the currency of the policy set"
        assert list(more_data(sheet, value)) == [
            "add it under `exchange_rates:`, with the rate of that day: "
            "`- {from: EUR, to: USD, rate: RATE, date: 2026-09-30}`"
        ]


def test_amounts_by_month_are_converted_as_one_amount_is(tmp_path: Path) -> None:
    rows = [{"month": f"2026-{month:02d}", "sales": 100, "marketing": month} for month in range(1, 10)]
    write(tmp_path / "spend.csv", rows)
    rates = "currency: EUR\nexchange_rates: [{from: EUR, to: USD, rate: 1.25, date: 2026-09-30}]"
    text = document(AS_OF, "{finance.sm_spend_monthly: [1, 2]}", {"spend": rows}).replace("currency: USD", rates)
    node = parse(text, "company.yaml")
    with read_sources(node, tmp_path, TODAY) as tables:
        found = extract(tables, node, policy(), None, TODAY)
    definition = policy().catalogue["finance.sm_spend_monthly"]
    value = found.sheet.facts[definition.name]
    assert value.value == pytest.approx([1.25 * (100 + month) for month in range(1, 10)])
    assert display(value, definition, "USD") == "9 values, the last 109 EUR/month (136.2 USD/month)"
    assert found.company.facts[definition.name].value == (1.25, 2.5)


def test_amounts_by_month_without_a_rate_stay_unknown(tmp_path: Path) -> None:
    rows = [{"month": f"2026-{month:02d}", "sales": 100, "marketing": 1} for month in range(1, 10)]
    write(tmp_path / "spend.csv", rows)
    text = document(AS_OF, "{}", {"spend": rows}).replace("currency: USD", "currency: EUR")
    node = parse(text, "company.yaml")
    with read_sources(node, tmp_path, TODAY) as tables:
        value = extract(tables, node, policy(), None, TODAY).sheet.of("finance.sm_spend_monthly")
    assert value is not None
    assert (value.observation, value.reason) == (
        None,
        "there is no exchange rate from EUR to USD, the currency of the policy set",
    )


def test_without_a_date_the_last_day_of_the_exports_is_taken(tmp_path: Path) -> None:
    with extraction(tmp_path, None, deals=deals_of("2026-01", [(4, 10)] * 3)) as found:
        assert found.company.as_of == date(2026, 3, 26)
        assert [one.code for one in found.company.warnings] == ["date-assumed"]


def test_a_fact_of_a_later_day_is_not_used_and_the_computed_one_takes_its_place(tmp_path: Path) -> None:
    write(tmp_path / "deals.csv", DEALS)
    stated = "{sales.win_rate: {value: 60%, as_of: 2026-09-15}}"
    node = parse(document(AS_OF, stated, {"deals": DEALS}), "company.yaml")
    with read_sources(node, tmp_path, TODAY) as tables:
        now = extract(tables, node, policy(), None, TODAY).company
        then = extract(tables, node, policy(), date(2026, 8, 31), TODAY).company
    assert now.facts["sales.win_rate"].value == 0.6
    assert then.facts["sales.win_rate"].origin is Origin.COMPUTED
    assert [one.message for one in then.warnings if one.code == "not-known-yet"] == [
        "`sales.win_rate` is of 2026-09-15, a day after 2026-08-31"
    ]

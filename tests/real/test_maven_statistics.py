"""A real extract through the statistics: from its rows to the numbers of the reference that was worked out by hand.

Where the extract is absent, the tests pass and say so; the numbers typed into tests/statistics/ are the same.
"""

from __future__ import annotations

import csv
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine.statistics.cohorts import Coverage, select, window_days
from engine.statistics.homogeneity import Homogeneity, homogeneity
from engine.statistics.mix import MixChange, mix_change
from engine.statistics.month import Month
from engine.statistics.proportion import NOTHING, Share
from engine.statistics.quantiles import Quantile, quantile
from engine.statistics.ranking import ranking
from engine.statistics.trend import State, Trend, trend

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("STEELYARD_REAL_DATA", HERE.parents[1].parent / "shared"))
REFERENCE = DATA / "domain" / "reference" / "maven_crm.json"
PIPELINE = DATA / "data" / "maven_crm" / "sales_pipeline.csv"
TEAMS = DATA / "data" / "maven_crm" / "sales_teams.csv"
LEADS = DATA / "data" / "olist_funnel" / "olist_marketing_qualified_leads_dataset.csv"
DEALS = DATA / "data" / "olist_funnel" / "olist_closed_deals_dataset.csv"


class Deal(NamedTuple):
    agent: str
    product: str
    stage: str
    engaged: date | None
    closed: date | None


def american(text: str) -> date | None:
    if not text:
        return None
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def deals() -> list[Deal]:
    return [
        Deal(r["sales_agent"], r["product"], r["deal_stage"], american(r["engage_date"]), american(r["close_date"]))
        for r in rows(PIPELINE)
    ]


def counted(pairs: Iterator[tuple[Any, bool]]) -> dict[Any, Share]:
    found: dict[Any, Share] = defaultdict(lambda: NOTHING)
    for key, won in pairs:
        found[key] += Share(int(won), 1)
    return dict(found)


def absent(record: Any, *paths: Path) -> bool:
    missing = [path for path in paths if not path.is_file()]
    if missing:
        record("not run", f"{missing[0].name} is not here")
    return bool(missing)


def test_the_win_rate_by_closing_month(record_property: Any) -> None:
    if absent(record_property, REFERENCE, PIPELINE):
        return
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    closed = counted((Month.of(deal.closed), deal.stage == "Won") for deal in deals() if deal.closed)
    expected = reference["sales.win_rate_by_close_month"]["rows"]
    assert {str(m): (s.successes, s.trials) for m, s in closed.items()} == {
        row["month"]: (row["won"], row["closed"]) for row in expected
    }
    found = trend(closed)
    assert isinstance(found, Trend)
    worked = reference["trend.win_rate_monthly_season_adjusted"]
    assert [found.change, found.low, found.high] == pytest.approx([worked["value"], *worked["ci90"]], abs=1e-6)
    assert found.p_value == pytest.approx(worked["p"], abs=1e-5)
    assert found.state == worked["state"]


def test_the_cohorts_that_can_be_judged(record_property: Any) -> None:
    if absent(record_property, REFERENCE, PIPELINE):
        return
    given = deals()
    cycles = [float((d.closed - d.engaged).days) for d in given if d.stage == "Won" and d.closed and d.engaged]
    p80 = quantile(cycles, 0.8)
    assert isinstance(p80, Quantile)
    assert 90 < p80.value <= 120
    assert window_days(p80.value) == 120
    window = 90  # that of the reference
    cohorts = counted(
        (Month.of(d.engaged), d.stage == "Won" and d.closed is not None and (d.closed - d.engaged).days <= window)
        for d in given
        if d.engaged
    )
    first_win = min(d.closed for d in given if d.stage == "Won" and d.closed)
    begin = min(d.engaged for d in given if d.engaged)
    chosen = select(cohorts, Coverage(begin, date(2017, 12, 31), first_win=first_win), window)
    found = trend(chosen.kept)
    assert isinstance(found, Trend)
    worked = json.loads(REFERENCE.read_text(encoding="utf-8"))["trend.rate_90d_mature_2017-03_to_2017-09"][
        "logit_trend"
    ]
    assert [found.slope, found.error, found.dispersion, found.low, found.high] == pytest.approx(
        [worked["logit_slope_per_period"], worked["se_quasi"], worked["dispersion"], *worked["relative_change_ci90"]],
        abs=1e-6,
    )
    assert found.state == worked["state_at_90pct_with_2pct_margin"]


def test_no_segment_is_ranked(record_property: Any) -> None:
    if absent(record_property, REFERENCE, PIPELINE, TEAMS):
        return
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    team = {row["sales_agent"]: row for row in rows(TEAMS)}
    of: dict[str, Callable[[Deal], str]] = {
        "segments.product": lambda d: d.product.replace("GTXPro", "GTX Pro"),
        "segments.sales_agent": lambda d: d.agent,
        "segments.manager": lambda d: team[d.agent]["manager"],
        "segments.regional_office": lambda d: team[d.agent]["regional_office"],
    }
    for name, key in of.items():
        segments = counted((key(d), d.stage == "Won") for d in deals() if d.closed)
        found = homogeneity(segments)
        assert isinstance(found, Homogeneity)
        worked = reference[name]["homogeneity"]
        assert (found.chi_square, found.p_value) == pytest.approx((worked["chi2"], worked["p"]), abs=1e-6), name
        assert ranking(segments).ranked == ()


def test_the_mix_of_products_explains_nothing(record_property: Any) -> None:
    if absent(record_property, REFERENCE, PIPELINE):
        return
    worked = json.loads(REFERENCE.read_text(encoding="utf-8"))["simpson.q4_at_q2_product_mix"]
    quarters = {
        quarter: counted(
            (d.product, d.stage == "Won") for d in deals() if d.closed and (d.closed.month - 1) // 3 == quarter
        )
        for quarter in (1, 3)
    }
    found = mix_change(quarters[1], quarters[3])
    assert isinstance(found, MixChange)
    assert [found.adjusted, found.raw.first.rate, found.raw.second.rate] == pytest.approx(
        [worked["value"], worked["raw_q2"], worked["raw_q4"]], abs=1e-6
    )
    assert not found.is_explained_by_mix


def european(text: str) -> date:
    day, month, year = map(int, text[:10].split("-"))
    return date(year, month, day)


def test_a_company_that_began_to_sell_late_does_not_improve(record_property: Any) -> None:
    """Leads from June, the first win in December: all cohorts say rising, those that could win say nothing of the kind."""
    if absent(record_property, LEADS, DEALS):
        return
    won = {row["mql_id"]: european(row["won_date"]) for row in rows(DEALS)}
    contact = {row["mql_id"]: european(row["first_contact_date"]) for row in rows(LEADS)}
    cohorts = counted((Month.of(day), lead in won and (won[lead] - day).days <= 90) for lead, day in contact.items())
    chosen = select(cohorts, Coverage(min(contact.values()), max(won.values()), first_win=min(won.values())), window=90)
    naive, found = trend(cohorts), trend(chosen.kept)
    assert isinstance(naive, Trend)
    assert naive.state is State.RISING
    assert chosen.before_selling
    assert not isinstance(found, Trend) or found.state is not State.RISING
    assert [str(month) for month in chosen.kept] == [f"2018-{n:02}" for n in range(1, 6)]

"""Two real extracts as they are: the facts that they give, against what was worked out without this project's code.

Maven against the reference results, fact by fact; Olist against plain counting in this file and against statsmodels. The extracts are
not part of this project: they are read from the folder in STEELYARD_REAL_DATA, or from `shared` beside the clone.
"""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import pytest
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from engine.computed.answer import Standing
from engine.computed.findings import findings
from engine.document import read
from engine.exports.reading import read_sources
from engine.extraction import Extraction, extract
from engine.session import DEFAULT_POLICY, Engine, Session, open_policy
from engine.statistics.homogeneity import Homogeneity

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("STEELYARD_REAL_DATA", HERE.parents[1].parent / "shared"))
MAVEN, OLIST = DATA / "data" / "maven_crm", DATA / "data" / "olist_funnel"
REFERENCE = DATA / "domain" / "reference" / "maven_crm.json"
TODAY = date(2026, 11, 1)
Note = Callable[[str, object], None]


@contextmanager
def extraction(name: str, folder: Path) -> Iterator[Extraction]:
    path = HERE / name
    node = read(path, path.name)
    with read_sources(node, folder, TODAY) as tables:
        yield extract(tables, node, open_policy(DEFAULT_POLICY, TODAY).policy, None, TODAY)


def is_here(record_property: Note, *places: Path) -> bool:
    if all(place.exists() for place in places):
        return True
    record_property("not run", "no data")
    return False


# ---- Maven


class Held(NamedTuple):
    """A fact, the number of the reference, and whether they agree or why they do not."""

    fact: str
    reference: Callable[[Any], object]
    why_not: str = ""


def at(value: Any, *path: Any) -> Any:
    for key in path:
        value = value[key]
    return value


AGREE = (
    Held("sales.win_rate", lambda r: at(r, "sales.win_rate", "rate")),
    Held("sales.win_rate_trend", lambda r: at(r, "trend.win_rate_monthly_season_adjusted", "state")),
    Held("sales.cycle_days", lambda r: at(r, "sales.cycle_days.won", "value")),
    Held("sales.rep_count", lambda r: at(r, "sales.revenue_per_agent_2017", "agents")),
    Held("deal.acv_median", lambda r: at(r, "deal.avg_value", "median")),
    Held("pipeline.stale_share", lambda r: at(r, "pipeline.age_days_engaging", "stale_share")),
    Held(
        "data.stage_date_completeness",
        lambda r: (
            sum(at(r, "pipeline.created_by_engage_month", "rows").values()) / at(r, "pipeline.stage_counts", "total")
        ),
    ),
    Held("company.data_as_of", lambda r: date.fromisoformat(r["as_of"][:10])),
)
DIFFER = (
    Held(
        "pipeline.open_value",
        lambda r: at(r, "pipeline.open_list_value", "value"),
        "none of the 152 deals has a value for amount",
    ),
    Held(
        "growth.revenue_new_yoy",
        lambda r: at(r, "growth.revenue_qoq", "value"),
        "6 of the 12 months compared are missing, the first is 2016-07",
    ),
    Held("sales.cycle_change_yoy", lambda r: at(r, "close_window"), "0 months of the year before, 6 needed"),
    Held(
        "funnel.leads_per_month",
        lambda r: at(r, "pipeline.created_by_engage_month", "rows"),
        "there is no export of leads (table `leads`)",
    ),
)
"""The reference sums list prices, compares quarters, or counts deals as leads: other definitions, and no data for ours."""


def test_maven_gives_the_facts_of_the_reference_where_the_definitions_agree(record_property: Note) -> None:
    if not is_here(record_property, MAVEN, REFERENCE):
        return
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    with extraction("maven_exports.yaml", MAVEN) as found:
        for fact, expected, _ in AGREE:
            one = found.sheet.of(fact)
            assert one is not None
            assert one.observation is not None, fact
            wanted = expected(reference)
            approximate = isinstance(wanted, int | float) and not isinstance(wanted, bool)
            assert one.observation.value == (pytest.approx(wanted, abs=1e-6) if approximate else wanted), fact
        for fact, _, why_not in DIFFER:
            one = found.sheet.of(fact)
            assert one is not None
            assert (one.observation, one.reason) == (None, why_not)


def test_maven_gives_the_intervals_and_the_trend_of_the_reference(record_property: Note) -> None:
    if not is_here(record_property, MAVEN, REFERENCE):
        return
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    with extraction("maven_exports.yaml", MAVEN) as found:
        won = found.sheet.facts["sales.win_rate"]
        trend = found.sheet.of("sales.win_rate_trend")
        parts = findings(found.sheet).segments["sales.win_rate"]
    assert [won.low, won.high] == pytest.approx(at(reference, "sales.win_rate", "wilson95"), abs=1e-6)
    assert trend is not None
    assert trend.answer.told[0] == (
        "shown to be flat: -1.3 % to 0.1 % a month (90 % interval, beside the position in the quarter), all of it within ± 2 %"
    )
    by_month = {
        row["month"]: (row["won"], row["closed"]) for row in at(reference, "sales.win_rate_by_close_month", "rows")
    }
    assert {str(line.month): (line.successes, line.trials) for line in trend.answer.lines} == by_month
    tested = {part.column: part.ranking.homogeneity for part in parts}
    p_values = {column: found.p_value for column, found in tested.items() if isinstance(found, Homogeneity)}
    for column, key in (("product", "product"), ("segment", "sector"), ("owner", "sales_agent")):
        expected = at(reference, f"segments.{key}", "homogeneity", "p")
        assert p_values[column] == pytest.approx(expected, abs=5e-3 if column == "owner" else 1e-6)
    assert all(part.ranking.ranked == () for part in parts)


# ---- Olist, counted without this project's code

T = 90


class Lead(NamedTuple):
    created: date
    origin: str
    won: date | None


def olist() -> list[Lead]:
    won = {row["mql_id"]: on(row["won_date"]) for row in rows("olist_closed_deals_dataset.csv")}
    leads = rows("olist_marketing_qualified_leads_dataset.csv")
    return [Lead(on(row["first_contact_date"]), row["origin"], won.get(row["mql_id"])) for row in leads]


def rows(name: str) -> list[dict[str, str]]:
    with (OLIST / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def on(written: str) -> date:
    day, month, year = (int(part) for part in written[:10].split("-"))
    return date(year, month, day)


def is_won_in_time(lead: Lead) -> bool:
    return lead.won is not None and (lead.won - lead.created).days <= T


def test_olist_counts_what_plain_counting_counts(record_property: Note) -> None:
    if not is_here(record_property, OLIST):
        return
    leads = olist()
    monthly = Counter(f"{lead.created:%Y-%m}" for lead in leads)
    won = Counter(f"{lead.created:%Y-%m}" for lead in leads if is_won_in_time(lead))
    with extraction("olist_exports.yaml", OLIST) as found:
        sheet = found.sheet
    assert sheet.window.days == T
    rate = sheet.of("funnel.lead_to_customer_rate")
    assert rate is not None
    assert {str(line.month): (line.successes, line.trials) for line in rate.answer.lines} == {
        month: (won[month], count) for month, count in monthly.items()
    }
    # the first win is on 5 December 2017: December could win late only, and so could what was before
    judged = [f"2018-0{number}" for number in range(1, 6)]
    assert [str(line.month) for line in rate.answer.lines if line.standing is Standing.USED] == judged
    successes, trials = sum(won[month] for month in judged), sum(monthly[month] for month in judged)
    assert rate.observation is not None
    assert (rate.observation.successes, rate.observation.trials) == (successes, trials) == (678, 5998)
    assert (rate.observation.low, rate.observation.high) == pytest.approx(
        proportion_confint(successes, trials, method="wilson")
    )
    assert sheet.facts["funnel.leads_monthly"].value == tuple(float(monthly[month]) for month in sorted(monthly)[1:])
    last_six = sorted(monthly)[-6:]
    assert sheet.facts["funnel.leads_per_month"].value == pytest.approx(sum(monthly[month] for month in last_six) / 6)
    cycles = [(lead.won - lead.created).days for lead in leads if lead.won]
    in_window = [
        days
        for days, lead in zip(cycles, (lead for lead in leads if lead.won), strict=True)
        if days >= 0 and lead.won is not None and date(2018, 1, 1) <= lead.won <= date(2018, 10, 31)
    ]
    assert sheet.facts["sales.cycle_days"].value == median(in_window)


def test_olist_shows_no_trend_and_an_alarm(record_property: Note) -> None:
    """Five months that can be judged are too few for a trend; the last of them is lower than chance allows."""
    if not is_here(record_property, OLIST):
        return
    leads = [lead for lead in olist() if date(2018, 1, 1) <= lead.created <= date(2018, 5, 31)]
    may = [lead for lead in leads if lead.created.month == 5]
    before = [lead for lead in leads if lead.created.month < 5]
    counts = [sum(map(is_won_in_time, group)) for group in (before, may)]
    _, p_value = proportions_ztest(counts, [len(before), len(may)])
    with extraction("olist_exports.yaml", OLIST) as found:
        trend = found.sheet.of("funnel.conversion_trend")
        win_rate = found.sheet.of("sales.win_rate")
    assert trend is not None
    assert (trend.observation, trend.reason) == (None, "5 mature months, 6 needed")
    assert trend.answer.alarm is not None
    assert trend.answer.alarm.is_alarm
    assert trend.answer.alarm.against.p_value == pytest.approx(p_value)
    assert win_rate is not None
    assert win_rate.reason == "there are no deals that were lost in the exports: they show one side only"


# ---- neither is enough for a verdict


@pytest.mark.parametrize(
    "name, folder, decided",
    [
        ("maven_exports.yaml", MAVEN, {"1.2": -0.5, "2.3": -0.5, "2.5": -1.0, "4.1": 0.0, "4.3": 0.5}),
        ("olist_exports.yaml", OLIST, {"1.1": 1.0, "1.2": -0.5, "4.3": 0.0}),
    ],
)
def test_one_extract_is_not_enough_for_a_verdict(
    name: str, folder: Path, decided: dict[str, float], record_property: Note
) -> None:
    if not is_here(record_property, folder):
        return
    with extraction(name, folder) as found, Session.open(DEFAULT_POLICY, TODAY, Engine.REFERENCE) as session:
        told = session.evaluate(found.company)
    assert told.verdict.id == "insufficient-evidence"
    assert told.verdict.held_by == ("G8",)
    items = [item for indicator in told.indicators for item in indicator.evidence]
    assert {item.code: item.outcome.value for item in items if item.outcome is not None} == decided

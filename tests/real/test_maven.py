"""A real extract: the facts that one CRM export supports, against the reference results that were worked out by hand.

The reference and the extract are not part of this project. They are read from the folder in STEELYARD_REAL_DATA, or from
`shared` beside the clone; where they are absent, only the answer is tested.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.checking import check_paths
from engine.company import Company
from engine.conclusion import Evaluation
from engine.document import Fields, read
from engine.facts import Observation
from engine.fields import entries
from engine.session import DEFAULT_POLICY, Engine, Session

HERE = Path(__file__).resolve().parent
COMPANY = HERE / "maven.yaml"
DATA = Path(os.environ.get("STEELYARD_REAL_DATA", HERE.parents[1].parent / "shared"))
REFERENCE = DATA / "domain" / "reference" / "maven_crm.json"
EXTRACT = DATA / "data" / "maven_crm"
TODAY = date(2026, 11, 1)
OVER_AGE = 104

# The rules engine does not exist on Windows.
ENGINES = [Engine.REFERENCE] if sys.platform == "win32" else list(Engine)


@pytest.fixture(scope="module", params=ENGINES, ids=str)
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    with Session.open(DEFAULT_POLICY, TODAY, request.param) as opened:
        yield opened


def company(session: Session) -> Company:
    return session.company(read(COMPANY, COMPANY.name), None, TODAY)


@pytest.fixture
def told(session: Session) -> Evaluation:
    return session.evaluate(company(session))


# ---- the answer


def test_one_extract_is_not_enough_for_a_verdict(told: Evaluation) -> None:
    assert told.verdict.id == "insufficient-evidence"
    assert (told.verdict.band, told.verdict.move) == (None, None)
    assert told.verdict.held_by == ("G8",)
    assert told.coverage == pytest.approx(0.263)
    assert {gate.name for gate in told.gates if gate.truth == "no"} == {"G1", "G9"}
    assert len(told.possible) == 5


# Weight of the test in its indicator and its outcome. Indicator 1: 15 - 15 + 0 of 70; 4: 0 + 10 of 50; 6: -25 + 0 of 40.
FINDINGS = {
    "1.1": 1.0,  # 656 opportunities a month, no trend shown
    "1.2": -0.5,  # 63 % won, above published win rates; no own level
    "1.3": 0.0,  # inconclusive
    "2.3": -0.5,  # the same win rate, at half its weight
    "2.5": -1.0,  # 5.1 live deals for each salesperson, the stale ones left out
    "4.1": 0.0,  # 1,117 USD
    "4.3": 0.5,  # 57 days
    "6.3": -1.0,  # 0.136 x 63 % of what is needed
    "6.4": 0.0,  # 57 of 90 days
}
INDICATORS = {
    1: ("mixed", 0.70, 0.0),
    2: ("not-assessed", 0.2 / 0.9, -0.75),
    3: ("not-assessed", 0.0, None),
    4: ("mixed", 0.50, 0.2),
    5: ("not-assessed", 0.0, None),
    6: ("supports-marketing", 0.40, -0.625),
    7: ("not-assessed", 0.0, None),
}


def test_the_findings_are_those_that_the_extract_supports(told: Evaluation) -> None:
    items = [item for indicator in told.indicators for item in indicator.evidence]
    assert {item.code: item.outcome.value for item in items if item.outcome is not None} == FINDINGS
    for indicator in told.indicators:
        state, coverage, strength = INDICATORS[indicator.number]
        assert indicator.state == state, indicator.name
        assert indicator.coverage == pytest.approx(coverage), indicator.name
        assert indicator.strength == (None if strength is None else pytest.approx(strength)), indicator.name


def test_the_file_is_clean_and_says_which_values_are_stand_ins() -> None:
    assert check_paths([COMPANY.as_posix()], TODAY) == ()
    node = read(COMPANY, COMPANY.name)
    stated = [value for _, _, value in entries(node, "facts") if isinstance(value, Fields)]
    assert all("source" in value.fields for value in stated)
    assert sum("proxy" in value.fields for value in stated) == 10


# ---- every value, against the reference


def at(value: Any, *path: Any) -> Any:
    for key in path:
        value = value[key]
    return value


def last_six_months(rows: dict[str, int]) -> float:
    return sum(rows[month] for month in sorted(rows)[-6:]) / 6


# A fact, and how it follows from the reference.
VALUES: dict[str, Callable[[Any], Any]] = {
    "company.data_as_of": lambda r: date.fromisoformat(r["as_of"][:10]),
    "funnel.leads_monthly": lambda r: tuple(
        count for month, count in at(r, "pipeline.created_by_engage_month", "rows").items() if month >= "2017"
    ),
    "funnel.leads_per_month": lambda r: last_six_months(at(r, "pipeline.created_by_engage_month", "rows")),
    "funnel.lead_volume_trend": lambda r: (
        "declining" if at(r, "trend.created_2017", "mann_kendall", "p_normal") < 0.05 else "inconclusive"
    ),
    "funnel.conversion_trend": lambda r: cohorts(r)["state_at_90pct_with_2pct_margin"],
    "funnel.conversion_slope": lambda r: cohorts(r)["relative_change_per_period"],
    "sales.win_rate": lambda r: at(r, "sales.win_rate", "rate"),
    "sales.win_rate_trend": lambda r: at(r, "trend.win_rate_monthly_season_adjusted", "state"),
    "sales.cycle_days": lambda r: at(r, "sales.cycle_days.won", "value"),
    "sales.rep_count": lambda r: at(r, "sales.revenue_per_agent_2017", "agents"),
    "sales.open_opps_per_rep": lambda r: live_deals(r) / at(r, "sales.revenue_per_agent_2017", "agents"),
    "pipeline.stale_share": lambda r: at(r, "pipeline.age_days_engaging", "stale_share"),
    "plan.still_to_close": lambda r: at(r, "pipeline.coverage", "target"),
    "deal.acv_median": lambda r: at(r, "deal.avg_value", "median"),
    "data.stage_date_completeness": lambda r: (
        sum(at(r, "pipeline.created_by_engage_month", "rows").values()) / at(r, "pipeline.stage_counts", "total")
    ),
}
# From the extract: the reference values the stale deals too. And the quarter after the extract, which is in neither.
LIVE_VALUE = ("pipeline.open_value", "pipeline.due_value")
ASSUMED = ("plan.horizon_days",)


def cohorts(reference: Any) -> Any:
    return at(reference, "trend.rate_90d_mature_2017-03_to_2017-09", "logit_trend")


def live_deals(reference: Any) -> float:
    engaging = at(reference, "pipeline.stage_counts", "value", "Engaging")
    return float(engaging * (1 - at(reference, "pipeline.age_days_engaging", "stale_share")))


def reference_results(record_property: Callable[[str, object], None]) -> Any:
    """The reference, or None where it is not on this machine, which is noted."""
    if not REFERENCE.is_file():
        record_property("not run", "no data")
        return None
    return json.loads(REFERENCE.read_text(encoding="utf-8"))


def test_every_value_is_that_of_the_reference(session: Session, record_property: Callable[[str, object], None]) -> None:
    reference = reference_results(record_property)
    if reference is None:
        return
    facts = company(session).facts
    assert set(facts) == {*VALUES, *LIVE_VALUE, *ASSUMED}
    for name, expected in VALUES.items():
        assert same(facts[name].value, expected(reference)), name
    won = facts["sales.win_rate"]
    assert (won.successes, won.trials) == (at(reference, "sales.win_rate", "k"), at(reference, "sales.win_rate", "n"))
    assert interval(won) == pytest.approx(at(reference, "sales.win_rate", "wilson95"), abs=1e-6)
    assert interval(facts["funnel.conversion_slope"]) == pytest.approx(
        at(cohorts(reference), "relative_change_ci90"), abs=1e-6
    )


def same(value: object, expected: object) -> bool:
    """Equal; numbers as far as the file writes them."""
    if isinstance(value, float) and isinstance(expected, int | float):
        return value == pytest.approx(expected, rel=1e-4)
    return value == expected


def interval(observation: Observation) -> list[float]:
    assert observation.low is not None
    assert observation.high is not None
    return [observation.low, observation.high]


def test_every_source_is_a_key_of_the_reference(
    session: Session, record_property: Callable[[str, object], None]
) -> None:
    reference = reference_results(record_property)
    if reference is None:
        return
    for name, observation in company(session).facts.items():
        assert set(observation.source.split(", ")) <= set(reference), name


def test_the_live_pipeline_is_the_extract_without_stale_deals(
    session: Session, record_property: Callable[[str, object], None]
) -> None:
    if not EXTRACT.is_dir():
        record_property("not run", "no data")
        return
    prices = {row["product"].replace(" ", ""): int(row["sales_price"]) for row in table("products.csv")}
    ages = [
        (age(row), prices[row["product"].replace(" ", "")]) for row in table("sales_pipeline.csv") if is_engaging(row)
    ]
    live = [price for days, price in ages if days <= OVER_AGE]
    facts = company(session).facts
    assert (len(ages) - len(live), len(ages), len(live)) == (1437, 1589, 152)
    assert [facts[name].value for name in LIVE_VALUE] == [sum(live), sum(live)]
    told = session.evaluate(company(session))
    assert told.facts["pipeline.coverage"].value == pytest.approx(sum(live) / 2_802_496)


def table(name: str) -> list[dict[str, str]]:
    with (EXTRACT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_engaging(row: dict[str, str]) -> bool:
    return row["deal_stage"] == "Engaging"


def age(row: dict[str, str]) -> int:
    """Days from engagement to the last day of the extract."""
    month, day, year = (int(part) for part in row["engage_date"].split("/"))
    return (date(2017, 12, 31) - date(year, month, day)).days

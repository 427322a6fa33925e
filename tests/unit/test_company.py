from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from engine.catalogue import build_catalogue
from engine.company import Company, read, with_overrides
from engine.diagnostics import FactError, Severity
from engine.display import display
from engine.document import Fields, parse
from engine.document import read as read_document
from engine.facts import Catalogue, Observation, Origin
from engine.render.diagnostics import render, render_json
from tests.diagnostics.annotated import expected, found

BAD = Path(__file__).parent / "company_bad"
FACTS = BAD / "facts.yaml"
AS_OF = date(2026, 10, 31)
HEAD = """\
company: Northwind Pumps
as_of: 2026-10-31
currency: EUR
exchange_rates:
  - {from: EUR, to: USD, rate: 1.25, date: 2026-10-30}
  - {from: USD, to: GBP, rate: 0.8, date: 2026-10-30}
"""


def catalogue() -> Catalogue:
    document = read_document(FACTS)
    assert isinstance(document, Fields)
    return build_catalogue(document, [], "sales", "marketing")


CATALOGUE = catalogue()


def company(facts: str, head: str = HEAD, as_of: date | None = None, today: date | None = None) -> Company:
    body = "facts:\n" + "".join(f"  {line}\n" for line in facts.splitlines()) if facts else "facts: {}\n"
    return read(parse(head + body, "company.yaml"), CATALOGUE, "USD", as_of, today)


def the_fact(written: str) -> Observation:
    (observation,) = company(written).facts.values()
    return observation


def told(found: Company) -> list[str]:
    return [f"{w.span}: {w.code}: {w.message}: {w.hint}" for w in found.warnings if w.severity is Severity.WARNING]


# ---- every notation


@pytest.mark.parametrize(
    "written, value",
    [
        ("funnel.leads_per_month: 42", 42.0),
        ("funnel.leads_per_month: 42.5 leads/month", 42.5),
        ("funnel.leads_per_month: 1 lead per month", 1.0),
        ("funnel.conversion: 0.023", 0.023),
        ("funnel.conversion: 2.3%", 0.023),
        ("funnel.conversion: 2.3 %", 0.023),
        ('funnel.conversion: "2.3%"', 0.023),
        ("funnel.conversion: 100%", 1.0),
        ("funnel.conversion: {value: 2.3, unit: '%'}", 0.023),
        ("growth.revenue: -3.5%", -0.035),
        ("growth.revenue: 1.2", 1.2),
        ("growth.gap: 15", 15.0),
        ("growth.gap: 15 pp", 15.0),
        ("growth.gap: -15 percentage points", -15.0),
        ("sales.cycle: 57", 57.0),
        ("sales.cycle: 57 days", 57.0),
        ("sales.cycle: 1 day", 1.0),
        ("sales.cycle: {value: 57, unit: days}", 57.0),
        ("sales.coverage: 1.8x", 1.8),
        ("sales.reps: 12", 12.0),
        ("sales.reps: 1 person", 1.0),
        ("sales.reps: {value: 12, note: two of them part-time}", 12.0),
        ("finance.cash: 42000", 52500.0),
        ("finance.cash: 42000 EUR", 52500.0),
        ("finance.cash: 42000 USD", 42000.0),
        ("finance.cash: 400 GBP", 500.0),
        ("finance.cash: {value: 42000, currency: USD}", 42000.0),
        ("finance.burn: 100 EUR/month", 125.0),
        ("finance.burn: 100 EUR per month", 125.0),
        ("finance.burn: {value: 100, unit: EUR/month}", 125.0),
        ("finance.spend: [100, 200]", (125.0, 250.0)),
        ("finance.spend: [100 USD, 200 GBP/month]", (100.0, 250.0)),
        ("finance.spend: {2026-09: 200, 2026-08: 100}", (125.0, 250.0)),
        ("finance.spend: {value: {2026-08: 100}, currency: USD, source: books}", (100.0,)),
        ("finance.lead_cost: 100", 125.0),
        ("finance.lead_cost: 100 USD per lead", 100.0),
        ("sales.has_target: true", True),
        ("sales.has_target: no", False),
        ("sales.has_target: {value: Yes, by: A. Miller}", True),
        ("funnel.trend: flat_shown", "flat_shown"),
        ("funnel.trend: {value: rising, source: CRM}", "rising"),
        ("plan.started: 2026-10-31", AS_OF),
        ("plan.ends: 2027-03-31", date(2027, 3, 31)),
        ("plan.ends: {value: 2027-03-31, by: A. Miller}", date(2027, 3, 31)),
        ("funnel.leads_monthly: [120, 131]", (120.0, 131.0)),
        ("funnel.leads_monthly: {2026-09: 131, 2026-08: 120}", (120.0, 131.0)),
        ("funnel.leads_monthly: {2025-12: 120, 2026-01: 131}", (120.0, 131.0)),
        ("funnel.leads_monthly: {value: {2026-08: 120, 2026-09: 131}, source: CRM}", (120.0, 131.0)),
        ("finance.runway: 8 months", 8.0),
    ],
)
def test_a_value(written: str, value: object) -> None:
    assert the_fact(written).value == value


@pytest.mark.parametrize(
    "written, value, low, high",
    [
        ("growth.gap: {value: 6, low: 1, high: 11}", 6, 1, 11),
        ("growth.gap: {value: 6, low: 6, high: 6}", 6, 6, 6),
        ("funnel.conversion: {value: 0.16, low: 10%, high: 0.24}", 0.16, 0.1, 0.24),
        ("funnel.conversion: {value: 16, low: 10, high: 24, unit: '%'}", 0.16, 0.1, 0.24),
        ("sales.cycle: {value: 57 days, low: 50, high: 60 days}", 57, 50, 60),
        ("finance.cash: {value: 100, low: 80, high: 200, currency: EUR}", 125, 100, 250),
        ("finance.lead_cost: {value: 100, low: 80, high: 200, currency: EUR}", 125, 100, 250),
        ("finance.lead_cost: [80, 200]", 175, 100, 250),
    ],
)
def test_an_interval(written: str, value: float, low: float, high: float) -> None:
    found = the_fact(written)
    assert (found.value, found.interval) == (value, (low, high))


@pytest.mark.parametrize(
    "written, shown",
    [
        ("finance.cash: 100", "100 EUR (125 USD)"),
        ("finance.burn: 100 EUR per month", "100 EUR/month (125 USD/month)"),
        ("finance.burn: {value: 100, unit: EUR per month}", "100 EUR/month (125 USD/month)"),
        ("finance.cash: 100 USD", "100 USD"),
        ("finance.cash: {value: 100, currency: USD}", "100 USD"),
        ("finance.cash: {value: 100, unit: USD}", "100 USD"),
        ("finance.cash: {value: 100, low: 80, high: 200}", "100 EUR (125 USD) [80-200 EUR (100-250 USD)]"),
        ("finance.cash: {value: 100, low: 80 EUR, high: 200 USD}", "100 EUR (125 USD) [100-200 USD]"),
        ("finance.cash: [80, 200]", "between 80 and 200 EUR (100 and 250 USD)"),
        ("finance.cash: {value: [80, 200], currency: USD}", "between 80 and 200 USD"),
        ("finance.cash: [80 EUR, 200 USD]", "between 100 and 200 USD"),
    ],
)
def test_every_number_of_an_amount_has_its_currency(written: str, shown: str) -> None:
    ((name, observation),) = company(written).facts.items()
    assert display(observation, CATALOGUE[name], "USD") == shown


def test_an_amount_for_one_run_is_shown_as_it_was_written() -> None:
    found = with_overrides(company(""), ["finance.cash=[80, 200]"], CATALOGUE).facts["finance.cash"]
    assert display(found, CATALOGUE["finance.cash"], "USD") == "between 80 and 200 EUR (100 and 250 USD)"


@pytest.mark.parametrize(
    "written, stated",
    [
        ("finance.spend: [50, 100]", "100 EUR/month"),
        ("finance.spend: {2026-09: 200, 2026-08: 100}", "200 EUR/month"),
        ("finance.spend: {value: [50, 100 GBP], note: x}", "100 GBP/month"),
        ("finance.spend: [50, 100 USD]", ""),
        ("finance.lead_cost: 100", "100 EUR/lead"),
        ("finance.cash: [80, 200]", "between 80 and 200 EUR"),
        ("funnel.leads_monthly: [120, 131]", ""),
    ],
)
def test_an_amount_is_kept_as_it_was_written(written: str, stated: str) -> None:
    assert the_fact(written).stated == stated


def test_a_rate_given_as_counts_has_its_wilson_interval() -> None:
    found = the_fact("funnel.conversion: {successes: 21, trials: 130, note: paid leads only}")
    assert (found.successes, found.trials, found.value) == (21, 130, 21 / 130)
    assert found.interval == pytest.approx((0.1081512, 0.2343545), abs=1e-7)


def test_counts_beyond_the_bounds_of_the_catalogue_only_in_their_interval_are_taken() -> None:
    found = the_fact("funnel.fill_rate: {successes: 3, trials: 20}")
    assert found.low is not None
    assert found.low < 0.1 < found.number


@pytest.mark.parametrize(
    "written, interval",
    [
        ("funnel.conversion: 2.3%", None),
        ("funnel.conversion: {value: 2.3%, source: CRM}", None),
        ("funnel.conversion: {value: 2%, low: 1%, high: 3%}", (0.01, 0.03)),
        ("funnel.fill_rate: 20%", (0.2, 0.2)),
    ],
)
def test_a_bare_number_for_a_sampled_fact_has_an_interval_that_nobody_told(
    written: str, interval: tuple[float, float] | None
) -> None:
    assert the_fact(written).interval == interval


def test_everything_beside_the_value_is_kept() -> None:
    found = the_fact(
        "sales.cycle: {value: 57, source: HubSpot export, as_of: 2026-10-15, by: A. Miller, "
        "note: won deals only, proxy: true}"
    )
    assert found == Observation(
        57.0,
        source="HubSpot export",
        as_of=date(2026, 10, 15),
        by="A. Miller",
        note="won deals only",
        proxy=True,
        origin=Origin.STATED,
    )


def test_a_fact_stands_where_its_name_does() -> None:
    span = the_fact("sales.cycle: 57").span
    assert (str(span), span and span.end_column) == ("company.yaml:8:3", 14)


@pytest.mark.parametrize("written", ["unknown", "{value: unknown, note: finance is asked}"])
@pytest.mark.parametrize(
    "name", ["funnel.conversion", "funnel.trend", "plan.ends", "sales.has_target", "funnel.leads_monthly"]
)
def test_unknown_is_the_same_as_leaving_out(name: str, written: str) -> None:
    assert company(f"{name}: {written}").facts == {}


def test_the_head_of_the_file() -> None:
    found = company("finance.cash: 1")
    assert (found.name, found.as_of, found.as_of_assumed) == ("Northwind Pumps", AS_OF, False)
    assert (found.currency, found.warnings, found.stale(CATALOGUE)) == ("EUR", (), ())


def test_no_currency_is_needed_without_amounts() -> None:
    assert company("sales.reps: 3", "company: A\nas_of: 2026-10-31\n").currency == ""


# ---- dates


def test_without_a_date_that_of_today_is_taken_and_said() -> None:
    found = company("sales.reps: 3", "company: A\n", today=AS_OF)
    assert (found.as_of, found.as_of_assumed) == (AS_OF, True)
    assert told(found) == [
        "company.yaml:1:1: date-assumed: the file does not say on which day its facts hold; taken as 2026-10-31: "
        "add a line `as_of: 2026-10-31`"
    ]


def test_without_any_date_there_is_no_evaluation() -> None:
    with pytest.raises(FactError) as caught:
        company("sales.reps: 3", "company: A\n")
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.message, problem.hint) == (
        "no-date",
        "the file does not say on which day its facts hold",
        "add a line such as `as_of: 2026-10-31`",
    )


def test_the_option_wins_over_the_date_of_the_file() -> None:
    found = company("funnel.conversion: 2%", as_of=date(2027, 10, 31))
    assert (found.as_of, found.as_of_assumed) == (date(2027, 10, 31), False)
    assert told(found) == [
        "company.yaml:8:3: stale-fact: on 2027-10-31 `funnel.conversion` is 365 days old, and should be at most 180: "
        "it is used all the same; bring it up to date"
    ]


def test_what_is_to_be_said_of_many_facts_is_one_warning_with_the_place_of_each() -> None:
    found = company("finance.cash: 1\nsales.reps: 3\nfunnel.conversion: 2%", as_of=date(2027, 10, 31))
    (stale,) = found.warnings
    assert render([stale]) == (
        "company.yaml:8:3: warning: 2 facts are older on 2027-10-31 than they should be [stale-fact]\n"
        "      `finance.cash` is 365 days old, and should be at most 30 (company.yaml:8)\n"
        "      `funnel.conversion` is 365 days old, and should be at most 180 (company.yaml:10)\n"
        "      hint: they are used all the same; bring them up to date"
    )
    assert stale.in_full == (
        "2 facts are older on 2027-10-31 than they should be: `finance.cash` is 365 days old, and should be at most 30 "
        "(company.yaml:8); `funnel.conversion` is 365 days old, and should be at most 180 (company.yaml:10)"
    )
    (problem,) = json.loads(render_json([stale]))["problems"]
    assert [(one["name"], one["place"]["file"], one["place"]["line"]) for one in problem["listed"]] == [
        ("finance.cash", "company.yaml", 8),
        ("funnel.conversion", "company.yaml", 10),
    ]


def test_facts_from_after_the_evaluation_date_are_said() -> None:
    found = company("sales.reps: 3", as_of=date(2026, 10, 30))
    assert told(found) == [
        "company.yaml:2:8: facts-from-later: the facts hold on 2026-10-31, after the evaluation date 2026-10-30: "
        "a fact of that day may not have been known before"
    ]


@pytest.mark.parametrize("day, stale", [("2026-10-01", ()), ("2026-09-30", ("finance.cash",))])
def test_a_fact_is_stale_one_day_after_its_time(day: str, stale: tuple[str, ...]) -> None:
    found = company(f"finance.cash: {{value: 1, as_of: {day}}}\nsales.reps: {{value: 3, as_of: 2020-01-01}}")
    assert found.stale(CATALOGUE) == stale
    assert [warning.code for warning in found.warnings] == ["stale-fact"] * len(stale)


# ---- what cannot be read: the expectation stands on the line that must fail


@pytest.mark.parametrize("path", sorted(set(BAD.glob("*.yaml")) - {FACTS}), ids=lambda path: path.stem)
def test_bad_file(path: Path) -> None:
    document = read_document(path)
    with pytest.raises(FactError) as caught:
        read(document, CATALOGUE, "USD", today=AS_OF)
    assert found(caught.value.diagnostics) == expected(path)


def test_every_message_is_one_short_line() -> None:
    long = "x" * 5000
    with pytest.raises(FactError) as caught:
        company(
            f"funnel.trend: '{long}\n\n    {long}'\nsales.cycle: '9{long}'\n"
            f"sales.has_target: '{long}'\nplan.ends: {long}"
        )
    for problem in caught.value.diagnostics:
        assert "\n" not in problem.message + problem.hint
        assert len(problem.message) < 200


def test_a_number_that_is_almost_one_takes_no_time() -> None:
    with pytest.raises(FactError):
        company(f"sales.cycle: '{'1' * 100_000},{' ' * 100_000}2'")


# ---- values for one run


def test_a_fact_is_set() -> None:
    before = company("sales.cycle: 57\nfunnel.conversion: {value: 2%, as_of: 2020-01-01}\nsales.reps: 3")
    assert before.stale(CATALOGUE) == ("funnel.conversion",)
    after = with_overrides(
        before,
        [
            "sales.cycle = 60 days",
            "funnel.conversion=21/130",
            "sales.reps=unknown",
            "finance.cash=100",
            "growth.gap=-3",
        ],
        CATALOGUE,
    )
    assert {name: found.value for name, found in after.facts.items()} == {
        "sales.cycle": 60.0,
        "funnel.conversion": 21 / 130,
        "finance.cash": 125.0,
        "growth.gap": -3.0,
    }
    assert {found.origin for found in after.facts.values()} == {Origin.SET}
    assert (after.warnings, after.stale(CATALOGUE)) == ((), ())


@pytest.mark.parametrize(
    "assignment, message, hint",
    [
        ("sales.cycle", "nothing is assigned", "write it as fact=value, for example sales.win_rate=21/130"),
        ("sales.cicle=3", "fact `sales.cicle` is not in the catalogue", "did you mean `sales.cycle`?"),
        ("score=3", "`score` is concluded from the other facts and cannot be stated", "delete it"),
        ("sales.cycle=", "`sales.cycle` has no value", "write the value, or `unknown`"),
        (
            "sales.cycle=3 months",
            "`sales.cycle` is counted in `days`, not in `months`",
            "convert it, and write the number in days",
        ),
        ("funnel.conversion=2.3", "`funnel.conversion` is a rate and cannot be `2.3`", "write 0.023 or 2.3%"),
        (
            "funnel.conversion=22/21",
            "there cannot be 22 successes in 21 trials",
            "check whether the two are exchanged",
        ),
        ("growth.gap=.nan", "`.nan` is not a number", "leave the fact out, or write `unknown`"),
        ("growth.gap=1e999", "`1e999` is too large to compute with", "give a number within 1e300"),
        (
            "growth.gap=3/4",
            "`3/4` is not a number",
            "write percentage points as a plain number: 15",
        ),
    ],
)
def test_a_fact_cannot_be_set(assignment: str, message: str, hint: str) -> None:
    with pytest.raises(FactError) as caught:
        with_overrides(company("sales.cycle: 57"), [assignment], CATALOGUE)
    (problem,) = caught.value.diagnostics
    assert (problem.message, problem.hint, problem.span) == (f"in `--set {assignment}`: {message}", hint, None)


def test_all_that_cannot_be_set_is_told_at_once() -> None:
    with pytest.raises(FactError) as caught:
        with_overrides(company(""), ["sales.cycle=x", "sales.reps=1.5"], CATALOGUE)
    assert len(caught.value.diagnostics) == 2

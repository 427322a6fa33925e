"""Computed facts after they were written down: in a scenario as text, in a record as data."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.commands.exports import readable
from engine.company import Company, read
from engine.decision import Run, read_record
from engine.diagnostics import SteelyardError
from engine.document import parse
from engine.document import read as read_document
from engine.facts import FactDefinition, FactType, Observation, Origin
from engine.formatting.form import formatted
from engine.formula import derive_for
from engine.inclusion import included, on_disk
from engine.recording import Circumstances, record_text
from engine.replay import replay
from engine.run import fire
from engine.scenarios.answers import fired_answers
from engine.scenarios.recording import recorded
from engine.session import DEFAULT_POLICY, Engine, Session
from tests.installation import ROOT

DAY = date(2026, 11, 26)
CLIENT = ROOT / "examples" / "brightwater-lighting"


@pytest.fixture(scope="module")
def company() -> Company:
    node = read_document(CLIENT / "company.yaml")
    with (
        Session.open(DEFAULT_POLICY, DAY, Engine.REFERENCE) as session,
        readable(node, CLIENT, None, DAY) as reader,
    ):
        return reader(session.policy)


@pytest.fixture(scope="module")
def session() -> Session:
    return Session.open(DEFAULT_POLICY, DAY, Engine.REFERENCE)


def scenario(company: Company, session: Session) -> str:
    facts, _ = derive_for(session.policy, company.facts)
    answers = fired_answers(fire(session.policy, facts, session.backend))
    return recorded(company, read_document(CLIENT / "company.yaml"), session.policy, answers, DEFAULT_POLICY)


def given(text: str, session: Session) -> dict[str, Observation]:
    """The facts of a scenario's `given:` as a company's file would have them."""
    lines = text.partition("    given:\n")[2].partition("    expect:\n")[0].splitlines()
    assignments = [line.strip() for line in lines if not line.lstrip().startswith("#")]
    counts = [
        f"{name}: {{successes: {value.partition('/')[0]}, trials: {value.partition('/')[2]}}}"
        if "/" in value
        else f"{name}: {value}"
        for name, _, value in (one.partition(": ") for one in assignments)
    ]
    rates = "exchange_rates:\n  - {from: EUR, to: USD, rate: 1.08, date: 2025-12-31}\n"
    head = f"company: Recorded\nas_of: 2026-09-30\ncurrency: EUR\n{rates}facts:\n"
    node = parse(head + "".join(f"  {line}\n" for line in counts), "company.yaml")
    return dict(read(node, session.policy.catalogue, session.policy.currency).facts)


def test_what_is_written_is_what_the_exports_say(company: Company, session: Session) -> None:
    found = given(scenario(company, session), session)
    computed = {name: company.facts[name] for name in found if company.facts[name].origin is Origin.COMPUTED}
    assert len(computed) > 30
    for name, one in computed.items():
        again = found[name]
        assert again.interval_known == one.interval_known, name
        if isinstance(one.value, float):
            assert again.number == pytest.approx(one.number, rel=1e-9), name
            assert again.interval == pytest.approx(one.interval, rel=1e-9, abs=1e-12), name
        else:
            assert again.value == one.value


def test_only_facts_that_a_rule_reads_are_written(company: Company, session: Session) -> None:
    text = scenario(company, session)
    assert "funnel.leads_monthly" not in text
    assert "      # computed from the exports\n      funnel.leads_per_month: 31.66666667\n" in text
    assert "      finance.cash_balance: 310000 EUR\n" in text
    assert "      sales.win_rate: 23/76\n" in text
    assert "      lead.first_response_hours: {value: 24.2750, low: 21.86666667, high: 26.38333333}\n" in text


def test_a_recorded_scenario_is_in_canonical_form(company: Company, session: Session) -> None:
    text = scenario(company, session)
    assert "\nexchange_rates:\n" in text
    assert formatted(text.encode(), "tests/today.yaml") == text


def test_answers_are_written_to_ten_digits(session: Session, tmp_path: Path) -> None:
    answers = "by: A\non: 2026-09-01\nanswers:\n  pipeline.due_value: {value: [80000, 120000]}\n"
    (tmp_path / "answers.yaml").write_text(answers, encoding="utf-8")
    rates = "exchange_rates:\n  - {from: EUR, to: USD, rate: 1.08, date: 2025-12-31}\n"
    text = f"company: A\nas_of: 2026-09-30\ncurrency: EUR\n{rates}answers: [answers.yaml]\nfacts: {{}}\n"
    (tmp_path / "company.yaml").write_text(text, encoding="utf-8")
    node = included(read_document(tmp_path / "company.yaml"), on_disk(tmp_path / "company.yaml"))
    made = session.company(node, None, DAY)
    answers_of = fired_answers(fire(session.policy, made.facts, session.backend))
    found = recorded(made, node, session.policy, answers_of, DEFAULT_POLICY)
    assert "      pipeline.due_value: {value: [86400, 129600], currency: USD}\n" in found


# --- records


@pytest.fixture(scope="module")
def record(company: Company, session: Session) -> str:
    """The record of an evaluation."""
    run = Run(DEFAULT_POLICY, CLIENT.as_posix(), engine="reference")
    made = Circumstances(DAY, run, {"steelyard": "0.1.0", "python": "3.12.3", "durable-rules": None})
    return record_text(session.opened, company, session.evaluate(company), made)


def changed(place: Path, record: str, fact: str, key: str, value: object) -> list[str]:
    """What is said of a record in which somebody changed something of a fact: codes, and `reproduced` where nothing is."""
    held = json.loads(record)
    held["facts"][fact][key] = value
    path = place / "record.json"
    path.write_text(json.dumps(held), encoding="utf-8")
    try:
        found = replay(read_record(path), Engine.REFERENCE)
    except SteelyardError as error:
        return [diagnostic.code for diagnostic in error.diagnostics]
    return [change.code for change in found.record.changed] or ["reproduced"]


def test_a_record_needs_no_export(tmp_path: Path, record: str) -> None:
    held = json.loads(record)
    assert "Record ID" not in record
    reasons = [file["name"] for file in held["policy"]["files"] if file["role"] == "reasons"]
    assert reasons == ["steelyard:sales-focus/reasons.yaml"]
    assert held["facts"]["sales.win_rate"]["origin"] == "computed"
    same = held["facts"]["sales.win_rate"]["value"]
    assert changed(tmp_path, record, "sales.win_rate", "value", same) == ["reproduced"]


@pytest.mark.parametrize("value", [0.9, "lots", "infinite", True, [1, 2], None])
@pytest.mark.parametrize("fact", ["sales.win_rate", "funnel.lead_volume_trend", "company.data_as_of"])
def test_a_computed_fact_that_somebody_changed_is_told(tmp_path: Path, record: str, fact: str, value: object) -> None:
    code = "wrong-type" if value is None else "record-changed"
    assert changed(tmp_path, record, fact, "value", value) == [code]


@pytest.mark.parametrize(
    "key, value, code",
    [
        ("low", "x", "not-allowed"),
        ("trials", 77, "record-changed"),
        ("type", "date", "record-changed"),
        ("origin", "given", "record-changed"),
        ("as_of", "now", "wrong-form"),
    ],
)
def test_anything_else_of_a_computed_fact_too(tmp_path: Path, record: str, key: str, value: object, code: str) -> None:
    assert changed(tmp_path, record, "sales.win_rate", key, value) == [code]


# --- every type of fact


@pytest.mark.parametrize(
    "kind, observation, written",
    [
        (FactType.NUMBER, Observation(1234.5), "1234.5"),
        (FactType.NUMBER, Observation(1.234), "1.2340"),
        (FactType.NUMBER, Observation(1e-7), "0.0000001"),
        (FactType.NUMBER, Observation(123456789012345.0), "123456789000000"),
        (FactType.COUNT, Observation(12.0), "12"),
        (FactType.RATE, Observation(0.5, interval_known=False), "0.5"),
        (FactType.RATE, Observation(0.5, 0.25, 0.75, successes=2, trials=4), "{value: 0.5, low: 0.25, high: 0.75}"),
        (FactType.MONEY, Observation(99.0), "{value: 99, currency: USD}"),
        (FactType.BOOLEAN, Observation(True), "yes"),
        (FactType.CATEGORY, Observation("flat_shown"), "flat_shown"),
        (FactType.DATE, Observation(date(2026, 9, 30)), "2026-09-30"),
        (FactType.SERIES, Observation((1.0, 2.5)), "[1, 2.5]"),
    ],
)
def test_a_computed_fact_is_written_as_a_company_file_writes_it(
    company: Company, session: Session, kind: FactType, observation: Observation, written: str
) -> None:
    name = "sales.win_rate"
    policy = session.policy
    catalogue = {**policy.catalogue, name: FactDefinition(name, kind, "a fact", values=("flat_shown",))}
    facts = {name: replace(observation, origin=Origin.COMPUTED)}
    other = replace(company, facts=facts)
    answers = fired_answers(fire(policy, derive_for(policy, company.facts)[0], session.backend))
    text = recorded(other, parse("facts: {}", "x.yaml"), replace(policy, catalogue=catalogue), answers, "")
    assert f"      {name}: {written}\n" in text

"""What `init client` writes: it evaluates at once, and its first page is enough for a verdict."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from engine.conclusion import Evaluation
from engine.diagnostics import LoadError
from engine.document import parse
from engine.formatting.form import formatted
from engine.scaffold import company_file, init_client
from engine.session import Engine, Session

TODAY = date(2026, 11, 1)
SET = "steelyard:sales-focus"

# One plausible answer for each question of the first page.
ANSWERS = {
    "sales.win_rate": "{successes: 21, trials: 130}",
    "funnel.conversion_trend": "flat_shown",
    "growth.qualified_leads_yoy": "25%",
    "growth.revenue_new_yoy": "4%",
    "lead.icp_fit_share": "{successes: 110, trials: 190}",
    "funnel.biggest_leak_stage": "sql_to_opportunity",
    "lead.first_response_hours": "30",
    "deal.acv_median": "18000",
    "deal.assisted_win_lift_pp": "{value: 9, low: 2, high: 16}",
    "sales.cycle_days": "75",
    "deal.custom_scope_share": "{successes: 30, trials: 80}",
    "deal.stakeholders_median": "5",
    "sales.cycle_change_yoy": "5%",
    "sales.open_opps_per_rep": "35",
}


def evaluated(text: str, policy: str = SET) -> Evaluation:
    with Session.open(policy, TODAY, Engine.REFERENCE) as session:
        return session.evaluate(session.company(parse(text, "company.yaml"), None, TODAY))


def first_page() -> tuple[str, list[str]]:
    with Session.open(SET, TODAY, Engine.REFERENCE) as session:
        text = company_file("Acme", session.policy, TODAY)
    page = text.split("# ---- First page")[1].split("# ---- ")[0]
    return text, re.findall(r"^  ([a-z_.]+): unknown$", page, re.MULTILINE)


def test_the_first_page_has_the_fourteen_questions_that_are_enough_for_a_verdict() -> None:
    text, asked = first_page()
    assert len(asked) == 14
    assert set(asked) == set(ANSWERS)
    for fact, answer in ANSWERS.items():
        text = text.replace(f"  {fact}: unknown\n", f"  {fact}: {answer}\n")
    told = evaluated(text)
    assert told.coverage >= told.required_coverage
    assert told.verdict.band is not None


def test_no_thirteen_of_them_are_said_to_be_enough() -> None:
    text, asked = first_page()
    for fact in asked[:13]:
        text = text.replace(f"  {fact}: unknown\n", f"  {fact}: {ANSWERS[fact]}\n")
    assert evaluated(text).verdict.id == "insufficient-evidence"


def test_every_question_says_how_it_is_answered_and_who_would_know() -> None:
    text, _ = first_page()
    asked = re.findall(r"^  # .*\n  #    .*\n  [a-z_.0-9]+: unknown$", text, re.MULTILINE)
    assert len(asked) == len(re.findall(r": unknown$", text, re.MULTILINE)) >= 60


def test_a_new_client_evaluates_at_once(tmp_path: Path) -> None:
    with Session.open(SET, TODAY, Engine.REFERENCE) as session:
        written = init_client(tmp_path / "Müller & Söhne", session.policy, SET, TODAY)
    assert [path.name for path in written] == ["policyset.yaml", "company.yaml"]
    told = evaluated(written[1].read_text(encoding="utf-8"), str(written[0].parent))
    assert told.company == "Müller & Söhne"
    assert told.layers == ("sales-focus 1.0.0", "muller-sohne 0.1.0")
    assert told.coverage == 0


def test_what_is_written_is_in_canonical_form(tmp_path: Path) -> None:
    with Session.open(SET, TODAY, Engine.REFERENCE) as session:
        for path in init_client(tmp_path / "Müller & Söhne", session.policy, SET, TODAY):
            assert formatted(path.read_bytes(), path.name) == path.read_text(encoding="utf-8")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "company.yaml").write_text("mine", encoding="utf-8")
    with Session.open(SET, TODAY, Engine.REFERENCE) as session, pytest.raises(LoadError) as failure:
        init_client(tmp_path / "acme", session.policy, SET, TODAY)
    assert [d.code for d in failure.value.diagnostics] == ["file-exists"]
    assert (tmp_path / "acme" / "company.yaml").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "acme" / "policyset.yaml").exists()

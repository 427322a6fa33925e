"""Scenarios: what is given, how answers are compared, updating in place, recording. The policy set is the shipped one."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnostics import LoadError, ScenarioError
from engine.document import parse, read
from engine.formula import derive_for
from engine.run import fire
from engine.scenarios.answers import fired_answers
from engine.scenarios.discovery import find
from engine.scenarios.judging import meets, rewritten
from engine.scenarios.model import Answer, Between, Close, Exactly, Listed, Match, Move, Wanted
from engine.scenarios.reading import read_suites
from engine.scenarios.recording import recorded
from engine.scenarios.running import Choice, Report, State, run_suites
from engine.scenarios.updating import updates
from engine.session import DEFAULT_POLICY, Engine, Session

TODAY = date(2026, 10, 31)
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("company.yaml"))
REFERENCE = Choice(engine=Engine.REFERENCE)
HEAD = "policy: steelyard:sales-focus\nscenarios:\n"


def run(path: Path, text: str, choice: Choice = REFERENCE) -> Report:
    path.write_bytes(text.encode())
    return run_suites(read_suites(find([str(path)]).files, TODAY), choice, TODAY)


def told(report: Report) -> list[tuple[str, str]]:
    return [(result.row.label, str(result.state)) for result in report.results]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.yaml"


# ---- what is given


def test_what_is_nearer_wins(file: Path) -> None:
    text = """policy: steelyard:sales-focus
bases:
  many: {funnel.leads_per_month: 100, funnel.lead_volume_trend: flat}
given: {funnel.leads_per_month: 10}
scenarios:
  - id: file
    base: many
    expect: {evidence: {stagnant-conversion.volume: 0}}
  - id: scenario
    base: many
    given: {funnel.leads_per_month: 40}
    expect: {evidence: {stagnant-conversion.volume: 1}}
    columns: {given: [funnel.leads_per_month, funnel.lead_volume_trend], expect: [evidence.stagnant-conversion.volume]}
    rows:
      nothing more: [~, ~, ~]
      fewer: [5, ~, 0]
      taken away: [unknown, ~, unknown]
      as a mapping: {given: {funnel.lead_volume_trend: declining}, expect: {evidence: {stagnant-conversion.volume: -1}}}
"""
    assert told(run(file, text)) == [
        ("file", "passed"),
        ("scenario: nothing more", "passed"),
        ("scenario: fewer", "passed"),
        ("scenario: taken away", "passed"),
        ("scenario: as a mapping", "passed"),
    ]


def test_a_base_may_be_a_company_file_with_its_own_currency(file: Path) -> None:
    (file.parent / "company.yaml").write_text("""company: Acme
as_of: 2026-10-31
currency: EUR
exchange_rates: [{from: EUR, to: USD, rate: 1.08, date: 2026-10-30}]
facts: {deal.acv_median: 24000}
""")
    text = """policy: steelyard:sales-focus
bases: {acme: company.yaml}
scenarios:
  - {id: euros, base: acme, expect: {evidence: {complex-high-value.deal-value: 1}}}
"""
    # 24,000 x 1.08 = 25,920 dollars
    assert told(run(file, text)) == [("euros", "passed")]


def test_parameters_hold_for_their_row_alone(file: Path) -> None:
    text = f"""{HEAD}  - id: leads
    given: {{funnel.leads_per_month: 20, funnel.lead_volume_trend: flat}}
    expect: {{evidence: {{stagnant-conversion.volume: 0}}}}
    rows:
      before: {{}}
      fewer are enough:
        parameters: {{stagnant-conversion.steady_leads: 12}}
        expect: {{evidence: {{stagnant-conversion.volume: 1}}}}
      after: {{}}
"""
    assert [state for _, state in told(run(file, text))] == ["passed"] * 3


def test_parameters_that_make_no_policy_set_are_told_at_their_row(file: Path) -> None:
    text = f"{HEAD}  - id: bands\n    parameters: {{tilt_from: 90}}\n    expect: {{gates: {{G8: yes}}}}\n"
    with pytest.raises(ScenarioError) as refused:
        run(file, text)
    (found,) = refused.value.diagnostics
    assert found.code == "bands-out-of-order"
    assert found.message.startswith("with the parameters of this scenario: ")
    assert found.span is not None
    assert (found.span.file, found.span.line) == (file.as_posix(), 3)


def test_facts_that_are_read_and_not_given_are_listed(file: Path) -> None:
    report = run(file, f"{HEAD}  - {{id: open, expect: {{gates: {{G4: unknown}}}}}}\n")
    assert report.results[0].not_given == ("sales.open_opps_per_rep", "lead.first_response_hours")


# ---- how answers are compared


@pytest.mark.parametrize(
    "wanted, right, wrong",
    [
        (Exactly("yes"), ["yes"], ["no", 1.0]),
        (Exactly(0.5), [0.5, 0.5 + 1e-12], [0.4, "unknown"]),
        (Close(60.9, 0.05), [60.85, 60.9, 60.95], [60.84, 60.96, "unknown"]),
        (Between(25, math.inf), [25.0, 1e9], [24.9, "unknown"]),
        (Move(10, 20), [(10.0, 20.0)], [(10.0, 19.0), "none"]),
        (Listed(("a", "b"), Match.ALL), [("b", "a")], [("a",), ("a", "b", "c")]),
        (Listed((), Match.ALL), [()], [("a",)]),
        (Listed(("a",), Match.AMONG), [("b", "a")], [("b",), ()]),
        (Listed((), Match.AMONG), [()], [("a",)]),
        (Listed(("a", "b"), Match.IN_ORDER), [("a", "b", "c")], [("b", "a")]),
        (Listed(("Lead",), Match.IN_TEXTS), [("more leads",)], [("more",), ()]),
        (Listed(("lead",), Match.IN_NO_TEXT), [("more",), ()], [("Leads",)]),
    ],
)
def test_an_answer_meets_what_is_expected_or_does_not(wanted: Wanted, right: list[Answer], wrong: list[Answer]) -> None:
    assert [meets(wanted, answer) for answer in right] == [True] * len(right)
    assert [meets(wanted, answer) for answer in wrong] == [False] * len(wrong)


@given(st.floats(-100, 100), st.integers(0, 6))
def test_what_replaces_a_number_is_met_by_the_answer(answer: float, digits: int) -> None:
    wanted = Close(0.0, 0.5 * 10.0**-digits)
    assert meets(Close(float(rewritten(answer, wanted)), wanted.tolerance), answer)


@pytest.mark.parametrize("written, right", [("0", 0.4), ("0.0", 0.04), ("0%", 0.004), ("0.0%", 0.0004), ("1e-1", 0.14)])
def test_a_number_is_as_exact_as_it_is_written(file: Path, written: str, right: float) -> None:
    text = f"{HEAD}  - {{id: one, expect: {{coverage: {written}}}}}\n"
    file.write_text(text)
    (suite,) = read_suites(find([str(file)]).files, TODAY)
    (expected,) = suite.rows[0].expected
    assert meets(expected.wanted, right)
    assert not meets(expected.wanted, right * 2)


# ---- known to fail, chosen, stopped


TODO = f"""{HEAD}  - {{id: fails, todo: waits for the survey, expect: {{gates: {{G8: no}}}}}}
  - {{id: passes, todo: waits for the survey, expect: {{gates: {{G8: yes}}}}}}
  - {{id: wrong, expect: {{gates: {{G8: no}}}}}}
  - {{id: right, title: G8 as it should be, expect: {{gates: {{G8: yes}}}}}}
"""


def test_what_is_known_to_fail_may_fail_and_may_not_pass(file: Path) -> None:
    report = run(file, TODO)
    assert told(report) == [("fails", "todo"), ("passes", "done"), ("wrong", "failed"), ("right", "passed")]
    assert [result.row.scenario for result in report.failures] == ["passes", "wrong"]


def test_a_run_may_stop_at_the_first_failure(file: Path) -> None:
    report = run(file, TODO, Choice(engine=Engine.REFERENCE, fail_fast=True))
    assert told(report) == [("fails", "todo"), ("passes", "done")]
    assert report.not_run == 2


@pytest.mark.parametrize(
    "words, rows", [(("should g8",), ["right"]), (("wrong", "right"), ["wrong", "right"]), (("none",), [])]
)
def test_rows_are_chosen_by_words_of_their_names(file: Path, words: tuple[str, ...], rows: list[str]) -> None:
    report = run(file, TODO, Choice(words, engine=Engine.REFERENCE))
    assert [result.row.scenario for result in report.results] == rows
    assert report.left_out == 4 - len(rows)


def test_a_failure_says_what_differs_and_why(file: Path) -> None:
    report = run(
        file,
        f"{HEAD}  - {{id: one, given: {{sales.cycle_days: 57}}, expect: {{evidence: {{complex-high-value.cycle: 1}}}}}}\n",
    )
    (result,) = report.results
    (difference,) = result.differences
    assert (difference.path, difference.expected, difference.got) == ("evidence.complex-high-value.cycle", "1", "0.5")
    assert [step.text for step in result.why] == ["4.3 Length of the sales cycle: outcome +0.5 (grade J)"]


# ---- updating


BEFORE = f"""{HEAD}  # a comment that stays
  - id:   one      # and this one
    given: {{sales.cycle_days: 57}}
    expect:
      evidence: {{complex-high-value.cycle: {{outcome: 1, case: 4}}, complex-high-value.buying-group: 1}}
      coverage: 50.0%
      fires: [G1]
      score: {{from: 1, to: 2}}
  - id: table
    columns: {{given: [sales.cycle_days], expect: [evidence.complex-high-value.cycle]}}
    expect: {{gates: {{G8: no}}}}
    rows:
      short:  [13, 1]     # wrong
      long:   [60 days, 1]   # right
  - {{id: later, todo: not yet, expect: {{gates: {{G8: no}}}}}}
"""
AFTER = (
    BEFORE.replace("outcome: 1, case: 4", "outcome: 0.5, case: 3")
    .replace("buying-group: 1", "buying-group: unknown")
    .replace("50.0%", "0.0%")
    .replace("fires: [G1]", "fires: [G8]")
    .replace("expect: {gates: {G8: no}}\n    rows", "expect: {gates: {G8: yes}}\n    rows")
    .replace("[13, 1]", "[13, -0.5]")
)


@pytest.mark.parametrize("changed", [str, lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text])
def test_an_update_touches_only_what_differs(file: Path, changed: Callable[[str], str]) -> None:
    (update,) = updates(run(file, changed(BEFORE)), TODAY)
    update.write()
    assert file.read_bytes().decode() == changed(AFTER)
    assert [(one.path, reason) for one, reason in update.by_hand] == [
        ("score", "only a person can say what it should be")
    ]
    again = run(file, file.read_bytes().decode())
    assert [one.path for result in again.failures for one in result.differences] == ["score"]


def test_an_expectation_that_rows_share_and_answer_differently_is_left_to_a_person(file: Path) -> None:
    text = f"""{HEAD}  - id: shared
    expect: {{evidence: {{complex-high-value.cycle: 0}}}}
    rows:
      short: {{given: {{sales.cycle_days: 13}}}}
      long: {{given: {{sales.cycle_days: 60}}}}
"""
    (update,) = updates(run(file, text), TODAY)
    assert update.diff == ""
    assert {reason for _, reason in update.by_hand} == {"other rows expect the same, and answer differently"}


def test_a_file_that_somebody_else_changed_meanwhile_is_not_written(file: Path) -> None:
    (update,) = updates(run(file, BEFORE), TODAY)
    theirs = BEFORE + "  - {id: theirs, expect: {gates: {G8: yes}}}\n"
    file.write_text(theirs)
    with pytest.raises(LoadError) as refused:
        update.write()
    (found,) = refused.value.diagnostics
    assert found.code == "changed-meanwhile"
    assert found.message == f"`{file.as_posix()}` was changed by somebody else in the meantime"
    assert file.read_text() == theirs


def test_a_file_that_somebody_else_removed_meanwhile_is_not_written(file: Path) -> None:
    (update,) = updates(run(file, BEFORE), TODAY)
    file.unlink()
    with pytest.raises(LoadError):
        update.write()
    assert not file.exists()


# ---- recording


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_what_is_recorded_of_a_company_passes(path: Path, file: Path) -> None:
    node = read(path)
    with Session.open(DEFAULT_POLICY, TODAY, Engine.REFERENCE) as session:
        company = session.company(node, None, TODAY)
        policy = session.policy
        facts, _ = derive_for(policy, company.facts)
        answers = fired_answers(fire(policy, facts, session.backend))
    text = recorded(company, node, policy, answers, DEFAULT_POLICY)
    assert told(run(file, text)) == [(run(file, text).results[0].row.scenario, "passed")]
    assert "source:" not in text


def test_a_recorded_scenario_holds_only_facts_that_are_read() -> None:
    text = """company: "Yes: a name, with everything"
as_of: 2026-10-31
currency: USD
facts:
  sales.cycle_days: {value: 57 days, source: CRM, by: A. Miller}
  sales.win_rate: {successes: 21, trials: 130, note: all}
  deal.assisted_win_lift_pp: {value: 6, low: 1, high: 11}
  company.model: saas
  sales.rep_count: 4
  lead.main_rejection_reason: "not_ready"
  market.source_psi: unknown
"""
    node = parse(text, "company.yaml")
    with Session.open(DEFAULT_POLICY, TODAY, Engine.REFERENCE) as session:
        company = session.company(node, None, TODAY)
        answers = fired_answers(fire(session.policy, company.facts, session.backend))
    shown = recorded(company, node, session.policy, answers, DEFAULT_POLICY)
    assert shown.partition("    given:\n")[2].partition("    expect:\n")[0] == (
        "      sales.cycle_days: 57 days\n"
        "      sales.win_rate: 21/130\n"
        "      deal.assisted_win_lift_pp: {value: 6, low: 1, high: 11}\n"
        "      lead.main_rejection_reason: not_ready\n"
    )
    assert '    title: "Yes: a name, with everything"\n' in shown
    assert "  - id: yes-a-name-with-everything\n" in shown


# ---- files


def test_scenarios_are_found_beside_policy_sets_and_nowhere_else(tmp_path: Path) -> None:
    for name in (
        "set/policyset.yaml",
        "set/tests/a.yaml",
        "set/tests/b.yml",
        "set/tests/notes.txt",
        "set/tests/more/c.yaml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    for name in ("other/tests/d.yaml", ".hidden/policyset.yaml", ".hidden/tests/e.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    names = [found.path.relative_to(tmp_path).as_posix() for found in find([str(tmp_path)]).files]
    assert names == ["set/tests/a.yaml", "set/tests/b.yml"]
    assert find([str(tmp_path / "set" / "tests"), str(tmp_path / "set")]).files == find([str(tmp_path / "set")]).files
    assert find([str(tmp_path / "other")]).files == ()
    assert [found.path.name for found in find([str(tmp_path / "other" / "tests")]).files] == ["d.yaml"]


def test_a_file_that_is_about_no_policy_set_says_so(file: Path) -> None:
    file.write_text("scenarios: [{id: one, expect: {gates: {G8: yes}}}]\n")
    with pytest.raises(ScenarioError) as refused:
        read_suites(find([str(file)]).files, TODAY)
    (found,) = refused.value.diagnostics
    assert (found.code, found.hint.partition(":")[0]) == ("no-policy", "name it in the file")


@pytest.mark.parametrize(
    "policy, code",
    [
        ("steelyard:sale-focus", "no-shipped-set"),
        ("nowhere", "file-missing"),
        ("../../../../elsewhere", "outside-tree"),
    ],
)
def test_a_policy_set_that_there_is_not_is_told_where_it_is_named(file: Path, policy: str, code: str) -> None:
    file.write_text(f"policy: {policy}\nscenarios: [{{id: one, expect: {{gates: {{G8: yes}}}}}}]\n")
    with pytest.raises(ScenarioError) as refused:
        read_suites(find([str(file)]).files, TODAY)
    (found,) = refused.value.diagnostics
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == (code, 1, 9)


def test_a_file_that_cannot_be_read_is_told_with_the_others(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "binary.yaml").write_bytes(b"\0\1")
    (tmp_path / "tests" / "empty.yaml").write_text("")
    (tmp_path / "tests" / "folder.yaml").mkdir()
    with pytest.raises(ScenarioError) as refused:
        read_suites(find([str(tmp_path / "tests")]).files, TODAY)
    assert {found.code for found in refused.value.diagnostics} == {"binary-file", "empty-file", "is-a-directory"}


def test_a_huge_table_is_refused_by_the_limits_of_a_file(file: Path) -> None:
    rows = "".join(f"      row {n}: [{n}, 0]\n" for n in range(40_000))
    columns = "    columns: {given: [sales.cycle_days], expect: [evidence.complex-high-value.cycle]}\n    rows:\n"
    with pytest.raises(ScenarioError) as refused:
        run(file, f"{HEAD}  - id: huge\n{columns}{rows}")
    assert [found.code for found in refused.value.diagnostics] == ["too-many-values"]


def test_problems_of_all_files_are_told_before_anything_runs(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(f"{HEAD}  - {{id: one, expect: {{gates: {{G77: yes}}}}}}\n")
    with pytest.raises(ScenarioError) as refused:
        read_suites(find([str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")]).files, TODAY)
    assert [found.span.file for found in refused.value.diagnostics if found.span] == [
        (tmp_path / "a.yaml").as_posix(),
        (tmp_path / "b.yaml").as_posix(),
    ]


def test_the_states_are_those_of_the_report() -> None:
    assert [state.value for state in State if state.is_failure] == ["failed", "done"]

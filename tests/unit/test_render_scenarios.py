"""A run of scenarios as text, JSON, JUnit and GitHub commands: what a reader, a program and a browser see of hostile names."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from engine.render import junit, scenarios, scenarios_github, scenarios_json
from engine.scenarios.discovery import find
from engine.scenarios.reading import read_suites
from engine.scenarios.running import Choice, Report, run_suites
from engine.session import Engine
from engine.shipped import schemas

TODAY = date(2026, 10, 31)
HEAD = "policy: steelyard:sales-focus\nscenarios:\n"
TEXT = f"""{HEAD}  - id: odd-names
    title: A title with <tags> & "quotes", 100 % | odd
    columns: {{given: [sales.cycle_days], expect: [evidence.complex-high-value.cycle]}}
    rows:
      "a row: with ::colons, commas % and <b>": [57, 1]
      "right": [60, 1]
      "controls \\u0007 \\u202e 😀": [13, 1]
  - {{id: later, todo: "waits, for the survey", expect: {{gates: {{G8: no}}}}}}
  - {{id: done, todo: waits no longer, expect: {{gates: {{G8: yes}}}}}}
"""


def run(path: Path, text: str, coverage: bool = False) -> Report:
    path.write_text(text, encoding="utf-8")
    suites = read_suites(find([str(path)]).files, TODAY)
    return run_suites(suites, Choice(engine=Engine.REFERENCE, coverage=coverage), TODAY)


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(tmp_path)
    return run(Path("some.yaml"), TEXT, coverage=True)


def test_the_text_shows_what_differs_then_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given = "title: The cycle, given: {sales.cycle_days: 57}"
    text = f"{HEAD}  - {{id: one, {given}, expect: {{evidence: {{complex-high-value.cycle: 1}}, coverage: 50%}}}}\n"
    shown = scenarios.render(run(Path("some.yaml"), text), verbose=False).splitlines()
    assert shown[:5] == [
        "FAILED some.yaml:3 one",
        "  The cycle",
        "  evidence.complex-high-value.cycle  expected  1  (line 3)",
        "                                     got       0.5",
        "  coverage                           expected  50 % (±0.5 %)  (line 3)",
    ]
    assert "  4.3 Length of the sales cycle: outcome +0.5 (grade J)" in shown
    assert shown[-1] == "1 row in 1 file: 0 passed, 1 failed"
    assert max(map(len, shown)) <= 100


def test_the_text_holds_no_character_that_moves_a_cursor(report: Report) -> None:
    shown = scenarios.render(report, verbose=True)
    assert "\x07" not in shown
    assert "\u202e" not in shown
    assert "todo some.yaml:10 later\n  known to fail: waits, for the survey\n" in shown
    assert "passes although it is said to be known to fail (waits no longer): remove `todo:`" in shown


def test_colour_changes_no_word(report: Report) -> None:
    plain = scenarios.render(report, verbose=True)
    coloured = scenarios.render(report, verbose=True, colour=True)
    for code in ("0", "1", "2", "31", "32", "33"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


def test_the_json_has_the_form_of_its_schema(report: Report) -> None:
    schema = json.loads((schemas() / "test-report.schema.json").read_text(encoding="utf-8"))
    plain = json.loads(scenarios_json.render(report))
    Draft202012Validator(schema).validate(plain)
    assert plain["counts"] == {"passed": 1, "failed": 2, "todo": 1, "done": 1, "left_out": 0, "not_run": 0}
    assert plain["passed"] is False
    assert plain["files"][0]["rows"][0]["differences"] == [
        {
            "answer": "evidence.complex-high-value.cycle",
            "expected": "1",
            "got": "0.5",
            "place": {"file": "some.yaml", "line": 7, "column": 54},
        }
    ]
    assert plain["coverage"][0]["policy"] == "steelyard:sales-focus"


def test_the_junit_is_xml_with_a_case_for_each_row(report: Report) -> None:
    root = ET.fromstring(junit.render(report))
    (suite,) = root.findall("testsuite")
    assert suite.attrib == {"name": "some.yaml", "tests": "5", "failures": "3", "errors": "0", "skipped": "1"}
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [
        "a row: with ::colons, commas % and <b>",
        "right",
        "controls \\x07 \u202e \U0001f600",
        "later",
        "done",
    ]
    failure = cases[0].find("failure")
    assert failure is not None
    assert failure.get("message") == "evidence.complex-high-value.cycle: expected 1, got 0.5"
    assert failure.text is not None
    assert "4.3 Length of the sales cycle: outcome +0.5 (grade J)" in failure.text
    skipped = cases[3].find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "known to fail: waits, for the survey"
    names = [one.get("name") for one in suite.findall("properties/property")]
    assert names[0] == "coverage.cases"
    assert names[-1] == "coverage.all"


def test_the_github_commands_are_escaped(report: Report) -> None:
    lines = scenarios_github.render(report).splitlines()
    assert lines[0] == (
        "::error file=some.yaml,line=7,col=54,endLine=7,endColumn=55,title=odd-names%3A a row%3A with %3A%3Acolons%2C commas %25 and <b>"
        "::evidence.complex-high-value.cycle: expected 1, got 0.5"
    )
    assert [line.partition(",")[0] for line in lines[:-1]] == ["::error file=some.yaml"] * 3
    assert lines[-1] == "5 rows in 1 file: 1 passed, 3 failed, 1 known to fail"


def test_github_gets_ten_commands_at_most_and_is_told_of_the_rest(tmp_path: Path) -> None:
    rows = "".join(f"      row {n}: [57, 1]\n" for n in range(14))
    columns = "    columns: {given: [sales.cycle_days], expect: [evidence.complex-high-value.cycle]}\n    rows:\n"
    lines = scenarios_github.render(run(tmp_path / "some.yaml", f"{HEAD}  - id: many\n{columns}{rows}")).splitlines()
    assert len([line for line in lines if line.startswith("::")]) == 10
    assert lines[9].endswith("%0Aand 4 more: the summary of the job has them all")


def test_the_page_of_a_job_lists_every_failure(report: Report) -> None:
    page = scenarios_github.summary_page(report)
    assert "| `some.yaml:7` | odd-names: a row: with ::colons, commas % and \\<b> |" in page
    assert "<details><summary>odd-names: a row: with ::colons, commas % and &lt;b&gt;</summary>" in page
    assert "### Coverage of steelyard:sales-focus" in page
    assert page.count("\n```\n") >= 2

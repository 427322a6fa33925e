from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from engine.diagnostics import Diagnostic, Severity, Span
from engine.render.github import Annotation, Level, annotated, annotation, diagnostics_summary, of_diagnostic

PLACE = Span("clients/acme/policyset.yaml", 8, 7, 8, 18)
LINE = re.compile(r"::(?:error|warning|notice)(?: (?:\w+=[^:,\n\r]*)(?:,\w+=[^:,\n\r]*)*)?::[^\n\r]*\n")


def problem(number: int, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic("unknown-fact", f"problem {number}", Span("a.yaml", number, 1, number, 2), "mend it", severity)


def test_a_problem_with_its_place_its_code_and_what_to_do() -> None:
    found = Diagnostic(
        "nothing-to-override", "there is no parameter `steady_lead`", PLACE, "did you mean `steady_leads`?"
    )
    assert annotation(of_diagnostic(found)) == (
        "::error file=clients/acme/policyset.yaml,line=8,col=7,endLine=8,endColumn=18,title=nothing-to-override"
        "::there is no parameter `steady_lead`%0Ahint: did you mean `steady_leads`?"
    )


def test_a_warning_without_a_place_or_a_hint() -> None:
    found = Diagnostic("date-assumed", "no date", None, "", Severity.WARNING)
    assert annotation(of_diagnostic(found)) == "::warning title=date-assumed::no date"
    assert annotation(Annotation(Level.NOTICE, "done")) == "::notice::done"


def test_what_is_not_in_the_repository_has_no_place_there() -> None:
    shipped = Span("steelyard:sales-focus/policyset.yaml", 3)
    option = Span("--param tilt_from=x", line=0)
    for span in (shipped, option):
        assert annotation(Annotation(Level.ERROR, "no", span)) == "::error::no"


def test_a_place_over_several_lines_has_no_last_column() -> None:
    assert annotation(Annotation(Level.ERROR, "no", Span("a.yaml", 3, 5, 6, 2))) == (
        "::error file=a.yaml,line=3,col=5,endLine=6::no"
    )


def test_what_would_end_a_command_is_escaped() -> None:
    hostile = Annotation(Level.ERROR, "100%\r\n::stop-commands::x", Span("a,b:c\n%.yaml", 1, 1, 1, 2), "t,i:t\nle")
    assert annotation(hostile) == (
        "::error file=a%2Cb%3Ac%0A%25.yaml,line=1,col=1,endLine=1,endColumn=2,title=t%2Ci%3At le"
        "::100%25 ::stop-commands::x"
    )


@given(st.text(), st.text(), st.text())
def test_a_command_is_one_line_whatever_the_texts_are(message: str, file: str, title: str) -> None:
    printed = annotated([Annotation(Level.WARNING, message, Span(file), title, (message,))])
    assert LINE.fullmatch(printed)


def test_errors_come_first_and_the_tenth_says_how_many_more_there_are() -> None:
    found = [of_diagnostic(problem(n, Severity.WARNING)) for n in range(1, 10)]
    found += [of_diagnostic(problem(n)) for n in range(10, 14)]
    lines = annotated(found).splitlines()
    assert len(lines) == 10
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 4 + ["::warning"] * 6
    assert lines[0].endswith("::problem 10%0Ahint: mend it")
    assert lines[-1].endswith("::problem 6%0Ahint: mend it%0Aand 3 more: the summary of the job has them all")
    assert "more" not in "".join(lines[:-1])


def test_ten_are_ten() -> None:
    lines = annotated(of_diagnostic(problem(n)) for n in range(10)).splitlines()
    assert len(lines) == 10
    assert "more" not in lines[-1]
    assert annotated([]) == ""


def test_the_summary_has_them_all() -> None:
    found = [problem(1, Severity.WARNING), *(problem(n) for n in range(2, 15))]
    summary = diagnostics_summary("Check", found).splitlines()
    assert summary[:5] == [
        "### Check",
        "",
        "|  | where | what | what to do | code |",
        "| --- | --- | --- | --- | --- |",
        "| error | `a.yaml:2:1` | problem 2 | mend it | `unknown-fact` |",
    ]
    assert summary[-1] == "| warning | `a.yaml:1:1` | problem 1 | mend it | `unknown-fact` |"
    assert len(summary) == 4 + 14
    assert diagnostics_summary("Check", []) == "### Check\n\nNothing is wrong.\n"

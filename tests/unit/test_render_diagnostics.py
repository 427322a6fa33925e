from __future__ import annotations

import time

from engine.diagnostics import Diagnostic, Severity, Span
from engine.render.cells import width
from engine.render.diagnostics import render

LINE = "        - {fact: funnel.leads_per_mnth, at_least: $steady_leads}"


def at(text: str, part: str, line: int = 31) -> Span:
    column = text.index(part) + 1
    return Span("policies/stagnant-conversion.yaml", line, column, line, column + len(part), text)


def shown(*diagnostics: Diagnostic) -> list[str]:
    return render(diagnostics).split("\n")


def test_the_whole_form() -> None:
    problem = Diagnostic(
        "unknown-fact",
        "fact `funnel.leads_per_mnth` is not in the catalogue",
        at(LINE, "funnel.leads_per_mnth"),
        "did you mean `funnel.leads_per_month`?",
    )
    assert shown(problem) == [
        "policies/stagnant-conversion.yaml:31:18: error: fact `funnel.leads_per_mnth` is not in the catalogue"
        " [unknown-fact]",
        "   31 |         - {fact: funnel.leads_per_mnth, at_least: $steady_leads}",
        "      |                  ^^^^^^^^^^^^^^^^^^^^^",
        "      hint: did you mean `funnel.leads_per_month`?",
    ]


def test_without_a_place_there_is_only_the_message() -> None:
    problem = Diagnostic("no-policy", "folder `x` has no policy set", severity=Severity.WARNING)
    assert shown(problem) == ["warning: folder `x` has no policy set [no-policy]"]


def test_several_follow_each_other_in_their_order() -> None:
    one, two = Diagnostic("b", "second file"), Diagnostic("a", "first file", hint="look")
    assert shown(one, two) == ["error: second file [b]", "error: first file [a]", "      hint: look"]


def test_nothing_is_nothing() -> None:
    assert render([]) == ""


def test_tabs_become_blanks_and_the_caret_follows() -> None:
    assert shown(Diagnostic("c", "m", at("\ta:\tbad", "bad")))[1:] == ["   31 |     a:  bad", "      |         ^^^"]


def test_the_caret_counts_columns_of_wide_characters() -> None:
    assert shown(Diagnostic("c", "m", at("名前: 北京 x", "北京")))[1:] == ["   31 | 名前: 北京 x", "      |       ^^^^"]


def test_hidden_characters_are_shown_everywhere() -> None:
    span = Span("a\x1bb.yaml", 1, 4, 1, 5, "k: \x1b[2J\u202e")
    problem = Diagnostic("c", "`\x1b[2J` is wrong", span, "no \x9b here")
    assert shown(problem) == [
        "a\\x1bb.yaml:1:4: error: `\\x1b[2J` is wrong [c]",
        "    1 | k: \\x1b[2J\\u202e",
        "      |    ^^^^",
        "      hint: no \\x9b here",
    ]


def test_a_long_line_is_cut_around_the_place() -> None:
    text = "a" * 200 + "BAD" + "z" * 200
    _, line, caret = shown(Diagnostic("c", "m", at(text, "BAD")))
    assert len(line) == 100
    assert line[len("   31 | ") :].startswith("...")
    assert line.endswith("...")
    assert line[caret.index("^") : caret.rindex("^") + 1] == "BAD"


def test_half_of_a_wide_character_is_a_blank() -> None:
    text = "北" * 100 + "BAD" + "z" * 200
    _, line, caret = shown(Diagnostic("c", "m", at(text, "BAD")))
    assert width(line) == 100
    assert line.startswith("   31 | ... 北北")
    assert line[line.index("BAD") :].startswith("BADzz")
    assert width(line[: line.index("BAD")]) == caret.index("^")


def test_a_long_line_keeps_its_beginning_where_the_place_is() -> None:
    _, line, caret = shown(Diagnostic("c", "m", at("BAD" + "z" * 200, "BAD")))
    assert line.startswith("   31 | BADz")
    assert line.endswith("...")
    assert caret == "      | ^^^"


def test_a_place_longer_than_the_line_is_marked_as_far_as_it_is_shown() -> None:
    text = "x: " + "y" * 300
    _, line, caret = shown(Diagnostic("c", "m", at(text, "y" * 300)))
    assert max(len(line), len(caret)) <= 100
    assert set(line[caret.index("^") : caret.rindex("^") + 1]) == {"y"}


def test_a_place_over_several_lines_is_marked_on_its_first() -> None:
    span = Span("f.yaml", 3, 5, 6, 2, "key: [one,  ")
    assert shown(Diagnostic("c", "m", span))[1:] == ["    3 | key: [one,", "      |     ^^^^^^"]


def test_a_place_at_the_end_of_a_line_has_a_caret() -> None:
    span = Span("f.yaml", 3, 5, 3, 5, "key:")
    assert shown(Diagnostic("c", "m", span))[1:] == ["    3 | key:", "      |     ^"]


def test_a_place_beyond_the_line_does_not_fail() -> None:
    assert shown(Diagnostic("c", "m", Span("f.yaml", 3, 90, 3, 95, "key:")))[1:] == ["    3 | key:", "      |     ^"]


def test_an_empty_line_is_not_quoted() -> None:
    assert shown(Diagnostic("c", "m", Span("f.yaml", 1, 1, 1, 1, ""))) == ["f.yaml:1:1: error: m [c]"]


def test_a_message_stays_on_one_line() -> None:
    assert shown(Diagnostic("c", "two\nlines")) == ["error: two lines [c]"]


def test_large_line_numbers_move_the_bar() -> None:
    problem = Diagnostic("c", "m", at("bad", "bad", 123456))
    assert shown(problem)[1:] == ["123456 | bad", "       | ^^^"]


def test_a_line_as_long_as_a_file_is_shown_at_once() -> None:
    line = "x" * 5_000_000
    span = Span("company.yaml", 1, 2_500_001, 1, 2_500_004, line)
    started = time.process_time()
    shown = render([Diagnostic("some-code", "it is wrong", span)] * 20).splitlines()
    assert time.process_time() - started < 1
    assert len(shown[1]) <= 100
    assert shown[2].count("^") == 3

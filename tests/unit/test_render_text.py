from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conclusion import Evaluation
from engine.policy import PolicySet
from engine.render.cells import width
from engine.render.clean import is_hidden
from engine.render.page import MOST_ACTIONS, MOST_CLOSE, MOST_REASONS, REST
from engine.render.text import render
from tests.golden.answers import ANSWERS, CONVERSION, HELD, HELD_BACK, INSUFFICIENT, POLICY, QUESTIONS, THIN_EVIDENCE

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SHOWN = pytest.mark.parametrize("evaluation, policy", ANSWERS.values(), ids=ANSWERS)


def lines(evaluation: Evaluation, policy: PolicySet = POLICY, columns: int = 100) -> list[str]:
    return render(evaluation, policy, width=columns).split("\n")


@SHOWN
@pytest.mark.parametrize("columns", [60, 80, 100, 140])
def test_no_line_is_too_wide_and_none_ends_with_a_blank(
    evaluation: Evaluation, policy: PolicySet, columns: int
) -> None:
    shown = lines(evaluation, policy, columns)
    assert [line for line in shown if width(line) > columns] == []
    assert [line for line in shown if line != line.rstrip()] == []


@SHOWN
def test_colour_changes_nothing_but_colour(evaluation: Evaluation, policy: PolicySet) -> None:
    coloured = render(evaluation, policy, colour=True)
    assert coloured != render(evaluation, policy)
    assert COLOUR.sub("", coloured) == render(evaluation, policy)


@SHOWN
def test_it_ends_with_one_line_end(evaluation: Evaluation, policy: PolicySet) -> None:
    assert re.search(r"[^\n]\n\Z", render(evaluation, policy))


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_no_text_of_a_file_reaches_the_terminal_as_it_is(text: str) -> None:
    answer = replace(
        HELD_BACK,
        company=text,
        urgency_because=text,
        roll_back=(text,),
        tried=(text,),
        indicators=(replace(CONVERSION, title=text, short=text), *HELD_BACK.indicators[1:]),
        gates=(replace(HELD, title=text, because=text, first=text),),
        plan=tuple(replace(item, do=text) for item in HELD_BACK.plan),
        questions=tuple(replace(question, ask=text, who=text) for question in QUESTIONS),
    )
    shown = lines(answer)
    assert not any(is_hidden(character) for line in shown for character in line)
    assert max(map(width, shown)) <= 100


def test_long_lists_are_cut_and_say_so() -> None:
    many = tuple(replace(CONVERSION.evidence[0], name=f"conversion.e{n}", points=2.0, code=f"1.{n}") for n in range(9))
    item = replace(HELD_BACK.plan[1], indicator="conversion")
    answer = replace(
        HELD_BACK,
        indicators=(replace(CONVERSION, evidence=many, points=18.0),),
        score=18.0,
        plan=tuple(replace(item, do=f"action {n}") for n in range(5)),
        questions=tuple(replace(QUESTIONS[2], fact=f"rival.{n}") for n in range(8)),
    )
    shown = "\n".join(lines(answer))
    assert shown.count("42 leads/month keep coming") == MOST_REASONS
    assert f"and 3 more, +6.0 together: {REST}" in shown
    assert shown.count("action ") == MOST_ACTIONS
    assert f"and 3 more: {REST}" in shown


def test_of_many_close_calls_the_heaviest_are_told() -> None:
    close = replace(CONVERSION.evidence[0], too_close=tuple(f"rate {n} against 20 %" for n in range(5)))
    shown = lines(replace(HELD_BACK, indicators=(replace(CONVERSION, evidence=(close,)),)))
    assert sum("too close to call: rate" in line for line in shown) == MOST_CLOSE
    assert any(f"and 2 more too close to call: {REST}" in line for line in shown)


def test_a_verdict_that_a_gate_withdraws_names_the_gate() -> None:
    answer = replace(INSUFFICIENT, coverage=0.62, gates=(THIN_EVIDENCE,))
    shown = lines(answer)
    assert shown[2:4] == [
        "INSUFFICIENT EVIDENCE, no verdict and no move",
        "Known 62 % of the evidence (50 % needed). G8 Evidence too thin withdraws the verdict.",
    ]


def test_a_lean_the_other_way_gives_its_own_reasons() -> None:
    verdict = replace(HELD_BACK.verdict, band_move=(-10.0, -5.0), move=(-10.0, -5.0), held_by=())
    shown = "\n".join(lines(replace(HELD_BACK, verdict=verdict)))
    assert re.search(r"^  Why +-4.9  6.1  there is too little to close", shown, re.MULTILINE)
    assert re.search(r"^  Why not more +\+20.2  1.1", shown, re.MULTILINE)


def test_without_missing_answers_nothing_is_open() -> None:
    answer = replace(HELD_BACK, missing=(), questions=())
    assert "Score 50.6; no answer is open." in lines(answer)
    assert not any("Ask next" in line for line in lines(answer))

"""The questionnaire: what is asked, in which order, and the file that a client fills in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

import pytest
from jsonschema import Draft202012Validator

from engine.backends.reference import ReferenceBackend
from engine.company import Company
from engine.diagnostics import SteelyardError
from engine.document import parse, plain
from engine.evaluation import evaluate
from engine.facts import FactType
from engine.formatting.form import formatted
from engine.questionnaire import Asked, Choice, Questionnaire, people, questionnaire
from engine.questionnaire_file import extended, waiting
from engine.render import asked, asked_json, asked_markdown, asked_yaml
from engine.render.asked_words import beside, effect
from engine.schema import document, validate
from tests.answers.test_answers import MARKETING, SALES, read, shipped
from tests.differential.campaign import stated
from tests.differential.companies import pool


def asking(company: Company, choice: Choice | None = None) -> Questionnaire:
    evaluation = evaluate(shipped(), company, ReferenceBackend(shipped()))
    return questionnaire(shipped(), company, evaluation, choice or Choice())


def file(sheet: Questionnaire, data: bytes) -> tuple[str | None, int]:
    def entries(questions: Sequence[Asked], indent: int, first: int) -> str:
        return "".join(asked_yaml.entries(sheet, questions, indent, first=first))

    return extended(data, "answers.yaml", sheet.questions, entries)


def test_the_first_page_is_what_brings_a_verdict() -> None:
    sheet = asking(read())
    assert (sheet.known, sheet.has_verdict) == (0.0, False)
    assert [question.number for question in sheet.questions] == list(range(1, sheet.first + 1))
    assert sheet.questions[-1].known_after >= sheet.required > sheet.questions[-2].known_after
    assert sheet.reaches == sheet.questions[-1].known_after


def test_a_question_that_needs_one_that_is_not_asked_brings_nothing() -> None:
    """Leads against revenue take two answers: with the first alone nothing more is known than before."""
    everything = asking(read())
    n = next(one.number for one in everything.questions if one.together and min(one.together) > one.number)
    few, fewer = asking(read(), Choice(count=n)), asking(read(), Choice(count=n - 1))
    last = few.questions[-1]
    assert few.reaches == fewer.reaches < last.known_after
    assert effect(last, few, beside(last, few)).startswith(f"with {last.together[0]}. (not asked here) decides ")
    assert effect(last, everything, beside(last, everything)).startswith(f"with {last.together[0]}. decides ")


def test_what_is_known_is_not_asked_and_all_of_the_rest_may_be() -> None:
    company = read(f"{SALES}  sales.win_rate: 21 of 130\n  sales.cycle_days: don't know\n")
    asked_for = {question.fact for question in asking(company, Choice(everything=True)).questions}
    wanted = {d.name for d in shipped().catalogue.values() if d.ask and not d.late}
    assert wanted - asked_for == {"sales.win_rate", "sales.cycle_days"}
    assert asked_for <= wanted


def test_every_question_says_who_would_know_where_and_how_to_write_it() -> None:
    questions = asking(read(), Choice(everything=True)).questions
    assert [q.fact for q in questions if not (q.ask and q.who and q.source and q.write)] == []


def test_the_example_of_every_answer_can_be_written_so() -> None:
    """What stands behind `such as` is an answer that the fact takes."""
    for question in asking(read(), Choice(everything=True)).questions:
        definition = shipped().catalogue[question.fact]
        told = question.write.replace("one of ", "such as ").replace("yes or no", "such as yes")
        example = told.partition("such as ")[2].partition(";")[0]
        if definition.type is FactType.CATEGORY:
            example = example.split(", ")[0]
        elif definition.type is FactType.SERIES:
            example = example.strip()
        else:
            example = example.partition(",")[0]
        company = read(f"{SALES}  {question.fact}: {{value: {example}}}\n")
        assert question.fact in company.facts, question.write


def test_only_what_one_would_know() -> None:
    sheet = asking(read(), Choice(count=3, who="finance"))
    assert {question.who for question in sheet.questions} == {"finance"}
    assert len(sheet.questions) == 3
    assert sheet.party == "finance"
    assert "finance" in people(shipped())


def test_the_json_has_the_shape_of_its_schema() -> None:
    company = read(
        f"{MARKETING}  lead.first_response_hours: 2\n",
        f"{SALES}  lead.first_response_hours: 40\n  sales.cycle_days: don't know\n",
    )
    told = asked_json.to_plain(asking(company, Choice(everything=True)))
    validator = Draft202012Validator(document("questionnaire"))
    assert [error.message for error in validator.iter_errors(told)] == []


def test_a_question_that_waits_elsewhere_is_not_asked_and_the_next_ones_are() -> None:
    first, second, third = (question.fact for question in asking(read(), Choice(count=3)).questions)
    sheet = asking(read(), Choice(count=2, elsewhere={first, third}))
    assert sheet.questions[0].fact == second
    assert (len(sheet.questions), sheet.waiting) == (2, (first,))
    page = asking(read(), Choice(elsewhere={first}))
    assert (page.first, len(page.questions), page.waiting) == (page.first, page.first - 1, (first,))


def test_only_an_entry_that_is_empty_waits() -> None:
    answered = parse(
        f"{SALES}  sales.win_rate: 21 of 130\n  sales.cycle_days: {{value: }}\n  sales.rep_count:\n", "a.yaml"
    )
    other = parse("answers:\n  sales.rep_count:\n  finance.cash_balance: {note: later}\n", "b.yaml")
    company = parse("company: Acme\nanswers: [a.yaml]\nfacts: {}\n", "company.yaml")
    assert waiting({"a.yaml": answered, "b.yaml": other, "company.yaml": company}) == {
        "sales.cycle_days": "a.yaml",
        "sales.rep_count": "a.yaml",
        "finance.cash_balance": "b.yaml",
    }


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"^ +# ([0-9]+)\. ", text, re.MULTILINE)]


def test_the_questions_of_a_file_are_numbered_as_they_stand_also_those_that_come_later() -> None:
    begun = asked_yaml.render(asking(read(), Choice(count=4, who="finance")))
    assert numbers(begun) == [1, 2, 3, 4]
    sheet = asking(read(), Choice(count=9))
    more, added = file(sheet, begun.encode())
    assert more is not None
    assert numbers(more) == list(range(1, 4 + added + 1))
    without_the_second = begun.replace("# 2. ", "# ")
    more, added = file(sheet, without_the_second.encode())
    assert more is not None
    assert numbers(more) == [1, 3, 4, *range(5, 5 + added)]


# --- the file --------------------------------------------------------------------------------------------------


def companies(count: int) -> list[Company]:
    random = Random("questionnaires")
    some = pool(shipped(), random, possible=True, derived=0.0)
    return [stated(some.company(random, random.choice((0.0, 0.3, 0.7, 0.95)))) for _ in range(count)]


@pytest.mark.parametrize("everything", [False, True])
def test_the_file_is_valid_with_nothing_filled_in_and_in_canonical_form(everything: bool) -> None:
    for company in companies(6):
        sheet = asking(company, Choice(everything=everything, party="sales"))
        text = asked_yaml.render(sheet)
        node = parse(text, "answers.yaml")
        assert validate(node, "answers") == ()
        assert formatted(text.encode(), "answers.yaml") == text
        told = plain(node)
        assert isinstance(told, dict)
        assert set(told["answers"] if isinstance(told["answers"], dict) else ()) == {q.fact for q in sheet.questions}
        assert dict(read(text).facts) == {}


def test_no_line_for_a_terminal_is_too_long() -> None:
    for company in companies(4):
        lines = asked.render(asking(company, Choice(everything=True))).splitlines()
        assert max(map(len, lines)) <= 100
        assert asked_markdown.render(asking(company)).startswith("# Questions to ")


def test_a_file_that_is_there_keeps_what_it_holds_and_gets_what_it_has_not() -> None:
    few, more = asking(read(), Choice(count=2)), asking(read(), Choice(count=4))
    before = asked_yaml.render(few).replace("    value:\n", "    value: rising   # so says the boss\n", 1)
    text, added = file(more, before.encode())
    assert text is not None
    assert added == 2
    assert text.startswith(before.rstrip())
    assert file(more, text.encode()) == (None, 0)
    assert validate(parse(text, "answers.yaml"), "answers") == ()


@pytest.mark.parametrize(
    "text, message",
    [
        ("answers: {}\n", "`answers.yaml` is written so that questions cannot be added at its end"),
        (
            "answers:\n  sales.rep_count: 3\nby: P. Okafor\n",
            "`answers.yaml` is written so that questions cannot be added at its end",
        ),
        ("company: Acme\nfacts: {}\n", "`answers.yaml` is there already, and is no file of answers"),
        ("answers:\n  sales.rep_count: {values: 3}\n", "unknown key `values`"),
        ("answers: [\n", "this cannot be read as YAML"),
    ],
)
def test_a_file_that_cannot_be_added_to(text: str, message: str) -> None:
    with pytest.raises(SteelyardError) as refused:
        file(asking(read(), Choice(count=2)), text.encode())
    assert [diagnostic.message for diagnostic in refused.value.diagnostics] == [message]


def test_a_file_with_windows_line_ends_is_added_to() -> None:
    before = asked_yaml.render(asking(read(), Choice(count=1))).replace("\n", "\r\n")
    text, added = file(asking(read(), Choice(count=2)), before.encode())
    assert text is not None
    assert (added, "\r" in text) == (1, False)


def test_a_title_that_is_no_plain_text_makes_no_other_file() -> None:
    company = read(f"{SALES}  sales.rep_count: 3\n")
    sheet = asking(company, Choice(count=1, party='a: "b" # c'))
    told = plain(parse(asked_yaml.render(sheet), "answers.yaml"))
    assert isinstance(told, dict)
    assert told["from"] == 'a: "b" # c'

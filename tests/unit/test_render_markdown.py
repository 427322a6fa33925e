from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from engine.render.clean import clean
from engine.render.markdown import render
from engine.render.markup import bullets, code, escaped, heading, opening, strong, table
from tests.golden.answers import HELD_BACK, POLICY

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SPECIAL = "|*_`<>[]()~$#&!\\-+=.:1@ \\ab^{}\"'"
hostile = st.text(st.sampled_from(SPECIAL), min_size=1, max_size=30).map(clean).filter(bool)


def read(document: str) -> list[Token]:
    return READER.parse(document)


def seen(tokens: list[Token]) -> list[str]:
    """The text of every paragraph, title and cell; what is no text stands in it as the name of its kind."""
    lines = (token.children or [] for token in tokens if token.type == "inline")
    return ["".join(_seen(part) for part in line) for line in lines]


def _seen(part: Token) -> str:
    # the comment that keeps an @ from calling somebody is not seen
    texts = {"text": part.content, "text_special": part.content, "html_inline": part.content.replace("<!-- -->", "")}
    return texts.get(part.type, f"<{part.type}>")


@given(hostile)
def test_a_text_in_a_cell_stays_a_text(text: str) -> None:
    document = table(("title", "other"), [(text, "x")])
    assert seen(read(document))[2:] == [text.strip(), "x"]


@given(hostile)
def test_a_text_in_a_list_stays_a_text(text: str) -> None:
    document = bullets([text, "next"])
    assert seen(read(document)) == [text, "next"]
    assert [token.type for token in read(document)].count("list_item_open") == 2


@given(hostile)
def test_a_text_in_a_paragraph_stays_a_text(text: str) -> None:
    tokens = read(opening(text))
    assert seen(tokens) == [text]
    assert tokens[0].type == "paragraph_open"


@pytest.mark.parametrize(
    "text, written",
    [
        ("a | b", "a \\| b"),
        ("*bold* _thin_ `code`", "\\*bold\\* \\_thin\\_ \\`code\\`"),
        ("mql_to_sql", "mql_to_sql"),
        ("<script>", "\\<script>"),
        ("[10.8-23.4 %, 21 of 130]", "[10.8-23.4 %, 21 of 130]"),
        ("[here](http://example.com)", "[here\\](http://example.com)"),
        ("P&L &amp; more", "P&L \\&amp; more"),
        ("5 $ and ~6~", "5 \\$ and \\~6\\~"),
        ("@team", "@<!-- -->team"),
    ],
)
def test_only_what_means_something_is_escaped(text: str, written: str) -> None:
    assert escaped(text) == written


@pytest.mark.parametrize(
    "text, written",
    [
        ("- item", "\\- item"),
        ("-5 points", "-5 points"),
        ("16.2 % of", "16.2 % of"),
        ("1. first", "1\\. first"),
        ("12) twelfth", "12\\) twelfth"),
        ("# title", "\\# title"),
        ("#12", "#12"),
        ("> said", "\\> said"),
        ("---", "\\---"),
        ("[ ] done", "\\[ ] done"),
    ],
)
def test_what_begins_a_block_is_escaped_at_the_beginning(text: str, written: str) -> None:
    assert opening(text) == written


def test_the_parts_of_a_document() -> None:
    assert heading(2, "a*") == "## a\\*"
    assert strong("a") == "**a**"
    assert strong("") == ""
    assert code("a`b") == "`ab`"
    assert bullets(["", "a"]) == "- a"
    assert table(("a",), []) == ""


def test_an_empty_column_is_left_out() -> None:
    assert table(("a", "b", "n"), [("1", "", "7")], right={2}) == "| a | n |\n| --- | --: |\n| 1 | 7 |"


def test_a_name_in_a_table_cannot_end_its_cell() -> None:
    assert table(("a",), [("x|y`z",)], code={0}).endswith("| `x\\|yz` |")


def test_texts_of_files_cannot_change_the_document() -> None:
    nasty = "a | b\n\n# title\n<b>*x* `y` \x1b[2J"
    answer = replace(
        HELD_BACK,
        company=nasty,
        roll_back=(nasty,),
        plan=tuple(replace(item, do=nasty) for item in HELD_BACK.plan),
        questions=tuple(replace(question, ask=nasty) for question in HELD_BACK.questions),
    )
    plain, found = render(HELD_BACK, POLICY), render(answer, POLICY)
    kinds = [[token.type for token in read(document) if token.type != "inline"] for document in (plain, found)]
    assert "\x1b" not in found
    assert kinds[0].count("tr_open") == kinds[1].count("tr_open")
    assert [k for k in kinds[1] if k.startswith("heading")] == [k for k in kinds[0] if k.startswith("heading")]
    assert not re.search(r"<b>", READER.render(found))


def test_all_that_is_cut_short_on_a_terminal_is_there() -> None:
    found = render(HELD_BACK, POLICY)
    assert all(escaped(item.do) in found for item in HELD_BACK.plan)
    assert all(escaped(question.ask) in found for question in HELD_BACK.questions)
    assert all(f"`{name}`" in found for name in HELD_BACK.facts if name != "score")

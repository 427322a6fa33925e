from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.render.cells import padded, pieces, shortened, width
from engine.render.layout import Item, Line, Run, Style, item_lines, line_width, paragraph, say, section, wrapped

words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=30)
texts = st.lists(words, min_size=1, max_size=30).map(" ".join)


def plain(lines: list[Line]) -> str:
    return "\n".join("".join(run.text for run in line) for line in lines)


@given(texts, st.integers(10, 60))
def test_no_line_is_wider_than_allowed(text: str, columns: int) -> None:
    assert all(line_width(line) <= columns for line in wrapped([Run(text)], columns))


@given(texts, st.integers(40, 100))
def test_no_word_is_lost(text: str, columns: int) -> None:
    assert plain(list(wrapped([Run(text)], columns))).split() == text.split()


def test_a_word_that_is_too_long_is_cut() -> None:
    assert plain(list(wrapped([Run("a " + "x" * 25 + " b")], 10))) == "a\nxxxxxxxxxx\nxxxxxxxxxx\nxxxxx b"


def test_a_word_may_have_two_styles() -> None:
    line = next(wrapped([Run("one"), Run("half", Style.PLUS), Run(" two")], 20))
    assert line == (Run("one"), Run("half", Style.PLUS), Run(" two"))


def test_a_blank_between_words_of_one_style_has_it_too() -> None:
    assert next(wrapped([Run("one two", Style.PLUS), Run(" three")], 20)) == (Run("one two", Style.PLUS), Run(" three"))


def test_a_number_keeps_its_unit() -> None:
    assert (
        plain(list(wrapped([Run("known is 58 % of it, 10 points, 21 of 130")], 11)))
        == "known is\n58 % of it,\n10 points,\n21 of 130"
    )


def test_an_item_hangs() -> None:
    item = Item((Run("one two three"),), (Run("+1.0  "),))
    assert plain(list(item_lines(item, 14, 2))) == "  +1.0  one\n        two\n        three"


def test_a_section_has_its_label_once() -> None:
    shown = plain(list(section("Why", [say("one"), say("two")], 40)))
    assert shown == "  Why           one\n                two"


def test_a_section_without_items_is_not_there() -> None:
    assert list(section("Why", [], 40)) == []


def test_a_paragraph_begins_at_the_edge() -> None:
    assert plain(list(paragraph([Run("one two")], 5))) == "one\ntwo"


@pytest.mark.parametrize("text, columns", [("abc", 3), ("北京", 4), ("e\u0301", 1), ("👍🏽", 4)])
def test_width_is_what_a_terminal_takes(text: str, columns: int) -> None:
    assert width(text) == columns


def test_wide_characters_are_not_halved() -> None:
    assert list(pieces("北京市", 5)) == ["北京", "市"]


@pytest.mark.parametrize("text, shown", [("short", "short"), ("much too long", "much..."), ("北京市朝阳区", "北京...")])
def test_what_does_not_fit_ends_with_dots(text: str, shown: str) -> None:
    assert shortened(text, 8) == shown


def test_padding_counts_columns() -> None:
    assert padded("北", 4) + "|" == "北  |"
    assert padded("7", 3, right=True) == "  7"

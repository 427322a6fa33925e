from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnostics import Diagnostic, Span
from engine.facts import Observation
from engine.render.clean import clean, cleaned, is_hidden


@pytest.mark.parametrize(
    "text, shown",
    [
        ("plain text", "plain text"),
        ("  two\n lines\t and a tab ", "two lines and a tab"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("bell \x07 and \x9b2J", "bell \\x07 and \\x9b2J"),
        ("turned \u202e round", "turned \\u202e round"),
        ("half \ud800", "half \\ud800"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("family 👨\u200d👩", "family 👨\u200d👩"),
        ("line\u2028end", "line end"),
        ("Müller & 北京", "Müller & 北京"),
    ],
)
def test_hidden_characters_are_shown(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text())
def test_a_clean_text_hides_nothing_and_stays_clean(text: str) -> None:
    assert not any(is_hidden(character) for character in clean(text))
    assert clean(clean(text)) == clean(text)


def test_every_text_in_a_record_is_made_safe() -> None:
    warning = Diagnostic("code", "a\x1bb", Span("f\x1b.yaml", 1, 1, text="x"))
    facts = {"fact": Observation("v\x1b", note="n\nn")}
    assert cleaned(warning).message == "a\\x1bb"
    assert str(cleaned(warning).span) == "f\\x1b.yaml:1:1"
    assert cleaned(facts)["fact"].value == "v\\x1b"
    assert cleaned(facts)["fact"].note == "n n"
    assert cleaned((1, True, None)) == (1, True, None)

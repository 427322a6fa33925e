"""Free text into codes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.coding import Coder, Found, coder
from engine.diagnostics import Diagnostic, PolicyError
from engine.policy import TextFile
from engine.shipped import policies
from engine.taxonomy import Taxonomy, read_taxonomy

SHIPPED = policies() / "sales-focus" / "reasons.yaml"


@cache
def shipped() -> Taxonomy:
    return read_taxonomy([TextFile("reasons.yaml", SHIPPED.read_text(encoding="utf-8"))])


def codes(text: str, by: Coder | None = None) -> list[str]:
    return [found.code for found in (by or everything()).codes(text)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Too expensive", ["price_level"]),
        ("PRICE", ["price_level"]),
        ("not too expensive", []),
        ("Not too expensive, but no decision", ["no_decision"]),
        ("No budget this year", ["no_budget"]),
        ("budget was not approved", ["consensus", "no_budget"]),
        ("went with another vendor, cheaper", ["competitor", "price_level"]),
        ("Preis zu hoch", ["price_level"]),
        ("Décision : pas de décision", ["no_decision"]),
        ("didn't see the value", ["unclear_value"]),
        ("didn\u2019t see the value", ["unclear_value"]),
        ("N/A", ["other"]),
        ("pricey office", []),
        ("", []),
        ("???", []),
    ],
)
def test_a_text_has_the_codes_of_its_phrases(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_the_longest_phrase_takes_its_words() -> None:
    by = coder({"budget": ["budget"], "freeze": ["budget freeze"]})
    assert codes("a budget freeze", by) == ["freeze"]
    assert codes("a budget, freeze", by) == ["budget"]


def test_the_code_that_stands_first_counts_first() -> None:
    by = coder({"b": ["second"], "a": ["first"]})
    assert by.codes("first and second") == (Found("b", "second"), Found("a", "first"))


def test_a_star_stands_for_any_ending_of_a_word() -> None:
    by = coder({"put-off": ["postpon* until"], "same": ["abc"]})
    assert codes("postponed until May", by) == ["put-off"]
    assert codes("postpon until", by) == ["put-off"]
    assert codes("postpo until", by) == []
    assert codes("abcd", by) == []


def test_a_negation_reaches_two_words_within_its_part() -> None:
    by = coder({"price": ["expensive"]}, ["not", "kein*"])
    assert codes("not expensive", by) == []
    assert codes("not too expensive", by) == []
    assert codes("keineswegs zu expensive", by) == []
    assert codes("not at all too expensive", by) == ["price"]
    assert codes("not now; expensive", by) == ["price"]


def test_a_client_adds_phrases_codes_and_classes(tmp_path: Path) -> None:
    own = tmp_path / "reasons.yaml"
    own.write_text(
        "classes: {weather: {title: the weather}}\n"
        "codes:\n"
        "  price_level: {phrases: [zbyt drogo]}\n"
        "  rain: {class: weather, title: rain, phrases: [rained off]}\n",
        encoding="utf-8",
    )
    both = read_taxonomy(
        [TextFile("shipped", SHIPPED.read_text(encoding="utf-8")), TextFile("own", own.read_text(encoding="utf-8"))]
    )
    assert codes("Zbyt drogo!", both.coder()) == ["price_level"]
    assert codes("rained off", both.coder()) == ["rain"]
    assert both.class_of("rain").title == "the weather"
    assert list(both.codes)[-1] == "rain"


def test_names_from_the_exports_are_phrases() -> None:
    named = shipped().coder({"deals.competitor": ["Lumenor GmbH"]})
    assert codes("they like lumenor gmbh", named) == ["competitor"]
    assert codes("they like lumenor gmbh") == []


def problems(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(PolicyError) as raised:
        read_taxonomy([TextFile("reasons.yaml", text)])
    return [told(one) for one in raised.value.diagnostics]


def told(one: Diagnostic) -> tuple[str, str, str]:
    return one.code, one.message, one.hint


def test_what_is_wrong_with_a_taxonomy_is_said() -> None:
    text = (
        "classes: {human: {title: people}}\n"
        "codes:\n"
        "  a: {class: humans, title: a, phrases: [x]}\n"
        '  b: {class: human, title: b, phrases: ["*", one two three four five six seven eight nine]}\n'
        "  c: {phrases: [x], title: c}\n"
        "  d: {class: human, title: d, phrases: [x], also: [deals.rival]}\n"
    )
    assert problems(text) == [
        ("unknown-class", "code `a` is of class `humans`, which there is not", "did you mean `human`?"),
        ("bad-phrase", "phrase `*` has no word", "write words; `*` only at the end of one"),
        (
            "bad-phrase",
            "phrase `one two three four five six seven eight nine` has 9 words, at most 8 are compared",
            "keep the 8 words that tell most",
        ),
        ("unknown-class", "code `c` has no class", "add `class:` with one of human"),
        (
            "computed-column",
            "the exports have no column `deals.rival`",
            "tables: leads, deals, stage_changes, activities, revenue, spend, feedback, reasons",
        ),
    ]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_coded(text: str) -> None:
    assert {found.code for found in coded(text)} <= set(shipped().codes)


def coded(text: str) -> tuple[Found, ...]:
    return everything().codes(text)


@cache
def everything() -> Coder:
    return shipped().coder()


def test_a_text_made_to_be_slow_is_not() -> None:
    """Every word begins a phrase and none ends one: the work grows with the text and not with its powers."""
    by = coder({"a": ["a* a* a* a* a* a* a* b"]})
    assert codes("a " * 5000, by) == []
    assert codes("a" * 100_000, by) == []

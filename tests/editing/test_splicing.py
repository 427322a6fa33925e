"""An entry written into a text at random, and taken out again: nothing else changes."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.diagnostics import LoadError
from engine.document import Plain, parse, plain
from engine.editing.proving import prove_removed, prove_written
from engine.editing.spelled import Written
from engine.editing.splicing import Document, Item, find, with_fields, without
from tests.differential.layers import layered
from tests.formatting.random_text import WORDS, Writer
from tests.formatting.test_random_documents import COMMENT, exact, reads, shuffled

SEEDS = st.integers(min_value=0, max_value=2**32)


def layer(random: Random) -> str:
    """A client's layer in any style, with comments."""
    found = layered(random).layers[0].policyset
    return Writer(random, 0.2, repeated=0).document(shuffled(found, random))


def place(random: Random, text: str) -> tuple[str | Item, ...]:
    """The way to an entry, there or not."""
    name = random.choice(("p0", "p1", "new", "other"))
    known = plain(parse(text, "x.yaml"))
    assert isinstance(known, dict)
    indicators = known.get("indicators", {})
    indicator = random.choice(["i0", "i1", "new", *(indicators if isinstance(indicators, dict) else ())])
    ways: tuple[tuple[str | Item, ...], ...] = (
        ("parameters", name),
        ("indicators", indicator, "parameters", name),
        ("indicators", indicator),
        ("indicators", indicator, "evidence", Item(random.choice(("e0", "e1", "new")))),
    )
    return random.choice(ways)


def wanted(random: Random, way: tuple[str | Item, ...]) -> dict[str, Written]:
    key = "value" if "parameters" in way else "weight"
    words = [word for word in WORDS if word.strip()]
    fields = {key: Written.scalar(random.choice(("12", "2%", "-0.5")))}
    fields["base_was"] = Written.scalar("30")
    fields["because"] = Written.text(random.choice(words))
    return fields


def applied(data: Any, way: tuple[str | Item, ...], fields: dict[str, Plain]) -> Plain:
    """The data with the fields in it: written a second time, to judge the first."""
    if not way:
        return {**data, **fields}
    step, *rest = way
    if isinstance(step, Item):
        there = [item for item in data if item["id"] == step.name]
        new = applied(there[0] if there else {"id": step.name}, tuple(rest), fields)
        return [new if item in there else item for item in data] if there else [*data, new]
    empty: Any = [] if rest and isinstance(rest[0], Item) else {}
    return {**data, step: applied(data.get(step, empty), tuple(rest), fields)}


@settings(max_examples=300, deadline=None)
@given(SEEDS)
@example(1922)  # a comment in brackets that hold nothing else
def test_what_is_written_is_all_that_changes(seed: int) -> None:
    random = Random(seed)
    text = layer(random)
    if not reads(text):
        return
    way = place(random, text)
    before = Document.of(text, "x.yaml")
    fields = wanted(random, way)
    after = with_fields(before, "policyset", way, fields)
    expected = applied(plain(before.root), way, {key: written.value for key, written in fields.items()})
    assert exact(plain(after.root)) == exact(expected)
    assert sorted(COMMENT.findall(after.text)) == sorted(COMMENT.findall(text))
    prove_written(before, after, way, {key: written.value for key, written in fields.items()})
    if find(before.root, way) is None:
        gone = without(after, way, None)
        prove_removed(after, gone, way, None)
        assert exact(pruned(plain(gone.root))) == exact(pruned(plain(before.root)))
        assert sorted(COMMENT.findall(gone.text)) == sorted(COMMENT.findall(text))


def pruned(data: Any) -> Any:
    """Data without empty collections."""
    if isinstance(data, dict):
        parts = {key: pruned(child) for key, child in data.items()}
        return {key: part for key, part in parts.items() if part not in ({}, [])}
    return data


@settings(max_examples=200, deadline=None)
@given(SEEDS)
@example(3472)  # a key behind the dash of its item
@example(2137500)  # and the next one with a question mark
def test_what_is_taken_out_is_all_that_goes(seed: int) -> None:
    random = Random(seed)
    text = layer(random)
    if not reads(text):
        return
    before, way = Document.of(text, "x.yaml"), place(random, text)
    key = "value" if "parameters" in way else "weight"
    if find(before.root, (*way, key)) is None:
        return
    keys = None if key == "value" else ("weight", "base_was", "because")
    after = without(before, way, keys)
    prove_removed(before, after, way, keys)
    assert find(after.root, (*way, key)) is None
    assert set(COMMENT.findall(after.text)) <= set(COMMENT.findall(text))


TEST = ("indicators", "i", "evidence", Item("e"))
REASON = ("weight", "base_was", "because")


@pytest.mark.parametrize(
    "before, after",
    [
        pytest.param(
            "    - because: it is so\n      weight: 5  # high\n      cases: []\n      id: e\n",
            "    - cases: []\n      id: e\n",
            id="the next key moves up behind the dash",
        ),
        pytest.param(
            "    - weight: 5  # high\n      # the cases\n      cases: []\n      id: e\n",
            "    - \n      # the cases\n      cases: []\n      id: e\n",
            id="a comment of the next key keeps its line",
        ),
        pytest.param(
            "    - {weight: 5, cases: [], id: e}\n", "    - {cases: [], id: e}\n", id="an item in brackets stays one"
        ),
    ],
)
def test_the_first_key_of_a_test_is_taken_out(before: str, after: str) -> None:
    head = "indicators:\n  i:\n    evidence:\n"
    found = Document.of(head + before, "x.yaml")
    gone = without(found, TEST, REASON)
    prove_removed(found, gone, TEST, REASON)
    assert gone.text == head + after


def test_a_comment_in_brackets_stays_where_they_are_empty_then() -> None:
    found = Document.of("title: x\nindicators: {i: {evidence: [  # none yet\n    {id: e, weight: 5}]}}\n", "x.yaml")
    assert without(found, TEST, None).text == "title: x\n# none yet\n"


def test_a_fault_in_writing_is_refused() -> None:
    before = Document.of("parameters:\n  a: {value: 1, because: x}  # why\n", "x.yaml")
    way = ("parameters", "a")
    right = before.text.replace("1", "2")
    prove_written(before, Document.of(right, "x.yaml"), way, {"value": 2})
    for wrong in (right.replace("why", "who"), right.replace("x}", "y}"), right + "b: 1\n", right.replace("2", '"2"')):
        with pytest.raises(LoadError, match="without changing something else"):
            prove_written(before, Document.of(wrong, "x.yaml"), way, {"value": 2})


def test_a_fault_in_taking_out_is_refused() -> None:
    before = Document.of("a: {b: {value: 1, because: x}, c: 1}  # why\n", "x.yaml")
    prove_removed(before, Document.of("a: {c: 1}\n", "x.yaml"), ("a", "b"), None)
    for wrong in ("a: {c: 2}\n", "{}\n", "a: {c: 1}  # who\n", "a: {b: {value: 1}, c: 1}\n"):
        with pytest.raises(LoadError, match="without changing something else"):
            prove_removed(before, Document.of(wrong, "x.yaml"), ("a", "b"), None)


@pytest.mark.parametrize(
    "given, block, flow",
    [
        ("few large accounts", "few large accounts", "few large accounts"),
        ("few, large accounts", "few, large accounts", '"few, large accounts"'),
        ("why: so", '"why: so"', '"why: so"'),
        ("40 % of them", "40 % of them", "40 % of them"),
        ("12", '"12"', '"12"'),
        ("no", '"no"', '"no"'),
        ("a # b", '"a # b"', '"a # b"'),
        ('say "x" \\ y', 'say "x" \\ y', 'say "x" \\ y'),
        ("{x} of", '"{x} of"', '"{x} of"'),
        ("two\nlines", '"two\\nlines"', '"two\\nlines"'),
        ("\u202e turned", '"\\u202e turned"', '"\\u202e turned"'),
        ("- dash", '"- dash"', '"- dash"'),
        ("2026-10-31", "2026-10-31", "2026-10-31"),
        ("2026-10-31: late", '"2026-10-31: late"', '"2026-10-31: late"'),
        ("€ 5", '"€ 5"', '"€ 5"'),
        ("Grüße", "Grüße", "Grüße"),
        ("\x07bell", '"\\x07bell"', '"\\x07bell"'),
    ],
)
def test_a_text_is_quoted_where_yaml_needs_it(given: str, block: str, flow: str) -> None:
    written = Written.text(given)
    assert (written.in_block, written.in_flow) == (block, flow)
    assert plain(parse(f"a: {block}\nb: {{c: {flow}}}\nd: [{flow}]\n", "x.yaml")) == {
        "a": given,
        "b": {"c": given},
        "d": [given],
    }


@settings(max_examples=500)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
    | st.text(" aZ0-:?#,[]{}&*!|>'\"%@`.~\\\n\t=<", min_size=1)
)
def test_any_text_is_read_as_it_was_given(text: str) -> None:
    written = Written.text(text)
    found = plain(parse(f"a: {written.in_block}\nb: {{c: {written.in_flow}}}\n", "x.yaml"))
    assert json.dumps(found) == json.dumps({"a": text, "b": {"c": text}})

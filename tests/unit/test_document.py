"""Reading YAML: values, places and limits; what is wrong inside a file is in tests/diagnostics/reading."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnostics import Diagnostic, LoadError, Span
from engine.document import Fields, Items, Node, Value, at, key_span, parse, plain, read
from engine.scalar import Scalar, resolve


def only_problem(error: pytest.ExceptionInfo[LoadError]) -> Diagnostic:
    (problem,) = error.value.diagnostics
    return problem


def refused(source: str | bytes) -> Diagnostic:
    with pytest.raises(LoadError) as error:
        parse(source, "policy.yaml")
    return only_problem(error)


def refused_file(path: Path, name: str | None = None) -> Diagnostic:
    with pytest.raises(LoadError) as error:
        read(path, name)
    return only_problem(error)


def fields(text: str) -> Fields:
    node = parse(text, "policy.yaml")
    assert isinstance(node, Fields)
    return node


def value(text: str) -> Value:
    node = fields(text).fields["a"]
    assert isinstance(node, Value)
    return node


def place(span: Span) -> tuple[int, int, int, int]:
    return span.line, span.column, span.end_line, span.end_column


# --- what scalars mean -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, meaning",
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("nUll", "nUll"),
        ("true", True),
        ("TRUE", True),
        ("tRue", "tRue"),
        ("False", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("y", "y"),
        ("42", 42),
        ("-42", -42),
        ("+3", 3),
        ("007", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("3.5", 3.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("-1.5e3", -1500.0),
        ("1e3", 1000.0),
        ("1e", "1e"),
        (".", "."),
        ("-", "-"),
        ("+", "+"),
        ("1.2.3", "1.2.3"),
        ("2026-10-31", "2026-10-31"),
        ("12:30:45", "12:30:45"),
        ("2.3%", "2.3%"),
        ("$steady_leads", "$steady_leads"),
        ("inf", "inf"),
        ("nan", "nan"),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_an_unquoted_scalar_means_what_the_core_schema_says(text: str, meaning: Scalar) -> None:
    found = resolve(text)
    assert found == meaning
    assert type(found) is type(meaning)


@pytest.mark.parametrize("text", [".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN", "1e999", "-1e999", "9" * 5000])
def test_what_no_finite_number_holds_is_refused(text: str) -> None:
    problem = refused(f"a: {text}")
    assert problem.code == "not-a-number"
    assert problem.message == f"`{text}` is not a number"
    assert problem.hint == "give a finite number, or leave the value out"


@pytest.mark.parametrize("quoted", ['"42"', "'42'", "|\n  42"])
def test_a_quoted_scalar_is_text(quoted: str) -> None:
    assert str(value(f"a: {quoted}").value).strip() == "42"


def test_a_value_keeps_what_the_file_says() -> None:
    assert value("a: 1.50") == Value(1.5, value("a: 1.50").span, "1.50")
    assert value('a: "x y"').text == "x y"
    assert value("a:").text == ""


# --- places ----------------------------------------------------------------------------------------------------

NESTED = """\
name: Grün 😀 x
list:
  - a
  - {k: "v w", l: [1, 2]}
text: |
  one
  two
empty:
"""


@pytest.mark.parametrize(
    "path, expected",
    [
        (("name",), (1, 7, 1, 15)),
        (("list",), (3, 3, 4, 26)),
        (("list", 0), (3, 5, 3, 6)),
        (("list", 1), (4, 5, 4, 26)),
        (("list", 1, "k"), (4, 9, 4, 14)),
        (("list", 1, "l", 1), (4, 23, 4, 24)),
        (("empty",), (8, 7, 8, 7)),
        ((), (1, 1, 8, 7)),
    ],
)
def test_every_value_knows_where_it_stands(path: tuple[str | int, ...], expected: tuple[int, int, int, int]) -> None:
    assert place(at(parse(NESTED, "f"), path).span) == expected


@pytest.mark.parametrize(
    "path, expected",
    [
        (("list",), (2, 1, 2, 5)),
        (("list", 1, "l"), (4, 16, 4, 17)),
        (("list", 1), (4, 5, 4, 26)),
        ((), (1, 1, 8, 7)),
    ],
)
def test_every_key_knows_where_it_stands(path: tuple[str | int, ...], expected: tuple[int, int, int, int]) -> None:
    assert place(key_span(parse(NESTED, "f"), path)) == expected


def test_a_place_quotes_its_line() -> None:
    assert at(parse(NESTED, "f"), ("list", 1, "k")).span.text == '  - {k: "v w", l: [1, 2]}'
    assert str(at(parse(NESTED, "f"), ("list", 0)).span) == "f:3:5"


@pytest.mark.parametrize("path", [("nothing",), ("list", 7), ("list", "k"), ("name", 0)])
def test_a_path_to_nothing_is_a_lookup_error(path: tuple[str | int, ...]) -> None:
    with pytest.raises(LookupError):
        at(parse(NESTED, "f"), path)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_the_same(line_end: str) -> None:
    node = parse(NESTED.replace("\n", line_end), "f")
    assert plain(node) == plain(parse(NESTED, "f"))
    assert place(at(node, ("list", 1, "k")).span) == (4, 9, 4, 14)


def test_a_byte_order_mark_is_not_part_of_the_text() -> None:
    assert place(key_span(parse(b"\xef\xbb\xbfa: 1", "f"), ("a",))) == (1, 1, 1, 2)
    assert plain(parse("\ufeffa: 1", "f")) == {"a": 1}


def test_the_data_alone() -> None:
    assert plain(parse(NESTED, "f")) == {
        "name": "Grün 😀 x",
        "list": ["a", {"k": "v w", "l": [1, 2]}],
        "text": "one\ntwo\n",
        "empty": None,
    }


# --- aliases ---------------------------------------------------------------------------------------------------


def test_an_alias_repeats_a_value_at_its_own_place() -> None:
    node = fields("a: &x {k: 1}\nb: *x\n")
    assert plain(node) == {"a": {"k": 1}, "b": {"k": 1}}
    assert place(node.fields["b"].span) == (2, 4, 2, 6)
    assert place(at(node, ("b", "k")).span) == (1, 11, 1, 12)


def test_a_name_may_be_given_again() -> None:
    assert plain(parse("[&x 1, *x, &x 2, *x]", "f")) == [1, 1, 2, 2]


def test_an_alias_may_be_a_key() -> None:
    assert plain(parse("a: &x b\n*x : 1\n", "f")) == {"a": "b", "b": 1}


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert plain(parse("a: &x {k: 1}\nb: {<<: *x}\n", "f")) == {"a": {"k": 1}, "b": {"<<": {"k": 1}}}


def test_a_hundred_aliases_are_enough() -> None:
    parse("- &x 1\n" + "- *x\n" * 100, "f")
    problem = refused("- &x 1\n" + "- *x\n" * 101)
    assert (problem.code, problem.message) == ("too-many-aliases", "the file has more than 100 aliases")
    assert problem.span is not None
    assert problem.span.line == 102


def test_an_alias_counts_what_it_repeats() -> None:
    tenfold = "".join(f"- &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 9))
    problem = refused(f"- &x0 [{', '.join('1' * 9)}]\n{tenfold}")
    assert problem.code == "too-many-values"
    assert problem.message == "the file has more than 100,000 values, repeated ones included"


def test_aliases_cannot_nest_deeper_than_the_file() -> None:
    deep = "[" * 30 + "{}" + "]" * 30
    problem = refused(f"- &a {deep.format(1)}\n- {deep.format('*a')}\n")
    assert problem.code == "too-deep"


# --- limits ----------------------------------------------------------------------------------------------------


@pytest.fixture
def within_a_second() -> Iterator[None]:
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < 1


@pytest.mark.usefixtures("within_a_second")
@pytest.mark.parametrize("nested", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000, "? " * 100_000])
def test_deep_nesting_is_refused_at_once(nested: str) -> None:
    problem = refused(nested)
    assert problem.code == "too-deep"
    assert problem.message == "lists and mappings are nested more than 40 levels deep"
    assert problem.hint == "a policy needs about ten; close the brackets"


def test_forty_levels_are_read() -> None:
    parse("[" * 40 + "]" * 40, "f")
    assert refused("[" * 41 + "]" * 41).code == "too-deep"


@pytest.mark.usefixtures("within_a_second")
def test_a_hundred_megabytes_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    problem = refused_file(path, "big.yaml")
    assert problem.code == "too-large"
    assert problem.message == "the file has 100 MB; the limit is 5 MB"
    assert problem.hint == "split it, or leave out what is not needed"
    assert str(problem.span) == "big.yaml:1:1"


def test_five_megabytes_are_read() -> None:
    assert len(str(value("a: " + "x" * 4_999_997).value)) == 4_999_997
    assert refused("a: " + "x" * 4_999_998).message == "the file has 5.1 MB; the limit is 5 MB"


def test_a_hundred_thousand_values_are_read() -> None:
    parse("[" + "1," * 99_999 + "]", "f")
    assert refused("[" + "1," * 100_000 + "]").code == "too-many-values"


@pytest.mark.usefixtures("within_a_second")
@pytest.mark.parametrize("text", ["a:" * 2_000_000, "{" + "a: " * 1_000_000, "'" * 4_000_001, "&a " * 1_000_000])
def test_a_line_of_megabytes_is_refused_at_once(text: str) -> None:
    assert refused(text).code == "yaml-syntax"


# --- files -----------------------------------------------------------------------------------------------------


def test_a_file_is_called_by_its_path_or_as_one_likes(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("a: 1", encoding="utf-8")
    assert read(path).span.file == str(path)
    assert read(path, "the policy").span.file == "the policy"


def test_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "policyset.yaml").write_text("a: 1", encoding="utf-8")
    problem = refused_file(tmp_path / "policyset.yml", "policyset.yml")
    assert problem == Diagnostic(
        "file-missing", "there is no file `policyset.yml`", None, "did you mean `policyset.yaml`?"
    )


@pytest.mark.parametrize("missing", ["nowhere/at/all.yaml", "policy.yaml/inside.yaml"])
def test_a_missing_folder(tmp_path: Path, missing: str) -> None:
    (tmp_path / "policy.yaml").write_text("a: 1", encoding="utf-8")
    assert refused_file(tmp_path / missing, "x").message == "there is no file `x`"


def test_a_name_that_no_file_has() -> None:
    problem = refused_file(Path("a\0b"), "a")
    assert problem.message == "the name of the file contains a character that no file name can have"


def test_a_folder(tmp_path: Path) -> None:
    assert refused_file(tmp_path, "here") == Diagnostic(
        "is-a-directory", "`here` is a folder", None, "name a file in it"
    )


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refused_file(tmp_path / "pipe", "pipe") == Diagnostic(
        "not-readable", "`pipe` is not a regular file", None, "save the data to a file first"
    )


def test_a_device_is_not_read() -> None:
    assert refused_file(Path("/dev/zero")).code == "not-readable"


def test_a_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "a")
    problem = refused_file(tmp_path / "a", "a")
    assert (problem.code, problem.span) == ("not-readable", None)
    assert problem.message.startswith("cannot read `a`: ")


@pytest.fixture
def an_ordinary_user() -> Iterator[None]:
    """The administrator may read everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield
    os.seteuid(before)


def test_a_file_without_permission(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text("a: 1", encoding="utf-8")
    path.chmod(0)
    request.getfixturevalue("an_ordinary_user")
    problem = refused_file(path, "secret.yaml")
    assert problem == Diagnostic(
        "not-readable", "cannot read `secret.yaml`: permission denied", None, "check the permissions of the file"
    )


def test_a_file_that_can_only_be_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("a: 1", encoding="utf-8")
    path.chmod(stat.S_IRUSR)
    assert plain(read(path)) == {"a": 1}


# --- texts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"PK\x03\x04\x00\x00", b"\x89PNG\r\n\x1a\n\x00", b"a: 1\n\x00"])
def test_a_binary_file(data: bytes) -> None:
    assert refused(data) == Diagnostic(
        "binary-file", "the file is not a text file", Span("policy.yaml"), "give a YAML file, which is plain text"
    )


def test_a_file_in_another_encoding() -> None:
    assert refused("a: 1\nname: Grün".encode("latin-1")) == Diagnostic(
        "not-utf8",
        "the file is not in UTF-8: it contains the byte 0xfc",
        Span("policy.yaml", 2, 9, 2, 10),
        "save it as UTF-8",
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16(encoding: str) -> None:
    assert refused("a: 1".encode(encoding)).code in ("not-utf8", "binary-file")


def test_a_file_in_utf_16_with_a_byte_order_mark() -> None:
    problem = refused("a: 1".encode("utf-16"))
    assert (problem.message, problem.hint) == ("the file is in UTF-16, not in UTF-8", "save it as UTF-8")


def test_a_lone_half_of_a_character() -> None:
    assert refused("a: \ud800").code == "not-utf8"


def test_a_control_character() -> None:
    assert refused("a: 1\nb: x\x0by") == Diagnostic(
        "yaml-syntax", "the character U+000B is not allowed", Span("policy.yaml", 2, 5, 2, 6), "delete it"
    )


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n", "%YAML 1.2\n"])
def test_an_empty_file(text: str) -> None:
    problem = refused(text)
    assert problem.code in ("empty-file", "yaml-syntax")


def test_an_empty_file_is_named() -> None:
    assert refused("") == Diagnostic(
        "empty-file", "the file is empty", Span("policy.yaml"), "fill it in, or name another file"
    )


def test_a_quote_that_is_never_closed() -> None:
    problem = refused('a: 1\nbecause: "leads keep coming\nweight: 5\n')
    assert problem.message == "the quoted text that begins here has no closing quote"
    assert problem.span == Span("policy.yaml", 2, 10, 2, 11)


def test_a_version_of_yaml_may_be_declared() -> None:
    assert plain(parse("%YAML 1.2\n---\na: 1\n", "f")) == {"a": 1}


# --- anything at all -------------------------------------------------------------------------------------------

KEYS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["C"]), max_size=12)
DATA = st.recursive(
    SCALARS | TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)


@given(DATA)
def test_json_is_read_as_json_says(data: object) -> None:
    assert plain(parse(json.dumps(data, ensure_ascii=False), "f")) == data


def read_or_refused(source: str | bytes) -> Node | tuple[Diagnostic, ...]:
    try:
        return parse(source, "f")
    except LoadError as error:
        return error.diagnostics


@given(st.text("ab1 \n\t:-{}[],&*!|>'\"%@`#?<~.$\\", max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    found = read_or_refused(text)
    if isinstance(found, tuple):
        assert all(problem.span and problem.message and problem.hint for problem in found)
    else:
        assert_inside(found, len(text.splitlines()) + 1)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert read_or_refused(data)


def assert_inside(node: Node, lines: int) -> None:
    """Every place lies in the file, and its end is not before its beginning."""
    span = node.span
    assert 1 <= span.line <= span.end_line <= lines
    assert (span.line, span.column) <= (span.end_line, span.end_column)
    children = node.items if isinstance(node, Items) else node.fields.values() if isinstance(node, Fields) else ()
    for child in children:
        assert_inside(child, lines)

"""docs/language.md, section 13, rule by rule: a file as somebody wrote it, and in canonical form."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.diagnostics import LoadError
from engine.document import parse
from engine.formatting.form import formatted, kind_of

ROOT = Path(__file__).resolve().parent.parent.parent
CASES = Path(__file__).parent / "cases"
SECTION = "=====\n"


def case(path: Path) -> tuple[str, str]:
    """What a case says of itself is above the first line of equals signs; then the file before and after."""
    _, before, after = path.read_text(encoding="utf-8").split(SECTION)
    return before, after


def form(text: str | bytes) -> str:
    return formatted(text if isinstance(text, bytes) else text.encode("utf-8"), "acme.yaml")


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_a_file_gets_its_canonical_form(path: Path) -> None:
    before, after = case(path)
    assert form(before) == after
    assert form(after) == after


OURS = [*sorted((ROOT / "policies").rglob("*.yaml")), *sorted((ROOT / "examples").rglob("*.yaml"))]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_files_that_ship_are_in_canonical_form(path: Path) -> None:
    assert form(path.read_bytes()) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfcompany: Acme\r\nfacts: {a.b: 1}\r\n",
        b"company: Acme\rfacts: {a.b: 1}\r",
        b"company: Acme\nfacts: {a.b: 1}",
        b"\n\n---\ncompany: Acme   \n\n\nfacts: {a.b: 1}\n...\n\n",
        b"%YAML 1.2\n---\ncompany: Acme\nfacts: {a.b: 1}\n",
    ],
)
def test_marks_and_line_ends_of_other_systems_go(text: bytes) -> None:
    assert form(text).replace("\n\n", "\n") == "company: Acme\nfacts: {a.b: 1}\n"


@pytest.mark.parametrize("ending", ["", "\n", "\n\n", "\n\n\n"])
@pytest.mark.parametrize("header", ["|", "|-", "|+", ">", ">-", ">+", "|2", "|2+", ">1-"])
def test_a_block_text_at_the_end_of_a_file_keeps_its_end(header: str, ending: str) -> None:
    text = f"a:\n    b: {header}\n          one\n\n          two{ending}"
    root = parse(form(text), "x.yaml")
    assert root == parse(form(form(text)), "x.yaml")
    assert form(text).startswith(f"a:\n  b: {header[0]}")


def test_a_key_over_several_lines_is_refused() -> None:
    with pytest.raises(LoadError) as failure:
        form("a: 1\n? one\n  two\n: 2\n")
    assert [(d.code, str(d.span)) for d in failure.value.diagnostics] == [("cannot-format", "acme.yaml:2:3")]


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_a_rare_line_separator_is_refused(separator: str) -> None:
    with pytest.raises(LoadError) as failure:
        form(f"a: 1\nb: x # y{separator}z\n")
    (problem,) = failure.value.diagnostics
    assert problem.message == f"the file contains the line separator U+{ord(separator):04X}"
    assert (problem.span and (problem.span.line, problem.span.column, problem.span.text)) == (2, 9, "b: x # y")


@pytest.mark.parametrize(
    "text, kind",
    [
        ("policyset: a\ntitle: A\n", "policyset"),
        ("indicator: a\n", "indicator"),
        ("company: A\nfacts: {}\n", "company"),
        ("facts: {}\n", "facts"),
        ("facts: {}\nother: 1\n", None),
        ("- company: A\n", None),
        ("company\n", None),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_keys(text: str, kind: str | None) -> None:
    assert kind_of(parse(text, "x.yaml")) == kind

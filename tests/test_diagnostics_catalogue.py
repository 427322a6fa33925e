"""docs/diagnostics.md against the sources: every code that can be printed has an entry, and every entry a code."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from engine import document
from engine.pages import page, pages

ROOT = Path(__file__).resolve().parent.parent
CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")
BLOCK = re.compile(r"^(Wrong|Right):\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


# ---- the codes in the sources: what is handed over as a `code`


@cache
def modules() -> tuple[ast.Module, ...]:
    paths = [ROOT / "cli.py", *sorted((ROOT / "engine").rglob("*.py"))]
    return tuple(ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in paths)


def takers() -> dict[str, int]:
    """Functions, methods and records that take a code, with its place among their arguments."""
    found: dict[str, int] = {}
    for node in (node for module in modules() for node in ast.walk(module)):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg not in ("self", "cls")]
        elif isinstance(node, ast.ClassDef):
            names = [f.target.id for f in node.body if isinstance(f, ast.AnnAssign) and isinstance(f.target, ast.Name)]
        else:
            continue
        if "code" in names:
            found[node.name] = names.index("code")
    return found


def given_codes(module: ast.Module) -> Iterator[ast.expr]:
    """Every expression that becomes a code."""
    places = takers()
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "code" for t in node.targets):
            yield node.value
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in places and len(node.args) > places[name]:
                yield node.args[places[name]]
            yield from (k.value for k in node.keywords if k.arg == "code" and name in places)


def constants(module: ast.Module) -> dict[str, str]:
    """The texts that a module names."""
    return {
        target.id: node.value.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def in_sources() -> Iterator[str]:
    for module in modules():
        named = constants(module)
        for expression in given_codes(module):
            for part in ast.walk(expression):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value
                elif isinstance(part, ast.Name) and part.id in named:
                    yield named[part.id]


def in_schemas(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(code := node.get("x-code"), str):
            yield code
        for part in node.values():
            yield from in_schemas(part)
    elif isinstance(node, list):
        for part in node:
            yield from in_schemas(part)


@cache
def codes() -> frozenset[str]:
    found = set(in_sources())
    for path in (ROOT / "schemas").glob("*.json"):
        found.update(in_schemas(json.loads(path.read_text(encoding="utf-8"))))
    return frozenset(code for code in found if CODE.fullmatch(code) and not code.startswith("x-"))


def annotated() -> set[str]:
    """The codes that the annotated bad files expect."""
    files = (ROOT / "tests" / "diagnostics").rglob("*.yaml")
    notes = (note for path in files for line in path.read_text("utf-8").splitlines() for note in line.split("#~ ")[1:])
    return {note.split("::")[1].split()[-1] for note in notes}


# ---- the page


def test_every_code_has_an_entry() -> None:
    assert codes() - set(pages()) == set()


def test_every_entry_has_a_code() -> None:
    assert set(pages()) - codes() == set()


def test_the_codes_of_the_annotated_files_are_found_in_the_sources() -> None:
    assert annotated() - codes() == set()


def test_entries_stand_in_alphabetical_order_and_once() -> None:
    headings = re.findall(r"^## (.*)$", (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == sorted(set(headings))
    assert headings == list(pages())


def test_the_overview_names_every_entry_once() -> None:
    overview = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8").partition("\n## ")[0]
    linked = re.findall(r"\[([a-z0-9-]+)\]\(#([a-z0-9-]+)\)", overview)
    assert all(text == target for text, target in linked)
    assert sorted(text for text, _ in linked) == list(pages())


@pytest.mark.parametrize("code", pages())
def test_an_entry_says_what_it_means_and_shows_it_wrong_and_right(code: str) -> None:
    body = pages()[code]
    assert [label for label, _, _ in BLOCK.findall(body)] == ["Wrong", "Right"]
    assert BLOCK.split(body)[0].strip(), "what does it mean?"


@pytest.mark.parametrize("code", pages())
def test_what_an_entry_calls_right_can_be_read(code: str) -> None:
    _, language, text = BLOCK.findall(pages()[code])[1]
    if language == "yaml":
        document.parse(text, f"{code}.yaml")
    else:
        assert language in ("console", "text")


def test_a_page_is_printed_with_its_code() -> None:
    assert page("unknown-fact").startswith("unknown-fact\n\n")

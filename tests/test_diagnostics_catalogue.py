"""docs/diagnostics.md against the sources: every code that can be printed has an entry, and every entry a code."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from textwrap import indent

import pytest

from engine import document, shipped
from engine.company import read
from engine.diagnostics import FactError, LoadError
from engine.facts import Catalogue, FactDefinition, FactType
from engine.loader import load
from engine.pages import page, pages
from engine.source import gather, locate

ROOT = Path(__file__).resolve().parent.parent
CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")
BLOCK = re.compile(r"^(Wrong|Right):\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


# ---- the codes in the sources: what is handed over as a `code`


@cache
def modules() -> tuple[ast.Module, ...]:
    paths = [ROOT / "cli.py", *sorted((ROOT / "engine").rglob("*.py"))]
    return tuple(ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in paths)


@cache
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


def group(title: str) -> list[str]:
    """The codes of one paragraph of the overview whose example is a fragment of YAML."""
    overview = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8").partition("\n## ")[0]
    paragraph = next(part for part in overview.split("\n\n") if part.startswith(f"**{title}**"))
    named = re.findall(r"\(#([a-z0-9-]+)\)", paragraph)
    return [code for code in named if all(language == "yaml" for _, language, _ in BLOCK.findall(pages()[code]))]


def reading(text: str) -> set[str]:
    try:
        document.parse(text, "example.yaml")
    except LoadError as error:
        return {d.code for d in error.diagnostics}
    return set()


@pytest.mark.parametrize("code", sorted(set(group("Reading a file")) - {"file-missing"}))
def test_an_example_of_what_cannot_be_read_is_true(code: str) -> None:
    (_, _, wrong), (_, _, right) = BLOCK.findall(pages()[code])
    assert reading(wrong) == {code}
    assert reading(right) == set()


ABSENT = {"date-assumed": "as_of", "no-date": "as_of", "missing-currency": "currency"}
"""What an example leaves out on purpose."""


def company_file(text: str, code: str) -> str:
    """An example with what it leaves out: a whole company file, or the facts of one."""
    keys = {"as_of": "2026-10-31", "currency": "USD", "facts": "{}"}
    if not re.match(rf"company:|exchange_rates:|{'|'.join(f'{key}:' for key in keys)}", text):
        text = "facts:\n" + indent(text, "  ")
    given = [*re.findall(r"^(\w+):", text, re.MULTILINE), ABSENT.get(code)]
    return text + "".join(f"{key}: {value}\n" for key, value in keys.items() if key not in given)


def stated(text: str, code: str) -> set[str]:
    """What is said of an example."""
    node = document.parse(company_file(text, code), "company.yaml")
    today = None if code == "no-date" else date(2026, 10, 31)
    listed = FactDefinition("company.listed", FactType.BOOLEAN, "listed")
    try:
        company = read(node, {**catalogue(), "company.listed": listed}, "USD", None, today)
    except FactError as error:
        return {d.code for d in error.diagnostics}
    return {d.code for d in company.warnings}


@cache
def catalogue() -> Catalogue:
    return load(gather(locate("steelyard:sales-focus", shipped.policies()), shipped.policies())).policy.catalogue


@pytest.mark.parametrize("code", sorted(group("The company")))
def test_an_example_of_a_company_is_true(code: str) -> None:
    (_, _, wrong), (_, _, right) = BLOCK.findall(pages()[code])
    assert code in stated(wrong, code)
    assert stated(right, code) == set()


def test_a_page_is_printed_with_its_code() -> None:
    assert page("unknown-fact").startswith("unknown-fact\n\n")

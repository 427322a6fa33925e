"""docs/engine-hazards.md against the tests: what it names is there, and what is there it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.hazards.test_the_engine_alone import FAULTS

TESTS = Path(__file__).resolve().parents[1]
PAGE = (TESTS.parent / "docs" / "engine-hazards.md").read_text(encoding="utf-8")


def rows() -> Iterator[list[str]]:
    for line in PAGE.splitlines():
        if line.startswith("| ") and not line.startswith("| the engine |"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def named() -> set[str]:
    """What the last columns name."""
    return {name for row in rows() for name in re.findall(r"`([^`]+)`", row[-1])}


@cache
def functions(folder: Path) -> frozenset[str]:
    """Every test in the modules of a folder."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("test_*.py"))]
    found = {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return frozenset(name for name in found if name.startswith("test_"))


def test_every_row_has_a_test_that_exists() -> None:
    assert len(list(rows())) > 50
    assert [row for row in rows() if not all(row) or "`" not in row[-1]] == []
    assert sorted(named() - functions(TESTS) - set(FAULTS)) == []


def test_every_fault_and_every_test_of_this_folder_is_on_the_page() -> None:
    own = {"test_page.py"}
    here = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        if path.name not in own
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    shown_elsewhere = {
        "test_the_engine_alone_goes_wrong",  # stands for all of FAULTS
        "test_the_engine_is_right_when_nothing_is_done_to_it",
        "test_the_conditions_of_this_table_are_not_refused_for_another_reason",
        "test_what_the_engine_can_be_taught_is_not_refused",
    }
    assert sorted((here | set(FAULTS)) - named() - shown_elsewhere) == []


def test_no_test_name_is_used_twice_for_different_things() -> None:
    """A name on the page means one test."""
    places: dict[str, list[str]] = {}
    for path in TESTS.rglob("test_*.py"):
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            places.setdefault(name, []).append(path.name)
    assert {name: found for name, found in places.items() if name in named() and len(found) > 1} == {}

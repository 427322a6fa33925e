"""Whole policy sets with something wrong in them: each folder holds the files in which it differs from `base`.

Annotated as in `annotated.py`; the code of a warning has the word before it: `warning unused-parameter`.
"""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine import shipped
from engine.check import check
from engine.diagnostics import Diagnostic, SteelyardError, in_order
from engine.loader import load
from engine.source import gather, locate
from tests.diagnostics.annotated import Expectation, expected, found

SETS = Path(__file__).parent / "policies"
NAMES = sorted(folder.name for folder in SETS.iterdir())
TODAY = date(2026, 10, 31)


def problems(start: str) -> tuple[Diagnostic, ...]:
    """Everything that loading and checking say of a policy set."""
    try:
        loaded = load(gather(locate(start, shipped.policies()), shipped.policies()))
    except SteelyardError as error:
        return error.diagnostics
    return in_order((*loaded.warnings, *loaded.documents.remarks, *check(loaded.policy, TODAY)))


def by_file(diagnostics: Iterable[Diagnostic]) -> dict[str, list[Expectation]]:
    answer: dict[str, list[Expectation]] = {}
    for diagnostic in diagnostics:
        code = diagnostic.code if diagnostic.is_error else f"warning {diagnostic.code}"
        file = posixpath.normpath(diagnostic.span.file) if diagnostic.span else ""
        answer.setdefault(file, []).extend(found([replace(diagnostic, code=code)]))
    return answer


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_set_that_says_what_is_wrong_with_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SETS / "base", tmp_path, dirs_exist_ok=True)
    shutil.copytree(SETS / name, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    start = "client" if (tmp_path / "client").is_dir() else "."
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.yaml"))
    assert by_file(problems(start)) == {file: wrong for file in files if (wrong := expected(Path(file)))}


@pytest.mark.parametrize("path", sorted(SETS.rglob("*.yaml")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_message_is_one_line_of_plain_english_with_a_hint(path: Path) -> None:
    for problem in expected(path):
        assert problem.message == problem.message.strip()
        assert problem.message[0] == "`" or problem.message[0] == problem.message[0].lower()
        assert not problem.message.endswith((".", "\n"))
        assert not any(word in problem.message for word in ("NoneType", "dict", " str ", " int ", "bool ", "schema"))
        assert problem.hint, problem.message

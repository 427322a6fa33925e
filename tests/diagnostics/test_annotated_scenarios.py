"""Files of scenarios with something wrong in them, annotated as in `annotated.py`; the policy set is the shipped one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.diagnostics import ScenarioError
from engine.scenarios.discovery import Found
from engine.scenarios.reading import Policies, read_suite
from tests.diagnostics.annotated import expected, found

FILES = sorted((Path(__file__).resolve().parent / "scenarios").glob("*.yaml"))
TODAY = date(2026, 10, 31)
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_scenarios_that_cannot_be_run(path: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        read_suite(Found(path, path.relative_to(ROOT).as_posix(), ""), Policies(TODAY))
    assert found(refused.value.diagnostics) == expected(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_message_is_one_line_of_plain_english_with_a_hint(path: Path) -> None:
    for problem in expected(path):
        assert problem.message[0] == "`" or problem.message[0] == problem.message[0].lower()
        assert not problem.message.endswith(".")
        assert problem.hint

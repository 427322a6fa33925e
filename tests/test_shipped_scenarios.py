"""The scenarios that ship with the policies: all pass, and they reach everything that there is to test."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from engine.coverage.goals import GoalKind
from engine.coverage.measure import Share
from engine.scenarios.discovery import find
from engine.scenarios.reading import read_suites
from engine.scenarios.running import Choice, Report, run_suites
from engine.session import DEFAULT_POLICY, Engine, open_policy

TODAY = date(2026, 10, 31)
# The rules engine does not exist on Windows.
ENGINE = Engine.REFERENCE if sys.platform == "win32" else Engine.DURABLE


@pytest.fixture(scope="module")
def report() -> Report:
    suites = read_suites(find([DEFAULT_POLICY]).files, TODAY)
    return run_suites(suites, Choice(engine=ENGINE, coverage=True), TODAY)


def test_every_shipped_scenario_passes(report: Report) -> None:
    assert [(result.row.span, result.row.label, result.differences) for result in report.failures] == []
    assert len(report.results) > 800


def test_the_shipped_scenarios_reach_everything(report: Report) -> None:
    (coverage,) = report.coverage
    assert [(goal.item, goal.what) for goal in coverage.open_goals] == []
    assert coverage.total.reached == coverage.total.total > 1700
    assert set(coverage.kinds) == set(GoalKind)
    assert coverage.kinds[GoalKind.THRESHOLDS] == Share(389, 389)


def test_none_of_them_is_known_to_fail(report: Report) -> None:
    assert [result.row.label for result in report.results if result.row.todo] == []


def test_there_is_a_file_for_every_indicator() -> None:
    names = {found.path.stem for found in find([DEFAULT_POLICY]).files}
    indicators = {indicator.name for indicator in open_policy(DEFAULT_POLICY, TODAY).policy.indicators}
    assert names == indicators | {"gates", "readings", "plan", "verdict"}

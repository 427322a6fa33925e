"""A run of scenarios as JSON, in the form of schemas/test-report.schema.json."""

from __future__ import annotations

import json

from ..coverage.measure import Coverage, Share
from ..diagnostics import Span
from ..scenarios.running import Report, Result, State, SuiteResult
from .explanation import to_plain

SCHEMA_VERSION = 1


def render(report: Report) -> str:
    """The whole report."""
    counts = {state.value: report.count(state) for state in State}
    plain = {
        "schema_version": SCHEMA_VERSION,
        "engine": report.engine,
        "passed": not report.failures,
        "counts": {**counts, "left_out": report.left_out, "not_run": report.not_run},
        "files": [_suite(suite) for suite in report.suites],
        "coverage": [_coverage(coverage) for coverage in report.coverage],
    }
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def _suite(suite: SuiteResult) -> dict[str, object]:
    return {
        "file": suite.suite.file,
        "policy": suite.suite.policy,
        "rows": [_row(result) for result in suite.results],
    }


def _row(result: Result) -> dict[str, object]:
    row = result.row
    return {
        "scenario": row.scenario,
        "title": row.title,
        "row": row.name,
        "place": _place(row.span),
        "state": result.state.value,
        "todo": row.todo,
        "parameters": dict(row.parameters),
        "differences": [
            {"answer": one.path, "expected": one.expected, "got": one.got, "place": _place(one.span)}
            for one in result.differences
        ],
        "not_given": list(result.not_given),
        "why": [to_plain(step) for step in result.why],
    }


def _coverage(coverage: Coverage) -> dict[str, object]:
    return {
        "policy": coverage.policy,
        "all": _share(coverage.total),
        "kinds": {str(kind): _share(share) for kind, share in coverage.kinds.items()},
        "changed": [{"parameter": one.parameter, "layer": one.layer, **_share(one.share)} for one in coverage.changed],
        "not_tested": [
            {
                "kind": str(goal.kind),
                "item": goal.item,
                "what": goal.what,
                "advice": goal.advice,
                "place": _place(goal.span) if goal.span else None,
            }
            for goal in coverage.open_goals
        ],
    }


def _share(share: Share) -> dict[str, object]:
    return {"reached": share.reached, "total": share.total, "percent": share.percent}


def _place(span: Span) -> dict[str, object]:
    return {"file": span.file, "line": span.line, "column": span.column}

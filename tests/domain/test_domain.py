"""The shipped policies against the domain brief: the 35 tests, the gates, the interactions, and whole scores.

The rows were written from the brief and not from the policy. Where one fails, one of the two misreads the brief.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from engine.conclusion import Evaluation, EvidenceResult, IndicatorResult
from engine.session import DEFAULT_POLICY, Engine, Session
from tests.domain.tables import INDICATOR_FILES, TODAY, Row, evaluate, number, rows, table

CODES = {f"{indicator}.{test}" for indicator in range(1, 8) for test in range(1, 6)}
GATES = {f"G{number}" for number in range(1, 10)}
BANDS = {"lean-to-marketing", "keep-the-split", "tilt-to-sales", "shift-to-sales", "strong-shift-to-sales"}

EVIDENCE_ROWS = tuple(rows(*INDICATOR_FILES))
GATE_ROWS = tuple(rows("gates.yaml"))
INTERACTION_ROWS = tuple(rows("interactions.yaml"))
SCORE_ROWS = tuple(rows("score.yaml"))
HEADERS: Mapping[int, Any] = {header["indicator"]: header for header in map(table, INDICATOR_FILES)}
TESTS: Mapping[str, Any] = {code: told for header in HEADERS.values() for code, told in header["tests"].items()}


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """The rules engine, whose conclusions are compared with those of the reference each time; it does not exist on Windows."""
    engine = Engine.REFERENCE if sys.platform == "win32" else Engine.DURABLE
    with Session.open(DEFAULT_POLICY, TODAY, engine) as opened:
        yield opened


def near(expected: float | str) -> Any:
    return pytest.approx(number(expected), rel=0, abs=1e-9)


def evidence(evaluation: Evaluation) -> dict[str, EvidenceResult]:
    return {item.code: item for indicator in evaluation.indicators for item in indicator.evidence}


def indicators(evaluation: Evaluation) -> dict[str, IndicatorResult]:
    return {str(indicator.number): indicator for indicator in evaluation.indicators}


def outcome(item: EvidenceResult) -> float | str:
    return "unknown" if item.outcome is None else item.outcome.value


# ---- the rows


@pytest.mark.parametrize("row", EVIDENCE_ROWS, ids=str)
def test_a_test_comes_to_the_outcome_of_its_row(row: Row, session: Session) -> None:
    item = evidence(evaluate(session, row))[row["test"]]
    assert outcome(item) == row["outcome"]
    if item.outcome is not None:
        assert item.outcome.cap == row.get("cap")
        assert item.outcome.floor is None
        assert item.grade in ([row["grade"]] if "grade" in row else TESTS[row["test"]]["grades"])


@pytest.mark.parametrize("row", GATE_ROWS, ids=str)
def test_a_gate_does_what_its_row_says(row: Row, session: Session) -> None:
    evaluation = evaluate(session, row)
    gate = next(gate for gate in evaluation.gates if gate.name == row["gate"])
    assert str(gate.truth) == row["holds"]
    assert gate.cap == (near(row["cap"]) if "cap" in row else None)
    assert list(gate.forbids) == row.get("forbids", [])
    assert gate.withdraws_verdict == (row.get("withdraws") == "yes")
    check_recommendation(evaluation, row)


@pytest.mark.parametrize("row", INTERACTION_ROWS, ids=str)
def test_indicators_act_on_each_other_as_their_row_says(row: Row, session: Session) -> None:
    evaluation = evaluate(session, row)
    found = evidence(evaluation)
    fired = {reading.name for reading in evaluation.readings}
    assert {code: found[code].weight for code in row.get("weights", {})} == row.get("weights", {})
    assert set(row.get("reads", ())) - fired == set()
    assert set(row.get("silent", ())) & fired == set()


@pytest.mark.parametrize("row", SCORE_ROWS, ids=str)
def test_a_company_gets_the_score_that_was_worked_out_by_hand(row: Row, session: Session) -> None:
    evaluation = evaluate(session, row)
    found = evidence(evaluation)
    assert {code: outcome(found[code]) for code in row.get("outcomes", {})} == row.get("outcomes", {})
    check_indicators(evaluation, row)
    check_recommendation(evaluation, row)
    check_points(evaluation)
    check_variants(evaluation, row)
    if "gates" in row:
        assert [gate.name for gate in evaluation.gates if gate.truth == "yes"] == row["gates"]


def check_indicators(evaluation: Evaluation, row: Row) -> None:
    found = indicators(evaluation)
    for key, attribute in (("strengths", "strength"), ("coverages", "coverage"), ("points", "points")):
        for name, expected in row.get(key, {}).items():
            assert getattr(found[name], attribute) == near(expected), (key, name)
    assert {name: found[name].state for name in row.get("states", {})} == row.get("states", {})
    if "limits" in row:
        limits = {name: result.limit.points for name, result in found.items() if result.limit is not None}
        assert limits == {name: near(points) for name, points in row["limits"].items()}


def check_recommendation(evaluation: Evaluation, row: Row) -> None:
    verdict = evaluation.verdict
    if "score" in row:
        assert evaluation.score == (None if row["score"] is None else near(row["score"]))
    if "coverage" in row:
        assert evaluation.coverage == near(row["coverage"])
    if "band" in row:
        assert verdict.band == row["band"]
    if "headline" in row:
        assert verdict.id == row["headline"]
    if "move" in row:
        assert verdict.move == (None if row["move"] is None else tuple(map(near, row["move"])))
    if "held_by" in row:
        assert list(verdict.held_by) == row["held_by"]
    if "direction" in row:
        assert evaluation.direction == row["direction"]
        assert evaluation.direction_score == (None if row["direction_score"] is None else near(row["direction_score"]))


def check_variants(evaluation: Evaluation, row: Row) -> None:
    """The score and the band with each weight halved or raised by half, and with each indicator dropped."""
    numbers = {indicator.name: str(indicator.number) for indicator in evaluation.indicators}
    found = {f"{numbers[v.indicator]} {v.change}": v for v in evaluation.variants}
    if "variants" in row:
        assert {name: [v.score, v.band] for name, v in found.items()} == {
            name: [near(points), band] for name, (points, band) in row["variants"].items()
        }


def check_points(evaluation: Evaluation) -> None:
    """What every test and every binding cap brings adds up to the score."""
    counted = [indicator for indicator in evaluation.indicators if indicator.points is not None]
    parts = [item.points for indicator in counted for item in indicator.evidence if item.points is not None]
    limits = [i.limit.points for i in counted if i.limit is not None and i.limit.points is not None]
    assert sum([*parts, *limits]) == near(evaluation.score or 0.0)


# ---- weights and marks


@pytest.mark.parametrize("header", HEADERS.values(), ids=[f"indicator {number}" for number in HEADERS])
def test_weights_and_marks_are_those_of_the_brief(header: Any, session: Session) -> None:
    evaluation = evaluate(session, Row("empty", {"says": "an empty sheet"}))
    indicator = indicators(evaluation)[str(header["indicator"])]
    all_weights = sum(result.weight for result in evaluation.indicators)
    own_weights = sum(item.full_weight for item in indicator.evidence)
    assert indicator.in_score
    assert indicator.role == header["role"]
    assert indicator.weight / all_weights == near(header["weight"] / 100)
    assert {item.code: item.primary for item in indicator.evidence} == {
        code: told["primary"] for code, told in header["tests"].items()
    }
    for item in indicator.evidence:
        assert item.full_weight / own_weights == near(header["tests"][item.code]["weight"] / 100), item.code


# ---- the tables are complete


def test_every_test_of_the_brief_has_rows_for_each_of_its_outcomes() -> None:
    written = {code: {row["outcome"] for row in EVIDENCE_ROWS if row["test"] == code} for code in sorted(CODES)}
    assert set(TESTS) == CODES
    assert written == {code: {*told["outcomes"], "unknown"} for code, told in sorted(TESTS.items())}


def test_the_weights_of_the_tables_add_up() -> None:
    assert sum(header["weight"] for header in HEADERS.values()) == 100
    assert {sum(told["weight"] for told in header["tests"].values()) for header in HEADERS.values()} == {100}


def test_every_gate_has_rows_for_yes_no_and_unknown() -> None:
    told = table("gates.yaml")["gates"]
    written = {gate: {row["holds"] for row in GATE_ROWS if row["gate"] == gate} for gate in told}
    assert set(told) == GATES
    assert written == {gate: set(entry["holds"]) for gate, entry in told.items()}
    assert all({"yes", "no", "unknown"} == set(entry["holds"]) for entry in told.values())


def test_every_gate_is_seen_to_act_on_a_whole_company() -> None:
    acts = {row["gate"] for row in GATE_ROWS if row["holds"] == "yes" and "like" in row and "headline" in row}
    assert acts == GATES


def test_every_reading_has_a_row_that_fires_it_and_one_that_does_not() -> None:
    told = set(table("interactions.yaml")["readings"])
    assert {name for row in INTERACTION_ROWS for name in row.get("reads", ())} == told
    assert {name for row in INTERACTION_ROWS if "like" in row for name in row.get("silent", ())} == told


def test_every_band_is_reached() -> None:
    assert {row["band"] for row in SCORE_ROWS} == {*BANDS, None}


def test_the_policy_has_nothing_that_the_tables_do_not_judge(session: Session) -> None:
    assert {item.code for item in session.policy.evidence} == CODES
    assert {gate.name for gate in session.policy.gates} == GATES
    assert [gate.name for gate in session.policy.gates if gate.grade not in gate_grades(gate.name)] == []
    assert {reading.name for reading in session.policy.readings} == set(table("interactions.yaml")["readings"])
    assert len(session.policy.adjustments) == 1


def gate_grades(gate: str) -> list[str]:
    return list(table("gates.yaml")["gates"][gate]["grades"])

"""The example companies: the answer that each was written for, from both engines."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from engine.checking import check_paths
from engine.company import Company
from engine.conclusion import Evaluation
from engine.document import read
from engine.exports.reading import read_sources
from engine.extraction import extract
from engine.fields import get
from engine.inclusion import included, on_disk
from engine.policy import Parameter, PolicySet, Weight
from engine.questions import questions
from engine.session import DEFAULT_POLICY, Engine, Session
from tests.installation import ROOT, Installation

EXAMPLES = ROOT / "examples"
README = (EXAMPLES / "README.md").read_text(encoding="utf-8")
TODAY = date(2026, 11, 1)
INDUSTRIAL = "halden-flow/industrial"
SOFTWARE = "halden-flow/software"
BOARD = "halden-flow/board"
POLICIES = (DEFAULT_POLICY, INDUSTRIAL, SOFTWARE, BOARD)

# The rules engine does not exist on Windows.
ENGINES = [Engine.REFERENCE] if sys.platform == "win32" else list(Engine)


@dataclass(frozen=True)
class Example:
    """One company and what comes out. `band` is what the evidence alone says, `held_by` the gates between the two."""

    company: str
    verdict: str
    band: str | None
    score: float
    coverage: float
    gates: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()
    open_gates: tuple[str, ...] = ()
    policy: str = DEFAULT_POLICY

    def __str__(self) -> str:
        return self.company if self.policy == DEFAULT_POLICY else self.policy

    @property
    def path(self) -> Path:
        return EXAMPLES / self.company / "company.yaml"


# Score in points and coverage in per cent, both to one tenth.
TABLE = (
    Example("northwind", "shift-to-sales", "shift-to-sales", 61.7, 60.5, gates=("G6",), open_gates=("G3",)),
    Example(
        "kestrel-payroll",
        "tilt-to-sales",
        "shift-to-sales",
        57.9,
        87.1,
        gates=("G5",),
        held_by=("G5",),
        open_gates=("G3",),
    ),
    Example("fernhill-training", "lean-to-marketing", "lean-to-marketing", -33.8, 78.9, gates=("G1", "G4", "G9")),
    Example("carraway-translations", "keep-the-split", "keep-the-split", 7.7, 92.7),
    Example(
        "dovetail-interiors",
        "insufficient-evidence",
        None,
        69.8,
        47.6,
        gates=("G8",),
        held_by=("G8",),
        open_gates=("G1", "G2", "G3", "G5", "G6", "G7", "G9"),
    ),
    Example("halden-flow", "tilt-to-sales", "tilt-to-sales", 33.2, 86.3),
    Example("halden-flow", "tilt-to-sales", "tilt-to-sales", 44.4, 89.1, policy=INDUSTRIAL),
    Example("halden-flow", "keep-the-split", "keep-the-split", 20.0, 85.4, policy=SOFTWARE),
    Example("halden-flow", "tilt-to-sales", "tilt-to-sales", 40.9, 89.9, policy=BOARD),
    Example(
        "saltmarsh-solar",
        "keep-the-split",
        "tilt-to-sales",
        42.8,
        72.6,
        gates=("G1", "G6", "G9"),
        held_by=("G1", "G9"),
        open_gates=("G3", "G5"),
    ),
    Example(
        "inkling-notes",
        "tilt-to-sales",
        "tilt-to-sales",
        38.0,
        62.4,
        gates=("G3",),
        held_by=("G3",),
        open_gates=("G2",),
    ),
    Example("brightwater-lighting", "keep-the-split", "keep-the-split", 20.5, 73.4, open_gates=("G2", "G3", "G5")),
)


def example(name: str) -> Example:
    return next(entry for entry in TABLE if str(entry) == name)


@pytest.fixture(scope="module", params=ENGINES, ids=str)
def sessions(request: pytest.FixtureRequest) -> Iterator[dict[str, Session]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(Session.open(policy_path(name), TODAY, request.param)) for name in POLICIES}


@pytest.fixture(scope="module")
def shipped() -> Iterator[Session]:
    with Session.open(DEFAULT_POLICY, TODAY, Engine.REFERENCE) as session:
        yield session


def policy_path(name: str) -> str:
    return name if name == DEFAULT_POLICY else (EXAMPLES / name).as_posix()


def evaluate(session: Session, entry: Example, *assignments: str) -> Evaluation:
    return session.evaluate(company(session, entry, *assignments))


def company(session: Session, entry: Example, *assignments: str) -> Company:
    """What is known of an example: from its file, and from its exports where it names any."""
    node = included(read(entry.path, entry.path.name), on_disk(entry.path))
    if get(node, "sources") is None:
        return session.company(node, None, TODAY, assignments)
    with read_sources(node, entry.path.parent, TODAY) as tables:
        return extract(tables, node, session.policy, None, TODAY, assignments).company


def gates(evaluation: Evaluation, truth: str) -> tuple[str, ...]:
    return tuple(gate.name for gate in evaluation.gates if gate.truth == truth)


# ---- the answers


@pytest.mark.parametrize("entry", TABLE, ids=str)
def test_an_example_has_the_answer_it_was_written_for(entry: Example, sessions: dict[str, Session]) -> None:
    told = evaluate(sessions[entry.policy], entry)
    assert (told.verdict.id, told.verdict.band) == (entry.verdict, entry.band)
    assert told.score == pytest.approx(entry.score, abs=0.051)
    assert 100 * told.coverage == pytest.approx(entry.coverage, abs=0.051)
    assert (gates(told, "yes"), gates(told, "unknown")) == (entry.gates, entry.open_gates)
    assert told.verdict.held_by == entry.held_by


@pytest.mark.parametrize("entry", TABLE, ids=str)
def test_an_example_is_read_without_a_warning(entry: Example, shipped: Session) -> None:
    assert company(shipped, entry).warnings == ()


def test_check_finds_nothing_in_the_examples() -> None:
    folders = {entry.path.parent.as_posix() for entry in TABLE}
    assert check_paths([*sorted(folders), policy_path(INDUSTRIAL), policy_path(SOFTWARE)], TODAY) == ()


def test_every_folder_is_an_example_of_the_table_and_of_the_readme() -> None:
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
    assert folders == {entry.company for entry in TABLE}
    assert folders == set(re.findall(r"^\| \[([a-z-]+)\]\(\1/company\.yaml\)", README, re.MULTILINE))


# ---- what the README says of them


def test_a_loan_would_let_northwind_hire(shipped: Session) -> None:
    assert gates(evaluate(shipped, example("northwind"), "finance.cash_balance=640000"), "yes") == ()


def test_kestrel_would_move_more_if_it_kept_its_customers(shipped: Session) -> None:
    kept = evaluate(shipped, example("kestrel-payroll"), "customer.grr=85%")
    assert kept.verdict.id == "shift-to-sales"
    assert kept.score == evaluate(shipped, example("kestrel-payroll")).score


def test_carraway_cannot_turn_out_otherwise(shipped: Session) -> None:
    told = evaluate(shipped, example("carraway-translations"))
    assert told.missing == ()
    assert told.verdict.settled
    assert {variant.band for variant in told.variants} == {"keep-the-split"}


def test_fernhill_has_answers_with_who_and_when(shipped: Session) -> None:
    found = company(shipped, example("fernhill-training"))
    assert {(one.fact, one.who, str(one.on)) for said in found.answers.values() for one in said} == {
        ("sales.rep_count", "H. Fernhill, managing director", "2026-10-20"),
        ("deal.stakeholders_median", "H. Fernhill, managing director", "2026-10-20"),
        ("competition.win_rate", "H. Fernhill, managing director", "2026-10-20"),
        ("competition.share_of_market", "H. Fernhill, managing director", "2026-10-20"),
        ("competition.share_of_voice", "K. Doyle, marketing", "2026-10-21"),
        ("competition.day_one_miss_share", "K. Doyle, marketing", "2026-10-21"),
        ("market.adaptation_lag_days", "K. Doyle, marketing", "2026-10-21"),
    }
    assert found.asked_in_vain == {"competition.win_rate"}


def test_dovetail_has_answered_the_first_twelve_questions(shipped: Session) -> None:
    asked = [question.fact for question in questions(shipped.policy, {}, ())]
    told = evaluate(shipped, example("dovetail-interiors"))
    assert set(told.facts) & set(asked) == set(asked[:12])
    assert [question.fact for question in told.questions[:2]] == asked[12:14]
    answered = evaluate(
        shipped, example("dovetail-interiors"), "sales.cycle_change_yoy=10%", "sales.open_opps_per_rep=24"
    )
    assert answered.verdict.id == "tilt-to-sales"
    assert answered.verdict.held_by == ("G1", "G2", "G5")


@pytest.mark.parametrize("name", [INDUSTRIAL, SOFTWARE])
def test_a_policy_of_an_industry_gives_a_reason_for_every_value(name: str, sessions: dict[str, Session]) -> None:
    reasons = list(own_reasons(sessions[name].policy))
    assert len(reasons) >= 10
    assert all(len(reason) > 30 for reason in reasons)


def test_the_board_of_halden_stands_on_the_policy_of_its_industry(sessions: dict[str, Session]) -> None:
    """Two layers: what the board does not say is the industry's, and what neither says is the shipped set's."""
    policy = sessions[BOARD].policy
    writers = {name: [layer.name for layer in policy.parameters[name].layers] for name in policy.parameters}
    assert [layer.name for layer in policy.layers] == ["sales-focus", "industrial-pumps", "halden-flow-board"]
    assert writers["tilt_from"] == ["sales-focus", "halden-flow-board"]
    assert writers["slow-growth.idle"] == ["sales-focus", "industrial-pumps"]
    assert writers["stagnant-conversion.steady_leads"] == ["sales-focus", "industrial-pumps", "halden-flow-board"]
    assert policy.parameters["stagnant-conversion.steady_leads"].value == 20
    assert {change.done for change in policy.changes if change.layer.name == "halden-flow-board"} == {
        "added",
        "changed",
        "removed",
    }
    assert [gate.name for gate in policy.gates][4:7] == ["G5", "B1", "G6"]
    assert all(len(change.layer.because) > 20 for change in policy.changes)


def own_reasons(policy: PolicySet) -> Iterator[str]:
    """The client's reason for each value that it changes."""
    weights = (indicator.weight for indicator in policy.indicators)
    changeable: tuple[Parameter | Weight, ...] = (*policy.parameters.values(), *weights)
    for value in changeable:
        if len(value.layers) > 1:
            yield value.layers[-1].because


# ---- the commands, as a reader of the README gives them


def commands() -> list[str]:
    return re.findall(r"^steelyard .*$", README, re.MULTILINE)


def test_the_readme_evaluates_every_example() -> None:
    told = "\n".join(commands())
    assert {entry.company for entry in TABLE} == set(re.findall(r"evaluate .*-d examples/([a-z-]+)", told))


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_readme_works(command: str, steelyard: Installation, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    done = steelyard.run(*shlex.split(command)[1:], cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout

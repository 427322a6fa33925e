"""A crash, a hang, a wrong firing and a lost one, put into the engine under the shipped policy: an error, never a verdict."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from engine.backends import durable_process
from engine.backends.checked import CheckedBackend
from engine.backends.durable import DurableBackend
from engine.backends.durable_process import engine_folder
from engine.backends.reference import ReferenceBackend
from engine.company import Company
from engine.diagnostics import EvaluationError
from engine.document import read
from engine.session import DEFAULT_POLICY, Opened, Session, open_policy
from tests.installation import ROOT, Installation

TODAY = date(2026, 10, 31)
COMPANY = ROOT / "examples" / "northwind" / "company.yaml"

# The C module, but for a plan that lies beside it: "KIND NUMBER" does something to a firing, counted over a session.
FAKE = """
import os, signal, sys, time
from importlib.machinery import ExtensionFileLoader, FileFinder
from importlib.util import module_from_spec
from pathlib import Path

this = sys.modules[__name__]
spec = FileFinder({folder!r}, (ExtensionFileLoader, [{suffix!r}])).find_spec("durable_rules_engine")
real = module_from_spec(spec)
spec.loader.exec_module(real)
sys.modules[__name__] = this
error, delete_state, assert_fact, assert_facts = real.error, real.delete_state, real.assert_fact, real.assert_facts
start_action_for_state = real.start_action_for_state
loaded = fired = 0
again = []

def create_ruleset(name, text):
    global loaded
    loaded += 1
    if plan()[0] == "crash-loading":
        os.kill(os.getpid(), signal.SIGSEGV)
    return real.create_ruleset(name, text)

def plan():
    kind, number = (Path(__file__).with_name("plan").read_text() + " 0").split()[:2]
    return kind, int(number)

def complete_and_start_action(handle, slot):
    global fired
    match = again.pop() if again else real.complete_and_start_action(handle, slot)
    if match is None:
        return None
    fired += 1
    kind, number = plan()
    if fired - 1 != number:
        return match
    if kind == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if kind == "hang":
        while True:
            pass
    if kind == "sleep":
        time.sleep(60)
    if kind == "lost":
        return complete_and_start_action(handle, slot)
    if kind == "doubled":
        again.append(match)
    if kind == "changed":
        rule = match[3 : match.index('"', 3)]
        return match.replace('{{"r' + rule + '"', '{{"r' + str(int(rule) ^ 1) + '"')
    return match
"""


class Sabotage:
    """An engine that misbehaves as its plan says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        real = Path(engine_folder())
        (binary,) = real.glob("durable_rules_engine*.so")
        code = FAKE.format(folder=str(real), suffix=binary.name.removeprefix("durable_rules_engine"))
        (folder / "durable_rules_engine.py").write_text(dedent(code), encoding="utf-8")
        self.plan("nothing")

    def plan(self, kind: str, number: int = 0) -> None:
        (self.folder / "plan").write_text(f"{kind} {number}", encoding="utf-8")


@pytest.fixture
def sabotage(tmp_path: Path) -> Sabotage:
    folder = tmp_path / "engine"
    folder.mkdir()
    return Sabotage(folder)


@pytest.fixture(scope="module")
def opened() -> Opened:
    return open_policy(DEFAULT_POLICY, TODAY)


@pytest.fixture
def session(opened: Opened, sabotage: Sabotage) -> Iterator[Session]:
    backend = DurableBackend(opened.policy, folder=str(sabotage.folder))
    with Session(opened, CheckedBackend(backend, ReferenceBackend(opened.policy))) as found:
        yield found


def test_the_engine_is_right_when_nothing_is_done_to_it(session: Session) -> None:
    company = session.company(read(COMPANY), None, TODAY)
    with Session.open(DEFAULT_POLICY, TODAY) as other:
        assert session.evaluate(company).score == other.evaluate(company).score


@pytest.mark.parametrize("kind", ["lost", "doubled", "changed"])
def test_no_firing_can_be_lost_doubled_or_changed_unseen(kind: str, opened: Opened, sabotage: Sabotage) -> None:
    """Every fifteenth firing of the shipped policy, early and late, in a process of its own."""
    with Session.open(DEFAULT_POLICY, TODAY) as right:
        company = right.company(read(COMPANY), None, TODAY)
    number, codes = 0, set()
    while code := ended(opened, company, sabotage, kind, number):
        codes.add(code)
        number += 15
    assert number > 100
    assert codes <= {"engine-misfired", "engine-failed"}


def ended(opened: Opened, company: Company, sabotage: Sabotage, kind: str, number: int) -> str:
    """The code of the error in which the evaluation ends; empty where there are fewer firings than that."""
    sabotage.plan(kind, number)
    backend = DurableBackend(opened.policy, folder=str(sabotage.folder))
    with Session(opened, CheckedBackend(backend, ReferenceBackend(opened.policy))) as session:
        try:
            session.evaluate(company)
        except EvaluationError as error:
            failure = error
        else:
            return ""
    assert failure.exit_code == 70
    assert failure.report["facts"]
    return failure.diagnostics[0].code


@pytest.mark.parametrize(
    "kind, code",
    [
        ("crash", "engine-crashed"),
        ("crash-loading", "engine-crashed"),
        ("hang", "engine-hung"),
        ("sleep", "engine-hung"),
    ],
)
def test_a_crash_and_a_hang_end_within_the_deadline(
    kind: str, code: str, session: Session, sabotage: Sabotage, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = session.company(read(COMPANY), None, TODAY)
    monkeypatch.setattr(durable_process, "SESSION_SECONDS", 0.5)
    sabotage.plan(kind, 40)
    started = time.monotonic()
    with pytest.raises(EvaluationError) as caught:
        session.evaluate(company)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == [code]
    assert time.monotonic() - started < 8


@pytest.mark.parametrize(
    "kind, message",
    [
        ("crash", "the rules engine crashed (SIGSEGV) while firing the early rules [engine-crashed]"),
        ("crash-loading", "the rules engine crashed (SIGSEGV) while loading the policy [engine-crashed]"),
        ("hang", "the rules engine did not answer in time while firing the early rules [engine-hung]"),
        ("lost", "fired 0 times, expected 1"),
        ("doubled", "fired 2 times, expected 1"),
        ("changed", "fired 1 times, expected 0"),
    ],
)
def test_the_command_ends_with_70_and_without_a_verdict(
    kind: str, message: str, steelyard: Installation, sabotage: Sabotage, tmp_path: Path
) -> None:
    sabotage.plan(kind, 45)
    started = time.monotonic()
    done = steelyard.run("evaluate", "-d", COMPANY, cwd=tmp_path, env={"PYTHONPATH": str(sabotage.folder)})
    assert time.monotonic() - started < 30
    assert (done.returncode, done.stdout) == (70, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    (report,) = tmp_path.glob("steelyard-report-*.json")
    assert report.name in done.stderr
    assert json.loads(report.read_text(encoding="utf-8"))["policy"] == "sales-focus"


def test_the_reference_answers_when_the_engine_cannot(
    steelyard: Installation, sabotage: Sabotage, tmp_path: Path
) -> None:
    sabotage.plan("crash")
    env = {"PYTHONPATH": str(sabotage.folder)}
    done = steelyard.run("evaluate", "-d", COMPANY, "--engine", "reference", cwd=tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == steelyard.run("evaluate", "-d", COMPANY, cwd=tmp_path).stdout

"""How the engine is run: one session at a time, one thread, no clock, no memory kept, and only what is known to work."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from engine.backends import durable_process, durable_worker
from engine.backends.durable import DurableBackend
from engine.backends.durable_process import EngineProcess
from engine.backends.reference import ReferenceBackend
from engine.condition import All, Not, SignalTest
from engine.diagnostics import EvaluationError
from tests.unit.tiny_policy import above, concluding, gates, observed, policy_set, signals

POLICY = policy_set(
    signals(s=above("a"), t=All((SignalTest("s"), Not(above("b"))))),
    gates(G=All((SignalTest("t"), above("b")))),
)
WORKER = ast.parse(Path(durable_worker.__file__).read_text(encoding="utf-8"))


def children(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that are started from now on."""
    started: list[int] = []
    begin = durable_process.start_child

    def start(folder: str) -> tuple[int, tuple[int, int]]:
        pid, pipes = begin(folder)
        started.append(pid)
        return pid, pipes

    monkeypatch.setattr(durable_process, "start_child", start)
    return started


def status(pid: int, name: str) -> int:
    """A line of what the system says of a process: kilobytes, or a count."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:")))


def test_a_process_serves_more_companies_than_the_engine_has_sessions_and_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The engine holds 1,024 sessions, and leaks those that are not deleted: half a megabyte each."""
    started = children(monkeypatch)
    companies = [observed(a=float(i % 2), b=float(i % 3), c=1.0) for i in range(6)]
    expected = [ReferenceBackend(POLICY).run(company, concluding()) for company in companies]
    kilobytes = []
    with DurableBackend(POLICY) as backend:
        for _ in range(2):
            for i in range(600):
                assert backend.run(companies[i % 6], concluding()) == expected[i % 6]
            kilobytes.append(status(started[0], "VmRSS") if sys.platform == "linux" else 0)
    assert len(started) == 1
    assert kilobytes[1] - kilobytes[0] < 500


def test_the_engine_runs_in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own host starts timers that touch deleted sessions, and runs rules twice that take long."""
    started = children(monkeypatch)
    with DurableBackend(POLICY) as backend:
        backend.run(observed(a=1.0), concluding())
        if sys.platform == "linux":
            assert status(started[0], "Threads") == 1
    assert "durable" not in {name.split(".")[0] for name in imported(WORKER)}


def imported(tree: ast.Module) -> set[str]:
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_only_seven_functions_of_the_engine_are_called() -> None:
    """Among them no `post`, `retract`, `update_state` and no timer: what loses firings, or fires again."""
    used = {
        node.attr
        for node in ast.walk(WORKER)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "engine"
    }
    assert used == {
        *("create_ruleset", "assert_fact", "assert_facts", "start_action_for_state", "complete_and_start_action"),
        *("delete_state", "error"),
    }


def test_the_engine_is_not_called_again_after_an_error() -> None:
    """Not even to clean up: the process ends."""
    handlers = [node for node in ast.walk(WORKER) if isinstance(node, ast.ExceptHandler)]
    touched = {
        ast.unparse(call.func) for handler in handlers for call in ast.walk(handler) if isinstance(call, ast.Call)
    }
    assert touched == {"answer", "one_line"}


@pytest.mark.parametrize("locale", ["de_DE.UTF-8", "fr_FR", "C", "no such locale"])
def test_numbers_have_a_decimal_point_in_every_country(monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    """With a decimal comma the engine reads 0.6 as 0. The worker never asks the system for one."""
    for name in ("LC_ALL", "LC_NUMERIC", "LANG"):
        monkeypatch.setenv(name, locale)
    assert not {name for name in imported(WORKER) if name.split(".")[0] == "locale"}
    with DurableBackend(POLICY) as backend:
        facts = observed(a=0.6, b=0.4)
        assert backend.run(facts, concluding()) == ReferenceBackend(POLICY).run(facts, concluding())


def test_the_memory_of_the_process_has_an_end(tmp_path: Path) -> None:
    """A rule that grows without end ends its process, not the machine."""
    code = "error = RuntimeError\ndef create_ruleset(name, text): return bytearray(2 << 30)\n"
    (tmp_path / "durable_rules_engine.py").write_text(code, encoding="utf-8")
    with (
        DurableBackend(POLICY, folder=str(tmp_path)) as backend,
        pytest.raises(EvaluationError, match="failed while loading"),
    ):
        backend.run(observed(a=1.0), concluding())


def test_a_failed_engine_is_not_used_again(tmp_path: Path) -> None:
    (tmp_path / "durable_rules_engine.py").write_text("import os\nos._exit(9)\n", encoding="utf-8")
    process = EngineProcess(str(tmp_path))
    with DurableBackend(POLICY, process) as backend:
        with pytest.raises(EvaluationError, match="ended with code 9"):
            backend.run(observed(a=1.0), concluding())
        assert not process.usable
        assert backend.run(observed(a=1.0), concluding()) == ReferenceBackend(POLICY).run(observed(a=1.0), concluding())

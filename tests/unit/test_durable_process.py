"""Whatever the engine does in its process, the answer is right or an error in time, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer

import pytest

from engine.backends import durable_process
from engine.backends.durable import DurableBackend
from engine.backends.durable_process import INSTALL, EngineProcess, engine_folder
from engine.backends.durable_worker import load_engine
from engine.backends.reference import ReferenceBackend
from engine.conclusion import Conclusions
from engine.condition import All, SignalTest
from engine.diagnostics import EvaluationError, SteelyardError, UnsupportedError
from engine.facts import Facts
from tests.unit.tiny_policy import above, concluding, gates, observed, policy_set, signals

POLICY = policy_set(
    signals(s=above("a"), t=All((SignalTest("s"), above("b"))), u=above("c")),
    gates(G=All((SignalTest("t"), above("b")))),
)
FACTS = observed(a=1.0, b=1.0, c=0.0)

# Stands in for the C module: it is the C module, but for what a test puts after it.
FAKE = '''
import os, signal, sys, time
from importlib.machinery import ExtensionFileLoader, FileFinder
from importlib.util import module_from_spec

this = sys.modules[__name__]
spec = FileFinder(%r, (ExtensionFileLoader, [%r])).find_spec("durable_rules_engine")
real = module_from_spec(spec)
spec.loader.exec_module(real)
sys.modules[__name__] = this  # the C module puts itself there
error = real.error
create_ruleset, delete_state = real.create_ruleset, real.delete_state
assert_fact, assert_facts = real.assert_fact, real.assert_facts
start_action_for_state, complete_and_start_action = real.start_action_for_state, real.complete_and_start_action
sessions = 0

def counting(handle, messages):
    """The sessions before the third only warm up the two rulesets."""
    global sessions
    sessions += 1
    if sessions > 2:
        misbehave()
    return real.assert_facts(handle, messages)

def misbehave():
    pass
'''
Fake = Callable[[str], str]


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    """Writes an engine that misbehaves; answers its folder."""

    def write(code: str) -> str:
        folder = engine_folder()
        (binary,) = Path(folder).glob("durable_rules_engine*.so")
        suffix = binary.name.removeprefix("durable_rules_engine")
        text = FAKE % (folder, suffix) + textwrap.dedent(code)
        (tmp_path / "durable_rules_engine.py").write_text(text, encoding="utf-8")
        return str(tmp_path)

    return write


@pytest.fixture(autouse=True)
def nothing_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither an open file nor a child, alive or dead."""
    started: list[int] = []

    def start(folder: str) -> tuple[int, tuple[int, int]]:
        pid, pipes = begin(folder)
        started.append(pid)
        return pid, pipes

    begin = durable_process.start_child
    monkeypatch.setattr(durable_process, "start_child", start)
    before = open_files()
    yield
    assert open_files() == before
    for pid in started:
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def open_files() -> list[str]:
    return sorted(path.name for path in Path("/dev/fd").iterdir() if path.exists())


def failure(folder: str) -> SteelyardError:
    with DurableBackend(POLICY, folder=folder) as backend, pytest.raises(SteelyardError) as caught:
        backend.run(FACTS, concluding())
    return caught.value


def told(error: SteelyardError) -> tuple[str, str]:
    (diagnostic,) = error.diagnostics
    assert "`--engine reference`" in diagnostic.message + diagnostic.hint
    assert "\n" not in diagnostic.message + diagnostic.hint
    return diagnostic.code, diagnostic.message


def test_the_fake_engine_is_right_when_it_does_not_misbehave(fake: Fake) -> None:
    with DurableBackend(POLICY, folder=fake("assert_facts = counting")) as backend:
        assert backend.run(FACTS, concluding()) == ReferenceBackend(POLICY).run(FACTS, concluding())


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGFPE", "SIGABRT", "SIGKILL"])
def test_a_crash_is_an_error(fake: Fake, name: str) -> None:
    folder = fake(
        f"""
        assert_facts = counting
        def misbehave():
            os.kill(os.getpid(), signal.{name})
        """
    )
    error = failure(folder)
    assert isinstance(error, EvaluationError)
    assert told(error) == ("engine-crashed", f"the rules engine crashed ({name}) while firing the early rules")


def test_a_crash_while_the_policy_is_compiled_is_an_error(fake: Fake) -> None:
    folder = fake("def create_ruleset(name, text): os.kill(os.getpid(), signal.SIGSEGV)")
    message = "the rules engine crashed (SIGSEGV) while loading the policy"
    assert told(failure(folder)) == ("engine-crashed", message)


def test_a_crash_of_the_c_code_itself_is_an_error(fake: Fake) -> None:
    """Asserting an empty batch leaves the real engine with a slot that it never filled."""
    folder = fake(
        """
        assert_facts = counting
        def misbehave():
            real.assert_facts(1, "[]")
            real.start_action_for_state(1, 123456789)
        """
    )
    assert told(failure(folder))[0] == "engine-crashed"


@pytest.mark.parametrize("hang", ["while True: pass", "time.sleep(60)"])
def test_a_hang_is_an_error_within_the_deadline(fake: Fake, hang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_process, "SESSION_SECONDS", 0.3)
    folder = fake(
        f"""
        assert_facts = counting
        def misbehave():
            {hang}
        """
    )
    started = time.monotonic()
    error = failure(folder)
    assert time.monotonic() - started < durable_process.START_SECONDS
    message = "the rules engine did not answer in time while firing the early rules"
    assert told(error) == ("engine-hung", message)


def test_a_hang_while_the_policy_is_compiled_is_an_error(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_process, "START_SECONDS", 0.3)
    folder = fake("def create_ruleset(name, text): time.sleep(60)")
    assert told(failure(folder))[0] == "engine-hung"


def test_a_worker_that_stops_reading_is_an_error(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pipe fills up: sending has a deadline as well."""
    monkeypatch.setattr(durable_process, "START_SECONDS", 0.3)
    with EngineProcess(fake("time.sleep(60)")) as process, pytest.raises(EvaluationError) as caught:
        process.load([os.urandom(1 << 20)], 0)
    assert told(caught.value)[0] == "engine-hung"


@pytest.mark.parametrize(
    "code, expected",
    [
        ("return (1, 1)", "code 1, slot 1 for the facts"),
        ("return (0, 2)", "code 0, slot 2 for the facts"),
        ("raise error('error code: 303')", "error code: 303"),
        ("raise MemoryError", "no reason given"),
    ],
)
def test_an_irregular_answer_to_the_facts_is_an_error(fake: Fake, code: str, expected: str) -> None:
    folder = fake(
        f"""
        def assert_facts(handle, messages):
            global sessions
            sessions += 1
            answer = real.assert_facts(handle, messages)
            if sessions > 2:
                {code}
            return answer
        """
    )
    assert told(failure(folder)) == (
        "engine-failed",
        f"the rules engine failed while firing the early rules: {expected}",
    )


def test_an_irregular_answer_to_a_goal_is_an_error(fake: Fake) -> None:
    folder = fake("def assert_fact(handle, message): return (2, 1)")
    message = "the rules engine failed while firing the early rules: code 2, slot 1 for a goal"
    assert told(failure(folder)) == ("engine-failed", message)


def test_a_batch_that_the_engine_cuts_off_is_an_error(fake: Fake) -> None:
    """It stops at the first message that it cannot read, and says nothing."""
    folder = fake(
        """
        def assert_facts(handle, messages):
            return real.assert_facts(handle, messages.replace('"val":0.0}', '"val":1e-09}'))
        """
    )
    message = "the rules engine failed while firing the early rules: facts were lost"
    assert told(failure(folder)) == ("engine-failed", message)


def test_rules_that_fire_without_end_are_an_error(fake: Fake) -> None:
    folder = fake(
        """
        assert_facts = counting
        def complete_and_start_action(handle, slot): return '{"r0":{}}' if sessions > 2 else None
        """
    )
    message = "the rules engine failed while firing the early rules: rules fire without end"
    assert told(failure(folder)) == ("engine-failed", message)


@pytest.mark.parametrize(
    "code, expected",
    [
        ("lost", "a rule of signal:s fired 0 times, expected 1"),
        ("doubled", "a rule of signal:u fired 2 times, expected 1"),
        ("wrong", "a rule of signal:u fired 1 times, expected 0"),
    ],
)
def test_a_wrong_firing_is_an_error_and_never_a_verdict(fake: Fake, code: str, expected: str) -> None:
    folder = fake(
        f"""
        code, queue = {code!r}, []

        def complete_and_start_action(handle, slot):
            match = queue.pop() if queue else real.complete_and_start_action(handle, slot)
            if match and code == "lost" and match.startswith('{{"r0"'):
                return real.complete_and_start_action(handle, slot)
            if match and code == "doubled" and match.startswith('{{"r6"') and not match.endswith(" "):
                queue.append(match + " ")
            if match and code == "wrong" and match.startswith('{{"r6"'):
                return match.replace("r6", "r5")
            return match
        """
    )
    kind, message = told(failure(folder))
    assert kind == "engine-misfired"
    assert message.startswith("the rules engine fired wrongly: ")
    assert expected in message


def test_what_the_engine_prints_does_not_reach_anybody(fake: Fake, capfd: pytest.CaptureFixture[str]) -> None:
    folder = fake(
        """
        assert_facts = counting
        def misbehave():
            print("fired 7 7 7", flush=True)
            os.write(1, b"fired 7 7 7\\n")
            os.write(2, b"free(): invalid pointer\\n")
        """
    )
    with DurableBackend(POLICY, folder=folder) as backend:
        assert backend.run(FACTS, concluding()) == ReferenceBackend(POLICY).run(FACTS, concluding())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "answers, expected",
    [
        ("b'ready\\nfired 0 x\\n'", "answered nonsense while firing the early rules"),
        ("b'ready\\n\\xff\\x00\\n'", "answered nonsense while firing the early rules"),
        ("b'verdict: sell\\n'", "answered nonsense while loading the policy"),
        ("b''", "ended with code 0 while loading the policy"),
        ("b'ready\\nfired ' + b'1 ' * (1 << 22)", "answered without end while firing the early rules"),
    ],
)
def test_an_answer_that_is_none_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: str, expected: str
) -> None:
    script = tmp_path / "worker.py"
    script.write_text(f"import sys\nsys.stdout.buffer.write({answers})\n", encoding="utf-8")
    monkeypatch.setattr(durable_process, "SCRIPT", script)
    assert told(failure(str(tmp_path))) == ("engine-failed", f"the rules engine {expected}")


@pytest.mark.parametrize("answers", ["b'ready\\nfired 0 1 99;\\n'", "b'ready\\nfired -1\\n'", "b'ready\\nfired 99\\n'"])
def test_rules_that_are_not_there_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: str) -> None:
    script = tmp_path / "worker.py"
    script.write_text(f"import sys\nsys.stdout.buffer.write({answers})\n", encoding="utf-8")
    monkeypatch.setattr(durable_process, "SCRIPT", script)
    assert told(failure(str(tmp_path)))[0] == "engine-misfired"


def test_a_worker_that_ends_with_a_fault_of_its_own_is_an_error(fake: Fake) -> None:
    folder = fake(
        """
        assert_facts = counting
        def misbehave():
            raise TypeError("not foreseen")
        """
    )
    assert told(failure(folder)) == ("engine-failed", "the rules engine ended with code 1 while firing the early rules")


def test_after_a_failure_the_next_company_gets_a_fresh_process(fake: Fake, tmp_path: Path) -> None:
    once = str(tmp_path / "once")
    folder = fake(
        f"""
        assert_facts = counting
        def misbehave():
            if not os.path.exists({once!r}):
                open({once!r}, "w").close()
                os.kill(os.getpid(), signal.SIGSEGV)
        """
    )
    with DurableBackend(POLICY, folder=folder) as backend:
        with pytest.raises(EvaluationError):
            backend.run(FACTS, concluding())
        assert backend.run(FACTS, concluding()) == ReferenceBackend(POLICY).run(FACTS, concluding())


def test_ctrl_c_ends_the_child(fake: Fake) -> None:
    folder = fake(
        """
        assert_facts = counting
        def misbehave():
            time.sleep(60)
        """
    )
    with DurableBackend(POLICY, folder=folder) as backend:
        interrupt = Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        interrupt.start()
        with pytest.raises(KeyboardInterrupt):
            backend.run(FACTS, concluding())
        interrupt.join()


def test_what_the_score_raises_comes_through_and_the_engine_still_serves() -> None:
    def broken(_: Conclusions) -> Facts:
        raise ZeroDivisionError

    with DurableBackend(POLICY) as backend:
        with pytest.raises(ZeroDivisionError):
            backend.run(FACTS, broken)
        assert backend.run(FACTS, concluding()) == ReferenceBackend(POLICY).run(FACTS, concluding())


def test_a_process_may_be_started_before_the_policy_is_read() -> None:
    process = EngineProcess()
    with DurableBackend(POLICY, process) as backend:
        assert backend.run(FACTS, concluding()) == ReferenceBackend(POLICY).run(FACTS, concluding())
    assert not process.usable


def test_a_process_that_nobody_closes_ends_with_its_owner() -> None:
    DurableBackend(POLICY).run(FACTS, concluding())


def test_closing_twice_is_closing_once() -> None:
    process = EngineProcess()
    assert process.close() == -signal.SIGKILL
    assert process.close() == 0


# Where the engine is not there, one line says so, why, and what to do.


def test_an_engine_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_process, "MODULE", "an_engine_that_nobody_wrote")
    with pytest.raises(UnsupportedError) as caught:
        DurableBackend(POLICY)
    assert told(caught.value) == (
        "engine-missing",
        "the rules engine durable-rules is not installed; install it with `pip install durable-rules==2.0.28` "
        "(needs a C compiler); `--engine reference` evaluates without the rules engine",
    )


def test_an_engine_that_cannot_be_loaded_is_told_with_the_reason(tmp_path: Path) -> None:
    text = "raise ImportError('durable_rules_engine.so: undefined symbol: PyEval_CallObject')"
    (tmp_path / "durable_rules_engine.py").write_text(text, encoding="utf-8")
    error = failure(str(tmp_path))
    assert isinstance(error, UnsupportedError)
    reason = "durable_rules_engine.so: undefined symbol: PyEval_CallObject"
    assert told(error) == ("engine-missing", f"the rules engine durable-rules cannot be loaded: {reason}; {INSTALL}")


def test_symbols_that_the_interpreter_no_longer_has_are_bound_when_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Python 3.13 the C module can be loaded only so; afterwards everything is as it was."""
    name = "durable_rules_engine"
    (tmp_path / f"{name}.py").write_text("import sys\nflags = sys.getdlopenflags()\n", encoding="utf-8")
    # the benchmarks, which trust it, import the C module into the process that runs them
    monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "path", [])
    before = sys.getdlopenflags(), list(sys.path)
    try:
        assert load_engine(str(tmp_path)).flags == os.RTLD_LAZY
    finally:
        sys.modules.pop(name)
    assert (sys.getdlopenflags(), sys.path) == before


def test_a_system_without_processes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "posix_spawn")
    with pytest.raises(UnsupportedError) as caught:
        DurableBackend(POLICY)
    assert told(caught.value) == (
        "engine-missing",
        f"the rules engine durable-rules cannot be run on this system; {INSTALL}",
    )


def test_the_c_module_is_never_imported_here() -> None:
    with DurableBackend(POLICY) as backend:
        backend.run(FACTS, concluding())
    assert not [name for name in sys.modules if name.startswith("durable")]

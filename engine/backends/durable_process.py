"""The parent's hold on the child in which durable_rules runs: a deadline for every request, a clear error at every end.

A crash or a hang of the C code ends the child only. Nothing is tried twice: an evaluation during which the child ended
has failed.
"""

from __future__ import annotations

import marshal
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any
from weakref import finalize
from zlib import compress

from ..diagnostics import Diagnostic, EvaluationError, SteelyardError, UnsupportedError
from .durable_productions import WITHOUT_ENGINE

MODULE = "durable_rules_engine"
SCRIPT = Path(__file__).with_name("durable_worker.py")
INSTALL = f"install it with `pip install durable-rules==2.0.28` (needs a C compiler); {WITHOUT_ENGINE}"
START_SECONDS = 10.0
SESSION_SECONDS = 5.0
"""Measured: 15 ms to start, 3 ms for a policy of 600 rules; the rest is for a machine busy with other things."""
SECONDS_PER_RULE = 0.001
"""Measured: 0.1 ms to compile and 0.01 ms to fire."""
MAX_ANSWER = 4 << 20
"""Bytes; every rule of the largest program takes a tenth."""
TUNING = {
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TOP_PAD_": str(16 << 20),
}
"""Without them glibc gives the memory of a session back and faults it in again for the next one."""


def engine_folder() -> str:
    """Where the C module lies, which is never imported into this process; raises UnsupportedError without one."""
    spec = find_spec(MODULE)
    if spec is None or spec.origin is None:
        raise _missing("is not installed")
    return str(Path(spec.origin).parent)


def _missing(what: str) -> UnsupportedError:
    """Why there is no engine and what to do, in one line: it is the first thing that a new machine may say."""
    return UnsupportedError([Diagnostic("engine-missing", f"the rules engine durable-rules {what}; {INSTALL}")])


def _failure(code: str, message: str) -> EvaluationError:
    return EvaluationError([Diagnostic(code, message, hint=f"nothing was concluded; {WITHOUT_ENGINE}")])


def _end(pid: int, owner: int, pipes: tuple[int, int]) -> int:
    """Close the pipes, kill the child and wait for it; returns its exit code, negative for a signal.

    A fork of its owner leaves it alone.
    """
    for pipe in pipes:
        os.close(pipe)
    if os.getpid() != owner:
        return 0
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return _wait(pid)


def _wait(pid: int) -> int:
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except ChildProcessError:
        return 0


def start_child(folder: str) -> tuple[int, tuple[int, int]]:
    """Start the child without waiting for it: its id, and our ends of the pipes.

    It stands in a process group of its own, so that Ctrl-C reaches us alone.
    """
    child_reads, requests = os.pipe()
    answers, child_writes = os.pipe()
    actions = [
        (os.POSIX_SPAWN_DUP2, child_reads, 0),
        (os.POSIX_SPAWN_DUP2, child_writes, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    command = [sys.executable, "-I", "-S", str(SCRIPT), folder]
    try:
        pid = os.posix_spawn(sys.executable, command, os.environ | TUNING, file_actions=actions, setpgroup=0)
    finally:
        os.close(child_reads)
        os.close(child_writes)
    os.set_blocking(requests, False)
    return pid, (requests, answers)


class EngineProcess:
    """One child, with one program; the first request to use it waits until it has started and compiled.

    Starting does not wait, so it is worth starting before the policy is read. Use it from one thread, and close it.
    """

    def __init__(self, folder: str | None = None) -> None:
        """`folder` holds the C module; raises UnsupportedError where there is none, or no interpreter to run it in."""
        folder = engine_folder() if folder is None else folder
        if not sys.executable or not hasattr(os, "posix_spawn"):
            raise _missing("cannot be run on this system")
        self._pid, self._pipes = start_child(folder)
        self._owner = os.getpid()
        self._finish = finalize(self, _end, self._pid, self._owner, self._pipes)
        self._unread = b""
        self._expected: list[tuple[str, float]] = []

    def __enter__(self) -> EngineProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def usable(self) -> bool:
        """Whether it is neither closed nor another process's."""
        return self._finish.alive and os.getpid() == self._owner

    def close(self) -> int:
        """End the child, whatever it is doing; returns its exit code, negative for a signal."""
        return self._finish() or 0

    def load(self, strata: list[Any], rules: int) -> None:
        """Send the program, packed so that the pipe holds it until the child reads; the first `fire` waits for that."""
        seconds = START_SECONDS + rules * SECONDS_PER_RULE
        self._send("loading the policy", [seconds, compress(marshal.dumps(strata), 1)], seconds)
        self._expected.append(("loading the policy", time.monotonic() + seconds))

    def fire(self, stratum: int, batches: list[str], goals: list[int], rules: int) -> list[list[int]]:
        """Fire one stratum for one company: the rules of each block in the order in which they fired.

        Raises EvaluationError where the child crashed, hung, or did not answer as agreed.
        """
        doing = "firing the late rules" if stratum else "firing the early rules"
        seconds = SESSION_SECONDS + rules * SECONDS_PER_RULE
        while self._expected:
            self._answer(*self._expected.pop(0), "ready")
        self._send(doing, [seconds, stratum, batches, goals], seconds)
        fired = self._answer(doing, time.monotonic() + seconds, "fired")
        try:
            return [[int(rule) for rule in block.split()] for block in fired.split(";")]
        except ValueError:
            raise self._failed(f"answered nonsense while {doing}") from None

    def _send(self, doing: str, request: list[Any], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        body = marshal.dumps(request)
        unsent = memoryview(len(body).to_bytes(8, "big") + body)
        with self._closed_unless_done():
            while unsent:
                self._wait(self._pipes[0], select.POLLOUT, deadline, doing)
                try:
                    unsent = unsent[os.write(self._pipes[0], unsent) :]
                except BrokenPipeError:
                    return  # what the child said before it ended, or how it ended, is in the answer

    def _answer(self, doing: str, deadline: float, expected: str) -> str:
        with self._closed_unless_done():
            while b"\n" not in self._unread:
                self._wait(self._pipes[1], select.POLLIN, deadline, doing)
                received = os.read(self._pipes[1], 1 << 20)
                self._unread += received
                if not received:
                    raise self._ended(doing)
                if len(self._unread) > MAX_ANSWER:
                    raise self._failed(f"answered without end while {doing}")
            line, self._unread = self._unread.split(b"\n", 1)
            word, _, rest = line.decode("ascii", "replace").partition(" ")
            if word != expected:
                raise self._refused(word, rest, doing)
            return rest

    def _wait(self, pipe: int, event: int, deadline: float, doing: str) -> None:
        """Until the pipe is ready; what is there already is read even after the deadline."""
        poll = select.poll()
        poll.register(pipe, event)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            self.close()
            raise _failure("engine-hung", f"the rules engine did not answer in time while {doing}")

    @contextmanager
    def _closed_unless_done(self) -> Iterator[None]:
        """After a failure or Ctrl-C the child is in the middle of something: end it."""
        with ExitStack() as failure:
            failure.callback(self.close)
            yield
            failure.pop_all()

    def _refused(self, word: str, reason: str, doing: str) -> SteelyardError:
        self.close()
        match word:
            case "missing":
                return _missing(f"cannot be loaded: {reason}")
            case "failed":
                return self._failed(f"failed while {doing}: {reason}")
            case _:
                return self._failed(f"answered nonsense while {doing}")

    def _failed(self, what: str) -> EvaluationError:
        self.close()
        return _failure("engine-failed", f"the rules engine {what}")

    def _ended(self, doing: str) -> EvaluationError:
        code = self.close()
        if code == -signal.SIGXCPU:
            return _failure("engine-hung", f"the rules engine used up its time while {doing}")
        if code < 0:
            name = {each.value: each.name for each in signal.Signals}.get(-code, f"signal {-code}")
            return _failure("engine-crashed", f"the rules engine crashed ({name}) while {doing}")
        return self._failed(f"ended with code {code} while {doing}")

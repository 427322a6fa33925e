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
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple
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


class _Expected(NamedTuple):
    """An answer to come: its first word, what the child is doing, how long that may take, and by when, if it began when asked."""

    word: str
    doing: str
    seconds: float
    deadline: float | None = None


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
        self._expected: deque[_Expected] = deque()
        self._readable = select.poll()
        self._readable.register(self._pipes[1], select.POLLIN)
        self._either = select.poll()
        self._either.register(self._pipes[0], select.POLLOUT)
        self._either.register(self._pipes[1], select.POLLIN)

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
        self._expected.append(_Expected("ready", "loading the policy", seconds, time.monotonic() + seconds))

    @property
    def is_busy(self) -> bool:
        """Whether something was asked that was not answered yet."""
        return any(expected.word == "fired" for expected in self._expected)

    def ask(self, stratum: int, batches: list[str], goals: list[int], rules: int) -> None:
        """Have one stratum fire for one company; `fired` answers, in the order of asking.

        Raises EvaluationError where the child does not take the request.
        """
        doing = "firing the late rules" if stratum else "firing the early rules"
        seconds = SESSION_SECONDS + rules * SECONDS_PER_RULE
        self._ready()
        self._send(doing, [seconds, stratum, batches, goals], seconds)
        self._expected.append(_Expected("fired", doing, seconds))

    def fired(self) -> list[list[int]]:
        """What was asked first and not answered yet: the rules of each block in the order in which they fired.

        Raises EvaluationError where the child crashed, hung, or did not answer as agreed.
        """
        expected = self._expected.popleft()
        answer = self._answer(expected)
        try:
            return [[int(rule) for rule in block.split()] for block in answer.split(";")]
        except ValueError:
            raise self._failed(f"answered nonsense while {expected.doing}") from None

    def _ready(self) -> None:
        while self._expected and self._expected[0].word == "ready":
            self._answer(self._expected.popleft())

    def _send(self, doing: str, request: list[Any], seconds: float) -> None:
        """The child may be answering what was asked before: that is read meanwhile, so that neither waits for the other."""
        deadline = time.monotonic() + seconds
        body = marshal.dumps(request)
        unsent = memoryview(len(body).to_bytes(8, "big") + body)
        with self._closed_unless_done():
            while unsent:
                try:
                    unsent = unsent[os.write(self._pipes[0], unsent) :]
                except BlockingIOError:
                    if any(pipe == self._pipes[1] for pipe, _ in self._wait(self._either, deadline, doing)):
                        self._read(doing)
                except BrokenPipeError:
                    return  # what the child said before it ended, or how it ended, is in the answer

    def _answer(self, expected: _Expected) -> str:
        deadline = expected.deadline or time.monotonic() + expected.seconds
        with self._closed_unless_done():
            while b"\n" not in self._unread:
                self._wait(self._readable, deadline, expected.doing)
                self._read(expected.doing)
            line, self._unread = self._unread.split(b"\n", 1)
            word, _, rest = line.decode("ascii", "replace").partition(" ")
            if word != expected.word:
                raise self._refused(word, rest, expected.doing)
            return rest

    def _read(self, doing: str) -> None:
        received = os.read(self._pipes[1], 1 << 20)
        self._unread += received
        if not received:
            raise self._ended(doing)
        if len(self._unread) > MAX_ANSWER:
            raise self._failed(f"answered without end while {doing}")

    def _wait(self, pipes: select.poll, deadline: float, doing: str) -> list[tuple[int, int]]:
        """The pipes that are ready; what is there already is read even after the deadline."""
        found = pipes.poll(max(0.0, deadline - time.monotonic()) * 1000)
        if not found:
            self.close()
            raise _failure("engine-hung", f"the rules engine did not answer in time while {doing}")
        return found

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

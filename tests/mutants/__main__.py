"""Put each fault into a copy of the tree and run the tests that should notice: `python -m tests.mutants [word ...]`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory

from .faults import FAULTS, Fault

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 2
SECONDS = 300
"""A fault that makes the engine hang is noticed as well."""
LEFT_OUT = ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
"""A fault may be as long as what it stands for, and be put in within the second: compiled files would hide it."""


def main(words: list[str]) -> int:
    """A table of all faults, or of those whose name or file has one of the words; 1 where one survives."""
    chosen = [fault for fault in FAULTS if not words or any(word in f"{fault.name} {fault.file}" for word in words)]
    with TemporaryDirectory() as place, ThreadPoolExecutor(AT_ONCE) as threads:
        copies: SimpleQueue[Path] = SimpleQueue()
        for n in range(AT_ONCE):
            copies.put(Path(copytree(ROOT, Path(place) / str(n), ignore=LEFT_OUT)))
        sets = [*{fault.tests: None for fault in chosen}]
        unfit = [
            tests for tests, code in zip(sets, threads.map(lambda t: on_copy(t, copies), sets), strict=True) if code
        ]
        if unfit:
            say(f"fail without any fault: {', '.join(' '.join(tests) for tests in unfit)}")
            return 1
        results = list(threads.map(lambda fault: judged(fault, copies), chosen))
    survivors = [fault for fault, result in zip(chosen, results, strict=True) if result != "noticed"]
    say(f"{len(chosen)} faults, {len(chosen) - len(survivors)} noticed")
    return 1 if survivors else 0


def on_copy(tests: tuple[str, ...], copies: SimpleQueue[Path]) -> int:
    """The exit code of some tests over a copy without a fault."""
    copy = copies.get()
    try:
        return tested(copy, tests)
    finally:
        copies.put(copy)


def judged(fault: Fault, copies: SimpleQueue[Path]) -> str:
    """Whether the tests notice a fault; prints its line of the table."""
    copy = copies.get()
    start = time.monotonic()
    try:
        result = _judged(fault, copy)
    finally:
        copies.put(copy)
    say(f"{result:<12} {time.monotonic() - start:4.0f} s  {fault.file:<40} {fault.name}")
    return result


def _judged(fault: Fault, copy: Path) -> str:
    source = (copy / fault.file).read_text(encoding="utf-8")
    if source.count(fault.old) != 1:
        return "NOT APPLIED"
    with written(copy / fault.file, source.replace(fault.old, fault.new), source):
        code = tested(copy, fault.tests)
    # 1 is failed tests, 2 tests that could not be imported
    return {0: "SURVIVED", 1: "noticed", 2: "BROKEN"}.get(code, "NO TEST")


@contextmanager
def written(path: Path, text: str, afterwards: str) -> Iterator[None]:
    """A file with another text for a while."""
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(afterwards, encoding="utf-8")


def tested(tree: Path, tests: tuple[str, ...]) -> int:
    """The exit code of pytest over some tests of a tree; 1 where they do not end."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=tree, env=os.environ | ENVIRONMENT, timeout=SECONDS, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired:
        return 1
    return done.returncode


def say(line: str) -> None:
    """One line of the report, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The long run: `python -m tests.fuzz.run --minutes 60 --seed 1`; exit code 1 where it found something.

Cases run in a child, so that a crash of the YAML parser's C code is found too. What fails is cut down to the lines it
needs and written to `--found`; another input with the same failure is only counted.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
import time
import traceback
from collections import Counter
from mmap import mmap
from pathlib import Path

from tests.fuzz.mutation import Case, case
from tests.fuzz.seeds import Kind
from tests.fuzz.targets import FOUND, HangError, Reached, deadline, examine, shipped_policy

MEMORY = 2 << 30
SHRINK_SECONDS = 60.0


def outcome(given: Case, thorough: bool | None = None) -> Reached | str:
    """How far a case comes, or what goes wrong, in one line that is the same for the same fault."""
    try:
        with deadline():
            return examine(given.kind, given.data, thorough)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        frames = traceback.extract_tb(error.__traceback__)
        inside = [frame for frame in frames if "engine" in Path(frame.filename).parts] or frames
        where = f"{Path(inside[-1].filename).name}:{inside[-1].lineno}"
        text = re.sub(r"[0-9][0-9,.]*", "N", " ".join(str(error).split())[:120])
        return f"{type(error).__name__} in {where}: {text}"


def shrunk(given: Case, told: str) -> Case:
    """The case with everything left out that the failure does not need, lines first, then bytes."""
    end = time.monotonic() + SHRINK_SECONDS
    for by_line in (True, False):
        parts = given.data.splitlines(keepends=True) if by_line else [bytes([byte]) for byte in given.data]
        size = len(parts) // 2
        while size and time.monotonic() < end:
            at = 0
            while at < len(parts) and time.monotonic() < end:
                rest = parts[:at] + parts[at + size :]
                if outcome(Case(given.kind, b"".join(rest)), True) == told:
                    parts = rest
                else:
                    at += size
            size //= 2
        given = Case(given.kind, b"".join(parts))
    return given


def kept(given: Case, told: str, folder: Path) -> Path:
    """Write an input that stays as a test."""
    folder.mkdir(parents=True, exist_ok=True)
    name = "".join(c if c.isalnum() else "-" for c in told.partition(":")[0].lower())
    path = folder / f"{given.kind}.{name}.{len(list(folder.iterdir()))}.yaml"
    path.write_bytes(given.data)
    return path


def stored(path: Path) -> Case:
    """What `kept` wrote."""
    return Case(Kind(path.name.partition(".")[0]), path.read_bytes())


def say(*lines: str) -> None:
    """Print at once, since the run may be followed from outside."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def work(seed: int, first: int, end: float, folder: Path, shared: mmap) -> None:
    """Run cases until the time is over; the number of the present one stands in `shared`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    shipped_policy()
    seen: set[str] = set()
    stages: Counter[str] = Counter()
    number, slowest = first, (0.0, first)
    while time.monotonic() < end:
        shared[:8] = number.to_bytes(8, "big")
        given = case(seed, number)
        started = time.process_time()
        told = outcome(given)
        slowest = max(slowest, (time.process_time() - started, number))
        stages[told if isinstance(told, Reached) else "wrong"] += 1
        if not isinstance(told, Reached) and told not in seen:
            seen.add(told)
            small = given if told.startswith(HangError.__name__) else shrunk(given, told)
            say(f"case {number}: {told}", f"  {kept(small, told, folder)}")
        number += 1
    shared[:8] = number.to_bytes(8, "big")
    say(*(f"{count:>9,} {stage}" for stage, count in stages.most_common()))
    say(f"slowest {slowest[0]:.2f} s (case {slowest[1]})")
    os._exit(1 if seen else 0)


def run(seed: int, minutes: float, first: int, folder: Path) -> int:
    """The run; a child that crashes is followed by another, one case further."""
    started = time.monotonic()
    end, number, status = started + 60 * minutes, first, 0
    while time.monotonic() < end:
        shared = mmap(-1, 8)
        sys.stdout.flush()
        child = os.fork()
        if not child:
            work(seed, number, end, folder, shared)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        number = int.from_bytes(shared[:8], "big")
        status = max(status, int(code != 0))
        if code < 0 or code > 1:
            crashed = case(seed, number)
            say(f"case {number}: the process ended with {code}", f"  {kept(crashed, f'exit {code}', folder)}")
            number += 1
    cases, seconds = number - first, time.monotonic() - started
    say(f"{cases:,} cases in {seconds / 60:.1f} minutes ({cases / seconds:.0f} a second), seed {seed}")
    return status


def main() -> int:
    """Read the options and run."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=1.0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--first", type=int, default=0, help="number of the first case")
    options.add_argument("--found", type=Path, default=FOUND, help="folder for what is found")
    options.add_argument("--again", type=Path, nargs="+", help="examine these files instead")
    given = options.parse_args()
    if given.again:
        again = {path: outcome(stored(path), True) for path in given.again}
        say(*(f"{path}: {told}" for path, told in again.items()))
        return int(not all(isinstance(told, Reached) for told in again.values()))
    return run(given.seed, given.minutes, given.first, given.found)


if __name__ == "__main__":
    sys.exit(main())

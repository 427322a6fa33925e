"""The child process in which durable_rules runs: a script, started by durable_process.py and imported by nobody.

It is given the folder of the C module. Requests come on standard input, framed and marshalled: both ends are the same
interpreter, and reading JSON would double the start-up. Answers are lines of text that the parent reads with suspicion.

    (seconds, program)                     first, packed: strata of blocks (ruleset, goals of rules, messages of goals)
    ready
    (seconds, stratum, batches, goals)     then: what to assert in each block, and the goals that hold already
    fired 0 4 7;0 2                        per block the rules in the order in which they fired
    missing REASON · failed REASON         the engine cannot be loaded · it answered what it should not
"""

from __future__ import annotations

import marshal
import os
import resource
import sys
from importlib import import_module
from io import BufferedReader, BufferedWriter
from types import ModuleType
from zlib import decompress

MEMORY = 1 << 30
"""Bytes; the largest program takes two thirds."""
GRACE = 2
"""Seconds of processor time over the deadline, after which a worker whose parent is gone ends itself."""
BEGIN = '{"id":"0","kind":"begin"}'


class IrregularError(Exception):
    """The engine answered what it should not; nothing that it concluded may be used."""


class Block:
    """One ruleset inside the engine: the goal of each rule, and the messages that tell it of a goal."""

    def __init__(self, handle: int, goals: list[int], messages: dict[int, tuple[str, ...]]) -> None:
        self.handle = handle
        self.goals = goals
        self.messages = messages


def load_engine(folder: str) -> ModuleType:
    """The C module. Symbols are bound when used: one that Python 3.13 no longer has is in a part never called."""
    flags = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_LAZY)
    sys.path.append(folder)
    try:
        return import_module("durable_rules_engine")
    finally:
        sys.path.remove(folder)
        sys.setdlopenflags(flags)


def prepare(engine: ModuleType, text: str, goals: list[int], messages: dict[int, tuple[str, ...]]) -> Block:
    """Compile a ruleset and run it once over nothing, which sets up the slot of its one session."""
    block = Block(engine.create_ruleset("steelyard", text), goals, messages)
    session(engine, block, "", set())
    return block


def session(engine: ModuleType, block: Block, batch: str, known: set[int]) -> list[int]:
    """Assert the facts and the goals that hold, and fire until nothing is left: the rules that fired.

    Adds what they conclude to the goals. After an error the engine is not to be called again, not even to clean up.
    """
    told = [message for goal in block.messages if goal in known for message in block.messages[goal]]
    messages = ",".join([*([batch] if batch else []), *told, BEGIN])
    code, slot = engine.assert_facts(block.handle, f"[{messages}]")
    if code or slot != 1:
        raise IrregularError(f"code {code}, slot {slot} for the facts")
    fired = chain(engine, block, slot, known)
    engine.delete_state(block.handle, None)
    return fired


def chain(engine: ModuleType, block: Block, slot: int, known: set[int]) -> list[int]:
    """Fire rule after rule, asserting what each concludes."""
    first = engine.start_action_for_state(block.handle, slot)
    if not first or not first[1].startswith('{"begin"'):
        raise IrregularError("facts were lost")
    fired: list[int] = []
    match = engine.complete_and_start_action(block.handle, slot)
    while match:
        rule = int(match[3 : match.index('"', 3)])
        fired.append(rule)
        if len(fired) > 2 * len(block.goals):
            raise IrregularError("rules fire without end")
        conclude(engine, block, block.goals[rule], known)
        match = engine.complete_and_start_action(block.handle, slot)
    return fired


def conclude(engine: ModuleType, block: Block, goal: int, known: set[int]) -> None:
    """Assert a goal that is new, one message after the other: only so is every error raised."""
    if goal in known:
        return
    known.add(goal)
    for message in block.messages.get(goal, ()):
        code, slot = engine.assert_fact(block.handle, message)
        if code or slot != 1:
            raise IrregularError(f"code {code}, slot {slot} for a goal")


def fire(engine: ModuleType, blocks: list[Block], batches: list[str], goals: list[int]) -> str:
    """One stratum for one company."""
    known = set(goals)
    fired = [session(engine, block, batch, known) for block, batch in zip(blocks, batches, strict=True)]
    return "fired " + ";".join(" ".join(map(str, rules)) for rules in fired)


def limit(kind: int, value: int) -> None:
    """Lower a soft limit, where the system has it."""
    hard = resource.getrlimit(kind)[1]
    try:
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
    except (ValueError, OSError):
        return


def limit_time(seconds: float) -> None:
    """The parent keeps the deadline; this ends a worker that hangs after its parent has gone."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime + seconds) + GRACE)


def read(source: BufferedReader) -> bytes:
    """The next request; empty when the parent has closed its end."""
    return source.read(int.from_bytes(source.read(8), "big"))


def serve(engine: ModuleType, source: BufferedReader, answers: BufferedWriter) -> None:
    """Load one program, then fire it as often as asked."""
    if not (request := read(source)):
        return
    seconds, program = marshal.loads(request)
    limit_time(seconds)
    strata = [[prepare(engine, *ruleset) for ruleset in stratum] for stratum in marshal.loads(decompress(program))]
    answer(answers, "ready")
    while request := read(source):
        seconds, stratum, batches, goals = marshal.loads(request)
        limit_time(seconds)
        answer(answers, fire(engine, strata[stratum], batches, goals))


def answer(answers: BufferedWriter, line: str) -> None:
    """One line, at once."""
    answers.write(line.encode("ascii", "replace") + b"\n")
    answers.flush()


def one_line(problem: BaseException) -> str:
    """What a problem says, for the parent to quote."""
    return " ".join(str(problem).split())[:300] or "no reason given"


def main(folder: str) -> None:
    """Keep the answers to ourselves: whatever else prints goes where errors go. Their end is the end of the process."""
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_AS, MEMORY)
    source, answers = os.fdopen(0, "rb"), os.fdopen(os.dup(1), "wb", closefd=False)
    os.dup2(2, 1)
    try:
        engine = load_engine(folder)
    except ImportError as problem:
        answer(answers, f"missing {one_line(problem)}")
        return
    try:
        serve(engine, source, answers)
    except (IrregularError, engine.error, MemoryError, ValueError, LookupError) as problem:
        answer(answers, f"failed {one_line(problem)}")


if __name__ == "__main__":
    main(sys.argv[1])

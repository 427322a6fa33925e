"""The rules of a policy set, fired by durable_rules in a process of its own.

The engine fires; what it fired is believed only if every production fired exactly once when all its premises hold in
the final working memory, and not otherwise. Goals are concluded before they are read, so only one set of firings passes
that test. What made an activation true is read from the policy, since a firing shows the premises of one alternative
and not all of them.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, TypeAlias

from ..conclusion import Activation, Conclusions
from ..condition import Truth, Truths
from ..diagnostics import Diagnostic, EvaluationError
from ..facts import Facts
from ..policy import PolicySet
from . import Asked, Conclude
from .durable_process import EngineProcess
from .durable_productions import (
    WITHOUT_ENGINE,
    Goal,
    Memory,
    ProgramStratum,
)
from .durable_program import compile_policy
from .durable_rulesets import Block, blocks, texts
from .reference import signal_truths, support

AHEAD = 4
"""Companies on their way at a time: some are concluded here while the engine fires for the others. Measured: with two, one of the
processes waits a third of the time; more than four gain nothing."""
_Steps: TypeAlias = Generator[None, None, tuple[Conclusions, Conclusions]]


class _Course(NamedTuple):
    """A company on its way, and which of those asked for it is."""

    number: int
    steps: _Steps

    def go_on(self) -> tuple[Conclusions, Conclusions] | None:
        """To the next stop, where the answer is None, or to the end. Raises EvaluationError, which says for which company."""
        try:
            next(self.steps)
        except StopIteration as done:
            found: tuple[Conclusions, Conclusions] = done.value
            return found
        except EvaluationError as error:
            error.company = self.number
            raise
        return None


@dataclass(frozen=True, slots=True)
class _Stratum:
    """A stratum and its rulesets; `number` is that of the worker."""

    number: int
    program: ProgramStratum
    blocks: tuple[Block, ...]
    reads: frozenset[Goal]

    @property
    def wire(self) -> list[object]:
        return [(block.text, [p.goal for p in block.productions], block.goals) for block in self.blocks]


def _stratum(number: int, program: ProgramStratum) -> _Stratum:
    found = blocks(program)
    reads = frozenset(goal for block in found for goal in block.goals)
    return _Stratum(number, program, found, reads)


def _misfired(problems: Iterable[str]) -> EvaluationError:
    listed = "; ".join(list(problems)[:5])
    hint = f"nothing was concluded; {WITHOUT_ENGINE}"
    return EvaluationError([Diagnostic("engine-misfired", f"the rules engine fired wrongly: {listed}", hint=hint)])


def misfires(stratum: ProgramStratum, fired: list[int], memory: Memory, given: Iterable[Goal]) -> list[str]:
    """What is wrong with the firings of one stratum: the premises over the final working memory say what must fire."""
    goals = frozenset(given).union(stratum.productions[index].goal for index in fired)
    holding = stratum.holding(memory, goals)
    expected = [index for index, needs in enumerate(stratum.needs) if needs <= holding]
    if expected == sorted(fired):
        return []
    counts, wanted = Counter(fired), Counter(expected)
    return [
        f"a rule of {production.rule} fired {counts[index]} times, expected {wanted[index]}"
        for index, production in enumerate(stratum.productions)
        if counts[index] != wanted[index]
    ]


class DurableBackend:
    """Compiles the policy set and has the engine start, without waiting for it.

    Raises UnsupportedError where the engine is missing or the policy set exceeds it. After an EvaluationError the next
    run starts a fresh process.
    """

    def __init__(self, policy: PolicySet, process: EngineProcess | None = None, folder: str | None = None) -> None:
        """`process` may be one that was started before the policy was read; it is the backend's to close."""
        self._program = compile_policy(policy)
        self._strata = (_stratum(0, self._program.early), _stratum(1, self._program.late))
        self._folder = folder
        self._process = self._load(process or EngineProcess(folder))

    @property
    def name(self) -> str:
        return "durable"

    def __enter__(self) -> DurableBackend:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the engine's process."""
        self._process.close()

    def _load(self, process: EngineProcess) -> EngineProcess:
        rules = sum(len(stratum.program.productions) for stratum in self._strata)
        process.load([stratum.wire for stratum in self._strata], rules)
        return process

    def _idle(self) -> EngineProcess:
        """A fresh process where the last one failed, is on its way with others, or belongs to the process that this one was forked from."""
        if not self._process.usable or self._process.is_busy:
            self._process = self._load(EngineProcess(self._folder))
        return self._process

    def run(self, facts: Facts, conclude: Conclude) -> tuple[Conclusions, Conclusions]:
        """See `Backend.run`."""
        [found] = self.run_each([(facts, conclude)])
        return found

    def run_each(self, companies: Iterable[Asked]) -> Generator[tuple[Conclusions, Conclusions], None, None]:
        """See `Backend.run_each`; what was begun when it ends early is dropped with the process."""
        process = self._idle()
        asked: deque[_Course] = deque()
        try:
            for number, (facts, conclude) in enumerate(companies):
                asked.append(_Course(number, self._steps(process, facts, conclude)))
                asked[-1].go_on()
                if len(asked) == AHEAD:
                    yield _answered(asked)
            while asked:
                yield _answered(asked)
        finally:
            if process.is_busy or process is not self._process:
                process.close()

    def _steps(self, process: EngineProcess, facts: Facts, conclude: Conclude) -> _Steps:
        """One company on its way: it stops wherever the engine was asked, and answers at its end."""
        early, late = self._strata
        first, goals = yield from self._fire(process, early, facts, {}, frozenset())
        second, _ = yield from self._fire(process, late, {**facts, **conclude(first)}, signal_truths(first), goals)
        return first, second

    def _fire(
        self, process: EngineProcess, stratum: _Stratum, facts: Facts, signals: Truths, given: frozenset[Goal]
    ) -> Generator[None, None, tuple[Conclusions, frozenset[Goal]]]:
        memory = self._program.memory(stratum.program, facts)
        _ask(process, stratum, memory, given)
        yield
        fired = _fired(process, stratum)
        problems = misfires(stratum.program, fired, memory, given)
        if problems:
            raise _misfired(problems)
        goals = given.union(stratum.program.productions[index].goal for index in fired)
        return _conclusions(stratum.program, fired, facts, signals, goals), goals


def _answered(asked: deque[_Course]) -> tuple[Conclusions, Conclusions]:
    """The answer for the first company. All take the same steps, so what comes next is always for the one in front."""
    while True:
        course = asked.popleft()
        found = course.go_on()
        if found is not None:
            return found
        asked.append(course)


def _ask(process: EngineProcess, stratum: _Stratum, memory: Memory, given: frozenset[Goal]) -> None:
    if stratum.blocks:
        values = texts(memory)
        batches = [block.batch(values) for block in stratum.blocks]
        process.ask(stratum.number, batches, sorted(given & stratum.reads), len(stratum.program.productions))


def _fired(process: EngineProcess, stratum: _Stratum) -> list[int]:
    """The productions that fired, in that order, as indices into those of the stratum."""
    if not stratum.blocks:
        return []
    answer = process.fired()
    if len(answer) != len(stratum.blocks):
        raise _misfired(["in rulesets that are not there"])
    return [index for block, fired in zip(stratum.blocks, answer, strict=True) for index in _indices(block, fired)]


def _indices(block: Block, fired: list[int]) -> list[int]:
    if not all(0 <= rule < len(block.productions) for rule in fired):
        raise _misfired(["rules that are not there"])
    return [block.first + rule for rule in fired]


def _conclusions(
    stratum: ProgramStratum, fired: list[int], facts: Facts, signals: Truths, goals: frozenset[Goal]
) -> Conclusions:
    truths = _truths(stratum, goals)
    known = {**signals, **signal_truths(Conclusions(truths, ()))}
    concluded = dict.fromkeys(stratum.productions[index].goal for index in fired)
    held = (stratum.yes[goal] for goal in concluded if goal in stratum.yes)
    activations = (Activation(rule.kind, rule.name, support(rule, facts, known), rule.span) for rule in held)
    return Conclusions(truths, tuple(activations))


def _truths(stratum: ProgramStratum, goals: frozenset[Goal]) -> dict[str, Truth]:
    concluded, refuted, unknown = Truth.YES, Truth.NO, Truth.UNKNOWN
    truths: dict[str, Truth] = {}
    for key, (yes, no) in stratum.ends.items():
        if yes not in goals:
            truths[key] = refuted if no in goals else unknown
        elif no in goals:
            raise _misfired([f"both the yes and the no of {key} are concluded"])
        else:
            truths[key] = concluded
    return truths

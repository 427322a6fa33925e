"""The rules of a policy set, fired by durable_rules in a process of its own.

The engine fires; what it fired is believed only if every production fired exactly once when all its premises hold in
the final working memory, and not otherwise. Goals are concluded before they are read, so only one set of firings passes
that test. What made an activation true is read from the policy, since a firing shows the premises of one alternative
and not all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType

from ..conclusion import Activation, Conclusions
from ..condition import Truth, Truths
from ..diagnostics import Diagnostic, EvaluationError
from ..facts import Facts
from ..policy import PolicySet
from ..strata import Rule
from . import Conclude
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

    def _engine(self) -> EngineProcess:
        """A fresh process where the last one failed, or belongs to the process that this one was forked from."""
        if not self._process.usable:
            self._process = self._load(EngineProcess(self._folder))
        return self._process

    def run(self, facts: Facts, conclude: Conclude) -> tuple[Conclusions, Conclusions]:
        """See `Backend.run`."""
        early, late = self._strata
        first, goals = self._fire(early, facts, {}, frozenset())
        second, _ = self._fire(late, {**facts, **conclude(first)}, signal_truths(first), goals)
        return first, second

    def _fire(
        self, stratum: _Stratum, facts: Facts, signals: Truths, given: frozenset[Goal]
    ) -> tuple[Conclusions, frozenset[Goal]]:
        memory = self._program.memory(stratum.program, facts)
        fired = self._fired(stratum, memory, given)
        problems = misfires(stratum.program, fired, memory, given)
        if problems:
            raise _misfired(problems)
        goals = given.union(stratum.program.productions[index].goal for index in fired)
        return _conclusions(stratum.program, fired, facts, signals, goals), goals

    def _fired(self, stratum: _Stratum, memory: Memory, given: frozenset[Goal]) -> list[int]:
        """The productions that fired, in that order, as indices into those of the stratum."""
        if not stratum.blocks:
            return []
        values = texts(memory)
        batches = [block.batch(values) for block in stratum.blocks]
        told = sorted(given & stratum.reads)
        answer = self._engine().fire(stratum.number, batches, told, len(stratum.program.productions))
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
    truths = {rule.key: _truth(stratum, rule, goals) for rule in stratum.rules}
    known = {**signals, **signal_truths(Conclusions(truths, ()))}
    concluded = dict.fromkeys(stratum.productions[index].goal for index in fired)
    held = (stratum.yes[goal] for goal in concluded if goal in stratum.yes)
    activations = (Activation(rule.kind, rule.name, support(rule, facts, known), rule.span) for rule in held)
    return Conclusions(truths, tuple(activations))


def _truth(stratum: ProgramStratum, rule: Rule, goals: frozenset[Goal]) -> Truth:
    truth = stratum.ends[rule.key].truth(goals)
    if truth is None:
        raise _misfired([f"both the yes and the no of {rule.key} are concluded"])
    return truth

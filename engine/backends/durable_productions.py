"""A policy set as productions: what a rules engine is given, and what must hold of it when it has fired."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from math import isnan
from typing import NamedTuple, TypeAlias

from ..diagnostics import Diagnostic, EvaluationError
from ..facts import Facts, Observation
from ..members import quick
from ..policy import PolicySet
from ..strata import Rule

WITHOUT_ENGINE = "`--engine reference` evaluates without the rules engine"
LARGEST = 1.7e308
"""Stands for infinity, which the engine cannot read; thresholds must lie below."""


@quick
class Part(StrEnum):
    """What may be asserted of one fact, each as a message of its own."""

    __hash__ = str.__hash__

    VALUE = "value"
    LOW = "low end of the interval"
    HIGH = "high end of the interval"
    TEXT = "text"
    KNOWN = "known"
    MISSING = "missing"


class FactPart(NamedTuple):
    """One part of one fact. A tuple, as is what is built of it: a large policy hashes some hundred thousand of them."""

    fact: str
    part: Part
    most: bool = False
    """Of a number: the largest that it may be, else the smallest; they differ where only a range is known."""

    def __str__(self) -> str:
        most = " at most" if self.most else ""
        return f"{self.fact}: {self.part}{most}" if self.fact else "always"


ALWAYS = FactPart("", Part.KNOWN)
"""Asserted for every company: the premise of what holds without a condition."""

Goal: TypeAlias = int
"""Something a production concludes: an index into `Program.goals`."""
Subject: TypeAlias = FactPart | Goal
Memory: TypeAlias = Sequence[float | None]
"""What is asserted of each fact part of a stratum: 1.0 where there is nothing to compare, None where nothing is."""


class Comparison(StrEnum):
    """As the engine spells them; equality has no word of its own."""

    __hash__ = str.__hash__

    LESS = "$lt"
    AT_MOST = "$lte"
    GREATER = "$gt"
    AT_LEAST = "$gte"
    EQUAL = ""
    DIFFERENT = "$neq"


COMPARE: Mapping[Comparison, Callable[[float, float], bool]] = {
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.GREATER: operator.gt,
    Comparison.AT_LEAST: operator.ge,
    Comparison.EQUAL: operator.eq,
    Comparison.DIFFERENT: operator.ne,
}


class Test(NamedTuple):
    """A comparison with a constant, the tolerance already in it."""

    comparison: Comparison
    constant: float


class Premise(NamedTuple):
    """That a goal is concluded, or that a fact part is there and passes its test."""

    subject: Subject
    test: Test | None = None


Conjunction: TypeAlias = tuple[Premise, ...]


@dataclass(frozen=True, slots=True)
class Production:
    """Concludes its goal when all premises hold. `rule` is the key of the first named condition that needs it."""

    premises: Conjunction
    goal: Goal
    rule: str


class Ends(NamedTuple):
    """The goals that stand for the yes and the no of a named condition; a correct run never concludes both."""

    yes: Goal
    no: Goal


@dataclass(frozen=True, slots=True)
class ProgramStratum:
    """The named conditions of one stratum, and productions in which every goal is concluded before it is read."""

    rules: tuple[Rule, ...]
    ends: Mapping[str, Ends]
    productions: tuple[Production, ...]
    parts: tuple[FactPart, ...]
    """Every fact part that is read, once."""
    premises: tuple[Premise, ...]
    """Every premise, once."""
    needs: tuple[frozenset[int], ...]
    """The premises of each production, as indices."""
    reads: tuple[tuple[int, Callable[[float, float], bool], float], ...]
    """What each premise compares: the index of its fact part or, from the end on, its goal; how, and with what."""

    yes: Mapping[Goal, Rule]
    """The rule of each goal that stands for a yes."""

    def holding(self, memory: Memory, goals: frozenset[Goal]) -> AbstractSet[int]:
        """Which of the premises hold."""
        last = len(memory)
        return {
            number
            for number, (index, passes, constant) in enumerate(self.reads)
            if (
                index - last in goals
                if index >= last
                else (value := memory[index]) is not None and passes(value, constant)
            )
        }


def _is_there(_value: float, _constant: float) -> bool:
    return True


def compared(
    premises: Sequence[Premise], parts: Mapping[FactPart, int]
) -> Iterator[tuple[int, Callable[[float, float], bool], float]]:
    """Each premise as `ProgramStratum.reads` has it."""
    for subject, test in premises:
        if not isinstance(subject, FactPart):
            yield len(parts) + subject, _is_there, 0.0
        elif test is None:
            yield parts[subject], _is_there, 0.0
        else:
            yield parts[subject], COMPARE[test.comparison], test.constant


@dataclass(frozen=True, slots=True)
class Program:
    """A policy set as productions: what each goal stands for, and the numbers of the texts that the policy mentions."""

    policy: PolicySet
    early: ProgramStratum
    late: ProgramStratum
    goals: tuple[str, ...]
    texts: Mapping[str | bool, int]

    def memory(self, stratum: ProgramStratum, facts: Facts) -> list[float | None]:
        """What to assert for one company; raises EvaluationError for a value that compares with nothing."""
        return [self._value(part, facts.get(part.fact)) for part in stratum.parts]

    def _value(self, wanted: FactPart, observation: Observation | None) -> float | None:
        part = wanted.part
        if part is Part.KNOWN or part is Part.MISSING:
            is_there = observation is not None or wanted == ALWAYS
            return 1.0 if is_there is (part is Part.KNOWN) else None
        if observation is None:
            return None
        value = observation.value
        if part is Part.VALUE and type(value) is float and not observation.ranged and -LARGEST <= value <= LARGEST:
            return value
        if isinstance(value, (str, bool)):
            return float(self.texts.get(value, 0)) if part is Part.TEXT else None
        return None if part is Part.TEXT or isinstance(value, tuple) else _number(wanted, observation)


def _number(wanted: FactPart, observation: Observation) -> float | None:
    if observation.ranged:
        return _end_of_range(wanted, observation)
    if wanted.part is Part.VALUE:
        return _bounded(wanted, observation.number)
    if observation.interval is None:
        return None
    return _bounded(wanted, observation.interval[0 if wanted.part is Part.LOW else 1])


def _end_of_range(wanted: FactPart, observation: Observation) -> float | None:
    """Every value of a range may be the value, and either end of its interval."""
    if observation.interval is None or not observation.has_interval:
        return None
    if wanted.part is not Part.VALUE and not observation.interval_known:
        return None
    return _bounded(wanted, observation.interval[1 if wanted.most else 0])


def _bounded(part: FactPart, value: float) -> float:
    if isnan(value):
        message = f"fact `{part.fact}` is not a number, and compares with nothing"
        raise EvaluationError([Diagnostic("engine-failed", message, hint="give a number, or leave the fact out")])
    return value if -LARGEST <= value <= LARGEST else max(-LARGEST, min(LARGEST, value))

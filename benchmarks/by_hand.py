"""The same question written by hand for the C module of durable_rules, in this process, with nothing checked.

What somebody would write who needs this one answer: a message a fact, a rule for the yes of a case and one for each way
in which it is no, the signals asserted back, then the arithmetic in Python, then the gates over the score. It is quick
because it trusts the engine: a crash, a hang or a wrong firing goes unseen.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from benchmarks.question import (
    ASSESSED_AT,
    BANDS,
    REQUIRED_COVERAGE,
    Company,
    Comparison,
    Indicator,
    Item,
    Question,
)


class Answer(NamedTuple):
    """What is compared: the score, the band (None where too little is known) and the high end of the move."""

    score: float | None
    band: str | None
    move: float | None


def _engine() -> Any:
    flags = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_LAZY)
    try:
        return import_module("durable_rules_engine")
    finally:
        sys.setdlopenflags(flags)


def _test(comparison: Comparison, wanted: bool) -> dict[str, object]:
    operator = "$lt" if comparison.below is wanted else "$gte"
    return {"$and": [{"f": comparison.fact}, {operator: {"v": comparison.threshold}}]}


def _said(name: str, truth: str) -> dict[str, object]:
    return {"$and": [{"s": name}, {"t": truth}]}


def _rule(tests: list[dict[str, object]], salience: int) -> dict[str, object]:
    return {"all": [{f"m{n}": test} for n, test in enumerate(tests)], "pri": salience, "dist": 0}


def scored(table: Question, outcomes: Iterator[float | None]) -> tuple[float | None, float]:
    """The score, and the share of the evidence that it rests on, from the outcome of every test in the order of the table."""
    parts = list(_strengths(table, outcomes))
    divisor = sum(share for share, _ in parts)
    total = sum(indicator.weight for indicator in table.indicators)
    if not divisor:
        return None, 0.0
    return 100 * sum(share * strength for share, strength in parts) / divisor, divisor / total


def _strengths(table: Question, outcomes: Iterator[float | None]) -> Iterator[tuple[float, float]]:
    for indicator in table.indicators:
        total, known, speaks = 0.0, 0.0, 0.0
        for item in indicator.items:
            total += item.weight
            outcome = next(outcomes)
            if outcome is not None:
                known += item.weight
                speaks += item.weight * outcome
        if known / total >= ASSESSED_AT:
            yield indicator.weight * known / total, speaks / known


def concluded(score: float | None, coverage: float, caps: Sequence[int]) -> Answer:
    """The band of a score, and the move that the gates which hold leave."""
    if score is None or coverage < REQUIRED_COVERAGE:
        return Answer(score, None, None)
    name, _, _, high = next(b for b in BANDS if b[1] is None or score < b[1])
    return Answer(score, name, min(min(caps, default=100), high) if high > 0 else high)


class ByHand:
    """The rules, compiled once."""

    def __init__(self, table: Question) -> None:
        """Compile, and run one empty session, which the engine needs."""
        self.table = table
        self.engine = _engine()
        self.rules: dict[str, dict[str, object]] = {"begin": _rule([{"k": "begin"}], 0)}
        self.concludes: dict[str, tuple[str, str]] = {}
        for indicator in table.indicators:
            self._add_indicator(indicator)
        for gate in table.gates:
            high = _test(Comparison("score", False, gate.score_at_least), True)
            self._add(f"{gate.name} yes", [high, _test(gate.comparison, True)], (gate.name, "yes"))
        never, kept = {"k": "never"}, {"$ex": {"id": 1}}
        self.rules["sink"] = _rule([{"$and": [never]}, {"$and": [kept]}], 65535)
        self.handle = self.engine.create_ruleset("by-hand", json.dumps(self.rules))
        self._fire("", {}, {})
        self.engine.delete_state(self.handle, None)

    def _add(self, name: str, tests: list[dict[str, object]], concludes: tuple[str, str]) -> None:
        self.rules[name] = _rule(tests, len(self.rules))
        self.concludes[name] = concludes

    def _add_indicator(self, indicator: Indicator) -> None:
        signal = indicator.name
        self._add(f"{signal} yes", [_test(c, True) for c in indicator.signal], (signal, "yes"))
        for n, comparison in enumerate(indicator.signal):
            self._add(f"{signal} no {n}", [_test(comparison, False)], (signal, "no"))
        for item in indicator.items:
            for n, case in enumerate(item.cases):
                name = f"{indicator.name} {item.name} {n}"
                tests = [_test(c, True) for c in case.comparisons]
                opposites = [[_test(c, False)] for c in case.comparisons]
                if case.reads_signal:
                    tests.append(_said(signal, "yes"))
                    opposites.append([_said(signal, "no")])
                self._add(f"{name} yes", tests, (name, "yes"))
                for m, opposite in enumerate(opposites):
                    self._add(f"{name} no {m}", opposite, (name, "no"))

    def _fire(self, facts: str, truths: dict[str, str], signals: dict[str, int]) -> None:
        """Assert a batch and fire until nothing is left; the truths of what was concluded are added."""
        engine, handle = self.engine, self.handle
        begin = '{"id":"0","k":"begin"}'
        engine.assert_facts(handle, f"[{facts},{begin}]" if facts else f"[{begin}]")
        match = engine.start_action_for_state(handle, 1)[1]
        while match:
            fired = match[2 : match.index('"', 2)]
            if fired in self.concludes:
                name, truth = self.concludes[fired]
                if name not in truths:
                    truths[name] = truth
                    if name in signals:
                        engine.assert_fact(handle, f'{{"id":"{signals[name]}","s":"{name}","t":"{truth}"}}')
            match = engine.complete_and_start_action(handle, 1)

    def answer(self, company: Company) -> Answer:
        """One company: score, band and move."""
        facts = ",".join(f'{{"id":"{n}","f":"{f}","v":{v}}}' for n, (f, v) in enumerate(company.items(), 1))
        truths: dict[str, str] = {}
        signals = {indicator.name: n for n, indicator in enumerate(self.table.indicators, 1000)}
        self._fire(facts, truths, signals)
        score, coverage = scored(self.table, self._outcomes(truths))
        self._fire_gates(score, truths)
        self.engine.delete_state(self.handle, None)
        return concluded(score, coverage, [gate.cap for gate in self.table.gates if truths.get(gate.name) == "yes"])

    def _fire_gates(self, score: float | None, truths: dict[str, str]) -> None:
        if score is not None:
            self.engine.assert_fact(self.handle, f'{{"id":"2000","f":"score","v":{score!r}}}')
            match = self.engine.start_action_for_state(self.handle, 1)
            fired = match[1] if match else None
            while fired:
                name, truth = self.concludes[fired[2 : fired.index('"', 2)]]
                truths[name] = truth
                fired = self.engine.complete_and_start_action(self.handle, 1)

    def _outcomes(self, truths: dict[str, str]) -> Iterator[float | None]:
        for indicator in self.table.indicators:
            for item in indicator.items:
                yield self._outcome(indicator, item, truths)

    @staticmethod
    def _outcome(indicator: Indicator, item: Item, truths: dict[str, str]) -> float | None:
        """Of the first case that holds; None where one that could be the first to hold is unknown."""
        reachable = set()
        for n, case in enumerate(item.cases):
            truth = truths.get(f"{indicator.name} {item.name} {n}")
            if truth == "yes":
                reachable.add(case.outcome)
                break
            if truth is None:
                reachable.add(case.outcome)
        else:
            reachable.add(0.0)
        return reachable.pop() if len(reachable) == 1 else None

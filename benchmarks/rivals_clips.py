"""The same question for CLIPS through clipspy: a template, a fact a company, rules that say which case holds.

One fact with a slot for each number is quicker to assert than forty facts, and a rule over one fact joins nothing. The
slot of what is missing holds `nil`, which no comparison matches. That alone takes a case that is not known for one that
does not hold; the care for it is a second rule for each case and each signal, which fires where it could hold. No two
cases of a test say the same, so one that only could hold leaves the test unknown. The arithmetic is in Python, with the
numbers of the rules that fired; so are the scores that gates ask for, which saves a second run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from benchmarks.by_hand import Answer, concluded, scored
from benchmarks.question import FACTS, Company, Comparison, Question

SLOTS = {fact: fact.removeprefix("fact.") for fact in FACTS}


def _fact(comparisons: Sequence[Comparison], could: bool) -> str:
    """The pattern of a company for which all comparisons hold, or could."""
    slots = []
    for fact, below, threshold in comparisons:
        slot = SLOTS[fact]
        missing = "nil|" if could else "~nil&"
        slots.append(f"({slot} ?{slot}&{missing}:({'<' if below else '>='} ?{slot} {threshold}))")
    return f"(company {' '.join(slots)})"


class Clips:
    """The rules, compiled once; without care, one rule a case."""

    def __init__(self, table: Question, careful: bool = True) -> None:
        """Builds template and rules; raises ModuleNotFoundError where clipspy is not installed."""
        self.table = table
        self.environment: Any = import_module("clips").Environment()
        self.environment.build(f"(deftemplate company {' '.join(f'(slot {slot})' for slot in SLOTS.values())})")
        self.environment.build("(defglobal ?*fired* = (create$))")
        self.says: list[tuple[int, float | None]] = []
        """What each numbered rule says of which test; of those that fire for a test the first counts."""
        ways = (False, True) if careful else (False,)
        for name, pattern, action in self._rules(ways):
            self.environment.build(f"(defrule {name} {pattern} => {action})")
        self.template = self.environment.find_template("company")

    def _rules(self, ways: Sequence[bool]) -> Iterator[tuple[str, str, str]]:
        """Name, left-hand side and right-hand side."""
        for k, indicator in enumerate(self.table.indicators):
            for could in ways:
                yield f"signal-{k}-{could}", _fact(indicator.signal, could), f"(assert (signal {k} {could}))"
            for n, item in enumerate(indicator.items, start=k * len(indicator.items)):
                for case in item.cases:
                    for could in ways:
                        signal = f"(signal {k} {could})" if case.reads_signal else ""
                        yield self._numbered(f"{_fact(case.comparisons, could)} {signal}")
                        self.says.append((n, None if could else case.outcome))
        self.gates_from = len(self.says)
        for n, gate in enumerate(self.table.gates, start=self.gates_from):
            yield self._numbered(_fact([gate.comparison], False), n)

    def _numbered(self, pattern: str, number: int | None = None) -> tuple[str, str, str]:
        number = len(self.says) if number is None else number
        return f"rule-{number}", pattern, f"(bind ?*fired* (create$ ?*fired* {number}))"

    def answer(self, company: Company) -> Answer:
        """One company: score, band and move."""
        self.environment.reset()
        self.template.assert_fact(**{SLOTS[fact]: value for fact, value in company.items()})
        self.environment.run()
        outcomes: list[float | None] = [0.0] * sum(len(indicator.items) for indicator in self.table.indicators)
        fired = sorted(self.environment.eval("?*fired*"), reverse=True)
        for number in fired:
            if number < self.gates_from:
                item, outcome = self.says[number]
                outcomes[item] = outcome
        score, coverage = scored(self.table, iter(outcomes))
        gates = (self.table.gates[number - self.gates_from] for number in fired if number >= self.gates_from)
        caps = [gate.cap for gate in gates if score is not None and score >= gate.score_at_least]
        return concluded(score, coverage, caps)

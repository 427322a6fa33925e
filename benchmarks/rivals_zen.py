"""The same question for zen-engine: a decision graph in JSON, loaded and compiled once, in two forms.

As one expression node, the quickest that the engine does, and as a decision table for each signal, test and gate, which
is how its editor is used. The engine is asked through a loader: a call of `evaluate` on a decision object takes 0.4 ms
of the processor more in 2.1.3. A comparison with what is missing is an error in an expression and no match in a table.
The care for it is a test for null with each comparison there, and here a second row for each case, which matches where
the case could hold. The arithmetic is in Python, where it is quicker; so are the scores that gates ask for, which saves
a second evaluation. That one unknown case makes a test unknown holds because no two cases of a test say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, NamedTuple

from benchmarks.by_hand import Answer, concluded, scored
from benchmarks.question import FACTS, Case, Company, Comparison, Question

KEYS = {fact: fact.removeprefix("fact.") for fact in FACTS}
Node = dict[str, object]


class Decision(NamedTuple):
    """The outcome of the first case that holds, 0 where none does; some cases read a signal, which is 1 or 0."""

    name: str
    cases: tuple[Case, ...]
    signal: str


def _yes(name: str, comparisons: Iterable[Comparison]) -> Decision:
    return Decision(name, (Case(1, tuple(comparisons), False),), "")


def _node(name: str, kind: str, **content: object) -> Node:
    common = {"passThrough": False, "inputField": None, "outputPath": None, "executionMode": "single"}
    return {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}, "content": {**content, **common}}


def _expressions(expressions: dict[str, str]) -> Node:
    listed = [{"id": key, "key": key, "value": value} for key, value in expressions.items()]
    return _node("said", "expressionNode", expressions=listed)


def _ternaries(decision: Decision, careful: bool) -> str:
    rest = "0"
    for case in reversed(decision.cases):
        read = [f"$.{decision.signal}"] * case.reads_signal
        keys = [*(KEYS[c.fact] for c in case.comparisons), *read]
        holds = [*(f"{KEYS[f]} {'<' if below else '>='} {v}" for f, below, v in case.comparisons)]
        fails = [*(f"{KEYS[f]} {'>=' if below else '<'} {v}" for f, below, v in case.comparisons)]
        if careful:
            fails += [f"{key} == 0" for key in read]
            no = " or ".join(f"({key} != null and {fail})" for key, fail in zip(keys, fails, strict=True))
            known = " and ".join(f"{key} != null" for key in keys)
            rest = f"({no} ? {rest} : {known} ? {case.outcome} : null)"
        else:
            rest = f"({' and '.join([*holds, *(f'{key} == 1' for key in read)])} ? {case.outcome} : {rest})"
    return rest


def _rows(decision: Decision, careful: bool) -> Iterator[dict[str, str]]:
    for case in decision.cases:
        cells = {KEYS[f]: f"{'<' if below else '>='} {v}" for f, below, v in case.comparisons}
        cells |= {decision.signal: "== 1"} if case.reads_signal else {}
        yield {**cells, "outcome": str(case.outcome)}
        if careful:
            yield {**{key: f"$ == null or $ {test}" for key, test in cells.items()}, "outcome": "null"}
    yield {"outcome": "0"}


def _table(decision: Decision, careful: bool) -> Node:
    rows = list(_rows(decision, careful))
    columns = sorted({key for row in rows for key in row} - {"outcome"})
    return _node(
        decision.name,
        "decisionTableNode",
        hitPolicy="first",
        inputs=[{"id": key, "name": key, "field": key} for key in columns],
        outputs=[{"id": "outcome", "name": "outcome", "field": decision.name}],
        rules=[{"_id": f"{n}", **dict.fromkeys(columns, ""), **row} for n, row in enumerate(rows)],
    )


class Zen:
    """The graph, compiled once; without care, what is missing is left to the engine."""

    def __init__(self, table: Question, tables: bool, careful: bool = True) -> None:
        """Loads the graph; raises ModuleNotFoundError where zen-engine is not installed."""
        self.table = table
        self.signals = [_yes(f"s{k}", indicator.signal) for k, indicator in enumerate(table.indicators)]
        items = [(k, item) for k, indicator in enumerate(table.indicators) for item in indicator.items]
        self.asked = [Decision(f"o{n}", item.cases, f"s{k}") for n, (k, item) in enumerate(items)]
        self.items = len(items)
        self.asked += [_yes(f"g{n}", [gate.comparison]) for n, gate in enumerate(table.gates)]
        nodes, edges = self._tables(careful) if tables else self._expression(careful)
        ends: list[Node] = [
            {"id": e, "name": e, "type": f"{e}Node", "position": {"x": 0, "y": 0}} for e in ("input", "output")
        ]
        lines = [{"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in edges]
        graph = {"contentType": "application/vnd.gorules.decision", "nodes": [*ends, *nodes], "edges": lines}
        loader = {"type": "static", "content": {"question": graph}}
        self.engine: Any = import_module("zen").ZenEngine({"loader": loader})

    def _expression(self, careful: bool) -> tuple[list[Node], list[tuple[str, str]]]:
        said = ", ".join(_ternaries(decision, careful) for decision in self.asked)
        signals = {signal.name: _ternaries(signal, careful) for signal in self.signals}
        return [_expressions({**signals, "said": f"[{said}]"})], [("input", "said"), ("said", "output")]

    def _tables(self, careful: bool) -> tuple[list[Node], list[tuple[str, str]]]:
        every = [*self.signals, *self.asked]
        edges = [("input", decision.name) for decision in every]
        edges += [(d.signal, d.name) for d in self.asked if any(case.reads_signal for case in d.cases)]
        edges += [*((decision.name, "said") for decision in self.asked), ("said", "output")]
        said = _expressions({"said": f"[{', '.join(decision.name for decision in self.asked)}]"})
        return [*(_table(decision, careful) for decision in every), said], edges

    def answer(self, company: Company) -> Answer:
        """One company: score, band and move; raises RuntimeError where the engine refuses an expression."""
        facts = {KEYS[fact]: value for fact, value in company.items()}
        said = self.engine.evaluate("question", facts)["result"]["said"]
        score, coverage = scored(self.table, iter(said[: self.items]))
        held = zip(self.table.gates, said[self.items :], strict=True)
        caps = [g.cap for g, below in held if below == 1 and score is not None and score >= g.score_at_least]
        return concluded(score, coverage, caps)

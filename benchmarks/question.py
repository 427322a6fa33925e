"""The question that is timed, as one table: 7 indicators, 35 tests, 70 cases of 1 to 4 comparisons, 40 facts, 7 signals, 3 gates.

It is written twice from here: as a policy set in YAML, and in by_hand.py as rules for the C module of durable_rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

SEED = 20261126
FACTS = tuple(f"fact.f{n}" for n in range(40))
INDICATORS = tuple(f"indicator-{n}" for n in range(1, 8))
WEIGHTS = (20, 20, 15, 13, 12, 12, 8)
BANDS = (("lean", -25.0, -10, -5), ("keep", 25.0, 0, 0), ("tilt", 50.0, 5, 10), ("shift", None, 10, 20))
REQUIRED_COVERAGE = 0.5
ASSESSED_AT = 0.4
MISSING = 0.1
"""Share of the facts that a company does not know."""


class Comparison(NamedTuple):
    """A fact below a threshold, or at least it."""

    fact: str
    below: bool
    threshold: float


class Case(NamedTuple):
    """All comparisons must hold, and the signal of the indicator where it is asked for."""

    outcome: float
    comparisons: tuple[Comparison, ...]
    reads_signal: bool


class Item(NamedTuple):
    """One test of an indicator; the first case that holds decides."""

    name: str
    weight: int
    cases: tuple[Case, ...]


class Indicator(NamedTuple):
    """Five tests, and a signal that some of them read."""

    name: str
    weight: int
    signal: tuple[Comparison, ...]
    items: tuple[Item, ...]


class Gate(NamedTuple):
    """Caps the move where the score is high and a fact is below a threshold."""

    name: str
    score_at_least: float
    comparison: Comparison
    cap: int


class Question(NamedTuple):
    """The whole table."""

    indicators: tuple[Indicator, ...]
    gates: tuple[Gate, ...]


def _comparison(random: Random) -> Comparison:
    return Comparison(random.choice(FACTS), random.random() < 0.5, round(random.uniform(20, 80), 3))


def _comparisons(random: Random, most: int) -> tuple[Comparison, ...]:
    chosen = random.sample(FACTS, random.randint(1, most))
    return tuple(_comparison(random)._replace(fact=fact) for fact in chosen)


def _item(random: Random, number: int) -> Item:
    cases = (
        Case(random.choice((1.0, -1.0)), _comparisons(random, 3), number % 2 == 0),
        Case(random.choice((0.5, -0.5)), _comparisons(random, 4), False),
    )
    return Item(f"test-{number}", random.choice((10, 15, 20, 25)), cases)


def question(seed: int = SEED) -> Question:
    """The table of one seed."""
    random = Random(seed)
    indicators = tuple(
        Indicator(name, weight, _comparisons(random, 2), tuple(_item(random, n) for n in range(1, 6)))
        for name, weight in zip(INDICATORS, WEIGHTS, strict=True)
    )
    gates = tuple(Gate(f"G{n}", 25.0, _comparison(random), 5 * n) for n in range(3))
    return Question(indicators, gates)


Company = dict[str, float]


def companies(count: int, seed: int = SEED, missing: float = MISSING) -> list[Company]:
    """Random companies; each fact lies between 0 and 100, or is missing."""
    random = Random(seed)
    return [{f: round(random.uniform(0, 100), 2) for f in FACTS if random.random() >= missing} for _ in range(count)]


def _leaf(comparison: Comparison) -> str:
    operator = "below" if comparison.below else "at_least"
    return f"{{fact: {comparison.fact}, {operator}: {comparison.threshold}}}"


def _all(parts: Sequence[str]) -> str:
    return f"{{all: [{', '.join(parts)}]}}"


def _case(indicator: Indicator, case: Case) -> str:
    parts = [_leaf(comparison) for comparison in case.comparisons]
    if case.reads_signal:
        parts.append(f"{{signal: {indicator.name}.on}}")
    return f"      - {{when: {_all(parts)}, outcome: {case.outcome:g}}}"


def _indicator_file(number: int, indicator: Indicator) -> Iterator[str]:
    yield f"indicator: {indicator.name}\nnumber: {number}\ntitle: Indicator {number}\nshort: Indicator {number}\nversion: 1.0.0"
    yield "question: Is it so?\nrole: direction\nsignals:"
    yield f"  - {{id: 'on', when: {_all([_leaf(c) for c in indicator.signal])}}}"
    yield "evidence:"
    for item in indicator.items:
        yield f"  - id: {item.name}\n    title: Test\n    weight: {item.weight}\n    grade: J\n    primary: true\n    cases:"
        yield from (_case(indicator, case) for case in item.cases)


def _band(name: str, below: float | None, low: int, high: int) -> str:
    end = "" if below is None else f"below: {below:g}, "
    return f"  - {{id: {name}, title: {name.title()}, {end}move: [{low}, {high}]}}"


def _gate(gate: Gate) -> str:
    when = _all([f"{{fact: score, at_least: {gate.score_at_least:g}}}", _leaf(gate.comparison)])
    return f"  - {{id: {gate.name}, title: Gate, when: {when}, cap_move: {gate.cap}}}"


def _set_file(table: Question) -> Iterator[str]:
    yield "policyset: timed\ntitle: Timed\nversion: 1.0.0\nquestion: Which side?\ncurrency: EUR"
    yield "sides: {plus: sales, minus: marketing}\nbudget: the budget\nfacts: facts.yaml"
    yield f"required_coverage: {REQUIRED_COVERAGE}\nassessed_at: {ASSESSED_AT}\nsupports_at: 0.35\nindicators:"
    yield from (f"  {i.name}: {{file: {i.name}.yaml, weight: {i.weight}}}" for i in table.indicators)
    yield "bands:"
    yield from (_band(*band) for band in BANDS)
    yield "gates:"
    yield from (_gate(gate) for gate in table.gates)
    yield "plan:\n  phases: [{id: now, title: Now, default: true}]"


def write(table: Question, folder: Path) -> Path:
    """The table as a policy set in a folder; answers the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = (f"  {f}: {{type: number, unit: points, title: a fact, ask: how many, meaning: a number}}" for f in FACTS)
    (folder / "facts.yaml").write_text("\n".join(["facts:", *entries]) + "\n", encoding="utf-8")
    (folder / "policyset.yaml").write_text("\n".join(_set_file(table)) + "\n", encoding="utf-8")
    for number, indicator in enumerate(table.indicators, start=1):
        text = "\n".join(_indicator_file(number, indicator)) + "\n"
        (folder / f"{indicator.name}.yaml").write_text(text, encoding="utf-8")
    return folder

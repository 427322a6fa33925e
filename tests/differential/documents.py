"""Random policy sets as the documents that a folder would hold: every construct of docs/language.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from engine.condition import Operator
from engine.document import Plain
from engine.facts import FactType

from .vocabulary import Entry, Fact, Vocabulary, vocabulary

GRADES = ("A", "B", "M", "J")
OUTCOMES = (-1.0, -0.5, 0.0, 0.25, 0.5, 1.0)
TAGS = ("hire", "tools")
PLUS, MINUS = "sales", "marketing"
ORDER = (Operator.BELOW, Operator.AT_MOST, Operator.ABOVE, Operator.AT_LEAST, Operator.BETWEEN)
INTERVAL = (Operator.CLEARLY_BELOW, Operator.CLEARLY_ABOVE, Operator.COVERS)
TEXTS = ("so it is", "because of {facts.a} – näher", "weil {facts.day} gilt", "{facts.p} 🙂")


@dataclass(frozen=True, slots=True)
class Layer:
    """The files of one layer: its own, its facts, the indicators that it adds."""

    policyset: Entry
    catalogue: Entry = field(default_factory=dict)
    indicators: dict[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Documents:
    """The files of a policy set as plain data; indicators by name. `layers` extend the set, `only` is one indicator alone."""

    policyset: Entry
    catalogue: Entry
    indicators: dict[str, Entry]
    layers: tuple[Layer, ...] = ()
    only: str = ""


@dataclass(slots=True)
class Scope:
    """What one file may call: facts, signals and the parameters that it has so far, by kind of threshold."""

    random: Random
    facts: Sequence[Fact]
    parameters: dict[str, Plain]
    signals: list[str] = field(default_factory=list)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def parameter(self, value: Plain, unit: str) -> Plain:
        """A literal, or a new parameter with that value."""
        if not self.chance(0.3):
            return value
        name = f"p{len(self.parameters)}"
        grade = "CMJ"[len(self.parameters) % 3]
        self.parameters[name] = {"value": value, "unit": unit, "grade": grade, "because": "so it is"}
        return f"${name}"

    def operand(self, fact: Fact, value: Plain) -> Plain:
        return self.parameter(value, fact.unit)

    def condition(self, depth: int) -> Entry:
        if depth == 0 or self.chance(0.4):
            return self.leaf()
        parts: list[Plain] = [self.condition(depth - 1) for _ in range(self.random.choice((1, 2, 2, 3, 4)))]
        match self.random.choice(("all", "any", "not", "at_least_n")):
            case "not":
                return {"not": parts[0]}
            case "at_least_n":
                return {"at_least_n": {"n": self.random.randint(1, len(parts)), "of": parts}}
            case group:
                return {group: parts}

    def literal(self, depth: int) -> Entry:
        """A condition without parameters."""
        before = dict(self.parameters)
        while True:
            found = self.condition(depth)
            if self.parameters == before:
                return found
            self.parameters = dict(before)

    def leaf(self) -> Entry:
        if self.signals and self.chance(0.25):
            return {"signal": self.random.choice(self.signals)}
        fact = self.random.choice(self.facts)
        operator = self.random.choice(operators(fact))
        leaf: Entry = {"fact": fact.name, str(operator): self.operands(fact, operator)}
        if operator is not Operator.KNOWN and self.chance(0.1):
            leaf["if_missing"] = self.random.choice(("yes", "no"))
        return leaf

    def operands(self, fact: Fact, operator: Operator) -> Plain:
        match operator:
            case Operator.KNOWN:
                return self.chance(0.7)
            case Operator.ONE_OF:
                some = self.random.sample(fact.thresholds, self.random.randint(1, len(fact.thresholds)))
                return [self.operand(fact, value) for value in some]
            case Operator.BETWEEN:
                low, high = sorted(self.random.choices(fact.thresholds, k=2))
                return [self.operand(fact, low), self.operand(fact, high)]
        return self.operand(fact, self.random.choice(fact.thresholds))


def operators(fact: Fact) -> tuple[Operator, ...]:
    """Those that may stand on a fact, each as often as it should be tried."""
    if fact.type is FactType.CATEGORY:
        return (Operator.EQUALS, Operator.ONE_OF, Operator.KNOWN)
    if fact.type is FactType.BOOLEAN:
        return (Operator.EQUALS, Operator.EQUALS, Operator.KNOWN)
    if fact.type is FactType.DATE:
        return (*ORDER, Operator.EQUALS, Operator.KNOWN)
    intervals = INTERVAL * (3 if fact.sampled else 1)
    return (*ORDER, Operator.EQUALS, Operator.KNOWN, *intervals)


@dataclass(slots=True)
class _Author:
    random: Random
    words: Vocabulary
    parameters: dict[str, Plain] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)
    early_signals: list[str] = field(default_factory=list)

    def some(self, most: int, make: Callable[[int], Entry]) -> list[Plain]:
        return [make(n) for n in range(self.random.randint(0, most))]

    def text(self) -> str:
        return self.random.choice(TEXTS)

    # --- an indicator --------------------------------------------------------------------------------------------

    def indicator(self, name: str, number: int) -> Entry:
        scope = Scope(self.random, self.words.early, {}, [*self.early_signals])
        signals: list[Plain] = [
            self.signal(f"own-{n}", scope, prefix="") for n in range(self.random.choice((0, 0, 1, 2)))
        ]
        count = self.random.randint(1, 4)
        evidence: list[Plain] = [self.item(name, n, scope, primary=n == 0 or scope.chance(0.3)) for n in range(count)]
        node: Entry = {
            "indicator": name,
            "number": number,
            "title": self.random.choice(("Wachstum", "成長", "Slow growth")),
            "short": name,
            "version": "1.0.0",
            "question": "Is it?",
            "role": self.random.choice(("direction", "direction", "urgency")),
            "evidence": self.random.sample(evidence, len(evidence)),
        }
        if scope.chance(0.2):
            node["in_score"] = number == 1
        if scope.chance(0.3):
            node["quality"] = {"fact": self.words.rate, **({"if_missing": 0.8} if scope.chance(0.5) else {})}
        if signals:
            node["signals"] = signals
        if scope.chance(0.5):
            node["actions"] = self.actions(scope)
        self.early_signals += [f"{name}.{signal}" for signal in scope.signals if signal.startswith("own-")]
        return {**node, "parameters": scope.parameters}

    def signal(self, name: str, scope: Scope, prefix: str) -> Entry:
        node: Entry = {"id": name, "when": scope.condition(3), "says": self.text()}
        scope.signals.append(f"{prefix}{name}")
        return node

    def item(self, indicator: str, n: int, scope: Scope, primary: bool) -> Entry:
        self.evidence.append(f"{indicator}.e{n}")
        node: Entry = {"id": f"e{n}", "title": "Beweis", "grade": "J", "primary": primary}
        node["weight"] = self.random.choice((1, 15, 0.5, 30)) if primary else self.random.choice((0, 10, 2.5))
        numeric = [fact for fact in self.words.early if fact.type.is_numeric]
        if scope.chance(0.3) and numeric:
            fact = self.random.choice(numeric)
            return {**node, "fact": fact.name, "bands": [*self.bands(fact, scope)]}
        cases: list[Plain] = [
            {**self.named(f"c{n}"), "when": scope.condition(self.random.choice((0, 1, 2))), **self.result()}
            for n in range(self.random.choice((1, 2, 2, 3, 4)))
        ]
        return {**node, "cases": cases}

    def bands(self, fact: Fact, scope: Scope) -> Iterator[Entry]:
        ends = self.random.sample(fact.ends, self.random.randint(1, len(fact.ends)))
        for end in sorted(ends):
            yield {self.random.choice(("up_to", "below")): scope.operand(fact, end), **self.result()}
        yield self.result()

    def named(self, name: str) -> Entry:
        """An id, which cases and actions may have."""
        return {"id": name} if self.random.random() < 0.4 else {}

    def result(self) -> Entry:
        node: Entry = {"outcome": self.random.choice(OUTCOMES), "grade": self.random.choice(GRADES)}
        limit = self.random.random()
        if limit < 0.15:
            node["cap"] = self.random.choice((-0.5, 0.0, 0.3))
        if 0.1 < limit < 0.25:
            node["floor"] = self.random.choice((-0.6, -0.5))
        if self.random.random() < 0.2:
            node["because"] = self.text()
        return node

    def actions(self, scope: Scope) -> Entry:
        return {
            side: self.some(2, lambda n: {**self.named(f"a{n}"), **self.action(scope)})
            for side in (PLUS, MINUS, "joint")
        }

    def action(self, scope: Scope) -> Entry:
        node: Entry = {"do": self.text()}
        if scope.chance(0.3):
            node["when"] = scope.condition(1)
        if scope.chance(0.3):
            node["phase"] = self.random.choice(("first", "second"))
        if scope.chance(0.2):
            node["watch"] = self.words.rate
        if scope.chance(0.4):
            node["tags"] = [self.random.choice(TAGS)]
        return node

    # --- the policy set ------------------------------------------------------------------------------------------

    def policyset(self, names: Sequence[str]) -> tuple[Entry, dict[str, Entry]]:
        early = Scope(self.random, self.words.early, self.parameters)
        signals: list[Plain] = [self.signal(f"sig-{n}", early, "") for n in range(self.random.randint(0, 3))]
        self.early_signals += early.signals
        indicators = {name: self.indicator(name, n) for n, name in enumerate(names, 1)}
        early.signals = [*self.early_signals]
        late = Scope(self.random, (*self.words.early, *self.words.late * 2), self.parameters, [*self.early_signals])
        signals += [self.signal(f"late-{n}", late, "") for n in range(self.random.choice((0, 1, 2)))]
        self.random.shuffle(signals)
        node: Entry = {
            "policyset": "random-set",
            "title": "Zufällig 随机",
            "version": "1.2.3",
            "question": "¿Qué?",
            "currency": "EUR",
            "sides": {"plus": PLUS, "minus": MINUS},
            "budget": "the budget",
            "facts": "facts.yaml",
            "required_coverage": early.parameter(self.random.choice((0.0, 0.2, 0.5)), "rate"),
            "assessed_at": early.parameter(self.random.choice((0.0, 0.3, 0.5)), "rate"),
            "supports_at": early.parameter(self.random.choice((0.2, 0.5)), "strength"),
            "indicators": {name: self.weighted(name, n) for n, name in enumerate(names)},
            "bands": [*self.verdicts(early)],
            "signals": signals,
            "adjustments": self.some(3, lambda n: self.adjustment(n, early)),
            "gates": self.some(4, lambda n: self.gate(n, late)),
            "readings": self.some(2, lambda n: self.reading(n, late)),
            "plan": self.plan(late),
        }
        if early.chance(0.5):
            node["share"] = {"fact": self.words.rate, "of": MINUS}
        return {**node, "parameters": self.parameters}, indicators

    def weighted(self, name: str, n: int) -> Entry:
        weight = self.random.choice((1, 20, 12.5, 1e-3)) if n == 0 else self.random.choice((0, 5, 20))
        return {"file": f"{name}.yaml", "weight": weight, "grade": "J", "because": "so it is"}

    def verdicts(self, scope: Scope) -> Iterator[Entry]:
        ends = sorted(self.random.sample((-60, -20, 0, 10, 15, 40, 80), self.random.randint(1, 4)))
        moves = sorted(self.random.sample(range(-20, 40, 5), len(ends) + 2))
        for n, end in enumerate(ends):
            move: list[Plain] = [moves[n], moves[n + 1]]
            yield {"id": f"band-{n}", "title": f"Band {n} é", "below": scope.parameter(end, "points"), "move": move}
        yield {"id": "band-last", "title": "Last", "move": [moves[-2], moves[-1]], "note": "in two steps"}

    def adjustment(self, n: int, scope: Scope) -> Entry:
        by = scope.parameter(self.random.choice((0.5, 0.0, 1.0, 2, 1e-3)), "factor")
        reweigh: Entry = {"evidence": self.random.choice(self.evidence), "by": by}
        return {"id": f"adjust-{n}", "when": scope.condition(2), "reweigh": reweigh, "because": self.text()}

    def gate(self, n: int, scope: Scope) -> Entry:
        node: Entry = {"id": f"G{n}", "title": "Tor", "when": scope.condition(2), "first": self.text()}
        node.update(self.effect(scope))
        if scope.chance(0.5):
            node["if_unknown"] = self.effect(scope)
        return node

    def effect(self, scope: Scope) -> Entry:
        match self.random.randrange(5):
            case 0:
                return {"cap_move": scope.parameter(self.random.choice((-5, 0, 5, 12.5)), "pp")}
            case 1:
                return {"cap_move": {"fact": self.random.choice((self.words.points, self.words.late_points))}}
            case 2:
                return {"forbid": [self.random.choice(TAGS)]}
            case 3:
                return {"verdict": "insufficient-evidence"}
        return {"cap_move": 3, "forbid": [*TAGS]}

    def reading(self, n: int, scope: Scope) -> Entry:
        node: Entry = {"id": f"reading-{n}", "when": scope.condition(2), "says": self.text(), "first": self.text()}
        return {**node, "drop_actions": [self.random.choice(TAGS)]} if scope.chance(0.4) else node

    def plan(self, scope: Scope) -> Entry:
        phases: list[Plain] = [{"id": "first", "title": "First"}, {"id": "second", "title": "Second", "default": True}]
        return {"phases": phases, "actions": self.actions(scope), "roll_back": ["if it gets worse"]}


def documents(random: Random, alone: bool = False, unicode_names: bool = False) -> Documents:
    """A random policy set; `alone` one indicator of it."""
    return worded(random, alone, unicode_names)[0]


def worded(random: Random, alone: bool = False, unicode_names: bool = False) -> tuple[Documents, Vocabulary]:
    """A random policy set, and the facts that it speaks of."""
    names = [f"i{n}" for n in range(random.choice((1, 2, 2, 3)))]
    words = vocabulary(random, names, unicode_names)
    author = _Author(random, words)
    for name, value, unit in (("factor", 2.5, "ratio"), ("cap_points", 7.5, "pp")):
        author.parameters[name] = {"value": value, "unit": unit, "grade": "C", "because": "so it is"}
    policyset, indicators = author.policyset(names)
    return Documents(policyset, {"facts": words.entries}, indicators, (), names[0] if alone else ""), words

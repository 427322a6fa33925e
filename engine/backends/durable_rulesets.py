"""A program as rulesets for durable_rules 2.0.28, inside the part of the engine that is exact and far from its limits.

The engine loops for ever on 512 tests below one node of its network, fires wrongly when 256 conditions share one, and
refuses a fact that passes more than 64 tests at once or a ruleset of more than 4096 rules. So what a production reads
is asserted in as many copies (*ports*) as its readers need, ports are grouped by kind, and a stratum is cut into
consecutive rulesets (*blocks*): no policy can come near a limit. Properties have short fixed names and a message a
decimal id, since the engine compares little more than 32-bit hashes of both; values are numbers only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isqrt

from .durable_productions import FactPart, Goal, Memory, Premise, Production, Program, ProgramStratum, Subject, Test

MAX_RULES = 900
MAX_CONDITIONS = 3000
MAX_PORTS = 2000
MAX_READERS = 200
"""Conditions that end in the same test of one port."""
MAX_TESTS = 48
"""Different tests of one port."""
BEGIN = '{"id":"0","kind":"begin"}'
"""Asserted last: its rule fires first, unless the engine dropped the end of a batch."""


def number(value: float) -> str:
    """Exact, and readable to the engine: an exponent needs a fraction before it."""
    text = repr(float(value))
    return text if "." in text else text.replace("e", ".0e")


@dataclass(frozen=True, slots=True)
class Port:
    """A message that may be asserted in one block: one copy of a fact part or a goal."""

    index: int
    subject: Subject
    kind: int
    name: int

    @property
    def message(self) -> str:
        """Complete for a goal; a fact part adds its value."""
        return f'{{"id":"{self.index}","kind":"{self.kind}","name":"{self.name}"}}'

    def condition(self, test: Test | None) -> str:
        tests = [f'{{"kind":"{self.kind}"}}', f'{{"name":"{self.name}"}}']
        if test:
            equality = f'{{"val":{number(test.constant)}}}'
            tests.append(f'{{"{test.comparison}":{equality}}}' if test.comparison else equality)
        return f'{{"$and":[{",".join(tests)}]}}'


@dataclass(frozen=True, slots=True)
class Block:
    """One ruleset: consecutive productions of a stratum, `first` the index of the first, and what they read."""

    first: int
    productions: tuple[Production, ...]
    ports: tuple[Port, ...]
    rules: tuple[str, ...]
    """As the engine is given them, each with its name."""
    facts: tuple[tuple[int, str], ...]
    """The messages for facts, up to the value, and the index of the fact part."""
    goals: Mapping[Goal, tuple[str, ...]]
    """The messages that tell the block of a goal."""

    @property
    def text(self) -> str:
        return "{" + ",".join(self.rules) + "}"

    def batch(self, values: Sequence[str]) -> str:
        """The messages for the facts of one company, separated by commas; `values` as `texts` gives them."""
        return ",".join(f"{message}{values[part]}}}" for part, message in self.facts if values[part])


def texts(memory: Memory) -> list[str]:
    """The value of each fact part as the engine reads it, empty where nothing is asserted."""
    return ["" if value is None else number(value) for value in memory]


@dataclass(slots=True)
class _Draft:
    """A block while productions are added to it. Ports are numbered from 1; a reader is (index of the port, test)."""

    first: int
    parts: Mapping[FactPart, int]
    productions: list[Production] = field(default_factory=list)
    readers: list[list[tuple[int, Test | None]]] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    counts: list[dict[Test | None, int]] = field(default_factory=list)
    latest: dict[Subject, int] = field(default_factory=dict)
    conditions: int = 0

    @property
    def is_full(self) -> bool:
        """Leaves room for one more production."""
        return (
            len(self.productions) >= MAX_RULES or self.conditions >= MAX_CONDITIONS or len(self.subjects) >= MAX_PORTS
        )

    def add(self, production: Production) -> None:
        self.productions.append(production)
        self.readers.append([self.read(premise) for premise in production.premises])
        self.conditions += len(production.premises)

    def read(self, premise: Premise) -> tuple[int, Test | None]:
        index = self.latest.get(premise.subject, 0)
        if not index or not self.has_room(self.counts[index - 1], premise.test):
            index = self.open(premise.subject)
        counts = self.counts[index - 1]
        counts[premise.test] = counts.get(premise.test, 0) + 1
        return index, premise.test

    @staticmethod
    def has_room(counts: Mapping[Test | None, int], test: Test | None) -> bool:
        return counts[test] < MAX_READERS if test in counts else len(counts) < MAX_TESTS

    def open(self, subject: Subject) -> int:
        self.subjects.append(subject)
        self.counts.append({})
        self.latest[subject] = len(self.subjects)
        return len(self.subjects)

    def block(self) -> Block:
        """About as many kinds as names in each, since the engine walks through both for every message."""
        width = max(8, isqrt(len(self.subjects)))
        ports = tuple(Port(i, s, i // width, i % width) for i, s in enumerate(self.subjects, 1))
        facts = tuple(
            (self.parts[p.subject], f'{p.message[:-1]},"val":') for p in ports if isinstance(p.subject, FactPart)
        )
        rules = tuple(self.rules(ports))
        return Block(self.first, tuple(self.productions), ports, rules, facts, _goal_messages(ports))

    def rules(self, ports: tuple[Port, ...]) -> Iterator[str]:
        """The productions by salience, and service rules: see BEGIN; with `sink` every message is read by some rule."""
        yield '"begin":{"all":[{"b":{"kind":"begin"}}],"pri":0,"dist":0}'
        for index, readers in enumerate(self.readers):
            conditions = (f'{{"c{i}":{ports[port - 1].condition(test)}}}' for i, (port, test) in enumerate(readers))
            yield f'"r{index}":{{"all":[{",".join(conditions)}],"pri":{index + 1},"dist":0}}'
        for kind in sorted({port.kind for port in ports}):
            never, kept = '{"n":{"kind":"never"}}', f'{{"s":{{"kind":"{kind}"}}}}'
            yield f'"sink{kind}":{{"all":[{never},{kept}],"pri":65535,"dist":0}}'


def _goal_messages(ports: Iterable[Port]) -> dict[Goal, tuple[str, ...]]:
    messages: dict[Goal, tuple[str, ...]] = {}
    for port in ports:
        if not isinstance(port.subject, FactPart):
            messages[port.subject] = (*messages.get(port.subject, ()), port.message)
    return messages


def blocks(stratum: ProgramStratum) -> tuple[Block, ...]:
    """The productions of a stratum in rulesets to run one after the other; a goal of one is told to the later ones."""
    parts = {part: index for index, part in enumerate(stratum.parts)}
    drafts: list[_Draft] = []
    for index, production in enumerate(stratum.productions):
        if not drafts or drafts[-1].is_full:
            drafts.append(_Draft(index, parts))
        drafts[-1].add(production)
    return tuple(draft.block() for draft in drafts)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(entries: Iterable[tuple[str, str]], indent: str) -> str:
    """A JSON object with one line an entry; the values are JSON already."""
    return "{\n" + ",\n".join(f"{indent}  {_line(key)}: {value}" for key, value in entries) + f"\n{indent}}}"


def _rule_entries(program: Program, block: Block, places: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for index, production in enumerate(block.productions):
        goal, rule = program.goals[production.goal], production.rule
        yield f"r{index}", _line({"concludes": goal, "for": rule, "at": places[rule]})


def _port_entries(program: Program, block: Block) -> Iterator[tuple[str, str]]:
    for port in block.ports:
        subject = port.subject
        stands_for = {"fact": str(subject)} if isinstance(subject, FactPart) else {"goal": program.goals[subject]}
        yield str(port.index), _line({"kind": str(port.kind), "name": str(port.name), **stands_for})


def _block_text(program: Program, block: Block) -> str:
    places = {rule.key: str(rule.span or "") for rule in program.early.rules + program.late.rules}
    return _lines(
        (
            ("rules", "{\n        " + ",\n        ".join(block.rules) + "\n      }"),
            ("conclusions", _lines(_rule_entries(program, block, places), "      ")),
            ("messages", _lines(_port_entries(program, block), "      ")),
        ),
        "    ",
    )


def _stratum_text(program: Program, stratum: ProgramStratum) -> str:
    found = [f"    {_block_text(program, block)}" for block in blocks(stratum)]
    return "[\n" + ",\n".join(found) + "\n  ]" if found else "[]"


def ruleset_text(program: Program) -> str:
    """The rulesets as JSON, with what each rule concludes and each message (by its id) stands for, one line each.

    `rules` is what the engine is given.
    """
    head = (
        ("policy", _line(program.policy.name)),
        ("version", _line(program.policy.version)),
        ("engine", _line("durable_rules 2.0.28")),
        ("texts", _line({str(number): text for text, number in program.texts.items()})),
        ("early", _stratum_text(program, program.early)),
        ("late", _stratum_text(program, program.late)),
    )
    return _lines(head, "") + "\n"

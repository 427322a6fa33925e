"""Conditions as productions for an engine that has facts and conjunctions: no negation, no alternatives, no counting.

Every named condition becomes productions that conclude its *yes* and productions that conclude its *no*; where neither
is concluded it is unknown. A `not` swaps the two down to the leaves, where each comparison has its complement. A
missing fact and the *no* of a signal are facts of their own. An alternative or a count inside a condition is a goal of
its own, concluded once however often it is read, so the productions grow with the size of the policy and never with the
product of its alternatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ..conclusion import Kind
from ..condition import (
    All,
    AnyOf,
    AtLeastN,
    Condition,
    FactTest,
    Not,
    Operand,
    Operator,
    SignalTest,
    Truth,
    leaves,
    tolerance,
)
from ..diagnostics import Diagnostic, UnsupportedError
from ..policy import PolicySet
from ..strata import Rule, strata
from .durable_productions import (
    ALWAYS,
    LARGEST,
    WITHOUT_ENGINE,
    Comparison,
    Conjunction,
    Ends,
    FactPart,
    Goal,
    Part,
    Premise,
    Production,
    Program,
    ProgramStratum,
    Test,
    compared,
)

MAX_PREMISES = 12
"""In one production; the engine breaks above 16."""
MAX_PRODUCTIONS_OF_RULE = 10_000
MAX_PRODUCTIONS = 100_000
"""As `size` estimates them. At the limit the engine takes up to 660 MB, 12 s to start and 1 s to run."""

Alternatives: TypeAlias = tuple[Conjunction, ...]
"""Holds when one of them does: `()` never, `((),)` always."""
NEVER: Alternatives = ()
HOLDS: Alternatives = ((),)
Opposites: TypeAlias = tuple[Premise, Premise]
"""A premise, and the one that holds exactly when it does not (over a part that is there)."""


def less(fact: str, part: Part, operand: Operand) -> Opposites:
    """As `condition.less`, and its complement."""
    bound, least, most = operand.number - tolerance(operand.number), FactPart(fact, part), FactPart(fact, part, True)
    return Premise(most, Test(Comparison.LESS, bound)), Premise(least, Test(Comparison.AT_LEAST, bound))


def greater(fact: str, part: Part, operand: Operand) -> Opposites:
    """As `condition.greater`, and its complement."""
    bound, least, most = operand.number + tolerance(operand.number), FactPart(fact, part), FactPart(fact, part, True)
    return Premise(least, Test(Comparison.GREATER, bound)), Premise(most, Test(Comparison.AT_MOST, bound))


def _reverse(opposites: Opposites) -> Opposites:
    return opposites[1], opposites[0]


def is_text(test: FactTest) -> bool:
    """Whether a leaf compares texts or booleans, which are only equal or not."""
    return any(isinstance(operand.value, (str, bool)) for operand in test.operands)


def number_tests(test: FactTest) -> tuple[Opposites, ...]:
    """The tests that must all pass for a comparison of numbers or dates to hold."""
    fact, x = test.fact, test.operands
    match test.operator:
        case Operator.BELOW:
            return (less(fact, Part.VALUE, x[0]),)
        case Operator.AT_LEAST:
            return (_reverse(less(fact, Part.VALUE, x[0])),)
        case Operator.ABOVE:
            return (greater(fact, Part.VALUE, x[0]),)
        case Operator.AT_MOST:
            return (_reverse(greater(fact, Part.VALUE, x[0])),)
        case Operator.CLEARLY_BELOW:
            return (less(fact, Part.HIGH, x[0]),)
        case Operator.CLEARLY_ABOVE:
            return (greater(fact, Part.LOW, x[0]),)
        case Operator.COVERS:
            return _reverse(greater(fact, Part.LOW, x[0])), _reverse(less(fact, Part.HIGH, x[0]))
        case _:
            return _reverse(less(fact, Part.VALUE, x[0])), _reverse(greater(fact, Part.VALUE, x[-1]))


def _unique(alternatives: Iterable[Conjunction]) -> Alternatives:
    found = tuple(dict.fromkeys(alternatives))
    return HOLDS if () in found else found


@dataclass(slots=True)
class _Compiler:
    """Builds one stratum at a time; goals, texts and the signals of earlier strata are common to all."""

    goals: list[str] = field(default_factory=list)
    texts: dict[str | bool, int] = field(default_factory=dict)
    signals: dict[str, Ends] = field(default_factory=dict)
    productions: list[Production] = field(default_factory=list)
    known: dict[frozenset[frozenset[Premise]], Goal] = field(default_factory=dict)
    rule: str = ""

    def stratum(self, rules: tuple[Rule, ...]) -> ProgramStratum:
        """Inner goals are not shared across strata: facts that are missing in one may be known in the next."""
        self.productions, self.known = [], {}
        ends = {rule.key: self.named(rule) for rule in rules}
        return _stratum(rules, ends, tuple(self.productions))

    def named(self, rule: Rule) -> Ends:
        self.rule = rule.key
        ends = Ends(self.conclude(rule.when, True), self.conclude(rule.when, False))
        if rule.kind is Kind.SIGNAL:
            self.signals[rule.name] = ends
        return ends

    def conclude(self, condition: Condition, wanted: bool) -> Goal:
        alternatives = self.alternatives(condition, wanted)
        goal = self.new_goal(f"{self.rule} is {Truth.of(wanted)}")
        self.produce(alternatives, goal)
        return goal

    def new_goal(self, stands_for: str) -> Goal:
        self.goals.append(stands_for)
        return len(self.goals) - 1

    def produce(self, alternatives: Alternatives, goal: Goal) -> None:
        for conjunction in alternatives:
            premises = self.short(conjunction) or (Premise(ALWAYS),)
            self.productions.append(Production(premises, goal, self.rule))

    def short(self, conjunction: Conjunction) -> Conjunction:
        """The same with at most MAX_PREMISES premises: the rest stands behind goals."""
        while len(conjunction) > MAX_PREMISES:
            starts = range(0, len(conjunction), MAX_PREMISES)
            conjunction = tuple(self.one((conjunction[i : i + MAX_PREMISES],)) for i in starts)
        return conjunction

    def one(self, alternatives: Alternatives) -> Premise:
        """One premise that holds when one of the alternatives does."""
        if len(alternatives) == 1 and len(alternatives[0]) == 1:
            return alternatives[0][0]
        key = frozenset(frozenset(conjunction) for conjunction in alternatives)
        if key not in self.known:
            self.known[key] = self.new_goal(f"part {len(self.known) + 1}, first of {self.rule}")
            self.produce(alternatives, self.known[key])
        return Premise(self.known[key])

    def alternatives(self, condition: Condition, wanted: bool) -> Alternatives:
        """The ways in which a condition is yes (wanted) or no."""
        match condition:
            case FactTest():
                return self.fact(condition, wanted)
            case SignalTest(signal):
                ends = self.signals[signal]
                return ((Premise(ends.yes if wanted else ends.no),),)
            case Not(part):
                return self.alternatives(part, not wanted)
            case All(parts):
                return self.every(parts, wanted) if wanted else self.some(parts, wanted)
            case AnyOf(parts):
                return self.some(parts, wanted) if wanted else self.every(parts, wanted)
            case AtLeastN(n, parts):
                return self.count(parts, wanted, n if wanted else len(parts) - n + 1)

    def every(self, parts: Iterable[Condition], wanted: bool) -> Alternatives:
        premises: list[Premise] = []
        for part in parts:
            alternatives = self.alternatives(part, wanted)
            if alternatives == NEVER:
                return NEVER
            premises.extend(alternatives[0] if len(alternatives) == 1 else (self.one(alternatives),))
        return (tuple(dict.fromkeys(premises)),)

    def some(self, parts: Iterable[Condition], wanted: bool) -> Alternatives:
        return _unique(conjunction for part in parts for conjunction in self.alternatives(part, wanted))

    def count(self, parts: tuple[Condition, ...], wanted: bool, n: int) -> Alternatives:
        """At least n of the parts, counted from the left.

        j of the first i hold when j of the first i - 1 do, or when j - 1 of them and the i-th do.
        """
        if n <= 0 or n > len(parts):
            return HOLDS if n <= 0 else NEVER
        if n in (1, len(parts)):
            return self.some(parts, wanted) if n == 1 else self.every(parts, wanted)
        reached: dict[int, Alternatives] = {}
        for i, part in enumerate(parts, 1):
            premise = self.one(self.alternatives(part, wanted))
            needed = range(max(1, n - len(parts) + i), min(i, n) + 1)
            reached = {j: self.next_count(reached, j, premise) for j in needed}
        return reached[n]

    def next_count(self, reached: Mapping[int, Alternatives], j: int, part: Premise) -> Alternatives:
        already = ((self.one(reached[j]),),) if j in reached else NEVER
        with_part = (part,) if j == 1 else tuple(dict.fromkeys((self.one(reached[j - 1]), part)))
        return _unique((*already, with_part))

    def fact(self, test: FactTest, wanted: bool) -> Alternatives:
        if test.operator is Operator.KNOWN:
            known = test.operands[0].value == wanted
            return ((Premise(FactPart(test.fact, Part.KNOWN if known else Part.MISSING)),),)
        missing: Alternatives = ((Premise(FactPart(test.fact, Part.MISSING)),),)
        return self.observed(test, wanted) + (missing if test.if_missing is Truth.of(wanted) else NEVER)

    def observed(self, test: FactTest, wanted: bool) -> Alternatives:
        """All tests must pass for a number, one for a text; for the no it is the other way round."""
        text = is_text(test)
        tests = self.text_tests(test) if text else number_tests(test)
        premises = tuple(opposites[0 if wanted else 1] for opposites in tests)
        return ((tuple(dict.fromkeys(premises)),)) if wanted is not text else _unique((p,) for p in premises)

    def text_tests(self, test: FactTest) -> tuple[Opposites, ...]:
        """Texts are compared by number, as the engine compares escaped bytes; one that no condition mentions is 0."""
        texts = (operand.value for operand in test.operands if isinstance(operand.value, (str, bool)))
        return tuple(self.equal(FactPart(test.fact, Part.TEXT), text) for text in texts)

    def equal(self, subject: FactPart, text: str | bool) -> Opposites:
        number = float(self.texts.setdefault(text, len(self.texts) + 1))
        return Premise(subject, Test(Comparison.EQUAL, number)), Premise(subject, Test(Comparison.DIFFERENT, number))


def _stratum(rules: tuple[Rule, ...], ends: Mapping[str, Ends], productions: tuple[Production, ...]) -> ProgramStratum:
    premises: dict[Premise, int] = {}
    needs = tuple(frozenset(premises.setdefault(p, len(premises)) for p in each.premises) for each in productions)
    named = dict.fromkeys(premise.subject for premise in premises if isinstance(premise.subject, FactPart))
    yes = {ends[rule.key].yes: rule for rule in rules}
    reads = compared(tuple(premises), {part: index for index, part in enumerate(named)})
    return ProgramStratum(rules, ends, productions, tuple(named), tuple(premises), needs, tuple(reads), yes)


def size(condition: Condition) -> int:
    """How many productions a condition may need, at most, for its yes and its no."""
    match condition:
        case FactTest() | SignalTest():
            return 2 + 2 * len(condition.operands if isinstance(condition, FactTest) else ())
        case Not(part):
            return size(part)
        case All(parts) | AnyOf(parts):
            return 2 + len(parts) + sum(map(size, parts))
        case AtLeastN(n, parts):
            return 2 + 4 * max(1, n) * max(1, len(parts) - n + 1) + sum(map(size, parts))


def _rule_limits(rule: Rule) -> Iterator[Diagnostic]:
    needed = size(rule.when)
    if needed > MAX_PRODUCTIONS_OF_RULE:
        most = f"{MAX_PRODUCTIONS_OF_RULE:,} at most"
        message = f"{rule.kind} `{rule.name}` needs up to {needed:,} rules of the engine ({most})"
        yield Diagnostic("engine-limit", message, rule.span, f"name its parts as signals; {WITHOUT_ENGINE}")
    for leaf in leaves(rule.when):
        if isinstance(leaf, FactTest) and leaf.operator is not Operator.KNOWN and not is_text(leaf):
            yield from _threshold_limits(leaf, rule)


def _threshold_limits(leaf: FactTest, rule: Rule) -> Iterator[Diagnostic]:
    for operand in leaf.operands:
        if not abs(operand.number) + tolerance(operand.number) < LARGEST:
            message = f"a threshold of `{leaf.fact}` is too large for the engine ({LARGEST:g} at most)"
            yield Diagnostic("engine-limit", message, operand.span or leaf.span or rule.span, WITHOUT_ENGINE)


def _limits(policy: PolicySet, rules: tuple[Rule, ...]) -> Iterator[Diagnostic]:
    for rule in rules:
        yield from _rule_limits(rule)
    total = sum(size(rule.when) for rule in rules)
    if total > MAX_PRODUCTIONS:
        message = f"policy `{policy.name}` needs up to {total:,} rules of the engine ({MAX_PRODUCTIONS:,} at most)"
        yield Diagnostic("engine-limit", message, policy.span, WITHOUT_ENGINE)


def compile_policy(policy: PolicySet) -> Program:
    """The policy set as productions; raises UnsupportedError with everything in it that exceeds the engine."""
    named = strata(policy)
    problems = tuple(_limits(policy, named.early + named.late))
    if problems:
        raise UnsupportedError(problems)
    compiler = _Compiler()
    early = compiler.stratum(named.early)
    late = compiler.stratum(named.late)
    return Program(policy, early, late, tuple(compiler.goals), compiler.texts)

"""What the rules engine concludes is what docs/language.md, section 6, says: row by row, and at random."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from math import inf, nextafter
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.backends.durable import DurableBackend
from engine.backends.reference import ReferenceBackend
from engine.conclusion import Kind
from engine.condition import All, AnyOf, AtLeastN, Condition, Literal, Not, Operator, SignalTest, Truth
from engine.facts import Observation, RawValue
from tests.unit.tiny_policy import (
    LATE,
    above,
    adjustments,
    concluding,
    gates,
    indicator,
    leaf,
    observed,
    policy_set,
    readings,
    signals,
)

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
Op = Operator
DAY = date(2026, 10, 31)


class Row(NamedTuple):
    """One leaf over one observation."""

    operator: Operator
    operands: tuple[Literal, ...]
    observation: Observation | None
    expected: Truth
    if_missing: Truth | None = None


def number(*rows: tuple[Operator, tuple[float, ...], float, Truth]) -> Iterator[Row]:
    return (Row(operator, operands, Observation(value), expected) for operator, operands, value, expected in rows)


def interval(*rows: tuple[Operator, float, float, float, Truth]) -> Iterator[Row]:
    for operator, operand, low, high, expected in rows:
        yield Row(operator, (operand,), Observation((low + high) / 2, low, high), expected)


def within(*rows: tuple[Operator, tuple[float, ...], float, float, Truth]) -> Iterator[Row]:
    """Ranges: nobody told the value, only between what it lies."""
    for operator, operands, low, high, expected in rows:
        yield Row(operator, operands, Observation((low + high) / 2, low, high, ranged=True), expected)


def other(*rows: tuple[Operator, tuple[Literal, ...], RawValue, Truth]) -> Iterator[Row]:
    return (Row(operator, operands, Observation(value), expected) for operator, operands, value, expected in rows)


TIE = 5e-10
ROWS = (
    *number(
        (Op.BELOW, (3,), 2, YES),
        (Op.BELOW, (3,), 3, NO),
        (Op.BELOW, (3,), 3 - TIE, NO),
        (Op.BELOW, (3,), 3 - 1e-8, YES),
        (Op.AT_MOST, (3,), 3, YES),
        (Op.AT_MOST, (3,), 3 + TIE, YES),
        (Op.AT_MOST, (3,), 3 + 1e-8, NO),
        (Op.ABOVE, (3,), 3, NO),
        (Op.ABOVE, (3,), 3 + TIE, NO),
        (Op.ABOVE, (3,), 3 + 1e-8, YES),
        (Op.AT_LEAST, (15,), 100 * (0.35 - 0.20), YES),
        (Op.AT_LEAST, (3,), 3 - 1e-8, NO),
        (Op.BETWEEN, (2, 3), 2 - TIE, YES),
        (Op.BETWEEN, (2, 3), 3 + TIE, YES),
        (Op.BETWEEN, (2, 3), 1.9, NO),
        (Op.BETWEEN, (2, 3), 3.1, NO),
        (Op.EQUALS, (3,), 3 + TIE, YES),
        (Op.EQUALS, (3,), 3 - TIE, YES),
        (Op.EQUALS, (3,), 3.1, NO),
        (Op.EQUALS, (3,), 2.9, NO),
        (Op.EQUALS, (0,), -0.0, YES),
        (Op.EQUALS, (1e6,), 1e6 + 5e-4, YES),
        (Op.EQUALS, (1e6,), 1e6 + 5e-3, NO),
        (Op.AT_LEAST, (24,), inf, YES),
        (Op.BELOW, (1e300,), inf, NO),
        (Op.ABOVE, (-1e300,), -inf, NO),
        (Op.EQUALS, (1e300,), inf, NO),
        (Op.AT_LEAST, (0,), 5e-324, YES),
        (Op.AT_MOST, (1e-9,), 1e-9, YES),
        (Op.ABOVE, (-1e-12,), 1e-12, NO),
        (Op.AT_LEAST, (123456789012345.0,), 123456789012346.0, YES),
        (Op.KNOWN, (True,), 3, YES),
        (Op.KNOWN, (False,), 3, NO),
        (Op.CLEARLY_BELOW, (3,), 2, YES),
        (Op.CLEARLY_ABOVE, (3,), inf, YES),
        (Op.COVERS, (3,), 3 + TIE, YES),
        (Op.COVERS, (3,), 4, NO),
    ),
    *interval(
        (Op.CLEARLY_BELOW, 3, 1, 2, YES),
        (Op.CLEARLY_BELOW, 3, 2, 3, NO),
        (Op.CLEARLY_BELOW, 3, 2, 4, NO),
        (Op.CLEARLY_BELOW, 3, 4, 5, NO),
        (Op.CLEARLY_ABOVE, 3, 4, 5, YES),
        (Op.CLEARLY_ABOVE, 3, 3, 5, NO),
        (Op.CLEARLY_ABOVE, 3, 2, 4, NO),
        (Op.CLEARLY_ABOVE, 3, 1, 2, NO),
        (Op.COVERS, 3, 2, 4, YES),
        (Op.COVERS, 3, 3, 4, YES),
        (Op.COVERS, 3, 2, 3, YES),
        (Op.COVERS, 3, 4, 5, NO),
        (Op.COVERS, 3, 1, 2, NO),
        (Op.BELOW, 3, 1, 4.9, YES),
    ),
    *within(
        (Op.BELOW, (3,), 1, 2, YES),
        (Op.BELOW, (3,), 1, 3, UNKNOWN),
        (Op.BELOW, (3,), 3, 4, NO),
        (Op.AT_MOST, (3,), 1, 3, YES),
        (Op.AT_MOST, (3,), 3, 4, UNKNOWN),
        (Op.AT_MOST, (3,), 3.1, 4, NO),
        (Op.ABOVE, (3,), 3.1, 4, YES),
        (Op.ABOVE, (3,), 3, 4, UNKNOWN),
        (Op.ABOVE, (3,), 1, 3, NO),
        (Op.AT_LEAST, (3,), 3, 4, YES),
        (Op.AT_LEAST, (3,), 2, 3, UNKNOWN),
        (Op.AT_LEAST, (3,), 1, 2.9, NO),
        (Op.BETWEEN, (2, 4), 2, 4, YES),
        (Op.BETWEEN, (2, 4), 1, 3, UNKNOWN),
        (Op.BETWEEN, (2, 4), 4.1, 5, NO),
        (Op.EQUALS, (3,), 2, 4, UNKNOWN),
        (Op.EQUALS, (3,), 4, 5, NO),
        (Op.CLEARLY_BELOW, (3,), 1, 2, YES),
        (Op.CLEARLY_BELOW, (3,), 2, 4, UNKNOWN),
        (Op.CLEARLY_ABOVE, (3,), 4, 5, YES),
        (Op.CLEARLY_ABOVE, (3,), 1, 2, NO),
        (Op.COVERS, (3,), 2, 4, UNKNOWN),
        (Op.COVERS, (3,), 4, 5, NO),
        (Op.KNOWN, (True,), 1, 2, YES),
    ),
    *other(
        (Op.EQUALS, ("declining",), "declining", YES),
        (Op.EQUALS, ("declining",), "steady", NO),
        (Op.EQUALS, ('"q\\é\n"',), '"q\\é\n"', YES),
        (Op.EQUALS, ("é" * 100_000,), "é" * 100_000, YES),
        (Op.EQUALS, ("é" * 100_000,), "é" * 99_999 + "e", NO),
        (Op.ONE_OF, ("a", "b", "c"), "c", YES),
        (Op.ONE_OF, ("a", "b", "c"), "never mentioned", NO),
        (Op.EQUALS, (True,), True, YES),
        (Op.EQUALS, (True,), False, NO),
        (Op.EQUALS, (False,), False, YES),
        (Op.EQUALS, ("true",), "True", NO),
        (Op.EQUALS, (DAY,), DAY, YES),
        (Op.EQUALS, (DAY,), date(2026, 11, 1), NO),
        (Op.BELOW, (DAY,), date(2026, 10, 30), YES),
        (Op.BETWEEN, (date(2026, 1, 1), DAY), DAY, YES),
        (Op.KNOWN, (True,), (1.0, 2.0), YES),
        (Op.KNOWN, (False,), (1.0, 2.0), NO),
        (Op.KNOWN, (True,), "a", YES),
    ),
    Row(Op.BELOW, (3,), None, UNKNOWN),
    Row(Op.BELOW, (3,), None, YES, YES),
    Row(Op.BELOW, (3,), None, NO, NO),
    Row(Op.BELOW, (3,), Observation(2.0), YES, NO),
    Row(Op.BELOW, (3,), Observation(4.0), NO, YES),
    Row(Op.BETWEEN, (1, 2), None, YES, YES),
    Row(Op.EQUALS, ("a",), None, UNKNOWN),
    Row(Op.ONE_OF, ("a", "b"), None, NO, NO),
    Row(Op.ONE_OF, ("a", "b"), None, YES, YES),
    Row(Op.CLEARLY_BELOW, (3,), None, YES, YES),
    Row(Op.KNOWN, (True,), None, NO),
    Row(Op.KNOWN, (False,), None, YES),
    Row(Op.CLEARLY_BELOW, (3,), Observation(2.0, interval_known=False), UNKNOWN),
    Row(Op.CLEARLY_ABOVE, (3,), Observation(2.0, interval_known=False), UNKNOWN),
    Row(Op.COVERS, (3,), Observation(2.0, interval_known=False), UNKNOWN, YES),
    Row(Op.BELOW, (3,), Observation(2.0, interval_known=False), YES),
)


def test_every_leaf_has_the_truth_of_the_definition() -> None:
    names = [f"s{i}" for i in range(len(ROWS))]
    tests = [
        leaf(name, row.operator, *row.operands, if_missing=row.if_missing)
        for name, row in zip(names, ROWS, strict=True)
    ]
    wanted = signals(**dict(zip(names, tests, strict=True)))
    opposite = gates(**{f"not-{name}": Not(test) for name, test in zip(names, tests, strict=True)})
    facts = {name: row.observation for name, row in zip(names, ROWS, strict=True) if row.observation is not None}
    with DurableBackend(policy_set(wanted, opposite)) as backend:
        early, late = backend.run(facts, concluding())
    turned = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}
    found = [(early.truths[f"signal:{name}"], late.truths[f"gate:not-{name}"]) for name in names]
    assert found == [(row.expected, turned[row.expected]) for row in ROWS]


NAMES = ("a", "b", "c", "d")
LEAVES = tuple(above(name) for name in NAMES)


def at_least_exactly(n: int, truths: tuple[Truth, ...]) -> Truth:
    """The truth table written by hand: what every completion agrees on, since the parts are independent."""
    yes, open_ = truths.count(YES), truths.count(UNKNOWN)
    return YES if yes >= n else NO if yes + open_ < n else UNKNOWN


def test_connectives_over_every_combination_of_yes_no_and_unknown() -> None:
    """`all` is n of n and `any` one of n, so one table serves all three."""
    conditions: dict[str, tuple[int, Condition]] = {f"n{n}": (n, AtLeastN(n, LEAVES)) for n in range(6)}
    conditions |= {"all": (4, All(LEAVES)), "any": (1, AnyOf(LEAVES))}
    conditions |= {"nested": (4, All((All(LEAVES[:2]), AnyOf((All(LEAVES[2:]),)))))}
    values: dict[Truth, float | None] = {YES: 1.0, NO: 0.0, UNKNOWN: None}
    policy = policy_set(signals(**{name: condition for name, (_, condition) in conditions.items()}))
    with DurableBackend(policy) as backend:
        for truths in product(Truth, repeat=len(NAMES)):
            facts = observed(**{name: values[truth] for name, truth in zip(NAMES, truths, strict=True)})
            early, _ = backend.run(facts, concluding())
            expected = {f"signal:{name}": at_least_exactly(n, truths) for name, (n, _) in conditions.items()}
            assert early.truths == expected


def test_conditions_without_parts_and_repeated_parts() -> None:
    conditions: dict[str, tuple[Condition, Truth]] = {
        "all of nothing": (All(()), YES),
        "any of nothing": (AnyOf(()), NO),
        "not any of nothing": (Not(AnyOf(())), YES),
        "two of one thing twice": (AtLeastN(2, (above("a"), above("a"), above("b"))), YES),
        "three of one thing twice": (AtLeastN(3, (above("a"), above("a"), above("b"), above("c"))), UNKNOWN),
        "all of one thing twice": (All((above("a"), above("a"))), YES),
        "itself or not": (AnyOf((above("b"), Not(above("b")))), UNKNOWN),
        "always among others": (All((All(()), above("a"))), YES),
        "counting what is always": (AtLeastN(2, (All(()), above("b"), AnyOf(()))), UNKNOWN),
        "never": (AtLeastN(2, (All(()), AnyOf(()), AnyOf(()))), NO),
    }
    policy = policy_set(signals(**{name: condition for name, (condition, _) in conditions.items()}))
    with DurableBackend(policy) as backend:
        early, _ = backend.run(observed(a=1.0), concluding())
    assert early.truths == {f"signal:{name}": expected for name, (_, expected) in conditions.items()}


def test_signals_chain_and_their_no_is_a_fact() -> None:
    chain = {f"s{i}": Not(SignalTest(f"s{i - 1}")) for i in range(1, 40)}
    policy = policy_set(signals(s0=above("a"), **chain))
    with DurableBackend(policy) as backend:
        for value, first, second in ((1.0, YES, NO), (0.0, NO, YES), (None, UNKNOWN, UNKNOWN)):
            truths = backend.run(observed(a=value), concluding())[0].truths
            assert list(truths.values()) == [first, second] * 20


def test_activations_are_those_of_the_definition_in_its_order() -> None:
    policy = policy_set(
        signals(
            s1=AnyOf((above("a"), above("b"), leaf("c", Op.KNOWN, True))), s2=SignalTest("s1"), s3=above("missing")
        ),
        gates(G1=All((SignalTest("s2"), above(LATE))), G2=above("a")),
        readings(r1=AtLeastN(2, (SignalTest("s1"), above("a"), above("b")))),
        adjustments(w1=Not(leaf("c", Op.KNOWN, True))),
        (indicator(above("b"), above("a"), SignalTest("s1")),),
    )
    score = concluding(observed(late=1.0))
    with DurableBackend(policy) as backend:
        found = backend.run(observed(a=1.0, b=0.0), score)
    assert found == ReferenceBackend(policy).run(observed(a=1.0, b=0.0), concluding(observed(late=1.0)))
    assert [(a.kind, a.name) for a in found[0].activations] == [
        (Kind.SIGNAL, "s1"),
        (Kind.SIGNAL, "s2"),
        (Kind.ADJUSTMENT, "w1"),
        (Kind.CASE, "i.e.2"),
        (Kind.CASE, "i.e.3"),
    ]
    assert found[0].activations[0].because_of == ("a", "b", "c")
    assert [a.name for a in found[1].activations] == ["G1", "G2", "r1"]
    assert score.asked == [found[0]]


def test_a_late_fact_is_missing_early_and_known_late() -> None:
    missing = leaf(LATE, Op.KNOWN, False)
    policy = policy_set(gates=gates(G1=missing), indicators=(indicator(AnyOf((missing, above("a")))),))
    with DurableBackend(policy) as backend:
        early, late = backend.run({}, concluding(observed(late=1.0)))
    assert (early.truths["case:i.e.1"], late.truths["gate:G1"]) == (YES, NO)


def test_one_process_serves_one_company_after_another() -> None:
    policy = policy_set(signals(s=above("a")), gates(G=All((SignalTest("s"), above("b")))))
    with DurableBackend(policy) as backend:
        for a, b in product((0.0, 1.0, None), repeat=2):
            facts = observed(a=a, b=b)
            assert backend.run(facts, concluding()) == ReferenceBackend(policy).run(facts, concluding())


def test_a_policy_without_rules_needs_no_engine() -> None:
    with DurableBackend(policy_set(), folder="/nowhere") as backend:
        early, late = backend.run({}, concluding())
    assert early.activations == late.activations == ()


# Random conditions: few facts and few thresholds, so that they meet; values lie on, beside and within a tie of them.

NUMBERS = ("x", "y", "z", LATE)
THRESHOLDS = (0.0, 0.5, 0.1 + 0.2, 3.0, -1e-9, 1e6, 1e300)
NEAR = (0.0, 1e-12, -1e-12, 5e-10, -5e-10, 2e-9, -2e-9, 0.1, -0.1)
WORDS = ("declining", "steady", "steadily", "é", "")

thresholds = st.sampled_from(THRESHOLDS)
values = st.one_of(
    st.builds(lambda x, d: x + d * max(1.0, abs(x)), thresholds, st.sampled_from(NEAR)), st.sampled_from((inf, 7, -0.0))
)
if_missing = st.sampled_from((None, None, YES, NO))
number_names = st.sampled_from(NUMBERS)
SINGLE = [o for o in Operator if o not in (Op.BETWEEN, Op.ONE_OF, Op.KNOWN)]


def leaves() -> st.SearchStrategy[Condition]:
    return st.one_of(
        st.builds(
            lambda f, o, x, m: leaf(f, o, x, if_missing=m),
            number_names,
            st.sampled_from(SINGLE),
            thresholds,
            if_missing,
        ),
        st.builds(
            lambda f, a, b, m: leaf(f, Op.BETWEEN, a, b, if_missing=m), number_names, thresholds, thresholds, if_missing
        ),
        st.builds(lambda f, v: leaf(f, Op.KNOWN, v), st.sampled_from((*NUMBERS, "word", "flag", "day")), st.booleans()),
        st.builds(
            lambda w, m: leaf("word", Op.ONE_OF, *w, if_missing=m),
            st.lists(st.sampled_from(WORDS), min_size=1),
            if_missing,
        ),
        st.builds(lambda w, m: leaf("word", Op.EQUALS, w, if_missing=m), st.sampled_from(WORDS), if_missing),
        st.builds(lambda v, m: leaf("flag", Op.EQUALS, v, if_missing=m), st.booleans(), if_missing),
        st.builds(
            lambda o, m: leaf("day", o, DAY, if_missing=m),
            st.sampled_from((Op.EQUALS, Op.BELOW, Op.AT_LEAST)),
            if_missing,
        ),
    )


def groups(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, max_size=4).map(tuple)
    return st.one_of(
        several.map(All),
        several.map(AnyOf),
        parts.map(Not),
        st.builds(AtLeastN, st.integers(0, 5), several),
    )


SIGNALS = ("s0", "s1", "s2")


def conditions(*known: str) -> st.SearchStrategy[Condition]:
    ends = leaves() if not known else st.one_of(leaves(), st.sampled_from(known).map(SignalTest))
    return st.recursive(ends, groups, max_leaves=12)


observations = st.builds(
    lambda v, width, known: Observation(v, v - width, v + width) if width else Observation(v, interval_known=known),
    values,
    st.sampled_from((0.0, 0.0, 1e-9, 0.2)),
    st.booleans(),
)
companies = st.fixed_dictionaries(
    {},
    optional={
        "x": observations,
        "y": observations,
        "z": observations,
        "word": st.sampled_from((*WORDS, "never mentioned")).map(Observation),
        "flag": st.booleans().map(Observation),
        "day": st.sampled_from((date(2026, 10, 30), DAY, date(2026, 11, 1))).map(Observation),
    },
)
scores = st.fixed_dictionaries({}, optional={LATE: observations})


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(*(conditions(*SIGNALS[:i]) for i in range(len(SIGNALS)))),
    st.lists(conditions(*SIGNALS), min_size=1, max_size=3),
    st.lists(st.tuples(companies, scores), min_size=1, max_size=8),
)
def test_random_conditions_have_the_truth_and_the_activations_of_the_definition(
    named: tuple[Condition, ...],
    late: list[Condition],
    cases: list[tuple[dict[str, Observation], dict[str, Observation]]],
) -> None:
    policy = policy_set(
        signals(**dict(zip(SIGNALS, named, strict=True))), gates(**{f"G{i}": when for i, when in enumerate(late)})
    )
    definition = ReferenceBackend(policy)
    with DurableBackend(policy) as backend:
        for facts, score in cases:
            assert backend.run(facts, concluding(score)) == definition.run(facts, concluding(score))


@pytest.mark.parametrize("value", [1e300, -1e300, 1e-300, 2.0**53, 0.1 + 0.2, 1e22, 1e-7])
def test_numbers_reach_the_engine_exactly(value: float) -> None:
    """A threshold that is a tie by exactly the tolerance, and the next numbers on either side."""
    policy = policy_set(
        signals(below=leaf("a", Op.BELOW, value), above=leaf("a", Op.ABOVE, value), same=leaf("a", Op.EQUALS, value))
    )
    with DurableBackend(policy) as backend:
        for candidate in (
            value,
            *_neighbours(value - 1e-9 * max(1, abs(value))),
            *_neighbours(value + 1e-9 * max(1, abs(value))),
        ):
            facts = observed(a=candidate)
            assert backend.run(facts, concluding()) == ReferenceBackend(policy).run(facts, concluding())


def _neighbours(x: float) -> tuple[float, float, float]:
    return nextafter(x, -inf), x, nextafter(x, inf)

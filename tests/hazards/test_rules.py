"""Policies and companies that lean on every weak place of the engine conclude what the definition concludes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import permutations
from math import inf

import pytest

from engine.backends.durable import DurableBackend
from engine.backends.durable_program import compile_policy
from engine.backends.durable_rulesets import blocks
from engine.backends.reference import ReferenceBackend
from engine.conclusion import Conclusions
from engine.condition import All, AnyOf, AtLeastN, Condition, Not, Operator, SignalTest, Truth
from engine.facts import Facts, Observation
from engine.policy import PolicySet, Signal
from tests.unit.tiny_policy import above, concluding, gates, leaf, observed, policy_set, signals

Op = Operator


def agreed(policy: PolicySet, *companies: Facts) -> list[Conclusions]:
    """What both engines conclude of each company, one after the other in one process."""
    with DurableBackend(policy) as backend:
        found = [backend.run(facts, concluding()) for facts in companies]
    assert found == [ReferenceBackend(policy).run(facts, concluding()) for facts in companies]
    return [early for early, _ in found]


def of(conditions: Mapping[str, Condition], *companies: Facts) -> list[list[str]]:
    """The names of the conditions that hold for each company."""
    named = tuple(Signal(name, when) for name, when in conditions.items())
    return [[a.name for a in early.activations] for early in agreed(policy_set(named), *companies)]


def rulesets(policy: PolicySet) -> list[str]:
    program = compile_policy(policy)
    return [block.text for stratum in (program.early, program.late) for block in blocks(stratum)]


# ---- values


@pytest.mark.parametrize("value", [1e-9, 1e300, -1e300, 1e22, 5e-324, 2.0**63, 1e-7, 123456789012345678.0])
def test_bare_exponents_are_read_as_numbers(value: float) -> None:
    conditions: dict[str, Condition] = {"here": leaf("a", Op.EQUALS, value), "there": leaf("b", Op.KNOWN, True)}
    assert of(conditions, observed(a=value, b=value)) == [["here", "there"]]


def test_no_message_is_lost_behind_a_bare_exponent() -> None:
    """The engine drops it and all that come after it, in silence."""
    names = [f"f{i}" for i in range(30)]
    conditions = {name: leaf(name, Op.BELOW, 1) for name in names}
    assert of(conditions, observed(**dict.fromkeys(names, 1e-09))) == [names]


def test_infinity_lies_above_every_threshold() -> None:
    conditions: dict[str, Condition] = {"above": leaf("a", Op.ABOVE, 1.6e308), "below": leaf("a", Op.BELOW, 1.6e308)}
    assert of(conditions, observed(a=inf), observed(a=-inf)) == [["above"], ["below"]]


def test_large_whole_numbers_are_told_apart() -> None:
    conditions = {f"{x:.0e}": leaf("a", Op.EQUALS, x) for x in (1e20, 1e25, 1e30)}
    assert of(conditions, observed(a=1e30), observed(a=1e20)) == [["1e+30"], ["1e+20"]]


def test_words_and_truths_are_never_equal() -> None:
    """What compares a number with a word does not get as far: `test_a_condition_compares_like_with_like`."""
    values: dict[str, str | bool] = {
        "yes": True,
        "no": False,
        "word": "true",
        "capital": "True",
        "one": "1",
        "none": "",
    }
    conditions = {f"{fact} {name}": leaf(fact, Op.EQUALS, value) for fact in values for name, value in values.items()}
    assert of(conditions, observed(**values)) == [[f"{name} {name}" for name in values]]


@pytest.mark.parametrize(
    "one, other",
    [
        ("a" * 65_536, "b" * 65_536),
        ("a" * 65_536, ""),
        ("é", "e\u0301"),
        ("é", "\\u00e9"),
        ('"', '\\"'),
        ("a\nb", "a\\nb"),
        ("a b", "a!"),
        ("\x00", ""),
    ],
    # the name of a test is in the environment of what it starts, which has no room for long ones
    ids=lambda text: f"{text[:9]!a}-{len(text)}",
)
def test_texts_are_told_apart(one: str, other: str) -> None:
    conditions = {"one": leaf("a", Op.EQUALS, one), "other": leaf("a", Op.ONE_OF, other, "x")}
    companies = (observed(a=one), observed(a=other), observed(a="never mentioned"))
    assert of(conditions, *companies) == [["one"], ["other"], []]


def test_a_missing_fact_is_neither_there_nor_different() -> None:
    conditions: dict[str, Condition] = {"there": leaf("a", Op.KNOWN, True), "different": Not(leaf("a", Op.EQUALS, 5))}
    assert of(conditions, {}, observed(a=4.0)) == [[], ["there", "different"]]


# ---- names and identity


def test_names_that_are_one_to_the_engine_stay_two() -> None:
    conditions = {
        name: above(name, 5) for name in ("value", "uessnhu", "val", "id", "sid", "$s", "kind", "name", "a.b")
    }
    companies: list[Facts] = [{name: Observation(10.0)} for name in conditions]
    assert of(conditions, *companies) == [[name] for name in conditions]


def test_facts_with_equal_content_are_all_asserted() -> None:
    names = [f"f{i}" for i in range(400)]
    parts = tuple(above(name) for name in names)
    count: dict[str, Condition] = {"all": All(parts), "half": AtLeastN(50, parts[:90])}
    assert of(count, observed(**dict.fromkeys(names, 1.0))) == [["all", "half"]]


def test_numbers_whose_facts_collide_are_all_asserted() -> None:
    """As `{"integer": n}` the engine takes each of these for one that was there before."""
    numbers = {f"f{n}": float(n) for n in (46010, 78786, 95003, 60068)}
    assert of({n: leaf(n, Op.EQUALS, v) for n, v in numbers.items()}, observed(**numbers)) == [list(numbers)]


def test_one_company_leaves_nothing_behind_for_the_next() -> None:
    conditions: dict[str, Condition] = {"a": above("a"), "b": above("b"), "both": All((above("a"), above("b")))}
    companies: tuple[Facts, ...] = (observed(a=1.0), observed(b=1.0), {}, observed(a=1.0, b=1.0), {})
    assert of(conditions, *companies) == [["a"], ["b"], [], ["a", "b", "both"], []]


def test_a_company_may_have_more_facts_than_a_message_has_properties() -> None:
    names = [f"fact{i}" for i in range(600)]
    assert of({name: above(name) for name in names}, observed(**dict.fromkeys(names, 1.0))) == [names]


HOSTILE = (
    '"},"pri":0,"x":{"',
    "$or",
    "$nex",
    "$not",
    "sid",
    "a\x00b",
    "\\",
    "\n",
    "é" * 300,
    "x" * 100_000,
    "{}",
    "$m",
)


def test_no_name_and_no_text_of_a_file_reaches_the_engine() -> None:
    """So none can be a rule, an operator or a key of the engine's own, collide in its hash, or be too long for it."""
    conditions = {name: All((leaf(name, Op.EQUALS, name), leaf("n", Op.KNOWN, False))) for name in HOSTILE}
    policy = policy_set(tuple(Signal(name, when) for name, when in conditions.items()))
    for text in rulesets(policy):
        assert set(re.findall(r'"([^"]*)"', text)) <= ENGINE_WORDS | {
            f"{kind}{n}" for kind in ("", "r", "c", "sink") for n in range(500)
        }
    assert of(conditions, observed(**{name: name for name in HOSTILE})) == [list(HOSTILE)]


ENGINE_WORDS = {
    "all",
    "pri",
    "dist",
    "$and",
    "$lt",
    "$lte",
    "$gt",
    "$gte",
    "$neq",
    "kind",
    "name",
    "val",
    "b",
    "n",
    "s",
}
ENGINE_WORDS |= {"begin", "never"}


# ---- conditions


def test_an_alternative_that_holds_in_several_ways_fires_once() -> None:
    parts = tuple(above(name) for name in "abc")
    conditions: dict[str, Condition] = {
        "any": AnyOf(parts),
        "count": AtLeastN(2, parts),
        "same": AnyOf((parts[0], parts[0])),
    }
    assert of(conditions, observed(a=1.0, b=1.0, c=1.0)) == [["any", "count", "same"]]


def test_missing_facts_fire_only_what_asks_for_them() -> None:
    conditions = {f"s{i}": leaf(f"f{i}", Op.KNOWN, False) for i in range(200)}
    none, all_but_one = observed(), observed(**{f"f{i}": 1.0 for i in range(199)})
    assert of(conditions, none, all_but_one) == [list(conditions), ["s199"]]


def test_a_negation_is_the_same_wherever_it_stands() -> None:
    """First, between and last; of a fact, of a signal decided before, and of one that is decided in the same breath."""
    parts = (Not(SignalTest("s")), above("b"), Not(leaf("c", Op.BELOW, 5)), SignalTest("t"))
    orders = {"".join(map(str, order)): All(tuple(parts[i] for i in order)) for order in permutations(range(4))}
    conditions: dict[str, Condition] = {"s": above("a"), "t": Not(SignalTest("s")), **orders}
    good, bad = observed(a=0.0, b=1.0, c=9.0), observed(a=1.0, b=1.0, c=9.0)
    assert of(conditions, good, bad, observed(b=1.0, c=9.0)) == [["t", *orders], ["s"], []]


def test_the_order_of_the_facts_does_not_count() -> None:
    values = {"a": 1.0, "b": 0.0, "c": 3.0, "d": None}
    policy = policy_set(
        signals(s=All((above("a"), Not(above("b")))), t=AnyOf((above("d"), SignalTest("s")))), gates(G=SignalTest("t"))
    )
    found = agreed(policy, *(observed(**{name: values[name] for name in order}) for order in permutations(values)))
    assert all(conclusions == found[0] for conclusions in found)


def test_a_conjunction_may_be_longer_than_a_rule_of_the_engine() -> None:
    for size in (12, 13, 16, 17, 29, 150):
        names = [f"f{i}" for i in range(size)]
        everything = observed(**dict.fromkeys(names, 1.0))
        when: dict[str, Condition] = {
            "all": All(tuple(above(name) for name in names)),
            "none": Not(AnyOf(tuple(above(name) for name in names))),
        }
        assert of(when, everything, {**everything, "f11": Observation(0.0)}) == [["all"], []]


def test_a_fact_may_have_more_thresholds_than_a_node_has_tests() -> None:
    """511 hang the engine; more than 64 that hold at once lose the fact."""
    conditions = {f"s{i}": leaf("a", Op.ABOVE, i) for i in range(1100)}
    holding = [f"s{i}" for i in range(800)]
    assert of(conditions, observed(a=799.5)) == [holding]


def test_a_signal_may_have_more_readers_than_a_test_of_the_engine() -> None:
    """257 of them write past the end of a list in the engine."""
    readers = {f"r{i}": All((SignalTest("s"), above("b"))) for i in range(600)}
    conditions: dict[str, Condition] = {"s": above("a"), **readers}
    found = of(conditions, observed(a=1.0, b=1.0), observed(a=0.0, b=1.0))
    assert found == [["s", *readers], []]


def test_a_policy_may_have_more_rules_than_a_ruleset() -> None:
    conditions = {f"s{i}": leaf(f"f{i % 50}", Op.ABOVE, i % 7) for i in range(2200)}
    texts = rulesets(policy_set(signals(**conditions)))
    assert sum(len(json.loads(text)) for text in texts) > 4096
    assert max(len(json.loads(text)) for text in texts) < 1000
    assert of(conditions, observed(**{f"f{i}": 3.5 for i in range(50)})) == [
        [name for i, name in enumerate(conditions) if i % 7 < 3.5]
    ]


def test_salience_stays_in_the_range_of_the_engine() -> None:
    texts = rulesets(policy_set(signals(**{f"s{i}": above(f"f{i}") for i in range(1500)})))
    saliences = [rule["pri"] for text in texts for rule in json.loads(text).values()]
    assert (min(saliences), max(saliences)) == (0, 65535)


def test_signals_may_chain_as_long_as_they_like() -> None:
    chain = {f"s{i}": Not(SignalTest(f"s{i - 1}")) for i in range(1, 1200)}
    conditions: dict[str, Condition] = {"s0": above("a"), **chain}
    found = of(conditions, observed(a=1.0), {})
    assert found == [[f"s{i}" for i in range(0, 1200, 2)], []]


def test_conditions_may_nest_as_deep_as_a_file() -> None:
    when: Condition = above("a")
    for level in range(40):
        when = (Not(when), All((when, above("b"))), AnyOf((when, above("c"))), AtLeastN(1, (when,)))[level % 4]
    (found,) = agreed(policy_set(signals(s=when)), observed(a=1.0, b=1.0, c=0.0))
    assert found.truths["signal:s"] is not Truth.UNKNOWN

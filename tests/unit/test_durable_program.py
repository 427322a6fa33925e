"""How conditions become productions, how productions become rulesets, and what is refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from math import inf
from typing import Any

import pytest

from engine.backends.durable import DurableBackend
from engine.backends.durable_productions import Program
from engine.backends.durable_program import MAX_PREMISES, compile_policy
from engine.backends.durable_rulesets import BEGIN, blocks, number, ruleset_text
from engine.backends.reference import ReferenceBackend
from engine.condition import All, AnyOf, AtLeastN, Condition, FactTest, Not, Operand, Operator, SignalTest, Truth
from engine.diagnostics import EvaluationError, UnsupportedError
from engine.facts import Observation
from engine.policy import PolicySet, Signal
from tests.unit.tiny_policy import above, concluding, gates, leaf, observed, place, policy_set, signals


def compiled(condition: Condition) -> Program:
    return compile_policy(policy_set(signals(s=condition)))


def alternating(depth: int) -> Condition:
    """Written out as alternatives of conjunctions it would have 2 ** (2 ** (depth / 2)) of them."""
    if depth == 0:
        return above("a")
    kind = AnyOf if depth % 2 else All
    return kind((alternating(depth - 1), leaf(f"f{depth}", Operator.BELOW, depth)))


def test_nested_alternatives_grow_with_the_condition_and_not_with_their_product() -> None:
    pairs = All(tuple(AnyOf((above(f"a{i}"), above(f"b{i}"))) for i in range(40)))
    assert len(compiled(pairs).early.productions) < 40 * 4
    assert len(compiled(alternating(30)).early.productions) < 30 * 4


def test_a_count_takes_as_many_productions_as_n_times_the_parts() -> None:
    parts = tuple(above(f"f{i}") for i in range(40))
    assert len(compiled(AtLeastN(20, parts)).early.productions) < 4 * 20 * 21


def test_equal_parts_are_concluded_once() -> None:
    shared = AnyOf((above("a"), above("b")))
    turned = AnyOf((above("b"), above("a")))
    alone = compile_policy(policy_set(signals(s=All((shared, above("c"))))))
    twice = compile_policy(policy_set(signals(s=All((shared, above("c"))), t=All((above("d"), turned)))))
    of_t = [production for production in twice.early.productions if production.rule == "signal:t"]
    assert len(twice.early.productions) == len(alone.early.productions) + len(of_t)
    assert len(of_t) == len({twice.goals[p.goal] for p in of_t}) + 1


def test_a_goal_is_concluded_before_it_is_read() -> None:
    program = compile_policy(wide_policy())
    concluded: set[int] = set()
    for production in (*program.early.productions, *program.late.productions):
        assert {p.subject for p in production.premises if isinstance(p.subject, int)} <= concluded | {production.goal}
        concluded.add(production.goal)


def test_a_long_conjunction_is_chained() -> None:
    condition = All(tuple(above(f"f{i}") for i in range(200)))
    policy = policy_set(signals(s=condition))
    assert max(len(p.premises) for p in compile_policy(policy).early.productions) <= MAX_PREMISES
    everything = observed(**{f"f{i}": 1.0 for i in range(200)})
    with DurableBackend(policy) as backend:
        for facts, expected in (
            (everything, Truth.YES),
            ({**everything, "f150": Observation(0.0)}, Truth.NO),
            ({name: o for name, o in everything.items() if name != "f150"}, Truth.UNKNOWN),
        ):
            assert backend.run(facts, concluding())[0].truths == {"signal:s": expected}


@pytest.mark.parametrize(
    "value, text",
    [
        (1e-9, "1.0e-09"),
        (1.5e-9, "1.5e-09"),
        (1e300, "1.0e+300"),
        (3, "3.0"),
        (0.1, "0.1"),
        (-0.0, "-0.0"),
        (5e-324, "5.0e-324"),
    ],
)
def test_numbers_are_written_so_that_the_engine_reads_them(value: float, text: str) -> None:
    assert number(value) == text
    assert float(text) == value


# Every ruleset, however wide the policy, keeps to the part of the engine that is exact.


def wide_policy() -> PolicySet:
    """1,000 readers of one signal, 300 thresholds and 300 words on one fact, 500 facts, a count, and a late stratum."""
    readers = {f"reader{i}": All((SignalTest("s"), above("a"))) for i in range(1000)}
    levels = {f"level{i}": leaf("a", Operator.BELOW, i) for i in range(300)}
    words = tuple(f"word {i}" for i in range(300))
    others = {f"other{i}": leaf(f"f{i}", Operator.AT_LEAST, 0.5, if_missing=Truth.NO) for i in range(500)}
    return policy_set(
        signals(
            s=AnyOf((above("b"), leaf("c", Operator.CLEARLY_BELOW, 1))),
            word=leaf("word", Operator.ONE_OF, *words),
            count=AtLeastN(20, tuple(above(f"f{i}") for i in range(40))),
            **readers,
            **levels,
            **others,
        ),
        gates(G1=All(tuple(SignalTest(f"reader{i}") for i in range(40))), G2=Not(SignalTest("level7"))),
    )


def rulesets(program: Program) -> Iterator[dict[str, Any]]:
    for stratum in (program.early, program.late):
        for block in blocks(stratum):
            yield json.loads(block.text)


def conditions(ruleset: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Each condition as the path of its tests through the network."""
    for rule in ruleset.values():
        for condition in rule["all"]:
            (test,) = condition.values()
            yield tuple(map(json.dumps, test.get("$and", [test])))


def test_no_ruleset_comes_near_a_limit_of_the_engine() -> None:
    found = list(rulesets(compile_policy(wide_policy())))
    assert len(found) > 2
    for ruleset in found:
        assert len(ruleset) <= 1000
        paths = list(conditions(ruleset))
        below = Counter(path[:-1] for path in {path[:n] for path in paths for n in range(1, len(path) + 1)})
        assert max(below.values()) <= 400
        assert max(Counter(paths).values()) <= 200
        matching = Counter(path[:2] for path in set(paths) if len(path) == 3)
        assert max(matching.values(), default=0) <= 60 - 3
        assert all(1 <= len(rule["all"]) <= 12 for rule in ruleset.values())
        saliences = [rule["pri"] for name, rule in ruleset.items() if not name.startswith("sink")]
        assert saliences == list(range(len(saliences)))
        assert all(rule["dist"] == 0 for rule in ruleset.values())


def test_rulesets_use_nothing_that_the_engine_gets_wrong() -> None:
    for ruleset in rulesets(compile_policy(wide_policy())):
        words = set(re.findall(r"[$a-z]+", json.dumps(ruleset)))
        assert words <= {"all", "pri", "dist", "$and", "$lt", "$lte", "$gt", "$gte", "$neq"} | {
            *("kind", "name", "val", "begin", "never", "sink", "r", "c", "b", "n", "s", "e"),
        }


def engine_hash(text: str) -> int:
    """32-bit FNV-1a, by which the engine tells properties, aliases and ids apart."""
    value = 0x811C9DC5
    for byte in text.encode("ascii"):
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def test_no_two_names_or_ids_are_one_to_the_engine() -> None:
    aliases = [f"c{i}" for i in range(MAX_PREMISES)]
    names = ["id", "sid", "$s", "kind", "name", "val", "b", "n", "s", "$m", "$i", *aliases]
    ids = [str(i) for i in range(5000)] + ["sid-0"]
    assert len({*map(engine_hash, names)}) == len(names)
    assert len({*map(engine_hash, ids)}) == len(ids)
    program = compile_policy(wide_policy())
    assert max(port.index for block in blocks(program.early) for port in block.ports) < 5000


def test_a_wide_policy_concludes_what_the_definition_does() -> None:
    policy = wide_policy()
    facts = observed(a=150.0, b=0.0, word="word 299", **{f"f{i}": i / 40 for i in range(0, 500, 2)})
    facts["c"] = Observation(0.5, 0.4, 0.6)
    with DurableBackend(policy) as backend:
        assert backend.run(facts, concluding()) == ReferenceBackend(policy).run(facts, concluding())


def test_the_listing_names_what_every_rule_and_message_stands_for() -> None:
    when = All((AnyOf((above("a"), leaf("w", Operator.EQUALS, "é"))), leaf("b", Operator.KNOWN, False)))
    policy = policy_set((Signal("s", when, span=place(7)),), gates(G=SignalTest("s")))
    listing = json.loads(ruleset_text(compile_policy(policy)))
    assert [listing[key] for key in ("policy", "version", "engine")] == ["tiny", "1.2.3", "durable_rules 2.0.28"]
    assert listing["texts"] == {"1": "é"}
    (early,), (late,) = listing["early"], listing["late"]
    assert early["conclusions"]["r2"] == {"concludes": "signal:s is yes", "for": "signal:s", "at": "policy.yaml:7:1"}
    assert early["messages"]["2"] == {"kind": "0", "name": "2", "fact": "w: text"}
    assert late["messages"]["1"] == {"kind": "0", "name": "1", "goal": "signal:s is yes"}
    assert list(early["rules"]) == ["begin", *early["conclusions"], "sink0"]
    assert json.loads(BEGIN)["kind"] == early["rules"]["begin"]["all"][0]["b"]["kind"]


# What cannot be expressed is refused, all of it, with its place.


def at(line: int, threshold: float, operator: Operator = Operator.BELOW) -> FactTest:
    return FactTest("a", operator, (Operand(threshold, span=place(line)),), span=place(99))


def test_all_that_exceeds_the_engine_is_refused_in_one_go() -> None:
    too_many = AtLeastN(150, tuple(above(f"f{i}") for i in range(300)))
    policy = policy_set(
        (
            Signal("infinite", at(3, inf), span=place(2)),
            Signal("largest", Not(at(5, -1.7e308)), span=place(4)),
            Signal("large", at(7, 1e300), span=place(6)),
            Signal("count", too_many, span=place(8)),
        )
    )
    with pytest.raises(UnsupportedError) as caught:
        compile_policy(policy)
    assert [(d.code, str(d.span), d.message) for d in caught.value.diagnostics] == [
        ("engine-limit", "policy.yaml:3:1", "a threshold of `a` is too large for the engine (1.7e+308 at most)"),
        ("engine-limit", "policy.yaml:5:1", "a threshold of `a` is too large for the engine (1.7e+308 at most)"),
        ("engine-limit", "policy.yaml:8:1", "signal `count` needs up to 91,802 rules of the engine (10,000 at most)"),
    ]
    assert all("`--engine reference`" in d.hint for d in caught.value.diagnostics)


def test_a_policy_that_is_too_large_as_a_whole_is_refused_at_its_first_line() -> None:
    count = AtLeastN(40, tuple(above(f"f{i}") for i in range(80)))
    with pytest.raises(UnsupportedError) as caught:
        compile_policy(policy_set(Signal(f"s{i}", count) for i in range(20)))
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, str(diagnostic.span)) == ("engine-limit", "policy.yaml:1:1")
    assert diagnostic.message == "policy `tiny` needs up to 137,640 rules of the engine (100,000 at most)"


def test_a_value_that_compares_with_nothing_is_an_error_and_not_a_truth() -> None:
    with DurableBackend(policy_set(signals(s=above("a")))) as backend, pytest.raises(EvaluationError) as caught:
        backend.run(observed(a=float("nan")), concluding())
    assert caught.value.diagnostics[0].message == "fact `a` is not a number, and compares with nothing"


def test_sharing_does_not_change_what_is_concluded() -> None:
    """Every pair of six leaves under `any`, all pairs under `all`: the same goals over and over."""
    pairs = tuple(AnyOf(pair) for pair in combinations([above(f"f{i}") for i in range(6)], 2))
    policy = policy_set(signals(a=All(pairs), b=Not(All(pairs)), c=AtLeastN(8, pairs)))
    with DurableBackend(policy) as backend:
        for mask in range(64):
            facts = observed(**{f"f{i}": float(mask >> i & 1) for i in range(6) if mask != 3 * i})
            assert backend.run(facts, concluding()) == ReferenceBackend(policy).run(facts, concluding())

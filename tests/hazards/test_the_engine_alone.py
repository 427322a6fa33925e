"""The hazards are real: each of these, the engine does on this machine. docs/engine-hazards.md says why none reaches us."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.hazards.alone import Ended, alone

SOON, LONG = 1.0, 30.0


def complaint(number: int) -> Ended:
    return Ended(error=f"durable_rules_engine.error: Could not assert fact, error code: {number}")


class Fault(NamedTuple):
    """What is done to the engine, and what it does."""

    code: str
    ends: Ended
    seconds: float = LONG


FAULTS = {
    # values
    "batch-cut-off": Fault(
        """
        handle = E.create_ruleset("r", json.dumps({"r": rule({"$ex": {"v": 1}})}))
        print(E.assert_facts(handle, '[{"id":"1","v":1},{"id":"2","v":1e-09},{"id":"3","v":2}]')[0])
        match, count = E.start_action_for_state(handle, 1)[1], 0
        while match:
            match, count = E.complete_and_start_action(handle, 1), count + 1
        print(count)
        """,
        Ended("0\n1"),
    ),
    "bare-exponent": Fault("""fired({"r": rule({"$ex": {"v": 1}})}, '{"id":"1","v":1e-09}')""", complaint(204)),
    "infinity": Fault("""fired({"r": rule({"$ex": {"v": 1}})}, '{"id":"1","v":Infinity}')""", complaint(202)),
    "not-a-number": Fault("""print(fired({"r": rule({"$neq": {"v": 5}})}, '{"id":"1","v":NaN}'))""", Ended("[]")),
    "large-integers": Fault("""print(fired({"r": rule({"v": 10**20})}, {"id": "1", "v": 10**30}))""", Ended("['r']")),
    "true-is-one": Fault("""print(fired({"r": rule({"v": 1})}, {"id": "1", "v": True}))""", Ended("['r']")),
    "true-is-a-word": Fault("""print(fired({"r": rule({"v": True})}, {"id": "1", "v": "true"}))""", Ended("['r']")),
    "long-texts": Fault(
        """print(fired({"r": rule({"v": "a" * 65536})}, {"id": "1", "v": "b" * 65536}))""", Ended("['r']")
    ),
    "escaped-texts": Fault(
        """print(codes({"r": rule({"v": "é"})}, json.dumps({"id": "1", "v": "é"}, ensure_ascii=False)))""", Ended("[1]")
    ),
    "order-of-texts": Fault(
        """print(codes({"r": rule({"$lt": {"v": "a b"}})}, {"id": "1", "v": "a!"}))""", Ended("[1]")
    ),
    "nothing-is-something": Fault(
        """print(fired({"r": rule({"$ex": {"v": 1}})}, {"id": "1", "v": None}))""", Ended("['r']")
    ),
    # identity
    "names-collide": Fault(
        """print(fired({"r": rule({"$gt": {"value": 5}})}, {"id": "1", "uessnhu": 10}))""", Ended("['r']")
    ),
    "facts-collide": Fault("""print(codes({"r": rule({"$ex": {"v": 1}})}, '{"v":1}', '{"v":"1"}'))""", Ended("[0, 2]")),
    "sessions-collide": Fault(
        """
        one, other = {"sid": "f6059", "id": "1", "v": 1}, {"sid": "f264602", "id": "1", "v": 1}
        print(codes({"r": rule({"$ex": {"v": 1}})}, one, other))
        """,
        Ended("[0, 2]"),
    ),
    "nested-objects": Fault(
        """print(fired({"r": rule({"$gt": {"a.b": 1}})}, {"id": "1", "a": {"b": 5}}))""", Ended("['r']")
    ),
    "many-properties": Fault(
        """fired({"r": rule({"p1": 1})}, {"id": "1", **{f"p{i}": 1 for i in range(260)}})""", complaint(302)
    ),
    "long-ids": Fault("""fired({"r": rule({"v": 1})}, {"id": "x" * 9_000_000, "v": 1})""", Ended(signal="SIGSEGV")),
    # conditions
    "or-fires-twice": Fault(
        """print(fired({"r": rule({"$or": [{"a": 1}, {"b": 1}]})}, {"id": "1", "a": 1, "b": 1}))""", Ended("['r', 'r']")
    ),
    "any-fires-thrice": Fault(
        """print(fired({"r": {"any": [{"a": {"k": 1}}, {"b": {"k": 2}}]}}, {"id": "1", "k": 1}, {"id": "2", "k": 2}))""",
        Ended("['r', 'r', 'r']"),
    ),
    "missing-fires-for-itself": Fault(
        """print(fired({"r": rule({"$nex": {"v": 1}})}, {"id": "1", "v": 1}))""", Ended("['r']")
    ),
    "late-blocker": Fault(
        """print(fired({"r": {"all": [{"a": {"k": 1}}, {"u$not": {"k": 2}}]}}, {"id": "1", "k": 1}, {"id": "2", "k": 2}))""",
        Ended("['r']"),
    ),
    "negation-first": Fault(
        """print(fired({"r": {"all": [{"u$not": {"k": 2}}, {"a": {"k": 1}}]}}, {"id": "1", "k": 1}))""", Ended("[]")
    ),
    "missing-operand": Fault(
        """fired({"r": rule({"k": 1}, {"$gt": {"v": {"c0": "v"}}})}, {"id": "1", "k": 1}, {"id": "2", "v": 3})""",
        complaint(311),
    ),
    "second-test-ignored": Fault(
        """print(fired({"r": rule({"kind": 1, "v": 1})}, {"id": "1", "kind": 1, "v": 2}))""", Ended("['r']")
    ),
    # limits
    "17-conditions": Fault(
        """
        facts = [{"id": str(i), "k": i} for i in range(17)]
        fired({"r": rule(*({"k": i} for i in range(17)))}, *facts)
        """,
        complaint(304),
    ),
    "512-tests": Fault(
        """fired({f"r{i}": rule({"$gt": {"v": i}}) for i in range(520)}, {"id": "1", "v": 0})""", Ended(hung=True), SOON
    ),
    "258-readers": Fault(
        """
        phase = {"$and": [{"kind": "p"}, {"n": 1}]}
        fired({f"r{i}": rule(phase, {"$and": [{"kind": "f"}, {"name": i % 50}]}) for i in range(258)})
        """,
        Ended(error="durable_rules_engine.error: Could not create ruleset, error code: 108"),
    ),
    "65-matches": Fault(
        """fired({f"r{i}": rule({"$gt": {"v": i}}) for i in range(65)}, {"id": "1", "v": 1000})""", complaint(303)
    ),
    "4097-rules": Fault(
        """
        try:
            E.create_ruleset("r", json.dumps({f"r{i}": rule({"$and": [{"g": i // 100}, {"n": i}]}) for i in range(4097)}))
        except E.error as problem:
            print(problem)
        """,
        Ended("Could not create ruleset, error code: 106"),
    ),
    "large-salience": Fault(
        """print(fired({"a": rule({"v": 1}, pri=65536), "b": rule({"v": 1}, pri=1)}, {"id": "1", "v": 1}))""",
        Ended("['a', 'b']"),
    ),
    "1025-sessions": Fault(
        """
        handle = E.create_ruleset("r", json.dumps({"r": rule({"v": 1})}))
        try:
            for i in range(1025):
                E.assert_fact(handle, json.dumps({"sid": str(i), "id": "1", "v": 1}))
        except MemoryError:
            print("no room for session", i + 1)
        """,
        Ended("no room for session 1025"),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_engine_alone_goes_wrong(name: str) -> None:
    fault = FAULTS[name]
    assert alone(fault.code, fault.seconds) == fault.ends

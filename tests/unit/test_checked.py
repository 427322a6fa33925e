"""Whatever a backend concludes otherwise than the definition is found, told and never answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from engine.backends import Asked, Conclude
from engine.backends.checked import CheckedBackend
from engine.backends.durable import DurableBackend
from engine.backends.reference import ReferenceBackend, support
from engine.conclusion import Activation, Conclusions, Kind
from engine.condition import All, AnyOf, SignalTest, Truth
from engine.diagnostics import Diagnostic, EvaluationError
from engine.facts import Facts, Observation
from engine.strata import strata
from tests.unit.tiny_policy import LATE, above, concluding, gates, observed, policy_set, readings, signals

POLICY = policy_set(
    signals(s=above("a"), t=SignalTest("s"), u=above("b")),
    gates(G=All((SignalTest("t"), above(LATE)))),
    readings(r=above("b")),
)
FACTS = observed(a=1.0, b=None)
SCORE = observed(late=1.0)
DEFINITION = ReferenceBackend(POLICY)
Change = Callable[[Conclusions], Conclusions]


def unchanged(conclusions: Conclusions) -> Conclusions:
    return conclusions


@dataclass
class Wrong:
    """The definition, with something changed."""

    early: Change = unchanged
    late: Change = unchanged
    name: str = "wrong"
    closed: bool = False

    def run(self, facts: Facts, conclude: Conclude) -> tuple[Conclusions, Conclusions]:
        early, late = DEFINITION.run(facts, lambda conclusions: conclude(self.early(conclusions)))
        return self.early(early), self.late(late)

    def run_each(self, companies: Iterable[Asked]) -> Iterator[tuple[Conclusions, Conclusions]]:
        return (self.run(facts, conclude) for facts, conclude in companies)

    def close(self) -> None:
        self.closed = True


def truth(**changed: Truth) -> Change:
    return lambda found: replace(found, truths={**found.truths, **{f"signal:{n}": t for n, t in changed.items()}})


def fired(*activations: Activation) -> Change:
    return lambda found: replace(found, activations=activations)


def told(wrong: Wrong) -> tuple[str, EvaluationError]:
    with pytest.raises(EvaluationError) as caught:
        CheckedBackend(wrong, DEFINITION).run(FACTS, concluding(SCORE))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "engine-disagrees"
    assert caught.value.exit_code == 70
    start = "the engine `wrong` does not conclude what the definition does: "
    assert diagnostic.message.startswith(start)
    return diagnostic.message.removeprefix(start), caught.value


S = Activation(Kind.SIGNAL, "s", ("a",))
T = Activation(Kind.SIGNAL, "t", ("s",))
G = Activation(Kind.GATE, "G", ("t", "late"))


def test_what_both_conclude_is_answered_in_the_order_of_the_production_engine() -> None:
    turned = Wrong(early=lambda found: replace(found, activations=found.activations[::-1]))
    early, late = CheckedBackend(turned, DEFINITION).run(FACTS, concluding(SCORE))
    assert early.activations == (T, S)
    assert late.activations == (G,)


@pytest.mark.parametrize(
    "wrong, message",
    [
        (Wrong(early=truth(u=Truth.NO)), "signal:u is no, expected unknown"),
        (Wrong(early=fired(S)), "signal `t` because of s: fired 0 times, expected 1"),
        (Wrong(early=fired(S, T, T)), "signal `t` because of s: fired 2 times, expected 1"),
        (Wrong(late=fired()), "gate `G` because of t, late: fired 0 times, expected 1"),
        (
            Wrong(late=fired(Activation(Kind.GATE, "G", ("t",)))),
            "gate `G` because of t, late: fired 0 times, expected 1; gate `G` because of t: fired 1 times, expected 0",
        ),
        (
            Wrong(late=lambda found: replace(found, truths={})),
            "gate:G is absent, expected yes; reading:r is absent, expected unknown",
        ),
        (Wrong(late=truth(s=Truth.YES)), "signal:s is yes, expected absent"),
    ],
)
def test_every_difference_is_told(wrong: Wrong, message: str) -> None:
    assert told(wrong)[0] == message


def test_five_differences_are_listed_and_the_rest_counted() -> None:
    message, error = told(Wrong(early=lambda _: Conclusions({f"signal:x{i}": Truth.YES for i in range(9)}, ())))
    assert message.count("expected") == 5
    assert message.endswith("; and 9 more")
    assert len(str(error.report["problems"]).split("expected")) == 1 + 14


def test_nothing_is_concluded_from_a_wrong_early_stratum() -> None:
    score = concluding(SCORE)
    with pytest.raises(EvaluationError):
        CheckedBackend(Wrong(early=truth(s=Truth.NO)), DEFINITION).run(FACTS, score)
    assert [asked.truths["signal:s"] for asked in score.asked] == [Truth.YES]


def test_what_made_a_rule_true_is_what_is_decided_in_it() -> None:
    policy = policy_set(signals(s=AnyOf((above("a"), above("b"), SignalTest("t"))), t=above("c")))
    rules = {rule.name: rule for rule in strata(policy).early}
    known = {"t": Truth.UNKNOWN}
    assert support(rules["s"], observed(a=1.0), known) == ("a",)
    assert support(rules["s"], observed(a=-1.0, b=1.0), {"t": Truth.NO}) == ("a", "b", "t")


def test_the_score_is_asked_once() -> None:
    score = concluding(SCORE)
    CheckedBackend(Wrong(), DEFINITION).run(FACTS, score)
    assert len(score.asked) == 1


def test_the_report_says_what_it_takes_to_see_it_again() -> None:
    facts = {
        "a": Observation(1.0, 0.5, 1.5),
        "d": Observation(date(2026, 10, 31)),
        "m": Observation((1.0, 2.0), note="by hand"),
    }
    with pytest.raises(EvaluationError) as caught:
        CheckedBackend(Wrong(early=truth(u=Truth.NO)), DEFINITION).run(facts, concluding(SCORE))
    plain = {"low": None, "high": None, "interval_known": True, "ranged": False}
    assert json.loads(json.dumps(dict(caught.value.report))) == {
        "policy": "tiny",
        "version": "1.2.3",
        "engine": "wrong",
        "facts": {
            "a": {"value": 1.0, "low": 0.5, "high": 1.5, "interval_known": True, "ranged": False},
            "d": {**plain, "value": "2026-10-31"},
            "m": {**plain, "value": [1.0, 2.0]},
        },
        "problems": ["signal:u is no, expected unknown"],
    }


def test_a_failure_of_the_engine_gets_a_report_too() -> None:
    def crash(_: Conclusions) -> Conclusions:
        raise EvaluationError([Diagnostic("engine-crashed", "the rules engine crashed (SIGSEGV)")])

    with pytest.raises(EvaluationError) as caught:
        CheckedBackend(Wrong(late=crash), DEFINITION).run(FACTS, concluding(SCORE))
    assert [d.code for d in caught.value.diagnostics] == ["engine-crashed"]
    assert caught.value.report["problems"] == ["the rules engine crashed (SIGSEGV)"]


def test_it_is_called_and_closed_as_the_engine_that_it_checks() -> None:
    wrong = Wrong()
    checked = CheckedBackend(wrong, DEFINITION)
    assert checked.name == "wrong"
    checked.close()
    assert wrong.closed


def test_the_rules_engine_passes() -> None:
    backend = CheckedBackend(DurableBackend(POLICY), DEFINITION)
    assert backend.run(FACTS, concluding(SCORE)) == DEFINITION.run(FACTS, concluding(SCORE))
    backend.close()

"""What the annotated policy sets in tests/diagnostics do not show: silence, tried values, reachability by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import shipped
from engine.check import check
from engine.check.reach import MOST_COMBINATIONS, surveyed, unreachable_cases
from engine.conclusion import Kind
from engine.condition import (
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
    truth,
)
from engine.diagnostics import Diagnostic, Severity
from engine.facts import FactDefinition, FactType, Observation
from engine.layering import trial_overrides
from engine.loader import load
from engine.policy import Case, Evidence, PolicySet, Weight
from engine.scoring import decide
from engine.source import gather, locate
from tests.unit import tiny_policy as tiny

TODAY = date(2026, 10, 31)


def shipped_set(start: str = "steelyard:sales-focus", *tried: str) -> PolicySet:
    return load(gather(locate(start, shipped.policies()), shipped.policies()), trial_overrides(tried)).policy


def place(diagnostic: Diagnostic) -> str:
    return diagnostic.span.file if diagnostic.span else ""


INDICATORS = [indicator.name for indicator in shipped_set().indicators]


def test_the_shipped_set_has_no_problem() -> None:
    assert check(shipped_set(), TODAY) == ()


@pytest.mark.parametrize("name", INDICATORS)
def test_an_indicator_alone_has_no_problem(name: str) -> None:
    path = shipped.policies() / "sales-focus" / f"{name}.yaml"
    assert check(shipped_set(str(path)), TODAY) == ()


def test_a_review_date_is_a_warning_the_day_after_it() -> None:
    policy = shipped_set()
    dates = {layer.review_by for p in policy.parameters.values() for layer in p.layers if layer.review_by}
    assert check(policy, date.fromisoformat(min(dates))) == ()
    late = check(policy, date(2100, 1, 1))
    assert {(d.code, d.severity) for d in late} == {("review-overdue", Severity.WARNING)}
    assert len(late) >= len(dates)


def test_a_tried_value_is_told_where_it_was_given() -> None:
    tried = "stagnant-conversion.steady_leads=-5"
    message = "`$steady_leads` (`-5`) is no value of `funnel.leads_per_month`, which is 0 or more"
    hint = "correct the threshold, or the range of the fact in the catalogue"
    found = check(shipped_set("steelyard:sales-focus", tried), TODAY)
    assert [(d.code, d.message, d.hint, place(d)) for d in found] == [
        ("out-of-range", message, hint, f"--param {tried}")
    ]


def test_a_tried_value_that_closes_a_band_is_told_where_it_was_given() -> None:
    found = check(shipped_set("steelyard:sales-focus", "tilt_from=60"), TODAY)
    assert [(d.code, d.message, place(d)) for d in found] == [
        (
            "bands-out-of-order",
            "the bands of the score are out of order: `50` comes after `60`",
            "--param tilt_from=60",
        )
    ]


# ---- reachability

FACTS = {
    "x": FactDefinition("x", FactType.NUMBER, "x", sampled=True, minimum=0),
    "n": FactDefinition("n", FactType.COUNT, "n"),
    "c": FactDefinition("c", FactType.CATEGORY, "c", values=("p", "q", "r")),
    "b": FactDefinition("b", FactType.BOOLEAN, "b"),
    "d": FactDefinition("d", FactType.DATE, "d"),
}
NUMBERS = st.integers(0, 12).map(lambda quarter: quarter / 4)
DAYS = st.integers(738000, 738004).map(date.fromordinal)
ANSWERS = st.sampled_from([None, None, Truth.YES, Truth.NO])
COMPARISONS = [Operator.BELOW, Operator.AT_MOST, Operator.ABOVE, Operator.AT_LEAST, Operator.EQUALS]
INTERVALS = [Operator.CLEARLY_BELOW, Operator.CLEARLY_ABOVE, Operator.COVERS]


def comparing(
    fact: str, operators: Sequence[Operator], operand: st.SearchStrategy[object]
) -> st.SearchStrategy[FactTest]:
    return st.builds(
        lambda operator, value, missing: FactTest(fact, operator, (Operand(value),), missing),
        st.sampled_from(operators),
        operand,
        ANSWERS,
    )


LEAVES = st.one_of(
    comparing("x", COMPARISONS + INTERVALS, NUMBERS),
    comparing("x", COMPARISONS + INTERVALS, NUMBERS),
    st.tuples(NUMBERS, NUMBERS).map(
        lambda ends: FactTest("x", Operator.BETWEEN, (Operand(min(ends)), Operand(max(ends))))
    ),
    comparing("n", COMPARISONS + INTERVALS, NUMBERS),
    comparing("c", [Operator.EQUALS], st.sampled_from("pqr")),
    comparing("b", [Operator.EQUALS], st.booleans()),
    comparing("d", COMPARISONS, DAYS),
    st.builds(
        lambda fact, value: FactTest(fact, Operator.KNOWN, (Operand(value),)), st.sampled_from("xncb"), st.booleans()
    ),
    st.just(SignalTest("s")),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        parts.map(Not),
        st.lists(parts, min_size=1, max_size=3).map(lambda some: All(tuple(some))),
        st.lists(parts, min_size=1, max_size=3).map(lambda some: AnyOf(tuple(some))),
        st.lists(parts, min_size=2, max_size=3).map(lambda some: AtLeastN(2, tuple(some))),
    ),
    max_leaves=4,
)


@st.composite
def observations(draw: st.DrawFn) -> dict[str, Observation]:
    """The facts of one company, more finely graded than the thresholds."""
    eighths = st.integers(0, 26).map(lambda eighth: eighth / 8)
    low, value, high = sorted(draw(st.tuples(eighths, eighths, eighths)))
    count = draw(st.integers(0, 5))
    some = {
        "x": draw(
            st.sampled_from(
                [Observation(value), Observation(value, low, high), Observation(value, interval_known=False)]
            )
        ),
        "n": draw(st.sampled_from([Observation(count), Observation(count, max(0, count - 0.3), count + 0.7)])),
        "c": Observation(draw(st.sampled_from("pqr"))),
        "b": Observation(draw(st.booleans())),
        "d": Observation(draw(DAYS)),
    }
    known = draw(st.sets(st.sampled_from(list(some))))
    return {name: observation for name, observation in some.items() if name in known}


def item(whens: Sequence[Condition], outcomes: Sequence[float]) -> Evidence:
    cases = tuple(
        Case(f"i.e.{n}", when, outcome) for n, (when, outcome) in enumerate(zip(whens, outcomes, strict=True))
    )
    return Evidence("i.e", "e", Weight(1.0), "J", cases)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(CONDITIONS, st.sampled_from([-1.0, 0.0, 1.0])), min_size=1, max_size=4),
    LEAVES.filter(lambda leaf: isinstance(leaf, FactTest)),
    st.lists(observations(), min_size=6, max_size=6),
)
def test_what_is_said_to_be_out_of_reach_is_never_reached(
    cases: list[tuple[Condition, float]], signal: FactTest, companies: list[dict[str, Observation]]
) -> None:
    policy = replace(tiny.policy_set(signals=tiny.signals(s=signal)), catalogue=FACTS)
    whens, outcomes = [when for when, _ in cases], [outcome for _, outcome in cases]
    survey = surveyed(whens, policy, outcomes)
    assert survey is not None
    for facts in companies:
        signals = {"s": truth(signal, facts, {})}
        answers = [truth(when, facts, signals) for when in whens]
        assert {n for n, answer in enumerate(answers) if answer is Truth.YES} <= survey.holds
        truths = {f"{Kind.CASE}:i.e.{n}": answer for n, answer in enumerate(answers)}
        decided = decide(item(whens, outcomes), truths).case
        assert not decided or int(decided.rpartition(".")[2]) in survey.decides


def test_too_many_combinations_are_left_alone() -> None:
    facts = [f"f{n}" for n in range(20)]
    all_different = [All(tuple(tiny.above(fact, float(n)) for fact in facts)) for n in range(3)]
    assert MOST_COMBINATIONS < 3**20
    assert surveyed(all_different, tiny.policy_set(), [0, 1, 2]) is None


def test_signals_that_multiply_are_left_alone() -> None:
    chain: dict[str, Condition] = {"s0": tiny.above("f")}
    for n in range(1, 30):
        chain[f"s{n}"] = AnyOf((SignalTest(f"s{n - 1}"), Not(SignalTest(f"s{n - 1}"))))
    assert surveyed([SignalTest("s29")], tiny.policy_set(signals=tiny.signals(**chain))) is None


def test_bands_are_exhaustive_and_not_surveyed() -> None:
    indicator = tiny.indicator(tiny.above("f", 1.0), tiny.above("f", 2.0))
    with_cases = tiny.policy_set(indicators=[indicator])
    assert [d.code for d in unreachable_cases(with_cases)] == ["unreachable-case"]
    banded = replace(indicator, evidence=tuple(replace(e, exhaustive=True) for e in indicator.evidence))
    assert list(unreachable_cases(tiny.policy_set(indicators=[banded]))) == []

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import inf, isfinite, isnan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.diagnostics import Diagnostic, PolicyError, Span
from engine.facts import Observation, Origin
from engine.formula import Formula, evaluate, parameters, parse, reads, unparse
from engine.formula.tree import Call, FactRead, Function, Negation, Number, Operation, Operator, ParameterRead
from engine.policy import Parameter

PLUS, MINUS, TIMES, OVER = Operator.PLUS, Operator.MINUS, Operator.TIMES, Operator.OVER
A, B, C = FactRead("x.a"), FactRead("x.b"), FactRead("x.c")


def parameter(name: str, value: float | str | date, unit: str) -> Parameter:
    return Parameter(name, value, unit, "J", "a reason")


def facts(**values: float | Observation | date | None) -> dict[str, Observation]:
    """`a=1` is the fact `x.a`."""
    return {
        f"x.{name}": value if isinstance(value, Observation) else Observation(value)
        for name, value in values.items()
        if value is not None
    }


def around(value: float, low: float, high: float) -> Observation:
    return Observation(value, low, high)


def bare(value: float) -> Observation:
    """A sampled fact that came without its counts."""
    return Observation(value, interval_known=False)


def result(text: str, known: Mapping[str, Observation], infinite: bool = False) -> Observation | None:
    found = evaluate(parse(text), known, {"p": parameter("p", 10.0, "x")}, infinite)
    return found and replace(found, origin=Origin.STATED, inputs=())


# ---- reading


@pytest.mark.parametrize(
    "text, tree",
    [
        ("x.a", A),
        ("100", Number(100)),
        (".5", Number(0.5)),
        ("1.5e3", Number(1500)),
        ("2.3%", Number(0.023)),
        ("$p", ParameterRead("p")),
        ("x.a + x.b", Operation(PLUS, A, B)),
        ("x.a - x.b - x.c", Operation(MINUS, Operation(MINUS, A, B), C)),
        ("x.a − x.b × x.c ÷ 2", Operation(MINUS, A, Operation(OVER, Operation(TIMES, B, C), Number(2)))),
        ("x.a / (x.b + x.c)", Operation(OVER, A, Operation(PLUS, B, C))),
        ("x.a -x.b", Operation(MINUS, A, B)),
        ("-x.a * x.b", Operation(TIMES, Negation(A), B)),
        ("x.a - -1", Operation(MINUS, A, Negation(Number(1)))),
        ("min(x.a, x.b, 3)", Call(Function.MIN, (A, B, Number(3)))),
        ("max(x.a, 0)", Call(Function.MAX, (A, Number(0)))),
        ("first_known(x.a, x.b / 2)", Call(Function.FIRST_KNOWN, (A, Operation(OVER, B, Number(2))))),
        ("value_of(x.a)", Call(Function.VALUE_OF, (A,))),
        ("indicator.short-term-revenue.strength", FactRead("indicator.short-term-revenue.strength")),
        ("  score\n  + 1", Operation(PLUS, FactRead("score"), Number(1))),
    ],
)
def test_a_formula_is_read(text: str, tree: Formula) -> None:
    assert parse(text) == tree


def test_names_are_told_once_and_in_order() -> None:
    formula = parse("first_known(x.b, $q) + x.a * x.b / ($p - $q)")
    assert (reads(formula), parameters(formula)) == (("x.b", "x.a"), ("q", "p"))


# `^` underlines what the problem is about
SYNTAX = [
    (
        "x.a +",
        "     ^",
        "the formula ends after `+`",
        "write a number, a fact, a `$parameter` or an opening parenthesis",
    ),
    (
        "x.a + * x.b",
        "      ^",
        "nothing stands between `+` and `*`",
        "write a number, a fact, a `$parameter` or an opening parenthesis",
    ),
    (
        "* x.b",
        "^",
        "nothing stands before `*`",
        "write a number, a fact, a `$parameter` or an opening parenthesis",
    ),
    ("(x.a + x.b", "^", "`(` is not closed", "add `)`"),
    ("(x.a x.b)", "     ^^^", "a sign is missing before `x.b`", "join the two with + - * or /, or close `(` first"),
    ("x.a + x.b)", "         ^", "`)` closes nothing", "delete it, or open it further left"),
    ("x.a x.b", "    ^^^", "a sign is missing before `x.b`", "join the two with + - * or /"),
    ("1,200 * x.a", " ^", "`,` stands outside of a function", "numbers are written without commas: 1200, 0.5"),
    (
        "x.a ^ 2",
        "    ^",
        "`^` has no meaning in a formula",
        "formulas know + - * / and parentheses; formulas know min, max, first_known and value_of",
    ),
    ("maxi(x.a, 1)", "^^^^", "there is no function `maxi`", "did you mean `max`?"),
    (
        "sqrt(x.a)",
        "^^^^",
        "there is no function `sqrt`",
        "formulas know min, max, first_known and value_of",
    ),
    ("min + 1", "^^^", "`min` has no operands", "write them in parentheses: min(a, b)"),
    ("max(x.a)", "^^^^^^^^", "`max` takes two operands or more", "name another one, or leave `max` out"),
    ("value_of(x.a, x.b)", "^" * 18, "`value_of` takes one operand", "wrap each operand on its own"),
    ("x.a * $", "      ^", "`$` has no name", "write the name of a parameter right after it"),
    ("1e999", "^^^^^", "`1e999` is too large", "write a number below 1e300"),
]


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("text, underline, message, hint", SYNTAX)
def test_a_formula_that_cannot_be_read(text: str, underline: str, message: str, hint: str, quote: str) -> None:
    line = f"    formula: {quote}{text}{quote}"
    span = Span("facts.yaml", 7, 14, 7, len(line) + 1, line)
    with pytest.raises(PolicyError) as caught:
        parse(text, span)
    begin = 14 + len(quote) + underline.index("^")
    place = Span("facts.yaml", 7, begin, 7, begin + underline.count("^"))
    assert caught.value.diagnostics == (Diagnostic("formula-syntax", message, place, hint),)


def test_an_empty_formula() -> None:
    span = Span("facts.yaml", 7, 14, 7, 16, '    formula: ""')
    with pytest.raises(PolicyError) as caught:
        parse(" ", span)
    hint = "write how the fact is computed, or delete `formula:`"
    assert caught.value.diagnostics == (Diagnostic("formula-syntax", "the formula is empty", span, hint),)


def test_a_formula_over_several_lines_is_underlined_whole() -> None:
    span = Span("facts.yaml", 7, 14, 8, 4, "    formula: x.a +")
    with pytest.raises(PolicyError) as caught:
        parse("x.a + *", span)
    assert caught.value.diagnostics[0].span == span


@pytest.mark.parametrize(
    "text, message",
    [
        ("(" * 26 + "x.a" + ")" * 26, "the formula is nested more than 25 levels deep"),
        ("-" * 26 + "x.a", "the formula is nested more than 25 levels deep"),
        ("min(1, " * 26 + "x.a" + ")" * 26, "the formula is nested more than 25 levels deep"),
        (" + ".join(["x.a"] * 101), "the formula has more than 200 parts"),
        ("1 + " * 1_000_000, "the formula has more than 200 parts"),
    ],
)
def test_a_formula_that_is_too_large(text: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        parse(text)


def test_a_formula_as_large_as_it_may_be() -> None:
    assert reads(parse(" + ".join(["x.a"] * 100))) == ("x.a",)
    assert evaluate(parse(" + ".join(["x.a"] * 100)), facts(a=1), {}) == Observation(
        100.0, origin=Origin.DERIVED, inputs=("x.a",)
    )


def formulas(leaves: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    def larger(parts: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            st.builds(Negation, parts),
            st.builds(Operation, st.sampled_from(Operator), parts, parts),
            st.builds(Call, st.sampled_from([Function.MIN, Function.MAX, Function.FIRST_KNOWN]), several),
            st.builds(Call, st.just(Function.VALUE_OF), st.tuples(parts)),
        )

    return st.recursive(leaves, larger, max_leaves=8)


NUMBERS: st.SearchStrategy[Formula] = st.floats(0, 1e300).map(Number)
NAMES: st.SearchStrategy[Formula] = st.sampled_from(["x.a", "x.b", "x.c", "score", "indicator.a-b.state"]).map(FactRead)
PARAMETERS: st.SearchStrategy[Formula] = st.sampled_from(["p", "q_1"]).map(ParameterRead)


@given(formulas(st.one_of(NUMBERS, NAMES, PARAMETERS)))
def test_a_printed_formula_reads_the_same(formula: Formula) -> None:
    text = unparse(formula)
    assume(text.count("(") <= 20)
    assert parse(text) == formula
    assert parse(text.replace("*", "×").replace("/", "÷").replace(" - ", " − ")) == formula


@given(st.text(alphabet="x.ab+-*/(),$ 1min%é", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        formula = parse(text)
    except PolicyError as error:
        found = error.diagnostics
    else:
        assert parse(unparse(formula)) == formula
        return
    assert [problem.code for problem in found] == ["formula-syntax"]


# ---- the value


@pytest.mark.parametrize(
    "text, known, value",
    [
        ("x.a + x.b * 2", facts(a=1, b=3), 7),
        ("(x.a + x.b) * 2", facts(a=1, b=3), 8),
        ("x.a - x.b - 1", facts(a=1, b=3), -3),
        ("x.a / x.b / 2", facts(a=3, b=2), 0.75),
        ("-x.a * $p", facts(a=3), -30),
        ("min(x.a, x.b, 2)", facts(a=3, b=4), 2),
        ("max(x.a, x.b, 2)", facts(a=3, b=4), 4),
        ("first_known(x.a, x.b, 2)", facts(b=4), 4),
        ("first_known(x.a / x.b, 2)", facts(a=1, b=0), 2),
        ("first_known(x.a, x.b)", facts(), None),
        ("x.a + x.b", facts(a=1), None),
        ("min(x.a, x.b)", facts(a=1), None),
        ("value_of(x.a)", facts(), None),
        ("-x.a", facts(), None),
        ("x.a / x.b", facts(a=1, b=0), None),
        ("x.a / x.b", facts(a=0, b=0), None),
        ("0 * x.a", facts(a=5), 0),
    ],
)
def test_a_value(text: str, known: dict[str, Observation], value: float | None) -> None:
    found = result(text, known)
    assert found == (None if value is None else Observation(float(value)))


@pytest.mark.parametrize(
    "text, known, value",
    [
        ("x.a / x.b", facts(a=1, b=0), inf),
        ("x.a / x.b", facts(a=0, b=0), None),
        ("x.a / x.b", facts(a=-1, b=0), None),
        ("x.a / x.b", facts(a=1, b=-0.0), inf),
        ("x.a / x.b + 1", facts(a=1, b=0), inf),
        ("1 - x.a / x.b", facts(a=1, b=0), -inf),
        ("x.a / x.b - x.a / x.b", facts(a=1, b=0), None),
        ("0 * (x.a / x.b)", facts(a=1, b=0), None),
        ("1 / (x.a / x.b)", facts(a=1, b=0), 0),
        ("(x.a / x.b) / (x.a / x.b)", facts(a=1, b=0), None),
        ("min(x.a / x.b, 12)", facts(a=1, b=0), 12),
    ],
)
def test_a_division_by_zero_may_be_infinite(text: str, known: dict[str, Observation], value: float | None) -> None:
    found = result(text, known, infinite=True)
    assert found == (None if value is None else Observation(float(value)))


@pytest.mark.parametrize(
    "text, value",
    [("x.a * x.a", 1e300), ("-x.a * x.a", -1e300), ("x.a / 1e-300", 1e300), ("x.a + x.a", 1e300)],
)
def test_a_result_stays_within_bounds(text: str, value: float) -> None:
    assert result(text, facts(a=1e300)) == Observation(value)


@pytest.mark.parametrize(
    "text, known, expected",
    [
        # one operand with an interval: carried through its end points
        ("x.a + 2", facts(a=around(3, 1, 6)), around(5, 3, 8)),
        ("2 - x.a", facts(a=around(3, 1, 6)), around(-1, -4, 1)),
        ("-x.a", facts(a=around(3, 1, 6)), around(-3, -6, -1)),
        ("x.a * x.b", facts(a=around(3, 1, 6), b=-2), around(-6, -12, -2)),
        ("x.a * x.b", facts(a=around(3, -1, 6), b=0), around(0, 0, 0)),
        ("x.a / x.b", facts(a=12, b=around(3, 1, 6)), around(4, 2, 12)),
        ("x.a / x.b", facts(a=12, b=around(-3, -6, -1)), around(-4, -12, -2)),
        ("x.a / x.b", facts(a=around(3, 1, 6), b=2), around(1.5, 0.5, 3)),
        ("min(x.a, 4)", facts(a=around(3, 1, 6)), around(3, 1, 4)),
        ("max(0, x.a, 4)", facts(a=around(3, 1, 6)), around(4, 4, 6)),
        ("first_known(x.b, x.a)", facts(a=around(3, 1, 6)), around(3, 1, 6)),
        ("first_known(x.b, x.a)", facts(a=around(3, 1, 6), b=2), Observation(2.0)),
        # a divisor that could be zero
        ("x.a / x.b", facts(a=12, b=around(3, -1, 6)), None),
        ("x.a / x.b", facts(a=12, b=around(3, 0, 6)), None),
        ("x.a / x.b", facts(a=12, b=around(-3, -6, 0)), None),
        ("x.a / x.b", facts(a=around(3, 1, 6), b=around(3, 0, 6)), None),
        # two: a value, and an interval that is not known
        ("x.a + x.b", facts(a=around(3, 1, 6), b=around(2, 1, 3)), bare(5)),
        ("x.a - x.a", facts(a=around(3, 1, 6)), bare(0)),
        ("min(x.a, x.b, 1)", facts(a=around(3, 1, 6), b=around(2, 1, 3)), bare(1)),
        ("(x.a + x.b) * 2", facts(a=around(3, 1, 6), b=around(2, 1, 3)), bare(10)),
        # a sampled fact without counts
        ("x.a + 2", facts(a=bare(3)), bare(5)),
        ("12 / x.a", facts(a=bare(3)), bare(4)),
        ("x.a + x.b", facts(a=bare(3), b=around(2, 1, 3)), bare(5)),
        ("max(x.a, 2)", facts(a=bare(3)), bare(3)),
        ("12 / x.a", facts(a=bare(0)), None),
        # the interval dropped
        ("value_of(x.a)", facts(a=around(3, 1, 6)), Observation(3.0)),
        ("value_of(x.a) * 2", facts(a=bare(3)), Observation(6.0)),
        ("x.a / value_of(x.b)", facts(a=around(3, 1, 6), b=around(2, -1, 3)), around(1.5, 0.5, 3)),
    ],
)
def test_an_interval(text: str, known: dict[str, Observation], expected: Observation | None) -> None:
    assert result(text, known) == expected


def test_an_uncertain_number_over_zero_is_infinite_without_an_interval_unless_all_of_it_is() -> None:
    assert result("x.a / x.b", facts(a=around(3, -1, 6), b=0), infinite=True) == bare(inf)
    assert result("x.a / x.b", facts(a=around(3, 1, 6), b=0), infinite=True) == around(inf, inf, inf)


def test_dates_subtract_to_days() -> None:
    known = facts(a=date(2026, 10, 31), b=date(2026, 9, 30))
    assert result("x.a - x.b", known) == Observation(31.0)
    assert result("min(x.a, x.b)", known) == Observation(date(2026, 9, 30))
    assert result("first_known(x.c, x.a)", known) == Observation(date(2026, 10, 31))
    assert result("max(x.a, x.b) - x.b + 1", known) == Observation(32.0)
    found = evaluate(parse("x.a - $start"), known, {"start": parameter("start", date(2026, 10, 1), "")})
    assert found is not None
    assert found.value == 30.0


def test_the_facts_that_were_used_are_named() -> None:
    found = evaluate(parse("first_known(x.c, x.a) + x.b * x.a"), facts(a=1, b=2), {})
    assert found == Observation(3.0, origin=Origin.DERIVED, inputs=("x.a", "x.b"))


def test_what_stays_true_whatever_becomes_known() -> None:
    formula = parse("first_known(x.a, x.b) + 1")
    assert evaluate(formula, facts(b=2), {}, strict_first_known=True) is None
    assert evaluate(formula, facts(a=2), {}, strict_first_known=True) is not None


FINITE = st.floats(-1e6, 1e6)


@st.composite
def uncertain(draw: st.DrawFn) -> Observation:
    low, value, high = sorted([draw(FINITE), draw(FINITE), draw(FINITE)])
    return around(value, low, high)


# x.a, the one uncertain fact, once: within that end points are exact
ONCE = st.recursive(
    st.just(A),
    lambda part: st.one_of(
        st.builds(Negation, part),
        st.builds(Operation, st.sampled_from(Operator), part, st.sampled_from([B, Number(3.5)])),
        st.builds(Operation, st.sampled_from(Operator), st.sampled_from([B, Number(3.5)]), part),
        st.builds(
            lambda f, x: Call(f, (x, B)), st.sampled_from([Function.MIN, Function.MAX, Function.FIRST_KNOWN]), part
        ),
    ),
    max_leaves=4,
)


@given(ONCE, uncertain(), FINITE)
def test_end_points_hold_every_value_between_them(formula: Formula, a: Observation, b: float) -> None:
    found = evaluate(formula, facts(a=a, b=b), {})
    assume(found is not None and found.has_interval)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert a.low is not None
    assert a.high is not None
    slack = 1e-9 * max(1.0, abs(found.low), abs(found.high))
    assert found.low - slack <= found.number <= found.high + slack
    for step in range(101):
        point = a.low + (a.high - a.low) * step / 100
        inside = evaluate(formula, facts(a=min(point, a.high), b=b), {})
        if inside is not None:
            assert found.low - slack <= inside.number <= found.high + slack


ANY = st.one_of(
    st.none(),
    st.floats(-1e300, 1e300).map(Observation),
    st.just(Observation(inf)),
    st.floats(-1e3, 1e3).map(bare),
    uncertain(),
)


@given(formulas(st.one_of(NUMBERS, st.sampled_from([A, B]), st.just(ParameterRead("p")))), ANY, ANY, st.booleans())
def test_a_result_is_never_nonsense(
    formula: Formula, a: Observation | None, b: Observation | None, infinite: bool
) -> None:
    found = evaluate(formula, facts(a=a, b=b), {"p": parameter("p", 0.0, "x")}, infinite)
    if found is None:
        return
    assert not isnan(found.number)
    assert not isfinite(found.number) or abs(found.number) <= 1e300
    if found.low is not None and found.high is not None:
        assert found.low <= found.number <= found.high


@given(formulas(st.sampled_from([A, B, C])), ANY, ANY, ANY)
def test_a_strict_value_is_the_value(
    formula: Formula, a: Observation | None, b: Observation | None, c: Observation | None
) -> None:
    known = facts(a=a, b=b, c=c)
    strict = evaluate(formula, known, {}, strict_first_known=True)
    if strict is not None:
        assert strict == evaluate(formula, known, {})

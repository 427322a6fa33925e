from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalogue import build_catalogue
from engine.condition import Literal
from engine.document import Fields, parse
from engine.facts import Catalogue, Observation, Origin
from engine.formula import derive, in_order, is_certain, is_total, order, problems
from engine.policy import Parameter

GIVEN: dict[str, tuple[Literal, str]] = {
    "days_per_month": (30.0, "days/month"),
    "months_per_year": (12.0, "months/year"),
    "floor": (0.5, "rate"),
    "target": (1000.0, "USD"),
    "rival": (1000.0, "EUR"),
    "start": (date(2026, 1, 1), ""),
    "owner": ("sales", ""),
    "growth.limit": (3.0, "x"),
}
PARAMETERS = {name: Parameter(name, value, unit, "J", "a reason") for name, (value, unit) in GIVEN.items()}
HEAD = """\
facts:
  a.rate: {type: rate, title: rate, sampled: true}
  a.other_rate: {type: rate, title: other rate, sampled: true}
  a.share: {type: rate, title: share}
  a.growth: {type: number, unit: ratio, title: growth}
  a.gap: {type: pp, title: gap}
  a.days: {type: duration, unit: days, title: days}
  a.horizon: {type: duration, unit: days, title: horizon, min: 1}
  a.months: {type: duration, unit: months, title: months}
  a.leads: {type: number, unit: leads/month, title: leads}
  a.deals: {type: count, unit: deals, title: deals}
  a.reps: {type: count, unit: people, title: reps}
  a.cash: {type: money, title: cash}
  a.burn: {type: money, per: month, title: burn}
  a.acv: {type: money, per: year, title: value}
  a.from: {type: date, title: from}
  a.to: {type: date, title: to}
  a.trend: {type: category, values: [up, down], title: trend}
  a.open: {type: boolean, title: open}
"""


def catalogue(entries: str) -> Catalogue:
    """The catalogue above with `name: type, unit: formula` entries added; each is on a line of its own from 20."""
    document = parse(HEAD + "".join(f"  {line}\n" for line in entries.splitlines()), "facts.yaml")
    assert isinstance(document, Fields)
    return build_catalogue(document, [], "sales", "marketing")


def told(entries: str) -> list[str]:
    """What is wrong, with the text that is underlined."""
    found = []
    for problem in problems(catalogue(entries), PARAMETERS, "USD"):
        span = problem.span
        assert span is not None
        underlined = span.text[span.column - 1 : span.end_column - 1]
        found.append(f"{span.line}: {underlined}: {problem.code}: {problem.message}: {problem.hint}")
    return found


# ---- units


@pytest.mark.parametrize(
    "entry",
    [
        "{type: duration, unit: months, formula: a.cash / a.burn}",
        "{type: duration, unit: month, formula: a.days / $days_per_month + a.months}",
        "{type: duration, unit: months, formula: a.cash / (a.acv * a.share) * $months_per_year}",
        "{type: duration, unit: days, formula: a.to - a.from}",
        "{type: duration, unit: days, formula: 'max(a.to, a.from) - $start'}",
        "{type: date, formula: 'first_known(a.to, a.from)'}",
        "{type: pp, formula: 100 * (a.growth - a.share)}",
        "{type: pp, formula: (a.growth - a.share) * 100}",
        "{type: pp, formula: 100 * a.share * (1 - $floor)}",
        "{type: pp, formula: '100 * a.share * max(0, a.gap / (100 * a.growth))'}",
        "{type: rate, formula: a.gap / 100}",
        "{type: number, unit: x, formula: a.cash / $target}",
        "{type: number, unit: index, formula: a.growth / a.share}",
        "{type: number, unit: ratio, formula: -a.growth + 1}",
        "{type: number, unit: deals/person, formula: a.deals / a.reps}",
        "{type: number, unit: deals per person, formula: a.deals / a.reps}",
        "{type: number, unit: leads, formula: a.leads * a.months}",
        "{type: money, formula: 'max(0, a.cash - $target)'}",
        "{type: money, per: month, formula: a.acv / $months_per_year}",
        "{type: money, per: month, formula: a.burn * 2}",
        "{type: count, unit: deal, formula: value_of(a.deals)}",
    ],
)
def test_units_that_fit(entry: str) -> None:
    assert told(f"b.fact: {entry}") == []


MIX = "convert one of them with a `$parameter` such as 30.4 days/month"
CHANGE = "change the formula, or the unit of the fact"


@pytest.mark.parametrize(
    "entry, expected",
    [
        (
            "{type: duration, unit: months, formula: a.days + a.months}",
            f"a.days + a.months: formula-unit: `+` needs equal units, and here are `day` and `month`: {MIX}",
        ),
        (
            "{type: duration, unit: months, formula: a.months + 3}",
            "a.months + 3: formula-unit: `+` needs equal units, and here are `month` and no unit: "
            "give the number as a `$parameter`, which has a unit",
        ),
        (
            "{type: pp, formula: 'min(a.gap, a.share)'}",
            "min(a.gap, a.share): formula-unit: `min` needs equal units, and here are `pp` and no unit: "
            "`100 * ` makes points (pp) of a rate or ratio",
        ),
        (
            "{type: pp, formula: a.growth - a.share}",
            "a.growth - a.share: formula-unit: the formula of `b.fact` gives no unit, and the fact has `pp`: "
            "write 100 * (a.growth - a.share)",
        ),
        (
            "{type: number, unit: x, formula: 100 * a.share}",
            "100 * a.share: formula-unit: the formula of `b.fact` gives `pp`, and the fact has no unit: "
            "leave `100 * ` out, or make the fact one of type `pp`",
        ),
        (
            "{type: duration, unit: months, formula: a.cash / a.acv}",
            f"a.cash / a.acv: formula-unit: the formula of `b.fact` gives `year`, and the fact has `month`: {CHANGE}",
        ),
        (
            "{type: money, formula: 'first_known(a.cash, $rival)'}",
            "first_known(a.cash, $rival): formula-unit: "
            f"`first_known` needs equal units, and here are `USD` and `EUR`: {MIX}",
        ),
        (
            "{type: number, unit: x, formula: a.deals * a.reps}",
            "a.deals * a.reps: formula-unit: the formula of `b.fact` gives `deal*person`, and the fact has no unit: "
            f"{CHANGE}",
        ),
        (
            "{type: number, unit: x, formula: 1 / a.reps / a.reps}",
            "1 / a.reps / a.reps: formula-unit: the formula of `b.fact` gives `1/person/person`, "
            f"and the fact has no unit: {CHANGE}",
        ),
        (
            "{type: date, formula: a.from + a.to}",
            "a.from + a.to: formula-unit: a date cannot be computed with here: "
            "a date can be subtracted from a date, which gives days",
        ),
        (
            "{type: duration, unit: days, formula: (a.to - a.from) * a.from}",
            "a.from: formula-unit: a date cannot be computed with here: "
            "a date can be subtracted from a date, which gives days",
        ),
        (
            "{type: duration, unit: days, formula: -a.from}",
            "a.from: formula-unit: a date cannot be computed with here: "
            "a date can be subtracted from a date, which gives days",
        ),
        (
            "{type: date, formula: a.from - a.days}",
            f"a.from - a.days: formula-unit: `-` needs equal units, and here are `date` and `day`: {MIX}",
        ),
    ],
)
def test_units_that_do_not_fit(entry: str, expected: str) -> None:
    assert told(f"b.fact: {entry}") == [f"20: {expected}"]


# ---- samples


@pytest.mark.parametrize(
    "formula",
    [
        "a.rate / value_of(a.other_rate)",
        "first_known(a.rate, a.other_rate)",
        "value_of(a.rate + value_of(a.other_rate)) + a.rate",
        "a.rate / a.share",
    ],
)
def test_one_sample_is_enough(formula: str) -> None:
    assert told(f"b.fact: {{type: number, unit: x, formula: '{formula}'}}") == []


@pytest.mark.parametrize(
    "formula, underlined",
    [
        ("a.rate / a.other_rate", "a.rate / a.other_rate"),
        ("2 * (a.rate - a.rate)", "(a.rate - a.rate)"),
        ("max(0, a.rate, a.other_rate)", "max(0, a.rate, a.other_rate)"),
        ("b.sampled * a.rate", "b.sampled * a.rate"),
    ],
)
def test_two_samples_are_too_many(formula: str, underlined: str) -> None:
    entries = (
        f"b.fact: {{type: number, unit: x, formula: '{formula}'}}\n"
        "b.sampled: {type: number, unit: x, formula: '1 - a.rate'}"
    )
    assert told(entries) == [
        f"20: {underlined}: two-sampled: the formula of `b.fact` joins two sampled operands, whose common interval "
        "is not known: wrap the one that is known better: value_of() drops its interval"
    ]


# ---- names and types


@pytest.mark.parametrize(
    "formula, expected",
    [
        ("a.rat", "a.rat: unknown-fact: fact `a.rat` is not in the catalogue: did you mean `a.rate`?"),
        (
            "zzz + 1",
            "zzz: unknown-fact: fact `zzz` is not in the catalogue: "
            "add it to the catalogue, or give a number or a `$parameter`",
        ),
        (
            "a.growth-a.share",
            "a.growth-a.share: unknown-fact: fact `a.growth-a.share` is not in the catalogue: "
            "a minus sign has spaces around it",
        ),
        (
            "$flor",
            "$flor: unknown-parameter: there is no parameter `$flor` in the policy set: did you mean `floor`?",
        ),
        (
            "$zzz",
            "$zzz: unknown-parameter: there is no parameter `$zzz` in the policy set: "
            "add it to `parameters:` of the policy set, with its grade and its reason",
        ),
        (
            "$growth.limit",
            "$growth.limit: unknown-parameter: there is no parameter `$growth.limit` in the policy set: "
            "move it to the policy set: an indicator's own parameters have no meaning in the catalogue",
        ),
        (
            "$owner",
            "$owner: formula-type: parameter `$owner` is not a number: formulas compute with numbers and dates",
        ),
        (
            "a.trend",
            "a.trend: formula-type: `a.trend` is a category and cannot stand in a formula: "
            "formulas compute with numbers and dates",
        ),
    ],
)
def test_names_that_mean_nothing(formula: str, expected: str) -> None:
    assert told(f"b.fact: {{type: number, unit: x, formula: '{formula}'}}") == [f"20: {expected}"]


def test_a_word_cannot_be_computed() -> None:
    assert told("b.fact: {type: boolean, formula: a.rate}") == [
        "20: a.rate: formula-type: `b.fact` is a boolean and cannot have a formula: "
        "formulas give numbers and dates; ask for this fact"
    ]


def test_everything_is_told_at_once() -> None:
    assert len(told("b.one: {type: rate, formula: a.rat + $flor}\nb.two: {type: rate, formula: a.trend}")) == 3


# ---- cycles


def test_a_fact_that_reads_itself() -> None:
    assert told("b.one: {type: rate, formula: b.one + 1}") == [
        "20: b.one: formula-cycle: `b.one` reads itself: name the facts that it is computed from"
    ]


def test_facts_that_read_each_other() -> None:
    entries = (
        "b.one: {type: rate, formula: a.share + b.two}\n"
        "b.two: {type: rate, formula: b.three}\n"
        "b.three: {type: rate, formula: 1 - b.one}\n"
        "b.four: {type: rate, formula: b.five}\n"
        "b.five: {type: rate, formula: b.four}\n"
        "b.six: {type: rate, formula: b.five}\n"
    )
    assert sorted(told(entries)) == [
        "20: b.two: formula-cycle: `b.one` reads itself: `b.one` -> `b.two` -> `b.three` -> `b.one`: "
        "delete one of these formulas",
        "23: b.five: formula-cycle: `b.four` reads itself: `b.four` -> `b.five` -> `b.four`: "
        "delete one of these formulas",
    ]


def chain(length: int) -> str:
    links = "".join(f"b.n{n}: {{type: rate, formula: b.n{n - 1}}}\n" for n in range(1, length))
    return "b.n0: {type: rate, formula: a.share}\n" + links


def test_a_chain_may_be_long_but_not_endless() -> None:
    assert told(chain(50)) == []
    assert told(chain(60)) == [
        "70: b.n49: formula-chain: more than 50 formulas read each other in a row, up to `b.n50`: "
        "derive it from fewer steps"
    ]


# ---- deriving


LADDER = (
    "b.last: {type: pp, formula: 100 * b.middle}\n"
    "b.middle: {type: rate, formula: a.share / a.growth}\n"
    "b.late: {type: pp, formula: move.proposed_high - b.last}\n"
)


def test_facts_come_after_those_they_read() -> None:
    assert order(catalogue(LADDER)) == ("b.middle", "b.last", "b.late")


def test_facts_are_derived_in_order() -> None:
    known = {"a.share": Observation(0.2), "a.growth": Observation(0.5)}
    found, warnings = derive(in_order(catalogue(LADDER)), {}, known)
    assert warnings == ()
    assert found == {
        **known,
        "b.middle": Observation(0.4, origin=Origin.DERIVED, inputs=("a.share", "a.growth")),
        "b.last": Observation(40.0, origin=Origin.DERIVED, inputs=("b.middle",)),
    }
    late, _ = derive(
        in_order(catalogue(LADDER)), {}, {**found, "move.proposed_high": Observation(15.0)}, only_late=True
    )
    assert late["b.late"] == Observation(-25.0, origin=Origin.DERIVED, inputs=("move.proposed_high", "b.last"))


def test_a_missing_operand_makes_all_after_it_missing() -> None:
    assert derive(in_order(catalogue(LADDER)), {}, {"a.share": Observation(0.2)}) == ({"a.share": Observation(0.2)}, ())


@pytest.mark.parametrize(
    "stated, warns",
    [
        (Observation(8.0), False),
        (Observation(8.08), False),
        (Observation(8.09), True),
        (Observation(7.9), True),
        (Observation(9.0, 7.0, 10.0), False),
        (Observation(9.0, 8.5, 10.0), True),
        (Observation(0.0), True),
    ],
)
def test_a_stated_value_wins_and_a_difference_is_said(stated: Observation, warns: bool) -> None:
    entries = "b.runway: {type: duration, unit: months, title: runway, formula: a.cash / a.burn}"
    known = {"a.cash": Observation(80.0), "a.burn": Observation(10.0), "b.runway": stated}
    found, warnings = derive(in_order(catalogue(entries)), {}, known, currency="USD")
    assert found == known
    assert len(warnings) == warns
    if warns:
        assert (warnings[0].code, warnings[0].message, warnings[0].hint) == (
            "stated-differs",
            f"`b.runway` is stated as {stated.value:g} months, and its formula gives 8 months",
            "the stated value is used; correct it or `a.cash`, `a.burn`, or leave it out",
        )


def test_a_stated_value_that_the_facts_do_not_contradict() -> None:
    entries = "b.runway: {type: duration, unit: months, formula: a.cash / a.burn}"
    known = {"a.cash": Observation(80.0), "b.runway": Observation(3.0)}
    assert derive(in_order(catalogue(entries)), {}, known) == (known, ())


def test_a_result_that_cannot_be_is_said() -> None:
    entries = "b.fact: {type: rate, formula: a.share / a.growth}"
    found, (warning,) = derive(
        in_order(catalogue(entries)), {}, {"a.share": Observation(0.5), "a.growth": Observation(0.2, 0.1, 0.3)}
    )
    assert found["b.fact"].value == 2.5
    assert (warning.code, warning.message, warning.hint) == (
        "derived-out-of-range",
        "the formula of `b.fact` gives 250 %, which cannot be",
        "check `a.share`, `a.growth`",
    )


def test_an_infinite_result_is_not_out_of_range() -> None:
    entries = "b.fact: {type: duration, unit: months, max: 60, formula: a.cash / a.burn, zero_divisor: infinite}"
    known = {"a.cash": Observation(1.0), "a.burn": Observation(0.0)}
    found, warnings = derive(in_order(catalogue(entries)), {}, known)
    assert (found["b.fact"].value, warnings) == (float("inf"), ())


# ---- what is final


@pytest.mark.parametrize(
    "formula, total",
    [
        ("a.share + a.growth", True),
        ("a.share * 2 - $floor", True),
        ("a.share / 12", True),
        ("a.share / 0", False),
        ("a.days / a.horizon", True),
        ("a.days / -value_of(a.horizon)", True),
        ("a.days / a.days", False),
        ("a.share / $floor", False),
        ("first_known(a.share / a.growth, a.growth)", True),
        ("first_known(a.share / a.growth, a.growth / a.share)", False),
        ("min(a.share, a.growth / a.share)", False),
        ("b.total + 1", True),
        ("b.partial + 1", False),
        ("b.infinite + 1", False),
        ("max(b.infinite, 1)", False),
        ("score + 1", False),
    ],
)
def test_what_is_known_once_all_answers_are(formula: str, total: bool) -> None:
    found = catalogue(
        f"b.fact: {{type: number, formula: '{formula}'}}\n"
        "b.total: {type: number, formula: a.share + 1}\n"
        "b.partial: {type: number, formula: 1 / a.share}\n"
        "b.infinite: {type: number, formula: 1 / a.share, zero_divisor: infinite}"
    )
    assert is_total("b.fact", found) is total
    assert is_total("a.share", found)
    assert not is_total("score", found)


@pytest.mark.parametrize(
    "formula, known, certain",
    [
        ("a.share + a.growth", {"a.share": 1.0, "a.growth": 1.0}, True),
        ("a.share + a.growth", {"a.share": 1.0}, False),
        ("first_known(a.share, a.growth)", {"a.share": 1.0}, True),
        ("first_known(a.share, a.growth)", {"a.growth": 1.0}, False),
        ("first_known(a.share / a.growth, a.gap)", {"a.share": 1.0, "a.growth": 1.0}, False),
        ("first_known(a.share / a.growth, a.gap)", {"a.share": 1.0, "a.growth": 1.0, "a.gap": 1.0}, True),
        ("first_known(a.share / 2, a.gap)", {"a.share": 1.0}, True),
        ("b.first + 1", {"a.share": 1.0}, True),
        ("b.first + 1", {"a.growth": 1.0}, False),
        ("b.first + 1", {"b.first": 1.0}, True),
    ],
)
def test_what_is_final(formula: str, known: dict[str, float], certain: bool) -> None:
    found = catalogue(
        f"b.fact: {{type: number, formula: '{formula}'}}\n"
        "b.first: {type: number, formula: 'first_known(a.share, a.growth)'}"
    )
    facts, _ = derive(in_order(found), PARAMETERS, {name: Observation(value) for name, value in known.items()})
    assert is_certain("b.fact", found, facts) is certain
    assert not is_certain("a.days", found, facts)


NAMES = ("a.share", "a.growth", "a.gap", "a.horizon")
WEB = catalogue(
    "b.one: {type: number, formula: 'first_known(a.share / a.growth, a.gap, 3)'}\n"
    "b.two: {type: number, formula: 'first_known(b.one, a.horizon) * a.gap'}\n"
    "b.three: {type: number, formula: 'max(a.share, first_known(a.gap, b.two)) / a.horizon'}\n"
    "b.four: {type: number, formula: a.growth / a.share, zero_divisor: infinite}\n"
    "b.five: {type: number, formula: 'first_known(b.four - b.two, b.one)'}\n"
)
VALUES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([0.0, 0.5, 1.0, 2.0]))


@given(VALUES, VALUES)
def test_what_is_certain_never_changes_and_what_is_total_is_never_missing(
    some: dict[str, float], others: dict[str, float]
) -> None:
    before, _ = derive(in_order(WEB), {}, {name: Observation(value) for name, value in some.items()})
    after, _ = derive(in_order(WEB), {}, {name: Observation(value) for name, value in {**others, **some}.items()})
    for name in WEB:
        if is_certain(name, WEB, before):
            assert after[name].value == before[name].value
        if is_total(name, WEB) and set(NAMES) <= after.keys() and after["a.horizon"].number >= 1:
            assert name in after or name not in order(WEB)

"""Names that were probably meant, and names that were not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nearest import distance, nearest

FACTS = (
    "market.source_psi",
    "market.cpl_change_yoy",
    "sales.rep_count",
    "sales.win_rate",
    "sales.cycle_days",
    "competition.win_rate",
    "funnel.leads_per_month",
    "customer.nps",
    "G1",
    "G12",
)


@pytest.mark.parametrize(
    "wrong, meant",
    [
        ("sales.rep_cuont", "sales.rep_count"),
        ("sales.reps_count", "sales.rep_count"),
        ("sale.rep_count", "sales.rep_count"),
        ("Sales.Win_Rate", "sales.win_rate"),
        ("sales.winrate", "sales.win_rate"),
        ("sales.win-rate", "sales.win_rate"),
        ("sales.rate_win", "sales.win_rate"),
        ("win_rate", "sales.win_rate"),
        ("market.win_rate", "sales.win_rate"),
        ("sales.cycle", "sales.cycle_days"),
        ("market.cpl_change", "market.cpl_change_yoy"),
        ("customer.nps_score", "customer.nps"),
        ("fnnel.leads_per_month", "funnel.leads_per_month"),
    ],
)
def test_a_slip_finds_the_name(wrong: str, meant: str) -> None:
    assert nearest(wrong, FACTS) == meant


@pytest.mark.parametrize(
    "wrong",
    ["market.nope", "sales.foo", "competition.nope", "sales", "foo.bar", "G9", "", ".", "market.", "x.win", "rate"],
)
def test_what_is_far_from_every_name_finds_none(wrong: str) -> None:
    assert nearest(wrong, FACTS) == ""


@pytest.mark.parametrize(
    "wrong, known, meant",
    [
        ("nowhere.yaml", ["answers.yaml", "company.yaml"], ""),
        ("answer.yaml", ["answers.yaml", "company.yaml"], "answers.yaml"),
        ("comapny.yaml", ["answers.yaml", "company.yaml"], "company.yaml"),
        ("sas", ["saas", "services"], "saas"),
        ("unkown", ["unknown", "known"], "unknown"),
    ],
)
def test_files_and_words(wrong: str, known: list[str], meant: str) -> None:
    assert nearest(wrong, known) == meant


@pytest.mark.parametrize(
    "one, other, letters", [("", "", 0), ("abc", "", 3), ("ab", "ba", 1), ("ca", "abc", 3), ("kitten", "sitting", 3)]
)
def test_the_distance_is_that_of_optimal_string_alignment(one: str, other: str, letters: int) -> None:
    assert distance(one, other) == distance(other, one) == letters


@given(st.text(max_size=12), st.text(max_size=12))
def test_the_distance_lies_within_its_bounds(one: str, other: str) -> None:
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))
    assert (distance(one, other) == 0) == (one == other)


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1), st.text(max_size=12))
def test_what_is_found_is_one_of_the_names_whatever_their_order(known: list[str], wrong: str) -> None:
    found = nearest(wrong, known)
    assert found in {"", *known}
    assert nearest(wrong, known[::-1]) == found

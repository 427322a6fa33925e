"""Which months can be judged, on calendars and on a year of a company that began to sell late."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.statistics.cohorts import Coverage, is_complete, is_mature, select, window_days
from engine.statistics.month import Month
from engine.statistics.proportion import Share

from .series import rates

MONTHS = st.builds(Month, st.integers(1900, 2200), st.integers(1, 12))


# ---- months


@pytest.mark.parametrize(
    "month, first, last",
    [
        (Month(2024, 2), date(2024, 2, 1), date(2024, 2, 29)),
        (Month(2023, 2), date(2023, 2, 1), date(2023, 2, 28)),
        (Month(2000, 2), date(2000, 2, 1), date(2000, 2, 29)),
        (Month(1900, 2), date(1900, 2, 1), date(1900, 2, 28)),
        (Month(2024, 12), date(2024, 12, 1), date(2024, 12, 31)),
        (Month(9999, 12), date(9999, 12, 1), date.max),
        (Month(1, 1), date.min, date(1, 1, 31)),
    ],
)
def test_the_ends_of_a_month(month: Month, first: date, last: date) -> None:
    assert (month.first, month.last) == (first, last)
    assert Month.of(first) == Month.of(last) == month


@given(MONTHS, st.integers(-900, 900))
def test_later_and_back(month: Month, steps: int) -> None:
    there = month.later(steps)
    assert there.later(-steps) == month
    assert there.number - month.number == steps
    assert (there > month) == (steps > 0)


@given(MONTHS)
def test_a_month_begins_the_day_after_the_last(month: Month) -> None:
    assert month.last + timedelta(1) == month.later(1).first


def test_a_month_is_written_as_in_a_date() -> None:
    assert [str(Month(2024, 3)), str(Month(987, 11))] == ["2024-03", "0987-11"]


@pytest.mark.parametrize("year, month", [(2024, 0), (2024, 13), (0, 1), (10000, 1)])
def test_no_such_month(year: int, month: int) -> None:
    with pytest.raises(ValueError, match="there is no month"):
        Month(year, month)


# ---- T


@pytest.mark.parametrize(
    "p80, days",
    [(0, 90), (57, 90), (90, 90), (90.00000000000001, 90), (90.5, 120), (104, 120), (120, 120), (121, 150), (365, 390)],
)
def test_the_window(p80: float, days: int) -> None:
    assert window_days(p80) == days


@pytest.mark.parametrize("p80", [-1, float("nan"), float("inf")])
def test_no_cycle(p80: float) -> None:
    with pytest.raises(ValueError, match="sales cycle"):
        window_days(p80)


@given(st.floats(0, 1000), st.floats(0, 1000))
def test_a_longer_cycle_never_shortens_the_window(a: float, b: float) -> None:
    shorter, longer = sorted((a, b))
    assert 90 <= window_days(shorter) <= window_days(longer)
    assert window_days(longer) >= longer - 1e-6


# ---- mature, complete


def test_mature_from_the_day_on_which_the_last_lead_had_its_time() -> None:
    assert is_mature(Month(2017, 9), date(2017, 12, 29), 90)
    assert not is_mature(Month(2017, 9), date(2017, 12, 28), 90)
    assert is_mature(Month(2023, 11), date(2024, 2, 28), 90)
    assert not is_mature(Month(9999, 12), date.max, 90)


def test_complete_with_its_first_and_last_day() -> None:
    assert is_complete(Month(2024, 2), date(2024, 2, 1), date(2024, 2, 29))
    assert not is_complete(Month(2024, 2), date(2024, 2, 2), date(2024, 3, 31))
    assert not is_complete(Month(2024, 2), date(2024, 1, 1), date(2024, 2, 28))


@given(MONTHS, st.integers(0, 400), st.integers(0, 2000))
def test_once_mature_always_mature(month: Month, window: int, ahead: int) -> None:
    due = month.last + timedelta(window)
    assert is_mature(month, due + timedelta(ahead), window)
    assert not is_mature(month, due - timedelta(1), window)


# ---- the choice


def ordinals(months: tuple[Month, ...]) -> list[str]:
    return [str(month) for month in months]


def test_an_ordinary_extract() -> None:
    cohorts = rates([3] * 14, 30, Month(2023, 1))
    found = select(cohorts, Coverage(date(2023, 1, 10), date(2024, 2, 15), first_win=date(2023, 2, 3)), 90)
    assert ordinals(found.partial) == ["2023-01", "2024-02"]
    assert ordinals(found.immature) == ["2023-11", "2023-12", "2024-01"]
    assert (found.before_selling, found.half_before_selling) == ((), ())
    assert ordinals(tuple(found.kept)) == [f"2023-{n:02}" for n in range(2, 11)]


# Opportunities of a CRM extract by month of creation, won within 90 days; the first closing day of the extract is 1 March 2017.
CREATED = (7, 115, 236, 312, 515, 792, 874, 722, 792, 1198, 793, 779, 761, 283, 121)
WON_IN_90 = (0, 0, 81, 119, 141, 346, 386, 239, 356, 409, 219, 339, 400, 157, 80)


def test_cohorts_that_could_only_win_late_are_left_out() -> None:
    """What is kept is what the worked trend of the extract is of: March to September."""
    cohorts = rates(WON_IN_90, CREATED, Month(2016, 10))
    found = select(cohorts, Coverage(date(2016, 10, 20), date(2017, 12, 31), first_win=date(2017, 3, 1)), 90)
    assert ordinals(found.partial) == ["2016-10"]
    assert ordinals(found.before_selling) == ["2016-11"]
    assert ordinals(found.half_before_selling) == ["2016-12", "2017-01", "2017-02"]
    assert ordinals(found.immature) == ["2017-10", "2017-11", "2017-12"]
    assert ordinals(tuple(found.kept)) == [f"2017-{n:02}" for n in range(3, 10)]


def test_a_known_start_of_selling_is_believed() -> None:
    cohorts = rates([0, 0, 0, 0, 0, 1, 3, 3, 3], 30)
    coverage = Coverage(
        date(2024, 1, 1), date(2025, 6, 30), selling_since=date(2024, 6, 10), first_win=date(2024, 7, 1)
    )
    found = select(cohorts, coverage, 90)
    assert ordinals(found.before_selling) == ["2024-01", "2024-02"]
    assert ordinals(found.half_before_selling) == ["2024-03", "2024-04", "2024-05", "2024-06"]
    early = Coverage(date(2024, 1, 1), date(2025, 6, 30), selling_since=date(2020, 1, 1), first_win=date(2024, 7, 1))
    assert tuple(select(cohorts, early, 90).kept) == tuple(cohorts)


def test_months_that_won_nothing_by_chance_are_kept() -> None:
    """At 1 % of 20 leads a month, five months without a win are nothing unusual; leaving them out would invent a decline."""
    coverage = Coverage(date(2024, 1, 1), date(2025, 12, 31), first_win=date(2024, 9, 15))
    few = rates([0] * 8 + [1, 0, 0, 1, 0, 0, 0, 1], 20)
    many = rates([0] * 8 + [50, 40, 45, 60, 55, 50, 45, 50], 1000)
    assert tuple(select(few, coverage, 90).kept) == tuple(few)
    assert ordinals(tuple(select(many, coverage, 90).kept))[0] == "2024-10"


def test_without_a_win_nobody_can_say_when_selling_began() -> None:
    cohorts = rates([0] * 8, 100)
    found = select(cohorts, Coverage(date(2024, 1, 1), date(2025, 12, 31)), 90)
    assert tuple(found.kept) == tuple(cohorts)


def test_nothing_given_nothing_chosen() -> None:
    found = select({}, Coverage(date(2024, 1, 1), date(2024, 12, 31), first_win=date(2024, 2, 1)), 90)
    assert (dict(found.kept), found.partial, found.immature) == ({}, (), ())


@given(
    st.dictionaries(
        st.builds(Month, st.just(2024), st.integers(1, 12)),
        st.integers(0, 50).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n))),
    ),
    st.dates(date(2023, 12, 1), date(2024, 4, 1)),
    st.dates(date(2024, 6, 1), date(2025, 6, 1)),
    st.none() | st.dates(date(2023, 12, 1), date(2024, 12, 1)),
    st.none() | st.dates(date(2023, 12, 1), date(2024, 12, 1)),
)
def test_every_month_is_in_one_place(
    cohorts: dict[Month, Share], begin: date, as_of: date, since: date | None, first_win: date | None
) -> None:
    found = select(cohorts, Coverage(begin, as_of, since, first_win), 90)
    places = [tuple(found.kept), found.partial, found.immature, found.before_selling, found.half_before_selling]
    assert sorted(month for place in places for month in place) == sorted(cohorts)
    assert all(a < b for place in places for a, b in pairwise(place))
    assert all(cohorts[month] == share for month, share in found.kept.items())

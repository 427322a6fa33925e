"""The history of a company: each moment is what `evaluate --as-of` says, and what changed is what differs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from engine.diagnostics import FactError
from engine.document import Node, parse, read
from engine.exports.reading import read_sources
from engine.exports.tables import Tables
from engine.extraction import extract
from engine.render.timeline_words import changed, ground, summary
from engine.session import DEFAULT_POLICY, Engine, Session
from engine.timeline.changes import What
from engine.timeline.ends import Every, begin, ends
from engine.timeline.timeline import Asked, Timeline, timeline

TODAY = date(2026, 11, 1)
BRIGHTWATER = Path(__file__).resolve().parent.parent.parent / "examples" / "brightwater-lighting"


@contextmanager
def brightwater() -> Iterator[tuple[Session, Node, Tables]]:
    node = read(BRIGHTWATER / "company.yaml", "company.yaml")
    with (
        Session.open(DEFAULT_POLICY, TODAY, Engine.REFERENCE) as session,
        read_sources(node, BRIGHTWATER, TODAY) as tables,
    ):
        yield session, node, tables


def stated(facts: str, asked: Asked | None = None, head: str = "as_of: 2026-10-31\n") -> Timeline:
    node = parse(f"company: Acme\n{head}facts: {facts}\n", "company.yaml")
    with Session.open(DEFAULT_POLICY, TODAY, Engine.REFERENCE) as session:
        return timeline(session, node, None, TODAY, asked or Asked())


def test_every_moment_is_an_evaluation_as_of_its_day() -> None:
    with brightwater() as (session, node, tables):
        told = timeline(session, node, tables, TODAY, Asked(Every.QUARTER))
        assert [str(one.day) for one in told.moments[-3:]] == ["2026-03-31", "2026-06-30", "2026-09-30"]
        for moment in told.moments:
            company = extract(tables, node, session.policy, moment.day, TODAY).company
            alone = session.evaluate(company)
            assert moment.evaluation == alone
            assert moment.score == (alone.score if alone.verdict.move is not None else None)
        assert [one.as_exported for one in told.moments] == [False] * (len(told.moments) - 1) + [True]


def test_it_begins_where_an_indicator_can_be_assessed_and_ends_on_the_day_of_the_file() -> None:
    with brightwater() as (session, node, tables):
        assert tables.first() == date(2024, 7, 1)
        told = timeline(session, node, tables, TODAY, Asked(Every.QUARTER))
        assert told.moments[0].day == date(2024, 9, 30)
        assert told.moments[0].evaluation.coverage > 0
        assert told.moments[0].changes is None


def test_what_changed_is_in_the_order_of_its_weight() -> None:
    with brightwater() as (session, node, tables):
        told = timeline(session, node, tables, TODAY, Asked(first=date(2025, 6, 1), last=date(2025, 7, 31)))
    [first, second] = told.moments
    assert (first.evaluation.verdict.id, second.evaluation.verdict.id) == ("insufficient-evidence", "keep-the-split")
    assert second.changes is not None
    gate, *others = second.changes
    assert (gate.what, gate.item, gate.was, gate.now) == (What.GATE, "G8", "yes", "no")
    assert {one.what for one in others} == {What.KNOWN}
    points = [abs(one.points or 0.0) for one in others]
    assert points == sorted(points, reverse=True)


def test_progress_is_told() -> None:
    said: list[tuple[str, float]] = []
    with brightwater() as (session, node, tables):
        asked = Asked(first=date(2026, 8, 1))
        timeline(session, node, tables, TODAY, asked, lambda what, part: said.append((what, part)))
    assert said == [("as of 2026-08-31", 0.0), ("as of 2026-09-30", 0.5)]


def test_stated_facts_come_with_their_days_and_those_without_hold_on_every_day() -> None:
    told = stated(
        "{finance.net_burn_monthly: 0 USD, sales.win_rate: {successes: 21, trials: 130, as_of: 2026-08-10},"
        " sales.cycle_days: {value: 57, as_of: 2026-09-20}}"
    )
    assert [str(one.day) for one in told.moments] == ["2026-08-31", "2026-09-30", "2026-10-31"]
    assert [one.not_yet for one in told.moments] == [("sales.cycle_days",), (), ()]
    assert told.undated == ("finance.net_burn_monthly",)
    assert [sorted(one.evaluation.facts.keys() & {"sales.win_rate", "sales.cycle_days"}) for one in told.moments] == [
        ["sales.win_rate"],
        ["sales.cycle_days", "sales.win_rate"],
        ["sales.cycle_days", "sales.win_rate"],
    ]


def test_a_series_ends_with_the_last_month_that_was_over() -> None:
    series = (
        "{funnel.leads_monthly: {2026-06: 5, 2026-07: 6, 2026-08: 7}, sales.cycle_days: {value: 9, as_of: 2026-05-02}}"
    )
    told = stated(series, Asked(first=date(2026, 5, 1), last=date(2026, 7, 31)), "as_of: 2026-08-31\n")
    lengths = [one.evaluation.facts.get("funnel.leads_monthly") for one in told.moments]
    assert [None if one is None else one.value for one in lengths] == [None, (5.0,), (5.0, 6.0)]


@pytest.mark.parametrize(
    "facts, asked, message",
    [
        ("{sales.cycle_days: 57}", Asked(), "nothing in the file has a date, so there is nothing to follow"),
        (
            "{sales.cycle_days: {value: 57, as_of: 2026-10-05}}",
            Asked(last=date(2026, 10, 30)),
            "no month ends between 2026-10-05 and 2026-10-30",
        ),
        (
            "{sales.cycle_days: {value: 57, as_of: 2026-10-05}}",
            Asked(Every.WEEK, date(1900, 1, 1)),
            "6,617 days to look at, from 1900-01-01 to 2026-10-31; the limit is 520",
        ),
    ],
)
def test_what_cannot_be_followed_is_said(facts: str, asked: Asked, message: str) -> None:
    with pytest.raises(FactError) as failure:
        stated(facts, asked)
    assert [one.message for one in failure.value.diagnostics] == [message]


@pytest.mark.parametrize(
    "every, first, last, expected",
    [
        (Every.MONTH, date(2024, 1, 31), date(2024, 3, 30), ["2024-01-31", "2024-02-29"]),
        (Every.QUARTER, date(2024, 2, 1), date(2025, 1, 1), ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"]),
        (Every.WEEK, date(2026, 11, 1), date(2026, 11, 14), ["2026-11-01", "2026-11-08"]),
        (Every.MONTH, date(2024, 2, 2), date(2024, 2, 3), []),
        (Every.QUARTER, date(9999, 11, 1), date.max, ["9999-12-31"]),
        (Every.WEEK, date(9999, 12, 27), date.max, []),
    ],
)
def test_the_ends_of_months_quarters_and_weeks(every: Every, first: date, last: date, expected: list[str]) -> None:
    assert [str(day) for day in ends(every, first, last)] == expected


def test_without_a_score_no_points_are_told() -> None:
    """2025-06-30 has no verdict, so there is no score that something could have moved."""
    with brightwater() as (session, node, tables):
        told = timeline(session, node, tables, TODAY, Asked(Every.QUARTER, last=date(2025, 12, 31)))
        names = {str(one.day): changed(one) for one in told.moments}
    assert names["2025-06-30"] == "6.4 Cycle against time left: from 0 to +1; 3.3 Losses to a rival: now known"
    assert "3.2 Win rate lost to rivals: from -0.5 to +1 (+7.4)" in names["2025-12-31"]


def test_days_after_the_exports_are_named_as_such() -> None:
    with brightwater() as (session, node, tables):
        told = timeline(session, node, tables, TODAY, Asked(first=date(2026, 8, 1), last=date(2026, 11, 30)))
        said = list(ground(told, session.policy))
        own = list(ground(timeline(session, node, tables, TODAY, Asked(first=date(2026, 8, 1))), session.policy))
    assert said[-2:] == [
        "2026-09-30 and later days also know what the exports do not date: stages, expected closing dates and status as exported.",
        "The exports end on 2026-09-30: from 2026-10-31 on their facts stay the same and grow old.",
    ]
    assert (
        own[-1]
        == "2026-09-30 also knows what the exports do not date: stages, expected closing dates and status as exported."
    )


@pytest.mark.parametrize(
    "every, day, first",
    [
        (Every.MONTH, date(2026, 10, 31), date(2026, 10, 1)),
        (Every.QUARTER, date(2026, 12, 31), date(2026, 10, 1)),
        (Every.WEEK, date(2026, 10, 4), date(2026, 9, 28)),
        (Every.WEEK, date.min, date.min),
    ],
)
def test_the_first_day_of_a_period(every: Every, day: date, first: date) -> None:
    assert begin(every, day) == first


def test_what_lies_after_the_exports_is_shown_as_such_and_not_counted() -> None:
    """The exports end on 30 September; a week that ends after it and began before it still tells something."""
    with brightwater() as (session, node, tables):
        months = timeline(session, node, tables, TODAY, Asked(first=date(2026, 8, 1), last=date(2026, 12, 31)))
        weeks = timeline(session, node, tables, TODAY, Asked(Every.WEEK, date(2026, 9, 27), date(2026, 10, 11)))
        later = timeline(session, node, tables, TODAY, Asked(first=date(2026, 10, 1), last=date(2026, 10, 31)))
    assert [one.after_exports for one in months.moments] == [False, False, True, True, True]
    assert summary(months) == (
        "There was a verdict in all of 2 months: keep the split. "
        "3 months lie after 2026-09-30, when the exports end, and are not counted."
    )
    assert "The exports end on 2026-09-30: from 2026-10-31 on their facts stay the same and grow old." in ground(
        months, session.policy
    )
    assert [one.after_exports for one in weeks.moments] == [False, False, True]
    assert summary(later) == (
        "1 month lies after 2026-09-30, when the exports end, and is not counted: "
        "nothing is told of how the answer moved."
    )


def test_without_exports_every_day_counts() -> None:
    told = stated("{sales.cycle_days: {value: 57, as_of: 2026-08-20}}")
    assert [one.after_exports for one in told.moments] == [False] * len(told.moments)

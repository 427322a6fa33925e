"""Filters of a definition as a consultant reads them out."""

from __future__ import annotations

import pytest

from engine.computation import Filter, Presence, Wanted
from engine.computed.clauses import do, which
from tests.computed.client import policy

KNOWN, MISSING = Presence.KNOWN, Presence.MISSING


@pytest.mark.parametrize(
    "column, wanted, words",
    [
        ("outcome", ("won", "lost"), "that were won or lost"),
        ("outcome", ("won",), "that were won"),
        ("outcome", ("open",), "that are open"),
        ("outcome", ("won", "open"), "whose outcome is won or open"),
        ("competitor", (KNOWN,), "with a named competitor"),
        ("competitor", (MISSING,), "without a named competitor"),
        ("competitor", ("Rival Ltd",), "whose competitor is Rival Ltd"),
        ("competitor_known", (True,), "of which it is known whether there was a competitor"),
        ("assisted", (False,), "in which no salesperson was in live contact"),
        ("client", ("new",), "with new customers"),
        ("reason_class", ("human", "price"), "whose kind of reason is human or price"),
        ("reason_code", ("no_decision",), "whose reason is no decision"),
        ("first_touch", (MISSING,), "without a value for first touch"),
        ("stakeholders", (3.0,), "whose stakeholders is 3"),
    ],
)
def test_a_filter(column: str, wanted: tuple[Wanted, ...], words: str) -> None:
    assert which([Filter(column, wanted)]) == words


def test_what_a_share_of_them_does() -> None:
    assert do([Filter("outcome", ("won",))]) == "were won"
    assert do([Filter("competitor", (KNOWN,))]) == "are those with a named competitor"


def test_no_filter_of_the_shipped_catalogue_is_read_out_as_a_column() -> None:
    filters = {
        one
        for definition in policy().catalogue.values()
        for computation in definition.computed
        for one in (*computation.where, *computation.having, *computation.group, *computation.requires)
    }
    plain = {which([one]) for one in filters}
    assert not [words for words in plain if "_" in words or "value for" in words or words.endswith(("is yes", "is no"))]

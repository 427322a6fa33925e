"""Shapley values of games that are known: docs/changes.md, Attribution."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.impact.attribution import EXACT, ORDERS, Attribution, Edits, Method, attribute
from engine.impact.judging import Answer


def game(
    worth: Callable[[Edits], float | None], turned: Callable[[Edits], bool] = lambda _: False
) -> Callable[[Edits], Answer]:
    """Answers with a score for every set of edits, and another verdict for some."""

    def trial(edits: Edits) -> Answer:
        verdict = "tilt" if turned(edits) else "keep"
        return Answer(verdict, verdict.title(), (0.0, 0.0), worth(edits), 1.0)

    return trial


def parts(count: int, worth: Callable[[Edits], float | None]) -> Attribution:
    return attribute(count, game(worth), [f"edit {n}" for n in range(count)])


def test_a_single_edit_gets_everything() -> None:
    assert parts(1, lambda s: 12.5 * len(s)) == Attribution((12.5,), Method.EXACT)


def test_what_adds_up_is_what_each_adds() -> None:
    assert parts(3, lambda s: sum({0: 1.0, 1: -2.0, 2: 4.0}[n] for n in s)).parts == pytest.approx((1, -2, 4))


def test_the_glove_game() -> None:
    # a left glove and one of two right gloves make a pair: 2/3, 1/6, 1/6
    assert parts(3, lambda s: 6.0 if 0 in s and len(s) > 1 else 0.0).parts == pytest.approx((4, 1, 1))


def test_two_that_do_it_only_together_share_it() -> None:
    assert parts(3, lambda s: 10.0 if {0, 1} <= s else 0.0).parts == pytest.approx((5, 5, 0))


def test_no_score_counts_as_none() -> None:
    assert parts(1, lambda s: 30.0 if s else None).parts == (30.0,)


def test_nothing_to_share() -> None:
    assert parts(2, lambda _: 3.0) == Attribution((0.0, 0.0), Method.NOTHING)


def test_no_edits_at_all() -> None:
    assert parts(0, lambda _: 3.0) == Attribution((), Method.NOTHING)


def test_of_many_edits_those_that_matter_are_exact() -> None:
    found = parts(30, lambda s: 6.0 if 10 in s and s & {20, 25} else 0.0)
    assert found.method is Method.SCREENED
    assert [round(found.parts[n], 9) for n in (10, 20, 25)] == [4, 1, 1]
    assert sum(found.parts) == pytest.approx(6)


def test_beyond_that_they_are_estimated_and_still_add_up() -> None:
    count = EXACT + 4

    def worth(edits: Edits) -> float:
        return sum(n + 1.0 for n in edits) + (30.0 if {0, 1} <= edits else 0.0)

    found = parts(count, worth)
    assert (found.method, found.orders) == (Method.DRAWN, 2 * ORDERS)
    assert sum(found.parts) == pytest.approx(worth(frozenset(range(count))), abs=1e-9)
    assert found.parts[2:] == pytest.approx([n + 1.0 for n in range(2, count)])
    # each of the two has its half, and forwards and backwards an order gives one of them all of it
    assert found.parts[:2] == pytest.approx((16, 17))
    assert found.error == pytest.approx(0)
    assert parts(count, worth) == found


def test_an_estimate_says_how_far_off_it_may_be() -> None:
    def worth(edits: Edits) -> float:
        return 30.0 if len(edits & {0, 1, 2}) >= 2 and 3 in edits else float(len(edits)) / 10

    found = parts(EXACT + 2, worth)
    assert found.method is Method.DRAWN
    assert 0 < found.error < 5
    assert sum(found.parts) == pytest.approx(30.0)


def test_what_turns_a_recommendation_and_what_undoes_it() -> None:
    trial = game(lambda s: float(len(s)), lambda s: {0, 1} <= s or {0, 2} <= s)
    found = attribute(4, trial, ["a", "b", "c", "d"])
    assert found.turning == ((0, 1), (0, 2))
    assert found.undoing == (0,)


def test_a_turn_without_a_change_of_the_score() -> None:
    found = attribute(2, game(lambda _: 5.0, lambda s: 1 in s), ["a", "b"])
    assert found == Attribution((0.0, 0.0), Method.EXACT, ((1,),), (1,))


def test_a_turn_that_needs_many_of_many() -> None:
    count = EXACT + 2
    found = attribute(count, game(lambda s: float(len(s)), lambda s: len(s) > 5), [str(n) for n in range(count)])
    assert (found.turning, found.undoing) == ((), ())

"""What is timed answers the same: a program written by hand for the rules engine is one more opinion on the language."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from benchmarks.by_hand import ByHand
from benchmarks.growth import exponent, write
from benchmarks.measure import in_turn, ratio, table
from benchmarks.question import companies, question
from benchmarks.question import write as write_question
from benchmarks.throughput import DAY, agree, as_company, verdict
from engine.backends.durable import DurableBackend
from engine.backends.reference import ReferenceBackend
from engine.session import open_policy


def test_the_program_by_hand_answers_what_both_engines_answer(tmp_path: Path) -> None:
    bands: set[str | None] = set()
    for seed in (1, 6):
        made = question(seed)
        numbers = companies(60, seed)
        policy = open_policy(write_question(made, tmp_path / str(seed)).as_posix(), DAY).policy
        hand = ByHand(made)
        theirs = [hand.answer(company) for company in numbers]
        read_in = [as_company(policy, company) for company in numbers]
        with closing(DurableBackend(policy)) as durable:
            for backend in (durable, ReferenceBackend(policy)):
                agree([verdict(policy, company, backend) for company in read_in], theirs)
        bands |= {answer.band for answer in theirs}
    assert len(bands) > 2


def test_a_grown_policy_set_is_one(tmp_path: Path) -> None:
    write(tmp_path, 20, 100)
    policy = open_policy(tmp_path.as_posix(), DAY).policy
    assert (len(list(policy.evidence)), len(policy.catalogue)) == (20, 100 + 4 + 3 * 10)


def test_the_exponent_is_the_slope_of_the_logarithms() -> None:
    assert abs(exponent([10, 100, 1000], [2.0, 200.0, 20_000.0]) - 2) < 1e-9


def test_candidates_run_in_turn_and_a_first_round_is_not_counted() -> None:
    order: list[str] = []
    taken = in_turn({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=2)
    assert order == ["a", "b"] * 3
    assert {name: len(seconds) for name, seconds in taken.items()} == {"a": 2, "b": 2}


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    assert ratio({"a": [1.0, 4.0, 9.0], "b": [1.0, 2.0, 3.0]}, "a", "b") == 2.0


def test_a_table_is_markdown_with_numbers_to_the_right() -> None:
    assert table(("what", "ms"), [["one", "1.5"], ["another", "10"]]) == (
        "| what    |  ms |\n|---------|----:|\n| one     | 1.5 |\n| another |  10 |"
    )

"""What is timed answers the same: a program written by hand for the rules engine is one more opinion on the language."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.growth import DAY, exponent, write
from benchmarks.measure import in_turn, ratio, table
from engine.session import open_policy
from tests.installation import ROOT

AGREED = """
import json, sys
from pathlib import Path
from benchmarks.throughput import agreed
print(json.dumps([agreed(seed, 60, Path(sys.argv[1]) / str(seed)) for seed in (1, 6)]))
"""


def test_the_program_by_hand_answers_what_both_engines_answer(tmp_path: Path) -> None:
    """In a process of its own, since it trusts the C module with that process."""
    done = subprocess.run(
        [sys.executable, "-c", AGREED, tmp_path], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    bands = [band for seed in json.loads(done.stdout) for band in seed]
    assert (len(bands), len(set(bands))) == (120, 3)


def test_the_stages_of_a_cold_start_are_those_of_the_command() -> None:
    command = [sys.executable, "-m", "benchmarks.stages", "examples/northwind/company.yaml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)) == [
        "import of libraries",
        "import of Steelyard",
        "reading the files",
        "JSON Schema",
        "building the model",
        "checks",
        "compiling to the rules engine",
        "reading the company",
        "the run",
        "the text",
    ]


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

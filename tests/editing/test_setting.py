"""`set` as a library: what it writes, what it refuses, and that it refuses before it writes."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from engine import shipped
from engine.diagnostics import SteelyardError
from engine.editing.setting import Done, Wish, set_value
from engine.session import open_policy
from tests.installation import Installation, environment

TODAY = date(2026, 11, 1)
LAYER = """\
# Acme.
policyset: acme
title: Acme
extends: steelyard:sales-focus

# parameters:
#   required_coverage: {value: 60%, because: ...}
"""


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "policyset.yaml").write_text(LAYER, encoding="utf-8")
    return folder


def text(folder: Path) -> str:
    return (folder / "policyset.yaml").read_bytes().decode("utf-8")


def put(folder: Path, name: str, value: str, because: str = "so it is", review_by: str = "", grade: str = "") -> Done:
    return set_value(folder.as_posix(), Wish(name, value, because, review_by, grade), TODAY)


def unset(folder: Path, name: str) -> Done:
    return set_value(folder.as_posix(), Wish(name, unset=True), TODAY)


def refused(folder: Path, wish: Wish) -> list[tuple[str, str]]:
    """What is said; nothing may be written."""
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    with pytest.raises(SteelyardError) as failure:
        set_value(folder.as_posix(), wish, TODAY)
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml")} == before
    return [(d.code, d.message) for d in failure.value.diagnostics]


def test_the_first_changes_make_their_sections(acme: Path) -> None:
    put(acme, "weight:stagnant-conversion", "25", "the handoff is what they doubt")
    put(acme, "steady_leads", "12", "few large accounts: six a year", "2027-03-31")
    put(acme, "weight:volume", "20", "volume, well measured")
    put(acme, "required_coverage", "60%", "the board asked for more certainty", grade="C")
    assert (
        text(acme)
        == """\
# Acme.
policyset: acme
title: Acme
extends: steelyard:sales-focus

parameters:
  required_coverage: {value: 60%, base_was: 50%, grade: C, because: the board asked for more certainty}

indicators:
  stagnant-conversion:
    weight: 25
    base_was: 20
    because: the handoff is what they doubt
    parameters:
      steady_leads: {value: 12, base_was: 30, because: "few large accounts: six a year", review_by: 2027-03-31}
    evidence:
      - {id: volume, weight: 20, base_was: 15, because: "volume, well measured"}

# parameters:
#   required_coverage: {value: 60%, because: ...}
"""
    )
    policy = open_policy(acme.as_posix(), TODAY).policy
    assert policy.parameters["stagnant-conversion.steady_leads"].value == 12
    assert policy.parameters["required_coverage"].grade == "C"


def test_what_is_taken_out_again_leaves_the_file_as_it_was(acme: Path) -> None:
    names = ("weight:volume", "steady_leads", "required_coverage", "weight:stagnant-conversion", "late_response")
    for name in names:
        put(acme, name, "55%" if name == "required_coverage" else "20")
    for name in names:
        unset(acme, name)
    assert text(acme) == LAYER


def test_a_change_of_a_change_is_written_in_its_place(acme: Path) -> None:
    (acme / "policyset.yaml").write_text(
        LAYER
        + """
indicators:
  stagnant-conversion:
    parameters:
      # their own count
      steady_leads:
        because: >-   # from the interview
          few large
          accounts
        value: 12     # a month
        grade: C
      late_response: {value: 48, because: 'x'}   # asked twice
""",
        encoding="utf-8",
    )
    done = put(acme, "late_response", "36", "y, z")
    assert (done.was, done.now) == ("48 hours", "36 hours")
    put(acme, "quick_response", "2")
    assert text(acme).endswith("""
        value: 12     # a month
        grade: C
      late_response: {value: 36, base_was: 24, because: "y, z"}   # asked twice
      quick_response: {value: 2, base_was: 1, because: so it is}
""")
    assert refused(acme, Wish("steady_leads", "15", "new")) == [
        ("cannot-edit", "the value cannot be written here without changing something else")
    ]


def test_a_new_date_of_review_can_be_taken_out(acme: Path) -> None:
    entry = "\nparameters:\n  tilt_from: {review_by: 2027-03-31, because: to be asked again}\n"
    (acme / "policyset.yaml").write_text(LAYER + entry, encoding="utf-8")
    done = unset(acme, "tilt_from")
    assert (done.was, done.now) == ("25", "25")
    assert "tilt_from" not in text(acme)


def test_a_new_entry_is_written_as_those_beside_it_are(acme: Path) -> None:
    (acme / "policyset.yaml").write_text(
        LAYER + "\nparameters:\n    tilt_from:\n        value: 30\n        because: x\n", encoding="utf-8"
    )
    put(acme, "lean_below", "-30")
    assert text(acme).endswith("""
    lean_below:
      value: -30
      base_was: -25
      because: so it is
""")


@pytest.mark.parametrize(
    "wish, said",
    [
        (Wish("stedy_leads", "1", "x"), ("unknown-value", "there is no parameter or weight `stedy_leads`")),
        (Wish("weight:volum", "1", "x"), ("unknown-value", "there is no weight `weight:volum`")),
        (Wish("", "1", "x"), ("unknown-value", "there is no parameter or weight ``")),
        (Wish("win_rate_floor", "1%", "x"), ("ambiguous-name", "`win_rate_floor` is the name of 2 values")),
        (
            Wish("steady_leads", "many", "x"),
            ("wrong-type", "`many` is not a number, and the parameter counts in leads/month"),
        ),
        (
            Wish("steady_leads", "null", "x"),
            ("wrong-type", "expected a number, a text, `true` or `false`, found `null`"),
        ),
        (Wish("steady_leads", "1e999", "x"), ("not-a-number", "`1e999` is not a number")),
        (
            Wish("lean_below", "90", "x"),
            ("bands-out-of-order", "the bands of the score are out of order: `25` comes after `90`"),
        ),
        (Wish("weight:volume", "-1", "x"), ("out-of-range", "expected a number from 0 to 1000000, found `-1`")),
        (Wish("weight:volume", "1", "x", grade="A"), ("not-for-weights", "this weight has no `grade`")),
        (Wish("weight:volume", "1", "x", "2027-01-01"), ("not-for-weights", "this weight has no `review_by`")),
        (
            Wish("steady_leads", unset=True),
            ("not-overridden", "`stagnant-conversion.steady_leads` is not changed here"),
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(acme: Path, wish: Wish, said: tuple[str, str]) -> None:
    assert refused(acme, wish) == [said]


@pytest.mark.parametrize("client", ["steelyard:sales-focus", "steelyard:nothing"])
def test_a_shipped_set_is_not_changed(client: str) -> None:
    with pytest.raises(SteelyardError) as failure:
        set_value(client, Wish("steady_leads", "1", "x"), TODAY)
    assert [d.code for d in failure.value.diagnostics] == ["not-yours"]


def test_the_value_of_the_base_is_written_with_a_warning(acme: Path) -> None:
    done = put(acme, "tilt_from", "25")
    assert [d.message for d in done.warnings] == ["`tilt_from` is 25 already in the base"]
    assert done.was == done.now == "25"


def test_what_was_wrong_before_does_not_stop_a_change_and_can_be_taken_out(acme: Path) -> None:
    wrong = "\nparameters:\n  required_covrage: {value: 60%, because: x}\n"
    (acme / "policyset.yaml").write_text(LAYER + wrong, encoding="utf-8")
    done = put(acme, "tilt_from", "30")
    assert [d.code for d in done.warnings] == ["nothing-to-override"]
    done = unset(acme, "required_covrage")
    assert (done.was, done.now, done.warnings) == ("60%", "not in the base", ())
    assert "required_covrage" not in text(acme)


def test_without_writing_nothing_changes(acme: Path) -> None:
    done = set_value(acme.as_posix(), Wish("tilt_from", "30", "x"), TODAY, write=False)
    assert "tilt_from" in done.after
    assert text(acme) == LAYER


def test_line_ends_and_marks_of_windows_stay(acme: Path) -> None:
    (acme / "policyset.yaml").write_bytes(b"\xef\xbb\xbf" + LAYER.replace("\n", "\r\n").encode())
    put(acme, "tilt_from", "30")
    raw = (acme / "policyset.yaml").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf# Acme.\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n") == LAYER.count("\n") + 3


def test_mixed_line_ends_are_refused(acme: Path) -> None:
    (acme / "policyset.yaml").write_bytes(LAYER.replace("\n", "\r\n", 2).encode())
    assert [code for code, _ in refused(acme, Wish("tilt_from", "30", "x"))] == ["mixed-line-ends"]


def test_an_entry_that_is_repeated_by_its_name_is_not_changed(acme: Path) -> None:
    named = "\nparameters:\n  tilt_from: &v {value: 30, because: x}\n  shift_from: *v\n"
    (acme / "policyset.yaml").write_text(LAYER + named.replace("30", "49"), encoding="utf-8")
    assert [code for code, _ in refused(acme, Wish("shift_from", "55", "x"))] == ["cannot-edit"]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    shutil.copytree(shipped.policies() / "sales-focus", folder)
    return folder


def changed_lines(folder: Path) -> list[str]:
    """The lines that a set of its own has and the shipped one has not."""
    files = sorted(folder.glob("*.yaml"))
    pairs = [(path, shipped.policies() / "sales-focus" / path.name) for path in files]
    return [
        f"{path.name}: {line.strip()}"
        for path, base in pairs
        for line in path.read_text(encoding="utf-8").splitlines()
        if line not in base.read_text(encoding="utf-8").splitlines()
    ]


def test_in_a_set_of_its_own_a_value_is_changed_where_it_stands(own: Path) -> None:
    done = put(own, "late_response", "48", "nobody expects an answer at the weekend")
    assert [d.message for d in done.warnings] == [
        "`stagnant-conversion.late_response` keeps its `source:`, which spoke for 24"
    ]
    put(own, "weight:slow-growth", "22", "measured: well")
    put(own, "tilt_from", "30", "careful", grade="C")
    put(own, "weight:volume", "12", "hardly counted")
    assert changed_lines(own) == [
        "policyset.yaml: tilt_from: {value: 30, unit: points, grade: C, because: careful}",
        'policyset.yaml: slow-growth: {file: slow-growth.yaml, weight: 22, grade: J, because: "measured: well"}',
        "stagnant-conversion.yaml: value: 48",
        "stagnant-conversion.yaml: because: nobody expects an answer at the weekend",
        "stagnant-conversion.yaml: weight: 12",
        "stagnant-conversion.yaml: because: hardly counted",
    ]
    assert open_policy(own.as_posix(), TODAY).policy.parameters["stagnant-conversion.late_response"].grade == "J"
    assert refused(own, Wish("tilt_from", unset=True)) == [
        ("not-a-layer", f"`{own.as_posix()}` extends no other set that could count again")
    ]


def test_one_indicator_is_no_policy_set(own: Path) -> None:
    with pytest.raises(SteelyardError) as failure:
        set_value((own / "slow-growth.yaml").as_posix(), Wish("idle", "5", "x"), TODAY)
    assert [d.code for d in failure.value.diagnostics] == ["not-a-set"]


def test_runs_at_the_same_time_lose_nothing(steelyard: Installation, acme: Path) -> None:
    wishes = {"tilt_from": "30", "weight:slow-growth": "11", "steady_leads": "12", "weight:volume": "9", "idle": "5"}
    runs = [
        subprocess.Popen(
            [steelyard.command, "set", acme, name, value, "--because", f"why {name}"],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for name, value in wishes.items()
    ]
    ended = [(run.communicate(timeout=120)[1], run.returncode) for run in runs]
    assert ended == [("", 0)] * len(runs)
    policy = open_policy(acme.as_posix(), TODAY).policy
    reasons = [p.because for p in policy.parameters.values()] + [i.weight.because for i in policy.indicators]
    reasons += [item.weight.because for item in policy.evidence]
    assert sorted(reason for reason in reasons if reason.startswith("why ")) == sorted(f"why {name}" for name in wishes)

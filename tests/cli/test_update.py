"""`steelyard test --update`: the difference is shown, then written; a diff begins like a file of a transcript and stands here."""

from __future__ import annotations

from pathlib import Path

from tests.installation import Installation

BEFORE = """# leads
policy: steelyard:sales-focus
scenarios:
  - id: cycle   # of a deal
    columns: {given: [sales.cycle_days], expect: [evidence.complex-high-value.cycle]}
    rows:
      short: [13, 1]    # wrong
      long:  [60, 1]
  - {id: nothing, expect: {score: {from: 5}}}
"""


def test_the_difference_is_shown_then_written(steelyard: Installation, tmp_path: Path) -> None:
    (tmp_path / "some.yaml").write_text(BEFORE)
    done = steelyard.run("test", "some.yaml", "--update", cwd=tmp_path)
    assert done.stdout.splitlines() == [
        "--- some.yaml",
        "+++ some.yaml",
        "@@ -4,6 +4,6 @@",
        "   - id: cycle   # of a deal",
        "     columns: {given: [sales.cycle_days], expect: [evidence.complex-high-value.cycle]}",
        "     rows:",
        "-      short: [13, 1]    # wrong",
        "+      short: [13, -0.5]    # wrong",
        "       long:  [60, 1]",
        "   - {id: nothing, expect: {score: {from: 5}}}",
        "wrote 1 expectation into some.yaml",
    ]
    assert done.stderr.splitlines() == [
        "some.yaml:9:35: not updated: only a person can say what it should be",
        "  score  expected  from 5  (line 9)",
        "         got       unknown",
    ]
    assert done.returncode == 1
    assert (tmp_path / "some.yaml").read_text() == BEFORE.replace("[13, 1]", "[13, -0.5]")


def test_where_all_is_right_nothing_is_written(steelyard: Installation, tmp_path: Path) -> None:
    text = "policy: steelyard:sales-focus\nscenarios: [{id: one, expect: {gates: {G8: yes}}}]\n"
    (tmp_path / "some.yaml").write_text(text)
    written = (tmp_path / "some.yaml").stat().st_mtime_ns
    done = steelyard.run("test", "some.yaml", "--update", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "nothing to update: 1 row in 1 file: 1 passed\n", "")
    assert (tmp_path / "some.yaml").stat().st_mtime_ns == written

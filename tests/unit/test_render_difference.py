"""A change of a file, shown."""

from __future__ import annotations

from engine.render.difference import render


def test_without_a_change_there_is_nothing() -> None:
    assert render("a.yaml", "a: 1\n", "a: 1\n") == ""


def test_a_change_is_shown_with_the_lines_around_it() -> None:
    before = "".join(f"k{n}: {n}\n" for n in range(9))
    assert render("a.yaml", before, before.replace("k4: 4", "k4: 5")) == (
        "--- a.yaml\n+++ a.yaml\n@@ -2,7 +2,7 @@\n k1: 1\n k2: 2\n k3: 3\n-k4: 4\n+k4: 5\n k5: 5\n k6: 6\n k7: 7\n"
    )


def test_a_missing_line_end_is_shown() -> None:
    assert render("a", "a: 1", "a: 1\n") == "--- a\n+++ a\n@@ -1 +1 @@\n-a: 1\n\\ No newline at end of file\n+a: 1\n"


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    assert render("a", "a: 1\r\n", "a: \u202e1\t\n").splitlines()[3:] == ["-a: 1\\x0d", "+a: \\u202e1\t"]


def test_colours_mark_what_goes_and_what_comes() -> None:
    shown = render("a", "a: 1\nb: 1\n", "a: 2\nb: 1\n", colour=True)
    assert shown == (
        "\x1b[1m--- a\x1b[0m\n\x1b[1m+++ a\x1b[0m\n\x1b[2m@@ -1,2 +1,2 @@\x1b[0m\n"
        "\x1b[31m-a: 1\x1b[0m\n\x1b[32m+a: 2\x1b[0m\n b: 1\n"
    )

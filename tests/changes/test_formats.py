"""The formats of `diff` and `impact`: published schemas, documents in which nothing of a file becomes markup, annotations."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine import shipped
from engine.changes import Class, Comparison, compare
from engine.diagnostics import Diagnostic, LoadError, Span
from engine.impact.clients import clients
from engine.impact.judging import Answer
from engine.impact.sides import sides
from engine.impact.study import ClientImpact, Effect, Impact, study
from engine.render import (
    change_json,
    diff,
    diff_github,
    diff_markdown,
    impact,
    impact_github,
    impact_json,
    impact_markdown,
)
from engine.render.annotations import Annotation, Level, of_problem, render_annotations
from engine.render.clean import is_hidden
from engine.render.impact_words import parts, score_words, shift_words
from engine.session import Engine, open_policy
from tests.changes.example import replaced, written

DAY = date(2026, 10, 31)
COMPANY = """\
company: {name}
as_of: 2026-10-31
currency: USD
facts:
  leads.count: 60
  leads.rate: {rate}
  leads.trend: rising
  response.hours: {hours}
  cash.months: 7
"""
EDITS = (
    (
        "demand",
        "value: 1%, unit: rate, grade: C, because: published averages begin here",
        "value: 2%, unit: rate, grade: C, because: figures of today",
    ),
    ("policyset", "value: 6,", "value: 9,"),
    ("policyset", "cap_move: 5", "cap_move: 0"),
    ("handling", "up_to: 24, outcome: 0.5", "up_to: 48, outcome: 0.25"),
)
HOSTILE = '"| <script>alert(1)</script> @team `x` **b** ]( \\x1b[2J \\u202e $a$ ::error::"'


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shipped.schemas() / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two policy sets and a folder of clients: one that changes, one whose file is not valid, one that nobody can read."""
    root = tmp_path_factory.mktemp("formats")
    written(root / "old", replaced())
    written(root / "new", replaced(*EDITS))
    written(
        root / "hostile",
        replaced(
            *EDITS,
            ("handling", "title: First response", f"title: {HOSTILE}"),
            ("policyset", "Tilt to sales", "Tilt | <b>"),
        ),
    )
    for name, rate, hours in (
        ("Acme", "1.5%", "30"),
        ("Birch", "0.5%", "0.5"),
        ("Birch", "3%", "unclear"),
        (HOSTILE, "1.5%", "12"),
    ):
        place = root / "clients" / f"c{len(list(root.glob('clients/*')))}"
        place.mkdir(parents=True)
        (place / "company.yaml").write_text(COMPANY.format(name=name, rate=rate, hours=hours), encoding="utf-8")
    (root / "clients" / "junk.yaml").write_bytes(b"\x00\xff\x00binary")
    (root / "clients" / "latin.yml").write_bytes("company: M\xfcller\n".encode("latin-1"))
    return root


def comparison(folder: Path, new: str = "new") -> Comparison:
    return compare(*(open_policy(str(folder / name), DAY).policy for name in ("old", new)))


def studied(folder: Path, new: str = "new") -> Impact:
    named = sides([str(folder / "old"), str(folder / new)], None)
    return study(named, clients(str(folder / "clients")), None, DAY, Engine.REFERENCE)


def invalid(name: str, plain: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema(name)).iter_errors(plain)]


def test_the_schema_describes_a_comparison(folder: Path) -> None:
    for compared in (comparison(folder), comparison(folder, "hostile"), comparison(folder, "old")):
        shown = json.loads(change_json.render(compared, "old", "new"))
        assert invalid("diff", shown) == []
        assert list(shown) == list(schema("diff")["properties"])
        assert sum(shown["counts"].values()) == len(shown["changes"])


def test_the_schema_describes_a_study(folder: Path) -> None:
    for new in ("new", "hostile", "old"):
        shown = json.loads(impact_json.render(studied(folder, new)))
        assert invalid("impact", shown) == []
        assert list(shown) == list(schema("impact")["properties"])
        for client in shown["clients"]:
            if client["attribution"] is not None:
                parts = sum(part["points"] for part in client["attribution"]["parts"])
                assert parts == pytest.approx(client["shift"], abs=1e-9)


def test_what_nobody_can_read_is_not_evaluable_and_says_why(folder: Path) -> None:
    found = {Path(one.file).name: one for one in studied(folder).having(Effect.NONE)}
    assert [found["junk.yaml"].problems_before[0].message] == ["the file is not a text file"]
    assert [found["latin.yml"].problems_after[0].message] == ["the file is not in UTF-8: it contains the byte 0xfc"]
    assert [d.code for d in found["company.yaml"].problems_after] == ["not-a-number"]


def test_every_client_is_told_of_and_nothing_reaches_a_terminal(folder: Path) -> None:
    found = studied(folder, "hostile")
    for shown in (
        impact.render(found),
        impact_markdown.render(found),
        impact_json.render(found),
        impact_github.render(found),
    ):
        assert not any(is_hidden(character) for character in shown.replace("\n", ""))
        assert "Acme" in shown
    assert all(len(line) <= 100 for line in impact.render(found).splitlines())
    for shown in (
        diff.render(comparison(folder, "hostile"), "a", "b"),
        diff_markdown.render(comparison(folder, "hostile"), "a", "b"),
    ):
        assert not any(is_hidden(character) for character in shown.replace("\n", ""))
    assert all(len(line) <= 100 for line in diff.render(comparison(folder, "hostile"), "a", "b").splitlines())


def test_colour_changes_nothing_but_colour(folder: Path) -> None:
    coloured = impact.render(studied(folder), colour=True)
    assert "\x1b[" in coloured
    assert "Recommendations that change" in coloured


@pytest.mark.parametrize("document", ["diff", "impact"])
def test_no_text_of_a_file_becomes_markup(folder: Path, document: str) -> None:
    if document == "diff":
        shown = diff_markdown.render(comparison(folder, "hostile"), "a", "b")
    else:
        shown = impact_markdown.render(studied(folder, "hostile"))
    assert "<script>" not in shown.replace("\\<script>", "")
    assert "@team" not in shown
    assert "| <b>" not in shown
    own = {"<details>", "</details>", "<summary>", "</summary>", "<br>", "<!-- -->"}
    tags = {line[line.index("<") : line.index(">") + 1] for line in shown.splitlines() if line.startswith("<")}
    assert tags <= own
    for line in shown.splitlines():
        if line.startswith("|"):
            cells = line.replace("\\|", "").count("|")
            assert cells == shown.splitlines()[header(shown, line)].replace("\\|", "").count("|")


def header(shown: str, line: str) -> int:
    """The number of the first line of the table that a line belongs to."""
    lines = shown.splitlines()
    place = lines.index(line)
    while place and lines[place - 1].startswith("|"):
        place -= 1
    return place


def test_equal_names_are_told_apart_by_their_files(folder: Path) -> None:
    (folder / "twins").mkdir(exist_ok=True)
    for name in ("a", "b"):
        (folder / "twins" / f"{name}.yaml").write_text(
            COMPANY.format(name="Twin", rate="1.5%", hours=30), encoding="utf-8"
        )
    named = sides([str(folder / "old"), str(folder / "new")], None)
    shown = impact.render(study(named, clients(str(folder / "twins")), None, DAY, Engine.REFERENCE), width=400)
    assert f"Twin ({folder.as_posix()}/twins/a.yaml): " in shown


def test_annotations_are_ten_at_most_the_loudest_first() -> None:
    found = [Annotation(Level.NOTICE, "n", f"notice {n}") for n in range(4)]
    found += [Annotation(Level.ERROR, "e", f"error {n}") for n in range(9)]
    lines = render_annotations(found).splitlines()
    assert lines[:9] == [f"::error title=e::error {n}" for n in range(9)]
    assert lines[9:] == ["::notice title=and more::and 4 more, which GitHub would not show"]
    assert len(render_annotations(found[3:]).splitlines()) == 10
    assert render_annotations([]) == ""


def test_annotations_are_escaped() -> None:
    span = Span("HEAD:a,b/50%:c.yaml", 3, 2)
    found = Annotation(Level.WARNING, "a: b, c", "100 %\nsecond ::error::", span)
    assert render_annotations([found]) == (
        "::warning file=a%2Cb/50%25%3Ac.yaml,line=3,col=2,title=a%3A b%2C c::100 %25 second ::error::\n"
    )
    problem = Diagnostic("too-deep", "it is", Span("steelyard:sales-focus/facts.yaml", 1), "less")
    assert render_annotations([of_problem(problem, Level.ERROR)]) == "::error title=too-deep::it is; less\n"


def test_annotations_are_errors_where_the_run_fails(folder: Path) -> None:
    compared = comparison(folder)
    assert {line.split(" ")[0] for line in diff_github.render(compared, "a", "b").splitlines()} == {"::warning"}
    assert {line.split(" ")[0] for line in diff_github.render(compared, "a", "b", Class.VERDICT).splitlines()} == {
        "::error"
    }
    assert impact_github.render(studied(folder), 1).startswith("::error ")
    assert impact_github.render(studied(folder), 0).startswith("::warning ")


def test_hundreds_of_clients_are_told_of_in_few_lines(folder: Path) -> None:
    many = folder / "many"
    for n in range(120):
        place = many / f"c{n:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / "company.yaml").write_text(COMPANY.format(name=f"Client {n}", rate="1.5%", hours=n), encoding="utf-8")
    named = sides([str(folder / "old"), str(folder / "new")], None)
    found = study(named, clients(str(many)), None, DAY, Engine.REFERENCE)
    assert len(found.clients) == 120
    shown = impact.render(found)
    assert "more; -f markdown and -f json have all of them" in shown
    assert len(shown.splitlines()) < 250
    assert all(f"Client {n}" in impact_json.render(found) for n in range(120))


def test_a_folder_without_companies(tmp_path: Path) -> None:
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "company.yaml").write_text("company: Hidden\n", encoding="utf-8")
    (tmp_path / "notes.yaml").write_text("minutes: none\n", encoding="utf-8")
    with pytest.raises(LoadError, match="there is no company file in"):
        clients(str(tmp_path))


def test_a_file_that_no_file_system_can_hold() -> None:
    with pytest.raises(LoadError, match="there is no folder"):
        clients("a" * 5000)
    with pytest.raises(LoadError, match="there is no folder"):
        clients("a\0b")
    with pytest.raises(LoadError, match="is no policy set and no revision"):
        sides(["b" * 5000], None)
    with pytest.raises(LoadError):
        sides(["a\0b"], None)


@pytest.mark.parametrize("new", ["new", "hostile"])
def test_printed_parts_add_up_to_the_printed_change_and_that_to_the_printed_scores(folder: Path, new: str) -> None:
    told = [one for one in studied(folder, new).clients if one.attribution is not None]
    assert told
    for one in told:
        printed = float(shift_words(one))
        assert sum(float(points) for _, points in parts(one)) == pytest.approx(printed, abs=1e-9)
        words = score_words(one).removeprefix("score ")
        if "->" in words:
            before, after = (float(score) for score in words.split(" -> "))
            assert after - before == pytest.approx(printed, abs=1e-9)


def test_the_change_has_the_decimals_that_the_scores_need() -> None:
    def moved(before: float, after: float) -> str:
        first, second = (Answer("keep", "Keep", (0.0, 0.0), score, 1.0) for score in (before, after))
        one = ClientImpact("Acme", "acme.yaml", Effect.SCORE, first, second)
        return f"{score_words(one)} ({shift_words(one)})"

    assert moved(61.7, 63.2) == "score 61.7 -> 63.2 (+1.5)"
    assert moved(61.66, 59.72) == "score 61.66 -> 59.72 (-1.94)"
    assert moved(10.0, 10.0) == "score 10.0, as before (0.0)"

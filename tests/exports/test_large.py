"""Files that are larger than what is looked at first, and than what one thread reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.document import parse
from engine.exports import duck
from engine.exports.reading import read_sources
from tests.exports.client import TODAY, said, tables, write

SOURCE = "  - {file: leads.csv, table: leads, columns: {id: ID, created: Created, source: Source}}\n"
ROWS = 400_000
HEADER = "ID,Created,Source\n"
LINES = [f"{number},2026-01-{number % 28 + 1:02},Search engine {number % 7}\n" for number in range(2, ROWS)]


def changed(at: int, line: str) -> str:
    """The file with another line in place of one."""
    return HEADER + "".join([*LINES[: at - 2], line, *LINES[at - 1 :]])


def test_every_row_is_counted_as_it_stands(tmp_path: Path) -> None:
    with tables(tmp_path, SOURCE, {"leads.csv": HEADER + "".join(LINES)}) as found:
        assert found.query('SELECT count(*), count(*) FILTER (WHERE CAST(id AS BIGINT) = "row") FROM leads') == [
            (ROWS - 2, ROWS - 2)
        ]


@pytest.mark.parametrize(
    "line", ["\n", '"300000\nand more",2026-01-01,x\n'], ids=["an empty line", "a quote over lines"]
)
def test_what_is_no_line_for_a_record_far_down(tmp_path: Path, line: str) -> None:
    """An empty line has a row of its own and no record; a quote over two lines is one row."""
    with tables(tmp_path, SOURCE, {"leads.csv": changed(300_000, line)}) as found:
        where = "id NOT LIKE '%more'"
        assert found.query(
            f'SELECT count(*), count(*) FILTER (WHERE CAST(id AS BIGINT) = "row") FROM leads WHERE {where}'
        ) == [(ROWS - 3, ROWS - 3)]


def test_a_byte_far_down_that_is_not_utf_8(tmp_path: Path) -> None:
    content = changed(300_000, "300000,2026-01-01,Caf?\n").encode().replace(b"Caf?", b"Caf\x8e")
    assert said(tmp_path, SOURCE, {"leads.csv": content}) == [
        "error: company.yaml:4:12: `leads.csv` is not in UTF-8: the byte 0x8e in line 300,000 reads `Café` in mac-roman, "
        "`CafŽ` in windows-1252 or `CafÄ` in cp850 [wrong-encoding] -> add a line `encoding: mac-roman`, or whichever reads right"
    ]


def test_a_byte_far_down_that_no_text_has(tmp_path: Path) -> None:
    content = changed(300_000, "300000,2026-01-01,Caf?\n").replace("?", "\0")
    assert said(tmp_path, SOURCE, {"leads.csv": content}) == [
        "error: company.yaml:4:12: `leads.csv` is not a text file [binary-file] -> export it again as CSV or XLSX"
    ]


@pytest.mark.parametrize(
    "line", ["300000,31/31/2026,x\n", "300000,2026-01-01,x,more\n"], ids=["a date", "a value more"]
)
def test_one_bad_line_far_down_is_named(tmp_path: Path, line: str) -> None:
    message, *_ = said(tmp_path, SOURCE, {"leads.csv": changed(300_000, line)})
    assert message.startswith("warning: ")
    assert "leads.csv:300000" in message


def test_it_is_told_how_far_the_reading_is(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    node = parse(f"company: Acme\nsources:\n{SOURCE}", "company.yaml")
    folder = write(tmp_path, {"leads.csv": changed(300_000, "\n")})
    with read_sources(node, folder, TODAY, lambda what, part: told.append((what, part))) as found:
        assert found.covers == date(2026, 1, 28)
    steps = list(dict.fromkeys(what for what, _ in told))
    # the database may have read the file before anybody could be told, and then found out that it needs a copy
    assert [step for step in steps if step != "reading leads.csv"] == ["preparing leads.csv"]
    assert all(0 <= part <= 1 for _, part in told)
    assert len([step for step, _ in told if step == "preparing leads.csv"]) > 50


def test_ctrl_c_ends_the_reading(tmp_path: Path) -> None:
    """Whoever is told may raise: the statement that runs is given up, and the folder of copies goes."""

    def interrupt(_what: str, _part: float) -> None:
        raise KeyboardInterrupt

    folder = write(tmp_path, {"leads.csv": changed(300_000, "\n")})
    node = parse(f"company: Acme\nsources:\n{SOURCE}", "company.yaml")
    with pytest.raises(KeyboardInterrupt):
        read_sources(node, folder, TODAY, interrupt)


def test_what_does_not_fit_into_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duck, "MEMORY", "12MB")
    lines = said(tmp_path, SOURCE, {"leads.csv": HEADER + "".join(LINES)})
    assert lines == [
        "error: company.yaml:4:12: `leads.csv` does not fit into the memory that may be used [too-large] -> "
        "export only the columns and the time that are needed"
    ]

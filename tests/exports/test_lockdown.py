"""The database reads the files that are named, and can do nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.exports.duck import QueryError
from engine.exports.tables import Tables
from tests.exports.client import tables

SOURCE = "  - {file: it's.csv, table: leads, columns: {id: ID, created: Created, source: Source}}\n"
CONTENT = 'ID,Created,Source\n1,2026-01-02,=HYPERLINK("http://x")\n2,2026-01-03,\'; DROP TABLE t0; --\n'


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Tables]:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with tables(tmp_path, SOURCE, {"it's.csv": CONTENT}) as read:
        yield read


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{folder}/secret.csv')",
        "SELECT * FROM read_text('{folder}/secret.csv')",
        "SELECT * FROM glob('{folder}/*')",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "ATTACH '{folder}/other.db'",
        "EXPORT DATABASE '{folder}/all'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM 'https://example.com/a.csv'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '100GB'",
        "PRAGMA temp_directory = '{folder}'",
    ],
)
def test_what_is_refused(found: Tables, tmp_path: Path, statement: str) -> None:
    with pytest.raises(QueryError):
        found.query(statement.format(folder=tmp_path.as_posix()))
    with pytest.raises(QueryError):
        found.as_of(found.covers or pytest.fail("no day")).query(statement.format(folder=tmp_path.as_posix()))


def test_texts_are_texts(found: Tables) -> None:
    """Neither a formula nor a statement in a cell, nor a quote in the name of a file, is anything but text."""
    assert found.query("SELECT source, file FROM leads ORDER BY id") == [
        ('=HYPERLINK("http://x")', "it's.csv"),
        ("'; DROP TABLE t0; --", "it's.csv"),
    ]


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """Copies lie in a folder of their own, which goes with the tables."""
    content = CONTENT.encode("utf-16")
    with tables(tmp_path, SOURCE, {"it's.csv": content}) as read:
        assert read.scratch is not None
        copies = Path(read.scratch.name)
        assert copies.is_dir()
    assert not copies.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["it's.csv"]


def test_a_link_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "client"
    inside.mkdir()
    (tmp_path / "deals.csv").write_text("ID\n", encoding="utf-8")
    (inside / "it's.csv").symlink_to(tmp_path / "deals.csv")
    from_client = "  - {file: it's.csv, mapping: hubspot-deals}\n"
    with pytest.raises(Exception, match="lies outside the folder of the company"):
        tables(inside, from_client, {})


@pytest.mark.parametrize(
    "name",
    ["deals[1].csv", "d*.csv", "d?.csv", "deals (2).csv", "büro; 'x'.csv", "deals.csv.gz", "deals.parquet", "deals"],
)
def test_a_name_is_a_name(tmp_path: Path, name: str) -> None:
    """No pattern, no kind of file: another file that the pattern would find stays unread."""
    source = f'  - {{file: ["{name}", d1.csv], table: leads, columns: {{id: ID, created: Created}}}}\n'
    files = {name: "ID,Created\n1,2026-01-02\n", "d1.csv": "ID,Created\n2,2026-01-03\n"}
    with tables(tmp_path, source, files) as found:
        assert found.query("SELECT id, file FROM leads ORDER BY id") == [("1", name), ("2", "d1.csv")]

"""`init client --from`: what is written evaluates at once, is in canonical form, and is all there or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine import schema
from engine.diagnostics import LoadError, SourceError
from engine.document import read
from engine.exports.reading import read_sources
from engine.extraction import extract
from engine.formatting.form import formatted
from engine.onboarding import Basis, Onboarded, init_client_from
from engine.session import Engine, Session
from tests.recognition.test_recognise import DEALS

TODAY = date(2026, 11, 1)
SET = "steelyard:sales-focus"
BRIGHTWATER = Path(__file__).resolve().parent.parent / "examples" / "brightwater-lighting"


def started(folder: Path, *files: Path, currency: str = "") -> Onboarded:
    with Session.open(SET, TODAY, Engine.REFERENCE) as session:
        return init_client_from(folder, files, Basis(session.policy, SET, TODAY, currency))


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_exports_of_an_example_are_recognised_and_evaluate_at_once(tmp_path: Path) -> None:
    client = tmp_path / "Müller & Söhne"
    done = started(client, *sorted(BRIGHTWATER.glob("*.csv")), currency="EUR")
    assert everything(client) == [
        ".steelyard/schemas/company.schema.json",
        "company.yaml",
        "exports/books.csv",
        "exports/hubspot-contacts.csv",
        "exports/hubspot-deals.csv",
        "exports/survey.csv",
        "policyset.yaml",
    ]
    assert sorted(one.table for one in done.recognised.certain) == ["deals", "feedback", "leads", "revenue", "spend"]
    node = read(client / "company.yaml", "company.yaml")
    assert schema.validate(node, "company") == ()
    with Session.open(str(client), TODAY, Engine.REFERENCE) as session, read_sources(node, client, TODAY) as tables:
        found = extract(tables, node, session.policy, None, TODAY)
        told = session.evaluate(found.company)
    assert (told.company, told.as_of) == ("Müller & Söhne", date(2026, 9, 30))
    assert len(found.sheet.facts) == done.computed > 30
    assert [one.message for one in found.company.warnings if one.code == "not-known-yet"] == []


@pytest.mark.parametrize("currency", ["", "EUR"])
def test_what_is_written_is_in_canonical_form_and_names_its_schema(tmp_path: Path, currency: str) -> None:
    client = tmp_path / "acme"
    files = {"d.csv": DEALS, "odd.csv": "a,b\n1,2\n", "amb.csv": DEALS.replace("Opened", "Start Date")}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    started(client, *(tmp_path / name for name in files), currency=currency)
    for name in ("company.yaml", "policyset.yaml"):
        path = client / name
        assert formatted(path.read_bytes(), name) == path.read_text(encoding="utf-8")
    first = (client / "company.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert (client / first.partition("$schema=")[2]).is_file()


def test_the_day_is_that_of_what_is_read(tmp_path: Path) -> None:
    """A file that is not read yet may go on longer than those that are."""
    client = tmp_path / "acme"
    (tmp_path / "d.csv").write_text(DEALS, encoding="utf-8")
    (tmp_path / "l.csv").write_bytes(
        "Lead Id,Created On,Quelle,Qualified\n1,2026-03-01,Empfehlung Frère,2026-03-02\n".encode("cp1252")
    )
    started(client, tmp_path / "d.csv", tmp_path / "l.csv", currency="EUR")
    text = (client / "company.yaml").read_text(encoding="utf-8")
    assert "NOT READ YET" in text
    assert "    # the last day of the exports that are read\n" in text


def test_a_file_in_the_folder_stays_where_it_is(tmp_path: Path) -> None:
    client = tmp_path / "acme"
    (client / "crm").mkdir(parents=True)
    (client / "crm" / "d.csv").write_text(DEALS, encoding="utf-8")
    done = started(client, client / "crm" / "d.csv")
    assert done.copies == {}
    assert "  - file: crm/d.csv\n" in (client / "company.yaml").read_text(encoding="utf-8")


def test_two_files_of_one_name_are_both_copied(tmp_path: Path) -> None:
    for number, folder in enumerate(("a", "b")):
        (tmp_path / folder).mkdir()
        text = DEALS.replace("\n1,", f"\n{number}1,").replace("\n2,", f"\n{number}2,").replace("\n3,", f"\n{number}3,")
        (tmp_path / folder / "d.csv").write_text(text, encoding="utf-8")
    started(tmp_path / "acme", tmp_path / "a" / "d.csv", tmp_path / "b" / "d.csv")
    assert "  - file: [exports/d.csv, exports/d-2.csv]\n" in (tmp_path / "acme" / "company.yaml").read_text()


def test_a_client_of_a_repository_uses_the_schema_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".steelyard" / "schemas").mkdir(parents=True)
    (tmp_path / ".steelyard" / "schemas" / "company.schema.json").write_text("{}")
    (tmp_path / "d.csv").write_text(DEALS, encoding="utf-8")
    started(tmp_path / "clients" / "acme", tmp_path / "d.csv")
    text = (tmp_path / "clients" / "acme" / "company.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../.steelyard/schemas/company.schema.json\n")
    assert not (tmp_path / "clients" / "acme" / ".steelyard").exists()


def test_odd_names_and_headers_are_written_so_that_they_are_read_back(tmp_path: Path) -> None:
    name = "what: a \"file\" # 'x' {y}.csv"
    (tmp_path / name).write_text(DEALS.replace("Deal Id", '"Deal, #Id"').replace("Opened", "created at"))
    (tmp_path / "yes.csv").write_text("Month,Marketing\n2026-01,€1\n2026-02,€2\n", encoding="utf-8")
    done = started(tmp_path / "acme", tmp_path / name, tmp_path / "yes.csv")
    assert [one.first.file for one in done.recognised.certain] == [f"exports/{name}", "exports/yes.csv"]
    node = read(tmp_path / "acme" / "company.yaml", "company.yaml")
    with read_sources(node, tmp_path / "acme", TODAY) as tables:
        assert tables.query("SELECT count(*) FROM deals") == [(3,)]


def test_nothing_is_left_behind_where_one_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(DEALS, encoding="utf-8")
    (tmp_path / "pic.png").write_bytes(b"\x89PNG\0")
    with pytest.raises(SourceError) as failure:
        started(tmp_path / "deep" / "acme", tmp_path / "d.csv", tmp_path / "pic.png")
    assert [one.message for one in failure.value.diagnostics] == [f"`{tmp_path.as_posix()}/pic.png` is not a text file"]
    assert everything(tmp_path) == ["d.csv", "pic.png"]
    assert not (tmp_path / "deep").exists()


def test_files_that_are_not_there_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(DEALS, encoding="utf-8")
    with pytest.raises(SourceError) as failure:
        started(tmp_path / "acme", tmp_path / "e.csv", tmp_path / "far" / "x.csv", tmp_path)
    place = tmp_path.as_posix()
    assert [(one.code, one.message, one.hint) for one in failure.value.diagnostics] == [
        ("file-missing", f"there is no file `{place}/e.csv`", "did you mean `d.csv`?"),
        ("file-missing", f"there is no file `{place}/far/x.csv`", "name the exports by their paths"),
        ("not-readable", f"`{place}` is a folder", "name the exports one by one"),
    ]


@pytest.mark.parametrize(
    "text, why",
    [
        ("root:x:0:0:root:/root:/bin/bash\ngnats:x:41:41:Gnats,,,:/var/lib:/bin/sh\n", "{heads}"),
        ("Dear client,\nas discussed, we should talk\n", "{heads}"),
        ("just\none\ncolumn\n", "has one column only, and a table has two or more"),
        ('{"deals": [\n  {"id": 1, "amount": 5},\n  {"id": 2, "amount": 6}\n]}\n', "{heads}"),
        ("[core]\nname = a, b\nemail = c, d\n", "{heads}"),
        ("1,2\n3,4\n", "{heads}"),
        ("2026-01-01 12:00:00,INFO,started\n2026-01-01 12:00:01,INFO,stopped\n", "{heads}"),
        ("\ufeffGr\xfc\xdfe\n".encode("utf-16"), "has one column only, and a table has two or more"),
    ],
)
def test_a_text_that_is_no_table_is_refused_before_anything_is_written(
    tmp_path: Path, text: str | bytes, why: str
) -> None:
    (tmp_path / "d.csv").write_text(DEALS, encoding="utf-8")
    (tmp_path / "notes").write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SourceError) as failure:
        started(tmp_path / "acme", tmp_path / "d.csv", tmp_path / "notes")
    (problem,) = failure.value.diagnostics
    told = why.replace("{heads}", "has no row that looks like headers over rows with as many values")
    assert (problem.code, problem.message, problem.hint) == (
        "not-an-export",
        f"`{tmp_path.as_posix()}/notes` is no export: it {told}",
        "leave it out, or name the export as CSV or XLSX, its headers in one row",
    )
    assert everything(tmp_path) == ["d.csv", "notes"]
    assert not (tmp_path / "acme").exists()


@pytest.mark.parametrize(
    "text",
    [
        DEALS,
        f"Auswertung 2026\nStand: 1.5.2026\n\n{DEALS}",
        "a;b\n1;2\n",
        "Kennung\tVorgang\n1\tx\n",
        "Zone,Farbe\n",
        "Größe;Straße\n1;2\n".encode("cp1252"),
        "Deal Id,Opened\n1,2026-01-05\n".encode("utf-16"),
        '"Remark, long",Year\n"a, b",2\n',
    ],
)
def test_what_may_be_a_table_is_taken(tmp_path: Path, text: str | bytes) -> None:
    (tmp_path / "x.txt").write_bytes(text.encode() if isinstance(text, str) else text)
    started(tmp_path / "acme", tmp_path / "x.txt", currency="EUR")
    assert (tmp_path / "acme" / "exports" / "x.txt").is_file()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(DEALS, encoding="utf-8")
    (tmp_path / "acme" / "exports").mkdir(parents=True)
    (tmp_path / "acme" / "exports" / "d.csv").write_text("mine")
    with pytest.raises(LoadError) as failure:
        started(tmp_path / "acme", tmp_path / "d.csv")
    assert [one.code for one in failure.value.diagnostics] == ["file-exists"]
    assert everything(tmp_path / "acme") == ["exports/d.csv"]
    assert (tmp_path / "acme" / "exports" / "d.csv").read_text() == "mine"

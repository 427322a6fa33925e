"""Workbooks: cells as what they are, and files that are made to fail."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from engine.exports import sheet
from tests.exports.client import said, tables, workbook

SOURCE = """\
  - file: deals.xlsx
    table: deals
    columns: {id: ID, created: Created, closed: Closed, outcome: Stage, amount: Amount}
    values: {outcome: {won: Won, lost: Lost, otherwise: open}}
"""
HEADER: list[object] = ["ID", "Created", "Closed", "Stage", "Amount"]
WON: list[object] = [12345678901, datetime(2026, 1, 13, 10, 30), date(2026, 2, 3), "Won", 1234.567]
OPEN: list[object] = ["b", date(2026, 1, 14), None, "Offer", None]
AT = "company.yaml:4:11: `deals.xlsx`"
DAMAGED = (
    f"error: {AT} cannot be read as a workbook: it is damaged, cut off or protected [broken-workbook] -> "
    "open it in a spreadsheet and save it again as XLSX or CSV"
)


def read(folder: Path, more: str = "") -> tuple[list[tuple[object, ...]], tuple[str, ...]]:
    with tables(folder, SOURCE + more, {}) as found:
        assert found.findings == ()
        return found.query(
            'SELECT id, created, closed, outcome, amount, "row" FROM deals ORDER BY "row"'
        ), found.extracts[0].told


def test_dates_and_numbers_are_what_the_cells_hold(tmp_path: Path) -> None:
    """1234.567 would be doubtful as a text."""
    workbook(tmp_path, "deals.xlsx", Deals=[HEADER, WON, OPEN])
    rows, told = read(tmp_path)
    assert rows == [
        ("12345678901", datetime(2026, 1, 13, 10, 30), datetime(2026, 2, 3), "won", 1234.567, 2),
        ("b", datetime(2026, 1, 14), None, "open", None, 3),
    ]
    assert told == ()


def test_a_title_above_the_header_and_empty_rows(tmp_path: Path) -> None:
    workbook(tmp_path, "deals.xlsx", Deals=[["All deals"], [], HEADER, WON, [], OPEN])
    rows, told = read(tmp_path)
    assert [row[-1] for row in rows] == [4, 6]
    assert told == ("header in row 3",)


def test_the_sheet_that_is_meant(tmp_path: Path) -> None:
    workbook(tmp_path, "deals.xlsx", Notes=[["what this is"]], Deals=[HEADER, WON], Old=[["ID"], ["x"]])
    assert read(tmp_path, "    sheet: Deals\n")[1] == ()
    workbook(tmp_path, "deals.xlsx", Notes=[["what this is"]], Deals=[HEADER, WON])
    assert read(tmp_path)[1] == ("sheet `Deals`",)


def test_sheets_that_could_both_be_meant(tmp_path: Path) -> None:
    workbook(tmp_path, "deals.xlsx", A=[HEADER], B=[HEADER])
    message = f"error: {AT} has several sheets that could be meant: `A`, `B` [no-sheet] -> add a line `sheet: A`"
    assert said(tmp_path, SOURCE, {}) == [message]


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    workbook(tmp_path, "deals.xlsx", Deals=[HEADER])
    message = f"error: {AT} has no sheet `Deal` [no-sheet] -> did you mean `Deals`?"
    assert said(tmp_path, SOURCE + "    sheet: Deal\n", {}) == [message]


def test_an_empty_sheet(tmp_path: Path) -> None:
    workbook(tmp_path, "deals.xlsx", Deals=[])
    assert said(tmp_path, SOURCE, {}) == [
        "error: company.yaml:4:11: sheet `Deals` of `deals.xlsx` is empty [empty-file] -> export it again, or delete the entry"
    ]


def test_10_000_columns(tmp_path: Path) -> None:
    workbook(tmp_path, "deals.xlsx", Deals=[[f"c{number}" for number in range(10_000)]])
    assert said(tmp_path, SOURCE, {}) == [
        f"error: {AT} has more than 2,000 columns [too-many-columns] -> export only the columns that are needed"
    ]


# ---- formulas


def test_a_formula_is_never_worked_out_and_its_missing_value_is_said(tmp_path: Path) -> None:
    workbook(tmp_path, "deals.xlsx", Deals=[HEADER, ["a", date(2026, 1, 13), None, "Offer", "=1+1"]])
    assert said(tmp_path, SOURCE, {}) == [
        "warning: company.yaml:4:11: 1 cell of `deals.xlsx` with a formula and no saved value: deals.xlsx:2 [faulty-cells] -> "
        "they are taken as empty; save the workbook with values in them"
    ]


def test_the_saved_value_of_a_formula_is_read(tmp_path: Path) -> None:
    workbook(tmp_path, "deals.xlsx", Deals=[HEADER, ["a", date(2026, 1, 13), None, "Offer", "=1+1"]])
    path = tmp_path / "deals.xlsx"
    parts = {part: zipfile.ZipFile(path).read(part) for part in zipfile.ZipFile(path).namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(
                name, content.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>7</v>").replace(b"<v />", b"<v>7</v>")
            )
    assert load_workbook(path, data_only=True)["Deals"]["E2"].value == 7  # the workbook is as it was meant
    assert read(tmp_path)[0][0][4] == 7


def test_errors_of_the_spreadsheet(tmp_path: Path) -> None:
    workbook(tmp_path, "deals.xlsx", Deals=[HEADER, ["a", date(2026, 1, 13), None, "Offer", "#REF!"], OPEN])
    assert said(tmp_path, SOURCE, {}) == [
        "warning: company.yaml:4:11: 1 cell of `deals.xlsx` with an error of the spreadsheet: deals.xlsx:2 [faulty-cells] -> "
        "they are taken as empty; save the workbook with values in them"
    ]


# ---- files that are made to fail


def saved(*rows: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook(tmp_path: Path, part: float) -> None:
    whole = saved(HEADER, WON)
    assert said(tmp_path, SOURCE, {"deals.xlsx": whole[: int(part * len(whole))]}) == [DAMAGED]


@pytest.mark.parametrize(
    "content", [b"ID,Created\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 100], ids=["text", "begin", "old"]
)
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    assert said(tmp_path, SOURCE, {"deals.xlsx": content}) == [DAMAGED]


def test_every_byte_may_be_wrong(tmp_path: Path) -> None:
    """A damaged workbook is either refused or read, never a traceback."""
    whole = saved(HEADER, WON, OPEN)
    for position in range(0, len(whole), 97):
        damaged = whole[:position] + bytes([whole[position] ^ 0x5A]) + whole[position + 1 :]
        said(tmp_path, SOURCE, {"deals.xlsx": damaged})


def test_a_zip_bomb(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    assert said(tmp_path, SOURCE, {"deals.xlsx": out.getvalue()}) == [
        f"error: {AT} has 0.1 MB and unpacks to 100 MB [too-large] -> "
        "the limits are 200 MB, 1,500 MB and 250 times its size; export as CSV"
    ]


def test_entities_that_grow_are_not_expanded(tmp_path: Path) -> None:
    """Ten levels of ten: a document of a few lines that would be 10 GB of text."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "0123456789">{levels}]><worksheet'.encode()
    before, out = zipfile.ZipFile(io.BytesIO(saved(HEADER, WON))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in before.namelist():
            content = before.read(name)
            is_sheet = name == "xl/worksheets/sheet1.xml"
            archive.writestr(
                name, content.replace(b"<worksheet", bomb).replace(b"Won", b"&e10;") if is_sheet else content
            )
    assert said(tmp_path, SOURCE, {"deals.xlsx": out.getvalue()}) == [DAMAGED]


def test_more_rows_than_a_sheet_can_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 2)
    workbook(tmp_path, "deals.xlsx", Deals=[HEADER, WON, OPEN])
    assert said(tmp_path, SOURCE, {}) == [f"error: {AT} has more than 2 rows [too-large] -> export as CSV"]

"""Separated text in every form that exports come in: the same records, with the rows that a spreadsheet would show."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.exports.client import tables

SOURCE = """
  - file: deals.csv
    table: deals
    columns: {id: ID, created: Created, closed: Closed, outcome: Stage, amount: Amount}
    values: {outcome: {won: Won, lost: Lost, otherwise: open}}
"""
HEADER = "ID,Created,Closed,Stage,Amount\n"
RECORDS = HEADER + "a,2026-01-13,2026-02-03,Won,1234.5\nb,2026-01-14,,Offer,\n"
EXPECTED = [
    ("a", datetime(2026, 1, 13), datetime(2026, 2, 3), "won", 1234.5),
    ("b", datetime(2026, 1, 14), None, "open", None),
]


def read(folder: Path, content: str | bytes, more: str = "") -> tuple[list[tuple[object, ...]], list[int], list[str]]:
    """Records without their rows, their rows, and what was found out about the file."""
    with tables(folder, SOURCE + more, {"deals.csv": content}) as found:
        rows = found.query('SELECT id, created, closed, outcome, amount, "row" FROM deals ORDER BY "row"')
        assert found.findings == ()
        [extract] = found.extracts
        assert (extract.rows, extract.used) == (len(rows), len(rows))
        return [row[:-1] for row in rows], [row[-1] for row in rows], list(extract.told)


FORMS: dict[str, tuple[str | bytes, str, list[int], list[str]]] = {
    "as it is": (RECORDS, "", [2, 3], []),
    "ends of lines of Windows": (RECORDS.replace("\n", "\r\n"), "", [2, 3], []),
    "ends of lines of old Macs": (RECORDS.replace("\n", "\r"), "", [2, 3], []),
    "no end of the last line": (RECORDS.rstrip("\n"), "", [2, 3], []),
    "a byte-order mark": ("\ufeff" + RECORDS, "", [2, 3], []),
    "UTF-16": (RECORDS.encode("utf-16"), "", [2, 3], ["in utf-16, as its byte-order mark says"]),
    "tabs": (RECORDS.replace(",", "\t"), "", [2, 3], ["separated by tabs"]),
    "bars, said": (RECORDS.replace(",", "|"), '    separator: "|"\n', [2, 3], []),
    "every value in quotes": (
        "".join(",".join(f'"{value}"' for value in line.split(",")) + "\n" for line in RECORDS.splitlines()),
        "",
        [2, 3],
        [],
    ),
    "spaces around values": (RECORDS.replace(",", " , "), "", [2, 3], []),
    "trailing empty columns": (RECORDS.replace("\n", ",,\n"), "", [2, 3], []),
    "a trailing separator in the records only": (
        HEADER + RECORDS.removeprefix(HEADER).replace("\n", ",\n"),
        "",
        [2, 3],
        [],
    ),
    "remarks on top": ("# Export of 2 November\n# all deals\n" + RECORDS, "", [4, 5], ["header in row 3"]),
    "a title and an empty line on top": ("All deals\n\n" + RECORDS, "", [4, 5], ["header in row 3"]),
    "remarks between records": (
        RECORDS.replace("\nb,", "\n# b is new\nb,"),
        '    comment: "#"\n',
        [2, 4],
        [],
    ),
    "empty lines": (RECORDS.replace("\nb,", "\n\n\nb,") + "\n\n", "", [2, 5], []),
    "decimal comma and days first": (
        "ID;Created;Closed;Stage;Amount\na;13.01.2026;03.02.2026;Won;1.234,50\nb;14.01.2026;;Offer;\n",
        "",
        [2, 3],
        ["separated by semicolons", "dates day-first, as `14.01.2026` shows", "decimal comma, as `1.234,50` shows"],
    ),
    "months first": (
        HEADER + 'a,01/13/2026,02/03/2026,Won,"1,234.50"\nb,1/14/2026,,Offer,\n',
        "",
        [2, 3],
        ["dates month-first, as `1/14/2026` shows"],
    ),
    "an order that is said": (
        HEADER + "a,13-01-26,03-02-26,Won,1234.5\nb,14-01-26,,Offer,\n",
        "    dates: day-first\n",
        [2, 3],
        ["years of two digits lie between 1969 and 2068"],
    ),
    "names of months": (
        HEADER + 'a,"Jan 13, 2026",3 February 2026,Won,1234.5\nb,14-JAN-2026,,Offer,\n',
        "",
        [2, 3],
        [],
    ),
    "words for nothing": (
        RECORDS.replace("b,2026-01-14,,Offer,", "b,2026-01-14,n/a,Offer,-"),
        "    missing: [N/A, '-']\n",
        [2, 3],
        [],
    ),
    "amounts with their currency": (RECORDS.replace("1234.5", '"€ 1,234.50"'), "", [2, 3], []),
    "amounts with apostrophes": (RECORDS.replace("1234.5", "1'234.50 EUR"), "", [2, 3], []),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_records_are_the_same_in_every_form(tmp_path: Path, form: str) -> None:
    content, more, rows, told = FORMS[form]
    # a remark that is asked for is counted, so it has a test of its own
    if form == "remarks between records":
        with tables(tmp_path, SOURCE + more, {"deals.csv": content}) as found:
            assert [row[0] for row in found.query('SELECT "row" FROM deals ORDER BY 1')] == rows
            [left_out] = found.extracts[0].left_out
            assert (left_out.reason, left_out.count, left_out.rows) == ("a remark and not a record", 1, (3,))
        return
    assert read(tmp_path, content, more) == (EXPECTED, rows, told)


@pytest.mark.parametrize("encoding", ["windows-1252", "mac-roman", "iso-8859-15", "windows-1250", "shift-jis"])
def test_an_encoding_that_is_said(tmp_path: Path, encoding: str) -> None:
    from_python = {
        "windows-1250": "cp1250",
        "windows-1252": "cp1252",
        "iso-8859-15": "iso8859-15",
        "shift-jis": "cp932",
    }
    name = "森" if encoding == "shift-jis" else "Müller"
    content = RECORDS.replace("a,", f"{name},").encode(from_python.get(encoding, encoding))
    rows, _, _ = read(tmp_path, content, f"    encoding: {encoding}\n")
    assert rows[0][0] == name


def test_a_quote_may_go_over_several_lines(tmp_path: Path) -> None:
    rows, numbers, _ = read(tmp_path, RECORDS.replace("a,", '"a\nwith ""more"", of it",'))
    assert [row[0] for row in rows] == ['a\nwith "more", of it', "b"]
    assert numbers == [2, 3]


def test_times_with_an_offset_become_utc(tmp_path: Path) -> None:
    content = HEADER + "a,2026-01-13T23:30:00-02:00,2026-02-03T10:00:00.000Z,Won,1\n"
    rows, _, told = read(tmp_path, content)
    assert rows[0][1:3] == (datetime(2026, 1, 14, 1, 30), datetime(2026, 2, 3, 10))
    assert told == ["times with an offset are taken to UTC"]


def test_an_offset_far_down_is_not_overlooked(tmp_path: Path) -> None:
    """The first records show no offset, and the notation is found out from them."""
    many = "".join(f"{number},2026-01-13T10:00:00,,Offer,1\n" for number in range(25_000))
    rows, _, told = read(tmp_path, HEADER + many + "z,2026-01-13T10:00:00+02:00,,Offer,1\n")
    assert rows[-1][:2] == ("z", datetime(2026, 1, 13, 8))
    assert told == ["times with an offset are taken to UTC"]


def test_an_order_that_only_the_last_record_shows(tmp_path: Path) -> None:
    many = "".join(f"{number},01/02/2026,,Offer,1\n" for number in range(25_000))
    rows, _, told = read(tmp_path, HEADER + many + "z,31/01/2026,,Offer,1\n")
    assert rows[0][1] == datetime(2026, 2, 1)
    assert told == ["dates day-first, as `31/01/2026` shows"]


def test_one_export_in_several_files(tmp_path: Path) -> None:
    files = {"a.csv": RECORDS, "b.csv": "Created;ID;Stage;Closed;Amount\n01.01.2026;c;Lost;31.01.2026;7,5\n"}
    with tables(tmp_path, SOURCE.replace("deals.csv", "[a.csv, b.csv]"), files) as found:
        rows = found.query('SELECT file, "row", id, outcome, amount FROM deals ORDER BY 1, 2')
    assert rows == [("a.csv", 2, "a", "won", 1234.5), ("a.csv", 3, "b", "open", None), ("b.csv", 2, "c", "lost", 7.5)]


def test_whether_a_column_has_times_of_day(tmp_path: Path) -> None:
    content = RECORDS.replace("2026-01-13,", "2026-01-13 00:05,")
    with tables(tmp_path, SOURCE, {"deals.csv": content}) as found:
        assert found.has_times == {("deals", "created"): True, ("deals", "closed"): False}
        assert str(found.covers) == "2026-02-03"

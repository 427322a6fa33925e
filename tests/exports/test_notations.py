"""Notations of dates and numbers: what is read, what it means, and what is not read."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from engine.exports.dates import DAY_FIRST, MONTH_FIRST, Shape, formats
from engine.exports.numbers import numbers_of
from tests.exports.client import tables

LEADS = "  - file: leads.csv\n    table: leads\n    separator: tab\n    columns: {{id: ID, created: Created}}\n    dates: {}\n"
SPEND = "  - file: spend.csv\n    table: spend\n    separator: tab\n    columns: {{month: Month, sales: Cost}}\n    decimal: {}\n"
MIDNIGHT = datetime(2026, 2, 3)
DATES = {
    DAY_FIRST: {
        "03/02/2026": MIDNIGHT,
        "3.2.2026": MIDNIGHT,
        "03-02-26": MIDNIGHT,
        "03.02.2026 14:05": datetime(2026, 2, 3, 14, 5),
        "3/2/2026, 2:05 PM": datetime(2026, 2, 3, 14, 5),
        "3/2/2026 2:05:09 am": datetime(2026, 2, 3, 2, 5, 9),
        "3 Feb 2026": MIDNIGHT,
        "03-FEB-26": MIDNIGHT,
        "3. February 2026 14:05": datetime(2026, 2, 3, 14, 5),
        "Feb 3, 2026": MIDNIGHT,
        "February 3 2026, 2:05 PM": datetime(2026, 2, 3, 14, 5),
        "2026-02-03": MIDNIGHT,
        "2026/2/3": MIDNIGHT,
        "2026.02.03": MIDNIGHT,
        "20260203": MIDNIGHT,
        "2026-02-03T14:05:09.123Z": datetime(2026, 2, 3, 14, 5, 9, 123000),
        "2026-02-03 14:05:09.123456": datetime(2026, 2, 3, 14, 5, 9, 123456),
        "2026-02-03T14:05+02:00": datetime(2026, 2, 3, 12, 5),
        "2026-02-03T14:05:09.000+0000": datetime(2026, 2, 3, 14, 5, 9),
        "2026-02-03 14:05:09-05": datetime(2026, 2, 3, 19, 5, 9),
        "2026-02-03 14:05 UTC": datetime(2026, 2, 3, 14, 5),
    },
    MONTH_FIRST: {
        "02/03/2026": MIDNIGHT,
        "2/3/26": MIDNIGHT,
        "2-3-2026 14:05": datetime(2026, 2, 3, 14, 5),
    },
}
NO_DATES = [
    "31/31/2026",
    "30/02/2026",
    "2026-13-01",
    "2026-02-30",
    "03/02",
    "03/02/226",
    "yesterday",
    "infinity",
    "-infinity",
    "epoch",
    "0001-01-01",
    "9999-12-31",
    "1770076800000",
    "46056",
    "3 Febr 2026",
    "3 fev 2026",
    "25:00",
    "2026-02-03 25:00",
    "2026-W06-2",
    "today",
]


@pytest.mark.parametrize("order", DATES)
def test_dates(tmp_path: Path, order: str) -> None:
    rows = "".join(f"{number}\t{text}\n" for number, text in enumerate(DATES[order]))
    with tables(tmp_path, LEADS.format(order), {"leads.csv": "ID\tCreated\n" + rows}) as found:
        assert found.findings == ()
        read = [row[0] for row in found.query('SELECT created FROM leads ORDER BY "row"')]
    assert dict(zip(DATES[order], read, strict=True)) == DATES[order]


def test_what_is_no_date(tmp_path: Path) -> None:
    good = "".join(f"g{number}\t03/02/2026\n" for number in range(1000))
    bad = "".join(f"{number}\t{text}\n" for number, text in enumerate(NO_DATES))
    with tables(tmp_path, LEADS.format(DAY_FIRST), {"leads.csv": f"ID\tCreated\n{good}{bad}"}) as found:
        assert found.query("SELECT id FROM leads WHERE created IS NOT NULL AND id NOT LIKE 'g%'") == []
        assert f"{len(NO_DATES)} of {1000 + len(NO_DATES):,} values of `Created`" in found.findings[0].message


def test_iso_alone(tmp_path: Path) -> None:
    """Where nothing but year-month-day is said, everything else is no date."""
    good = "".join(f"g{number}\t2026-02-03\n" for number in range(100))
    with tables(tmp_path, LEADS.format("iso"), {"leads.csv": f"ID\tCreated\n{good}x\t03/04/2026\n"}) as found:
        assert found.query("SELECT created FROM leads WHERE id = 'x'") == [(None,)]


@given(
    at=st.datetimes(datetime(1970, 1, 1), datetime(2060, 1, 1)),
    form=st.sampled_from(["%d/%m/%Y %H:%M", "%d.%m.%y", "%d-%b-%Y", "%B %d, %Y", "%d %b %Y %I:%M %p", "%Y.%m.%d"]),
)
def test_the_format_of_a_shape_is_the_one_it_was_written_in(at: datetime, form: str) -> None:
    text = at.strftime(form)
    shape = "".join("9" if letter.isdigit() else letter for letter in text.lower())
    [found] = formats([Shape(shape, 1, text)], DAY_FIRST, months=False)
    # the shape of `5 May` does not say whether the whole name was meant
    assert found.replace("%b", "%B") == form.replace("%b", "%B")


# ---- numbers

POINT = {
    "1234.5": 1234.5,
    "1,234.50": 1234.5,
    "1 234.5": 1234.5,
    "1'234.50": 1234.5,
    "1\u00a0234.5": 1234.5,
    "-5": -5.0,
    "−5": -5.0,
    "(1,234.50)": -1234.5,
    "$1,234.50": 1234.5,
    "-$5.00": -5.0,
    "USD 12": 12.0,
    "12 USD": 12.0,
    "US$12.50": 12.5,
    "1.5e3": 1500.0,
    ".5": 0.5,
    "1,234,567": 1234567.0,
    "+7": 7.0,
    "0": 0.0,
    "12%": 0.12,
}
COMMA = {
    "1234,5": 1234.5,
    "1.234,50": 1234.5,
    "1 234,5": 1234.5,
    "1.234.567,8": 1234567.8,
    "12 USD": 12.0,
    "-0,5": -0.5,
    "(3,25)": -3.25,
    "1.234": 1234.0,
}
NO_NUMBERS = [
    "nan",
    "inf",
    "1e400",
    "12 apples",
    "1,2,3.4.5",
    "--5",
    "5-",
    "1.2.3",
    "(5",
    "#REF!",
    "=1+1",
    "0x10",
    "TBD",
    "1/2",
]


@pytest.mark.parametrize("sign, values", [("point", POINT), ("comma", COMMA)])
def test_numbers(tmp_path: Path, sign: str, values: dict[str, float]) -> None:
    rows = "".join(f"{2000 + number}-01\t{text}\n" for number, text in enumerate(values))
    with tables(tmp_path, SPEND.format(sign), {"spend.csv": "Month\tCost\n" + rows}, head="currency: USD") as found:
        assert {finding.code for finding in found.findings} <= {"negative-amounts"}
        read = [row[0] for row in found.query("SELECT sales FROM spend ORDER BY month")]
    assert dict(zip(values, read, strict=True)) == values


def test_what_is_no_number(tmp_path: Path) -> None:
    good = "".join(f"{1900 + number // 12}-{number % 12 + 1:02}\t1.5\n" for number in range(1000))
    bad = "".join(f"{2000 + number}-01\t{text}\n" for number, text in enumerate(NO_NUMBERS))
    with tables(tmp_path, SPEND.format("point"), {"spend.csv": f"Month\tCost\n{good}{bad}"}) as found:
        assert found.query("SELECT month, sales FROM spend WHERE month >= '2000-01-01' AND sales IS NOT NULL") == []
        assert f"{len(NO_NUMBERS)} of {1000 + len(NO_NUMBERS):,} values of `Cost`" in found.findings[0].message


@pytest.mark.parametrize(
    "text, shown",
    [
        ("1.5", "."),
        ("1,5", ","),
        ("1.234,5", ","),
        ("1,234.5", "."),
        ("1.234.567", ","),
        ("1,234", ""),
        ("1.234", ""),
        ("1234.567", "."),
        ("0,1234", ","),
        ("1 234,567", ","),
        ("12", ""),
    ],
)
def test_what_a_number_shows_of_the_decimal_sign(text: str, shown: str) -> None:
    shape = "".join("9" if letter.isdigit() else letter for letter in text)
    found = numbers_of([Shape(shape, 1, text)])
    assert found.shown == shown
    assert bool(found.either) == (text in ("1,234", "1.234"))


@settings(max_examples=20, deadline=None)
@given(cents=st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=20), comma=st.booleans())
def test_amounts_survive_the_way_they_are_written(cents: list[int], comma: bool) -> None:
    """As a spreadsheet of either half of Europe writes them."""
    texts = [f"{value / 100:,.2f}" for value in cents]
    if comma:
        texts = [text.translate(str.maketrans(",.", ".,")) for text in texts]
    rows = "".join(f"{1900 + number}-01\t{text}\n" for number, text in enumerate(texts))
    source = SPEND.replace("    decimal: {}\n", "").replace("{{", "{").replace("}}", "}")
    files = {"spend.csv": "Month\tCost\n" + rows}
    with tempfile.TemporaryDirectory() as folder, tables(Path(folder), source, files) as found:
        assert [row[0] for row in found.query("SELECT sales FROM spend ORDER BY month")] == [c / 100 for c in cents]

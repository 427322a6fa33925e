"""What is wrong with exports, or doubtful about them: every message as a whole, in messages.txt.

`python -m tests.exports.test_bad_input` writes what is said today; read the difference before you keep it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.exports.client import Files, said

MESSAGES = Path(__file__).with_name("messages.txt")
DEALS = """\
  - file: deals.csv
    table: deals
    columns: {id: ID, created: Created, closed: Closed, outcome: Stage, amount: Amount}
    values: {outcome: {won: Won, lost: Lost, otherwise: open}}
"""
SPEND = "  - file: spend.csv\n    table: spend\n    columns: {month: Month, marketing: Cost}\n"
HEADER = "ID,Created,Closed,Stage,Amount\n"
GOOD = "".join(f"{n},2026-01-02,2026-02-03,Won,12.5\n" for n in range(40))
EUR = "currency: EUR"

# What `sources:` says, the files, and what stands above in the company's file.
CASES: dict[str, tuple[str, Files, str]] = {
    "missing column": (DEALS, {"deals.csv": "ID,Create Date,Closed,Stage,Amount\n1,2026-01-02,,Won,1\n"}, EUR),
    "missing column of a ready mapping": (
        "  - {file: deals.csv, mapping: hubspot-deals}\n",
        {"deals.csv": "Record Id,Deal Stage,Close Dat\n1,Won,2026-01-02\n"},
        EUR,
    ),
    "repeated column": (DEALS, {"deals.csv": "ID,Created,Closed,Stage,Amount,amount\n"}, EUR),
    "wrong encoding": (
        DEALS,
        {
            "deals.csv": (HEADER + "Mu\u0308ller,2026-01-02,,Won,1\n")
            .replace("Mu\u0308ller", "M\x9fller")
            .encode("latin-1")
        },
        EUR,
    ),
    "an encoding that it is not in": (
        DEALS + "    encoding: utf-16\n",
        {"deals.csv": HEADER + "1,2026-01-02,,Won,1\n"},
        EUR,
    ),
    "mixed date orders": (DEALS, {"deals.csv": HEADER + "a,13/02/2026,03/04/2026,Won,1\nb,02/13/2026,,New,1\n"}, EUR),
    "dates in either order": (DEALS, {"deals.csv": HEADER + "a,01/02/2026,03/04/2026,Won,1\n"}, EUR),
    "an order that it does not have": (
        DEALS + "    dates: month-first\n",
        {"deals.csv": HEADER + "a,13/02/2026,03/04/2026,Won,1\n"},
        EUR,
    ),
    "numbers in either form": (DEALS, {"deals.csv": HEADER + 'a,2026-01-02,,Won,"1,234"\n'}, EUR),
    "mixed decimals": (DEALS, {"deals.csv": HEADER + 'a,2026-01-02,,New,"1,5"\nb,2026-01-02,,New,1.5\n'}, EUR),
    "two currencies": (
        DEALS,
        {"deals.csv": HEADER + "a,2026-01-02,,New,USD 5\nb,2026-01-02,,New,EUR 7\nc,2026-01-02,,New,9\n"},
        EUR,
    ),
    "a dollar": (DEALS, {"deals.csv": HEADER + "a,2026-01-02,,New,$5\n"}, EUR),
    "no currency": (DEALS, {"deals.csv": HEADER + "a,2026-01-02,,New,5\n"}, "as_of: 2026-10-31"),
    "negative amounts": (DEALS, {"deals.csv": HEADER + "a,2026-01-02,,New,-5\n"}, EUR),
    "won before created": (DEALS, {"deals.csv": HEADER + "a,2026-03-02,2026-02-03,Won,5\n"}, EUR),
    "future dates": (DEALS, {"deals.csv": HEADER + "a,2027-03-02,,New,5\n"}, EUR),
    "undated": (DEALS, {"deals.csv": HEADER + "a,,,New,5\nb,2026-01-02,,Won,1\n"}, EUR),
    "empty file": (DEALS, {"deals.csv": ""}, EUR),
    "nothing but empty lines": (DEALS, {"deals.csv": "\n\n"}, EUR),
    "header only": (DEALS, {"deals.csv": HEADER}, EUR),
    "10,000 columns": (DEALS, {"deals.csv": ",".join(f"c{n}" for n in range(10_000)) + "\n"}, EUR),
    "not text": (DEALS, {"deals.csv": b"\x00\x01"}, EUR),
    "ids that repeat": (DEALS, {"deals.csv": HEADER + "a,2026-01-02,,New,5\na,2026-01-02,,New,6\n"}, EUR),
    "the same row again": (DEALS, {"deals.csv": HEADER + "a,2026-01-02,,New,5\na,2026-01-02,,New,5\n"}, EUR),
    "rounded ids": (DEALS, {"deals.csv": HEADER + "1.23457E+11,2026-01-02,,New,5\n"}, EUR),
    "no id": (DEALS, {"deals.csv": HEADER + GOOD + ",2026-01-02,,New,5\n"}, EUR),
    "values that are none": (DEALS, {"deals.csv": HEADER + GOOD + "x,2026-02-30,,New,much\n"}, EUR),
    "too many values that are none": (
        DEALS,
        {"deals.csv": HEADER + "x,2026-02-30,,New,much\ny,2026-01-02,,New,nan\n"},
        EUR,
    ),
    "day numbers of a spreadsheet": (DEALS, {"deals.csv": HEADER + "x,46024,,New,1\n"}, EUR),
    "months without a year": (SPEND, {"spend.csv": "Month,Cost\nJan,10\nFeb,20\n"}, EUR),
    "repeated months": (SPEND, {"spend.csv": "Month,Campaign,Cost\n2026-01,a,10\n2026-01,b,20\n"}, EUR),
    "an outcome that nobody named": (
        DEALS.replace(", otherwise: open", ""),
        {"deals.csv": HEADER + "a,2026-01-02,,Signed,5\nb,2026-01-02,,Offer,5\nc,2026-01-02,,Offer,5\n"},
        EUR,
    ),
    "a kind of client that nobody named": (
        DEALS.replace("amount: Amount", "client: Amount"),
        {"deals.csv": HEADER + "a,2026-01-02,,Won,new\nb,2026-01-02,2026-02-02,Won,renewal\n"},
        EUR,
    ),
    "an open deal that sounds closed": (
        DEALS.replace("amount: Amount", "stage: Stage"),
        {"deals.csv": HEADER + "a,2026-01-02,,Won - signed,5\n"},
        EUR,
    ),
    "too many values in a row": (DEALS, {"deals.csv": HEADER + "a,2026-01-02,,New,1,234.5\n"}, EUR),
    "one such row among many": (
        DEALS,
        {
            "deals.csv": HEADER
            + GOOD * 1
            + "".join(f"x{n},2026-01-02,2026-02-03,Won,1\n" for n in range(100))
            + "a,2026-01-02,,New,1,234.5\n"
        },
        EUR,
    ),
    "too few values in a row": (DEALS, {"deals.csv": HEADER + "a,2026-01-02,,New,1\nb,2026-01-\n"}, EUR),
    "a remark at the end": (DEALS, {"deals.csv": HEADER + "a,2026-01-02,,New,1\n\nConfidential\n"}, EUR),
    "a quote that is not closed": (DEALS, {"deals.csv": HEADER + '"a,2026-01-02,,New,1\n'}, EUR),
    "text after a quote": (DEALS, {"deals.csv": HEADER + 'a,2026-01-02,,New,1\n"b" or c,2026-01-02,,New,1\n'}, EUR),
    "a path outside the folder": ("  - {file: ../deals.csv, mapping: hubspot-deals}\n", {}, EUR),
    "an absolute path": ("  - {file: /etc/passwd, mapping: hubspot-deals}\n", {}, EUR),
    "a file that is not there": ("  - {file: deal.csv, mapping: hubspot-deals}\n", {"deals.csv": HEADER}, EUR),
    "a folder": ("  - {file: exports, mapping: hubspot-deals}\n", {"exports/deals.csv": HEADER}, EUR),
    "two files that claim one table": (
        "  - {file: a.csv, mapping: hubspot-deals}\n  - {file: b.csv, mapping: salesforce-opportunities}\n",
        {},
        EUR,
    ),
    "one file twice": ("  - {file: [a.csv, a.csv], mapping: hubspot-deals}\n", {}, EUR),
    "an unknown mapping": ("  - {file: a.csv, mapping: hubspot}\n", {}, EUR),
    "no table": ("  - {file: a.csv, columns: {id: ID}}\n", {}, EUR),
    "a mapping that misses and misspells": (
        "  - file: a.csv\n    table: deals\n    columns: {id: ID, creatd: Created, outcome: Stage}\n"
        "    values: {outcome: {own: Won, otherwise: opn}}\n    constants: {amount: '5', client: old}\n",
        {},
        EUR,
    ),
    "a join that loses rows": (
        DEALS.replace("amount: Amount", "product: Amount")
        + "    lookups:\n      - {file: products.csv, on: Amount, key: Name, columns: {segment: Series}}\n",
        {
            "deals.csv": HEADER + "a,2026-01-02,,New,GTXPro\nb,2026-01-02,,New,GTX Pro\nc,2026-01-02,,New,\n",
            "products.csv": "Name,Series\nGTX Pro,GTX\n",
        },
        EUR,
    ),
    "a lookup that nobody needs": (
        DEALS + "    lookups:\n      - {file: more.csv, on: ID, columns: {segment: S}, unmatched: expected}\n",
        {"deals.csv": HEADER + "a,2026-01-02,,New,1\n", "more.csv": "ID,S\na,x\nz,y\n"},
        EUR,
    ),
    "keys that repeat": (
        DEALS + "    lookups:\n      - {file: more.csv, on: ID, columns: {segment: S}}\n",
        {"deals.csv": HEADER + "a,2026-01-02,,New,1\n", "more.csv": "ID,S\na,x\na,y\n"},
        EUR,
    ),
    "deals of leads that are not there": (
        DEALS.replace("amount: Amount", "lead_id: Amount")
        + "  - {file: leads.csv, table: leads, columns: {id: Lead, created: When}}\n",
        {
            "deals.csv": HEADER + "a,2026-01-02,2026-01-20,Won,l1\nb,2026-01-02,,New,l9\n",
            "leads.csv": "Lead,When\nl1,2026-01-25\n",
        },
        EUR,
    ),
    "columns that are filled when a deal closes": (
        DEALS.replace("amount: Amount", "account: Amount"),
        {"deals.csv": HEADER + GOOD + "".join(f"o{n},2026-01-02,,New,\n" for n in range(40))},
        EUR,
    ),
    "a pattern that no header has": (
        "  - {file: deals.csv, table: stage_changes, columns: {deal_id: ID}, stages: Date entered *}\n",
        {"deals.csv": HEADER},
        EUR,
    ),
}


def expected() -> dict[str, list[str]]:
    """The messages of each case."""
    cases = (part.splitlines() for part in MESSAGES.read_text(encoding="utf-8").split("--- ")[1:])
    return {head: [row for row in rows if row] for head, *rows in cases}


@pytest.mark.parametrize("name", CASES)
def test_it_is_said(tmp_path: Path, name: str) -> None:
    assert said(tmp_path, *CASES[name]) == expected()[name]


def test_every_message_is_of_a_case() -> None:
    assert list(expected()) == list(CASES)


if __name__ == "__main__":
    written = []
    for name, case in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            written.append(f"--- {name}\n" + "".join(f"{line}\n" for line in said(Path(folder), *case)))
    MESSAGES.write_text("\n".join(written), encoding="utf-8")

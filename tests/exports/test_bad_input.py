"""What is wrong with exports, or doubtful about them: every message as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports.client import Files, said

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

# What `sources:` says, the files, what stands above in the company's file; and everything that is said of it.
CASES: dict[str, tuple[str, Files, str, list[str]]] = {
    "missing column": (
        DEALS,
        {"deals.csv": "ID,Create Date,Closed,Stage,Amount\n1,2026-01-02,,Won,1\n"},
        EUR,
        ["error: company.yaml:6:32: `deals.csv` has no column `Created` [missing-column] -> nearest: `Create Date`"],
    ),
    "missing column of a ready mapping": (
        "  - {file: deals.csv, mapping: hubspot-deals}\n",
        {"deals.csv": "Record Id,Deal Stage,Close Dat\n1,Won,2026-01-02\n"},
        EUR,
        [
            "error: company.yaml:4:12: `deals.csv` has no column `Create Date` or `createdate` or `Close Date` or `closedate`, which `hubspot-deals` needs [missing-column] -> nearest: `Close Dat`; name it under `columns:`"
        ],
    ),
    "repeated column": (
        DEALS,
        {"deals.csv": "ID,Created,Closed,Stage,Amount,amount\n"},
        EUR,
        [
            "error: company.yaml:6:81: `deals.csv` has more than one column `Amount`: columns 5 and 6 [repeated-column] -> rename one of them in the file"
        ],
    ),
    "wrong encoding": (
        DEALS,
        {
            "deals.csv": (HEADER + "Mu\u0308ller,2026-01-02,,Won,1\n")
            .replace("Mu\u0308ller", "M\x9fller")
            .encode("latin-1")
        },
        EUR,
        [
            "error: company.yaml:4:11: `deals.csv` is not in UTF-8: the byte 0x9f in line 2 reads `MŸller` in windows-1252 and `Müller` in mac-roman [wrong-encoding] -> add a line `encoding: windows-1252`, or whichever reads right"
        ],
    ),
    "an encoding that it is not in": (
        DEALS + "    encoding: utf-16\n",
        {"deals.csv": HEADER + "1,2026-01-02,,Won,1\n"},
        EUR,
        [
            "error: company.yaml:4:11: `deals.csv` is not in utf-16: it begins without a byte-order mark [wrong-encoding] -> name another `encoding:`, or delete the line"
        ],
    ),
    "mixed date orders": (
        DEALS,
        {"deals.csv": HEADER + "a,13/02/2026,03/04/2026,Won,1\nb,02/13/2026,,New,1\n"},
        EUR,
        [
            "error: company.yaml:4:11: `deals.csv` mixes two orders of dates: `13/02/2026` (deals.csv:2) can only be day-first, `02/13/2026` (deals.csv:3) only month-first [mixed-dates] -> export the file again with dates as year-month-day"
        ],
    ),
    "dates in either order": (
        DEALS,
        {"deals.csv": HEADER + "a,01/02/2026,03/04/2026,Won,1\n"},
        EUR,
        [
            "error: company.yaml:4:11: the dates in `Created` and `Closed` of `deals.csv` could all be day-first or month-first: `01/02/2026` (deals.csv:2) [ambiguous-dates] -> add a line `dates: day-first` or `dates: month-first`"
        ],
    ),
    "an order that it does not have": (
        DEALS + "    dates: month-first\n",
        {"deals.csv": HEADER + "a,13/02/2026,03/04/2026,Won,1\n"},
        EUR,
        [
            "error: company.yaml:4:11: `dates: month-first` is said of `deals.csv`, and `13/02/2026` (deals.csv:2) can only be day-first [mixed-dates] -> write `dates: day-first`, or mend the file"
        ],
    ),
    "numbers in either form": (
        DEALS,
        {"deals.csv": HEADER + 'a,2026-01-02,,Won,"1,234"\n'},
        EUR,
        [
            "error: company.yaml:4:11: the numbers in `Amount` of `deals.csv` could have groups of thousands or three decimals: `1,234` (deals.csv:2) [ambiguous-decimals] -> add a line `decimal: point` or `decimal: comma`"
        ],
    ),
    "mixed decimals": (
        DEALS,
        {"deals.csv": HEADER + 'a,2026-01-02,,New,"1,5"\nb,2026-01-02,,New,1.5\n'},
        EUR,
        [
            "error: company.yaml:4:11: `deals.csv` mixes decimal points and commas: `1.5` (deals.csv:3) and `1,5` (deals.csv:2) [mixed-decimals] -> export the file again with one kind of number"
        ],
    ),
    "two currencies": (
        DEALS,
        {"deals.csv": HEADER + "a,2026-01-02,,New,USD 5\nb,2026-01-02,,New,EUR 7\nc,2026-01-02,,New,9\n"},
        EUR,
        [
            "error: company.yaml:4:11: deals have 2 amounts in EUR (deals.csv:3 first), 1 amount in USD (deals.csv:2 first); the company's currency is EUR [two-currencies] -> add rates under `exchange_rates:`: `- {from: USD, to: EUR, rate: RATE, date: DATE}`"
        ],
    ),
    "a dollar": (
        DEALS,
        {"deals.csv": HEADER + "a,2026-01-02,,New,$5\n"},
        EUR,
        [
            "error: company.yaml:4:11: deals have 1 amount in $ (deals.csv:2 first); the company's currency is EUR [two-currencies] -> say which dollar it is: add a line `currency: USD` to the entry"
        ],
    ),
    "no currency": (
        DEALS,
        {"deals.csv": HEADER + "a,2026-01-02,,New,5\n"},
        "as_of: 2026-10-31",
        [
            "error: company.yaml:4:11: nothing says in which currency the amounts of deals are: 1 amount, deals.csv:2 first [missing-currency] -> add a line `currency: EUR` to the company's file"
        ],
    ),
    "negative amounts": (
        DEALS,
        {"deals.csv": HEADER + "a,2026-01-02,,New,-5\n"},
        EUR,
        [
            "warning: company.yaml:4:11: `amount` of 1 row of deals is negative: deals.csv:2 [negative-amounts] -> they are used as they are; look whether they are refunds or mistakes"
        ],
    ),
    "won before created": (
        DEALS,
        {"deals.csv": HEADER + "a,2026-03-02,2026-02-03,Won,5\n"},
        EUR,
        [
            "warning: company.yaml:4:11: 1 row of deals was closed before it was created: deals.csv:2 [dates-out-of-order] -> they are used as they are; look whether one of the dates is that of an import"
        ],
    ),
    "future dates": (
        DEALS,
        {"deals.csv": HEADER + "a,2027-03-02,,New,5\n"},
        EUR,
        [
            "warning: company.yaml:4:11: `created` of 1 row of deals lies after 2026-11-01: deals.csv:2 [future-dates] -> nothing is known of those days; mend the dates"
        ],
    ),
    "undated": (
        DEALS,
        {"deals.csv": HEADER + "a,,,New,5\nb,2026-01-02,,Won,1\n"},
        EUR,
        [
            "warning: company.yaml:4:11: 1 row of deals has neither `created` nor `closed`: deals.csv:2 [undated-rows] -> such rows count on the day of the export only; an earlier day leaves them out",
            "warning: company.yaml:4:11: 1 deal is won or lost without a closing date: deals.csv:3 [undated-rows] -> fill the date in; no month counts them",
        ],
    ),
    "empty file": (
        DEALS,
        {"deals.csv": ""},
        EUR,
        ["error: company.yaml:4:11: `deals.csv` is empty [empty-file] -> export it again, or delete the entry"],
    ),
    "nothing but empty lines": (
        DEALS,
        {"deals.csv": "\n\n"},
        EUR,
        ["error: company.yaml:4:11: `deals.csv` is empty [empty-file] -> export it again, or delete the entry"],
    ),
    "header only": (
        DEALS,
        {"deals.csv": HEADER},
        EUR,
        [
            "warning: company.yaml:4:11: `deals.csv` has a header and no rows [no-rows] -> export it again, or delete the entry"
        ],
    ),
    "10,000 columns": (
        DEALS,
        {"deals.csv": ",".join(f"c{n}" for n in range(10_000)) + "\n"},
        EUR,
        [
            "error: company.yaml:4:11: `deals.csv` has 10,000 columns; the limit is 2,000 [too-many-columns] -> export only the columns that are needed"
        ],
    ),
    "not text": (
        DEALS,
        {"deals.csv": b"\x00\x01"},
        EUR,
        ["error: company.yaml:4:11: `deals.csv` is not a text file [binary-file] -> export it again as CSV or XLSX"],
    ),
    "ids that repeat": (
        DEALS,
        {"deals.csv": HEADER + "a,2026-01-02,,New,5\na,2026-01-02,,New,6\n"},
        EUR,
        [
            "error: company.yaml:4:11: 1 id stands in several rows of deals that differ: `a` (deals.csv:2, 3) [repeated-id] -> delete the rows that do not count, or name the column that tells the newest: `keep_latest_by: Last modified`"
        ],
    ),
    "the same row again": (
        DEALS,
        {"deals.csv": HEADER + "a,2026-01-02,,New,5\na,2026-01-02,,New,5\n"},
        EUR,
        [
            "warning: company.yaml:4:11: 1 row of deals is the same row again: deals.csv:3 [repeated-id] -> left out; look why the export has them"
        ],
    ),
    "rounded ids": (
        DEALS,
        {"deals.csv": HEADER + "1.23457E+11,2026-01-02,,New,5\n"},
        EUR,
        [
            "error: company.yaml:4:11: a spreadsheet has rounded 1 of the ids in `ID`: `1.23457E+11` (deals.csv:2) [rounded-ids] -> export the file again and do not save it from a spreadsheet"
        ],
    ),
    "no id": (
        DEALS,
        {"deals.csv": HEADER + GOOD + ",2026-01-02,,New,5\n"},
        EUR,
        [
            "warning: company.yaml:4:11: 1 row of `deals.csv` is without an id: deals.csv:42 [rows-left-out] -> they are left out; look whether they belong to the data"
        ],
    ),
    "values that are none": (
        DEALS,
        {"deals.csv": HEADER + GOOD + "x,2026-02-30,,New,much\n"},
        EUR,
        [
            "warning: company.yaml:4:11: 1 of 41 values of `Created` in `deals.csv` is no date: `2026-02-30` (deals.csv:42) [unreadable-values] -> they are taken as missing",
            "warning: company.yaml:4:11: 1 of 41 values of `Amount` in `deals.csv` is no amount: `much` (deals.csv:42) [unreadable-values] -> they are taken as missing",
            "warning: company.yaml:4:11: 1 row of deals has neither `created` nor `closed`: deals.csv:42 [undated-rows] -> such rows count on the day of the export only; an earlier day leaves them out",
        ],
    ),
    "too many values that are none": (
        DEALS,
        {"deals.csv": HEADER + "x,2026-02-30,,New,much\ny,2026-01-02,,New,nan\n"},
        EUR,
        [
            "error: company.yaml:4:11: 1 of 2 values of `Created` in `deals.csv` is no date: `2026-02-30` (deals.csv:2) [unreadable-values] -> mend them, or say which words stand for nothing: `missing: [n/a]`",
            "error: company.yaml:4:11: 2 of 2 values of `Amount` in `deals.csv` are no amount: `much` (deals.csv:2), `nan` (deals.csv:3) [unreadable-values] -> mend them, or say which words stand for nothing: `missing: [n/a]`",
        ],
    ),
    "day numbers of a spreadsheet": (
        DEALS,
        {"deals.csv": HEADER + "x,46024,,New,1\n"},
        EUR,
        [
            "error: company.yaml:4:11: 1 of 1 values of `Created` in `deals.csv` is no date: `46024` (deals.csv:2) [unreadable-values] -> they are day numbers of a spreadsheet: give the column the form of a date and save the file again"
        ],
    ),
    "months without a year": (
        SPEND,
        {"spend.csv": "Month,Cost\nJan,10\nFeb,20\n"},
        EUR,
        [
            "error: company.yaml:4:11: 2 of 2 values of `Month` in `spend.csv` are no month: `Jan` (spend.csv:2), `Feb` (spend.csv:3) [unreadable-values] -> a month needs its year: write 2026-03"
        ],
    ),
    "repeated months": (
        SPEND,
        {"spend.csv": "Month,Campaign,Cost\n2026-01,a,10\n2026-01,b,20\n"},
        EUR,
        [
            "warning: company.yaml:4:11: 1 month stands in several rows of spend by month, 2026-01 first: spend.csv:2, 3 [repeated-months] -> their amounts are added up"
        ],
    ),
    "an outcome that nobody named": (
        DEALS.replace(", otherwise: open", ""),
        {"deals.csv": HEADER + "a,2026-01-02,,Signed,5\nb,2026-01-02,,Offer,5\nc,2026-01-02,,Offer,5\n"},
        EUR,
        [
            "error: company.yaml:4:11: `values:` does not say what `Stage` of `deals.csv` means by `Offer` (2 rows), `Signed` (1 row) [unknown-value] -> name them under `values:`, `outcome:` as won or lost or open, or all others with `otherwise:`"
        ],
    ),
    "a kind of client that nobody named": (
        DEALS.replace("amount: Amount", "client: Amount"),
        {"deals.csv": HEADER + "a,2026-01-02,,Won,new\nb,2026-01-02,2026-02-02,Won,renewal\n"},
        EUR,
        [
            "warning: company.yaml:4:11: `values:` does not say what `Amount` of `deals.csv` means by `renewal` (1 row); 1 row has no `client` [unknown-value] -> name them under `values:`, `client:` as new or existing, or all others with `otherwise:`",
            "warning: company.yaml:4:11: 1 deal is won or lost without a closing date: deals.csv:2 [undated-rows] -> fill the date in; no month counts them",
        ],
    ),
    "an open deal that sounds closed": (
        DEALS.replace("amount: Amount", "stage: Stage"),
        {"deals.csv": HEADER + "a,2026-01-02,,Won - signed,5\n"},
        EUR,
        [
            "warning: company.yaml:4:11: deals of `deals.csv` count as open although `Stage` is `Won - signed` (1 row) [doubtful-outcome] -> name the values under `values:`, `outcome:`, those that are really open too"
        ],
    ),
    "too many values in a row": (
        DEALS,
        {"deals.csv": HEADER + "a,2026-01-02,,New,1,234.5\n"},
        EUR,
        [
            "warning: company.yaml:4:11: `deals.csv` has 1 row, and none of them is used [no-rows] -> export it again, or delete the entry",
            "error: company.yaml:4:11: 1 row of `deals.csv` has more values than columns: deals.csv:2 [broken-rows] -> put texts that contain the separator in quotes, or export the file again",
        ],
    ),
    "one such row among many": (
        DEALS,
        {
            "deals.csv": HEADER
            + GOOD * 1
            + "".join(f"x{n},2026-01-02,2026-02-03,Won,1\n" for n in range(100))
            + "a,2026-01-02,,New,1,234.5\n"
        },
        EUR,
        [
            "warning: company.yaml:4:11: 1 row of `deals.csv` has more values than columns: deals.csv:142 [broken-rows] -> left out; put texts that contain the separator in quotes, or export the file again"
        ],
    ),
    "too few values in a row": (
        DEALS,
        {"deals.csv": HEADER + "a,2026-01-02,,New,1\nb,2026-01-\n"},
        EUR,
        [
            "warning: company.yaml:4:11: 1 row of `deals.csv` has fewer values than columns: deals.csv:3 [short-rows] -> the rest is taken as empty; look whether the file is complete",
            "error: company.yaml:4:11: 1 of 2 values of `Created` in `deals.csv` is no date: `2026-01-` (deals.csv:3) [unreadable-values] -> mend them, or say which words stand for nothing: `missing: [n/a]`",
        ],
    ),
    "a remark at the end": (
        DEALS,
        {"deals.csv": HEADER + "a,2026-01-02,,New,1\n\nConfidential\n"},
        EUR,
        [
            "warning: company.yaml:4:11: 1 row of `deals.csv` is a remark and not a record: deals.csv:4 [rows-left-out] -> they are left out; look whether they belong to the data"
        ],
    ),
    "a quote that is not closed": (
        DEALS,
        {"deals.csv": HEADER + '"a,2026-01-02,,New,1\n'},
        EUR,
        [
            "error: company.yaml:4:11: `deals.csv` cannot be read from row 2 on: a quote is opened and not closed [broken-rows] -> mend the quotes in that row, or export the file again"
        ],
    ),
    "text after a quote": (
        DEALS,
        {"deals.csv": HEADER + 'a,2026-01-02,,New,1\n"b" or c,2026-01-02,,New,1\n'},
        EUR,
        [
            "error: company.yaml:4:11: `deals.csv` cannot be read from row 3 on: there is text after a closing quote [broken-rows] -> mend the quotes in that row, or export the file again"
        ],
    ),
    "a path outside the folder": (
        "  - {file: ../deals.csv, mapping: hubspot-deals}\n",
        {},
        EUR,
        [
            "error: company.yaml:4:12: `../deals.csv` lies outside the folder of the company [outside-folder] -> copy the file into the folder"
        ],
    ),
    "an absolute path": (
        "  - {file: /etc/passwd, mapping: hubspot-deals}\n",
        {},
        EUR,
        [
            "error: company.yaml:4:12: `/etc/passwd` lies outside the folder of the company [outside-folder] -> copy the file into the folder"
        ],
    ),
    "a file that is not there": (
        "  - {file: deal.csv, mapping: hubspot-deals}\n",
        {"deals.csv": HEADER},
        EUR,
        [
            "error: company.yaml:4:12: there is no file `deal.csv` in the folder of the company [file-missing] -> did you mean `deals.csv`?"
        ],
    ),
    "a folder": (
        "  - {file: exports, mapping: hubspot-deals}\n",
        {"exports/deals.csv": HEADER},
        EUR,
        ["error: company.yaml:4:12: `exports` is not a regular file [not-readable] -> name a file"],
    ),
    "two files that claim one table": (
        "  - {file: a.csv, mapping: hubspot-deals}\n  - {file: b.csv, mapping: salesforce-opportunities}\n",
        {},
        EUR,
        [
            "error: company.yaml:5:12: `b.csv` and `a.csv` both claim to be `deals` [claimed-twice] -> keep one; files that belong together go into one entry: `file: [a.csv, b.csv]`"
        ],
    ),
    "one file twice": (
        "  - {file: [a.csv, a.csv], mapping: hubspot-deals}\n",
        {},
        EUR,
        ["error: company.yaml:4:12: `a.csv` stands twice in one entry [claimed-twice] -> delete one"],
    ),
    "an unknown mapping": (
        "  - {file: a.csv, mapping: hubspot}\n",
        {},
        EUR,
        [
            "error: company.yaml:4:28: there is no ready mapping `hubspot` [unknown-mapping] -> did you mean `hubspot-deals`?"
        ],
    ),
    "no table": (
        "  - {file: a.csv, columns: {id: ID}}\n",
        {},
        EUR,
        [
            "error: company.yaml:4:5: the entry does not say what the file holds [no-table] -> add `mapping:` with a ready one (hubspot-contacts, hubspot-deal-stages, hubspot-deals, salesforce-leads, salesforce-opportunities, salesforce-opportunity-history, salesforce-tasks), or `table:` and `columns:`"
        ],
    ),
    "a mapping that misses and misspells": (
        "  - file: a.csv\n    table: deals\n    columns: {id: ID, creatd: Created, outcome: Stage}\n    values: {outcome: {own: Won, otherwise: opn}}\n    constants: {amount: '5', client: old}\n",
        {},
        EUR,
        [
            "error: company.yaml:4:11: the mapping to `deals` does not say which column is `created or closed` [unmapped-column] -> add a line under `columns:`, for example `created: Header of the column`",
            "error: company.yaml:6:23: table `deals` has no column `creatd` [unknown-column] -> did you mean `created`?",
            "error: company.yaml:7:24: `outcome` cannot be `own` [unknown-value] -> did you mean `won`?",
            "error: company.yaml:7:45: `outcome` cannot be `opn` [unknown-value] -> did you mean `open`?",
            "error: company.yaml:8:17: `amount` cannot be the same in all rows [unknown-value] -> texts, words and yes or no can be constants; map a column for it",
            "error: company.yaml:8:38: `client` cannot be `old` [unknown-value] -> write one of new, existing",
        ],
    ),
    "a join that loses rows": (
        DEALS.replace("amount: Amount", "product: Amount")
        + "    lookups:\n      - {file: products.csv, on: Amount, key: Name, columns: {segment: Series}}\n",
        {
            "deals.csv": HEADER + "a,2026-01-02,,New,GTXPro\nb,2026-01-02,,New,GTX Pro\nc,2026-01-02,,New,\n",
            "products.csv": "Name,Series\nGTX Pro,GTX\n",
        },
        EUR,
        [
            "warning: company.yaml:9:16: 1 of 3 rows of `deals.csv` finds no row in `products.csv` by `Amount`: `GTXPro` (1 row, deals.csv:2 first) [unmatched-rows] -> they have nothing from it; if `GTX Pro` is meant, add `repair: {GTXPro: GTX Pro}`"
        ],
    ),
    "a lookup that nobody needs": (
        DEALS + "    lookups:\n      - {file: more.csv, on: ID, columns: {segment: S}, unmatched: expected}\n",
        {"deals.csv": HEADER + "a,2026-01-02,,New,1\n", "more.csv": "ID,S\na,x\nz,y\n"},
        EUR,
        [
            "warning: company.yaml:9:16: 1 of 2 rows of `more.csv` belongs to no row of `deals.csv`: more.csv:3 [unmatched-rows] -> they are not used; look whether an extract is cut off"
        ],
    ),
    "keys that repeat": (
        DEALS + "    lookups:\n      - {file: more.csv, on: ID, columns: {segment: S}}\n",
        {"deals.csv": HEADER + "a,2026-01-02,,New,1\n", "more.csv": "ID,S\na,x\na,y\n"},
        EUR,
        [
            "error: company.yaml:9:16: 1 key stands in several rows of `more.csv`: `a` (more.csv:2, 3) [repeated-key] -> keep one row for each key"
        ],
    ),
    "deals of leads that are not there": (
        DEALS.replace("amount: Amount", "lead_id: Amount")
        + "  - {file: leads.csv, table: leads, columns: {id: Lead, created: When}}\n",
        {
            "deals.csv": HEADER + "a,2026-01-02,2026-01-20,Won,l1\nb,2026-01-02,,New,l9\n",
            "leads.csv": "Lead,When\nl1,2026-01-25\n",
        },
        EUR,
        [
            "warning: company.yaml:4:11: `lead_id` of 1 of 2 rows of deals is none of the leads: deals.csv:3 [unmatched-rows] -> look whether the two exports cover the same time and records",
            "warning: company.yaml:4:11: 1 deal was closed before the lead was created: deals.csv:2 [dates-out-of-order] -> they are used as they are; look whether one of the dates is that of an import",
        ],
    ),
    "columns that are filled when a deal closes": (
        DEALS.replace("amount: Amount", "account: Amount"),
        {"deals.csv": HEADER + GOOD + "".join(f"o{n},2026-01-02,,New,\n" for n in range(40))},
        EUR,
        [
            "warning: company.yaml:4:11: `account` is filled in for 40 of 40 closed deals and for 0 of 40 open ones [filled-late] -> compare no win rates by `account`: who fills it in knows how the deal ended"
        ],
    ),
    "a pattern that no header has": (
        "  - {file: deals.csv, table: stage_changes, columns: {deal_id: ID}, stages: Date entered *}\n",
        {"deals.csv": HEADER},
        EUR,
        [
            "error: company.yaml:4:12: `deals.csv` has no column of the form `Date entered *` [missing-column] -> name the columns under `stages:`"
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_said(tmp_path: Path, name: str) -> None:
    sources, files, head, expected = CASES[name]
    assert said(tmp_path, sources, files, head) == expected

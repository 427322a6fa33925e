"""Real exports, as they are: every trap that they hold is said, and none is guessed.

The exports are not part of this project. They are read from the folder in STEELYARD_REAL_DATA, or from `shared` beside the clone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from engine import schema
from engine.diagnostics import SourceError
from engine.document import Node, parse, read
from engine.exports.reading import read_sources
from engine.exports.tables import Tables
from tests.exports.client import line

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("STEELYARD_REAL_DATA", HERE.parents[1].parent / "shared")) / "data"
TODAY = date(2026, 11, 1)
Record = Callable[[str, object], None]


def exports(name: str, record_property: Record) -> Path | None:
    """The folder of one set of exports, or None where it is not on this machine, which is noted."""
    folder = DATA / name
    if not folder.is_dir():
        record_property("not run", "no data")
        return None
    return folder


def document(name: str, old: str = "", new: str = "") -> Node:
    """The company's file, perhaps with something else in it."""
    node = parse(
        (HERE / name).read_text(encoding="utf-8").replace(old, new) if old else (HERE / name).read_bytes(), name
    )
    assert schema.validate(node, "company") == ()
    return node


def findings(found: Tables) -> list[str]:
    return [line(finding) for finding in found.findings]


def told(found: Tables) -> list[tuple[str, int, int, tuple[str, ...]]]:
    return [(extract.file, extract.rows, extract.used, extract.told) for extract in found.extracts]


# ---- Maven: deals, accounts and products of a fictional company

LATE = "compare no win rates by `{0}`: who fills it in knows how the deal ended"
FILLED = "is filled in for 6,711 of 6,711 closed deals and for {0} of 2,089 open ones [filled-late]"
MAVEN = "maven_exports.yaml"
MAVEN_FINDINGS = [
    "warning: maven_exports.yaml:6:11: 500 rows of deals have neither `created` nor `closed`: "
    "sales_pipeline.csv:8302, 8303, 8304, ... [undated-rows] -> "
    "such rows count on the day of the export only; an earlier day leaves them out",
    *(
        f"warning: maven_exports.yaml:6:11: `{name}` {FILLED.format(count)} -> {LATE.format(name)}"
        for name, count in (("account", 664), ("amount", 0), ("segment", 664))
    ),
]


def test_maven_as_it_is(record_property: Record) -> None:
    folder = exports("maven_crm", record_property)
    if folder is None:
        return
    with read_sources(document(MAVEN), folder, TODAY) as found:
        assert findings(found) == MAVEN_FINDINGS
        assert told(found) == [
            ("sales_pipeline.csv", 8800, 8800, ("dates month-first, as `1/31/2017` shows",)),
            ("accounts.csv", 85, 85, ()),
            ("products.csv", 7, 7, ()),
        ]
        assert (found.currency, found.covers) == ("USD", date(2017, 12, 31))
        assert found.query(
            "SELECT outcome, count(*), sum(amount), count(created) FROM deals GROUP BY 1 ORDER BY 1"
        ) == [
            ("lost", 2473, 0.0, 2473),
            ("open", 2089, None, 1589),
            ("won", 4238, 10_005_534.0, 4238),
        ]
        assert found.query("SELECT min(created), max(created), min(closed), max(closed) FROM deals") == [
            (datetime(2016, 10, 20), datetime(2017, 12, 27), datetime(2017, 3, 1), datetime(2017, 12, 31))
        ]
        assert found.query("SELECT count(source), count(segment) FROM deals") == [(8800, 7375)]


def test_maven_without_the_repair_of_a_name(record_property: Record) -> None:
    folder = exports("maven_crm", record_property)
    if folder is None:
        return
    with read_sources(document(MAVEN, "        repair: {GTXPro: GTX Pro}\n"), folder, TODAY) as found:
        assert findings(found)[-1] == (
            "warning: maven_exports.yaml:24:15: 1,480 of 8,800 rows of `sales_pipeline.csv` find no row in `products.csv` by "
            "`product`: `GTXPro` (1,480 rows, sales_pipeline.csv:3 first) [unmatched-rows] -> "
            "they have nothing from it; if `GTX Pro` is meant, add `repair: {GTXPro: GTX Pro}`"
        )
        assert found.query("SELECT count(source) FROM deals") == [(8800 - 1480,)]


def test_maven_as_it_was_known(record_property: Record) -> None:
    """The 500 deals without a date are left out and counted; amounts, filled in on closing, are not known before."""
    folder = exports("maven_crm", record_property)
    if folder is None:
        return
    with read_sources(document(MAVEN), folder, TODAY) as found:
        then = found.as_of(date(2017, 9, 30))
        assert then.left_out_undated == {"deals": 500}
        rows = then.query("SELECT outcome, count(*), count(amount), max(closed) FROM deals GROUP BY 1 ORDER BY 1")
        later = "SELECT count(*) FROM all_deals WHERE created < '2017-10-01' AND (outcome = 'open' OR closed >= '2017-10-01')"
        assert rows[1] == ("open", found.query(later)[0][0], 0, None)
        assert [row[3] for row in rows if row[0] != "open"] == [datetime(2017, 9, 30)] * 2


# ---- Olist: leads and won deals of a real marketplace

OLIST = "olist_exports.yaml"


def test_olist_as_it_is(record_property: Record) -> None:
    folder = exports("olist_funnel", record_property)
    if folder is None:
        return
    with read_sources(document(OLIST), folder, TODAY) as found:
        hint = "they are used as they are; look whether one of the dates is that of an import"
        assert findings(found) == [
            "warning: olist_exports.yaml:6:11: 1 row of leads was a customer before it was created: "
            f"olist_marketing_qualified_leads_dataset.csv:6359 [dates-out-of-order] -> {hint}",
            "warning: olist_exports.yaml:14:11: 1 deal was closed before the lead was created: "
            f"olist_closed_deals_dataset.csv:669 [dates-out-of-order] -> {hint}",
        ]
        deals = ("olist_closed_deals_dataset.csv", 842, 842, ("dates day-first, as `31-10-2018 16:54` shows",))
        leads = ("olist_marketing_qualified_leads_dataset.csv", 8000, 8000, ("dates day-first, as `31-12-2017` shows",))
        assert told(found) == [leads, deals, deals]
        assert found.query(
            "SELECT count(*), count(customer), count(source), min(created), max(created) FROM leads"
        ) == [(8000, 842, 7940, datetime(2017, 6, 14), datetime(2018, 5, 31))]
        assert found.query("SELECT outcome, count(*), min(closed), max(closed) FROM deals GROUP BY 1") == [
            ("won", 842, datetime(2017, 12, 5, 2, 0), datetime(2018, 11, 14, 18, 4))
        ]
        assert found.has_times == {
            ("leads", "created"): False,
            ("leads", "customer"): True,
            ("deals", "closed"): True,
        }


def test_olist_with_the_wrong_order_of_dates(record_property: Record) -> None:
    folder = exports("olist_funnel", record_property)
    if folder is None:
        return
    node = document(OLIST, "    table: leads\n", "    table: leads\n    dates: month-first\n")
    with pytest.raises(SourceError) as refused:
        read_sources(node, folder, TODAY)
    assert [line(problem) for problem in refused.value.diagnostics] == [
        "error: olist_exports.yaml:6:11: `dates: month-first` is said of `olist_marketing_qualified_leads_dataset.csv`, and "
        "`31-12-2017` (olist_marketing_qualified_leads_dataset.csv:26) can only be day-first [mixed-dates] -> "
        "write `dates: day-first`, or mend the file"
    ]


def test_the_files_have_the_form_of_the_schema() -> None:
    for name in (MAVEN, OLIST):
        assert schema.validate(read(HERE / name, name), "company") == ()

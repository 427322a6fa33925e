"""Two real extracts as they are: what `init client --from` makes of them, and what was known on a day, against plain counting.

The extracts are not part of this project; see test_facts.py.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from engine.document import read
from engine.exports.reading import read_sources
from engine.extraction import extract
from engine.onboarding import Basis, init_client_from
from engine.session import DEFAULT_POLICY, Engine, Session, open_policy
from engine.timeline.timeline import Asked, timeline
from tests.real.test_facts import HERE, MAVEN, OLIST, TODAY, Note, is_here


def basis(currency: str = "") -> Basis:
    return Basis(open_policy(DEFAULT_POLICY, TODAY).policy, DEFAULT_POLICY, TODAY, currency)


def day_of(written: str) -> date:
    month, day, year = map(int, written.split("/"))
    return date(year, month, day)


def test_maven_is_recognised_but_for_its_currency(tmp_path: Path, record_property: Note) -> None:
    if not is_here(record_property, MAVEN):
        return
    done = init_client_from(tmp_path / "maven", sorted(MAVEN.glob("*.csv")), basis())
    [deals] = done.recognised.certain
    assert dict(deals.read) == {
        "id": "opportunity_id",
        "account": "account",
        "created": "engage_date",
        "closed": "close_date",
        "stage": "deal_stage",
        "owner": "sales_agent",
        "product": "product",
        "outcome": "deal_stage",
    }
    assert dict(deals.meaning) == {"won": ("Won",), "lost": ("Lost",), "open": ("Prospecting", "Engaging")}
    assert dict(deals.without) == {"amount": "in which currency? write `currency:` above"}
    assert [(one.sighting.file, one.lines[0]) for one in done.recognised.strangers] == [
        ("exports/accounts.csv", "lookups:"),
        ("exports/data_dictionary.csv", "- file: exports/data_dictionary.csv"),
        ("exports/products.csv", "- file: exports/products.csv"),
        ("exports/sales_teams.csv", "- file: exports/sales_teams.csv"),
    ]


def test_olist_is_recognised_with_its_order_of_dates(tmp_path: Path, record_property: Note) -> None:
    if not is_here(record_property, OLIST):
        return
    done = init_client_from(tmp_path / "olist", sorted(OLIST.glob("*.csv")), basis("BRL"))
    [leads] = done.recognised.certain
    assert dict(leads.read) == {"id": "mql_id", "created": "first_contact_date", "source": "origin"}
    assert done.as_of == date(2018, 5, 31)
    [stranger] = done.recognised.strangers
    assert "customer: won_date" in stranger.lines[1]


def test_what_maven_knew_on_a_day_is_what_plain_counting_gives(record_property: Note) -> None:
    if not is_here(record_property, MAVEN):
        return
    with (MAVEN / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["close_date"]]
    closed = [(day_of(row["close_date"]), row["deal_stage"]) for row in rows]
    node = read(HERE / "maven_exports.yaml", "maven_exports.yaml")
    with read_sources(node, MAVEN, TODAY) as tables, Session.open(DEFAULT_POLICY, TODAY, Engine.REFERENCE) as session:
        for day in (date(2017, 5, 31), date(2017, 8, 31), date(2017, 11, 30)):
            rate = extract(tables, node, session.policy, day, TODAY).sheet.facts["sales.win_rate"]
            known = [stage for when, stage in closed if when <= day]
            assert (rate.successes, rate.trials) == (known.count("Won"), len(known))
        told = timeline(session, node, tables, TODAY, Asked())
    assert [str(told.moments[0].day), str(told.moments[-1].day)] == ["2017-03-31", "2017-12-31"]
    assert all(one.score is None for one in told.moments)

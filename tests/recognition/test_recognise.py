"""What exports are recognised as: every ready mapping by its samples, others by names and values, and what is left to a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.diagnostics import SourceError
from engine.recognition.names import names, spelled, spellings
from engine.recognition.proposal import Proposal
from engine.recognition.recognise import Recognised, recognise
from engine.recognition.wording import sources, told
from tests.exports.client import Files, workbook, write
from tests.exports.test_ready_mappings import SAMPLES

TODAY = date(2026, 11, 1)
DEALS = (
    "Deal Id,Opened,Closed On,Status,Deal Value\n1,2026-01-05,2026-02-10,Won,€100\n"
    "2,2026-01-06,2026-02-20,Lost,€90\n3,2026-02-01,,Offer,€80\n"
)


def found(folder: Path, files: Files, currency: str = "") -> Recognised:
    write(folder, files)
    return recognise(folder, tuple(files), TODAY, currency)


def only(recognised: Recognised) -> Proposal:
    [one] = recognised.entries
    assert recognised.strangers == ()
    return one


def doubts(recognised: Recognised) -> list[str]:
    return [doubt.text for one in recognised.entries for doubt in one.doubts]


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_of_a_ready_mapping_is_recognised_and_read(tmp_path: Path, sample: str) -> None:
    mapping, content, _ = SAMPLES[sample]
    recognised = found(tmp_path, {"export.csv": content}, "EUR")
    certain = [one.mapping for one in recognised.certain]
    assert mapping in certain, doubts(recognised)
    assert len(certain) == 1 or set(certain) == {"hubspot-deals", "hubspot-deal-stages"}


def test_a_history_of_opportunities_is_no_export_of_opportunities(tmp_path: Path) -> None:
    """It has most of their columns, and a row for every change."""
    headers = "Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,ExpectedRevenue,CloseDate,Probability"
    content = f"{headers}\n008,006,005,2026-02-05,Proposal,1,1,2026-05-01,20\n"
    assert only(found(tmp_path, {"h.csv": content})).mapping == "salesforce-opportunity-history"


def test_deals_by_names_and_values(tmp_path: Path) -> None:
    one = only(found(tmp_path, {"d.csv": DEALS}))
    assert (one.table, one.mapping, one.doubts, dict(one.without)) == ("deals", "", (), {})
    assert dict(one.columns) == {
        "id": "Deal Id",
        "created": "Opened",
        "closed": "Closed On",
        "outcome": "Status",
        "stage": "Status",
        "amount": "Deal Value",
    }
    assert dict(one.meaning) == {"won": ("Won",), "lost": ("Lost",), "open": ("Offer",)}
    assert one.told == (
        "deals in `Offer` count as open: none of the 1 has a date in `Closed On`, and won and lost ones have",
    )


def test_stages_that_are_closed_by_another_name_than_that_of_the_ready_mapping(tmp_path: Path) -> None:
    """HubSpot's own `Closed Won` is known; a pipeline of the client's may say `Won`, and no such deal may count as open."""
    head = "Record ID,Create Date,Close Date,Deal Stage,Amount,Associated Contact IDs\n"
    rows = "".join(
        f"{n},2026-01-05,2026-02-10,{stage},5,9\n" for n, stage in enumerate(("Won", "Closed Won", "Verloren"))
    )
    one = only(found(tmp_path, {"d.csv": f"{head}{rows}9,2026-01-05,,Offer,5,9\n"}, "EUR"))
    assert (one.mapping, one.doubts) == ("hubspot-deals", ())
    assert dict(one.meaning) == {"won": ("Closed Won", "Won"), "lost": ("Verloren",), "open": ("Offer",)}


def test_stages_that_the_ready_mapping_knows_need_no_names(tmp_path: Path) -> None:
    mapping, content, _ = next(sample for sample in SAMPLES.values() if sample[0] == "hubspot-deals")
    recognised = found(tmp_path, {"export.csv": content}, "EUR")
    assert [dict(one.meaning) for one in recognised.certain if one.mapping == mapping] == [{}]


def test_a_stage_that_could_be_anything_is_left_to_a_person(tmp_path: Path) -> None:
    content = DEALS.replace("3,2026-02-01,,Offer", "3,2026-02-01,2026-03-01,Signed")
    recognised = found(tmp_path, {"d.csv": content})
    assert doubts(recognised) == ["it does not say whether `Signed` (1) in `Status` are won, lost or open"]
    assert recognised.certain == ()


def test_dates_and_numbers_that_could_be_read_in_two_ways(tmp_path: Path) -> None:
    content = "Id,Opened,Closed,Status,Value\n1,03/04/2026,05/06/2026,Won,1.200\n2,03/04/2026,05/06/2026,Lost,1.300\n"
    recognised = found(tmp_path, {"d.csv": content}, "EUR")
    [one] = recognised.entries
    assert [doubt.lines for doubt in one.doubts] == [
        ("dates: day-first    # or month-first",),
        ("decimal: point    # or comma",),
    ]


def test_one_date_that_shows_the_order_is_enough(tmp_path: Path) -> None:
    content = DEALS.replace("2026-01-05,2026-02-10", "05/01/2026,22/02/2026")
    content = content.replace("2026-01-06,2026-02-20", "06/01/2026,20/02/2026").replace("2026-02-01", "01/02/2026")
    assert doubts(found(tmp_path, {"d.csv": content})) == []


def test_two_headers_for_one_date_are_neither_taken(tmp_path: Path) -> None:
    content = (
        DEALS.replace("Deal Value", "Won Date").replace("€100", "2026-02-10").replace("€90", "").replace("€80", "")
    )
    one = only(found(tmp_path, {"d.csv": content}))
    assert one.doubts == ()
    assert dict(one.without) == {"closed": "`Closed On` or `Won Date`? write the one that is meant"}


def test_an_amount_without_a_currency_is_left_out_and_the_rest_read(tmp_path: Path) -> None:
    plain = DEALS.replace("€", "")
    one = only(found(tmp_path, {"d.csv": plain}))
    assert (one.doubts, dict(one.without)) == ((), {"amount": "in which currency? write `currency:` above"})
    recognised = found(tmp_path, {"d.csv": plain}, "CHF")
    assert (dict(only(recognised).without), recognised.currency) == ({}, "CHF")


def test_the_only_currency_that_is_shown_is_taken_for_all_and_said(tmp_path: Path) -> None:
    books = "Month,Sales cost,Marketing cost\n2026-01,10,20\n2026-02,11,21\n"
    recognised = found(tmp_path, {"d.csv": DEALS, "books.csv": books})
    assert (recognised.currency, recognised.currency_from) == ("EUR", "d.csv")
    assert [one.table for one in recognised.certain] == ["deals", "spend"]


def test_amounts_in_two_currencies(tmp_path: Path) -> None:
    one = only(found(tmp_path, {"d.csv": DEALS.replace("€90", "£90")}))
    assert "`exchange_rates:`" in one.without["amount"]
    assert one.doubts == ()


def test_one_file_with_revenue_and_spend(tmp_path: Path) -> None:
    books = (
        "# from the books\nMonat;Umsatz;Marketingkosten;Note\n2026-01;1.000,50 €;20 €;x\n2026-02;1.100,00 €;21 €;y\n"
    )
    recognised = found(tmp_path, {"b.csv": books})
    assert [(one.table, dict(one.columns)) for one in recognised.certain] == [
        ("revenue", {"month": "Monat", "total": "Umsatz"}),
        ("spend", {"month": "Monat", "marketing": "Marketingkosten"}),
    ]


def test_sheets_of_a_workbook_are_looked_at_one_by_one(tmp_path: Path) -> None:
    deals: list[list[object]] = [[*line.replace("€", "EUR ").split(",")] for line in DEALS.splitlines()]
    workbook(tmp_path, "all.xlsx", Cover=[["Acme", "2026"]], Deals=deals, Empty=[])
    recognised = recognise(tmp_path, ("all.xlsx",), TODAY)
    assert [(one.table, one.first.sheet) for one in recognised.certain] == [("deals", "Deals")]
    assert [stranger.sighting.place for stranger in recognised.strangers] == ["all.xlsx, sheet Cover"]


def test_files_with_the_same_headers_are_one_export(tmp_path: Path) -> None:
    other = DEALS.replace("\n1,", "\n11,").replace("\n2,", "\n12,").replace("\n3,", "\n13,")
    one = only(found(tmp_path, {"a.csv": DEALS, "b.csv": other}))
    assert [sighting.file for sighting in one.sightings] == ["a.csv", "b.csv"]
    assert one.doubts == ()


def test_two_files_that_claim_one_table_are_neither_read(tmp_path: Path) -> None:
    other = DEALS.replace("Opened", "Start Date")
    recognised = found(tmp_path, {"a.csv": DEALS, "b.csv": other})
    assert recognised.certain == ()
    assert (
        doubts(recognised)
        == [
            "a.csv and b.csv both look like deals, and one entry only may be: keep one of them, or write "
            "`file: [a.csv, b.csv]` in one entry where they are parts of one export"
        ]
        * 2
    )


def test_a_file_that_says_more_of_the_rows_of_another(tmp_path: Path) -> None:
    deals = DEALS.replace("Deal Value", "Account").replace("€100", "x").replace("€90", "y").replace("€80", "x")
    recognised = found(tmp_path, {"d.csv": deals, "accounts.csv": "account,sector\nx,retail\ny,hotels\n"})
    [stranger] = recognised.strangers
    assert stranger.lines == (
        "lookups:",
        "  - {file: accounts.csv, on: Account, key: account, columns: {segment: sector}}",
    )


def test_a_file_in_an_encoding_that_could_be_another_says_which_line_to_write(tmp_path: Path) -> None:
    recognised = found(tmp_path, {"d.csv": DEALS.replace("Offer", "Près").replace("€", "").encode("cp1252")}, "EUR")
    [doubt] = [doubt for one in recognised.entries for doubt in one.doubts]
    assert (doubt.text, doubt.lines) == (
        "d.csv is not in UTF-8, and nothing says in which encoding it is: a word of it reads `Près` in windows-1252, "
        "`Prčs` in windows-1250 or `PrËs` in mac-roman",
        ("encoding: windows-1252    # or whichever reads right",),
    )


def test_a_file_that_can_only_be_in_one_encoding_is_read_in_it_and_that_is_said(tmp_path: Path) -> None:
    content = DEALS.replace("Offer", "Müller & Söhne").encode("cp1252")
    recognised = found(tmp_path, {"d.csv": content})
    one = only(recognised)
    assert (one.doubts, dict(one.without), recognised.currency) == ((), {}, "EUR")
    assert one.first.about.words == ("Müller", "Söhne", "€100")
    said = "d.csv is not in UTF-8 and is read as windows-1252, in which it says `Müller`, `Söhne`, `€100`: look whether that is right"
    written = sources(recognised)
    assert "    encoding: windows-1252\n" in written
    assert said in " ".join(written.replace("# ", " ").split())
    assert [text for _, text in told(recognised)] == [f"deals: 3 rows, 5 columns used; {said}"]


def test_files_of_one_export_in_two_encodings_are_not_taken_together(tmp_path: Path) -> None:
    other = DEALS.replace("\n1,", "\n11,").replace("\n2,", "\n12,").replace("\n3,", "\n13,")
    recognised = found(tmp_path, {"a.csv": DEALS, "b.csv": other.replace("Offer", "Öffer").encode("cp1252")})
    assert recognised.certain == ()


def test_a_letter_far_down_that_is_not_utf_8(tmp_path: Path) -> None:
    rows = "".join(f"{n},2026-01-05,2026-02-10,Won,€1\n" for n in range(10, 9000)).replace("€", "EUR ")
    content = f"{DEALS.replace('€', 'EUR ')}{rows}9999,2026-01-05,,Müller,EUR 5\n".encode("cp1252")
    one = only(found(tmp_path, {"d.csv": content}))
    assert (one.doubts, one.first.about.encoding) == ((), "windows-1252")


def test_what_is_no_export_at_all_is_a_problem_with_its_name(tmp_path: Path) -> None:
    wide = ",".join(f"c{n}" for n in range(10_000))
    files: dict[str, str | bytes] = {
        "pic.png": b"\x89PNG\r\n\x1a\n\0\0",
        "none.csv": "",
        "wide.csv": wide,
        "no.xlsx": "not a workbook",
    }
    with pytest.raises(SourceError) as failure:
        found(tmp_path, files)
    assert [one.message for one in failure.value.diagnostics] == [
        "`no.xlsx` cannot be read as a workbook: it is damaged, cut off or protected",
        "`none.csv` is empty",
        "`pic.png` is not a text file",
        "`wide.csv` has 10,000 columns; the limit is 2,000",
    ]


@pytest.mark.parametrize(
    "text, said",
    [
        ("Zone,Farbe\n1,rot\n", "no table can be told from the headers `Zone`, `Farbe`"),
        (
            "Monat;Kosten;Bemerkung\n2026-01;5;x\n",
            "no table can be told from the headers `Monat`, `Kosten`, `Bemerkung`",
        ),
        (
            "Erstellt;Angelegt am;Phase;Betrag;Kunde;Inhaber;Name\n05.01.2026;06.01.2026;Gewonnen;1;Alt;Kurz;a\n"
            "17.01.2026;18.01.2026;Verloren;9;Neu;Lang;b\n",
            "looks like deals, 6 of its 7 headers are known; no header for `id` (the deal); two headers for `created`: "
            "`Erstellt`, `Angelegt am`",
        ),
        (
            "Deal Id,Customer,Opened,Owner,Amount\n1,a,2026-01-05,x,5\n2,b,2026-01-06,y,6\n",
            "looks like deals, all of its 5 headers are known; no header for `outcome` (which of them are won and lost)",
        ),
        (
            "Lead-Nr;Angelegt am;Quelle\n1;gestern;Web\n2;heute;Messe\n",
            "looks like leads, 2 of its 3 headers are known; `Angelegt am` could be `created`, but 2 of its 2 values are no dates",
        ),
        (
            "Lead-Nr;Angelegt am;Quelle\n1;;Web\n2;;Messe\n",
            "looks like leads, 2 of its 3 headers are known; `Angelegt am` could be `created`, but it is empty",
        ),
        (
            "Deal Id,Opened,Status,Value\n1,2026-01-05,Won,5\n1,2026-01-06,Lost,5\n1,2026-01-06,Lost,5\n",
            "looks like deals, 3 of its 4 headers are known; `Deal Id` could be `id`, but its values repeat: about 1 different "
            "in 3 rows",
        ),
        (
            "Deal Id,Opened,Status,Value\n1,2026-01-05,Won,5\n,2026-01-06,Lost,5\n",
            "looks like deals, 3 of its 4 headers are known; `Deal Id` could be `id`, but it is empty in 1 of 2 rows",
        ),
        (
            "Month,Sales cost\nspring,5\n2026-02,6\n",
            "no table can be told from the headers `Month`, `Sales cost`",
        ),
    ],
)
def test_what_a_file_lacks_to_be_a_table(tmp_path: Path, text: str, said: str) -> None:
    recognised = found(tmp_path, {"x.csv": text})
    assert recognised.entries == ()
    assert [one.text for one in recognised.strangers] == [f"not recognised: {said}"]


def test_the_lines_to_complete_have_the_headers_that_are_known(tmp_path: Path) -> None:
    text = "Erstellt;Angelegt am;Phase;Betrag\n05.01.2026;06.01.2026;Gewonnen;1\n17.01.2026;18.01.2026;Verloren;9\n"
    [stranger] = found(tmp_path, {"x.csv": text}).strangers
    assert stranger.lines == (
        "- file: x.csv",
        "  table: deals",
        "  columns:",
        "    id:    # write its header",
        "    created: Angelegt am    # or Erstellt",
        "    outcome: Phase",
        "    stage: Phase",
        "    amount: Betrag",
    )


# ---- German, and what means several things

LISTED = [
    (table, column, header)
    for table, columns in names().columns.items()
    for column, listed in columns.items()
    for header in listed
]
BOTH = {
    # the outcome is told by its words, wherever they stand
    ("deals", frozenset({"outcome", "stage"})),
}
AMBIGUOUS = (
    *("Name", "Titel", "Kontakt", "Ansprechpartner", "Bemerkung", "Notiz", "Beschreibung", "Telefon", "Ort", "Summe"),
    *("Geändert am", "Zuletzt geändert", "Erstellt von", "Erstkontakt", "Angebotsdatum", "Rechnungsdatum", "Bewertung"),
    *(
        "Budget",
        "Marketingbudget",
        "Werbekosten",
        "Menge",
        "Volumen",
        "Liefertermin",
        "Wiedervorlage",
        "Nächster Schritt",
    ),
    *("Ziel", "Ziel Umsatz", "Plan", "Forecast", "Provision", "Rabatt", "Last Modified Date", "Commercial", "Nummer"),
)


def test_every_listed_name_is_one_that_a_header_can_be() -> None:
    assert [header for _, _, header in LISTED if spelled(header) != header] == []


def test_no_name_means_two_columns_of_one_table() -> None:
    means: dict[tuple[str, str], set[str]] = {}
    for table, column, header in LISTED:
        means.setdefault((table, header), set()).add(column)
    double = {(table, header): one for (table, header), one in means.items() if len(one) > 1}
    assert {key: one for key, one in double.items() if (key[0], frozenset(one)) not in BOTH} == {}


@pytest.mark.parametrize("header", AMBIGUOUS)
def test_what_may_mean_several_things_is_not_recognised(header: str) -> None:
    forms = {form for table in names().columns for form in spellings(header, table)}
    assert [(table, column) for table, column, listed in LISTED if listed in forms] == []


GERMAN = {
    "vorgänge.csv": (
        "Vorgangs-Nr;Kunde;Erstellt;Abgeschlossen am;Phase;Betrag;Verlustgrund;Quelle;Inhaber;Wettbewerber;Name\n"
        "A-1;Alt;05.01.2026;10.02.2026;Gewonnen;1.200,50 €;;Messe;Kurz;;x\n"
        "A-2;Neu;06.01.2026;20.02.2026;Verloren;900,00 €;Preis;Web;Lang;Rival;y\n"
        "A-3;Alt;17.02.2026;;Angebot;800,00 €;;Messe;Kurz;;z\n",
        "deals",
        {
            "id": "Vorgangs-Nr",
            "account": "Kunde",
            "created": "Erstellt",
            "closed": "Abgeschlossen am",
            "outcome": "Phase",
            "stage": "Phase",
            "amount": "Betrag",
            "owner": "Inhaber",
            "source": "Quelle",
            "competitor": "Wettbewerber",
            "reason": "Verlustgrund",
        },
    ),
    "hubspot.csv": (
        "Datensatz-ID,Deal-Name,Deal-Phase,Abschlussdatum,Zuständiger Mitarbeiter für Deal,Betrag,Erstellungsdatum\n"
        "1,a,Abgeschlossen und gewonnen,2026-02-10,Kurz,€10,2026-01-05\n2,b,Abgeschlossen und verloren,2026-02-11,Lang,€11,2026-01-06\n",
        "deals",
        {
            "id": "Datensatz-ID",
            "created": "Erstellungsdatum",
            "closed": "Abschlussdatum",
            "outcome": "Deal-Phase",
            "stage": "Deal-Phase",
            "amount": "Betrag",
            "owner": "Zuständiger Mitarbeiter für Deal",
        },
    ),
    "salesforce.csv": (
        "Opportunity-ID,Accountname,Opportunity-Inhaber,Erstelldatum,Schlusstermin,Phase,Betrag,Leadquelle\n"
        "006a,x,Kurz,2026-01-05,2026-02-10,Geschlossen und gewonnen,€10,Web\n"
        "006b,y,Lang,2026-01-06,2026-02-11,Geschlossen und verloren,€9,Web\n",
        "deals",
        {
            "id": "Opportunity-ID",
            "account": "Accountname",
            "created": "Erstelldatum",
            "closed": "Schlusstermin",
            "outcome": "Phase",
            "stage": "Phase",
            "amount": "Betrag",
            "owner": "Opportunity-Inhaber",
            "source": "Leadquelle",
        },
    ),
    "pipedrive.csv": (
        "Deal - ID,Deal - Titel,Deal - Wert,Deal - Währung,Deal - Status,Deal - Deal erstellt am,Deal - Deal geschlossen am,"
        "Deal - Verlustgrund,Deal - Besitzer,Deal - Erwartetes Abschlussdatum\n"
        "1,a,10,EUR,Gewonnen,2026-01-05,2026-02-10,,Kurz,2026-02-01\n2,b,11,EUR,Verloren,2026-01-06,2026-02-11,Preis,Lang,2026-02-01\n",
        "deals",
        {
            "id": "Deal - ID",
            "created": "Deal - Deal erstellt am",
            "closed": "Deal - Deal geschlossen am",
            "outcome": "Deal - Status",
            "stage": "Deal - Status",
            "amount": "Deal - Wert",
            "currency": "Deal - Währung",
            "due": "Deal - Erwartetes Abschlussdatum",
            "owner": "Deal - Besitzer",
            "reason": "Deal - Verlustgrund",
        },
    ),
    "leads.csv": (
        "Lead-Nr;Angelegt am;Quelle;Branche;Qualifiziert am;Kunde geworden am;Verantwortlich;Status\n"
        "1;17.01.2026;Messe;Handel;18.01.2026;01.03.2026;Kurz;Kunde\n2;19.01.2026;Web;Bau;;;Lang;Neu\n",
        "leads",
        {
            "id": "Lead-Nr",
            "created": "Angelegt am",
            "qualified": "Qualifiziert am",
            "customer": "Kunde geworden am",
            "status": "Status",
            "source": "Quelle",
            "segment": "Branche",
            "owner": "Verantwortlich",
        },
    ),
    "phasen.csv": (
        "Vorgangsnummer;Neue Phase;Eingetreten am\nA-1;Angebot;17.01.2026\nA-1;Gewonnen;19.02.2026\nA-2;Angebot;20.02.2026\n",
        "stage_changes",
        {"deal_id": "Vorgangsnummer", "stage": "Neue Phase", "entered": "Eingetreten am"},
    ),
    "aktivitaeten.csv": (
        "Vorgangs-Nr;Aktivitaetsdatum;Art der Aktivitaet;Betreff\nA-1;17.01.2026;Anruf;x\nA-1;19.02.2026;Termin;y\n",
        "activities",
        {"record_id": "Vorgangs-Nr", "at": "Aktivitaetsdatum", "kind": "Art der Aktivitaet"},
    ),
    "umsatz.csv": (
        "Monat;Umsatz Neukunden;Umsatz Bestandskunden;Umsatz gesamt\n2026-01;1 €;2 €;3 €\n2026-02;1 €;2 €;3 €\n",
        "revenue",
        {"month": "Monat", "new": "Umsatz Neukunden", "existing": "Umsatz Bestandskunden", "total": "Umsatz gesamt"},
    ),
    "kosten.csv": (
        "Monat;Vertriebsausgaben;Marketingausgaben\n2026-01;1 €;2 €\n2026-02;1 €;2 €\n",
        "spend",
        {"month": "Monat", "sales": "Vertriebsausgaben", "marketing": "Marketingausgaben"},
    ),
    "gründe.csv": (
        "Vorgangs-Nr;Gesprächsdatum;Absagegrund;Verloren an\nA-1;17.01.2026;Preis;Rival\nA-2;18.01.2026;Frist;Rival\n",
        "reasons",
        {"deal_id": "Vorgangs-Nr", "at": "Gesprächsdatum", "text": "Absagegrund", "competitor": "Verloren an"},
    ),
}


@pytest.mark.parametrize("name", GERMAN)
def test_german_exports(tmp_path: Path, name: str) -> None:
    content, table, columns = GERMAN[name]
    one = only(found(tmp_path, {name: content}, "EUR"))
    assert (one.table, one.doubts, dict(one.without), dict(one.columns)) == (table, (), {}, columns)


def test_a_header_that_a_mac_wrote_is_the_same() -> None:
    assert spelled("Wa\u0308hrung") == spelled("Währung") == "währung"


@pytest.mark.parametrize("header", ["CloseDate", "close_date", "Close  Date", "close-date", "\ufeffClose.Date"])
def test_how_headers_are_spelled(header: str) -> None:
    assert spelled(header) == "close date"

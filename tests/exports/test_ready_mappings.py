"""Ready mappings: a sample for every variant of an export that they claim, and no header that no sample has."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from engine.document import plain, read
from engine.exports.request import MAPPINGS, mapping_names
from tests.exports.client import said, tables

# A name of the variant; the mapping; the export; and what becomes of it, columns without values left out.
CONTACTS = {
    "id": "51",
    "created": datetime(2026, 1, 13, 9, 5),
    "qualified": datetime(2026, 1, 20, 8),
    "accepted": datetime(2026, 1, 25, 17),
    "opportunity": datetime(2026, 2, 1, 12),
    "customer": datetime(2026, 3, 2, 10),
    "is_rejected": False,
    "status": "Open",
    "source": "Paid Search",
    "segment": "Machinery",
    "owner": "Ann Lee",
    "first_touch": datetime(2026, 1, 13, 11),
    "last_touch": datetime(2026, 3, 1, 9),
    "account": "Pumps Ltd",
}
DEAL = {
    "id": "77",
    "lead_id": "51",
    "account": "Pumps Ltd",
    "created": datetime(2026, 2, 1, 12),
    "closed": datetime(2026, 3, 2, 10),
    "outcome": "won",
    "stage": "Closed Won",
    "amount": 12500.0,
    "currency": "EUR",
    "probability": 1.0,
    "owner": "Ann Lee",
    "source": "Paid Search",
    "client": "new",
    "reason": "best support",
    "stakeholders": 3,
    "last_activity": datetime(2026, 3, 1, 9),
}
LEAD = {
    "id": "00Q5g000001AbCdEAK",
    "created": datetime(2026, 1, 13, 9, 5, 7),
    "opportunity": datetime(2026, 2, 1),
    "is_rejected": False,
    "status": "Closed - Converted",
    "source": "Web",
    "segment": "Machinery",
    "owner": "0055g00000Ann",
    "last_touch": datetime(2026, 1, 30),
    "account": "Pumps Ltd",
    "deal_id": "0065g00000XyZ",
}
OPPORTUNITY = {
    "id": "0065g00000XyZ",
    "account": "0015g00000Acc",
    "created": datetime(2026, 2, 1, 12),
    "closed": datetime(2026, 3, 2),
    "outcome": "lost",
    "stage": "Closed Lost",
    "amount": 12500.0,
    "currency": "EUR",
    "probability": 0.0,
    "owner": "0055g00000Ann",
    "source": "Web",
    "client": "existing",
    "competitor": "Rival",
    "competitor_known": True,
    "reason": "price",
    "last_activity": datetime(2026, 3, 1),
}
SAMPLES = {
    "hubspot-contacts, labels since 2024": (
        "hubspot-contacts",
        "Record ID,First Name,Create Date,Lifecycle Stage,Lead Status,Original Traffic Source,Industry,Became a lead date,"
        "Became a marketing qualified lead date,Became a sales qualified lead date,Became an opportunity date,"
        "Became a customer date,Contact owner,First outreach date,Last Contacted,Associated Company\n"
        "51,Bo,2026-01-13 09:05,Customer,Open,Paid Search,Machinery,2026-01-13 09:05,2026-01-20 08:00,2026-01-25 17:00,"
        "2026-02-01 12:00,2026-03-02 10:00,Ann Lee,2026-01-13 11:00,2026-03-01 09:00,Pumps Ltd\n",
        CONTACTS,
    ),
    "hubspot-contacts, labels before 2024": (
        "hubspot-contacts",
        "Contact ID,First Name,Create Date,Lifecycle Stage,Lead Status,Original Source,Industry,"
        "Became a Marketing Qualified Lead Date,Became a Sales Qualified Lead Date,Became an Opportunity Date,"
        "Became a Customer Date,Contact owner,First Outreach Date,Last Contacted,Company Name\n"
        "51,Bo,2026-01-13 09:05,Customer,Open,Paid Search,Machinery,2026-01-20 08:00,2026-01-25 17:00,"
        "2026-02-01 12:00,2026-03-02 10:00,Ann Lee,2026-01-13 11:00,2026-03-01 09:00,Pumps Ltd\n",
        CONTACTS,
    ),
    "hubspot-contacts, internal names": (
        "hubspot-contacts",
        "hs_object_id,createdate,hs_lead_status,hs_analytics_source,industry,hs_lifecyclestage_marketingqualifiedlead_date,"
        "hs_lifecyclestage_salesqualifiedlead_date,hs_lifecyclestage_opportunity_date,hs_lifecyclestage_customer_date,"
        "hubspot_owner_id,hs_first_outreach_date,notes_last_contacted,company\n"
        "51,2026-01-13T09:05:00.000Z,Open,Paid Search,Machinery,2026-01-20T08:00:00.000Z,2026-01-25T17:00:00.000Z,"
        "2026-02-01T12:00:00Z,2026-03-02T10:00:00Z,Ann Lee,2026-01-13T11:00:00Z,2026-03-01T09:00:00Z,Pumps Ltd\n",
        CONTACTS,
    ),
    "hubspot-contacts, the primary company": (
        "hubspot-contacts",
        "Record ID,Create Date,Lead Status,Primary Associated Company ID\n51,2026-01-13 09:05,Bad Timing,900\n",
        {
            "id": "51",
            "created": datetime(2026, 1, 13, 9, 5),
            "is_rejected": True,
            "status": "Bad Timing",
            "account": "900",
        },
    ),
    "hubspot-contacts, internal options of the status": (
        "hubspot-contacts",
        "hs_object_id,createdate,hs_lead_status\n51,2026-01-13,UNQUALIFIED\n",
        {"id": "51", "created": datetime(2026, 1, 13), "is_rejected": True, "status": "UNQUALIFIED"},
    ),
    "hubspot-deals, labels": (
        "hubspot-deals",
        "Record ID,Deal Name,Pipeline,Deal Stage,Amount,Currency,Create Date,Close Date,Deal owner,Deal Type,Closed Lost Reason,"
        "Number of Associated Contacts,Deal probability,Original Traffic Source,Is Closed Won,Is Deal Closed?,Last Activity Date,"
        "Associated Company,Associated Contact IDs\n"
        "77,Pumps,Sales,Closed Won,12500,EUR,2026-02-01 12:00,2026-03-02 10:00,Ann Lee,New Business,best support,3,1.0,"
        "Paid Search,true,true,2026-03-01 09:00,Pumps Ltd,51\n",
        DEAL,
    ),
    "hubspot-deals, older labels": (
        "hubspot-deals",
        "Deal ID,Deal Stage,Amount,Currency,Create Date,Close Date,Deal owner,Deal Type,Closed Lost Reason,"
        "Number of Associated Contacts,Deal probability,Original Source Type,Last Activity Date,Primary Associated Company,"
        "Associated Contact IDs\n"
        "77,Closed Won,12500,EUR,2026-02-01 12:00,2026-03-02 10:00,Ann Lee,New Business,best support,3,1.0,"
        "Paid Search,2026-03-01 09:00,Pumps Ltd,51\n",
        DEAL,
    ),
    "hubspot-deals, internal names": (
        "hubspot-deals",
        "hs_object_id,dealstage,amount,deal_currency_code,createdate,closedate,hubspot_owner_id,dealtype,closed_lost_reason,"
        "num_associated_contacts,hs_deal_stage_probability,hs_analytics_source,hs_is_closed_won,hs_is_closed,notes_last_updated\n"
        "77,closedwon,12500,EUR,2026-02-01T12:00:00Z,2026-03-02T10:00:00Z,Ann Lee,newbusiness,best support,3,1,Paid Search,"
        "true,true,2026-03-01T09:00:00Z\n",
        {**{k: v for k, v in DEAL.items() if k not in ("lead_id", "account")}, "stage": "closedwon"},
    ),
    "hubspot-deals, open": (
        "hubspot-deals",
        "Record ID,Deal Stage,Create Date,Close Date,Deal Type,Associated Company IDs\n"
        "77,Appointment Scheduled,2026-02-01 12:00,2026-02-28 12:00,existingbusiness,900\n",
        {
            "id": "77",
            "created": datetime(2026, 2, 1, 12),
            "outcome": "open",
            "stage": "Appointment Scheduled",
            "client": "existing",
            "account": "900",
        },
    ),
    "salesforce-leads, field names": (
        "salesforce-leads",
        '"Id","Company","Status","LeadSource","Industry","OwnerId","IsConverted","ConvertedDate","ConvertedOpportunityId",'
        '"CreatedDate","LastActivityDate"\n'
        '"00Q5g000001AbCdEAK","Pumps Ltd","Closed - Converted","Web","Machinery","0055g00000Ann","true","2026-02-01",'
        '"0065g00000XyZ","2026-01-13T09:05:07.000Z","2026-01-30"\n',
        LEAD,
    ),
    "salesforce-leads, labels of a report": (
        "salesforce-leads",
        '"Lead ID","Lead Owner","Company / Account","Lead Source","Lead Status","Industry","Create Date","Converted Date",'
        '"Opportunity ID","Last Activity"\n'
        '"00Q5g000001AbCdEAK","0055g00000Ann","Pumps Ltd","Web","Closed - Converted","Machinery","1/13/2026","2/1/2026",'
        '"0065g00000XyZ","1/30/2026"\n\n"Leads by month"\n"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
        '"Confidential Information - Do Not Distribute"\n"Generated By:  Ann Lee  11/1/2026, 9:00 AM"\n',
        {**LEAD, "created": datetime(2026, 1, 13)},
    ),
    "salesforce-leads, created date": (
        "salesforce-leads",
        "Lead ID,Created Date,Status\n00Q,2026-01-13,Closed - Not Converted\n",
        {"id": "00Q", "created": datetime(2026, 1, 13), "status": "Closed - Not Converted", "is_rejected": True},
    ),
    "salesforce-opportunities, field names": (
        "salesforce-opportunities",
        '"Id","AccountId","Name","StageName","Amount","CurrencyIsoCode","Probability","CreatedDate","CloseDate","Type","LeadSource",'
        '"IsClosed","IsWon","OwnerId","LastActivityDate","Loss_Reason__c","Primary_Competitor__c"\n'
        '"0065g00000XyZ","0015g00000Acc","Pumps","Closed Lost","12500.0","EUR","0.0","2026-02-01T12:00:00.000Z","2026-03-02",'
        '"Existing Customer - Upgrade","Web","true","false","0055g00000Ann","2026-03-01","price","Rival"\n',
        OPPORTUNITY,
    ),
    "salesforce-opportunities, labels of a report": (
        "salesforce-opportunities",
        '"Opportunity ID","Account Name","Opportunity Name","Stage","Amount Currency","Amount","Probability (%)","Created Date",'
        '"Close Date","Type","Lead Source","Closed","Won","Opportunity Owner","Last Activity","Loss Reason","Main Competitor(s)"\n'
        '"0065g00000XyZ","0015g00000Acc","Pumps","Closed Lost","EUR","12,500.00","0%","2/1/2026, 12:00 PM","3/22/2026",'
        '"Existing Business","Web","1","0","0055g00000Ann","3/1/2026","price","Rival"\n',
        {**OPPORTUNITY, "closed": datetime(2026, 3, 22)},
    ),
    "salesforce-opportunities, open, with other labels": (
        "salesforce-opportunities",
        "Opportunity ID,Account ID,Stage,Opportunity Currency,Amount,Created Date,Close Date,Type,Primary Competitor\n"
        "006,001,Prospecting,EUR,5,2026-02-01,2026-12-24,New Customer,None\n",
        {
            "id": "006",
            "account": "001",
            "created": datetime(2026, 2, 1),
            "due": datetime(2026, 12, 24),
            "outcome": "open",
            "stage": "Prospecting",
            "amount": 5.0,
            "currency": "EUR",
            "client": "new",
            "competitor_known": True,
        },
    ),
    "salesforce-opportunities, the competitors of the standard field": (
        "salesforce-opportunities",
        "Id,StageName,CreatedDate,CloseDate,MainCompetitors__c\n006,Closed Won,2026-02-01,2026-03-01,Rival\n",
        {
            "id": "006",
            "created": datetime(2026, 2, 1),
            "closed": datetime(2026, 3, 1),
            "outcome": "won",
            "stage": "Closed Won",
            "competitor": "Rival",
            "competitor_known": True,
        },
    ),
    "salesforce-tasks": (
        "salesforce-tasks",
        '"Id","WhoId","TaskSubtype","CompletedDateTime"\n"00T1","00Q5","Call","2026-01-13T11:00:00.000Z"\n',
        {"record_id": "00Q5", "at": datetime(2026, 1, 13, 11), "kind": "Call"},
    ),
    "salesforce-tasks, without the time of completion": (
        "salesforce-tasks",
        "WhoId,Type,CreatedDate\n00Q5,Email,2026-01-13T11:00:00.000Z\n",
        {"record_id": "00Q5", "at": datetime(2026, 1, 13, 11), "kind": "Email"},
    ),
    "salesforce-tasks, with a day alone": (
        "salesforce-tasks",
        "WhoId,ActivityDate\n00Q5,2026-01-13\n",
        {"record_id": "00Q5", "at": datetime(2026, 1, 13)},
    ),
    "salesforce-opportunity-history, field names": (
        "salesforce-opportunity-history",
        "Id,OpportunityId,StageName,CreatedDate\n008,006,Proposal,2026-02-05T10:00:00.000Z\n",
        {"deal_id": "006", "stage": "Proposal", "entered": datetime(2026, 2, 5, 10)},
    ),
    "salesforce-opportunity-history, labels": (
        "salesforce-opportunity-history",
        "Opportunity ID,From Stage,To Stage,Last Modified\n006,Prospecting,Proposal,2/25/2026 10:00 AM\n",
        {"deal_id": "006", "stage": "Proposal", "entered": datetime(2026, 2, 25, 10)},
    ),
    "salesforce-opportunity-history, the stage alone": (
        "salesforce-opportunity-history",
        "Opportunity ID,Stage,Last Modified\n006,Proposal,2026-02-05\n",
        {"deal_id": "006", "stage": "Proposal", "entered": datetime(2026, 2, 5)},
    ),
    "hubspot-deal-stages, single quotes": (
        "hubspot-deal-stages",
        "Record ID,Date entered 'Contract Sent (Sales Pipeline)',Date exited 'Contract Sent (Sales Pipeline)'\n77,2026-02-05 10:00,\n",
        {"deal_id": "77", "stage": "Contract Sent (Sales Pipeline)", "entered": datetime(2026, 2, 5, 10)},
    ),
    "hubspot-deal-stages, double quotes": (
        "hubspot-deal-stages",
        'Deal ID,"Date entered ""Contract Sent (Sales Pipeline)"""\n77,2026-02-05 10:00\n',
        {"deal_id": "77", "stage": "Contract Sent (Sales Pipeline)", "entered": datetime(2026, 2, 5, 10)},
    ),
    "hubspot-deal-stages, the internal name of the id": (
        "hubspot-deal-stages",
        "hs_object_id,Date entered 'Won'\n77,2026-02-05 10:00\n",
        {"deal_id": "77", "stage": "Won", "entered": datetime(2026, 2, 5, 10)},
    ),
}


@pytest.mark.parametrize("variant", SAMPLES)
def test_a_sample_of_each_variant(tmp_path: Path, variant: str) -> None:
    mapping, content, expected = SAMPLES[variant]
    with tables(tmp_path, f"  - {{file: export.csv, mapping: {mapping}}}\n", {"export.csv": content}) as found:
        [table] = found.present
        [row] = found.query(f"SELECT * FROM {table}")
        columns = found.database.columns(f"SELECT * FROM {table}")
    values = {name: value for name, value in zip(columns, row, strict=True) if value is not None}
    assert values == {**expected, "file": "export.csv", "row": 2}


def test_no_header_is_claimed_without_a_sample() -> None:
    shown = " ".join(content.casefold() for _, content, _ in SAMPLES.values())
    for name in mapping_names():
        mapping = plain(read(MAPPINGS / f"{name}.yaml"))
        assert isinstance(mapping, dict)
        columns = mapping["columns"]
        assert isinstance(columns, dict)
        for headers in columns.values():
            for header in headers if isinstance(headers, list) else [headers]:
                assert str(header).casefold() in shown, f"{name}: {header}"


def test_a_mapping_is_a_base_for_a_client_of_its_own(tmp_path: Path) -> None:
    """The client's columns and values go over those of the mapping."""
    sources = """\
  - file: deals.csv
    mapping: hubspot-deals
    columns: {reason: Lost because, amount: Value}
    values: {outcome: {won: Signed, lost: Dead, otherwise: open}}
    ignore: {Pipeline: [Renewals]}
"""
    content = (
        "Record ID,Pipeline,Deal Stage,Create Date,Close Date,Amount,Value,Lost because\n"
        "1,Sales,Signed,2026-01-02,2026-02-03,1,10,\n2,Renewals,Signed,2026-01-02,2026-02-03,1,20,\n3,Sales,Dead,2026-01-02,2026-02-03,1,30,price\n"
    )
    with tables(tmp_path, sources, {"deals.csv": content}) as found:
        assert found.query("SELECT id, outcome, amount, reason FROM deals ORDER BY id") == [
            ("1", "won", 10.0, None),
            ("3", "lost", 30.0, "price"),
        ]
        [left_out] = found.extracts[0].left_out
        assert (left_out.reason, left_out.count, left_out.rows) == ("ignored, as asked", 1, (3,))


def test_a_stage_that_sounds_closed_and_is_not_named(tmp_path: Path) -> None:
    content = "Record ID,Deal Stage,Create Date\n1,Contract signed,2026-01-02\n"
    assert said(tmp_path, "  - {file: deals.csv, mapping: hubspot-deals}\n", {"deals.csv": content}) == [
        "warning: company.yaml:4:12: deals of `deals.csv` count as open although `Deal Stage` is `Contract signed` (1 row) "
        "[doubtful-outcome] -> name the values under `values:`, `outcome:`, those that are really open too"
    ]


def test_columns_of_a_ready_mapping_can_be_left_out(tmp_path: Path) -> None:
    sources = "  - {file: d.csv, mapping: hubspot-deals, without: [amount, reason]}\n"
    content = "Record ID,Deal Stage,Amount,Create Date,Closed Lost Reason\n7,Closed Lost,12 old,2026-02-01,price\n"
    with tables(tmp_path, sources, {"d.csv": content}) as read_tables:
        assert not read_tables.has("deals", "amount")
        assert read_tables.query("SELECT id, amount, reason FROM deals") == [("7", None, None)]


def test_what_a_mapping_does_not_have_cannot_be_left_out(tmp_path: Path) -> None:
    sources = "  - {file: d.csv, mapping: hubspot-deals, without: [amounts]}\n"
    content = "Record ID,Deal Stage,Create Date\n7,Closed Lost,2026-02-01\n"
    assert said(tmp_path, sources, {"d.csv": content}) == [
        "error: company.yaml:4:53: the ready mapping has no column `amounts` to go without [unknown-column]"
        " -> did you mean `amount`?"
    ]

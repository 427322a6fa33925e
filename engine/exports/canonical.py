"""The canonical tables: what every export becomes before a fact is computed, whatever system it comes from.

An instant is a TIMESTAMP: UTC where the export says an offset, otherwise the wall clock of the export. Whether a column
has times of day at all is told by `Tables.has_times`. Nothing is ever a guess: a value that is not in the export is NULL.
Each table also has `file`, the short name of the file, and `row`, the row as a spreadsheet counts it (the first line is 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What a column holds; the value is its DuckDB type, but for the two that need more than a type."""

    TEXT = "VARCHAR"
    INSTANT = "TIMESTAMP"
    MONTH = "DATE"
    NUMBER = "DOUBLE"
    MONEY = "MONEY"
    COUNT = "BIGINT"
    FLAG = "BOOLEAN"
    WORD = "WORD"

    @property
    def sql(self) -> str:
        """The type in DuckDB."""
        return {Kind.MONEY: "DOUBLE", Kind.WORD: "VARCHAR"}.get(self, self.value)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `words` are the only values of a WORD."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table. `one_of`: of these columns, one at least must be mapped. `identified`: no two rows share an `id`.

    `inputs` may be mapped and are no columns: others are worked out from them.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    one_of: tuple[str, ...] = ()
    inputs: tuple[Column, ...] = ()

    @property
    def identified(self) -> bool:
        return any(column.name == "id" and column.required for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of a name. Raises LookupError where there is none."""
        for column in (*self.columns, *self.inputs):
            if column.name == name:
                return column
        raise LookupError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """What may be mapped."""
        return tuple(column.name for column in (*self.columns, *self.inputs))

    def of_kind(self, *kinds: Kind) -> tuple[str, ...]:
        """The names of the columns of these kinds."""
        return tuple(column.name for column in self.columns if column.kind in kinds)


# The place of a row; every table has them beside its own.
PLACE = (
    Column("file", Kind.TEXT, "short name of the file", required=True),
    Column("row", Kind.COUNT, "row in the file, as a spreadsheet counts it", required=True),
)

OUTCOMES = ("won", "lost", "open")
CLIENTS = ("new", "existing")

LEADS = Table(
    "leads",
    "leads",
    (
        Column("id", Kind.TEXT, "the lead", required=True),
        Column("created", Kind.INSTANT, "became a lead", required=True),
        Column("qualified", Kind.INSTANT, "became a marketing-qualified lead"),
        Column("accepted", Kind.INSTANT, "accepted by sales: became a sales-qualified lead"),
        Column("opportunity", Kind.INSTANT, "became an opportunity"),
        Column("customer", Kind.INSTANT, "became a customer"),
        Column("rejected", Kind.INSTANT, "rejected by sales, where the export dates it"),
        Column("is_rejected", Kind.FLAG, "rejected by sales, dated or not"),
        Column("status", Kind.TEXT, "status as the export has it"),
        Column("source", Kind.TEXT, "where the lead came from"),
        Column("segment", Kind.TEXT, "segment of the lead"),
        Column("owner", Kind.TEXT, "who works it"),
        Column("fit", Kind.FLAG, "meets the written profile of a good customer"),
        Column("first_touch", Kind.INSTANT, "first attempt of a person to reach the lead"),
        Column("last_touch", Kind.INSTANT, "last attempt of a person to reach the lead"),
        Column("account", Kind.TEXT, "company of the lead"),
        Column("deal_id", Kind.TEXT, "the deal it became"),
    ),
)
DEALS = Table(
    "deals",
    "deals",
    (
        Column("id", Kind.TEXT, "the deal", required=True),
        Column("lead_id", Kind.TEXT, "the lead it came from"),
        Column("account", Kind.TEXT, "company of the deal"),
        Column("created", Kind.INSTANT, "became a deal"),
        Column("closed", Kind.INSTANT, "won or lost; NULL while open"),
        Column("outcome", Kind.WORD, "won, lost or open", words=OUTCOMES),
        Column("stage", Kind.TEXT, "stage as the export has it"),
        Column("amount", Kind.MONEY, "value, in `Tables.currency`"),
        Column("currency", Kind.TEXT, "currency in which the export has the amount"),
        Column("due", Kind.INSTANT, "expected close of an open deal; NULL when closed"),
        Column("probability", Kind.NUMBER, "chance to be won, 0 to 1, as the export has it"),
        Column("owner", Kind.TEXT, "who works it"),
        Column("source", Kind.TEXT, "where it came from"),
        Column("segment", Kind.TEXT, "segment of the deal"),
        Column("product", Kind.TEXT, "what is sold"),
        Column("client", Kind.WORD, "new or existing client", words=CLIENTS),
        Column("competitor", Kind.TEXT, "the competitor that is named; NULL where there is none or it is not known"),
        Column("competitor_known", Kind.FLAG, "somebody said whether there is a competitor"),
        Column("reason", Kind.TEXT, "why it was won or lost: free text or a code"),
        Column("stakeholders", Kind.COUNT, "people of the client who take part"),
        Column("custom_scope", Kind.FLAG, "needs a quote, legal or security review of its own"),
        Column("assisted", Kind.FLAG, "a salesperson was in live contact"),
        Column("last_activity", Kind.INSTANT, "last activity on the deal"),
    ),
    one_of=("created", "closed"),
    inputs=(
        Column("is_closed", Kind.FLAG, "won or lost; gives `outcome` where that is not mapped"),
        Column("is_won", Kind.FLAG, "won; gives `outcome` where that is not mapped"),
    ),
)
STAGE_CHANGES = Table(
    "stage_changes",
    "changes of stage",
    (
        Column("deal_id", Kind.TEXT, "the deal", required=True),
        Column("stage", Kind.TEXT, "the stage that it entered", required=True),
        Column("entered", Kind.INSTANT, "when", required=True),
    ),
)
ACTIVITIES = Table(
    "activities",
    "activities",
    (
        Column("record_id", Kind.TEXT, "the lead or deal", required=True),
        Column("at", Kind.INSTANT, "when", required=True),
        Column("kind", Kind.TEXT, "call, e-mail, meeting, task"),
    ),
)
REVENUE = Table(
    "revenue",
    "revenue by month",
    (
        Column("month", Kind.MONTH, "first day of the month", required=True),
        Column("new", Kind.MONEY, "from new customers"),
        Column("existing", Kind.MONEY, "from existing customers"),
        Column("total", Kind.MONEY, "all of it"),
        Column("churned", Kind.MONEY, "recurring revenue of customers that left"),
        Column("contraction", Kind.MONEY, "recurring revenue less, of customers that stayed"),
        Column("expansion", Kind.MONEY, "recurring revenue more, of customers that stayed"),
        Column("start", Kind.MONEY, "recurring revenue at the start of the month"),
    ),
    one_of=("new", "existing", "total", "churned", "contraction", "expansion", "start"),
)
SPEND = Table(
    "spend",
    "spend by month",
    (
        Column("month", Kind.MONTH, "first day of the month", required=True),
        Column("sales", Kind.MONEY, "cost of sales people and tools"),
        Column("marketing", Kind.MONEY, "cost of marketing"),
    ),
    one_of=("sales", "marketing"),
)
FEEDBACK = Table(
    "feedback",
    "feedback",
    (
        Column("id", Kind.TEXT, "the answer", required=True),
        Column("at", Kind.INSTANT, "when"),
        Column("score", Kind.NUMBER, "how likely to recommend, 0 to 10"),
        Column("text", Kind.TEXT, "what was said"),
        Column("kind", Kind.TEXT, "survey, ticket, call"),
    ),
    one_of=("score", "text"),
)
REASONS = Table(
    "reasons",
    "reasons",
    (
        Column("deal_id", Kind.TEXT, "the deal", required=True),
        Column("at", Kind.INSTANT, "when it was said"),
        Column("text", Kind.TEXT, "why it was won or lost: free text or a code"),
        Column("competitor", Kind.TEXT, "the competitor that is named"),
    ),
    one_of=("text", "competitor"),
)

TABLES = MappingProxyType(
    {table.name: table for table in (LEADS, DEALS, STAGE_CHANGES, ACTIVITIES, REVENUE, SPEND, FEEDBACK, REASONS)}
)

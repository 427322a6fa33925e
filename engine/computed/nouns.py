"""What the rows of a table are called, one at a time."""

from __future__ import annotations

from ..exports.canonical import TABLES
from ..units import singular

_ROWS = {
    "feedback": "answer",
    "revenue": "month",
    "spend": "month",
    "stage_changes": "change of stage",
    "activities": "activity",
}


def noun_of(table: str) -> str:
    """`lead`, `deal`, `month`."""
    return _ROWS.get(table) or singular(TABLES[table].title)

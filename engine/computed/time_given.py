"""T, the days that a lead is given: from the sales cycle of the client."""

from __future__ import annotations

from ..exports.tables import Tables
from ..statistics.cohorts import LEAST_DAYS, STEP_DAYS, window_days
from .ground import Window

PART = 0.8


def window(tables: Tables) -> Window:
    """T by the deals won, from creation to closing; by the leads won where deals have no dates; the least there is where nothing says.

    Raises QueryError.
    """
    for table, noun, start, end, where in (
        ("deals", "won deals", "created", "closed", "outcome = 'won'"),
        ("leads", "leads that became customers", "created", "customer", "TRUE"),
    ):
        if table in tables.present:
            days = f"date_diff('day', {start}, {end})"
            [(p80, count)] = tables.query(
                f"SELECT quantile_cont({days}, {PART}), count(*) FROM known_{table} WHERE {where} AND {days} >= 0"
            )
            if count:
                number = window_days(p80)
                told = f"four in five of {count:,} {noun} took up to {p80:,.4g} days, rounded up to {STEP_DAYS}, at least {LEAST_DAYS}"
                return Window(number, f"T = {number} days: {told}")
    return Window(LEAST_DAYS, f"T = {LEAST_DAYS} days: the exports do not say how long a sale takes")

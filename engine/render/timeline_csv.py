"""How the answer moved, a row each day, for a spreadsheet. No text of a file can become a formula there."""

from __future__ import annotations

import csv
import io

from ..policy import PolicySet
from ..timeline.timeline import Moment, Timeline
from .facts_csv import inert
from .timeline_words import changed

COLUMNS = (
    "date",
    "score",
    "score_low",
    "score_high",
    "coverage",
    "verdict",
    "headline",
    "move_low",
    "move_high",
    "settled",
    "held_by",
    "computed_facts",
    "after_exports",
    "changed",
)


def render(found: Timeline, _policy: PolicySet) -> str:
    """Every day, the earliest first."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(moment) for moment in found.moments)
    return sheet.getvalue()


def _row(moment: Moment) -> list[str]:
    told, verdict = moment.evaluation, moment.evaluation.verdict
    low, high = verdict.move or (None, None)
    numbers = (moment.score, told.score_low, told.score_high, told.coverage)
    return [
        str(moment.day),
        *("" if number is None else f"{number:.10g}" for number in numbers),
        verdict.id,
        inert(verdict.headline),
        *("" if end is None else f"{end:g}" for end in (low, high)),
        "yes" if verdict.settled else "no",
        " ".join(verdict.held_by),
        str(moment.computed),
        "yes" if moment.after_exports else "no",
        inert(changed(moment)),
    ]

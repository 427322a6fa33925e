"""The facts of a company from its exports, a row each, for a spreadsheet. No text of a file can become a formula there."""

from __future__ import annotations

import csv
import io
from datetime import date

from ..computed.answer import Computed
from ..computed.findings import Findings
from ..extraction import Extraction
from ..facts import FactDefinition, RawValue
from ..policy import PolicySet
from .clean import clean
from .facts_json import unit_of
from .plain import measured

COLUMNS = (
    "fact",
    "title",
    "value",
    "unit",
    "low",
    "high",
    "successes",
    "trials",
    "n",
    "counted",
    "first_month",
    "last_month",
    "as_of",
    "files",
    "stated",
    "why_not",
    "note",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(extraction: Extraction, policy: PolicySet, _beside: Findings) -> str:
    """Every fact with a definition, known or not."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(one, policy.catalogue[one.fact], policy.currency) for one in extraction.sheet.computed)
    return sheet.getvalue()


def _row(one: Computed, definition: FactDefinition, currency: str) -> list[str]:
    answer, found = one.answer, one.observation
    period = answer.period
    _, *numbers = measured(found).values()
    return [
        one.fact,
        inert(definition.title),
        "" if found is None else _value(found.value),
        inert(unit_of(definition, currency)),
        *("" if number is None else f"{number!r}" for number in numbers),
        "" if answer.n is None else str(answer.n),
        inert(answer.noun),
        str(period.first) if period else "",
        str(period.last) if period else "",
        str(found.as_of or "") if found else "",
        inert(", ".join(one.files)) if found else "",
        "" if one.stated is None else _value(one.stated.value),
        inert(one.reason),
        inert("; ".join(text for text in (one.computation.note, answer.remark) if text)),
    ]


def _value(value: RawValue) -> str:
    if isinstance(value, tuple):
        return " ".join(f"{number:.10g}" for number in value)
    if isinstance(value, float):
        return f"{value:.10g}"
    return value.isoformat() if isinstance(value, date) else inert(str(value))


def inert(text: str) -> str:
    """A text that a spreadsheet shows and does not calculate."""
    shown = clean(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown

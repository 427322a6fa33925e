"""How numbers and dates are written by hand, and what was probably meant where they cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .diagnostics import Diagnostic, Span

_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_AMOUNT = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>(?:[^\W\d_]|[%$€£¥]).*)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])")
# groups of three digits, or a comma before the decimals; the unit stays as it is
_GROUPED = re.compile(r"(?P<sign>[+-]?)(?P<digits>[0-9]+(?:[,.' _\u00a0\u202f\u2019][0-9]+)+)(?P<unit>\s*[^0-9]*)")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([,.' _\u00a0\u202f\u2019])[0-9]{3})(?:\1[0-9]{3})*")
_SHORTENED = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>[kKmM]|mio|bn)(?P<rest>\s+[A-Z]{{3}})?", re.IGNORECASE)
_FACTORS = {"k": 1e3, "m": 1e6, "mio": 1e6, "bn": 1e9}
_CURRENCY_FIRST = re.compile(rf"(?P<currency>[A-Z]{{3}}|[$€£¥])\s*(?P<number>{_NUMBER})")
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_NOT_FINITE = re.compile(r"[+-]?\.?(nan|inf|infinity|infinite)|n/a|none|null|unlimited", re.IGNORECASE)

# a longer text is no number, and nothing that anybody meant as one
MAX_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and the unit that was written after it, empty where there was none."""

    number: float
    unit: str


def amount(text: str) -> Amount | None:
    """`57`, `57 days`, `42000 EUR`, `1.8x`; None where the text is nothing of that form."""
    found = _AMOUNT.fullmatch(text.strip()) if len(text) <= MAX_LENGTH else None
    return Amount(float(found["number"]), (found["unit"] or "").strip()) if found else None


def rewriting(text: str) -> str:
    """A hint for a text that looks like a number and is none; empty where it does not."""
    text = text.strip()
    if len(text) > MAX_LENGTH:
        return ""
    if _NOT_FINITE.fullmatch(text):
        return "leave the fact out, or write `unknown`"
    plain = written_out(text)
    if not plain:
        return ""
    if _SHORTENED.fullmatch(text):
        return f"write it out: {plain}"
    other = _as_decimal(text)
    return f"write {plain}, or {other} if the comma stands before decimals" if other else f"write {plain}"


def written_out(text: str) -> str:
    """`1,200 EUR`, `12k` and `$3000` in the form that can be read: `1200 EUR`, `12000`, `3000 USD`; empty for anything else."""
    if amount(text) is None and (found := _GROUPED.fullmatch(text)):
        return _regrouped(found["sign"], found["digits"], found["unit"])
    if found := _SHORTENED.fullmatch(text):
        number = float(found["number"]) * _FACTORS[found["unit"].lower()]
        return f"{number:.15g}{found['rest'] or ''}"
    if found := _CURRENCY_FIRST.fullmatch(text):
        return f"{found['number']} {_SYMBOLS.get(found['currency'], found['currency'])}"
    return ""


def _regrouped(sign: str, digits: str, unit: str) -> str:
    """The number with a point before its decimals and nothing between its digits; empty where it cannot be one."""
    if _THOUSANDS.fullmatch(digits):
        return f"{sign}{re.sub(r'[^0-9]', '', digits)}{unit}"
    whole, _, decimals = digits.replace(",", ".").rpartition(".")
    if not decimals.isdigit() or not (whole.isdigit() or _THOUSANDS.fullmatch(whole)):
        return ""
    return f"{sign}{re.sub(r'[^0-9]', '', whole)}.{decimals}{unit}"


def _as_decimal(text: str) -> str:
    """What `1,200` is where its comma stands before decimals; empty where it cannot stand there."""
    found = _GROUPED.fullmatch(text)
    if found is None or not _THOUSANDS.fullmatch(found["digits"]) or found["digits"].count(",") != 1:
        return ""
    return f"{found['sign']}{found['digits'].replace(',', '.').rstrip('0').rstrip('.')}{found['unit']}"


def shortened(text: str) -> str:
    """What a message quotes of a text: its beginning, on one line, in backticks."""
    line = " ".join(text.split())
    return f"`{line[:MAX_LENGTH]}...`" if len(line) > MAX_LENGTH else f"`{line}`"


def calendar_date(text: str) -> date | None:
    """A date of the form 2026-10-31 that exists; None for anything else."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def calendar_month(text: str) -> date | None:
    """The first day of a month of the form 2026-10; None for anything else."""
    found = _MONTH.fullmatch(text)
    return date(int(found["year"]), int(found["month"]), 1) if found and found["year"] != "0000" else None


def not_a_date(written: str, place: Span | None) -> Diagnostic:
    """A problem: what stands where a date should."""
    message = f"{shortened(written)} is not a date"
    return Diagnostic("not-a-date", message, place, "write it as year-month-day: 2026-10-31")


def in_the_future(day: date, as_of: date, place: Span | None) -> Diagnostic:
    """A problem: a date that nobody can know yet."""
    message = f"{day} lies after the evaluation date {as_of}"
    return Diagnostic("date-in-future", message, place, "correct the date, or evaluate as of a later day")

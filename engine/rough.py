"""Ranges and rough numbers as people write them, and what to write instead: `10 to 20 %`, `ca. 15%`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from .notation import MAX_LENGTH, amount, written_out

_UPTO = re.compile(
    r"\s*(?:[-\u2010-\u2015\u2212]|\.{2,}|\u2026|\b(?:to|up to|until|and|or|bis)\b)\s*|,\s+", re.IGNORECASE
)
_ABOUT = re.compile(
    r"(?:~|\u2248|(?:(?:ca|c|circa|about|around|approx|approximately|roughly|some|nearly|almost|est|estimated|between|from|say"
    r"|etwa|rund|ungef\u00e4hr|zwischen|von)\b\.?))\s*",
    re.IGNORECASE,
)
_MORE_OR_LESS = re.compile(r"\s*(?:\u00b1|\+\s*/\s*-)\s*")
_OR_MORE = re.compile(
    r"(?:[>\u2265]=?|(?:more than|over|above|at least|min)\b\.?)(?P<number>.*)|(?P<plus>.*[\w%])\s*\+", re.IGNORECASE
)
_OR_LESS = re.compile(
    r"(?:[<\u2264]=?|(?:less than|fewer than|under|below|at most|up to|max)\b\.?)(?P<number>.*)", re.IGNORECASE
)
_DIGITS = 20
_SPREAD = Decimal("0.2")
"""How wide the range is that is shown as an example around a rough number."""


@dataclass(frozen=True, slots=True)
class _Number:
    """A number exactly as it is written, and the unit behind it with what parts the two."""

    value: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.value:f}{self.unit}"


def instead(text: str, alone: bool, share: bool) -> str:
    """A hint for a text that is a range or a rough number; empty where it is neither.

    `alone` says whether a range may stand in its place, `share` that a bare number above 1 is meant in per cent.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH:
        return ""
    bare = _ABOUT.sub("", text, count=1) if _ABOUT.match(text) else text
    if found := _range(bare, share):
        both = _both(*found)
        return f"write {both}" if alone else f"write one number; a range stands alone, as {both}"
    if bare != text and (number := _number(bare)) is not None:
        return _rough(_shared(number, share), alone)
    return _open(text, alone, share)


def _both(low: object, high: object) -> str:
    return f"[{low}, {high}]"


def _shared(number: _Number, share: bool) -> _Number:
    """A share of 15 is one of 15 %."""
    return replace(number, unit="%") if share and not number.unit and 1 < number.value <= 100 else number


def _range(text: str, share: bool) -> tuple[_Number, _Number] | None:
    """Both ends of `10-20 %` or `15 ± 3`, each with the unit; None where it is no range."""
    if len(parts := _MORE_OR_LESS.split(text)) == 2:
        middle, spread = (_number(part) for part in parts)
        if middle is None or spread is None:
            return None
        unit = spread.unit or middle.unit
        ends = (_Number(middle.value - spread.value, unit), _Number(middle.value + spread.value, unit))
        return _between(*ends, share)
    for sign in _UPTO.finditer(text):
        # a sign at the beginning is that of the first number
        low, high = _number(text[: sign.start()]), _number(text[sign.end() :])
        if low is not None and high is not None:
            return _between(low, high, share)
    return None


def _between(low: _Number, high: _Number, share: bool) -> tuple[_Number, _Number] | None:
    """The two in order and in one unit, where they are that."""
    unit = _shared(high, share).unit or low.unit
    if low.value >= high.value or (low.unit and low.unit.strip() != unit.strip()):
        return None
    return _Number(low.value, unit), _Number(high.value, unit)


def _rough(number: _Number, alone: bool) -> str:
    if not alone or not number.value:
        return f"write the number itself: {number}"
    step = Decimal(1).scaleb(min(int(number.value.as_tuple().exponent), 0))
    wide = abs(number.value) * _SPREAD
    low = (number.value - wide).quantize(step, ROUND_FLOOR)
    high = (number.value + wide).quantize(step, ROUND_CEILING)
    if number.unit == "%" and number.value <= 100:
        high = min(high, Decimal(100))
    both = _both(_Number(low, number.unit), _Number(high, number.unit))
    return f"write the range in which it lies, such as {both}, or the number itself: {number}"


def _open(text: str, alone: bool, share: bool) -> str:
    """For `more than 15%`, of which nobody said how far it goes."""
    more, less = _OR_MORE.fullmatch(text), _OR_LESS.fullmatch(text)
    found = more or less
    number = _number(found["number"] or (more["plus"] if more else "") or "") if found is not None else None
    if number is None:
        return ""
    number = _shared(number, share)
    if not alone:
        return f"write the number itself: {number}"
    if more is not None:
        return f"write {_both(number, 'HIGHEST')}, with the highest that it can be in place of HIGHEST"
    return f"write {_both('LOWEST', number)}, with the lowest that it can be in place of LOWEST"


def _number(text: str) -> _Number | None:
    """`1,000 EUR` as it should be written; None where it is no number, or part of counts."""
    text = text.strip()
    plain = written_out(text) or text
    found = amount(plain)
    if found is None or found.unit.startswith("of "):
        return None
    before = plain[: len(plain) - len(found.unit)]
    digits = before.strip()
    if len(digits) > _DIGITS or "e" in digits.lower():
        return None
    blank = " " if found.unit and found.unit != "%" and before != digits else ""
    return _Number(Decimal(digits), f"{blank}{found.unit}")

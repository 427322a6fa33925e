"""How the dates of a column are written, from the shapes of its values: never guessed, shown or asked for.

A shape is a value in small letters with every digit as 9: `03/04/2024 14:30` is `99/99/9999 99:99`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

DAY_FIRST, MONTH_FIRST, ISO = "day-first", "month-first", "iso"
CAST, CAST_WITH_ZONE = "cast", "cast with zone"
"""What stands for a format where the database reads the notation by itself."""

_TIME = r"(?P<time>[ t]+9{1,2}:99(?P<seconds>:99(?P<fraction>[.,]9+)?)?(?P<half> ?[ap]m)?)?"
_ISO = re.compile(rf"9{{4}}(?P<sep>[-/.])9{{1,2}}(?P=sep)9{{1,2}}{_TIME}(?P<zone> ?z| ?utc| ?[+-]99:?(?:99)?)?")
_NUMERIC = re.compile(rf"9{{1,2}}(?P<sep>[./-])9{{1,2}}(?P=sep)(?P<year>9{{4}}|99),?{_TIME}")
_DAY_WORD = re.compile(rf"9{{1,2}}(?P<a>[ .-]+)(?P<word>[a-z]{{3,9}})(?P<b>[ .,-]+)(?P<year>9{{4}}|99),?{_TIME}")
_WORD_DAY = re.compile(rf"(?P<word>[a-z]{{3,9}})(?P<a>[ .-]+)9{{1,2}}(?P<b>[ ,-]+)(?P<year>9{{4}}),?{_TIME}")
_MONTHS = (
    (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ),
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
)
_MONTH_YEAR = re.compile(r"(?P<word>[a-z]{3,9})(?P<sep>[ /-]+)(?P<year>9{4}|99)")
_MONTH_FORMS = {"9999-99": "%Y-%m", "9999/99": "%Y/%m", "99/9999": "%m/%Y", "9/9999": "%m/%Y", "99.9999": "%m.%Y"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape, how many values have it, and one of them; the largest first and second number, each with the value that has it."""

    text: str
    count: int
    sample: str
    first: int | None = None
    first_sample: str = ""
    second: int | None = None
    second_sample: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What the numeric dates of a column show: one that can only be day-first, one that can only be month-first, one of any kind."""

    day_first: str = ""
    month_first: str = ""
    numeric: str = ""

    @property
    def shown(self) -> str:
        """The order that is shown; empty where none is, or both."""
        if bool(self.day_first) == bool(self.month_first):
            return ""
        return DAY_FIRST if self.day_first else MONTH_FIRST

    @property
    def is_mixed(self) -> bool:
        return bool(self.day_first and self.month_first)


def order_of(shapes: Iterable[Shape]) -> Order:
    """What shapes say of the order of day and month."""
    possible = [shape for shape in shapes if shape.first is not None or shape.second is not None]
    numeric = [shape for shape in possible if _NUMERIC.fullmatch(shape.text)]
    return Order(
        next((s.first_sample for s in numeric if s.first is not None and 12 < s.first < 32), ""),
        next((s.second_sample for s in numeric if s.second is not None and 12 < s.second < 32), ""),
        numeric[0].sample if numeric else "",
    )


def formats(shapes: Iterable[Shape], order: str, months: bool) -> tuple[str, ...]:
    """The formats in which the shapes are read, in the order in which they are tried. `months`: a month alone will do.

    Years of two digits come first: read as one of four, 26 would be a year of the Romans.
    """
    found = {form for shape in shapes for form in _formats(shape.text, order, months)}
    return tuple(sorted(found, key=lambda form: ("%y" not in form, form)))


def yearless(text: str) -> bool:
    """Whether a text, in small letters, is the name of a month and nothing else."""
    return bool(_word(text.rstrip(".")))


def _formats(shape: str, order: str, months: bool) -> Iterator[str]:
    if found := _ISO.fullmatch(shape):
        zone = (found["zone"] or "").strip()
        if found["half"]:
            return
        if found["sep"] == ".":
            yield f"%Y.%m.%d{_time(found)}"
        else:
            yield CAST_WITH_ZONE if zone not in ("", "z", "utc") else CAST
    elif shape == "99999999" and order != ISO:
        yield "%Y%m%d"
    elif found := _NUMERIC.fullmatch(shape):
        yield from _numeric(found, order)
    elif found := _DAY_WORD.fullmatch(shape):
        yield from _with_word(found, "%d{a}{word}{b}{year}{time}")
    elif found := _WORD_DAY.fullmatch(shape):
        yield from _with_word(found, "{word}{a}%d{b}{year}{time}")
    elif months:
        yield from _month(shape)


def _numeric(found: re.Match[str], order: str) -> Iterator[str]:
    if order in (DAY_FIRST, MONTH_FIRST):
        first, second = ("%d", "%m") if order == DAY_FIRST else ("%m", "%d")
        yield f"{first}{found['sep']}{second}{found['sep']}{_year(found)}{_comma(found)}{_time(found)}"


def _with_word(found: re.Match[str], form: str) -> Iterator[str]:
    word = _word(found["word"])
    if word:
        parts = {"a": found["a"], "b": found["b"], "word": word, "year": _year(found)}
        yield form.format(**parts, time=_comma(found) + _time(found))


def _month(shape: str) -> Iterator[str]:
    if shape in _MONTH_FORMS:
        yield _MONTH_FORMS[shape]
    elif (found := _MONTH_YEAR.fullmatch(shape)) and (word := _word(found["word"])):
        yield f"{word}{found['sep']}{_year(found)}"


def _word(word: str | None) -> str:
    """The format of an English name of a month; empty for any other word."""
    if word in _MONTHS[1]:
        return "%b"
    return "%B" if word in _MONTHS[0] else ""


def _year(found: re.Match[str]) -> str:
    return "%Y" if len(found["year"]) == 4 else "%y"


def _comma(found: re.Match[str]) -> str:
    begin = found.end("year")
    return "," if found.string[begin : begin + 1] == "," else ""


def _time(found: re.Match[str]) -> str:
    if not found["time"]:
        return ""
    lead = found["time"][: len(found["time"]) - len(found["time"].lstrip(" t"))]
    hour = "%I" if found["half"] else "%H"
    half = found["half"].replace("am", "%p").replace("pm", "%p") if found["half"] else ""
    fraction = ".%f" if found["fraction"] else ""
    seconds = ":%S" if found["seconds"] else ""
    return f"{lead.replace('t', 'T')}{hour}:%M{seconds}{fraction}{half}"

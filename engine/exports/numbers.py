"""How the numbers of a column are written, from the shapes of its values: decimal sign, groups, currency, percent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .dates import Shape

POINT, COMMA = ".", ","
SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY", "r$": "BRL", "us$": "USD", "c$": "CAD", "a$": "AUD", "zł": "PLN"}
DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN")
GROUPING = "' \u00a0\u202f\u2019"
_TOKEN = r"(?:[a-z]{3}|[a-z]{0,2}\$|[€£¥]|zł)"
_NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+−])?\s*(?P<before>{_TOKEN})?\s*(?P<inner>[-+−])?"
    rf"(?P<core>9[9.,{GROUPING}]*|[.,]9+)(?P<exponent>e[-+]?9+)?\s*(?P<percent>%)?\s*(?P<after>{_TOKEN})?\s*(?P<close>\))?"
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the shapes of a column show. `point`, `comma`, `either`: a sample whose decimal sign is that, or could be either."""

    point: str = ""
    comma: str = ""
    either: str = ""
    groups: frozenset[str] = frozenset()
    currencies: frozenset[str] = frozenset()
    percent: bool = False
    plain: bool = True
    unread: tuple[Shape, ...] = field(default=())

    @property
    def shown(self) -> str:
        """The decimal sign that is shown; empty where none is, or both."""
        if bool(self.point) == bool(self.comma):
            return ""
        return POINT if self.point else COMMA

    @property
    def is_mixed(self) -> bool:
        return bool(self.point and self.comma)


def numbers_of(shapes: Iterable[Shape]) -> Numbers:
    """What the shapes of the values of one column show."""
    shown = {POINT: "", COMMA: "", "": ""}
    groups: set[str] = set()
    tokens: set[str] = set()
    unread: list[Shape] = []
    plain, percent = True, False
    for shape in shapes:
        found = _NUMBER.fullmatch(shape.text)
        if found is None or bool(found["open"]) != bool(found["close"]):
            unread.append(shape)
            continue
        decimal, group = _decimal(found["core"].strip(GROUPING))
        if decimal is not None:
            shown[decimal] = shown[decimal] or shape.sample
        groups |= set(group)
        tokens |= {token for token in (found["before"], found["after"]) if token}
        percent = percent or bool(found["percent"])
        plain = plain and re.fullmatch(r"-?9+(\.9+)?(e[-+]?9+)?", shape.text) is not None
    return Numbers(
        shown[POINT], shown[COMMA], shown[""], frozenset(groups), frozenset(tokens), percent, plain, tuple(unread)
    )


def currency_of(token: str) -> str:
    """The code of what stands beside an amount; `$` for any of the dollars."""
    return "$" if token == "$" else SYMBOLS.get(token, token.upper())


def _decimal(core: str) -> tuple[str | None, str]:
    """The decimal sign that digits and signs show, empty where it could be either, None where they say nothing; the signs of groups."""
    signs = [sign for sign in core if sign != "9"]
    spaces = "".join(sorted({sign for sign in signs if sign in GROUPING}))
    marks = [sign for sign in signs if sign in ".,"]
    if not marks:
        return None, spaces
    if len(set(marks)) == 2:
        return (marks[-1], spaces + marks[0]) if marks.count(marks[-1]) == 1 else (None, spaces)
    mark = marks[0]
    first, *others = core.split(mark)
    grouped = not spaces and 1 <= len(first) <= 3 and all(len(other) == 3 for other in others)
    if len(marks) > 1:
        return (POINT if mark == COMMA else COMMA, mark) if grouped else (None, "")
    return ("", "") if grouped else (mark, spaces)

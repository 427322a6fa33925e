"""A new value as it is written: in a block, and in brackets, where more characters need quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..document import Plain
from ..formatting.spelling import spelled
from ..scalar import resolve

_NUMBER = re.compile(r"[-+.]?[0-9][\w.%+/-]*(?: [\w.%+/-]+)*")
"""A number, also with a unit, and a date: they begin with no letter and need no quotes."""


@dataclass(frozen=True, slots=True)
class Written:
    """A value: what it means, and how it is spelled in a block and in brackets."""

    value: Plain
    in_block: str
    in_flow: str

    @classmethod
    def text(cls, value: str) -> Written:
        """A text, in quotes where it needs them."""
        if _NUMBER.fullmatch(value) and resolve(value) == value:
            return cls(value, value, value)
        return cls(value, spelled(value, in_flow=False), spelled(value, in_flow=True))

    @classmethod
    def scalar(cls, given: str) -> Written:
        """What somebody typed: a number, a word, a percentage, as a file would be read."""
        value = resolve(given)
        return cls.text(given) if isinstance(value, str) else cls(value, given, given)

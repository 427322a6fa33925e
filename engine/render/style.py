"""Colour where it is wanted, and text that is safe to print."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain_text(text: str) -> str:
    """A text of a file without anything that a terminal would obey: controls and marks of writing direction become visible."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text.replace("\n", " ").replace("\t", " "))


@dataclass(frozen=True, slots=True)
class Style:
    """Terminal colours; none where colour is off."""

    colour: bool

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def dim(self, text: str) -> str:
        """For what is read second."""
        return self._paint(text, "2")

    def bold(self, text: str) -> str:
        """For what is read first."""
        return self._paint(text, "1")

    def answer(self, text: str, answer: str) -> str:
        """By answer: yes green, no red, anything open yellow."""
        codes = {"yes": "32", "no": "31", "unknown": "33", "too close to call": "33"}
        return self._paint(text, codes.get(answer, "1"))

"""Colour where it is wanted."""

from __future__ import annotations

from dataclasses import dataclass


def painted(text: str, code: str) -> str:
    """A text between the sequences of a terminal that begin a colour and end it; as it is where there is none of either."""
    return f"\x1b[{code}m{text}\x1b[0m" if text and code else text


@dataclass(frozen=True, slots=True)
class Style:
    """Terminal colours; none where colour is off."""

    colour: bool

    def _paint(self, text: str, code: str) -> str:
        return painted(text, code if self.colour else "")

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

    def change(self, line: str) -> str:
        """A line of a difference: what comes green, what goes red, where it is dim."""
        codes = {"+": "32", "-": "31", "@": "2"}
        return self._paint(line, codes.get(line[:1], ""))

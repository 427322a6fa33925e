"""How much room a text takes on a terminal: wide characters take two columns, combining marks none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

ELLIPSIS = "..."


def cell(character: str) -> int:
    """Columns of one character: 0, 1 or 2."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """Columns of a text."""
    return len(text) if text.isascii() else sum(map(cell, text))


def padded(text: str, columns: int, right: bool = False) -> str:
    """A text filled with blanks to a number of columns, on its left where it stands on the right."""
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks


def pieces(text: str, columns: int) -> Iterator[str]:
    """A text cut into pieces that fit."""
    piece, used = "", 0
    for character in text:
        if piece and used + cell(character) > columns:
            yield piece
            piece, used = "", 0
        piece += character
        used += cell(character)
    if piece:
        yield piece


def shortened(text: str, columns: int) -> str:
    """A text that fits, with dots where its end was cut off."""
    if width(text) <= columns:
        return text
    return next(pieces(text, columns - len(ELLIPSIS))).rstrip() + ELLIPSIS

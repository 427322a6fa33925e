"""Texts from files made safe to show: none of their characters moves a cursor, sets a colour or turns the direction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

T = TypeVar("T")

# Joiners are part of emoji and of several scripts, and move nothing.
_HARMLESS = frozenset("\u200c\u200d")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BLANKS = re.compile(r"[\s\x1c-\x1f\x85]+")


def is_hidden(character: str) -> bool:
    """Whether a character is a control, a direction mark or half of a pair: something that does not show itself."""
    return unicodedata.category(character) in _HIDDEN_CATEGORIES and character not in _HARMLESS


def visible(character: str) -> str:
    r"""A character as shown: a hidden one by its number, `\x1b` or `\u202e`."""
    if not is_hidden(character):
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def clean(text: str) -> str:
    """A text on one line: blanks and line ends become one blank, each hidden character is shown by its number."""
    line = _BLANKS.sub(" ", text).strip()
    return line if line.isprintable() else "".join(map(visible, line))


def cleaned(value: T) -> T:
    """A record with every text in it, however deep, made safe."""
    return cast("T", _cleaned(value))


def _cleaned(value: object) -> object:
    if type(value) is str:
        return clean(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(item) for item in value)
    if isinstance(value, Mapping):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _cleaned(getattr(value, f.name)) for f in fields(value)})
    return value

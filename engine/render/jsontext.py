"""Plain data as JSON for a terminal and for a file: what a terminal would obey stands in it as an escape of JSON."""

from __future__ import annotations

import json
from typing import TypeAlias

from .clean import is_hidden

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"


def json_text(value: Plain) -> str:
    """The text, keys in their order. A number that is not finite raises ValueError: it has to be put in words before."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2)
    return "".join(_escaped(character) for character in text) + "\n"


def _escaped(character: str) -> str:
    """A character as it may stand in JSON on a terminal: the line ends between the values stay."""
    if character == "\n" or not is_hidden(character):
        return character
    # beyond 16 bits JSON escapes a pair of halves
    return json.dumps(character)[1:-1]

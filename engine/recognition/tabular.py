"""Whether a text file can be an export at all: rows of two columns or more under a row that looks like headers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

from ..exports.delimited import HEADER_WITHIN, SEPARATORS
from ..exports.encodings import ENCODINGS, UTF_8, is_text, marked
from ..exports.prepared import matches
from .names import headers_sought

_HEAD = 64 * 1024
_BELOW = 20
"""So many rows below a header show whether it stands over a table."""
_LONGEST, _MOST_WORDS = 60, 7
"""Characters and words of a header; sentences are longer."""
_NO_HEADER = re.compile(r"[\d\W_]+|.*[{}<>=;].*|.*://|.*@.*\.|/.*|.*:.*:|\d+[./-]\d+.*", re.DOTALL)
"""Numbers, dates, addresses, paths, and what programs write."""
_LETTER = re.compile(r"[^\W\d_]")


def why_no_table(path: Path) -> str:
    """Why a text file is no table, as it follows its name; empty where it may be one, or cannot be read as text at all."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    mark = marked(head)
    if not head.strip() or (b"\0" in head and not mark):
        return ""
    # how letters beyond ASCII are written changes no column
    text = head.decode(ENCODINGS[mark or (UTF_8 if is_text(head) else "windows-1252")], "replace")
    tables = [[*_rows(text, separator)] for separator in SEPARATORS]
    if any(_is_table(rows) for rows in tables):
        return ""
    if all(_filled(row) < 2 for rows in tables for row in rows):
        return "has one column only, and a table has two or more"
    return "has no row that looks like headers over rows with as many values"


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    for _ in range(HEADER_WITHIN + _BELOW):
        try:
            yield next(reader)
        except (StopIteration, csv.Error):
            return


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether there is a row of headers, and no more rows above it than below."""
    found = [row for row in rows if _filled(row)]
    return any(
        _heads(row, found[number + 1 : number + 1 + _BELOW])
        for number, row in enumerate(found[:HEADER_WITHIN])
        if len(found) - number - 1 >= min(number, _BELOW)
    )


def _heads(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row is one of headers, and most of those below it have as many values."""
    if _filled(row) < 2:
        return False
    known = matches(row, headers_sought()) > 1
    as_many = sum(len(one) == len(row) for one in below)
    filled = sum(_filled(one) > 1 for one in below)
    least = 0.5 if known else 0.8
    return (known or _looks_like_headers(row)) and as_many >= least * len(below) and filled >= 0.5 * len(below)


def _looks_like_headers(row: Sequence[str]) -> bool:
    names = [value.strip() for value in row if value.strip()]
    said = [name for name in names if _is_header(name)]
    return len(set(names)) == len(names) >= 0.5 * len(row) and len(said) >= max(2, 0.7 * len(names))


def _is_header(value: str) -> bool:
    return (
        len(value) <= _LONGEST
        and len(value.split()) <= _MOST_WORDS
        and bool(_LETTER.search(value))
        and not _NO_HEADER.fullmatch(value)
    )


def _filled(row: Sequence[str]) -> int:
    return sum(bool(value.strip()) for value in row)

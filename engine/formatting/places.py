"""Where things stand in a text: offsets of the spans that the reader keeps, and the comments between the values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..diagnostics import Span
from ..document import Fields, Items, Node
from .spelling import anchor_of
from .tree import Comment

_COMMENT = re.compile(r"#[^\n]*")
_NO_TOKEN = re.compile(r"(?:\s|#[^\n]*)*")
_ALIAS = re.compile(r"\*[^\s,\[\]{}]+")
_BEGINNING = re.compile(r"[ \t]*(?:- +)*")
_DASH = re.compile(r"#[^\n]*|-")


def beginning(line: str) -> int:
    """Where what is said on a line begins, behind blanks and the dashes of lists."""
    found = _BEGINNING.match(line)
    return found.end() if found else 0


@dataclass(frozen=True, slots=True)
class Places:
    r"""A text whose lines end in `\n`, and the offset of each of its lines."""

    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Places:
        """The places of a text."""
        return cls(text, (0, *(found.end() for found in re.finditer("\n", text))))

    def start(self, span: Span) -> int:
        return self._offset(span.line, span.column)

    def end(self, span: Span) -> int:
        return self._offset(span.end_line, span.end_column)

    def written(self, span: Span) -> str:
        return self.text[self.start(span) : self.end(span)]

    def column(self, offset: int) -> int:
        return offset - (self.text.rfind("\n", 0, offset) + 1)

    def _offset(self, line: int, column: int) -> int:
        return min(self.starts[line - 1] + column - 1, len(self.text)) if line <= len(self.starts) else len(self.text)

    def mapping_column(self, node: Fields) -> int:
        """The column of the keys of a block, or of the question marks before them."""
        start = self.content(node.span)
        return self.column(start if self.text[start] == "?" else self.start(next(iter(node.keys.values()))))

    def token(self, offset: int) -> int:
        """The next character from an offset on that is neither blank nor part of a comment; outside of values."""
        found = _NO_TOKEN.match(self.text, offset)
        return found.end() if found else offset

    def dash(self, offset: int) -> int:
        """The next dash from an offset on that is not in a comment; outside of values."""
        return next((hit.start() for hit in _DASH.finditer(self.text, offset) if hit[0] == "-"), offset)

    def comments(self, start: int, end: int) -> Iterator[tuple[int, Comment]]:
        """The comments between two offsets that have no value between them, each with its offset."""
        for found in _COMMENT.finditer(self.text, start, end):
            line = self.text[found.start() - self.column(found.start()) : found.start()]
            yield found.start(), Comment(found[0].rstrip(), len(line) - beginning(line))

    def content(self, span: Span) -> int:
        """Where a value begins behind its anchor, if it has one."""
        start = self.start(span)
        end = self.end(span)
        anchor = anchor_of(self.text[start:end])
        return min(self.token(start + len(anchor)), end) if anchor else start


def is_alias(places: Places, node: Node) -> bool:
    """Whether a node repeats another by its name."""
    return _ALIAS.fullmatch(places.text, places.start(node.span), places.end(node.span)) is not None


def comments_of(text: str, root: Node) -> tuple[str, ...]:
    """The text of every comment, found by taking out the values: independent of how comments are assigned to entries."""
    return tuple(comment for _, comment in placed_comments(Places.of(text), root))


def placed_comments(places: Places, root: Node) -> Iterator[tuple[int, str]]:
    """The text of every comment, and its offset."""
    at = 0
    for start, end in (*sorted(_values(places, root)), (len(places.text), len(places.text))):
        yield from ((offset, comment.text) for offset, comment in places.comments(at, start))
        at = max(at, end)


def _values(places: Places, node: Node) -> Iterator[tuple[int, int]]:
    """The offsets of every scalar, alias and key."""
    if isinstance(node, Fields) and not is_alias(places, node):
        for key, child in node.fields.items():
            yield _extent(places, node.keys[key])
            yield from _values(places, child)
    elif isinstance(node, Items) and not is_alias(places, node):
        for child in node.items:
            yield from _values(places, child)
    else:
        yield from _pieces(places, node.span)


def _extent(places: Places, span: Span) -> tuple[int, int]:
    return places.content(span), places.end(span)


def _pieces(places: Places, span: Span) -> Iterator[tuple[int, int]]:
    """The header and the lines of a block text are two: a comment may stand between them."""
    start, end = _extent(places, span)
    if places.text[start : start + 1] not in ("|", ">") or start == end:
        yield start, end
        return
    header = re.compile(r"[|>][-+1-9]*").match(places.text, start)
    yield start, header.end() if header else start
    body = places.text.find("\n", start) + 1 or end
    yield min(body, end), end

"""From a document and its text to the tree of what is written, every comment assigned to what it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..diagnostics import Span
from ..document import Fields, Items, Node, Value
from ..textfile import refuse
from .places import Places, is_alias
from .spelling import anchor_of, block_text, canonical, folded
from .tree import Block, Comment, Entry, Flow, FlowItem, Lines, Scalar, Step, Tree, hoisted

_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_MARKER = re.compile(r"(?:%[^\n]*\n|\s|#[^\n]*)*---(?=\s|$)")


def tree_of(text: str, root: Node) -> Tree:
    r"""The tree of a document; its lines end in `\n`. Raises LoadError for a key over several lines."""
    return _Reader(Places.of(text)).document(root)


@dataclass(frozen=True, slots=True)
class _Inline:
    """A value that is no block; the comments before it, one that may stand behind it, and whether it began on a line of its own."""

    value: Scalar | Flow
    between: tuple[Comment, ...]
    beside: Comment | None
    apart: bool


class _Reader:
    """Goes through a text once; `at` is the offset up to which everything has been taken."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.text = places.text
        self.at = 0

    def document(self, root: Node) -> Tree:
        marker = _MARKER.match(self.text)
        before = self._lines(marker.end()) if marker else ()
        above = () if self._is_block(root) else self._lines(self.places.start(root.span))
        entry = self._entry(Entry("", "", Scalar(("",)), above), root, -1)
        head, entry = _with_head(entry)
        return Tree((*before, *head), entry, _without_last_blank(self._lines(len(self.text))))

    # ---- what stands between values

    def _lines(self, target: int) -> Lines:
        """The comments up to an offset, a blank line as None."""
        found: list[Comment | None] = []
        for offset, comment in self.places.comments(self.at, target):
            found += [None] if self._blank_before(offset) else []
            found.append(comment)
            self.at = offset + len(comment.text)
        found += [None] if self._blank_before(target) else []
        self.at = target
        return tuple(found)

    def _blank_before(self, offset: int) -> bool:
        return _BLANK_LINE.search(self.text, self.at, offset) is not None

    def _line_end(self) -> int:
        end = self.text.find("\n", self.at)
        return end if end >= 0 else len(self.text)

    def _beside(self) -> Comment | None:
        """The comment on the rest of the line; nothing else may stand there."""
        for offset, comment in self.places.comments(self.at, self._line_end()):
            self.at = offset + len(comment.text)
            return comment
        return None

    def _beside_before(self, limit: int) -> Comment | None:
        """The comment on the rest of the line, where a value begins further down."""
        return self._beside() if self._line_end() < limit else None

    def _below(self, column: int) -> Lines:
        """The comment lines behind the last entry of a block that are indented like it, or more."""
        end = self.at
        for offset, comment in self.places.comments(self.at, self.places.token(self.at)):
            if self.places.column(offset) < column:
                break
            end = offset + len(comment.text)
        return self._lines(end)

    # ---- blocks

    def _is_block(self, node: Node) -> bool:
        if isinstance(node, Value) or is_alias(self.places, node):
            return False
        return self.text[self.places.content(node.span)] not in "{["

    def _entry(self, entry: Entry, child: Node, column: int) -> Entry:
        """An entry with its value; everything up to the colon or the dash has been taken. `column` is that of its block."""
        if self._is_block(child):
            return self._with_block(entry, child, column)
        inline = self._inline(child, column)
        beside = self._beside()
        if beside is None:
            between, beside = inline.between, inline.beside
        else:
            between = (*inline.between, *filter(None, (inline.beside,)))
        above = (*entry.above, *between)
        begin = self.places.start(child.span)
        on_line = not inline.apart and begin < self.places.end(child.span)
        start = self.places.column(begin) - column if on_line else 0
        return replace(entry, value=inline.value, above=above, beside=beside, apart=inline.apart, start=start)

    def _with_block(self, entry: Entry, child: Node, column: int) -> Entry:
        anchor = self._own_anchor(child)
        compact = not anchor and not entry.key
        beside = None if compact else self._beside_before(self.places.content(child.span))
        block = self._block(child, anchor, column)
        found = replace(entry, value=block, beside=beside)
        return hoisted(found) if compact and column >= 0 else found

    def _own_anchor(self, node: Node) -> str:
        start = self.places.start(node.span)
        if isinstance(node, Fields) and start == self.places.start(next(iter(node.keys.values()))):
            return ""  # the anchor is that of the first key
        return anchor_of(self.text[start:])

    def _block(self, node: Node, anchor: str, parent: int) -> Block:
        if isinstance(node, Fields):
            column = self.places.mapping_column(node)
            entries = tuple(self._mapping_entries(node, column))
            return Block(True, entries, self._below(column), anchor)
        column = self.places.column(self.places.dash(self.at if not anchor else self.places.content(node.span)))
        entries = tuple(self._sequence_entries(node, column))
        # a list that is not indented shares its column with the keys around it: comments there are theirs
        return Block(False, entries, self._below(column + (column == parent)), anchor)

    def _mapping_entries(self, node: Fields, column: int) -> Iterator[Entry]:
        for key, child in node.fields.items():
            above = self._lines(self.places.start(node.keys[key]))
            written = self._key(key, node.keys[key])
            yield self._entry(Entry(key, written, Scalar(("",)), above), child, column)

    def _sequence_entries(self, node: Node, column: int) -> Iterator[Entry]:
        for number, child in enumerate(node.items if isinstance(node, Items) else ()):
            above = self._lines(self.places.dash(self.at))
            self.at += 1
            yield self._entry(Entry(number, "", Scalar(("",)), above), child, column)

    def _key(self, key: str, span: Span) -> str:
        written = self.places.written(span)
        if "\n" in written:
            hint = "write the key on one line, or leave the file as it is"
            refuse("cannot-format", "a key over several lines has no canonical form", span, hint)
        self.at = self.places.end(span)
        return canonical(written, key)

    # ---- values

    def _inline(self, node: Node, column: int) -> _Inline:
        start, content = self.places.start(node.span), self.places.content(node.span)
        found = tuple(self.places.comments(self.at, content))
        apart = "\n" in self.text[self.at : content]
        behind_key = self.at > 0 and len(found) == 1 and found[0][0] < self._line_end()
        anchor = anchor_of(self.text[start : self.places.end(node.span)])
        self.at = content
        value, beside = self._written(node, column)
        between = tuple(comment for _, comment in found)
        if behind_key and beside is None:
            beside, between = between[0], between[1:]
        return _Inline(replace(value, anchor=f"{anchor} " if anchor else ""), between, beside, apart)

    def _written(self, node: Node, column: int) -> tuple[Scalar | Flow, Comment | None]:
        """A value, and the comment behind the header of a block text."""
        end = self.places.end(node.span)
        written = self.text[self.at : end]
        if not isinstance(node, Value) and not written.startswith("*"):
            return self._flow(node), None
        if written[:1] in ("|", ">"):
            return self._block_text(written, column)
        self.at = end
        if "\n" in written:
            return Scalar(folded(written)), None
        return Scalar((canonical(written, node.value if isinstance(node, Value) else None),)), None

    def _block_text(self, written: str, column: int) -> tuple[Scalar, Comment | None]:
        told = block_text(written, column)
        comment = self._beside()
        self.at = self._line_end()
        for _ in told.lines:
            self.at = self._line_end_after(self.at)
        return Scalar(told.lines, block=told.header, explicit=told.explicit), comment

    def _line_end_after(self, line_end: int) -> int:
        end = self.text.find("\n", line_end + 1)
        return end if end >= 0 else len(self.text)

    def _flow(self, node: Node) -> Flow:
        bracket = self.text[self.at] in "{["
        self.at += bracket
        items: list[FlowItem] = []
        for step, span, child in _parts(node):
            start = self.places.start(span or child.span)
            breaks = "\n" in self.text[self.at : start]
            above = self._given_away(items, start)
            items.append(self._flow_item(step, span, child, breaks, above))
        end = self.places.end(node.span) - bracket
        closes = "\n" in self.text[self.at : end]
        tail = self._given_away(items, end)
        self.at = end + bracket
        return Flow(isinstance(node, Fields), tuple(items), tail, closes)

    def _given_away(self, items: list[FlowItem], target: int) -> tuple[Comment, ...]:
        """The comments up to an offset; one on the line of the last item has been given to it."""
        line_end = self.text.find("\n", self.at)
        found = list(self.places.comments(self.at, target))
        if items and found and (found[0][0] < line_end or line_end < 0):
            items[-1] = replace(items[-1], beside=found.pop(0)[1])
        self.at = target
        return tuple(comment for _, comment in found)

    def _flow_item(
        self, step: Step, span: Span | None, child: Node, breaks: bool, above: tuple[Comment, ...]
    ) -> FlowItem:
        key, colon, behind = "", False, self.at
        if span is not None:
            key = self._key(str(step), span)
            behind = self.at
        inline = self._inline(child, 0)
        if span is not None:
            gap = self.text[behind : self.places.start(child.span)]
            colon = ":" in re.sub(r"#[^\n]*", "", gap)
        comments = (*above, *inline.between, *filter(None, (inline.beside,)))
        return FlowItem(step, key, colon, inline.value, comments, None, breaks)


def _parts(node: Node) -> Iterator[tuple[Step, Span | None, Node]]:
    if isinstance(node, Fields):
        yield from ((key, node.keys[key], child) for key, child in node.fields.items())
    elif isinstance(node, Items):
        yield from ((number, None, child) for number, child in enumerate(node.items))


def _with_head(root: Entry) -> tuple[Lines, Entry]:
    """The comments on top of the file, and the root without them: all up to the last blank line before the first key."""
    block = root.value
    if not isinstance(block, Block):
        return root.above, replace(root, above=())
    first, *others = block.entries
    blank = max((place for place, line in enumerate(first.above) if line is None), default=len(first.above) - 1)
    head, above = first.above[: blank + 1], first.above[blank + 1 :]
    kept = replace(block, entries=(replace(first, above=above), *others))
    return head if any(head) else (), replace(root, value=kept)


def _without_last_blank(lines: Lines) -> Lines:
    return lines[:-1] if lines and lines[-1] is None else lines

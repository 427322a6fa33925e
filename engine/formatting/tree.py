"""A document as it is written: keys, values and comments in their places, for printing again.

Every comment belongs to one entry or to the end of one collection: comment lines above a key or a dash to what follows,
a comment behind a value to that value, comment lines behind the last entry of a block, indented like it, to the block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment from its `#` on, without blanks at its end; `behind` is by how many columns it began behind its line."""

    text: str
    behind: int


Lines: TypeAlias = tuple[Comment | None, ...]
"""Comment lines; None is a blank line."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar or an alias. `lines` is its text without the indentation; `anchor` ends in a blank where there is one.

    `block` is the header of a block text, whose lines then keep their indentation relative to the text's own, and
    `explicit` is the number of columns that the header itself gives, 0 where it gives none.
    """

    lines: tuple[str, ...]
    anchor: str = ""
    block: str = ""
    explicit: int = 0


@dataclass(frozen=True, slots=True)
class FlowItem:
    """An entry of `{…}` or an item of `[…]`. `breaks`: it begins a line."""

    step: Step
    key: str
    colon: bool
    value: Scalar | Flow
    above: tuple[Comment, ...]
    beside: Comment | None
    breaks: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """A collection in brackets; `tail` are the comments behind its last entry, `closes` says that the bracket begins a line."""

    is_mapping: bool
    items: tuple[FlowItem, ...]
    tail: tuple[Comment, ...]
    closes: bool
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key or a dash of a block, with its value.

    `apart`: the value began on a line of its own; else `start` is by how many columns it began behind the beginning of its key.
    """

    step: Step
    key: str
    value: Part
    above: Lines = ()
    beside: Comment | None = None
    apart: bool = False
    start: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A collection by indentation; `below` are the comment lines behind its last entry."""

    is_mapping: bool
    entries: tuple[Entry, ...]
    below: Lines = ()
    anchor: str = ""


Part: TypeAlias = Scalar | Flow | Block


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole document. `head` are the comments on top of the file, which stay there; `tail` what follows all; `root` has no key."""

    head: Lines
    root: Entry
    tail: Lines = ()


def hoisted(entry: Entry) -> Entry:
    """An item whose value begins on the line of its dash: what stands above that stands above the dash."""
    block = entry.value
    if entry.key or not isinstance(block, Block) or block.anchor:
        return entry
    first, *others = block.entries
    comments = tuple(comment for comment in first.above if comment is not None)
    entries = (replace(first, above=()), *others)
    return replace(entry, value=replace(block, entries=entries), above=(*entry.above, *comments))


@dataclass(frozen=True, slots=True)
class Note:
    """Something of a document that is not data: a comment, an anchor or an alias, and the path of what it belongs to."""

    path: Path
    text: str


def notes(tree: Tree) -> Iterator[Note]:
    """Every comment, anchor and alias, in the order of the file. Comments on top of the file have the path of the first key."""
    block = tree.root.value
    first: Path = (block.entries[0].step,) if isinstance(block, Block) else ()
    yield from _comments(tree.head, first)
    yield from _entry(tree.root, ())
    yield from _comments(tree.tail, ())


def paths(tree: Tree) -> Iterator[Path]:
    """The path of every entry, in the order of the file."""
    yield from _paths(tree.root.value, ())


def _paths(value: Part, path: Path) -> Iterator[Path]:
    if not isinstance(value, Scalar):
        for entry in value.items if isinstance(value, Flow) else value.entries:
            inner = (*path, entry.step)
            yield inner
            yield from _paths(entry.value, inner)


def has_anchors(tree: Tree) -> bool:
    """Whether a value is repeated by its name somewhere, or could be."""
    return any(note.text[0] in "&*" for note in notes(tree))


def _comments(lines: Lines, path: Path) -> Iterator[Note]:
    return (Note(path, comment.text) for comment in lines if comment is not None)


def _entry(entry: Entry, path: Path) -> Iterator[Note]:
    yield from _comments(entry.above, path)
    yield from _named(entry.key, path)
    if not isinstance(entry.value, Block):
        yield from _flowing(entry.value, path)
        yield from _comments((entry.beside,), path)
        return
    yield from _comments((entry.beside,), path)
    yield from _named(entry.value.anchor, path)
    for inner in entry.value.entries:
        yield from _entry(inner, (*path, inner.step))
    yield from _comments(entry.value.below, path)


def _flowing(value: Scalar | Flow, path: Path) -> Iterator[Note]:
    yield from _named(value.anchor, path)
    if isinstance(value, Scalar):
        yield from _named("" if value.block else value.lines[0], path)
        return
    for item in value.items:
        inner = (*path, item.step)
        yield from _comments(item.above, inner)
        yield from _named(item.key, inner)
        yield from _flowing(item.value, inner)
        yield from _comments((item.beside,), inner)
    yield from _comments(value.tail, path)


def _named(text: str, path: Path) -> Iterator[Note]:
    if text[:1] in ("&", "*"):
        yield Note(path, text.split(maxsplit=1)[0])

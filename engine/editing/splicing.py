r"""An entry written into a text or taken out of it, in the style of the file; every other byte stays.

A text is edited where the spans of its document say; each step reads the text anew. Lines end in `\n`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ..document import Fields, Items, Node, Value, parse
from ..formatting.order import key_order
from ..formatting.places import Places, placed_comments
from ..formatting.printing import INDENT, LIMIT
from .spelled import Written

Content = Mapping[str, "Written | Content"]
"""What an entry holds: values, or further entries."""


@dataclass(frozen=True, slots=True)
class Item:
    """A step of a path: the item of a list with an id."""

    name: str


Path = Sequence[str | Item]


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its document, and what they are called in messages."""

    name: str
    text: str
    root: Node
    places: Places

    @classmethod
    def of(cls, text: str, name: str) -> Document:
        """A text, read. Raises LoadError."""
        return cls(name, text, parse(text, name), Places.of(text))

    def changed(self, start: int, end: int, new: str) -> Document:
        """With the part between two offsets replaced."""
        return Document.of(self.text[:start] + new + self.text[end:], self.name)

    def is_flow(self, node: Node) -> bool:
        return self.text[self.places.content(node.span)] in "{["

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """The offset behind the line in which an offset lies; that of a block text's end is behind its last line already."""
        if offset and self.text[offset - 1] == "\n":
            return offset
        end = self.text.find("\n", offset)
        return end + 1 if end >= 0 else len(self.text)


def find(root: Node, path: Path) -> Node | None:
    """The node at a path; None where there is none."""
    node: Node | None = root
    for step in path:
        node = _child(node, step)
    return node


def _child(node: Node | None, step: str | Item) -> Node | None:
    if isinstance(node, Fields) and isinstance(step, str):
        return node.fields.get(step)
    if isinstance(node, Items) and isinstance(step, Item):
        return next((item for item in node.items if _has_id(item, step.name)), None)
    return None


def _has_id(node: Node, name: str) -> bool:
    found = node.fields.get("id") if isinstance(node, Fields) else None
    return isinstance(found, Value) and found.value == name


# ---- writing


def with_fields(document: Document, kind: str, path: Path, fields: Mapping[str, Written]) -> Document:
    """The document with values written into the entry at a path; what is missing on the way is made."""
    if find(document.root, path) is None:
        depth = max(n for n in range(len(path)) if find(document.root, path[:n]) is not None)
        return _with_new(document, kind, path, depth, fields)
    for key, value in fields.items():
        entry = find(document.root, path)
        if isinstance(entry, Fields) and key in entry.fields:
            document = _with_value(document, entry, key, value)
        else:
            document = _with_key(document, kind, path, key, value)
    return document


def _with_value(document: Document, entry: Fields, key: str, value: Written) -> Document:
    old = entry.fields[key]
    start, end = document.places.start(old.span), document.places.end(old.span)
    text = value.in_flow if document.is_flow(entry) else value.in_block
    if start == end:
        return document.changed(start, end, f" {text}")
    if document.text[start] in "|>":
        # a block text ends with its line
        end = len(document.text[:end].rstrip("\n"))
    return document.changed(start, end, text)


def _with_new(document: Document, kind: str, path: Path, depth: int, fields: Mapping[str, Written]) -> Document:
    """The document with the entry at a path, of which only the first `depth` steps are there."""
    content: Content = fields
    for step in reversed(path[depth + 1 :]):
        # the only list on a way is the one that is made with its first item
        content = {"": {"id": Written.text(step.name), **content}} if isinstance(step, Item) else {step: content}
    step = path[depth]
    if isinstance(step, Item):
        return _with_item(document, path[:depth], {"id": Written.text(step.name), **content})
    return _with_key(document, kind, path[:depth], step, content)


def _with_key(document: Document, kind: str, path: Path, key: str, content: Written | Content) -> Document:
    """The document with another key in the mapping at a path, behind those that come before it in canonical order."""
    parent = find(document.root, path)
    assert isinstance(parent, Fields)
    before = _key_before(parent, key_order(kind, document.root, [s if isinstance(s, str) else 0 for s in path]), key)
    if document.is_flow(parent):
        return _with_flow_key(document, parent, before, key, content)
    column = document.places.mapping_column(parent)
    lines = "".join(f"{line}\n" for line in _lines(key, content, column, _siblings_are_blocks(document, parent)))
    if before is None:
        at = document.line_start(document.places.start(next(iter(parent.keys.values()))))
    else:
        at = document.line_end(document.places.end(parent.fields[before].span))
    return _with_lines(document, at, lines, is_section=not path and not isinstance(content, Written))


def _key_before(parent: Fields, order: Sequence[str], key: str) -> str | None:
    """The key behind which a new one goes: the last, where the schema gives no order."""
    if key not in order:
        return list(parent.fields)[-1] if parent.fields else None
    earlier = [other for other in parent.fields if other in order[: order.index(key)]]
    return earlier[-1] if earlier else None


def _with_flow_key(
    document: Document, parent: Fields, before: str | None, key: str, content: Written | Content
) -> Document:
    entry = f"{key}: {_flow(content)}"
    if before is not None:
        at = document.places.end(parent.fields[before].span)
        return document.changed(at, at, f", {entry}")
    at = document.places.content(parent.span) + 1
    return document.changed(at, at, f"{entry}, " if parent.fields else entry)


def _with_item(document: Document, path: Path, content: Content) -> Document:
    """The document with another item at the end of a list."""
    parent = find(document.root, path)
    assert isinstance(parent, Items)
    last = parent.items[-1] if parent.items else None
    if document.is_flow(parent):
        at = document.places.end(last.span) if last else document.places.content(parent.span) + 1
        return document.changed(at, at, f"{', ' if last else ''}{_flow(content)}")
    assert last is not None
    column = document.places.column(document.places.dash(document.places.start(parent.span)))
    at = document.line_end(document.places.end(last.span))
    return _with_lines(document, at, f"{'':{column}}- {_flow(content)}\n", is_section=False)


def _with_lines(document: Document, at: int, lines: str, is_section: bool) -> Document:
    """The document with lines put in; a section of the top level has blank lines around it."""
    before, after = document.text[:at], document.text[at:]
    if before and not before.endswith("\n"):
        before += "\n"
    if is_section:
        before += "" if before.endswith("\n\n") or not before else "\n"
        lines += "" if not after.strip() or after.startswith("\n") else "\n"
    return Document.of(before + lines + after, document.name)


def _siblings_are_blocks(document: Document, parent: Fields) -> bool:
    """Whether the last entry of a mapping is a block of lines: a new one is then written like it."""
    last = list(parent.fields.values())[-1] if parent.fields else None
    return isinstance(last, Fields) and not document.is_flow(last)


def _lines(key: str, content: Written | Content, column: int, as_block: bool) -> list[str]:
    """An entry as lines: values in brackets where there is room and nothing beside them is written otherwise."""
    start = " " * column + f"{key}:"
    if isinstance(content, Written):
        return [f"{start} {content.in_block}"]
    flow = f"{start} {_flow(content)}"
    if _is_leaf(content) and not as_block and len(flow) <= LIMIT:
        return [flow]
    if "" in content:
        return [start, f"{'':{column + INDENT}}- {_flow(content[''])}"]
    inner = [line for name, part in content.items() for line in _lines(name, part, column + INDENT, as_block=False)]
    return [start, *inner]


def _is_leaf(content: Content) -> bool:
    """Whether there are only values in it, and they are those of a parameter or a test."""
    return all(isinstance(part, Written) for part in content.values()) and not content.keys() & {"weight"}


def _flow(content: Written | Content) -> str:
    if isinstance(content, Written):
        return content.in_flow
    if "" in content:
        return f"[{_flow(content[''])}]"
    return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in content.items()) + "}"


# ---- taking out


def without(document: Document, path: Path, keys: Sequence[str] | None) -> Document:
    """The document without some keys of the entry at a path, or with None without the entry, and without what is empty then."""
    entry = find(document.root, path)
    if keys is None or (isinstance(entry, Fields) and not set(entry.fields) - {*keys, "id"}):
        return _without_entry(document, path)
    for key in keys:
        if find(document.root, [*path, key]) is not None:
            document = _without_entry(document, [*path, key])
    return document


def _without_entry(document: Document, path: Path) -> Document:
    """The document without what stands at a path, and without the collections that held nothing else.

    It takes the comments on its own lines with it; those of the emptied collections stay.
    """
    parent, begin, end = _extent(document, path)
    own = (begin, end if document.is_flow(parent) else document.line_end(end))
    while len(_children(parent)) == 1 and len(path) > 1:
        path = path[:-1]
        parent, begin, end = _extent(document, path)
    if document.is_flow(parent):
        return _without_flow(document, begin, end, _kept(document, begin, end, own))
    stop = document.line_end(end)
    kept = _kept(document, begin, stop, own)
    if isinstance(parent, Fields) and _shares_line_with_dash(document, parent, begin):
        return _without_behind_dash(document, parent, stop, kept)
    return _without_lines(document, begin, stop, kept)


def _children(node: Node) -> Collection[object]:
    return node.fields if isinstance(node, Fields) else node.items if isinstance(node, Items) else ()


def _kept(document: Document, begin: int, stop: int, own: tuple[int, int]) -> tuple[str, ...]:
    """The comments between two offsets, less those of the entry that is taken out."""
    found = placed_comments(document.places, document.root)
    return tuple(text for offset, text in found if begin <= offset < stop and not own[0] <= offset < own[1])


def _without_lines(document: Document, begin: int, stop: int, kept: Sequence[str]) -> Document:
    """The document without whole lines, and with one of the two blank lines around them."""
    start = document.line_start(begin)
    left = "".join(f"{'':{document.places.column(begin)}}{comment}\n" for comment in kept)
    blank_before = start == 0 or document.text[:start].endswith("\n\n")
    if not left and blank_before and (stop == len(document.text) or document.text[stop] == "\n"):
        start = max(0, start - 1)
    return document.changed(start, stop, left)


def _shares_line_with_dash(document: Document, parent: Fields, begin: int) -> bool:
    """Whether a key is the first of an item of a list, behind its dash."""
    first = document.places.content(parent.span)
    before = document.text[document.line_start(first) : first]
    return begin == document.places.start(next(iter(parent.keys.values()))) and "-" in before


def _without_behind_dash(document: Document, parent: Fields, stop: int, kept: Sequence[str]) -> Document:
    """The document without the first key of an item: the next key moves up behind the dash, unless comments stand before it."""
    first, column = document.places.content(parent.span), document.places.mapping_column(parent)
    following = document.places.token(stop)
    if not kept and "#" not in document.text[stop:following]:
        return document.changed(first, following, "")
    left = "".join(f"{'':{column}}{comment}\n" for comment in kept)
    return document.changed(first, stop, f"\n{left}")


def _extent(document: Document, path: Path) -> tuple[Node, int, int]:
    """What something stands in, and from the beginning of its key or dash to the end of its value."""
    parent, found, step = find(document.root, path[:-1]), find(document.root, path), path[-1]
    assert parent is not None
    assert found is not None
    end = document.places.end(found.span)
    if isinstance(parent, Fields) and isinstance(step, str):
        return parent, document.places.start(parent.keys[step]), end
    start = document.places.start(found.span)
    return parent, (start if document.is_flow(parent) else document.text.rfind("-", 0, start)), end


def _without_flow(document: Document, start: int, end: int, kept: Sequence[str]) -> Document:
    """The document without a part of a collection in brackets and the comma behind it, or before it where it is the last."""
    text, comma = document.text, document.places.token(end)
    left = "".join(f" {comment}\n{'':{document.places.column(start)}}" for comment in kept)
    if text[comma] == ",":
        between = text[end:comma] if "#" in text[end:comma] else ""
        behind = comma + 1 + len(text[comma + 1 :]) - len(text[comma + 1 :].lstrip(" "))
        return document.changed(start, behind, left + between)
    before = text.rfind(",", 0, start)
    return document.changed(before if before >= 0 and not text[before + 1 : start].strip() else start, end, left)

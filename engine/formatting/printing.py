"""From a tree to the text in canonical form: docs/language.md, section 13."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .places import beginning
from .tree import Block, Comment, Entry, Flow, FlowItem, Lines, Part, Scalar, Tree

INDENT = 2
LIMIT = 140
"""Columns beyond which a value is not brought up to the line of its key."""
BESIDE = 2
"""Blanks at least before a comment that stands behind a value."""


_KEPT = "\0"
"""Stands behind a block text that keeps the blank lines at its end: one more would belong to it."""


def printed(tree: Tree) -> str:
    """The text of a tree."""
    lines: list[str] = []
    kept = True
    for line in (*_comments(tree.head, 0), *_root(tree), *_comments(tree.tail, 0)):
        if line == _KEPT:
            kept = True
        elif line is not None:
            lines.append(line)
            kept = False
        elif not kept and lines[-1]:
            lines.append("")
    return "".join(f"{line}\n" for line in lines)


def _root(tree: Tree) -> Iterator[str | None]:
    block = tree.root.value
    if not isinstance(block, Block):
        # nothing at all is not a document
        yield from (line or "---" for line in _inline(tree.root, 0, ""))
        return
    if block.anchor:
        yield _beside(block.anchor, tree.root.beside)
    before: Entry | None = None
    width = _width(block)
    for entry in block.entries:
        yield from _gap(before, entry, tree.head)
        yield from _comments(_without_first_blank(entry.above), 0)
        yield from _entry(entry, 0, width)
        before = entry
    yield from _comments(block.below, 0)


def _gap(before: Entry | None, entry: Entry, head: Lines) -> Iterator[str | None]:
    """The blank line before a key of the top level: around every section, and where there was one."""
    if before is None:
        if head and head[-1] is not None and any(entry.above):
            yield None
        return
    is_section = isinstance(entry.value, Block) or isinstance(before.value, Block)
    if None not in entry.above[:1] and (None in entry.above or not is_section):
        return
    yield None


def _without_first_blank(lines: Lines) -> Lines:
    return lines[1:] if lines and lines[0] is None else lines


def _comments(lines: Lines, indent: int) -> Iterator[str | None]:
    for comment in lines:
        yield f"{'':{indent}}{comment.text}" if comment is not None else None


def _beside(line: str, comment: Comment | None) -> str:
    """A line with the comment behind it, as far from the beginning of the line as it stood if there is room."""
    if comment is None:
        return line
    return f"{line:{max(len(line) + BESIDE, beginning(line) + comment.behind)}}{comment.text}"


def _block(block: Block, indent: int) -> Iterator[str | None]:
    width = _width(block)
    for entry in block.entries:
        yield from _comments(entry.above, indent)
        yield from _entry(entry, indent, width)
    yield from _comments(block.below, indent)


def _width(block: Block) -> int:
    """The columns of the keys in a mapping that is written as a table: most of its values begin in one column, behind blanks."""
    rows = [entry for entry in block.entries if entry.start]
    if not block.is_mapping or len(rows) < 2 or any(entry.apart for entry in block.entries):
        return 0
    column, count = Counter(row.start for row in rows).most_common(1)[0]
    is_table = 2 * count > len(rows) and any(row.start == column > len(_lead(row)) + 1 for row in rows)
    return column - 1 if is_table else 0


def _lead(entry: Entry) -> str:
    """The key or the dash as it stands before the value."""
    colon = " :" if entry.key.startswith("*") else ":"
    return f"{entry.key}{colon}" if entry.key else "-"


def _entry(entry: Entry, indent: int, width: int) -> Iterator[str | None]:
    lead = " " * indent + _lead(entry)
    if not isinstance(entry.value, Block):
        yield from _inline(entry, indent, lead.ljust(indent + width) if entry.start else lead)
    elif entry.key or entry.value.anchor:
        anchor = f" {entry.value.anchor}" if entry.value.anchor else ""
        yield _beside(lead + anchor, entry.beside)
        yield from _block(entry.value, indent + INDENT)
    else:
        inner = _block(entry.value, indent + INDENT)
        yield f"{lead} {(next(inner) or '').lstrip(' ')}"
        yield from inner


def _inline(entry: Entry, indent: int, lead: str) -> Iterator[str | None]:
    """A value that is no block, behind its key or dash."""
    value = entry.value
    if isinstance(value, Scalar) and value.block:
        yield _beside(" ".join(filter(None, (lead, f"{value.anchor}{value.block}"))), entry.beside)
        inner = " " * (indent + (value.explicit or INDENT))
        yield from (inner + line if line else "" for line in value.lines)
        if "+" in value.block:
            yield _KEPT
        return
    base = indent if entry.key or not lead else indent + INDENT
    lines = _behind(f"{lead} " if lead else "", value, base, indent)
    if entry.apart and len(lines[0]) > LIMIT:
        yield lead
        lines = _behind(" " * (indent + INDENT), value, base, indent)
    *lines, last = lines
    yield from lines
    yield _beside(last.rstrip(" "), entry.beside)


def _behind(start: str, value: Part, base: int, indent: int) -> list[str]:
    """The lines of a scalar or a collection in brackets that begins behind some text."""
    lines = [start]
    if isinstance(value, Flow):
        _flow(lines, value, base)
    elif isinstance(value, Scalar):
        _scalar(lines, value, indent)
    return lines


def _scalar(lines: list[str], value: Scalar, indent: int) -> None:
    first, *others = value.lines
    lines[-1] += f"{value.anchor}{first}" if first else value.anchor.rstrip()
    lines += [" " * (indent + INDENT) + line if line else "" for line in others]


def _flow(lines: list[str], flow: Flow, base: int) -> None:
    """Write a collection in brackets behind the last of `lines`.

    Its lines stay as they are; their indentation is that of its first item, or two columns more than `base` where that item
    begins a line.
    """
    opening = "{}" if flow.is_mapping else "[]"
    lines[-1] += flow.anchor
    bracket = len(lines[-1])
    lines[-1] += opening[0]
    hanging = bool(flow.items and (flow.items[0].breaks or flow.items[0].above)) or bool(flow.tail and not flow.items)
    inner = base + INDENT if hanging else bracket + 1
    before: FlowItem | None = None
    for item in flow.items:
        _separate(lines, before, item, inner)
        _flow_item(lines, item, inner, last=item is flow.items[-1])
        before = item
    for comment in flow.tail:
        _new_line(lines, inner, comment.text)
    if hanging or flow.tail or flow.closes or (before is not None and before.beside is not None):
        _new_line(lines, base if hanging else bracket, "")
    lines[-1] += opening[1]


def _separate(lines: list[str], before: FlowItem | None, item: FlowItem, inner: int) -> None:
    for comment in item.above:
        _new_line(lines, inner, comment.text)
    if item.breaks or item.above or (before is not None and before.beside is not None):
        _new_line(lines, inner, "")
    elif before is not None:
        lines[-1] += " "


def _flow_item(lines: list[str], item: FlowItem, inner: int, last: bool) -> None:
    if item.key:
        space = " " if item.key.startswith("*") else ""
        lines[-1] += f"{item.key}{space}: " if item.colon else item.key
    if isinstance(item.value, Flow):
        _flow(lines, item.value, inner)
    else:
        _scalar(lines, item.value, inner)
    lines[-1] += "" if last else ","
    lines[-1] = _beside(lines[-1], item.beside)


def _new_line(lines: list[str], indent: int, text: str) -> None:
    lines[-1] = lines[-1].rstrip(" ")
    lines.append(" " * indent + text)

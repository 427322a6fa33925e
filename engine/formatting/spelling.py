"""How a scalar is spelled: quotes only where they are needed, and then double ones; everything else as it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..scalar import resolve

# words that some version of YAML reads as something else than text
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
_PLAIN = re.compile(r"[A-Za-z](?:.*\S)?")
# what has no meaning anywhere in YAML, so that nobody has to think about it
_ORDINARY = re.compile(r"[\w .'()/-]+")
_BREAKS_PLAIN = re.compile(r": |:$| #|\t")
_BREAKS_FLOW = re.compile(r"[\[\]{},:?]")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+")


@dataclass(frozen=True, slots=True)
class BlockText:
    """A block text, `|` or `>`: its header, the columns that the header gives (0: none), its lines less the indentation."""

    header: str
    explicit: int
    lines: tuple[str, ...]


def is_plain(text: str, in_flow: bool) -> bool:
    """Whether a text may stand without quotes and is text to every reader of YAML; only those that begin with a letter."""
    if not _PLAIN.fullmatch(text) or text.lower() in _WORDS or not text.isprintable():
        return False
    broken = _BREAKS_PLAIN.search(text) or (in_flow and _BREAKS_FLOW.search(text))
    return not broken and resolve(text) == text


def in_quotes(text: str) -> str:
    """A text in double quotes, what cannot be seen written as an escape."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(c if c.isprintable() else _escape(c) for c in escaped) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def spelled(text: str, in_flow: bool) -> str:
    """A text as a new value is written."""
    return text if is_plain(text, in_flow) else in_quotes(text)


def canonical(written: str, value: object) -> str:
    """A scalar on one line in its canonical spelling; `value` is what it means.

    Quotes go only where the text has nothing but ordinary characters: with others they may be a habit that is worth keeping.
    """
    if written[:1] not in ("'", '"') or not isinstance(value, str) or "\\" in written:
        return written
    if _ORDINARY.fullmatch(value) and is_plain(value, in_flow=True):
        return value
    # single quotes stay where double ones would need escapes
    return written if '"' in value or not value.isprintable() else f'"{value}"'


def anchor_of(written: str) -> str:
    """The anchor that a value begins with; empty where there is none."""
    found = _ANCHOR.match(written)
    return found[0] if found else ""


def folded(written: str) -> tuple[str, ...]:
    """The lines of a text over several lines, without the blanks that folding leaves out."""
    first, *rest = written.split("\n")
    lines = [_without_blanks_behind(first), *(_without_blanks_behind(line.lstrip(" \t")) for line in rest[:-1])]
    return (*lines, rest[-1].lstrip(" \t"))


def _without_blanks_behind(line: str) -> str:
    """A line without the blanks at its end, but for one that a backslash makes part of the text."""
    stripped = line.rstrip(" \t")
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return line[: len(stripped) + 1] if backslashes % 2 else stripped


def block_text(written: str, parent: int) -> BlockText:
    """A block text taken apart; `parent` is the column of the block in which it stands, -1 at the top of a document."""
    head, _, body = written.partition("\n")
    header = head.split("#")[0].strip()
    digit = re.search(r"[1-9]", header)
    lines = body.split("\n")
    ends = not lines[-1]
    lines = lines[:-1] if ends else lines
    indent = max(parent, 0) + int(digit[0]) if digit else _indentation(lines)
    told = [line[indent:] if line[:indent].isspace() or not indent else line.lstrip(" ") for line in lines]
    if "+" not in header:
        while told and not told[-1]:
            told.pop()
    if not ends and body:
        # the file ends inside the text, without the line end that it will get
        header = header.replace("+", "").replace("-", "") + "-"
    return BlockText(header, int(digit[0]) if digit else 0, tuple(told))


def _indentation(lines: list[str]) -> int:
    return next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")), 0)

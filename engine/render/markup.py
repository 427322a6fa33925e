"""Markdown in which texts from files stay texts: no bar, star, backtick or bracket of theirs changes the document."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

# What means something inside a line, for GitHub too: `$` begins a formula, `~` strikes out. Brackets mean something
# only in front of an address, a footnote or a definition, and underscores only at the edge of a word.
_SPECIAL = re.compile(
    r"[\\`*<|~$]|(?<![^\W_])_+|_+(?![^\W_])|\[(?=\^)|\](?=[(\[:])|!(?=\[)|&(?=#?\w+;)",
)
# What means something at the beginning of a line: a list, a task, a title, a quotation.
_OPENING = re.compile(r"^(?:[-+=](?=[-+=\s]|$)|#(?=#*(?:\s|$))|>|\[|\d+(?=[.)](?:\s|$)))")
_MENTION = re.compile(r"@(?=\w)")


def escaped(text: str) -> str:
    """A text as it is, inside a line."""
    special = _SPECIAL.sub(lambda match: "".join(f"\\{character}" for character in match[0]), text)
    # an empty comment keeps an @ from notifying the person of that name
    return _MENTION.sub("@<!-- -->", special)


def opening(text: str) -> str:
    """A text as it is, at the beginning of a line."""
    return _OPENING.sub(lambda m: f"{m[0]}\\" if m[0].isdigit() else f"\\{m[0]}", escaped(text))


def code(text: str) -> str:
    """A name of a fact or the like; backticks cannot stand in one."""
    return f"`{text.replace('`', '')}`" if text else ""


def strong(text: str) -> str:
    """A text that stands out; empty where there is none."""
    return f"**{escaped(text)}**" if text else ""


def heading(level: int, text: str) -> str:
    """A title."""
    return f"{'#' * level} {escaped(text)}"


def bullets(texts: Iterable[str]) -> str:
    """A list; empty where there is no text."""
    return "\n".join(f"- {opening(text)}" for text in texts if text)


def table(
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Collection[int] = (),
    code: Collection[int] = (),
) -> str:
    """A table; empty where there is no row. `right` are the columns of numbers, `code` those of names.

    A column in which no row has anything is left out.
    """
    shown = [n for n in range(len(titles)) if any(row[n] for row in rows)]
    rules = ["--:" if n in right else "---" for n in shown]
    if not rows:
        return ""
    lines = [[titles[n] for n in shown], rules]
    lines += [[_cell(row[n], n in code) for n in shown] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cell(text: str, is_name: bool) -> str:
    # a bar ends a cell even inside backticks
    return code_cell(text) if is_name else escaped(text)


def code_cell(text: str) -> str:
    """A name inside a table."""
    return code(text.replace("|", "\\|"))

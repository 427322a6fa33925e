"""The page of a diagnostic code, from docs/diagnostics.md, which ships with the engine."""

from __future__ import annotations

import re

from . import shipped
from .diagnostics import Diagnostic, PolicyError, did_you_mean

HEADING = re.compile(r"^## (?:`)?([a-z][a-z0-9-]*)(?:`)?$", re.MULTILINE)


def pages() -> dict[str, str]:
    """Every entry of the page by its code."""
    text = (shipped.docs() / "diagnostics.md").read_text(encoding="utf-8")
    parts = HEADING.split(text)
    return {code: body.strip() for code, body in zip(parts[1::2], parts[2::2], strict=True)}


def page(code: str) -> str:
    """What a code means, with an example. Raises PolicyError for a code that there is not."""
    known = pages()
    if code not in known:
        hint = did_you_mean(code, known) or "the code stands in square brackets at the end of a message"
        raise PolicyError([Diagnostic("unknown-code", f"there is no diagnostic `{code}`", None, hint)])
    return f"{code}\n\n{_readable(known[code])}\n"


def _readable(entry: str) -> str:
    """An entry for a terminal: examples set in instead of fenced."""
    lines: list[str] = []
    inside = False
    for line in entry.splitlines():
        if line.startswith("```"):
            inside = not inside
        else:
            lines.append(f"    {line}".rstrip() if inside else line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))

"""An entry of `sources:` as lines of YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .proposal import Proposal

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ._()/-]*[A-Za-z0-9._()/-]|[A-Za-z]")
_RESERVED = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def entry(proposal: Proposal) -> list[str]:
    """The entry, with what is not read as comments in it."""
    lines = [f"  - file: {_files(proposal)}"]
    lines += [f"    mapping: {proposal.mapping}"] if proposal.mapping else [f"    table: {proposal.table}"]
    lines += list(_columns(proposal)) if not proposal.mapping else list(_without(proposal))
    if proposal.meaning:
        lines.append("    values:")
        words = ", ".join(f"{word}: [{listed(texts)}]" for word, texts in proposal.meaning.items())
        lines.append(f"      outcome: {{{words}}}")
    if proposal.first.about.words:
        lines.append(f"    encoding: {proposal.first.about.encoding}")
    if proposal.first.sheet:
        lines.append(f"    sheet: {written(proposal.first.sheet)}")
    return lines


def _files(proposal: Proposal) -> str:
    files = [sighting.file for sighting in proposal.sightings]
    return written(files[0]) if len(files) == 1 else f"[{listed(files)}]"


def _columns(proposal: Proposal) -> Iterator[str]:
    yield "    columns:"
    for name, header in proposal.columns.items():
        if name in proposal.without:
            yield f"      # {name}: {written(header)}    ({proposal.without[name]})"
        else:
            yield f"      {name}: {written(header)}"


def _without(proposal: Proposal) -> Iterator[str]:
    reasons = dict.fromkeys(proposal.without.values())
    for reason in reasons:
        names = [name for name, why in proposal.without.items() if why == reason]
        yield f"    # without {', '.join(names)}: {reason}, and delete the name below"
    if proposal.without:
        yield f"    without: [{', '.join(proposal.without)}]"


def listed(texts: Iterable[str]) -> str:
    """Texts as a list in brackets has them."""
    return ", ".join(map(written, texts))


def written(text: str) -> str:
    """A text as YAML reads it back."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    escaped = "".join(_ESCAPES.get(c, c if c.isprintable() else _code(c)) for c in text)
    return f'"{escaped}"'


def _code(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"

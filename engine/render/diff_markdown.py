"""What changed between two policy sets, to paste into a pull request: a short table, the details folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..changes import Change, Class, Comparison, What
from .change_words import CLASSES, by_class, counts, layer, place, reason, sentence
from .clean import cleaned
from .diff import titles
from .markup import bullets, code, escaped, heading, table
from .wording import capital

SHORT = 90
"""Characters of a value in a table; the whole of it is in the details."""


def render(compared: Comparison, old: str, new: str) -> str:
    """The changes as a document; nothing that a file holds can become markup in it."""
    return "\n\n".join(block for block in _blocks(compared, old, new) if block) + "\n"


def _blocks(compared: Comparison, old: str, new: str) -> Iterator[str]:
    yield heading(3, f"Policy: {titles(compared, old, new)}")
    if not compared.changes:
        yield "No change: the two say the same of every company."
        return
    yield f"{escaped(counts(compared))}."
    changes = cleaned(compared.changes)
    yield change_table([change for change in changes if change.effect is Class.VERDICT])
    for effect, found in by_class(changes):
        yield folded(f"{capital(CLASSES[effect])}: {len(found)}", bullets_of(found))


def change_table(changes: Sequence[Change]) -> str:
    """The changes, a row each."""
    rows = [
        (_subject(change), _short(_before(change)), _short(change.after), _short(reason(change))) for change in changes
    ]
    return table(("what", "was", "is", "why"), rows)


def _subject(change: Change) -> str:
    return f"{change.subject}{f': {change.label}' if change.label else ''}"


def _before(change: Change) -> str:
    return change.before or ("(new)" if change.what is What.ADDED else "")


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 3].rstrip()}..."


def bullets_of(changes: Iterable[Change]) -> str:
    """The changes as a list, each with everything that is known of it."""
    return "\n".join(f"{bullets([sentence(change)])}{_details(change)}" for change in changes)


def _details(change: Change) -> str:
    told = [escaped(text) for text in (*change.notes, reason(change), layer(change)) if text]
    told.append(" ".join(part for part in (code(place(change)), code(change.fingerprint)) if part))
    return "".join(f"<br>{text}" for text in told)


def folded(title: str, body: str) -> str:
    """A part that a reader opens."""
    return f"<details>\n<summary>{_plain(title)}</summary>\n\n{body}\n\n</details>"


def _plain(text: str) -> str:
    """A text as HTML shows it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

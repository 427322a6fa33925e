"""What changed between two policy sets, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from ..changes import Change, Comparison
from .change_words import CLASSES, SIGNS, by_class, counts, head, is_long, layer, place, reason, sentence
from .clean import clean, cleaned
from .layout import Item, Line, Run, Style, item_lines, paragraph
from .text import printed
from .wording import capital

DETAIL = 4


def render(compared: Comparison, old: str, new: str, *, width: int = 100, colour: bool = False) -> str:
    """The changes by class, the most serious first, in lines of at most `width` columns."""
    return printed(_lines(compared, clean(old), clean(new), width), colour)


def titles(compared: Comparison, old: str, new: str) -> str:
    """What is compared with what."""
    shown = [
        f"{policy.name} {policy.version} ({given})" for policy, given in ((compared.old, old), (compared.new, new))
    ]
    return f"{clean(shown[0])} -> {clean(shown[1])}"


def _lines(compared: Comparison, old: str, new: str, width: int) -> Iterator[Line]:
    yield from paragraph((Run(titles(compared, old, new), Style.TITLE),), width)
    if not compared.changes:
        yield from paragraph((Run("No change: the two say the same of every company."),), width)
        return
    yield from paragraph((Run(counts(compared)),), width)
    for effect, changes in by_class(compared.changes):
        yield ()
        yield (Run(f"{capital(CLASSES[effect])} ({len(changes)})", Style.LABEL),)
        for change in changes:
            yield from change_lines(cleaned(change), width)


def change_lines(change: Change, width: int) -> Iterator[Line]:
    """One change: what, old and new, why, and where; `width` columns."""
    lead = (Run(f"  {SIGNS[change.what]} "),)
    if is_long(change):
        yield from item_lines(Item((Run(head(change)),), lead), width)
        for word, text in (("was ", change.before), ("now ", change.after)):
            yield from item_lines(Item((Run(text),), (Run(word, Style.ASIDE),)), width, DETAIL)
    else:
        yield from item_lines(Item((Run(sentence(change)),), lead), width)
    for text in (*change.notes, reason(change)):
        if text:
            yield from item_lines(Item((Run(text, Style.ASIDE),)), width, DETAIL)
    about = " · ".join(part for part in (place(change), layer(change), change.fingerprint) if part)
    yield from item_lines(Item((Run(about, Style.ASIDE),)), width, DETAIL)

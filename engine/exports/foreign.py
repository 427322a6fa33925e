"""Words with bytes beyond ASCII in a file that is not UTF-8: how they read in one encoding and another, and which of these are words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from .encodings import ENCODINGS

WESTERN = "windows-1252"
_LIKELY = (WESTERN, "windows-1250", "mac-roman", "cp850")
_RIVALS = ("mac-roman", "cp850")
"""Encodings that have other letters where windows-1252 has its own; the others that are common have the same, or letters of neighbours."""
_SHOWN = 3
_LONGEST = 30
_CHUNK = 1 << 20
_MOST = 50_000
"""So many different words are looked at: who has more of them has one that tells."""
_WORD = re.compile(rb"[^\s,;|\"]{0,40}[\x80-\xff][^\s,;|\"]{0,40}")
_COMMON = frozenset("äöüßÄÖÜàâæçèéêëîïìòôœùûñáíóúåøÀÂÆÇÈÉÊËÎÏÔŒÙÛÑÁÍÓÚÅØ")
_ALONE = frozenset("àÀóéèÉ")
"""Letters that are words by themselves."""
_SIGNS = frozenset("€£§°«»“”„…·•®™©½²³\xa0" + "\u2018\u2019\u201a\u2013\u2014")
_APOSTROPHE = re.compile("(?<![^\\W\\d_])[^\\W\\d_]{1,2}\u2019|\u2019[^\\W\\d_]{1,2}(?![^\\W\\d_])")


def readings(word: bytes) -> tuple[tuple[str, str], ...]:
    """The encodings in which a word has different readings, each with its reading, the likeliest first."""
    found: dict[str, str] = {}
    for name in _LIKELY:
        text = _read(word, name)
        if text:
            found.setdefault(text, name)
    likely = sorted(found.items(), key=lambda pair: oddity(pair[0]))
    return tuple((name, text) for text, name in likely[:_SHOWN])


def told(likely: Sequence[tuple[str, str]]) -> str:
    """Readings in words: `März` in windows-1252 or `Mõrz` in cp850."""
    shown = [f"`{text}` in {name}" for name, text in likely]
    return f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else shown[0]


def _read(word: bytes, encoding: str) -> str:
    """What a word says in an encoding; empty where it says nothing in it."""
    try:
        return word.decode(ENCODINGS[encoding])
    except UnicodeDecodeError:
        return ""


def oddity(text: str) -> int:
    """How unlike a word of a Western language a text is; 0 for one that is no surprise."""
    plain = _APOSTROPHE.sub("", text)
    return sum(_odd(plain, place) for place, character in enumerate(plain) if not character.isascii())


def _odd(text: str, place: int) -> int:
    character = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if not character.isalpha():
        inside = before.isalpha() and after.isalpha()
        beside = (before.isalpha() or after.isalpha()) and character in "€£§²³½"
        return 3 if inside or beside else 0 if character in _SIGNS else 2
    if character.isupper() and before and (before.islower() or (before.isalpha() and after.islower())):
        return 2
    if not (before.isalpha() or after.isalpha() or character in _ALONE):
        return 2
    return 0 if character in _COMMON else 1 if character < "\u0250" else 3


# --- a file that is surely Western -----------------------------------------------------------------------------


def western(path: Path) -> tuple[str, ...]:
    """Words of a file that only windows-1252 makes words of; none where another encoding could be meant as well.

    Every word must be no surprise in it, and read otherwise be one; a letter that has another meaning in the encodings of the
    neighbours, as `è` and `č`, decides nothing.
    """
    rivals = dict.fromkeys(_RIVALS, 0)
    shown: list[str] = []
    for word in _words(path):
        text = _read(word, WESTERN)
        if not text or oddity(text) or not _is_clear(text):
            return ()
        for name in rivals:
            rivals[name] += oddity(_read(word, name))
        if len(text) <= _LONGEST and text.isprintable():
            shown.append(text)
    # words show more than amounts do
    shown.sort(key=lambda text: not any(map(str.isalpha, text)))
    return tuple(shown[:_SHOWN]) if all(rivals.values()) else ()


def _words(path: Path) -> Iterator[bytes]:
    """The different words with bytes beyond ASCII."""
    seen: set[bytes] = set()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            chunk += file.readline(_CHUNK)
            for word in _WORD.findall(chunk):
                if word not in seen and len(seen) < _MOST:
                    seen.add(word)
                    yield word


_NEIGHBOURS = ("cp1250", "cp1254", "latin-1", "iso8859-2", "iso8859-15")


def _same_everywhere() -> frozenset[str]:
    """Letters that the encodings of the neighbours have at the same place."""
    bytes_ = (bytes([number]) for number in range(0xC0, 0x100))
    return frozenset(
        b.decode("cp1252") for b in bytes_ if {b.decode(name) for name in _NEIGHBOURS} == {b.decode("cp1252")}
    )


_CLEAR = _same_everywhere()


def _is_clear(text: str) -> bool:
    """Whether no letter means another elsewhere, and a word is not of such letters alone."""
    letters = [character for character in text if character.isalpha()]
    beyond = [character for character in letters if not character.isascii()]
    return set(beyond) <= _CLEAR and 2 * len(beyond) <= len(letters) + 1

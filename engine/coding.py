"""Free text into codes: literal phrases, word by word, in time that grows with the text alone.

Case and accents do not matter. Inside a text the longest phrase counts and takes its words away from shorter ones. A phrase does
not count when a negation stands one or two words before it in the same part of the sentence. No file can bring a pattern: the
only sign is `*` at the end of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

LONGEST_TEXT = 2000
"""Characters of a text that are looked at."""
MOST_WORDS = 8
"""Words of a phrase."""
REACH = 2
"""A negation turns round what stands within so many words after it."""
_PARTS = re.compile(r"[.,;:!?()\[\]\n\r]+|\s[-–]\s")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SIGN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*\*?")


def folded(text: str) -> str:
    """A text as it is compared: no accents, no difference of case."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character)).replace("\u2019", "'")


def words_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase, with the `*` of those that have one."""
    return tuple(_SIGN.findall(folded(phrase)))


@dataclass(slots=True)
class _Node:
    """A place in the phrases: the words that may follow, whole ones and beginnings, and the code of the phrase that ends here."""

    whole: dict[str, _Node] = field(default_factory=dict)
    begun: dict[str, _Node] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)
    ends: tuple[int, str, str] | None = None

    def after(self, word: str) -> Iterator[_Node]:
        if word in self.whole:
            yield self.whole[word]
        for length in self.lengths:
            if word[:length] in self.begun and length <= len(word):
                yield self.begun[word[:length]]


@dataclass(frozen=True, slots=True)
class Found:
    """One code of a text, and the phrase that stands for it."""

    code: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Coder:
    """Codes texts. Make one with `coder`."""

    root: _Node
    negations: _Node

    def codes(self, text: str) -> tuple[Found, ...]:
        """The codes that a text has, those that count first before the others; each once."""
        found: dict[str, tuple[int, Found]] = {}
        for part in _PARTS.split(text[:LONGEST_TEXT]):
            for rank, code, phrase in self._in_part(_WORD.findall(folded(part))):
                found.setdefault(code, (rank, Found(code, phrase)))
        return tuple(one for _, one in sorted(found.values(), key=lambda entry: entry[0]))

    def _in_part(self, words: list[str]) -> Iterator[tuple[int, str, str]]:
        place = 0
        while place < len(words):
            length, ends = _longest(self.root, words, place)
            if ends is None:
                place += 1
                continue
            if not any(_longest(self.negations, words, before)[1] for before in range(max(0, place - REACH), place)):
                yield ends
            place += length


def _longest(root: _Node, words: list[str], place: int) -> tuple[int, tuple[int, str, str] | None]:
    """The longest phrase that begins at a word: how many words, and its code."""
    nodes = [root]
    found: tuple[int, tuple[int, str, str] | None] = (1, None)
    for length, word in enumerate(words[place : place + MOST_WORDS], 1):
        nodes = [after for node in nodes for after in node.after(word)]
        if not nodes:
            break
        if endings := [node.ends for node in nodes if node.ends is not None]:
            found = length, min(endings)
    return found


def coder(phrases: Mapping[str, Iterable[str]], negations: Iterable[str] = ()) -> Coder:
    """A coder for the phrases of each code; the codes that stand first count first."""
    root, turning = _Node(), _Node()
    for rank, (code, of_code) in enumerate(phrases.items()):
        for phrase in of_code:
            _put(root, words_of(phrase), (rank, code, phrase))
    for phrase in negations:
        _put(turning, words_of(phrase), (0, "", phrase))
    return Coder(root, turning)


def _put(root: _Node, words: tuple[str, ...], ends: tuple[int, str, str]) -> None:
    """Add a phrase; where it is there already, the code that stands first keeps it."""
    node = root
    for word in words[:MOST_WORDS]:
        beginning = word.removesuffix("*")
        if beginning != word:
            node.lengths.add(len(beginning))
        node = (node.whole if beginning == word else node.begun).setdefault(beginning, _Node())
    if node is not root:
        node.ends = min(node.ends, ends) if node.ends is not None else ends

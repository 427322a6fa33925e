"""Which of the names that there are was probably meant by one that there is not.

Names are near where a slip of the fingers or of the memory leads from one to the other: few letters differ, by the optimal
string alignment distance (Boytsov 2011), no more than a third of them as compilers allow; or they consist of the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_PARTS = re.compile(r"[./:]")
_WORDS = re.compile(r"[\W_]+")
_SHARE = 3
"""One letter in so many may differ."""
_OTHER_WORDS = 0.2
"""What names that have all of another, and something else beside it, are apart: as much as one letter in five."""


def nearest(wrong: str, known: Iterable[str]) -> str:
    """The nearest of the known names; empty where none is near."""
    measured = ((_apart(wrong.casefold(), name.casefold()), len(name), name) for name in known)
    near = ((cost, length, name) for cost, length, name in measured if cost is not None)
    return min(near, default=(0.0, 0, ""))[2]


def _apart(wrong: str, name: str) -> float | None:
    """How far two names are apart, as the share of letters that differ; None where neither can be meant by the other."""
    found = [apart for apart in (_by_letters(wrong, name), _by_words(wrong, name)) if apart is not None]
    return min(found, default=None)


def _by_letters(wrong: str, name: str) -> float | None:
    """Each part of a dotted name by itself: what is right about `market.` says nothing about what follows it."""
    ours, theirs = _PARTS.split(wrong), _PARTS.split(name)
    count, longer = min(len(ours), len(theirs)), max(len(wrong), len(name))
    if ours[-1] == theirs[-1] and 2 * len(ours[-1]) > longer:
        # `market.win_rate` for `sales.win_rate`
        return 0.0 if ours == theirs else _OTHER_WORDS
    differing = 0
    for one, other in zip(ours[-count:], theirs[-count:], strict=True):
        most = max(len(one), len(other)) // _SHARE
        found = distance(one, other) if abs(len(one) - len(other)) <= most else most + 1
        if found > most:
            return None
        differing += found
    # `win_rate` for `sales.win_rate`
    return differing / longer + (_OTHER_WORDS if len(ours) != len(theirs) else 0.0)


def _by_words(wrong: str, name: str) -> float | None:
    """The same words in another order, or one name with some more words at its end."""
    ours, theirs = ([_singular(word) for word in _WORDS.split(text) if word] for text in (wrong, name))
    if sorted(ours) == sorted(theirs):
        return _OTHER_WORDS if ours else None
    shorter, longer = sorted((ours, theirs), key=len)
    shared, whole = sum(map(len, shorter)), sum(map(len, longer))
    if longer[: len(shorter)] == shorter and (len(shorter) > 2 or (len(shorter) > 1 and 2 * shared >= whole)):
        return (whole - shared) / whole
    return None


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > _SHARE else word


def distance(one: str, other: str) -> int:
    """How many letters have to be put in, taken out, exchanged, or swapped with the next, no place twice."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, before_last[j - 2] + 1)
            row.append(best)
        before_last, last = last, row
    return last[-1]

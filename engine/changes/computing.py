"""How facts are computed from exports, and the taxonomy: as plain data, and the parts that differ in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from ..computation import RULES, Computation, Filter, Series, Stage
from ..document import Plain
from ..taxonomy import Taxonomy

_KEYS = {"start": "from", "end": "to"}
"""Keys that the model calls otherwise than a file does."""
SHOWN = 3
"""Lines, phrases and entries that are shown before the rest is counted."""
AROUND = 4
"""Words of SQL that are shown before and after those that differ."""


def in_essence(computation: Computation) -> Computation:
    """A computation without what is only said of its value."""
    return replace(computation, note="", proxy=False)


def meaning(given: Taxonomy) -> object:
    """What a taxonomy does: classes, codes in the order in which they count, negations; without titles."""
    classes = {name: replace(one, title="") for name, one in given.classes.items()}
    return classes, tuple(replace(one, title="") for one in given.codes.values()), given.negations


# --- as plain data ---------------------------------------------------------------------------------------------


def as_written(computation: Computation) -> dict[str, Plain]:
    """A computation as a catalogue writes it, in full; keys that say nothing are left out."""
    found: dict[str, Plain] = {}
    for one in fields(computation):
        value = getattr(computation, one.name)
        if one.compare and value not in ("", (), 0, None, False):
            found[_KEYS.get(one.name, one.name)] = _plain(value)
    if computation.give is RULES[computation.method].gives[0]:
        del found["give"]
    return found


def _plain(value: object) -> Plain:
    match value:
        case Series():
            given = {"of": value.of, "by": value.by, "value": _plain(value.value), "where": _plain(value.where)}
            return {key: part for key, part in given.items() if part}
        case (Filter(), *_):
            return {one.column: _wanted(one) for one in _filters(value)}
        case (Stage(), *_):
            return [{"name": s.name, "rate": s.rate, "reference": s.reference} for s in value if isinstance(s, Stage)]
        case ((str(), tuple()), *_):
            return {str(table): [*map(str, names)] for table, names in _pairs(value)}
        case tuple():
            return [str(part) for part in value]
        case bool() | int():
            return value
        case _:
            return str(value)


def _pairs(value: Sequence[object]) -> Iterator[tuple[object, tuple[object, ...]]]:
    return ((part[0], part[1]) for part in value if isinstance(part, tuple))


def _filters(value: Sequence[object]) -> Iterator[Filter]:
    return (one for one in value if isinstance(one, Filter))


def _wanted(one: Filter) -> Plain:
    wanted: list[Plain] = [part if isinstance(part, bool | float) else str(part) for part in one.wanted]
    return wanted[0] if len(wanted) == 1 else wanted


def taxonomy_as_written(given: Taxonomy) -> dict[str, Plain]:
    """A taxonomy as one file would have it, its codes in their order."""
    classes: dict[str, Plain] = {
        one.name: {"title": one.title, "counts": one.counts, "says_something": one.says_something}
        for one in given.classes.values()
    }
    codes: list[Plain] = [
        {"code": c.name, "title": c.title, "class": c.of, "phrases": [*c.phrases], "also": [*c.also]}
        for c in given.codes.values()
    ]
    return {"classes": classes, "codes": codes, "negations": [*given.negations]}


# --- in words --------------------------------------------------------------------------------------------------


def differing(old: Sequence[Computation], new: Sequence[Computation]) -> tuple[str, str]:
    """What differs between two ways to compute a fact, in the keys of a catalogue; only what is old, only what is new.

    Of SQL that is there before and after, the words that differ.
    """
    numbered = max(len(old), len(new)) > 1
    before, after = list[str](), list[str]()
    for number, (one, other) in enumerate(zip_longest(old, new), 1):
        way = f"way {number}: " if numbered else ""
        for told, lines in zip((before, after), _of_way(one, other), strict=True):
            told += [f"{way}{line}" for line in lines]
    return _only(before, after), _only(after, before)


def _of_way(old: Computation | None, new: Computation | None) -> tuple[list[str], list[str]]:
    before, after = ([*_keys(one)] if one is not None else [] for one in (old, new))
    texts = [one.sql if one is not None else "" for one in (old, new)]
    if all(texts):
        words = _words(*texts)
        return before + words[0], after + words[1]
    return before + _sql(texts[0]), after + _sql(texts[1])


def _keys(computation: Computation) -> Iterator[str]:
    for key, value in as_written(computation).items():
        if key != "sql":
            yield from _told(key, value)


def _sql(text: str) -> list[str]:
    return [f"SQL `{' '.join(text.split())}`"] if text else []


def _words(old: str, new: str) -> tuple[list[str], list[str]]:
    """The parts of two SQL texts that differ, each with the words around it."""
    before, after = old.split(), new.split()
    sides = list[str](), list[str]()
    for kind, *ends in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            for told, words, (begin, end) in zip(sides, (before, after), (ends[:2], ends[2:]), strict=True):
                shown = " ".join(words[max(0, begin - AROUND) : end + AROUND])
                told.append(f"SQL `... {shown} ...`")
    return sides


def _told(key: str, value: Plain) -> Iterator[str]:
    """One key; of a mapping its entries, each by itself."""
    if isinstance(value, dict):
        yield from (f"{key} {name} {_short(inner)}" for name, inner in value.items())
    else:
        yield f"{key} {_short(value)}"


def _short(value: Plain) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case list():
            return ", ".join(map(_short, value))
        case dict():
            return ", ".join(f"{name} {_short(inner)}" for name, inner in value.items())
        case _:
            return str(value)


def _only(these: Sequence[str], others: Sequence[str]) -> str:
    """What stands in one list and not in another, shortened; where only their order differs, all of it."""
    left = Counter(these) - Counter(others)
    found = [line for line in dict.fromkeys(these) if line in left]
    if not found and sorted(these) == sorted(others):
        found = [*these]
    return _shortened(found) or "none"


def _shortened(found: Sequence[str]) -> str:
    rest = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return "; ".join(found[:SHOWN]) + rest


def recoded(old: Taxonomy, new: Taxonomy) -> tuple[str, str]:
    """What differs between two taxonomies, by code: only what is old, only what is new."""
    before, after = [*_entries(old)], [*_entries(new)]
    return _only(before, after), _only(after, before)


def _entries(given: Taxonomy) -> Iterator[str]:
    for kind in given.classes.values():
        flags = ("" if kind.counts else ", does not count") + ("" if kind.says_something else ", says nothing")
        yield f"class {kind.name} ({kind.title}{flags})"
    for code in given.codes.values():
        yield f"{code.name} of class {code.of} ({code.title})"
        yield from (f'{code.name}: "{phrase}"' for phrase in code.phrases)
        yield from (f"{code.name}: column {column}" for column in code.also)
    yield from (f'negation "{word}"' for word in given.negations)

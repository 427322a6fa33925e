"""What was recognised, as `sources:` of a company's file with comments in plain words, and as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from ..exports.canonical import TABLES
from .entry import entry, written
from .names import names, spelled
from .proposal import Proposal
from .recognise import Recognised
from .sighting import Sighting

WIDTH = 120
MOST = 8
"""So many values or headers are named."""
_SHOWN = ("outcome", "stage", "status", "client", "source", "segment", "competitor", "kind")


def sources(found: Recognised) -> str:
    """`sources:` with every file; as comments where nothing can be read yet."""
    certain = found.certain
    lines = ["sources:"] if certain else ["# sources:"]
    for one in found.entries:
        lines += [*_about(one), *(entry(one) if not one.doubts else _commented(one)), ""]
    for stranger in found.strangers:
        lines += [*_comments([f"{stranger.sighting.place}: {_plain(stranger.text)}."])]
        lines += [*(f"  #   {line}" for line in stranger.lines), ""]
    return "\n".join(lines)


def _about(one: Proposal) -> Iterator[str]:
    places = ", ".join(sighting.place for sighting in one.sightings)
    rows = sum(sighting.rows for sighting in one.sightings)
    yield from _comments([f"{places}: {one.because}. {_counted(rows, 'row')}."])
    yield from _comments(
        f"{_plain(text)[0].upper()}{_plain(text)[1:]}." if text[0] != "`" else f"{text}." for text in one.told
    )
    yield from _comments(_sentence(text) for sighting in one.sightings for text in _encoding(sighting))
    yield from _comments(_values(one))
    unused = [column.header for column in one.first.columns if column.header not in one.columns.values()]
    if unused:
        yield from _comments([f"Not used: {named(unused)}."])
    if one.mapping:
        yield from _comments(_could_be(one, unused))


def _encoding(sighting: Sighting) -> Iterator[str]:
    """In which encoding a file is read that nobody named, with words for a person to look at."""
    if sighting.about.words:
        words = ", ".join(f"`{word}`" for word in sighting.about.words)
        encoding = sighting.about.encoding
        yield f"{sighting.file} is not in UTF-8 and is read as {encoding}, in which it says {words}: look whether that is right"


def _sentence(text: str) -> str:
    return f"{_plain(text)}."


def _could_be(one: Proposal, unused: Sequence[str]) -> Iterator[str]:
    """Columns beside the ready mapping whose names say what they are; their values a person has to look at."""
    known = names().columns[one.table]
    for name, listed in known.items():
        headers = [header for header in unused if spelled(header) in listed]
        if headers and name not in one.columns:
            yield f"`{headers[0]}` could be `{name}`: look at its values, and add `columns: {{{name}: {written(headers[0])}}}`."


def _values(one: Proposal) -> Iterator[str]:
    """The values seen with their counts."""
    done = set[str]()
    for name in _SHOWN:
        header = one.columns.get(name, "")
        if not header or header in done:
            continue
        done.add(header)
        counts: dict[str, int] = {}
        for sighting in one.sightings:
            for text, count in sighting.column(header).values:
                counts[text] = counts.get(text, 0) + count
        if counts:
            ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            seen = ", ".join(f"{_plain(text)} {count:,}" for text, count in ranked[:MOST])
            more = f" and {len(ranked) - MOST} more" if len(ranked) > MOST else ""
            yield f"`{header}`: {seen}{more}."


def _commented(one: Proposal) -> Iterator[str]:
    """The entry as a comment, with why and the lines to complete."""
    for doubt in one.doubts:
        yield from _comments([f"NOT READ YET: {_plain(doubt.text)}."])
    yield from _comments(["Complete it and take away the # and the blank behind it:"])
    for line in (*entry(one), *(f"    {line}" for doubt in one.doubts for line in doubt.lines)):
        rest = (
            "    # and the others: won, lost or open" if line.startswith("      outcome: {") and not one.mapping else ""
        )
        yield f"  # {line[2:]}{rest}"


def _comments(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for line in wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False):
            yield f"  # {line}"


def _plain(text: str) -> str:
    """A text on one line, without what no comment may hold."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def named(headers: Sequence[str]) -> str:
    """Headers in backticks, the first of them."""
    shown = ", ".join(f"`{_plain(header)}`" for header in headers[:MOST])
    return f"{shown} and {len(headers) - MOST} more" if len(headers) > MOST else shown


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


# --- the terminal ----------------------------------------------------------------------------------------------


def told(found: Recognised) -> Iterator[tuple[str, str]]:
    """For each file its name and what it was recognised as, or why it is not read."""
    for one in found.entries:
        yield ", ".join(sighting.place for sighting in one.sightings), _told(one)
    for stranger in found.strangers:
        yield _place(stranger.sighting), _plain(stranger.text)


def _told(one: Proposal) -> str:
    title = TABLES[one.table].title
    if one.doubts:
        return f"looks like {title}; not read yet: {_plain('; '.join(doubt.text for doubt in one.doubts))}"
    rows = sum(sighting.rows for sighting in one.sightings)
    as_what = f"{title}, as {one.mapping}" if one.mapping else title
    text = f"{as_what}: {_counted(rows, 'row')}, {len(set(one.read.values()))} columns used"
    for sighting in one.sightings:
        text += "".join(f"; {said}" for said in _encoding(sighting))
    reasons = dict.fromkeys(one.without.values())
    for reason in reasons:
        left = ", ".join(name for name, why in one.without.items() if why == reason)
        text += f"; without {left}: {_plain(reason)}"
    return text


def _place(sighting: Sighting) -> str:
    return sighting.place

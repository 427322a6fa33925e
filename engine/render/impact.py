"""What a change of policy does to clients, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..impact.study import ClientImpact, Effect, Impact
from .cells import padded, width
from .change_words import sentence
from .clean import cleaned
from .impact_words import (
    Numbered,
    answer_words,
    closest,
    closest_words,
    edit_effect,
    matrix,
    method_words,
    names,
    parts,
    problem_line,
    problems,
    score_words,
    shift_words,
    shifted,
    shifts,
    summary,
    title,
)
from .layout import Item, Line, Run, Style, item_lines, paragraph
from .text import printed
from .wording import counted, signed

SHOWN = 20
"""Entries of a list on a terminal; the other formats have all of them."""
PARTS = 3
"""Parts of a score that are told where the recommendation stays."""
PROBLEMS = 5
"""Problems of one file that are told on a terminal."""
NUMBER = 9
"""Columns of a number of points."""


def render(impact: Impact, *, width: int = 100, colour: bool = False) -> str:
    """The whole study in lines of at most `width` columns."""
    return printed(_lines(cleaned(impact), width), colour)


def _lines(impact: Impact, columns: int) -> Iterator[Line]:
    yield from paragraph((Run(title(impact), Style.TITLE),), columns)
    yield from paragraph((Run(summary(impact)),), columns)
    for note in impact.notes:
        yield from paragraph((Run(f"Note: {note}.", Style.ASIDE),), columns)
    called, edits = names(impact), Numbered.of(impact)
    for label, lines in (
        ("From which verdict (rows) to which (columns)", _matrix(impact)),
        ("Edits that could change a score or a verdict", _edits(edits, columns)),
        ("Recommendations that change", _changed(impact, edits, called, columns)),
        ("Scores that change, the recommendation being the same", _shifted(impact, edits, called, columns)),
        ("Closest to another verdict among those that stay", _closest(impact, called, columns)),
        ("Not evaluable", _problems(impact, called, columns)),
    ):
        found = list(lines)
        if found:
            yield from ((), (Run(label, Style.LABEL),), *found)
    method = method_words(impact)
    if method:
        yield ()
        yield from paragraph((Run(method, Style.ASIDE),), columns)


def _matrix(impact: Impact) -> Iterator[Line]:
    found = matrix(impact)
    if not impact.changed:
        return
    wide = max(width(verdict) for verdict in found.titles)
    heads = "".join(padded(str(n), 6, right=True) for n in range(1, len(found.titles) + 1))
    yield (Run(f"  {padded('', wide + 3)}{heads}", Style.ASIDE),)
    for n, before in enumerate(found.titles, 1):
        counts = [found.counts.get((before, after), 0) for after in found.titles]
        cells = "".join(padded(str(count) if count else ".", 6, right=True) for count in counts)
        yield (Run(f"  {padded(str(n), 2)} {padded(before, wide)}{cells}"),)


def _entry(text: str, columns: int, lead: str = "  ", style: Style = Style.PLAIN) -> Iterator[Line]:
    return item_lines(Item((Run(text, style),), (Run(lead),)), columns)


def _more(entries: Sequence[object], columns: int) -> Iterator[Line]:
    """How many entries are left out."""
    if len(entries) > SHOWN:
        yield from _entry(f"and {len(entries) - SHOWN} more; -f markdown and -f json have all of them", columns)


def _edits(edits: Numbered, columns: int) -> Iterator[Line]:
    for n, one in enumerate(edits.edits[:SHOWN], 1):
        first, *others = one.edit.changes
        yield from _entry(sentence(first), columns, f"{padded(str(n), 4, right=True)}  ")
        for change in others:
            yield from _entry(f"with {sentence(change)}", columns, " " * 6)
        yield from _entry(edit_effect(one), columns, " " * 6, Style.ASIDE)
    yield from _more(edits.edits, columns)


def _changed(impact: Impact, edits: Numbered, called: Mapping[str, str], columns: int) -> Iterator[Line]:
    found = impact.having(Effect.VERDICT, Effect.MOVE)
    for one in found[:SHOWN]:
        said = f"{called[one.file]}: {answer_words(one.before)} -> {answer_words(one.after)}; {score_words(one)}"
        yield from _entry(said, columns)
        for edit, points in parts(one):
            yield from _entry(edits.name(edit), columns, padded(points, NUMBER, right=True) + "  ")
        for words in edits.turning(one):
            yield from _entry(words, columns, "    ", Style.ASIDE)
    yield from _more(found, columns)


def _shifted(impact: Impact, edits: Numbered, called: Mapping[str, str], columns: int) -> Iterator[Line]:
    found, spread = shifted(impact), shifts(impact)
    if not found:
        return
    if spread is not None:
        low, middle, high = (signed(value, 1) for value in spread)
        yield from _entry(f"all clients with a score: from {low} to {high} points, the middle one {middle}", columns)
    for one in found[:SHOWN]:
        said = f"{called[one.file]}, {score_words(one)}{_told(one, edits)}"
        yield from _entry(said, columns, padded(shift_words(one), NUMBER, right=True) + "  ")
    yield from _more(found, columns)


def _told(client: ClientImpact, edits: Numbered) -> str:
    """The largest parts of a shift, after a colon."""
    found = parts(client)
    said = [f"{points} {edits.name(edit)}" for edit, points in found[:PARTS]]
    rest = [f"{counted(len(found) - PARTS, 'smaller part')}"] if len(found) > PARTS else []
    return f": {', '.join((*said, *rest))}" if said else ""


def _closest(impact: Impact, called: Mapping[str, str], columns: int) -> Iterator[Line]:
    for one in closest(impact):
        yield from _entry(f"{called[one.file]}: {answer_words(one.after)}; {closest_words(one)}", columns)


def _problems(impact: Impact, called: Mapping[str, str], columns: int) -> Iterator[Line]:
    for one, side, found in problems(impact):
        yield from _entry(f"{called[one.file]} {side}:", columns)
        for problem in found[:PROBLEMS]:
            yield from _entry(problem_line(problem), columns, "    ", Style.ASIDE)
        if len(found) > PROBLEMS:
            yield from _entry(f"and {len(found) - PROBLEMS} more", columns, "    ", Style.ASIDE)

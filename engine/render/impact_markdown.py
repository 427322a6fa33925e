"""What a change of policy does to clients, to paste into a pull request: what changes first, the details folded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..impact.study import ClientImpact, Impact
from .change_words import sentence
from .clean import cleaned
from .diff_markdown import bullets_of, folded
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
from .markup import bullets, escaped, heading, opening, strong, table
from .wording import counted, signed


def render(impact: Impact) -> str:
    """The study as a document; nothing that a file holds can become markup in it."""
    safe = cleaned(impact)
    return "\n\n".join(block for block in _blocks(safe, names(safe), Numbered.of(safe)) if block) + "\n"


def _blocks(impact: Impact, called: Mapping[str, str], edits: Numbered) -> Iterator[str]:
    yield heading(3, f"Impact: {title(impact)}")
    yield strong(summary(impact))
    yield "\n".join(f"> {opening(note)}." for note in impact.notes)
    yield _changed(impact, called)
    yield _edit_table(edits)
    yield from _details(impact, called, edits)
    yield escaped(method_words(impact))


def _changed(impact: Impact, called: Mapping[str, str]) -> str:
    rows = [
        (called[one.file], answer_words(one.before), answer_words(one.after), shift_words(one))
        for one in impact.changed
    ]
    return table(("client", "was", "is", "score"), rows, right=(3,))


def _edit_table(edits: Numbered) -> str:
    rows = [
        (str(n), "; ".join(sentence(change) for change in one.edit.changes), edit_effect(one))
        for n, one in enumerate(edits.edits, 1)
    ]
    return table(("edit", "what", "effect"), rows, right=(0,))


def _details(impact: Impact, called: Mapping[str, str], edits: Numbered) -> Iterator[str]:
    told = [one for one in impact.changed if one.attribution is not None]
    for heading_of, lines in (
        ("Why each recommendation changes", [_why(one, called, edits) for one in told]),
        ("Scores that change, the recommendation being the same", _shift_lines(impact, called, edits)),
        ("Closest to another verdict among those that stay", _closest(impact, called)),
        ("Not evaluable", _problems(impact, called)),
    ):
        body = "\n".join(lines)
        if body:
            yield folded(heading_of, body)
    if impact.changed:
        yield folded("From which verdict to which", _matrix(impact))
    if impact.changes:
        yield folded(counted(len(impact.changes), "change"), bullets_of(impact.changes))


def _why(one: ClientImpact, called: Mapping[str, str], edits: Numbered) -> str:
    lines = [f"- {strong(called[one.file])}: {escaped(score_words(one))}"]
    lines += [f"  - {escaped(f'{points} {edits.name(edit)}')}" for edit, points in parts(one)]
    lines += [f"  - {escaped(words)}" for words in edits.turning(one)]
    return "\n".join(lines)


def _shift_lines(impact: Impact, called: Mapping[str, str], edits: Numbered) -> list[str]:
    rows = [
        (
            called[one.file],
            score_words(one).removeprefix("score "),
            shift_words(one),
            ", ".join(f"{points} {edits.name(edit)}" for edit, points in parts(one)),
        )
        for one in shifted(impact)
    ]
    spread = shifts(impact)
    if not rows or spread is None:
        return [table(("client", "score", "shift", "made of"), rows, right=(2,))] if rows else []
    low, middle, high = (signed(value, 1) for value in spread)
    said = f"All clients with a score: from {low} to {high} points, the middle one {middle}."
    return [f"{escaped(said)}\n", table(("client", "score", "shift", "made of"), rows, right=(2,))]


def _closest(impact: Impact, called: Mapping[str, str]) -> list[str]:
    return [
        bullets([f"{called[one.file]}: {answer_words(one.after)}; {closest_words(one)}"]) for one in closest(impact)
    ]


def _problems(impact: Impact, called: Mapping[str, str]) -> list[str]:
    return [
        "\n".join((f"- {escaped(f'{called[one.file]} {side}')}", *(f"  - {escaped(problem_line(p))}" for p in found)))
        for one, side, found in problems(impact)
    ]


def _matrix(impact: Impact) -> str:
    found = matrix(impact)
    # an empty title would make a column without a name
    titles = ("was, and is in the columns", *(escaped(verdict) for verdict in found.titles))
    rows = [
        (before, *(str(found.counts.get((before, after), "")) for after in found.titles)) for before in found.titles
    ]
    return table(titles, rows, right=range(1, len(titles)))

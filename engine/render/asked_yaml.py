"""A questionnaire as the file that a client fills in: docs/language.md, section 5."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import wrap

from ..questionnaire import Asked, Questionnaire
from .asked_words import NOBODY, differing, effect, look
from .clean import cleaned

COLUMNS = 110
HEAD = """\
# {title}
#
# Write each answer behind `value:`, who says so behind `by:`, and the day behind `on:`, as year-month-day. Whoever answers
# all of them may write `by:` and `on:` once, here above. What stays empty is not answered.
#   only roughly known    value: [10, 20]
#   nobody knows          value: don't know
#   more to say           add a line  note: ...  or  source: ...
"""


def render(sheet: Questionnaire, modeline: str = "") -> str:
    """A new file, every question over an entry with an empty value."""
    safe = cleaned(sheet)
    whose = f" for {safe.party}" if safe.party else ""
    title = f"Questions to {safe.company}{whose}, {safe.as_of}, by who would know"
    schema = f"# yaml-language-server: $schema={modeline}\n" if modeline else ""
    head = f"{schema}{HEAD.format(title=title)}"
    party = f"from: {_scalar(safe.party)}\n" if safe.party else ""
    body = "".join(entries(safe, safe.questions)) or "  {}\n"
    return f"{head}{party}by:\non:\n\nanswers:\n\n{body.rstrip()}\n"


def entries(
    sheet: Questionnaire, questions: Sequence[Asked], indent: int = 2, added: str = "", first: int = 1
) -> Iterator[str]:
    """The entries of some questions by who would know, each with a blank line behind it; `added` says when they were.

    They are numbered from `first` as they stand in the file, whatever their rank.
    """
    margin = " " * indent
    people = dict.fromkeys(question.who for question in questions)
    ordered = [question for who in people for question in questions if question.who == who]
    numbers = {question.fact: number for number, question in enumerate(ordered, first)}
    for who, of_one in groupby(ordered, key=lambda question: question.who):
        yield f"{margin}# ---- {who or NOBODY}{added} ----\n\n"
        for question in of_one:
            yield "".join(f"{margin}{line}\n" for line in _entry(question, sheet, numbers)) + "\n"


def _entry(question: Asked, sheet: Questionnaire, numbers: Mapping[str, int]) -> Iterator[str]:
    lead = f"# {numbers[question.fact]}. "
    yield from wrap(question.ask, COLUMNS, initial_indent=lead, subsequent_indent="#    ", break_long_words=False)
    together = [f"{numbers[fact]}." if fact in numbers else f"`{fact}`" for fact in question.with_facts]
    told = (
        ("said so far: ", differing(question)),
        ("write: ", question.write),
        ("look: ", look(question)),
        ("brings: ", effect(question, sheet, together)),
    )
    for label, text in told:
        if text:
            yield from wrap(
                text, COLUMNS, initial_indent=f"#    {label}", subsequent_indent="#      ", break_long_words=False
            )
    yield f"{question.fact}:"
    yield from ("  value:", "  by:", "  on:")


def _scalar(text: str) -> str:
    """A text in quotes, where it does not read as itself."""
    plain = (
        text.replace(" ", "").isalpha() and text.isascii() and text.lower() not in ("true", "false", "null", "unknown")
    )
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return text if plain else f'"{escaped}"'

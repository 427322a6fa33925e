"""New questions put into a file of answers that is there: what it holds, answers and comments, stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from .diagnostics import Diagnostic, LoadError, SchemaError
from .document import Fields, Node, parse, plain
from .fields import entries, get
from .questionnaire import Asked
from .schema import validate
from .testimony import is_answered

_KEYS = frozenset({"from", "by", "on", "answers"})

_NUMBER = re.compile(r"^ *# ([0-9]{1,4})\. ", re.MULTILINE)

Entries = Callable[[Sequence[Asked], int, int], str]
"""The text of the entries of some questions, indented by so many columns and numbered from the last."""


def waiting(documents: Mapping[str, Node]) -> dict[str, str]:
    """The facts that files of answers ask for and nobody has answered there, each with the first file that does; others have none."""
    found: dict[str, str] = {}
    for name, node in documents.items():
        if isinstance(node, Fields) and node.fields.keys() <= _KEYS:
            for fact, _, entry in entries(node, "answers"):
                if not is_answered(entry):
                    found.setdefault(fact, name)
    return found


def extended(data: bytes, name: str, questions: Sequence[Asked], written: Entries) -> tuple[str | None, int]:
    """The text of a file of answers with the questions that it has not yet at its end, and how many they are; None: none.

    Raises LoadError where the file cannot be read or is not written in a way that can be added to, SchemaError where it is no
    file of answers.
    """
    node = parse(data, name)
    if not isinstance(node, Fields) or not node.fields.keys() <= _KEYS:
        hint = "name another file, or one that `steelyard ask -o` wrote"
        raise LoadError(
            [Diagnostic("file-exists", f"`{name}` is there already, and is no file of answers", None, hint)]
        )
    problems = validate(node, "answers")
    if problems:
        raise SchemaError(problems)
    answers = get(node, "answers")
    there = answers.fields if isinstance(answers, Fields) else {}
    new = [question for question in questions if question.fact not in there]
    if not new:
        return None, 0
    text = data.decode("utf-8").replace("\r\n", "\n").rstrip()
    indent = min((answers.keys[key].column - 1 for key in there), default=2) if isinstance(answers, Fields) else 2
    last = max([len(there), *map(int, _NUMBER.findall(text))])
    result = f"{text}\n\n{written(new, indent, last + 1).rstrip()}\n"
    _prove(node, result, name, new)
    return result, len(new)


def _prove(before: Node, text: str, name: str, new: Sequence[Asked]) -> None:
    """Raises LoadError where the text would not be read as the same answers with new entries."""
    try:
        after = plain(parse(text, name))
    except LoadError:
        after = None
    wanted = plain(before)
    if isinstance(wanted, dict) and isinstance(answers := wanted.get("answers"), dict):
        empty: dict[str, object] = {"value": None, "by": None, "on": None}
        expected = {**wanted, "answers": {**answers, **{question.fact: empty for question in new}}}
        if after == expected:
            return
    hint = "write the new questions to another file, and name both in `answers:` of the company's file"
    message = f"`{name}` is written so that questions cannot be added at its end"
    raise LoadError([Diagnostic("answers-not-extended", message, None, hint)])

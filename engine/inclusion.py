"""The files of answers that a company's file names: read, shaped, and put beside its document."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from os.path import normpath, sep
from pathlib import Path

from .diagnostics import Diagnostic, SteelyardError
from .document import Fields, Items, Node, Value
from .fields import get, scalar_text
from .place import Place
from .schema import validate
from .textfile import NOT_THERE, is_file

KEY = "answers"
NOT_A_DATE = "not-a-date"
WRITES_IT = "take the name out until the file is there: `steelyard ask -o` writes it"


def named(node: Node) -> tuple[Value, ...]:
    """What `answers:` of a company's document names: one file or several; none where it has not the shape of that."""
    found = get(node, KEY)
    given = found.items if isinstance(found, Items) else (found,)
    return tuple(one for one in given if isinstance(one, Value) and isinstance(one.value, str) and one.value)


def included(node: Node, home: Place) -> Node:
    """A company's document with the answers that it names, which lie in its folder; `home` is the place of its file.

    What is wrong with the names and with the files is kept with it, to be told with what is wrong with values: `amiss`.
    """
    problems: list[Diagnostic] = []
    found: list[Fields] = []
    seen: dict[Hashable, Value] = {}
    for name in named(node):
        problems += _misplaced(name, home, seen) or _taken(name, home, found)
    return replace(node, beside=tuple(found), amiss=tuple(problems)) if isinstance(node, Fields) else node


def misshapen(node: Node) -> tuple[Diagnostic, ...]:
    """What is wrong with the shape of a company's document, and then also with the files that it names; none where its shape is right."""
    problems = validate(node, "company")
    return (*problems, *amiss(node)) if problems else ()


def amiss(node: Node) -> tuple[Diagnostic, ...]:
    """What is wrong with the files that a company's document names."""
    return node.amiss if isinstance(node, Fields) else ()


def on_disk(file: Path) -> Place:
    """The place of a company's file that lies in no commit."""
    return Place(file, file.as_posix())


def _misplaced(name: Value, home: Place, seen: dict[Hashable, Value]) -> list[Diagnostic]:
    """What is wrong with a name before its file is opened."""
    text = scalar_text(name)
    try:
        outside = _is_outside(text, home)
        identity = text if outside else home.beside(text).identity
    except (OSError, ValueError, RuntimeError):
        return [Diagnostic("not-readable", f"cannot read `{text[:60]}`", name.span, "check its name")]
    if outside:
        message = f"`{text[:60]}` lies outside the folder of the company"
        return [Diagnostic("outside-folder", message, name.span, "copy the file into the folder")]
    if identity in seen:
        message = f"`{text[:60]}` is named twice, first on line {seen[identity].span.line}"
        return [Diagnostic("answers-twice", message, name.span, "delete one of the two")]
    seen[identity] = name
    return []


def _is_outside(text: str, home: Place) -> bool:
    if home.revision is None:
        folder = home.path.parent
        return not (folder / text).resolve().is_relative_to(folder.resolve())
    return Path(text).is_absolute() or normpath(text).partition(sep)[0] == ".."


def _taken(name: Value, home: Place, found: list[Fields]) -> tuple[Diagnostic, ...]:
    """Read one file; what is wrong with it, and nothing where it joined the others."""
    try:
        node = home.beside(scalar_text(name)).read()
    except SteelyardError as error:
        return tuple(_with_place(error.diagnostics, name))
    problems = validate(node, "answers")
    if isinstance(node, Fields):
        found.append(_readable(node, problems))
    return problems


def _readable(document: Fields, problems: Sequence[Diagnostic]) -> Fields:
    """A file of answers without the entries whose shape is wrong, so that what is wrong with the others is told as well.

    A date that is none keeps no value from being read.
    """
    answers = get(document, KEY)
    if not isinstance(answers, Fields):
        return replace(document, fields={key: node for key, node in document.fields.items() if key != KEY})
    lines = {one.span.line for one in problems if one.span is not None and one.code != NOT_A_DATE}
    right = {
        name: node
        for name, node in answers.fields.items()
        if lines.isdisjoint(range(answers.keys[name].line, max(node.span.line, node.span.end_line) + 1))
    }
    return replace(document, fields={**document.fields, KEY: replace(answers, fields=right)})


def _with_place(diagnostics: tuple[Diagnostic, ...], name: Value) -> Iterator[Diagnostic]:
    """A file that is not there is a problem of the line that names it."""
    for one in diagnostics:
        hint = WRITES_IT if one.hint == NOT_THERE else one.hint
        yield one if one.span is not None else replace(one, span=name.span, hint=hint)


def is_named(node: Node, folder: Path, file: Path) -> bool:
    """Whether a company's document names a file of answers."""
    wanted = file.resolve()
    return any(is_file(folder / text) and (folder / text).resolve() == wanted for text in map(scalar_text, named(node)))

"""The files of answers that a company's file names: read, shaped, and put beside its document."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from os.path import normpath, sep
from pathlib import Path

from .diagnostics import Diagnostic, FactError, SteelyardError
from .document import Fields, Items, Node, Value
from .fields import get, scalar_text
from .place import Place
from .schema import validate
from .textfile import NOT_THERE, is_file

KEY = "answers"
WRITES_IT = "take the name out until the file is there: `steelyard ask -o` writes it"


def named(node: Node) -> tuple[Value, ...]:
    """What `answers:` of a company's document names: one file or several; none where it has not the shape of that."""
    found = get(node, KEY)
    given = found.items if isinstance(found, Items) else (found,)
    return tuple(one for one in given if isinstance(one, Value) and isinstance(one.value, str) and one.value)


def included(node: Node, home: Place) -> Node:
    """A company's document with the answers that it names, which lie in its folder; `home` is the place of its file.

    Raises FactError with everything that is wrong with the names and with the files.
    """
    problems: list[Diagnostic] = []
    found: list[Fields] = []
    seen: dict[Hashable, Value] = {}
    for name in named(node):
        problems += _misplaced(name, home, seen) or _taken(name, home, found)
    if problems:
        raise FactError(problems)
    return replace(node, beside=tuple(found)) if isinstance(node, Fields) and found else node


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
    if not problems and isinstance(node, Fields):
        found.append(node)
    return problems


def _with_place(diagnostics: tuple[Diagnostic, ...], name: Value) -> Iterator[Diagnostic]:
    """A file that is not there is a problem of the line that names it."""
    for one in diagnostics:
        hint = WRITES_IT if one.hint == NOT_THERE else one.hint
        yield one if one.span is not None else replace(one, span=name.span, hint=hint)


def is_named(node: Node, folder: Path, file: Path) -> bool:
    """Whether a company's document names a file of answers."""
    wanted = file.resolve()
    return any(is_file(folder / text) and (folder / text).resolve() == wanted for text in map(scalar_text, named(node)))

"""The files that `fmt` is about: those that are named, and of a folder those that are ours."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..diagnostics import Diagnostic, LoadError
from ..textfile import bytes_of, is_dir
from ..writing import update_file
from .form import formatted

_OURS = re.compile(
    rb"^(?:\xef\xbb\xbf)?(policyset|indicator|company|facts|scenarios|codes|answers)[ \t]*:", re.MULTILINE
)
_BESIDES = {
    b"policyset": b"title",
    b"indicator": b"title",
    b"company": b"facts",
    b"facts": b"type",
    b"scenarios": b"",
    b"codes": b"phrases",
    b"answers": b"by",
}
"""What else stands in a file that is ours, so that one of another program is not taken for it."""


@dataclass(frozen=True, slots=True)
class Form:
    """A file as it was and in its canonical form."""

    name: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


def form_of(data: bytes, name: str) -> Form:
    """What is read as `name` in its canonical form. Raises LoadError."""
    after = formatted(data, name)
    return Form(name, data.decode("utf-8"), after)


def format_files(paths: Iterable[str], write: bool) -> tuple[tuple[Form, ...], tuple[Diagnostic, ...]]:
    """Every file of some paths that has a canonical form, and what is wrong with the others. `write` also writes them."""
    forms: list[Form] = []
    problems: list[Diagnostic] = []
    for path in policy_files(paths):
        try:
            forms.append(update_file(path, partial(_change, path.as_posix(), write)))
        except LoadError as error:
            problems += error.diagnostics
    return tuple(forms), tuple(problems)


def _change(name: str, write: bool, data: bytes) -> tuple[str | None, Form]:
    form = form_of(data, name)
    return form.after if write else None, form


def policy_files(paths: Iterable[str]) -> tuple[Path, ...]:
    """The files named, and every policy set, catalogue, indicator, company and scenario file in the folders named, each once.

    Folders are searched to the bottom, except hidden ones and links. A file that is named is taken whatever it is. Raises
    LoadError where a folder cannot be read.
    """
    found = [file for path in paths for file in (_inside(Path(path)) if is_dir(Path(path)) else (Path(path),))]
    return tuple({os.path.realpath(file): file for file in reversed(found)}.values())[::-1]


def _inside(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder, onerror=_unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent) / name
            if path.suffix in (".yaml", ".yml") and path.is_file() and _is_ours(path):
                yield path


def _unreadable(error: OSError) -> None:
    reason = (error.strerror or "unknown reason").lower()
    message = f"cannot read `{Path(error.filename).as_posix()}`: {reason}"
    raise LoadError([Diagnostic("not-readable", message, None, "check the permissions of the folder")])


def _is_ours(path: Path) -> bool:
    """Whether a file has the keys of one of ours; one that cannot be parsed may be ours as well."""
    data = bytes_of(path, path.as_posix())
    key = _OURS.search(data)
    return key is not None and re.search(rb"\b" + _BESIDES[key[1]], data) is not None

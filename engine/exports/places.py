"""Where the exports lie: inside the client's folder, regular files of a size that can be read."""

from __future__ import annotations

import stat
from itertools import islice
from pathlib import Path

from ..diagnostics import Diagnostic, SourceError, Span, did_you_mean
from .prepared import problem

MAX_FILE = 4_000_000_000


def locate(folder: Path, name: str, place: Span) -> Path:
    """The file of a name in the client's folder. Raises SourceError."""
    try:
        return _located(folder.resolve(), name, place)
    except (OSError, ValueError, RuntimeError):
        raise SourceError(
            [problem("not-readable", f"cannot read `{name}`", place, "check its name and permissions")]
        ) from None


def _located(folder: Path, name: str, place: Span) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        message = f"`{name}` lies outside the folder of the company"
        raise SourceError([problem("outside-folder", message, place, "copy the file into the folder")])
    if not path.exists():
        raise SourceError([_absent(folder, name, place)])
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise SourceError([problem("not-readable", f"`{name}` is not a regular file", place, "name a file")])
    if not status.st_size:
        raise SourceError([problem("empty-file", f"`{name}` is empty", place, "export it again, or delete the entry")])
    if status.st_size > MAX_FILE:
        message = f"`{name}` has {status.st_size / 1e9:.1f} GB; the limit is {MAX_FILE / 1e9:.0f} GB"
        raise SourceError([problem("too-large", message, place, "export only the columns that are needed")])
    with path.open("rb"):
        return path


def _absent(folder: Path, name: str, place: Span) -> Diagnostic:
    known = [path.relative_to(folder).as_posix() for path in islice(folder.rglob("*"), 1000) if path.is_file()]
    hint = did_you_mean(name, known) or "names are relative to the folder of the company's file"
    return problem("file-missing", f"there is no file `{name}` in the folder of the company", place, hint)

"""Writing files whole or not at all, and never over what is there without being asked."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from errno import EINVAL
from os.path import lexists
from pathlib import Path

from .diagnostics import Diagnostic, LoadError


def write_file(path: Path, text: str) -> None:
    """Put a text into a file: through a temporary one beside it, so that a full disk leaves the old file as it was.

    What is no regular file (a pipe, a device) is written to directly. Raises LoadError where that cannot be done.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            _replace(path, text)
    except OSError as error:
        raise LoadError([cannot_write(path.as_posix(), error)]) from None


def append_file(path: Path, text: str) -> None:
    """Put a text at the end of a file, which need not be there yet. Raises LoadError where that cannot be done."""
    try:
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
    except (OSError, ValueError) as error:
        reason = error if isinstance(error, OSError) else OSError(EINVAL, "it holds something else than text")
        raise LoadError([cannot_write(path.as_posix(), reason)]) from None
    write_file(path, before + text)


def _replace(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        # also on Ctrl-C: a half-written file helps nobody
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    """The permissions that the environment withholds from new files; it can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def replace_if_unchanged(path: Path, before: bytes, text: str) -> None:
    """Put a text into a file that still holds what was read from it. Raises LoadError where somebody else changed it since."""
    try:
        now = path.read_bytes()
    except OSError as error:
        raise LoadError([cannot_write(path.as_posix(), error)]) from None
    if now != before:
        hint = "nothing was written; run the command again"
        message = f"`{path.as_posix()}` was changed by somebody else in the meantime"
        raise LoadError([Diagnostic("changed-meanwhile", message, None, hint)])
    write_file(path, text)


def write_new(path: Path, text: str) -> None:
    """Put a text into a file that does not exist yet. Raises LoadError where it does."""
    if lexists(path):
        hint = "choose another name, or remove the file first"
        raise LoadError([Diagnostic("file-exists", f"`{path.as_posix()}` is there already", None, hint)])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LoadError([cannot_write(path.as_posix(), error)]) from None
    write_file(path, text)


def write_all_new(files: Mapping[Path, str]) -> tuple[Path, ...]:
    """Put texts into files that do not exist yet; answers which. Raises LoadError where one does, and then writes none."""
    hint = "choose another name, or remove the file first"
    existing = [path for path in files if lexists(path)]
    if existing:
        raise LoadError(Diagnostic("file-exists", f"`{p.as_posix()}` is there already", None, hint) for p in existing)
    for path, text in files.items():
        write_new(path, text)
    return tuple(files)


def cannot_write(name: str, error: OSError) -> Diagnostic:
    """What to say when the system refuses to write."""
    reason = (error.strerror or "it failed").lower()
    hint = "check the folder, its permissions and the space on the disk"
    return Diagnostic("cannot-write", f"cannot write `{name}`: {reason}", None, hint)

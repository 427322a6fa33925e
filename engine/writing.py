"""Writing files whole or not at all, never over what is there without being asked, and never over what somebody else wrote."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from errno import EACCES, EINVAL, ENOENT
from os.path import lexists
from pathlib import Path
from time import sleep
from typing import TypeVar

from .diagnostics import Diagnostic, LoadError
from .textfile import bytes_of

if sys.platform != "win32":
    import fcntl

Result = TypeVar("Result")

ATTEMPTS = 3
"""How often a change is worked out anew when the file has changed under it."""
PATIENCE = 200
"""Tries to get the lock of a folder, `PAUSE` seconds apart."""
PAUSE = 0.05


def write_file(path: Path, text: str) -> None:
    """Put a text into a file: through a temporary one beside it, so that a full disk leaves the old file as it was.

    What is no regular file (a pipe, a device) is written to directly; a link stays, and what it leads to is written. Raises
    LoadError where that cannot be done, also over a file that is write-protected.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            _replace(Path(os.path.realpath(path)), text)
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
    if path.exists() and not (os.access(path, os.W_OK) and path.stat().st_mode & 0o222):
        # a folder that can be written to would let it be replaced all the same
        raise PermissionError(EACCES, "the file is write-protected")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
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


def update_file(path: Path, change: Callable[[bytes], tuple[str | None, Result]]) -> Result:
    """Rewrite a file: `change` is given what it holds and answers the new text (None: leave it) and a result to hand on.

    The folder is locked against other runs of this program from reading to writing. Nothing stops an editor, so the file is
    compared once more before it is replaced; where it has changed, `change` is asked again with what it holds now. What remains
    is the moment between that look and the replacement. Raises LoadError, also where the file keeps changing.
    """
    name = path.as_posix()
    for _ in range(ATTEMPTS):
        with _locked(Path(os.path.realpath(path)).parent):
            before = bytes_of(path, name)
            text, result = change(before)
            if text is None or text.encode("utf-8") == before:
                return result
            if bytes_of(path, name) == before:
                write_file(path, text)
                return result
    raise LoadError([_changed_meanwhile(name)])


def replace_if_unchanged(path: Path, before: bytes, text: str) -> None:
    """Put a text into a file that still holds what was read from it. Raises LoadError where somebody else changed it since."""
    with _locked(Path(os.path.realpath(path)).parent):
        if bytes_of(path, path.as_posix()) != before:
            raise LoadError([_changed_meanwhile(path.as_posix())])
        write_file(path, text)


def _changed_meanwhile(name: str) -> Diagnostic:
    message = f"`{name}` was changed by somebody else in the meantime"
    return Diagnostic("changed-meanwhile", message, None, "nothing was written; run the command again")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other runs of this program from writing in a folder. The file itself cannot be locked: replacing it makes another.

    The lock ends with the process. Where the system has none, or none on this disk, there is none.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        # Windows opens no folders; what else is wrong with it, reading the file will say
        handle = None
    try:
        if handle is not None:
            _lock(handle, folder)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    """Wait for the lock of a folder. Raises LoadError where another run keeps it."""
    if sys.platform == "win32":
        return
    for _ in range(PATIENCE):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sleep(PAUSE)
        except OSError:
            return
        else:
            return
    message = f"another run of steelyard keeps writing in `{folder.as_posix()}`"
    raise LoadError([Diagnostic("folder-locked", message, None, "wait until it has ended; nothing was written")])


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
    if error.errno == ENOENT:
        hint = "make the folder first, or choose one that is there"
    return Diagnostic("cannot-write", f"cannot write `{name}`: {reason}", None, hint)

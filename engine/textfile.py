"""From a path to the text of a file, within bounds: a regular file, at most 5 MB, UTF-8, no control characters."""

from __future__ import annotations

import math
import re
import stat
from itertools import islice
from pathlib import Path
from typing import NoReturn

from .diagnostics import Diagnostic, LoadError, Span, did_you_mean

MAX_BYTES = 5_000_000


NOT_THERE = "check its name and its folder"
"""The hint where no file of a name like it is there."""


def bytes_of(path: Path, name: str) -> bytes:
    """What a file holds, at most one byte more than the limit. `name` is what messages call it. Raises LoadError."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            refuse("is-a-directory", f"`{name}` is a folder", None, "name a file in it")
        if not stat.S_ISREG(status.st_mode):
            # a pipe or a device may never end
            refuse("not-readable", f"`{name}` is not a regular file", None, "save the data to a file first")
        check_size(status.st_size, name)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        refuse("file-missing", f"there is no file `{name}`", None, did_you_mean(path.name, _beside(path)) or NOT_THERE)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        refuse("not-readable", f"cannot read `{name}`: {reason}", None, "check the permissions of the file")
    except ValueError:
        refuse("file-missing", "the name of the file contains a character that no file name can have", None, "")


def is_file(path: Path) -> bool:
    """Whether there is a regular file; a path that no file system can hold is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_dir(path: Path) -> bool:
    """Whether there is a folder; a path that no file system can hold is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _beside(path: Path) -> list[str]:
    """Names of the folder the path should be in; a thousand are enough to guess from."""
    try:
        return [other.name for other in islice(path.parent.iterdir(), 1000)]
    except OSError:
        return []


def check_size(size: int, name: str) -> None:
    """Raises LoadError for a file of more than 5 MB; `size` is in bytes."""
    if size > MAX_BYTES:
        refuse(
            "too-large",
            f"the file has {math.ceil(size / 1e5) / 10:g} MB; the limit is 5 MB",
            Span(name),
            "split it, or leave out what is not needed",
        )


def text_of(source: str | bytes, name: str) -> str:
    """The text of a source that is small enough, in UTF-8 and free of control characters. Raises LoadError."""
    data = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    check_size(len(data), name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        refuse("not-utf8", "the file is in UTF-16, not in UTF-8", Span(name), "save it as UTF-8")
    if b"\0" in data:
        refuse("binary-file", "the file is not a text file", Span(name), "give a YAML file, which is plain text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        refuse(
            "not-utf8",
            f"the file is not in UTF-8: it contains the byte 0x{data[error.start]:02x}",
            _place_after(before, "", name),
            "save it as UTF-8",
        )
    _check_characters(text, name)
    return text


# YAML 1.2.2, section 5.1, turned round
_NOT_ALLOWED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _check_characters(text: str, name: str) -> None:
    found = _NOT_ALLOWED.search(text)
    if found:
        span = _place_after(text[: found.start()], text[found.start() :], name)
        refuse("yaml-syntax", f"the character U+{ord(found[0]):04X} is not allowed", span, "delete it")


def _place_after(before: str, rest: str, name: str) -> Span:
    lines = before.splitlines() or [""]
    if before.endswith(("\n", "\r", "\x85", "\u2028", "\u2029")):
        lines.append("")
    line, column = len(lines), len(lines[-1]) + 1
    return Span(name, line, column, line, column + 1, lines[-1] + (rest.splitlines() or [""])[0])


def refuse(code: str, message: str, span: Span | None, hint: str) -> NoReturn:
    """End the reading of a file with one problem, a LoadError."""
    raise LoadError([Diagnostic(code, message, span, hint)])

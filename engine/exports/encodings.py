"""In which encoding a file is, and how it looks in others where it is not in UTF-8."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

ENCODINGS = MappingProxyType(
    {
        "utf-8": "utf-8-sig",
        "utf-16": "utf-16",
        "windows-1250": "cp1250",
        "windows-1251": "cp1251",
        "windows-1252": "cp1252",
        "windows-1253": "cp1253",
        "windows-1254": "cp1254",
        "iso-8859-1": "latin-1",
        "iso-8859-2": "iso8859-2",
        "iso-8859-15": "iso8859-15",
        "mac-roman": "mac-roman",
        "cp437": "cp437",
        "cp850": "cp850",
        "shift-jis": "cp932",
        "gb18030": "gb18030",
    }
)
"""The names that may be written, and what Python calls them."""

UTF_8 = "utf-8"
_WORD = re.compile(rb"[^\s,;|\"\t]*\Z"), re.compile(rb"[^\s,;|\"\t]*")
_CHUNK = 1 << 20
_MAX_LINE = 16 << 20
_TAIL = 4096


@dataclass(frozen=True, slots=True)
class Scan:
    """What is wrong with the bytes of a file: the first line that is not UTF-8 and its word that is not, a line that is too long."""

    binary: bool = False
    foreign_line: int = 0
    foreign_byte: int = 0
    foreign_word: bytes = b""
    line_too_long: int = 0


def marked(head: bytes) -> str:
    """The encoding that a byte-order mark names; empty where there is none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return UTF_8 if head.startswith(b"\xef\xbb\xbf") else ""


def is_text(head: bytes) -> bool:
    """Whether the beginning of a file may be text in UTF-8; its last character may be cut off."""
    try:
        getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return b"\0" not in head


def lines(path: Path) -> int:
    """How many lines a file has, empty ones at its end not counted; 0 where its lines do not all end in the same way or it is not text.

    A file that has as many records as lines has one on each line.
    """
    count, returns, pairs, end = 0, 0, 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\0" in chunk:
                return 0
            count += chunk.count(b"\n")
            if b"\r" in chunk or end.endswith(b"\r"):
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n") + (end.endswith(b"\r") and chunk.startswith(b"\n"))
            end = chunk[-_TAIL:] if len(chunk) >= _TAIL else (end + chunk)[-_TAIL:]
    if returns not in (0, count) or returns != pairs:
        return 0
    rest = end[len(end.rstrip(b"\r\n")) :].count(b"\n")
    return count - rest + 1


def scan(path: Path) -> Scan:
    """What is wrong with a file that should be UTF-8."""
    with path.open("rb") as file:
        return _scan(file)


def _scan(file: BinaryIO) -> Scan:
    position = 0
    while chunk := file.read(_CHUNK):
        if not chunk.endswith(b"\n"):
            rest = file.readline(_MAX_LINE)
            if len(rest) == _MAX_LINE:
                return Scan(line_too_long=_lines_before(file, position + len(chunk)) + 1)
            chunk += rest
        if b"\0" in chunk:
            return Scan(binary=True)
        try:
            chunk.decode()
        except UnicodeDecodeError as error:
            return _foreign(chunk, error.start, _lines_before(file, position + error.start) + 1)
        position += len(chunk)
    return Scan()


def _lines_before(file: BinaryIO, position: int) -> int:
    """How many lines end before a position."""
    file.seek(0)
    count = 0
    while position > 0 and (chunk := file.read(min(_CHUNK, position))):
        count += chunk.count(b"\n")
        position -= len(chunk)
    return count


def _foreign(chunk: bytes, start: int, number: int) -> Scan:
    before, after = chunk[max(0, start - 40) : start], chunk[start + 1 : start + 40]
    begin, end = _WORD[0].search(before), _WORD[1].match(after)
    word = (begin[0] if begin else b"") + chunk[start : start + 1] + (end[0] if end else b"")
    return Scan(foreign_line=number, foreign_byte=chunk[start], foreign_word=word)

"""In which encoding a file is, and how it looks in others where it is not in UTF-8."""

from __future__ import annotations

import re
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
_LIKELY = ("windows-1252", "mac-roman")
_WORD = re.compile(rb"[^\s,;|\"\t]*\Z"), re.compile(rb"[^\s,;|\"\t]*")
_CHUNK = 1 << 20
_MAX_LINE = 16 << 20


@dataclass(frozen=True, slots=True)
class Scan:
    """What the bytes of a file show. `simple`: lines and records are the same, so that rows can be counted by lines.

    `foreign` is the first line that is not UTF-8 and what it looks like; `line_too_long` the number of such a line.
    """

    simple: bool = True
    binary: bool = False
    foreign_line: int = 0
    foreign_byte: int = 0
    readings: tuple[tuple[str, str], ...] = ()
    line_too_long: int = 0


def marked(head: bytes) -> str:
    """The encoding that a byte-order mark names; empty where there is none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return UTF_8 if head.startswith(b"\xef\xbb\xbf") else ""


def scan(path: Path) -> Scan:
    """Look at every byte of a file that may be UTF-8, once."""
    with path.open("rb") as file:
        return _scan(file)


def _scan(file: BinaryIO) -> Scan:
    simple, begun_blank, position = True, False, 0
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
        body = chunk.rstrip(b"\r\n")
        # empty lines at the end of a file are nothing to count
        simple = simple and not (begun_blank and body) and _is_simple(body)
        begun_blank = begun_blank or chunk[len(body) :] not in (b"\n", b"\r\n", b"")
        position += len(chunk)
    return Scan(simple)


def _lines_before(file: BinaryIO, position: int) -> int:
    """How many lines end before a position."""
    file.seek(0)
    lines = 0
    while position > 0 and (chunk := file.read(min(_CHUNK, position))):
        lines += chunk.count(b"\n")
        position -= len(chunk)
    return lines


def _is_simple(body: bytes) -> bool:
    """Whether every line is one record: no empty lines, no ends of lines but one kind, no quote over several lines."""
    if body.startswith((b"\n", b"\r")) or b"\n\n" in body or b"\n\r\n" in body:
        return False
    if b"\r" in body and not body.count(b"\r") == body.count(b"\r\n") == body.count(b"\n"):
        return False
    return b'"' not in body or not any(line.count(b'"') & 1 for line in body.split(b"\n"))


def _foreign(chunk: bytes, start: int, number: int) -> Scan:
    before, after = chunk[max(0, start - 40) : start], chunk[start + 1 : start + 40]
    begin, end = _WORD[0].search(before), _WORD[1].match(after)
    word = (begin[0] if begin else b"") + chunk[start : start + 1] + (end[0] if end else b"")
    readings = tuple((name, word.decode(ENCODINGS[name], "replace")) for name in _LIKELY)
    return Scan(foreign_line=number, foreign_byte=chunk[start], readings=readings)

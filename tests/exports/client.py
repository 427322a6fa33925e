"""A client's folder in a test: files by name, and what reading them gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from engine import schema
from engine.diagnostics import Diagnostic, SourceError
from engine.document import parse
from engine.exports.reading import read_sources
from engine.exports.tables import Tables

TODAY = date(2026, 11, 1)
Files = Mapping[str, str | bytes]


def write(folder: Path, files: Files) -> Path:
    """The files, each a text in UTF-8 or bytes as they are."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def tables(folder: Path, sources: str, files: Files, head: str = "currency: EUR") -> Tables:
    """The tables of a company whose `sources:` are these lines. Raises SourceError."""
    node = parse(f"company: Acme\n{head}\nsources:\n{sources}", "company.yaml")
    assert schema.validate(node, "company") == ()
    return read_sources(node, write(folder, files), TODAY)


def said(folder: Path, sources: str, files: Files, head: str = "currency: EUR") -> list[str]:
    """Every problem and warning, as a line each."""
    try:
        with tables(folder, sources, files, head) as read:
            return [line(finding) for finding in read.findings]
    except SourceError as error:
        return [line(diagnostic) for diagnostic in error.diagnostics]


def line(found: Diagnostic) -> str:
    """A problem in one line: how bad, where, what, the code, and what to do."""
    return f"{found.severity}: {found.span}: {found.message} [{found.code}] -> {found.hint}"


def workbook(folder: Path, name: str, **sheets: list[list[object]]) -> None:
    """A workbook with these sheets."""
    book = Workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(folder / name)

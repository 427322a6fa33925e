"""A sheet of a workbook (XLSX), bounded before it is opened; the only module that imports openpyxl.

Formulas are never worked out: the value that was saved with them is read. What a cell shows as a date is a date here, so
nothing has to be guessed about it.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from ..diagnostics import Diagnostic, SourceError, Span, did_you_mean
from .delimited import HEADER_WITHIN
from .prepared import MAX_COLUMNS, Prepared, Sieve, Sought, Tally, matches, problem, write

MAX_FILE = 200_000_000
MAX_UNPACKED = 1_500_000_000
MAX_RATIO = 200
MAX_ROWS = 1_048_576
_SMALL = 10_000_000
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
# what a broken workbook makes openpyxl and the standard library raise
_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, OSError, EOFError,
    KeyError, ValueError, TypeError, IndexError, AttributeError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip

Cells: TypeAlias = Sequence[Any]


def prepare(path: Path, sought: Sought, scratch: Path, place: Span) -> Prepared:
    """The sheet as text that the database can read, in the folder `scratch`. Raises SourceError."""
    raise NotImplementedError

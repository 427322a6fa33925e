"""The exports that a company's file names. Imported only where one names any: reading them takes a database."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from ..company import Company
from ..diagnostics import Diagnostic, SourceError
from ..document import Node
from ..exports.reading import read_sources
from ..exports.tables import Tables
from ..extraction import Extraction, extract, going_on
from ..policy import PolicySet
from .output import WIDTH

AFTER = 1.0
"""Seconds after which a bar is shown."""
_EVERY = 0.1
_CELLS = 30


def open_tables(node: Node, folder: Path, today: date) -> Tables:
    """The canonical tables of a company, with a bar on the terminal while they are read. Raises SourceError."""
    with bar() as shown:
        return read_sources(node, folder, today, shown.told)


@contextmanager
def extracted(
    node: Node, folder: Path, policy: PolicySet, as_of: date | None, assignments: Sequence[str]
) -> Iterator[Extraction]:
    """A company with what its exports say; the tables are there as long as this is open. Raises SourceError and FactError."""
    today = date.today()
    with open_tables(node, folder, today) as tables:
        yield extract(tables, node, policy, as_of, today, assignments)


@contextmanager
def readable(node: Node, folder: Path, as_of: date | None, today: date) -> Iterator[Callable[[PolicySet], Company]]:
    """What reads a company under one policy set after another, from exports that are opened once. Raises SourceError.

    What is yielded raises FactError, and what the taxonomy of its policy set raises.
    """
    with open_tables(node, folder, today) as tables:

        def read(policy: PolicySet) -> Company:
            return extract(tables, node, policy, as_of, today).company

        yield read


def problems(node: Node, folder: Path, today: date) -> tuple[Diagnostic, ...]:
    """Everything that is to be said of the exports of a company."""
    try:
        with open_tables(node, folder, today) as tables:
            return (*going_on(tables, node, today), *tables.findings)
    except SourceError as error:
        return error.diagnostics


@dataclass(slots=True)
class Bar:
    """A line on standard error that says how far something is; nothing before a second, nothing where nobody looks."""

    begun: float
    drawn: float = 0.0

    def told(self, what: str, part: float) -> None:
        """Draw the line again, not more often than can be seen."""
        now = time.monotonic()
        if now - self.begun < AFTER or now - self.drawn < _EVERY:
            return
        self.drawn = now
        filled = round(part * _CELLS)
        line = f"{'#' * filled}{'-' * (_CELLS - filled)} {part:4.0%} {what}"
        click.echo(f"\r{line[: WIDTH - 1]:<{WIDTH - 1}}", nl=False, err=True)

    def end(self) -> None:
        """Take the line away."""
        if self.drawn:
            click.echo(f"\r{'':<{WIDTH - 1}}\r", nl=False, err=True)


@contextmanager
def bar() -> Iterator[Bar]:
    """A bar that is gone afterwards; it does not draw where standard error is no terminal."""
    seen = sys.stderr is not None and sys.stderr.isatty()
    shown = Bar(time.monotonic() if seen else float("inf"))
    try:
        yield shown
    finally:
        shown.end()

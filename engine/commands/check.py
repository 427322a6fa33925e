"""`steelyard check`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ..checking import check_paths
from ..diagnostics import Diagnostic
from ..document import Node
from .output import counted, put, say


@click.command(short_help="Everything that is wrong with files.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def check(paths: tuple[str, ...]) -> None:
    """Check policy sets, indicators, catalogues and company files, and say everything that is wrong in one go."""
    found = check_paths(paths, date.today(), exports)
    say(found)
    errors = sum(diagnostic.is_error for diagnostic in found)
    put(f"{len(paths)} checked: {counted(errors, 'error')}, {counted(len(found) - errors, 'warning')}", None)
    raise SystemExit(1 if errors else 0)


def exports(node: Node, folder: Path, today: date) -> Iterable[Diagnostic]:
    """What is to be said of the exports of a company; the database is imported where there are any."""
    reader: Any = import_module("engine.commands.exports")
    found: Iterable[Diagnostic] = reader.problems(node, folder, today)
    return found

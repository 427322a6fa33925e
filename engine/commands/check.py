"""`steelyard check`."""

from __future__ import annotations

from datetime import date

import click

from ..checking import check_paths
from .output import counted, put, say


@click.command(short_help="Everything that is wrong with files.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def check(paths: tuple[str, ...]) -> None:
    """Check policy sets, indicators, catalogues, company files and scenarios, and say everything that is wrong in one go."""
    found = check_paths(paths, date.today())
    say(found)
    errors = sum(diagnostic.is_error for diagnostic in found)
    put(f"{len(paths)} checked: {counted(errors, 'error')}, {counted(len(found) - errors, 'warning')}", None)
    raise SystemExit(1 if errors else 0)

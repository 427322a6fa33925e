"""`steelyard check`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ..checking import check_paths, places_in
from ..diagnostics import Diagnostic
from ..document import Node
from ..render.diagnostics import render_json
from ..render.github import annotated, diagnostics_summary, of_diagnostic
from ..writing import append_file
from .names import policies
from .output import counted, put, say


@click.command(short_help="Everything that is wrong with files.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=policies)
@click.option(
    "-f",
    "--format",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Format; github annotates a pull request.",
)
@click.option(
    "--summary", type=click.Path(path_type=Path), metavar="FILE", help="Add the whole list as Markdown to this file."
)
def check(paths: tuple[str, ...], format: str, summary: Path | None) -> None:
    """Check policy sets, indicators, catalogues, company files and scenarios, and say everything that is wrong in one go.

    PATH is a file, or a folder: every policy set and company in it, to the bottom.
    """
    places = places_in(paths)
    found = check_paths(places, date.today(), exports)
    errors = sum(diagnostic.is_error for diagnostic in found)
    told = f"{len(places)} checked: {counted(errors, 'error')}, {counted(len(found) - errors, 'warning')}"
    show(found, told, format)
    if summary is not None:
        append_file(summary, diagnostics_summary(f"Check: {told}", found))
    raise SystemExit(1 if errors else 0)


def show(found: tuple[Diagnostic, ...], told: str, form: str) -> None:
    """Print what was found; for people the problems themselves go to standard error."""
    if form == "json":
        put(render_json(found), None)
    elif form == "github":
        put(annotated(map(of_diagnostic, found)) + told, None)
    else:
        say(found)
        put(told, None)


def exports(node: Node, folder: Path, today: date) -> Iterable[Diagnostic]:
    """What is to be said of the exports of a company; the database is imported where there are any."""
    reader: Any = import_module("engine.commands.exports")
    found: Iterable[Diagnostic] = reader.problems(node, folder, today)
    return found

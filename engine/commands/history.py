"""`steelyard history`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, TypedDict, Unpack

import click

from ..diagnostics import SchemaError
from ..inclusion import misshapen
from ..session import Engine, Session
from .inputs import company_document, folder_of, names_exports, note_unused_policy
from .names import files
from .options import Day, output_options, param_option, policy_option
from .output import say, tell

RENDERERS = {
    "text": "timeline_text",
    "markdown": "timeline_markdown",
    "json": "timeline_json",
    "csv": "timeline_csv",
}
EVERY = ("month", "quarter", "week")


class HistoryOptions(TypedDict):
    """What is evaluated, and on which days."""

    policy: str
    data: str
    every: str
    begin: datetime | None
    end: datetime | None
    param: tuple[str, ...]
    engine: str


def days_options(command: Callable[..., None]) -> Callable[..., None]:
    """`-d`, `--every`, `--from`, `--to` and `--engine`."""
    engines = click.Choice([engine.value for engine in Engine])
    options: list[Callable[[Callable[..., None]], Callable[..., None]]] = [
        click.option(
            "-d",
            "--data",
            required=True,
            metavar="PATH",
            shell_complete=files,
            help="A company file, its folder, or -.",
        ),
        click.option(
            "--every", type=click.Choice(EVERY), default="month", show_default=True, help="The last day of each."
        ),
        click.option(
            "--from", "begin", type=Day(), metavar="DATE", help="Not before; else from when there is anything."
        ),
        click.option("--to", "end", type=Day(), metavar="DATE", help="Not after; else to the date of the facts."),
        click.option(
            "--engine", type=engines, default=Engine.DURABLE.value, show_default=True, help="What fires the rules."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command(short_help="How the answer moved from month to month.")
@policy_option
@days_options
@param_option
@output_options(*RENDERERS)
def history(format: str, output: Path | None, color: str, **asked: Unpack[HistoryOptions]) -> None:
    """How the answer moved: score, coverage and verdict on the last day of every month, from what was known then.

    Later rows of the exports, later outcomes and facts stated of a later day count for nothing. Today's policy is used for all days.
    """
    if asked["begin"] and asked["end"] and asked["begin"] > asked["end"]:
        raise click.UsageError("--from is after --to")
    note_unused_policy(asked["policy"], asked["data"])
    node = company_document(asked["data"])
    today = date.today()
    # the database takes longer to import than all of the rest
    exports: Any = import_module("engine.commands.exports")
    reader: Any = import_module("engine.timeline.timeline")
    ends: Any = import_module("engine.timeline.ends")
    begin, end = (day.date() if day else None for day in (asked["begin"], asked["end"]))
    with ExitStack() as stack:
        session = stack.enter_context(Session.open(asked["policy"], today, Engine(asked["engine"]), asked["param"]))
        problems = misshapen(node)
        if problems:
            raise SchemaError(problems)
        tables = None
        if names_exports(node):
            tables = stack.enter_context(exports.open_tables(node, folder_of(asked["data"]), today))
        shown = stack.enter_context(exports.bar())
        found = reader.timeline(
            session, node, tables, today, reader.Asked(ends.Every(asked["every"]), begin, end), shown.told
        )
    # that facts hold on days of which they do not speak is said of the history as a whole
    say(one for one in found.moments[-1].evaluation.warnings if one.code not in ("facts-from-later", "not-known-yet"))
    tell(RENDERERS[format], format, output, color, found, session.policy)

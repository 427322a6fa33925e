"""`steelyard impact`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ..impact.clients import Client, clients
from ..impact.pair import Reader
from ..impact.sides import sides
from ..impact.study import Effect, Impact, stated, study
from ..session import Engine
from .inputs import names_exports
from .names import files, policies
from .options import Day, output_options
from .output import tell

RENDERERS = {"text": "impact", "json": "impact_json", "markdown": "impact_markdown", "github": "impact_github"}
VERDICT_CHANGE, SCORE_CHANGE, NOT_EVALUABLE = "verdict-change", "score-change", "not-evaluable"


@click.command(short_help="Whose recommendation a change of policy changes.")
@click.argument("versions", nargs=-1, metavar="[A [B]]", shell_complete=policies)
@click.option(
    "-d",
    "--data",
    required=True,
    metavar="PATH",
    shell_complete=files,
    help="The folder of the clients, or one company file.",
)
@click.option(
    "-p",
    "--policy",
    metavar="PATH",
    shell_complete=policies,
    help="The policy set of clients without one, where A and B are revisions alone.",
)
@click.option("--as-of", type=Day(), metavar="DATE", help="Evaluate as of this date.")
@click.option(
    "--engine",
    type=click.Choice([engine.value for engine in Engine]),
    default=Engine.DURABLE.value,
    show_default=True,
    help="What fires the rules.",
)
@output_options(*RENDERERS)
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice([VERDICT_CHANGE, SCORE_CHANGE, NOT_EVALUABLE]),
    help="Fail when this is so of any client.",
)
def impact(
    *,
    versions: tuple[str, ...],
    data: str,
    policy: str | None,
    as_of: datetime | None,
    engine: str,
    format: str,
    output: Path | None,
    color: str,
    fail_on: tuple[str, ...],
) -> None:
    """Whose recommendation changes from A to B, from what to what, and which edits do it.

    A and B are policy sets under which every client is evaluated, or revisions of git alone: then each client's own policy set
    at A is compared with that at B. Without B: A against the working tree; without both: HEAD against the working tree.
    How the parts of the edits are worked out is explained in docs/changes.md.
    """
    if len(versions) > 2:
        raise click.UsageError(f"two policies are compared, and {len(versions)} are named")
    day = as_of.date() if as_of else None
    found = study(sides(versions, policy), clients(data), day, date.today(), Engine(engine), opened)
    code = tripped(found, fail_on)
    tell(RENDERERS[format], format, output, color, found, *((code,) if format == "github" else ()))
    raise SystemExit(code)


@contextmanager
def opened(client: Client, as_of: date | None, today: date) -> Iterator[Reader]:
    """What reads a client under any policy set; its exports are read once. Raises SourceError."""
    if client.node is not None and names_exports(client.node):
        # the database takes longer to import than all of the rest
        exports: Any = import_module("engine.commands.exports")
        with exports.readable(client.node, Path(client.folder), as_of, today) as reader:
            yield reader
    else:
        with stated(client, as_of, today) as reader:
            yield reader


def tripped(found: Impact, fail_on: tuple[str, ...]) -> int:
    """The exit code under `--fail-on`."""
    verdict = bool(found.changed) and VERDICT_CHANGE in fail_on
    score = any(one.effect not in (Effect.SAME, Effect.NONE) for one in found.clients) and SCORE_CHANGE in fail_on
    lost = any(one.after is None for one in found.clients) and NOT_EVALUABLE in fail_on
    return int(verdict or score or lost)

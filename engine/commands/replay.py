"""`steelyard replay`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..decision import read_record
from ..replay import judge
from ..replay import replay as replayed
from ..session import Engine, Session
from .names import policies
from .options import output_options
from .output import say, tell


@click.command(short_help="Evaluate a decision record again.")
@click.argument("record", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "-p",
    "--policy",
    metavar="PATH",
    shell_complete=policies,
    help="Show what this policy set says of the facts of then; as for evaluate.",
)
@click.option(
    "--engine",
    type=click.Choice([engine.value for engine in Engine]),
    default=Engine.DURABLE.value,
    show_default=True,
    help="What fires the rules.",
)
@output_options("text", "json")
def replay(record: Path, policy: str | None, engine: str, format: str, output: Path | None, color: str) -> None:
    """Evaluate the decision record FILE again, from nothing but itself.

    Fails, with the differences, when the answer is not reproduced or the record was changed. With --policy: what that policy
    set says of the recorded facts; only a changed record fails then.
    """
    read = read_record(record)
    if policy is None:
        found = replayed(read, Engine(engine))
        failed = not found.reproduced
    else:
        with Session.open(policy, date.today(), Engine(engine)) as session:
            found = judge(read, session)
        failed = bool(read.changed)
    say(read.changed)
    tell("replay", format, output, color, found, policy is not None)
    raise SystemExit(1 if failed else 0)

"""`steelyard evaluate`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Unpack

import click

from ..conclusion import Evaluation
from .inputs import session_for
from .options import RunOptions, output_options, run_options
from .output import say, tell

RENDERERS = {"text": "text", "json": "json_", "markdown": "markdown"}


@click.command(short_help="The answer for one company.")
@run_options
@output_options(*RENDERERS)
@click.option(
    "--fail-on", multiple=True, type=click.Choice(["undecided", "gate", "unsettled"]), help="Fail when this is so."
)
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a decision record: all that it takes to evaluate again with `steelyard replay`.",
)
def evaluate(
    format: str,
    output: Path | None,
    color: str,
    fail_on: tuple[str, ...],
    record: Path | None,
    **run: Unpack[RunOptions],
) -> None:
    """The answer for one company: what it is, how strong, why, and what is not known."""
    with session_for(run) as (session, company):
        evaluation = session.evaluate(company)
    if record is not None:
        import_module(".recorded", __package__).write_record(record, session.opened, company, evaluation, run)
    say(evaluation.warnings)
    tell(RENDERERS[format], format, output, color, evaluation, session.policy)
    raise SystemExit(tripped(evaluation, fail_on))


def tripped(evaluation: Evaluation, fail_on: tuple[str, ...]) -> int:
    """The exit code of an evaluation under `--fail-on`."""
    if evaluation.verdict.move is None and "undecided" in fail_on:
        return 4
    held = "gate" in fail_on and any(gate.truth == "yes" for gate in evaluation.gates)
    unsettled = "unsettled" in fail_on and not evaluation.verdict.settled
    return 1 if held or unsettled else 0

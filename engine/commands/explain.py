"""`steelyard explain`."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from .inputs import session_for
from .names import explainable
from .options import RunOptions, output_options, run_options
from .output import tell


@click.command(short_help="Why, and why not.")
@click.argument("item", shell_complete=explainable)
@run_options
@output_options("text", "json")
def explain(item: str, format: str, output: Path | None, color: str, **run: Unpack[RunOptions]) -> None:
    """Why, and why not: the conditions behind ITEM, with values, thresholds, distances and sources.

    ITEM is an indicator (by name or number), an evidence item (name or code), a signal, a gate, an adjustment, a reading, a fact,
    or `verdict`.
    """
    with session_for(run) as (session, company):
        step = session.explainer(company).explain(item)
    tell("explanation", format, output, color, step)

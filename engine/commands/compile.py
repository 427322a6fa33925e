"""`steelyard compile`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..backends.durable_program import compile_policy
from ..backends.durable_rulesets import ruleset_text
from ..session import Engine, open_policy
from .options import policy_option
from .output import put


@click.command("compile", short_help="The rules that a policy set compiles to.")
@policy_option
@click.option("--to", type=click.Choice([Engine.DURABLE.value]), required=True, expose_value=False, help="The engine.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
def compile(policy: str, output: Path | None) -> None:
    """Print the rules that a policy set compiles to."""
    put(ruleset_text(compile_policy(open_policy(policy, date.today()).policy)), output)

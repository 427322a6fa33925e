"""`steelyard show`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..session import open_policy
from .options import output_options, param_option, policy_option
from .output import say, tell


@click.command(short_help="Every threshold and weight, and who wrote it.")
@policy_option
@param_option
@output_options("text", "json")
def show(policy: str, param: tuple[str, ...], format: str, output: Path | None, color: str) -> None:
    """The policy set as evaluated: every parameter with value, unit, grade, reason, and each layer that wrote it."""
    opened = open_policy(policy, date.today(), param)
    say(opened.warnings)
    tell("policy", format, output, color, opened.policy)

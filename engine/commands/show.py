"""`steelyard show`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..origins import origins
from ..session import open_policy
from .names import parameter_names
from .options import output_options, param_option, policy_option
from .output import say, tell


@click.command(short_help="Every threshold and weight, and who wrote it.")
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=parameter_names)
@policy_option
@param_option
@click.option("--origin", is_flag=True, help="Every value of the set, with every layer that wrote it and where.")
@output_options("text", "json")
def show(
    names: tuple[str, ...],
    *,
    policy: str,
    param: tuple[str, ...],
    origin: bool,
    format: str,
    output: Path | None,
    color: str,
) -> None:
    """The policy set as evaluated: every parameter with value, unit, grade, reason, and each layer that wrote it.

    With a NAME (`tilt_from`, `G3`, `slow-growth.fit`), or with --origin, every layer that wrote a value, the lowest first and the one
    that counts marked; of the values that are called so or lie inside.
    """
    opened = open_policy(policy, date.today(), param)
    say(opened.warnings)
    if origin or names:
        tell("origins", format, output, color, opened.policy, origins(opened.documents, names))
    else:
        tell("policy", format, output, color, opened.policy)

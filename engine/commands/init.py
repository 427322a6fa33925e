"""`steelyard init`."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path

import click

from ..checking import COMPANY_FILE
from ..scaffold import init_client
from ..session import DEFAULT_POLICY, open_policy
from .names import policies
from .output import put


@click.group(short_help="Write what one starts with.")
def init() -> None:
    """Write what one starts with."""


@init.command()
@click.argument("name")
@click.option(
    "--extends",
    default=DEFAULT_POLICY,
    show_default=True,
    help="The policy set to start from.",
    shell_complete=policies,
)
def client(name: str, extends: str) -> None:
    """Write a folder NAME: a policy set that extends the shipped one, and a company file with the questions to ask."""
    policy, folder = open_policy(extends, date.today()).policy, Path(name)
    written = init_client(folder, policy, extends, date.today())
    lines = [f"wrote {path.as_posix()}" for path in written]
    typed = shlex.quote(folder.as_posix())
    lines.append(
        f"next: fill in {(folder / COMPANY_FILE).as_posix()}, then\n  steelyard evaluate -p {typed} -d {typed}"
    )
    put("\n".join(lines), None)

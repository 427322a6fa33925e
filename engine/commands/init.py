"""`steelyard init`."""

from __future__ import annotations

import re
import shlex
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ..company import COMPANY_FILE
from ..practice import ACTION, CLIENT, init_repo
from ..scaffold import init_client
from ..session import DEFAULT_POLICY, open_policy
from .names import files, policies
from .output import put


@click.group(short_help="Write what one starts with.")
def init() -> None:
    """Write what one starts with."""


@init.command()
@click.argument("name")
@click.argument("more", nargs=-1, metavar="", shell_complete=files)
@click.option(
    "--from",
    "exports",
    multiple=True,
    metavar="FILE...",
    help="Exports of the client, CSV or XLSX: read, recognised, and copied into the folder.",
    shell_complete=files,
)
@click.option("--currency", metavar="CODE", help="With --from: the currency of amounts that show none.")
@click.option(
    "--extends",
    default=DEFAULT_POLICY,
    show_default=True,
    help="The policy set to start from.",
    shell_complete=policies,
)
def client(name: str, more: tuple[str, ...], exports: tuple[str, ...], currency: str | None, extends: str) -> None:
    """Write a folder NAME: a policy set that extends the shipped one, and a company file with the questions to ask.

    With --from, the exports that follow are recognised by their columns and the company file says how they are read; what is not
    certain stands in it as a comment. `steelyard init client acme --from deals.csv leads.xlsx`
    """
    if not exports:
        for given, what in ((more, "FILE"), (currency, "--currency")):
            if given:
                raise click.UsageError(f"{what} needs --from: steelyard init client NAME --from FILE...")
    if currency is not None and not re.fullmatch(r"[A-Z]{3}", currency):
        raise click.BadParameter("write the code of three letters, for example EUR", param_hint="'--currency'")
    policy, folder = open_policy(extends, date.today()).policy, Path(name)
    if exports:
        # the database takes longer to import than all of the rest
        reader: Any = import_module("engine.commands.onboarding")
        put(reader.client_from(folder, policy, extends, (*exports, *more), currency or ""), None)
        return
    written = init_client(folder, policy, extends, date.today())
    lines = [f"wrote {path.as_posix()}" for path in written]
    typed = shlex.quote(folder.as_posix())
    lines.append(
        f"next: fill in {(folder / COMPANY_FILE).as_posix()}, then\n  steelyard evaluate -p {typed} -d {typed}"
    )
    put("\n".join(lines), None)


@init.command()
@click.argument("name")
@click.option(
    "--action", default=ACTION, metavar="OWNER/NAME@REF", help="Where Steelyard is on GitHub, for the workflow."
)
def repo(name: str, action: str) -> None:
    """Write a repository NAME for all clients: an example client, scenarios, and what looks at every change.

    The folder may be there already; a file that is there is never written over.
    """
    folder = Path(name)
    if not re.fullmatch(r"[\w.-]+/[\w./-]+@[\w./-]+", action, re.ASCII):
        raise click.BadParameter("write OWNER/NAME@REF, for example acme/steelyard@v0.1.0", param_hint="'--action'")
    lines = [f"wrote {path.as_posix()}" for path in init_repo(folder, action)]
    lines.append(
        f"next:\n  cd {shlex.quote(folder.as_posix())}\n  git init -b main && git add --all && git commit -m 'An example client'"
    )
    lines.append(f"  steelyard evaluate -p {CLIENT} -d {CLIENT}")
    if action == ACTION:
        lines.append(
            "before the first pull request: in .github/workflows/steelyard.yml, name the repository that Steelyard is in"
        )
    put("\n".join(lines), None)

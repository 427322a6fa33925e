"""`steelyard diff`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..changes import Class, compare
from ..impact.sides import WORKING_TREE, sides
from ..session import open_policy
from .names import policies
from .options import output_options
from .output import tell

RENDERERS = {"text": "diff", "json": "change_json", "markdown": "diff_markdown", "github": "diff_github"}


@click.command(short_help="What changed in a policy set, in words.")
@click.argument("versions", nargs=-1, metavar="[A [B]]", shell_complete=policies)
@click.option(
    "-p",
    "--policy",
    metavar="PATH",
    shell_complete=policies,
    help="The policy set, where A or B is a revision alone.  [default: .]",
)
@output_options(*RENDERERS)
@click.option(
    "--fail-on",
    type=click.Choice([effect.value for effect in Class]),
    help="Fail on a change of this class, or a worse one.",
)
@click.option("--exit-code", is_flag=True, help="Fail on any change, as git diff does.")
def diff(
    *,
    versions: tuple[str, ...],
    policy: str | None,
    format: str,
    output: Path | None,
    color: str,
    fail_on: str | None,
    exit_code: bool,
) -> None:
    """What changed from policy set A to policy set B, matched by id, and what each change can do to an answer.

    A and B are paths, REF:PATH, revisions of git, or shipped sets. Without B: A against the working tree; without both: HEAD
    against the working tree. The classes are explained in docs/changes.md.
    """
    if len(versions) > 2:
        raise click.UsageError(f"two policy sets are compared, and {len(versions)} are named")
    named = sides(versions, policy, ".")
    old, new = (side.of(named.default) for side in (named.first, named.second))
    today = date.today()
    compared = compare(open_policy(old, today).policy, open_policy(new, today).policy)
    least = Class(fail_on) if fail_on else Class.COSMETIC if exit_code else None
    shown = (old, new if named.second.shown != WORKING_TREE else f"{new}, {WORKING_TREE}")
    extra = (least,) if format == "github" else ()
    tell(RENDERERS[format], format, output, color, compared, *shown, *extra)
    raise SystemExit(int(least is not None and any(change.effect.rank <= least.rank for change in compared.changes)))

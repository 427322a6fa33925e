"""`steelyard fmt`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ..formatting.files import Form, form_of, format_files
from ..render.difference import render
from .inputs import STANDARD_INPUT, standard_input
from .names import files
from .options import color_option
from .output import coloured, counted, put, put_exactly, say


@click.command(short_help="Put files into their canonical form.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=files)
@click.option("--check", is_flag=True, help="Write nothing; list what would change, and exit with 1 if anything would.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@color_option
def fmt(paths: tuple[str, ...], check: bool, diff: bool, color: str) -> None:
    """Put files into their canonical form.

    Keys go into the order of the schema, indentation is two columns, blank lines and quotes are where they help. Comments stay
    with what they belong to; values, lists and texts stay as they are.

    PATH is a file, a folder (every policy set, catalogue, indicator, company and scenario file in it, to the bottom), or - for
    standard input, which is written to standard output. A result that is not proved to be the same document is not written.
    """
    if "-" in paths:
        if len(paths) > 1:
            raise click.UsageError("- stands alone: standard input has no place beside files")
        form = form_of(standard_input(), STANDARD_INPUT)
        _tell([form], check, diff, color)
        raise SystemExit(1 if check and form.differs else 0)
    forms, problems = format_files(paths, write=not (check or diff))
    changed = [form for form in forms if form.differs]
    if diff:
        _tell(changed, check, diff, color)
    say(problems)
    _summary(changed, len(forms) - len(changed), len(problems), check, diff)
    raise SystemExit(3 if problems else 1 if check and changed else 0)


def _tell(forms: Sequence[Form], check: bool, diff: bool, color: str) -> None:
    """The differences, or what standard input becomes."""
    text = "".join(render(form.name, form.before, form.after, coloured(color, None)) for form in forms) if diff else ""
    if text:
        put(text, None)
    elif not diff and not check:
        put_exactly("".join(form.after for form in forms).encode("utf-8"))
    elif not diff:
        put("".join(f"would be formatted: {form.name}\n" for form in forms if form.differs), None)


def _summary(changed: Sequence[Form], unchanged: int, failed: int, check: bool, diff: bool) -> None:
    """What was done, or would be; beside a difference it goes to standard error."""
    verb = "would be formatted" if check or diff else "formatted"
    parts = [f"{counted(len(changed), 'file')} {verb}", f"{unchanged or 'none'} in canonical form already"]
    parts += [f"{counted(failed, 'problem')}"] if failed else []
    if not changed and not unchanged and not failed:
        parts = ["there is no file to format: no policy set, catalogue, indicator, company or scenario file"]
    if diff:
        click.echo(", ".join(parts), err=True)
    else:
        put("\n".join([*(f"{verb}: {form.name}" for form in changed), ", ".join(parts)]), None)

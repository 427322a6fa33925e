"""`steelyard set`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TypedDict, Unpack

import click

from ..diagnostics import SteelyardError
from ..editing.setting import Done, Wish, set_value
from ..editing.target import values
from ..naming import Name
from ..policy import PolicySet
from ..render.clean import clean
from ..render.difference import render
from .names import of_policy, policies
from .options import Day, color_option
from .output import coloured, put, say


class _About(TypedDict):
    """What goes with a value."""

    because: str | None
    review_by: datetime | None
    grade: str | None
    unset: bool


def settable(policy: PolicySet) -> Iterator[Name]:
    """Everything that can be set, by its full name, with the reason of its value."""
    return (Name(value.name, value.layers[-1].because) for value in values(policy).values())


@click.command(
    short_help="Change one threshold or weight, with its reason.", context_settings={"ignore_unknown_options": True}
)
@click.argument("client", shell_complete=policies)
@click.argument("name", shell_complete=of_policy(settable, named_by="client"))
@click.argument("value", required=False)
@click.option("--because", metavar="TEXT", help="Why this value; needed unless the override is taken out.")
@click.option("--review-by", type=Day(), metavar="DATE", help="When to look at it again.")
@click.option("--grade", type=click.Choice(list("ABCMJ")), help="How well it is founded.  [default: J]")
@click.option("--unset", is_flag=True, help="Take the override out: the value of the base counts again.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be written.")
@color_option
def set(client: str, name: str, value: str | None, dry_run: bool, color: str, **about: Unpack[_About]) -> None:
    """Change the threshold or weight NAME of the policy set CLIENT to VALUE, in the file where it stands, with its reason.

    CLIENT is a folder or a policyset.yaml. Where it extends another set, the value is written over that of the base. NAME is a
    parameter (stagnant-conversion.steady_leads, or steady_leads where there is only one) or a weight
    (weight:stagnant-conversion, weight:stagnant-conversion.volume). Comments, order and style of the file stay. A value that
    brings errors is not written.
    """
    wish = _wish(name, value, about)
    try:
        done = set_value(client, wish, date.today(), write=not dry_run)
    except SteelyardError as error:
        say(error.diagnostics)
        click.echo("nothing was written", err=True)
        raise SystemExit(error.exit_code) from None
    say(done.warnings)
    difference = render(done.file, done.before, done.after, coloured(color, None))
    put(f"{difference}{_sentence(done)}\n{_outcome(done, dry_run)}", None)


def _wish(name: str, value: str | None, about: _About) -> Wish:
    review_by, grade = about["review_by"], about["grade"]
    if not about["unset"]:
        given, because = _needed(value, "VALUE"), _needed(about["because"], "--because")
        return Wish(name, given, because, review_by.date().isoformat() if review_by else "", grade or "")
    if value is not None or about["because"] is not None or review_by is not None or grade is not None:
        raise click.UsageError("--unset takes no value, reason, date or grade")
    return Wish(name, unset=True)


def _needed(given: str | None, what: str) -> str:
    if given is None:
        raise click.UsageError(f"{what} is missing; a change is a value with its reason")
    if given.startswith("--"):
        raise click.UsageError(f"no such option: {given}")
    if not given.strip():
        raise click.UsageError(f"{what} is empty")
    return given.strip()


def _sentence(done: Done) -> str:
    because = f", because {done.because}" if done.because else ""
    change = f"{done.was} -> {done.now}" if done.was != done.now else f"{done.now}, as before"
    return clean(f"{done.name}: {change}{because}")


def _outcome(done: Done, dry_run: bool) -> str:
    if done.before == done.after:
        return f"{done.file} says so already"
    return f"nothing was written to {done.file} (--dry-run)" if dry_run else f"wrote {done.file}"

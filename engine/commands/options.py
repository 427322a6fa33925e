"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypedDict

import click

from ..session import DEFAULT_POLICY, Engine
from .names import fact_values, files, parameter_values, policies


class Day(click.DateTime):
    """A day, as the files write it."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The day. Raises BadParameter for what is none."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no day; write it as year-month-day: 2026-10-31.", param, ctx)


def policy_option(command: Callable[..., None]) -> Callable[..., None]:
    """`-p/--policy`."""
    text = "A policy set's folder or file, one indicator file, any of them as REF:PATH of git, or steelyard:NAME for a shipped set."
    option = click.option(
        "-p", "--policy", default=DEFAULT_POLICY, show_default=True, metavar="PATH", help=text, shell_complete=policies
    )
    return option(command)


def param_option(command: Callable[..., None]) -> Callable[..., None]:
    """`--param`."""
    text = "Try a threshold for this run; repeatable."
    return click.option("--param", multiple=True, metavar="NAME=VALUE", help=text, shell_complete=parameter_values)(
        command
    )


def run_options(command: Callable[..., None]) -> Callable[..., None]:
    """What it takes to evaluate one company."""
    engines = click.Choice([engine.value for engine in Engine])
    options: list[Callable[[Callable[..., None]], Callable[..., None]]] = [
        policy_option,
        click.option(
            "-d",
            "--data",
            required=True,
            metavar="PATH",
            shell_complete=files,
            help="A company file, its folder, or - for standard input.",
        ),
        click.option(
            "--set",
            multiple=True,
            metavar="FACT=VALUE",
            help="Try a fact for this run; repeatable.",
            shell_complete=fact_values,
        ),
        param_option,
        click.option("--as-of", type=Day(), metavar="DATE", help="Evaluate as of this date."),
        click.option(
            "--engine", type=engines, default=Engine.DURABLE.value, show_default=True, help="What fires the rules."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def output_options(*formats: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`-f`, `-o` and `--color`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        choice = click.Choice(formats)
        command = click.option("-f", "--format", type=choice, default=formats[0], show_default=True, help="Format.")(
            command
        )
        command = click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")(command)
        return color_option(command)

    return decorate


def color_option(command: Callable[..., None]) -> Callable[..., None]:
    """`--color`."""
    colours = click.Choice(["auto", "always", "never"])
    return click.option("--color", type=colours, default="auto", show_default=True, help="Colour on a terminal.")(
        command
    )


class RunOptions(TypedDict):
    """The options of `run_options`."""

    policy: str
    data: str
    set: tuple[str, ...]
    param: tuple[str, ...]
    as_of: datetime | None
    engine: str

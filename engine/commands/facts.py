"""`steelyard facts` and `steelyard facts explain`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, TypedDict, Unpack

import click

from ..diagnostics import Diagnostic, FactError, SchemaError
from ..inclusion import misshapen
from ..policy import PolicySet
from ..session import open_policy
from .inputs import company_document, folder_of, names_exports, note_unused_policy
from .options import Day, output_options, policy_option
from .output import say, tell

RENDERERS = {"text": "facts", "json": "facts_json", "csv": "facts_csv", "markdown": "facts_markdown"}


def source_options(command: Callable[..., None]) -> Callable[..., None]:
    """`-d`, `--as-of` and `-p`."""
    command = click.option("--as-of", type=Day(), metavar="DATE", help="Only what was known on this date.")(command)
    command = click.option(
        "-d", "--data", metavar="PATH", help="A company file with `sources:`, its folder, or - for standard input."
    )(command)
    return policy_option(command)


class SourceOptions(TypedDict):
    """The options of `source_options`."""

    policy: str
    data: str | None
    as_of: datetime | None


@click.group(invoke_without_command=True, short_help="What a company's exports say.")
@source_options
@output_options(*RENDERERS)
@click.pass_context
def facts(
    context: click.Context, format: str, output: Path | None, color: str, **source: Unpack[SourceOptions]
) -> None:
    """What a company's exports say: each fact with its interval, counts, months and files; what could not be computed and why.

    `steelyard facts explain FACT -d PATH` shows how one of them came about.
    """
    if context.invoked_subcommand is not None:
        context.obj = source
        return
    with _opened(source) as (extraction, used):
        shown = set(extraction.sheet.findings)
        say(warning for warning in extraction.company.warnings if warning not in shown)
        findings: Any = import_module("engine.computed.findings")
        tell(RENDERERS[format], format, output, color, extraction, used, findings.findings(extraction.sheet))


@facts.command(short_help="How one fact came about.")
@click.argument("fact")
@source_options
@output_options("text", "json")
@click.pass_context
def explain(
    context: click.Context, fact: str, format: str, output: Path | None, color: str, **source: Unpack[SourceOptions]
) -> None:
    """How one fact came about: its definition, the counts in between, month by month, and the rows behind it."""
    with _opened(_given(context, source)) as (extraction, used):
        reader: Any = import_module("engine.computed.behind")
        tell("fact_explanation", format, output, color, reader.explained(extraction, used, fact))


def _given(context: click.Context, own: SourceOptions) -> SourceOptions:
    """The options of the command, and those of the group where the command has them not."""
    above: SourceOptions = context.obj
    policy_is_own = context.get_parameter_source("policy") is not click.core.ParameterSource.DEFAULT
    return {
        "policy": own["policy"] if policy_is_own else above["policy"],
        "data": own["data"] or above["data"],
        "as_of": own["as_of"] or above["as_of"],
    }


@contextmanager
def _opened(source: SourceOptions) -> Iterator[tuple[Any, PolicySet]]:
    """What the exports of a company say, and the policy set. The tables are there as long as this is open."""
    policy, data, as_of = source["policy"], source["data"], source["as_of"]
    if data is None:
        raise click.UsageError("Missing option '-d' / '--data'.")
    note_unused_policy(policy, data)
    node = company_document(data)
    problems = misshapen(node)
    if problems:
        raise SchemaError(problems)
    if not names_exports(node):
        hint = "add `sources:` with the files and how their columns are called"
        raise FactError([Diagnostic("no-sources", "the file names no exports to compute facts from", node.span, hint)])
    used = open_policy(policy, date.today()).policy
    reader: Any = import_module("engine.commands.exports")
    with reader.extracted(node, folder_of(data), used, as_of.date() if as_of else None, ()) as extraction:
        yield extraction, used

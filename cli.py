"""The command line: read options, call one engine function, render, exit.

Exit codes: 0 done; 1 something the user asked for tripped (`check` found errors, `--fail-on`); 2 usage; 3 policy or data invalid;
4 undecided, with `--fail-on undecided`; 70 the engine failed.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from errno import EBADF
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TypedDict, Unpack

import click

from engine import __version__
from engine.backends.durable_program import compile_policy
from engine.backends.durable_rulesets import ruleset_text
from engine.checking import COMPANY_FILE, check_paths
from engine.company import Company
from engine.conclusion import Evaluation
from engine.diagnostics import Diagnostic, EvaluationError, LoadError, SteelyardError
from engine.document import Node, parse, read
from engine.pages import page
from engine.render.diagnostics import render as render_diagnostics
from engine.scaffold import init_client
from engine.schema import DRAFTS, document, names
from engine.session import DEFAULT_POLICY, Engine, Session, open_policy
from engine.source import SET_FILE
from engine.textfile import is_dir, is_file
from engine.writing import cannot_write, write_file

RENDERERS = {"text": "text", "json": "json_", "markdown": "markdown"}
WIDTH = 100


HELP = """Should this company now put more weight on sales than on marketing, how much, how fast, and what stands in the way?

\b
Start with:
  steelyard init client acme            a folder with the questions to ask
  steelyard evaluate -p acme -d acme    the answer, as far as the answers reach
  steelyard explain verdict -p acme -d acme

\b
Exit codes:
  0  done                      3  policy or data invalid
  1  check or --fail-on        4  undecided, with --fail-on undecided
  2  usage                    70  the engine failed
"""


@click.group(
    help=HELP,
    context_settings={
        "auto_envvar_prefix": "STEELYARD",
        "help_option_names": ["-h", "--help"],
        "max_content_width": WIDTH,
    },
)
@click.version_option(__version__, prog_name="steelyard")
def steelyard() -> None:
    """The command."""


def policy_option(command: Callable[..., None]) -> Callable[..., None]:
    """`-p/--policy`."""
    text = "A policy set's folder or file, one indicator file, or steelyard:NAME for a shipped set."
    return click.option("-p", "--policy", default=DEFAULT_POLICY, show_default=True, metavar="PATH", help=text)(command)


def param_option(command: Callable[..., None]) -> Callable[..., None]:
    """`--param`."""
    text = "Try a threshold for this run; repeatable."
    return click.option("--param", multiple=True, metavar="NAME=VALUE", help=text)(command)


def run_options(command: Callable[..., None]) -> Callable[..., None]:
    """What it takes to evaluate one company."""
    engines = click.Choice([engine.value for engine in Engine])
    options: list[Callable[[Callable[..., None]], Callable[..., None]]] = [
        policy_option,
        click.option(
            "-d", "--data", required=True, metavar="PATH", help="A company file, its folder, or - for standard input."
        ),
        click.option("--set", multiple=True, metavar="FACT=VALUE", help="Try a fact for this run; repeatable."),
        param_option,
        click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Evaluate as of this date."),
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
        colours = click.Choice(["auto", "always", "never"])
        return click.option("--color", type=colours, default="auto", show_default=True, help="Colour on a terminal.")(
            command
        )

    return decorate


def coloured(color: str, output: Path | None) -> bool:
    """Whether to colour: as asked; on a terminal unless NO_COLOR is set."""
    if color != "auto":
        return color == "always"
    return output is None and sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def tell(module: str, form: str, output: Path | None, color: str, *values: object) -> None:
    """Render a result and write it to its file, or to standard output.

    Renderers are imported here: the terminal library should not slow down the other formats.
    """
    renderer: Any = import_module(f"engine.render.{module}")
    if form == "text":
        text = renderer.render(*values, width=WIDTH, colour=coloured(color, output))
    else:
        text = renderer.render_json(*values) if hasattr(renderer, "render_json") else renderer.render(*values)
    put(text, output)


def put(text: str, output: Path | None) -> None:
    """To a file, whole or not at all; else to standard output."""
    if output is not None:
        write_file(output, text)
        return
    if sys.stdout is None:
        raise LoadError([cannot_write("standard output", OSError(EBADF, os.strerror(EBADF)))])
    try:
        click.echo(text, nl=not text.endswith("\n"), color=True)
    except BrokenPipeError:
        # whoever read has read enough
        raise
    except OSError as error:
        raise LoadError([cannot_write("standard output", error)]) from None


class RunOptions(TypedDict):
    """The options of `run_options`."""

    policy: str
    data: str
    set: tuple[str, ...]
    param: tuple[str, ...]
    as_of: datetime | None
    engine: str


def standard_input() -> bytes:
    """What was piped in. Raises LoadError where nothing was."""
    if sys.stdin is None:
        hint = "name a file instead of -"
        raise LoadError([Diagnostic("no-standard-input", "standard input is closed", None, hint)])
    return sys.stdin.buffer.read()


def company_document(data: str) -> Node:
    """The document of `--data`: a file, the `company.yaml` of a folder, or standard input. Raises LoadError."""
    if data == "-":
        return parse(standard_input(), "standard input")
    path = Path(data)
    if is_dir(path):
        path = path / COMPANY_FILE
        if not is_file(path):
            hint = "name the company's file, or write one with `steelyard init client NAME`"
            raise LoadError([Diagnostic("no-company", f"folder `{data}` has no `{COMPANY_FILE}`", None, hint)])
    return read(path, path.as_posix())


@contextmanager
def session_for(run: RunOptions) -> Iterator[tuple[Session, Company]]:
    """The session and the company of one command."""
    note_unused_policy(run["policy"], run["data"])
    node = company_document(run["data"])
    as_of = run["as_of"].date() if run["as_of"] else None
    with Session.open(run["policy"], date.today(), Engine(run["engine"]), run["param"]) as session:
        yield session, session.company(node, as_of, date.today(), run["set"])


def note_unused_policy(policy: str, data: str) -> None:
    """A client's folder may hold a policy set of its own: say so when it is not used."""
    beside = (Path(data) if is_dir(Path(data)) else Path(data).parent) / SET_FILE
    if policy == DEFAULT_POLICY and data != "-" and is_file(beside):
        folder = beside.parent.as_posix()
        click.echo(
            f"note: the shipped policy set is used, not `{beside.as_posix()}`; to use that, add -p {folder}", err=True
        )


def say(diagnostics: Iterable[Diagnostic]) -> None:
    """Tell problems on standard error."""
    text = render_diagnostics(tuple(diagnostics))
    if text:
        click.echo(text, err=True, nl=not text.endswith("\n"))


@steelyard.command(short_help="The answer for one company.")
@run_options
@output_options(*RENDERERS)
@click.option(
    "--fail-on", multiple=True, type=click.Choice(["undecided", "gate", "unsettled"]), help="Fail when this is so."
)
def evaluate(format: str, output: Path | None, color: str, fail_on: tuple[str, ...], **run: Unpack[RunOptions]) -> None:
    """The answer for one company: what it is, how strong, why, and what is not known."""
    with session_for(run) as (session, company):
        evaluation = session.evaluate(company)
    say(evaluation.warnings)
    tell(RENDERERS[format], format, output, color, evaluation, session.policy)
    raise SystemExit(tripped(evaluation, fail_on))


def tripped(evaluation: Evaluation, fail_on: tuple[str, ...]) -> int:
    """The exit code of an evaluation under `--fail-on`."""
    if evaluation.verdict.move is None and "undecided" in fail_on:
        return 4
    held = "gate" in fail_on and any(gate.truth == "yes" for gate in evaluation.gates)
    unsettled = "unsettled" in fail_on and not evaluation.verdict.settled
    return 1 if held or unsettled else 0


@steelyard.command(short_help="Why, and why not.")
@click.argument("item")
@run_options
@output_options("text", "json")
def explain(item: str, format: str, output: Path | None, color: str, **run: Unpack[RunOptions]) -> None:
    """Why, and why not: the conditions behind ITEM, with values, thresholds, distances and sources.

    ITEM is an indicator (by name or number), an evidence item (name or code), a signal, a gate, an adjustment, a reading, a fact,
    or `verdict`.
    """
    with session_for(run) as (session, company):
        step = session.explainer(company).explain(item)
    tell("explanation", format, output, color, step)


@steelyard.command(short_help="Every threshold and weight, and who wrote it.")
@policy_option
@param_option
@output_options("text", "json")
def show(policy: str, param: tuple[str, ...], format: str, output: Path | None, color: str) -> None:
    """The policy set as evaluated: every parameter with value, unit, grade, reason, and each layer that wrote it."""
    opened = open_policy(policy, date.today(), param)
    say(opened.warnings)
    tell("policy", format, output, color, opened.policy)


@steelyard.command(short_help="Everything that is wrong with files.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def check(paths: tuple[str, ...]) -> None:
    """Check policy sets, indicators, catalogues and company files, and say everything that is wrong in one go."""
    found = check_paths(paths, date.today())
    say(found)
    errors = sum(diagnostic.is_error for diagnostic in found)
    put(f"{len(paths)} checked: {_count(errors, 'error')}, {_count(len(found) - errors, 'warning')}", None)
    raise SystemExit(1 if errors else 0)


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count or 'no'} {noun}s"


@steelyard.command(short_help="The JSON Schema of a kind of file.")
@click.argument("name", type=click.Choice(names()))
@click.option("--draft", type=click.Choice(DRAFTS), default=DRAFTS[0], show_default=True, help="Draft of JSON Schema.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
def schema(name: str, draft: str, output: Path | None) -> None:
    """The JSON Schema of a kind of file, for editors and other tools."""
    put(json.dumps(document(name, draft), indent=2, ensure_ascii=False) + "\n", output)


@steelyard.command(short_help="What the code of a message means.")
@click.argument("code")
def diagnostic(code: str) -> None:
    """What the CODE in square brackets at the end of a message means, with an example."""
    put(page(code), None)


@steelyard.command("compile", short_help="The rules that a policy set compiles to.")
@policy_option
@click.option("--to", type=click.Choice([Engine.DURABLE.value]), required=True, expose_value=False, help="The engine.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
def compile_to(policy: str, output: Path | None) -> None:
    """Print the rules that a policy set compiles to."""
    put(ruleset_text(compile_policy(open_policy(policy, date.today()).policy)), output)


@steelyard.group()
def init() -> None:
    """Write what one starts with."""


@init.command()
@click.argument("name")
@click.option("--extends", default=DEFAULT_POLICY, show_default=True, help="The policy set to start from.")
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


def send_in(error: EvaluationError) -> None:
    """Write what went wrong inside to a file to send in, where it can be written."""
    if not error.report:
        return
    path = Path(f"steelyard-report-{date.today().isoformat()}.json")
    try:
        write_file(path, json.dumps(error.report, indent=2, ensure_ascii=False, default=str) + "\n")
    except LoadError as failure:
        say(failure.diagnostics)
    else:
        click.echo(f"no verdict is given; please send in `{path}`, which holds the facts and what differed", err=True)


def main() -> None:
    """Run the command; every problem that a file, an option or the environment causes ends as a message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        steelyard.main(prog_name="steelyard")
    except SteelyardError as error:
        say(error.diagnostics)
        if isinstance(error, EvaluationError):
            send_in(error)
        raise SystemExit(error.exit_code) from None


if __name__ == "__main__":
    main()

"""The command line: which command there is, and how every one of them ends. The commands are in `engine/commands/`.

Exit codes: 0 done; 1 something the user asked for tripped (`check` found errors, a scenario failed, `--fail-on`, `replay`); 2 usage;
3 policy or data invalid; 4 undecided, with `--fail-on undecided`; 70 the engine failed.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

import click

from engine import __version__
from engine.commands.output import WIDTH, say
from engine.diagnostics import EvaluationError, LoadError, SteelyardError
from engine.writing import write_file

COMMANDS = (
    "evaluate",
    "explain",
    "facts",
    "ask",
    "history",
    "show",
    "check",
    "test",
    "diff",
    "impact",
    "schema",
    "diagnostic",
    "compile",
    "init",
    "set",
    "fmt",
    "replay",
    "completion",
)
"""Each is the function of that name in the module of that name."""

HELP = """Should this company now put more weight on sales than on marketing, how much, how fast, and what stands in the way?

\b
Start with:
  steelyard init client acme            a folder with the questions to ask
  steelyard evaluate -p acme -d acme    the answer, as far as the answers reach
  steelyard explain verdict -p acme -d acme

\b
Exit codes:
  0  done                      3  policy or data invalid
  1  check, test, --fail-on    4  undecided, with --fail-on undecided
  2  usage                    70  the engine failed
"""


class OnDemand(click.Group):
    """Imports the module of a command when the command is asked for: what one does not run does not slow it down."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Every command, in the order of the alphabet."""
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"engine.commands.{cmd_name}")
        found = getattr(module, cmd_name)
        return found if isinstance(found, click.Command) else None


@click.group(
    cls=OnDemand,
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

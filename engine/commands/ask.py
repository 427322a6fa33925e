"""`steelyard ask`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from os.path import relpath
from pathlib import Path
from typing import Unpack

import click
from click.shell_completion import CompletionItem

from ..company import COMPANY_FILE
from ..diagnostics import LoadError
from ..document import Node, read
from ..fields import scalar_text
from ..inclusion import is_named, named
from ..practice import SCHEMAS
from ..questionnaire import Asked, Choice, Questionnaire, people, questionnaire
from ..questionnaire_file import extended, waiting
from ..render import asked_yaml
from ..textfile import is_dir, is_file
from ..writing import update_file, write_new
from .inputs import company_document, folder_of, session_for
from .names import loaded
from .options import RunOptions, output_options, run_options
from .output import counted, put, tell

RENDERERS = {"text": "asked", "markdown": "asked_markdown", "json": "asked_json"}
YAML = "yaml"


class AskOptions(RunOptions):
    """The options of a run, and those that choose questions."""

    count: int | None
    everything: bool
    who: str
    party: str
    again: bool


def _people(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completes who would know something."""
    policy = loaded(context)
    found = people(policy) if policy is not None else ()
    return [CompletionItem(who) for who in found if who.startswith(incomplete)]


@click.command(short_help="What to ask a client next.")
@run_options
@click.option("-n", "--count", type=click.IntRange(min=1), metavar="N", help="So many questions, the best first.")
@click.option(
    "--all", "everything", is_flag=True, help="Every question, those included that decide nothing by themselves."
)
@click.option(
    "--who", default="", metavar="WHO", shell_complete=_people, help="Only what WHO would know: marketing, finance."
)
@click.option(
    "--from",
    "party",
    default="",
    metavar="PARTY",
    help="Whose answers the file will hold, where parts of the company answer apart.",
)
@click.option(
    "--again",
    is_flag=True,
    help="With -o: also what another file of answers asks already, to hear several parts of the company.",
)
@output_options(*RENDERERS, YAML)
@click.pass_context
def ask(context: click.Context, format: str, output: Path | None, color: str, **run: Unpack[AskOptions]) -> None:
    """What to ask a client next: facts that are not known, ranked by what they could still change.

    Without -n or --all: what brings enough for a verdict, or else the ten best. -o NAME.yaml writes a file that the client fills
    in; one that is there keeps its answers and gets the questions that it has not yet. `answers:` in the company's file names it.
    What waits for an answer in another file of answers is left out, and said.
    """
    if run["count"] is not None and run["everything"]:
        raise click.UsageError("--count and --all exclude each other.")
    given = context.get_parameter_source("format") is not click.core.ParameterSource.DEFAULT
    if output is not None and (format == YAML or (not given and output.suffix in (".yaml", ".yml"))):
        elsewhere = {} if run["again"] else waiting(_others(output, run["data"]))
        _write(_sheet(run, elsewhere), output, run["data"], elsewhere)
        return
    sheet = _sheet(run, {})
    if format == YAML:
        put(asked_yaml.render(sheet), None)
    else:
        tell(RENDERERS[format], format, output, color, sheet)


def _sheet(run: AskOptions, elsewhere: Mapping[str, str]) -> Questionnaire:
    """The questions that were asked for, without those that wait for an answer in another file."""
    with session_for(run) as (session, company):
        evaluation = session.evaluate(company)
        known, who = people(session.policy), run["who"]
        if who and who.casefold() not in (one.casefold() for one in known):
            message = f"nobody of that name is asked; there are: {', '.join(known)}."
            raise click.BadParameter(message, param_hint="'--who'")
        choice = Choice(run["count"], run["everything"], who, run["party"], elsewhere.keys())
        return questionnaire(session.policy, company, evaluation, choice)


def _write(sheet: Questionnaire, output: Path, data: str, elsewhere: Mapping[str, str]) -> None:
    """The file, new or with what it has not yet, and what to do with it."""
    if is_file(output):
        entries = partial(_entries, sheet)
        change = partial(extended, name=output.as_posix(), questions=sheet.questions, written=entries)
        added = update_file(output, change)
        what = f"added {counted(added, 'question')} to {output.as_posix()}; what it holds stays as it is"
    else:
        write_new(output, asked_yaml.render(sheet, _modeline(output)))
        what = f"wrote {output.as_posix()}: {counted(len(sheet.questions), 'question')}"
    put("\n".join([what, *_left_out(sheet, elsewhere), *_next(company_document(data), output, data)]), None)


def _left_out(sheet: Questionnaire, elsewhere: Mapping[str, str]) -> list[str]:
    """That somebody else has been asked already, and in which file."""
    if not sheet.waiting:
        return []
    files = ", ".join(dict.fromkeys(elsewhere[fact] for fact in sheet.waiting))
    verb, them = ("waits", "it") if len(sheet.waiting) == 1 else ("wait", "them")
    return [
        f"left out: {counted(len(sheet.waiting), 'question')} that {verb} for an answer in {files}; --again asks {them} here too"
    ]


def _others(output: Path, data: str) -> dict[str, Node]:
    """The other files of answers by their names: those that the company's file names, and those beside the output."""
    folder = folder_of(data)
    paths = [
        *(folder / scalar_text(one) for one in named(company_document(data))),
        *sorted(output.parent.glob("*.yaml")),
    ]
    seen = {output.resolve()}
    found: dict[str, Node] = {}
    for path in filter(is_file, paths):
        if path.resolve() not in seen:
            seen.add(path.resolve())
            # what is wrong with a file that the company names is said elsewhere, and no other one counts
            with suppress(LoadError):
                found[path.as_posix()] = read(path, path.as_posix())
    return found


def _entries(sheet: Questionnaire, questions: Sequence[Asked], indent: int, first: int) -> str:
    return "".join(asked_yaml.entries(sheet, questions, indent, f", added {date.today()}", first))


def _modeline(output: Path) -> str:
    """The schema as seen from a file, where the repository has one; empty where it has none."""
    home = output.resolve().parent
    for folder in (home, *home.parents):
        schema = folder / SCHEMAS / "answers.schema.json"
        if is_file(schema):
            return Path(relpath(schema, home)).as_posix()
        if is_dir(folder / ".git"):
            return ""
    return ""


def _next(node: Node, output: Path, data: str) -> list[str]:
    """The line that the company's file needs, where it has it not."""
    folder = folder_of(data).resolve()
    if is_named(node, folder, output):
        return []
    company = "the company's file" if data == "-" else _company_file(data)
    if not output.resolve().is_relative_to(folder):
        return [f"next: put the file into the folder of {company}, and name it there in `answers:`"]
    names = [*(scalar_text(one) for one in named(node)), output.resolve().relative_to(folder).as_posix()]
    return [f"next: add to {company}", f"  answers: [{', '.join(names)}]"]


def _company_file(data: str) -> str:
    path = Path(data)
    return (path / COMPANY_FILE if is_dir(path) else path).as_posix()

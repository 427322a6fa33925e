"""`steelyard test`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TypedDict, Unpack

import click

from ..coverage.goals import GoalKind
from ..coverage.measure import Coverage, Share
from ..formula import derive_for
from ..render.scenarios import differing, summary
from ..render.scenarios_github import summary_page
from ..run import fire
from ..scenarios.answers import fired_answers
from ..scenarios.discovery import find
from ..scenarios.reading import read_suites
from ..scenarios.recording import about, recorded
from ..scenarios.running import Choice, Report, run_suites
from ..scenarios.updating import updates
from ..session import DEFAULT_POLICY, Engine, Session
from ..writing import append_file, write_new
from .inputs import company_document, company_of, note_unused_policy
from .names import files, policies
from .options import output_options
from .output import counted, put, tell

RENDERERS = {"text": "scenarios", "json": "scenarios_json", "junit": "junit", "github": "scenarios_github"}
ALL, CHANGED = "all", "changed"
KINDS = (ALL, CHANGED, *GoalKind)
_LEAST = re.compile(rf"(?:(?P<kind>{'|'.join(KINDS)})=)?(?P<percent>[0-9]+(?:\.[0-9]+)?)")


class Least(click.ParamType[tuple[str, float]]):
    """`90`, or `thresholds=100`: a kind of goal and the percent of it that must be tested."""

    name = "PERCENT"

    def convert(
        self, value: str | tuple[str, float], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """The kind and the percent."""
        if isinstance(value, tuple):
            return value
        found = _LEAST.fullmatch(value)
        if found is None or float(found["percent"]) > 100:
            self.fail(
                f"{value!r} is no percentage from 0 to 100, nor KIND=PERCENT with one of {', '.join(KINDS)}.",
                param,
                ctx,
            )
        return found["kind"] or ALL, float(found["percent"])


@click.command(short_help="Whether a policy set answers what its scenarios expect.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=policies)
@click.option(
    "-p",
    "--policy",
    default="",
    metavar="PATH",
    shell_complete=policies,
    help="Test this policy set instead of that of each file.",
)
@click.option(
    "-k", "words", multiple=True, metavar="WORDS", help="Only rows with these words in their names; repeatable."
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option("-v", "--verbose", is_flag=True, help="A line for every row; every goal that is not tested.")
@click.option("--coverage", is_flag=True, help="Say how much of the policy set is tested.")
@click.option(
    "--min-coverage",
    "least",
    multiple=True,
    type=Least(),
    metavar="[KIND=]PERCENT",
    help="Fail below this coverage; repeatable.",
)
@click.option("--update", is_flag=True, help="Show what expectations should be, then write it into the files.")
@click.option("--record", is_flag=True, help="Write a scenario from an evaluation of --data instead.")
@click.option(
    "-d", "--data", metavar="PATH", shell_complete=files, help="With --record: a company file, its folder, or -."
)
@click.option(
    "--summary", "page", type=click.Path(path_type=Path), metavar="FILE", help="Add a page of Markdown to FILE."
)
@click.option(
    "--engine",
    type=click.Choice([engine.value for engine in Engine]),
    default=Engine.DURABLE.value,
    show_default=True,
    help="What fires the rules.",
)
@output_options(*RENDERERS)
def test(paths: tuple[str, ...], **options: Unpack[TestOptions]) -> None:
    """Run scenarios: given facts, and the answers that are expected of them.

    PATH is a file of scenarios, the folder of a policy set (whose `tests` folder is meant), any folder above some, or
    steelyard:NAME. Without one: the folder you are in.
    """
    if options["record"] or options["data"] is not None:
        _record(paths, options)
        return
    if options["update"] and (options["format"] != "text" or options["output"] is not None):
        raise click.UsageError("--update shows text on standard output; leave out --format and --output.")
    report = _run(paths, options)
    if options["update"]:
        raise SystemExit(_update(report))
    values = (report, options["verbose"]) if options["format"] == "text" else (report,)
    tell(RENDERERS[options["format"]], options["format"], options["output"], options["color"], *values)
    if (page := options["page"]) is not None:
        append_file(page, summary_page(report))
    raise SystemExit(_tripped(report, options["least"]))


class TestOptions(TypedDict):
    """The options of the command."""

    policy: str
    words: tuple[str, ...]
    fail_fast: bool
    verbose: bool
    coverage: bool
    least: tuple[tuple[str, float], ...]
    update: bool
    record: bool
    data: str | None
    page: Path | None
    engine: str
    format: str
    output: Path | None
    color: str


def _run(paths: tuple[str, ...], options: TestOptions) -> Report:
    """Everything found and chosen; ends the command where that is nothing."""
    measures = options["coverage"] or bool(options["least"])
    choice = Choice(options["words"], options["fail_fast"], Engine(options["engine"]), measures)
    search = find(paths or (".",))
    suites = read_suites(search.files, date.today(), options["policy"])
    report = run_suites(suites, choice, date.today())
    if not search.files:
        click.echo(f"no scenarios found in {', '.join(f'`{place}`' for place in search.places)}", err=True)
        click.echo("hint: scenarios are in the folder `tests` beside a policyset.yaml; name a file to run it", err=True)
        raise SystemExit(1)
    if not report.results:
        said = " or ".join(f"`{word}`" for word in choice.words)
        there = "is" if report.left_out == 1 else "are"
        click.echo(f"no row has {said} in its names; there {there} {counted(report.left_out, 'row')}", err=True)
        raise SystemExit(1)
    return report


def _tripped(report: Report, least: tuple[tuple[str, float], ...]) -> int:
    """The exit code; says which coverage is too low."""
    low = [
        f"{coverage.policy}: {kind} {share.percent} % tested ({share.reached} of {share.total}), {percent:g} % asked for"
        for coverage in report.coverage
        for kind, percent in least
        for share in [_share(coverage, kind)]
        if not share.is_at_least(percent)
    ]
    for line in low:
        click.echo(f"coverage too low: {line}", err=True)
    return 1 if report.failures or low else 0


def _share(coverage: Coverage, kind: str) -> Share:
    if kind in (ALL, CHANGED):
        return coverage.total if kind == ALL else coverage.changed_share
    return coverage.kinds.get(GoalKind(kind), Share(0, 0))


def _update(report: Report) -> int:
    """Show the difference, then write; the exit code is 1 where something is left to do by hand."""
    left = 0
    for one in updates(report, date.today()):
        if one.diff:
            put(one.diff, None)
            one.write()
            put(f"wrote {counted(one.count, 'expectation')} into {one.suite.file}", None)
        for difference, reason in one.by_hand:
            left += 1
            click.echo(f"{difference.span}: not updated: {reason}", err=True)
            click.echo("\n".join(differing((difference,))), err=True)
    left += sum(not result.differences for result in report.failures)
    if not report.failures:
        put(f"nothing to update: {summary(report)}", None)
    return 1 if left else 0


def _record(paths: tuple[str, ...], options: TestOptions) -> None:
    if not options["record"]:
        raise click.UsageError("--data goes with --record.")
    if options["data"] is None:
        raise click.UsageError("--record needs --data, the company to evaluate.")
    if paths or options["update"]:
        raise click.UsageError("--record runs no scenarios; leave out the paths and --update.")
    note_unused_policy(options["policy"] or DEFAULT_POLICY, options["data"])
    text = _recorded(options["policy"] or DEFAULT_POLICY, options["data"], options)
    output = options["output"]
    if output is None:
        put(text, None)
        return
    write_new(output, text)
    put(f"wrote {output.as_posix()}", None)


def _recorded(policy: str, data: str, options: TestOptions) -> str:
    """A company evaluated, and what it answered as a scenario."""
    node = company_document(data)
    with Session.open(policy, date.today(), Engine(options["engine"])) as session:
        company = company_of(node, data, session, None, ())
        facts, _ = derive_for(session.policy, company.facts)
        answers = fired_answers(fire(session.policy, facts, session.backend))
    return recorded(company, node, session.policy, answers, about(policy, options["output"]))

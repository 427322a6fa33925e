"""action.yml and .pre-commit-hooks.yaml: their form, and each step run by bash as GitHub runs it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cli import COMMANDS
from engine.document import plain, read
from tests.installation import ROOT, Installation, environment
from tests.repositories import Repo, repo

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")


def loaded(name: str) -> Any:
    return json.loads(json.dumps(plain(read(ROOT / name))))


ACTION = loaded("action.yml")
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
SCRIPTS = {name: step for name, step in STEPS.items() if "run" in step}


# ---- the form


def test_it_is_a_composite_action() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert ACTION["name"]
    assert ACTION["description"]


@pytest.mark.parametrize("name", ACTION["inputs"])
def test_every_input_is_explained_has_a_default_and_is_used(name: str) -> None:
    given = ACTION["inputs"][name]
    assert set(given) == {"description", "default"}
    assert f"inputs.{name} " in json.dumps(ACTION["runs"])


def test_every_output_is_explained() -> None:
    assert all(set(output) == {"description", "value"} for output in ACTION["outputs"].values())


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_expression_stands_in_a_script(name: str) -> None:
    """What somebody else wrote, a branch or a path, reaches a script as a variable and never as a part of it."""
    assert not EXPRESSION.search(SCRIPTS[name]["run"])
    assert SCRIPTS[name]["shell"] == "bash"


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_variable_is_given_and_quoted(name: str) -> None:
    script, given = SCRIPTS[name]["run"], SCRIPTS[name].get("env", {})
    used = set(re.findall(r"\$\{?([A-Z_]+)", script))
    assert used <= set(given) | {"GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "RUNNER_TEMP"}
    assert not any(variable.startswith("STEELYARD") for variable in given), "the command reads those as options"


@pytest.mark.parametrize("name", SCRIPTS)
def test_bash_can_read_every_script(name: str) -> None:
    done = subprocess.run(
        ["bash", "-n"], input=SCRIPTS[name]["run"], encoding="utf-8", check=False, capture_output=True
    )
    assert done.stderr == ""


def test_it_says_that_all_of_the_history_is_needed() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert "fetch-depth: 0" in text


# ---- what the steps do


class Job:
    """A job on a machine of GitHub: a repository, and the files that a step writes to."""

    def __init__(self, made: Repo, steelyard: Installation, temporary: Path) -> None:
        self.repo = made
        self.steelyard = steelyard
        self.temporary = temporary
        self.summary = temporary / "summary.md"
        self.output = temporary / "output"

    def run(self, name: str, inputs: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """One step, with the environment that it would have."""
        step = STEPS[name]
        given = {key: self._filled(value, inputs or {}) for key, value in step["env"].items()}
        path = f"{self.steelyard.command.parent}:{environment()['PATH']}"
        files = {"GITHUB_STEP_SUMMARY": self.summary, "GITHUB_OUTPUT": self.output, "RUNNER_TEMP": self.temporary}
        for file in (self.summary, self.output):
            file.touch()
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.repo.root,
            env=environment({**{name: str(file) for name, file in files.items()}, **given, "PATH": path}),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def _filled(self, value: str, inputs: Mapping[str, str]) -> str:
        defaults = {name: str(given["default"]) for name, given in ACTION["inputs"].items()}
        known = {f"inputs.{name}": text for name, text in {**defaults, **inputs}.items()}
        known |= {"runner.temp": str(self.temporary), "github.action_path": str(ROOT)}
        return EXPRESSION.sub(lambda match: known[match[1].strip()], value)


@pytest.fixture
def job(steelyard: Installation, tmp_path: Path) -> Job:
    (tmp_path / "runner").mkdir()
    made = repo(tmp_path / "consulting")
    return Job(made, steelyard, tmp_path / "runner")


LAYER = "policyset: acme\ntitle: Acme\nversion: 0.1.0\nextends: steelyard:sales-focus\n"
COMPANY = "company: Acme\nas_of: 2026-10-31\ncurrency: USD\nfacts: {sales.cycle_days: 57}\n"


def test_check_where_there_is_no_client(job: Job) -> None:
    job.repo.write("README.md", "nothing yet")
    job.repo.write(".hidden/policyset.yaml", "nonsense")
    done = job.run("Check")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "no policy set and no company below .: nothing to check\n",
        "",
    )


def test_check_where_all_is_well(job: Job) -> None:
    job.repo.write("clients/acme/policyset.yaml", LAYER)
    job.repo.write("clients/acme/company.yaml", COMPANY)
    done = job.run("Check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 checked: no errors, no warnings\n", "")
    assert (
        job.summary.read_text(encoding="utf-8") == "### Check: 1 checked: no errors, no warnings\n\nNothing is wrong.\n"
    )


def test_check_annotates_at_most_ten_and_the_summary_has_all(job: Job) -> None:
    wrong = "".join(f"  no.such_fact_{n}: 1\n" for n in range(14))
    job.repo.write("clients/acme/company.yaml", f"company: Acme\nas_of: 2026-10-31\nfacts:\n{wrong}")
    job.repo.write("other/company.yaml", "company: Other\n")
    job.summary.write_text("# of another step\n\n", encoding="utf-8")
    done = job.run("Check", {"path": "clients"})
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + ["1"]
    assert lines[0].startswith(
        "::error file=clients/acme/company.yaml,line=4,col=3,endLine=4,endColumn=17,title=unknown-fact::"
    )
    assert lines[9].endswith("%0Aand 4 more: the summary of the job has them all")
    summary = job.summary.read_text(encoding="utf-8")
    assert summary.startswith("# of another step\n\n### Check: 1 checked: 14 errors, no warnings\n")
    assert summary.count("`unknown-fact`") == 14


@pytest.mark.parametrize("path", ["-p", "a b", "$(touch hacked)", "'; touch hacked; '", "nowhere"])
def test_a_path_is_a_path_and_nothing_else(path: str, job: Job) -> None:
    if path != "nowhere":
        job.repo.write(f"{path}/company.yaml", COMPANY)
    for step in ("Check",):
        job.run(step, {"path": f"./{path}" if path.startswith("-") else path})
    assert not (job.repo.root / "hacked").exists()


def test_impact_needs_the_history(job: Job) -> None:
    job.repo.write("README.md", "x")
    job.repo.commit()
    done = job.run("Impact", {"base": "0" * 40})
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == (
        "::error title=steelyard impact::the base of the pull request is not here: check out with fetch-depth 0"
    )


def test_impact_where_there_is_no_policy_set(job: Job) -> None:
    job.repo.write("README.md", "x")
    base = job.repo.commit()
    done = job.run("Impact", {"base": base})
    assert (done.returncode, done.stderr) == (0, "")
    (name, _, file) = job.output.read_text(encoding="utf-8").strip().partition("=")
    assert name == "comment-file"
    told = "## What this change does\n\n"
    assert Path(file).read_text(encoding="utf-8") == told
    assert job.summary.read_text(encoding="utf-8") == told


def test_impact_of_a_new_client(job: Job) -> None:
    base = job.repo.commit()
    job.repo.write("clients/acme/policyset.yaml", LAYER)
    done = job.run("Impact", {"base": base})
    assert (done.returncode, done.stderr) == (0, "")
    told = (job.temporary / "steelyard-impact.md").read_text(encoding="utf-8")
    assert told == (
        "## What this change does\n\n### clients/acme\n\nA new policy set: there is nothing to compare it with.\n\n"
    )


def test_impact_of_a_changed_threshold(job: Job) -> None:
    """The recommendation that changes, then what was changed in the policy set, in a file to put into a comment."""
    client = f"{LAYER}parameters:\n  required_coverage: {{value: 45%, because: a first answer is wanted}}\n"
    job.repo.write("clients/acme/policyset.yaml", client)
    job.repo.write("clients/acme/company.yaml", (ROOT / "examples/northwind/company.yaml").read_text(encoding="utf-8"))
    base = job.repo.commit()
    job.repo.write("clients/acme/policyset.yaml", client.replace("45%", "99%"))
    done = job.run("Impact", {"base": base})
    assert (done.returncode, done.stderr) == (0, "")
    told = (job.temporary / "steelyard-impact.md").read_text(encoding="utf-8")
    assert "**The client gets another recommendation.**" in told
    assert "Insufficient evidence" in told
    assert "45 % → 99 %" in told or "45 % -> 99 %" in told
    assert job.summary.read_text(encoding="utf-8") == told


def test_impact_of_a_change_that_cannot_be_read(job: Job) -> None:
    job.repo.write("clients/acme/policyset.yaml", LAYER)
    base = job.repo.commit()
    job.repo.write("clients/acme/policyset.yaml", LAYER + "weigths: 3\n")
    done = job.run("Impact", {"base": base})
    assert done.returncode == 3
    assert "[unknown-key]" in done.stderr


def test_format_says_what_is_not_in_its_form(job: Job) -> None:
    job.repo.write("clients/acme/policyset.yaml", LAYER)
    assert job.run("Format").returncode == 0
    job.repo.write("clients/acme/policyset.yaml", LAYER + "\n\n\n")
    done = job.run("Format")
    assert done.returncode == 1
    assert "would be formatted: clients/acme/policyset.yaml" in done.stdout
    assert "::error title=steelyard fmt::some files are not in their canonical form: run steelyard fmt" in done.stdout


def test_test_runs_the_scenarios(job: Job) -> None:
    job.repo.write("clients/acme/policyset.yaml", LAYER)
    head = (
        "scenarios:\n  - id: one\n    given: {sales.cycle_days: 57}\n    expect: {evidence: {complex-high-value.cycle: "
    )
    job.repo.write("clients/acme/tests/one.yaml", head + "0.5}}\n")
    done = job.run("Test")
    assert (done.returncode, done.stdout) == (0, "1 row in 1 file: 1 passed\n")
    job.repo.write("clients/acme/tests/one.yaml", head + "1}}\n")
    done = job.run("Test")
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=clients/acme/tests/one.yaml,line=4,col=")
    assert "steelyard test" in job.summary.read_text(encoding="utf-8")


def test_test_where_there_are_no_scenarios(job: Job) -> None:
    job.repo.write("clients/acme/policyset.yaml", LAYER)
    done = job.run("Test")
    assert (done.returncode, done.stdout, done.stderr) == (0, "no scenarios below .: nothing to test\n", "")


# ---- pre-commit


HOOKS = loaded(".pre-commit-hooks.yaml")


def test_the_hooks_that_there_are() -> None:
    assert [hook["id"] for hook in HOOKS] == ["steelyard-check", "steelyard-fmt", "steelyard-test"]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_for_yaml_over_the_whole_repository(
    hook: Any, job: Job, record_property: Callable[[str, object], None]
) -> None:
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    assert re.search(hook["files"], "clients/acme/company.yaml")
    assert not re.search(hook["files"], "README.md")
    program, command, *arguments = hook["entry"].split()
    assert program == "steelyard"
    if command not in COMMANDS:
        record_property("not run", f"not built yet: {command}")
        return
    done = job.steelyard.run("init", "repo", ".", cwd=job.repo.root)
    assert done.returncode == 0
    job.repo.commit()
    done = job.steelyard.run(command, *arguments, cwd=job.repo.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert job.repo.git("status", "--porcelain") == ""

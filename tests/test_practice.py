"""`init repo`: what it writes is green at once, in git, and never over what is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import COMMANDS
from engine import schema
from engine.document import plain, read
from engine.practice import PATTERNS
from tests.installation import Installation
from tests.repositories import repo

CLIENT = "clients/example-client"
GREEN = [
    ["check", "."],
    ["fmt", "--check", "."],
    ["test", "."],
    ["evaluate", "-p", CLIENT, "-d", CLIENT, "--fail-on", "undecided"],
    ["evaluate", "-p", CLIENT, "-d", CLIENT, "--record", "records/2026-10-31-example.json"],
    ["replay", "records/2026-10-31-example.json"],
    ["show", "-p", CLIENT],
]


@pytest.fixture
def made(steelyard: Installation, tmp_path: Path) -> Path:
    done = steelyard.run("init", "repo", "our clients", "--action", "acme/steelyard@v0.1.0", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path / "our clients"


def test_it_is_green_at_once(
    made: Path, steelyard: Installation, record_property: Callable[[str, object], None]
) -> None:
    repo(made).commit("an example client")
    absent = {command for command, *_ in GREEN} - set(COMMANDS)
    if absent:
        record_property("not run", f"not built yet: {', '.join(sorted(absent))}")
    for command in GREEN:
        if command[0] not in absent:
            done = steelyard.run(*command, cwd=made)
            assert (done.returncode, done.stderr) == (0, ""), command


def test_it_says_what_comes_next(steelyard: Installation, tmp_path: Path) -> None:
    done = steelyard.run("init", "repo", "our clients", cwd=tmp_path)
    wrote = [line for line in done.stdout.splitlines() if line.startswith("wrote ")]
    written = sorted(path for path in (tmp_path / "our clients").rglob("*") if path.is_file())
    assert sorted(wrote) == sorted(f"wrote {path.relative_to(tmp_path).as_posix()}" for path in written)
    assert done.stdout.splitlines()[len(wrote) :] == [
        "next:",
        "  cd 'our clients'",
        "  git init -b main && git add --all && git commit -m 'An example client'",
        f"  steelyard evaluate -p {CLIENT} -d {CLIENT}",
        "before the first pull request: in .github/workflows/steelyard.yml, name the repository that Steelyard is in",
    ]


def test_the_workflow_uses_the_action_that_was_named(made: Path) -> None:
    workflow = plain(read(made / ".github" / "workflows" / "steelyard.yml"))
    assert isinstance(workflow, dict)
    jobs = json.loads(json.dumps(workflow["jobs"]))
    checkout, steelyard = jobs["policies"]["steps"]
    assert checkout["with"] == {"fetch-depth": 0}
    assert steelyard == {"uses": "acme/steelyard@v0.1.0", "with": {"path": "."}}
    assert "@NAME@" not in (made / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("action", ["", "steelyard", "a/b", "a/b@c\n- run: x", "a b/c@d"])
def test_an_action_that_is_none(action: str, steelyard: Installation, tmp_path: Path) -> None:
    done = steelyard.run("init", "repo", "x", "--action", action, cwd=tmp_path)
    assert done.returncode == 2
    assert "write OWNER/NAME@REF, for example acme/steelyard@v0.1.0" in done.stderr
    assert not (tmp_path / "x").exists()


def test_the_editor_finds_the_schemas(made: Path) -> None:
    settings = json.loads((made / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    mapped = settings["yaml.schemas"]
    assert {name.removesuffix(".schema.json").rpartition("/")[2] for name in mapped} == set(PATTERNS) & set(
        schema.names()
    )
    for name in mapped:
        written = json.loads((made / name).read_text(encoding="utf-8"))
        assert written["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_the_first_line_of_each_file_leads_to_its_schema(made: Path) -> None:
    paths = [path for path in sorted((made / "clients").rglob("*.yaml")) if path.is_file()]
    assert len(paths) == 3
    for path in paths:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        target = (path.parent / first.partition("$schema=")[2]).resolve()
        name = target.name.removesuffix(".schema.json")
        assert name in PATTERNS
        assert target.is_file() or name not in schema.names()


def test_nothing_is_written_over_and_then_nothing_is_written(steelyard: Installation, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    done = steelyard.run("init", "repo", ".", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr == (
        "error: `README.md` is there already [file-exists]\n      hint: choose another name, or remove the file first\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_a_file(steelyard: Installation, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("", encoding="utf-8")
    done = steelyard.run("init", "repo", "x", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.startswith("error: cannot write `x/README.md`: ")


def test_a_name_that_no_file_system_holds(steelyard: Installation, tmp_path: Path) -> None:
    done = steelyard.run("init", "repo", "x" * 300, cwd=tmp_path)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr

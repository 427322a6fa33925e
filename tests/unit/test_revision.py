"""Policy sets at a revision of git, over real repositories."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.diagnostics import LoadError, SteelyardError
from engine.git import run
from engine.revision import Repository, State, repository_of
from engine.session import open_policy
from tests.repositories import Repo, repo

SETS = Path(__file__).parent.parent / "diagnostics" / "policies" / "base"
TODAY = date(2026, 10, 31)
SET = (SETS / "policyset.yaml").read_text(encoding="utf-8")
SET = SET.replace(
    "required_coverage: 50%",
    "required_coverage: $required\nparameters: {required: {value: 50%, unit: rate, grade: J, because: half}}",
)
LAYER = """\
policyset: client
title: Client
version: 0.1.0
extends: {extends}
parameters:
  required: {{value: {value}, because: they said so}}
"""


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """The set `base` in `policies/base` and a client, as committed at the tag `v1`; the present folder is its root."""
    made = repo(tmp_path / "Büro und Mehr")
    shutil.copytree(SETS, made.root / "policies" / "base")
    made.write("policies/base/policyset.yaml", SET)
    made.write("Kunden/Müller & Söhne/policyset.yaml", LAYER.format(extends="../../policies/base", value="60%"))
    made.commit()
    made.git("tag", "v1")
    monkeypatch.chdir(made.root)
    return made


def coverage(policy: str) -> float:
    return open_policy(policy, TODAY).policy.required_coverage.number


def told(policy: str) -> list[tuple[str, str, str, str]]:
    """Code, message, hint and place of everything that is wrong."""
    with pytest.raises(SteelyardError) as caught:
        open_policy(policy, TODAY)
    return [(d.code, d.message, d.hint, str(d.span or "")) for d in caught.value.diagnostics]


def files_read(policy: str) -> set[str]:
    found = open_policy(policy, TODAY).policy
    spans = [p.span for p in found.parameters.values()] + [d.span for d in found.catalogue.values()]
    spans += [item.span for item in found.evidence] + [layer.span for layer in found.layers]
    return {span.file for span in spans if span is not None}


# ---- what is read


def test_every_file_is_read_from_the_commit(policies: Repo) -> None:
    client = policies.root / "Kunden/Müller & Söhne/policyset.yaml"
    for path in policies.root.rglob("*.yaml"):
        path.write_text("not: a policy\n", encoding="utf-8")
    assert coverage("v1:Kunden/Müller & Söhne") == 0.6
    base = {f"v1:policies/base/{name}" for name in ("policyset.yaml", "facts.yaml", "demand.yaml", "handling.yaml")}
    assert files_read("v1:Kunden/Müller & Söhne") == base | {"v1:Kunden/Müller & Söhne/policyset.yaml"}
    assert files_read("v1:policies/base/demand.yaml") == base - {"v1:policies/base/handling.yaml"}
    assert client.read_text(encoding="utf-8") == "not: a policy\n"


def test_a_problem_is_told_at_its_revision(policies: Repo) -> None:
    policies.write("policies/base/policyset.yaml", "policyset: base\n  title: wrong\n")
    policies.commit()
    ((code, _, _, place),) = told("HEAD:policies/base")
    assert (code, place) == ("yaml-syntax", "HEAD:policies/base/policyset.yaml:2:8")


def test_a_path_counts_from_the_root_and_with_a_dot_from_the_present_folder(
    policies: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(policies.root / "Kunden")
    assert coverage("v1:Kunden/Müller & Söhne") == 0.6
    assert coverage("v1:./Müller & Söhne") == 0.6
    assert coverage("v1:../Kunden/Müller & Söhne/policyset.yaml") == 0.6
    assert told("v1:Müller & Söhne") == [
        ("not-at-revision", "there is no `Müller & Söhne` at `v1`", "did you mean `v1:./Müller & Söhne`?", "")
    ]


def test_a_file_of_that_very_name_wins(policies: Repo) -> None:
    shutil.copytree(policies.root / "policies/base", policies.root / "v1:policies" / "base")
    policies.write(
        "v1:policies/base/policyset.yaml", (SETS / "policyset.yaml").read_text("utf-8").replace("50%", "70%")
    )
    assert coverage("v1:policies/base") == 0.7


def test_a_layer_pins_its_base_at_a_tag(policies: Repo) -> None:
    policies.write("policies/base/policyset.yaml", SET.replace("50%", "55%"))
    for folder, extends in {
        "new": "../policies/base",
        "old": "git:v1:policies/base",
        "near": "git:v1:../policies/base",
    }.items():
        text = LAYER.format(extends=extends, value="60%").partition("parameters:")[0]
        policies.write(f"{folder}/policyset.yaml", text)
    policies.commit()
    assert [coverage(f"{prefix}{name}") for prefix in ("", "HEAD:") for name in ("new", "old")] == [
        0.55,
        0.5,
        0.55,
        0.5,
    ]
    assert coverage("near") == 0.5
    assert "v1:policies/base/facts.yaml" in files_read("HEAD:old")


def test_merged_and_renamed_and_detached(policies: Repo) -> None:
    policies.git("checkout", "--quiet", "-b", "other")
    policies.git("mv", "policies/base", "policies/erste")
    policies.write("Kunden/Müller & Söhne/policyset.yaml", LAYER.format(extends="../../policies/erste", value="65%"))
    policies.commit()
    policies.git("checkout", "--quiet", "main")
    policies.write("note.txt", "n")
    policies.commit()
    policies.git("merge", "--quiet", "--no-edit", "other")
    assert coverage("main:Kunden/Müller & Söhne") == 0.65
    assert coverage("main^1:Kunden/Müller & Söhne") == 0.6
    renamed = "it was renamed: at `{}` it is `policies/{}`"
    assert told("HEAD:policies/base") == [
        ("not-at-revision", "there is no `policies/base` at `HEAD`", renamed.format("HEAD", "erste"), "")
    ]
    assert told("v1:policies/erste/facts.yaml")[0][2] == renamed.format("v1", "base/facts.yaml")
    policies.git("checkout", "--quiet", "--detach", "v1")
    assert coverage("HEAD:Kunden/Müller & Söhne") == 0.6
    assert repository_of(Path()).state(Path("policies")).name == "v1"


# ---- what cannot be read


FROM_ROOT = "a path counts from the root of the repository; with ./ before it, from the present folder"


@pytest.mark.usefixtures("policies")
@pytest.mark.parametrize(
    "policy, code, message, hint",
    [
        ("v11:x", "unknown-revision", "there is no revision `v11` in this repository", "did you mean `v1`?"),
        ("x:y", "unknown-revision", "there is no revision `x` in this repository", "branches and tags: main, v1"),
        ("-p:y", "unknown-revision", "there is no revision `-p` in this repository", "branches and tags: main, v1"),
        (
            "--all:y",
            "unknown-revision",
            "there is no revision `--all` in this repository",
            "branches and tags: main, v1",
        ),
        ("^v1:y", "unknown-revision", "there is no revision `^v1` in this repository", "did you mean `v1`?"),
        (
            "v1..main:y",
            "unknown-revision",
            "there is no revision `v1..main` in this repository",
            "did you mean `main`?",
        ),
        (
            "v1^{tree}:y",
            "unknown-revision",
            "there is no revision `v1^{tree}` in this repository",
            "branches and tags: main, v1",
        ),
        ("v1\n:y", "unknown-revision", "there is no revision `v1\n` in this repository", "did you mean `v1`?"),
        ("v1:../x", "outside-tree", "`../x` lies outside of the repository", FROM_ROOT),
        ("v1:/etc", "outside-tree", "`/etc` lies outside of the repository", FROM_ROOT),
        (
            "v1:policies",
            "no-policy",
            "folder `v1:policies` has no `policyset.yaml`",
            "did you mean `v1:policies/base`?",
        ),
        (
            "v1:",
            "no-policy",
            "folder `v1:` has no `policyset.yaml`",
            "did you mean `v1:Kunden/Müller & Söhne`?",
        ),
        ("v1:policies/bas", "not-at-revision", "there is no `policies/bas` at `v1`", "did you mean `policies/base`?"),
        ("v1:a\nb", "not-at-revision", "there is no `a\nb` at `v1`", "a path counts from the root of the repository"),
    ],
)
def test_a_revision_that_is_not_there(policy: str, code: str, message: str, hint: str) -> None:
    assert told(policy) == [(code, message, hint, "")]


def test_an_extended_revision_is_told_at_extends(policies: Repo) -> None:
    for given, code, hint in [
        ("git:v2:policies/base", "unknown-revision", "branches and tags: main, v1"),
        ("git:v1:policies/bass", "not-at-revision", "did you mean `policies/base`?"),
        ("git:v1", "wrong-form", "write git:REF:path, for example `git:v1.2:policies/sales-focus`"),
        ("git::policies/base", "wrong-form", "write git:REF:path, for example `git:v1.2:policies/sales-focus`"),
        ("git:v1:policies", "file-missing", "name the folder of a policy set, or its file"),
    ]:
        policies.write("client/policyset.yaml", LAYER.format(extends=f'"{given}"', value="60%"))
        assert [(c, h, p) for c, _, h, p in told("client")] == [(code, hint, "client/policyset.yaml:4:10")]


def test_a_set_that_extends_itself_at_a_revision_is_a_circle(policies: Repo) -> None:
    policies.write("client/policyset.yaml", LAYER.format(extends="git:HEAD:client", value="60%"))
    policies.commit()
    ((code, _, _, place),) = told("client")
    assert (code, place) == ("extends-circle", "HEAD:client/policyset.yaml:4:10")


def test_a_shallow_clone_says_how_to_get_the_rest(
    policies: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies.write("note.txt", "n")
    last = policies.commit()
    first = policies.git("rev-parse", "v1")
    policies.git("clone", "--quiet", "--depth", "1", policies.root.as_uri(), str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    assert coverage(f"{last}:Kunden/Müller & Söhne") == 0.6
    hint = "this clone is shallow, without the older commits; fetch them: git fetch --unshallow"
    for missing in ("v1", "HEAD~1", first):
        assert told(f"{missing}:policies/base") == [
            ("unknown-revision", f"there is no revision `{missing}` in this repository", hint, "")
        ]


def test_no_git_program(policies: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    (policies.root / "git").write_text("#!/bin/sh\necho pwned > ran\n", encoding="utf-8")
    (policies.root / "git").chmod(0o755)
    for path in ("", ".", "::", "bin"):
        monkeypatch.setenv("PATH", path)
        assert told("v1:policies/base") == [
            (
                "no-git",
                "a revision is read with the program git, and there is none on this machine",
                "install git, or name a folder or file in place of a revision",
                "",
            )
        ]
    assert not (policies.root / "ran").exists()
    assert coverage("policies/base") == 0.5


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ((code, message, _, _),) = told("v1:policies/base")
    assert (code, message) == ("no-repository", "the present folder lies in no git repository")


def test_a_repository_without_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = repo(tmp_path)
    made.write("a.yaml", "a: 1\n")
    monkeypatch.chdir(tmp_path)
    assert [hint for _, _, hint, _ in told("HEAD:a")] == ["the repository has no commit yet"]
    assert repository_of(tmp_path).state(tmp_path / "a.yaml") == State("", "main", True, True)


def test_a_bare_repository(policies: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policies.git("clone", "--quiet", "--bare", str(policies.root), str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path / "bare.git")
    ((code, message, _, _),) = told("v1:policies/base")
    assert (code, message) == ("bare-repository", "the present folder is a repository without a working tree")


def test_a_repository_of_another_user(policies: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        # another owner is made by root; a git that is told to assume one says the same
        monkeypatch.setattr("engine.git._FIXED", {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "LC_ALL": "C"})
    else:
        os.chown(policies.root, 12345, 12345)
        os.chown(policies.root / ".git", 12345, 12345)
    monkeypatch.setenv("HOME", str(policies.root.parent))
    ((code, message, _, _),) = told("v1:policies/base")
    assert code == "git-refused"
    assert message == "git does not read the repository of the present folder, which belongs to somebody else"


def test_links_and_submodules(policies: Repo, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(SETS, outside)
    (policies.root / "out").symlink_to(outside)
    (policies.root / "up").symlink_to("../outside")
    (policies.root / "in").symlink_to("policies/base")
    (policies.root / "nowhere").symlink_to("missing")
    (policies.root / "round").symlink_to("round")
    shutil.copytree(policies.root / "policies/base", policies.root / "linked")
    (policies.root / "linked/facts.yaml").unlink()
    (policies.root / "linked/facts.yaml").symlink_to(outside / "facts.yaml")
    inner = repo(policies.root / "inner")
    inner.write("policyset.yaml", "a: 1\n")
    inner.commit()
    policies.commit()
    assert coverage("HEAD:in") == 0.5
    link = "is a link that leads out of the repository"
    assert told("HEAD:out")[0][:2] == ("not-readable", f"`HEAD:out` {link}")
    assert told("HEAD:up")[0][:2] == ("not-readable", f"`HEAD:up` {link}")
    assert told("HEAD:up/policyset.yaml")[0][:2] == ("not-readable", f"`HEAD:up/policyset.yaml` {link}")
    assert told("HEAD:linked")[0][:2] == ("not-readable", f"`HEAD:linked/facts.yaml` {link}")
    for lost in ("nowhere", "round", "nowhere/policyset.yaml"):
        assert told(f"HEAD:{lost}")[0][0] == "not-at-revision"
    assert told("HEAD:inner")[0][:2] == ("not-readable", "`HEAD:inner` is a submodule, a repository of its own")
    assert told("HEAD:inner/policyset.yaml")[0][0] == "not-at-revision"


def test_a_large_file(policies: Repo) -> None:
    policies.write("policies/base/facts.yaml", "# " + "x" * 5_100_000)
    policies.commit()
    assert [code for code, *_ in told("HEAD:policies/base")] == ["too-large"]


# ---- nothing of the repository is run, and nothing fetched


def test_nothing_that_a_repository_configures_is_run(policies: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = policies.write("trap", '#!/bin/sh\ntouch "$(dirname "$0")/ran"\ncat\n')
    trap.chmod(0o755)
    policies.write(".gitattributes", "* filter=trap diff=trap text eol=lf\n")
    policies.commit()
    for name in (
        "filter.trap.clean",
        "filter.trap.smudge",
        "filter.trap.process",
        "diff.trap.textconv",
        "diff.external",
        "diff.trap.command",
        "core.pager",
        "core.fsmonitor",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "core.editor",
        "pager.show",
        "credential.helper",
    ):
        policies.git("config", name, str(trap))
    policies.git("config", "core.hooksPath", str(policies.root))
    policies.git("config", "remote.origin.url", f"ext::{trap}")
    policies.git("config", "remote.origin.promisor", "true")
    policies.git("config", "protocol.ext.allow", "always")
    policies.git("config", "extensions.partialClone", "origin")
    monkeypatch.setenv("GIT_DIR", str(policies.root / "nowhere"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    monkeypatch.setenv("GIT_PAGER", str(trap))
    (policies.root / "policies/base/facts.yaml").write_text("# changed\n", encoding="utf-8")
    repository = repository_of(policies.root)
    assert repository.state(policies.root / "policies").dirty
    revision = repository.revision("HEAD")
    assert revision.instead("policies/bass") == "did you mean `policies/base`?"
    blob = run(policies.root, "rev-parse", "HEAD:policies/base/facts.yaml").line
    (policies.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(LoadError):
        revision.bytes_of("policies/base/facts.yaml")
    assert not (policies.root / "ran").exists()


# ---- the state of a path, for records


def state(repository: Repository, path: str) -> tuple[bool, bool]:
    found = repository.state(repository.root / path)
    return found.dirty, found.untracked


def test_the_state_of_a_path(policies: Repo) -> None:
    repository = repository_of(policies.root / "Kunden")
    head = policies.git("rev-parse", "HEAD")
    assert repository.root == policies.root.resolve()
    assert repository.state(Path("Kunden")) == State(head, "main", False, False)
    policies.write(".gitignore", "*.tmp\n")
    policies.write("Kunden/x.tmp", "ignored")
    assert state(repository, "Kunden") == (False, False)
    assert state(repository, "") == (True, False)
    facts = policies.root / "policies/base/facts.yaml"
    facts.write_bytes(facts.read_bytes().replace(b"\n", b"\r\n"))
    assert state(repository, "policies") == (False, False)
    policies.write("policies/new.yaml", "a: 1\n")
    assert state(repository, "policies") == (True, False)
    assert state(repository, "policies/base") == (False, False)
    assert state(repository, "policies/new.yaml") == (True, True)
    policies.git("add", "policies/new.yaml")
    assert state(repository, "policies/new.yaml") == (False, True)
    facts.unlink()
    assert state(repository, "policies/base") == (True, False)
    assert state(repository, "policies/base/demand.yaml") == (False, False)
    os.mkfifo(facts)
    assert state(repository, "policies/base") == (True, False)
    policies.git("checkout", "--quiet", "--detach", "--force")
    policies.git("tag", "--delete", "v1")
    assert repository.state(Path("Kunden")).name == head[:7]


def test_files_below_a_folder(policies: Repo) -> None:
    revision = repository_of(policies.root).revision("v1")
    base = (
        "policies/base/demand.yaml",
        "policies/base/facts.yaml",
        "policies/base/handling.yaml",
        "policies/base/policyset.yaml",
    )
    client = ("Kunden/Müller & Söhne/policyset.yaml",)
    assert revision.files("policies") == base
    assert revision.files("./policies/base/") == base
    assert revision.files() == (*client, *base)
    assert revision.files("nothing") == ()
    assert revision.files("Kunden") == client


def test_a_folder_on_disk_names_the_nearest_one_with_a_policy_set(tmp_path: Path) -> None:
    hints = []
    for folder in ("deep/down/below", "clients/zeta", "clients/acme", "zoo"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "policyset.yaml").touch()
        ((_, _, hint, _),) = told(str(tmp_path))
        hints.append(hint.replace(tmp_path.as_posix(), "."))
    assert hints == [
        "name a folder with a policyset.yaml, or one indicator file",
        "did you mean `./clients/zeta`?",
        "did you mean `./clients/acme`?",
        "did you mean `./zoo`?",
    ]

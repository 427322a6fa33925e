"""What a shell offers, through the installed command, and through a real bash."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.test_environment import COMPANY
from tests.installation import Installation, environment

BROKEN = {
    "not YAML": "policyset: [\n",
    "not a policy set": "policyset: a\n",
    "extends nothing": "policyset: a\ntitle: A\nextends: steelyard:nothing\n",
    "extends itself": "policyset: a\ntitle: A\nextends: ../acme\n",
}


def offered(steelyard: Installation, folder: Path, *words: str, shell: str = "bash") -> list[str]:
    """What is offered for the last word; nothing may be said beside it."""
    typed = " ".join(("steelyard", *words))
    env = {"_STEELYARD_COMPLETE": f"{shell}_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(words))}
    if shell == "fish":
        env["COMP_CWORD"] = words[-1]
    done = steelyard.run(cwd=folder, env=env)
    assert done.stderr == ""
    assert done.returncode == 0
    return [line for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(
    "words, expected",
    [
        (("rep",), ["plain,replay"]),
        (("explain", "verd"), ["plain,verdict"]),
        (("explain", "stagnant-conversion.vol"), ["plain,stagnant-conversion.volume"]),
        (("explain", "2.2"), ["plain,2.2"]),
        (("explain", "G6"), ["plain,G6"]),
        (("explain", "finance.runway"), ["plain,finance.runway_months"]),
        (("explain", "score"), ["plain,score"]),
        (("evaluate", "--param", "stagnant-conversion.steady"), ["plain,stagnant-conversion.steady_leads="]),
        (("evaluate", "--set", "lead.first"), ["plain,lead.first_response_hours="]),
        (("evaluate", "--set", "score"), []),
        (("evaluate", "-p", "steel"), ["plain,steelyard:sales-focus"]),
        (("evaluate", "-p", "acme"), ["file,acme"]),
        (("evaluate", "-d", ""), ["file,"]),
        (("evaluate", "--record", "x"), ["file,x"]),
        (("init", "client", "acme", "--from", "x"), ["file,x"]),
        (("init", "client", "acme", "--from", "x", "y"), ["file,y"]),
        (("history", "-d", "x"), ["file,x"]),
        (("history", "--every", "q"), ["plain,quarter"]),
        (("history", "-p", "steel"), ["plain,steelyard:sales-focus"]),
        (("his",), ["plain,history"]),
        (("schema", "facts-r"), ["plain,facts-report"]),
        (("check", "a"), ["file,a"]),
        (("replay", "rec"), ["file,rec"]),
        (("diagnostic", "record-v"), ["plain,record-version"]),
        (("schema", "rec"), ["plain,record"]),
        (("completion", "z"), ["plain,zsh"]),
        (("explain", "nothing-of-the-kind"), []),
        (("set", "acme"), ["file,acme"]),
        (("set", "steelyard:sales-focus", "stagnant-conversion.steady"), ["plain,stagnant-conversion.steady_leads"]),
        (
            ("set", "steelyard:sales-focus", "weight:stagnant-conversion.vol"),
            ["plain,weight:stagnant-conversion.volume"],
        ),
        (("set", "nowhere", "steady"), []),
        (("fmt", "a"), ["file,a"]),
        (("test", "a"), ["file,a"]),
        (("test", "-p", "steel"), ["plain,steelyard:sales-focus"]),
        (("diff", "a"), ["file,a"]),
        (("impact", "steel"), ["plain,steelyard:sales-focus"]),
        (("impact", "-d", "c"), ["file,c"]),
        (("ask", "--who", "mark"), ["plain,marketing"]),
        (("ask", "-p", "nowhere", "--who", "mark"), []),
        (("ask", "-d", "c"), ["file,c"]),
        (("ask", "-o", "a"), ["file,a"]),
        (("schema", "answ"), ["plain,answers"]),
        (("show", "stagnant-conversion.steady"), ["plain,stagnant-conversion.steady_leads"]),
    ],
    ids=" ".join,
)
def test_what_is_offered(words: tuple[str, ...], expected: list[str], steelyard: Installation, tmp_path: Path) -> None:
    assert offered(steelyard, tmp_path, *words) == expected


def test_the_names_are_those_of_the_policy_set_that_is_named(steelyard: Installation, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    layer = "policyset: acme\ntitle: Acme\nextends: steelyard:sales-focus\n"
    (tmp_path / "acme" / "policyset.yaml").write_text(layer, encoding="utf-8")
    assert offered(steelyard, tmp_path, "explain", "-p", "acme", "G6") == ["plain,G6"]


def test_words_beside_the_names(steelyard: Installation, tmp_path: Path) -> None:
    assert offered(steelyard, tmp_path, "explain", "G1", shell="fish") == ["plain,G1\tNothing to close"]
    assert offered(steelyard, tmp_path, "explain", "G1", shell="zsh") == ["plain", "G1", "Nothing to close"]


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_policy_set_offers_nothing_and_says_nothing(
    text: str, steelyard: Installation, tmp_path: Path
) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "policyset.yaml").write_text(text, encoding="utf-8")
    assert offered(steelyard, tmp_path, "explain", "-p", "acme", "G") == []
    assert offered(steelyard, tmp_path, "evaluate", "-p", "acme", "--param", "t") == []


@pytest.mark.parametrize("given", ["nowhere", "main:nowhere", "steelyard:", "/dev/null", "a" * 5000])
def test_a_policy_set_that_is_not_there(given: str, steelyard: Installation, tmp_path: Path) -> None:
    assert offered(steelyard, tmp_path, "explain", "-p", given, "G") == []


def in_bash(steelyard: Installation, folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    path = f"{steelyard.command.parent}:{environment()['PATH']}"
    return subprocess.run(
        ["bash", "--norc", "-c", f"source <(steelyard completion bash)\n{script}"],
        cwd=folder,
        env=environment({"PATH": path}),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_bash_completes(steelyard: Installation, tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(COMPANY, encoding="utf-8")
    script = """
        complete -p steelyard
        COMP_WORDS=(steelyard explain stagnant-conversion.v) COMP_CWORD=2
        _steelyard_completion steelyard
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    done = in_bash(steelyard, tmp_path, script)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "complete -o nosort -F _steelyard_completion steelyard",
        "stagnant-conversion.volume",
    ]


@pytest.mark.parametrize(
    "shell, mark",
    [
        ("bash", "complete -o nosort"),
        ("zsh", "#compdef steelyard"),
        ("fish", "complete --no-files --command steelyard"),
    ],
)
def test_the_script_of_each_shell(shell: str, mark: str, steelyard: Installation, tmp_path: Path) -> None:
    done = steelyard.run("completion", shell, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert mark in done.stdout
    assert f"_STEELYARD_COMPLETE={shell}_complete" in done.stdout


def test_a_shell_that_is_not_known(steelyard: Installation, tmp_path: Path) -> None:
    done = steelyard.run("completion", "tcsh", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "Error: Invalid value for '{bash|zsh|fish}': 'tcsh' is not one of 'bash', 'zsh', 'fish'."
    )

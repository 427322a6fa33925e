"""`docs/guide.md`, done as a reader does it: every command typed, every file written, and what is shown is what comes.

```console
$ command              typed in one terminal; `# says no` behind it where it is meant to fail
what it prints         compared, where something is shown; `...` stands for any number of lines
```
Write the file `path`:     the yaml block below is the file
... in `path`:             each line of the yaml block below takes the place of the line that begins with the same key
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.installation import ROOT, Installation, environment
from tests.repositories import ENVIRONMENT

GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
SAYS_NO = "# says no"
PLACE = re.compile(r"(?P<write>Write the file|[Ii]n)\s`(?P<path>[^`]+\.yaml)`:$")
OVERDUE = re.compile(r"^\S.*\[review-overdue\]\n(?: .*\n?)*", re.MULTILINE)
"""Warnings of the shipped policy that come with the years."""
INLINE = re.compile(r"`([^`\n]+)`")
FLAG = re.compile(r"--[a-z][a-z-]*|-[a-z](?![\w-])")


@dataclass(frozen=True)
class Block:
    """What is between two fences, and the paragraph above it in one line."""

    language: str
    above: str
    lines: tuple[str, ...]


def blocks() -> Iterator[Block]:
    """Every fenced block of the guide, in order."""
    for found in re.finditer(r"^```(\w*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL):
        above = GUIDE[: found.start()].rstrip("\n").rpartition("\n\n")[2]
        yield Block(found[1], above.replace("\n", " "), tuple(found[2].splitlines()))


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """The commands of a console block with the lines shown below them."""
    starts = [n for n, line in enumerate(block.lines) if line.startswith("$ ")]
    assert starts[:1] == [0], f"a console block begins with a command: {block.lines[:1]}"
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        yield block.lines[start].removeprefix("$ "), list(block.lines[start + 1 : end])


def is_shown(shown: list[str], printed: list[str]) -> bool:
    """Whether the guide shows what was printed; `...` stands for any number of lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else f"{re.escape(line)}\n" for line in shown)
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in printed)) is not None


@dataclass
class Reader:
    """Somebody at a terminal, who writes files and types commands."""

    steelyard: Installation
    home: Path
    folder: Path

    def write(self, block: Block) -> None:
        """A file, or lines of one that is there."""
        place = PLACE.search(block.above)
        assert place, f"the line above a yaml block says which file it is: {block.above}"
        path = self.folder / place["path"]
        if place["write"].lower() == "in":
            text = path.read_text(encoding="utf-8")
            for line in block.lines:
                text = changed(text, line)
        else:
            assert not path.exists(), path
            text = "".join(f"{line}\n" for line in block.lines)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        """A command, run where the last one ended."""
        extra = {**ENVIRONMENT, "HOME": str(self.home), "PATH": f"{self.steelyard.command.parent}:{os.environ['PATH']}"}
        where = self.home / "where"
        done = subprocess.run(
            ["bash", "-c", 'eval "$1"; code=$?; pwd > "$2"; exit $code', "bash", command, where],
            cwd=self.folder,
            env=environment(extra),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        self.folder = Path(where.read_text(encoding="utf-8").rstrip("\n"))
        return done


def changed(text: str, line: str) -> str:
    """The text with a line in place of the one that begins with the same key."""
    key = line[: line.index(":") + 1]
    found = re.findall(rf"^{re.escape(key)}(?: .*)?$", text, re.MULTILINE)
    assert len(found) == 1, f"`{key}` stands in {len(found)} lines"
    return re.sub(rf"^{re.escape(found[0])}$", lambda _: line, text, flags=re.MULTILINE)


def test_a_reader_sees_what_the_guide_shows(steelyard: Installation, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "work").mkdir()
    reader, typed = Reader(steelyard, tmp_path / "home", tmp_path / "work"), []
    for block in blocks():
        if block.language == "yaml":
            reader.write(block)
            continue
        assert block.language == "console"
        for command, shown in commands(block):
            done = reader.type(command)
            seen = f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
            assert (done.returncode != 0) is command.endswith(SAYS_NO), seen
            assert not shown or is_shown(shown, done.stdout.splitlines()), seen
            assert not (command.startswith("steelyard ") and OVERDUE.sub("", done.stderr)), seen
            typed.append(command)
    assert typed == re.findall(r"^\s*\$ (.*)$", GUIDE, re.MULTILINE)
    assert (reader.home / ".local/share/bash-completion/completions/steelyard").read_text(encoding="utf-8")


def test_nothing_is_fenced_that_is_not_done() -> None:
    assert GUIDE.count("```") == 2 * len([*blocks()])
    assert {block.language for block in blocks()} == {"console", "yaml"}


def test_every_option_in_the_guide_exists(steelyard: Installation, tmp_path: Path) -> None:
    named = [text.removeprefix("$ ") for text in INLINE.findall(GUIDE)]
    named += [command for block in blocks() if block.language == "console" for command, _ in commands(block)]
    calls = [words for text in named if (words := shlex.split(text, comments=True))[:1] == ["steelyard"]]
    pages = {name: options(name, steelyard, tmp_path) for name in {command(words) for words in calls}}
    missing = [(command(words), flag) for words in calls for flag in flags(words) - pages[command(words)]]
    assert missing == []
    # `--unset` alone, in a sentence that says of which command
    alone = set().union(*(flags(shlex.split(text)) for text in named if text.startswith("--")))
    assert alone - set().union(*pages.values()) == set()


def command(words: Sequence[str]) -> tuple[str, ...]:
    """`init client`, or `evaluate`: what `--help` is asked of."""
    return tuple(words[1:3] if words[1] == "init" else words[1:2])


def flags(words: Sequence[str]) -> set[str]:
    """The options among the words of a command."""
    return {found[0] for word in words if (found := FLAG.match(word))}


def options(name: tuple[str, ...], steelyard: Installation, folder: Path) -> set[str]:
    """The options that the help of a command lists."""
    done = steelyard.run(*name, "--help", cwd=folder)
    assert done.returncode == 0, done.stderr
    listed = [line.split() for line in done.stdout.splitlines() if line.startswith("  -")]
    return {word.rstrip(",") for line in listed for word in line[:2] if FLAG.match(word)}


@pytest.mark.parametrize(
    "shown, printed, expected",
    [
        (["a", "...", "d"], ["a", "b", "c", "d"], True),
        (["a", "...", "d"], ["a", "d"], True),
        (["a"], ["a", "b"], False),
        (["b"], ["a", "b"], False),
        (["a", "..."], ["b", "a"], False),
        (["a.c"], ["abc"], False),
        (["...", "b"], ["a", "b"], True),
        (["a", ""], ["a"], False),
    ],
)
def test_only_an_ellipsis_leaves_lines_out(shown: list[str], printed: list[str], expected: bool) -> None:
    assert is_shown(shown, printed) is expected

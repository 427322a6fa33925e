r"""Transcripts of the command: files, commands, and exactly what they print.

    --- company.yaml            a file; its lines follow, up to a line `---`
    $ steelyard check company.yaml
    printed                     standard output
    \--- printed                standard output that begins like a file or a command
    ! printed                   standard error
    = 3                         the exit code, where it is not 0
    $ git commit -qam "..."     a command of git, with nothing of this machine's own configuration

Lines before the first file or command say what is shown. `python -m tests.cli.transcript` writes what is printed today into every
transcript; read the difference before you keep it.
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tests.installation import ROOT, Installation, build_wheel, dependencies, install
from tests.repositories import Repo

FOLDER = Path(__file__).parent / "transcripts"
TODAY = "TODAY"


@dataclass(frozen=True)
class Block:
    """A piece of a transcript: its first line, and what follows it. `kind` is "text", "file" or "command"."""

    kind: str
    head: str
    body: str


def blocks(text: str) -> Iterator[Block]:
    """The pieces of a transcript in order."""
    kind, head, body = "text", "", list[str]()
    for line in text.splitlines():
        starts_file = kind != "file" and line.startswith("--- ")
        starts_command = kind != "file" and line.startswith("$ ")
        ends_file = kind == "file" and line == "---"
        if starts_file or starts_command or ends_file:
            yield Block(kind, head, "".join(f"{row}\n" for row in body))
            kind = "file" if starts_file else "command" if starts_command else "text"
            head, body = "" if ends_file else line.split(" ", 1)[1], []
        else:
            body.append(line)
    yield Block(kind, head, "".join(f"{row}\n" for row in body))


def shown(block: Block) -> str:
    """A piece as it stands in the transcript."""
    if block.kind == "file":
        return f"--- {block.head}\n{block.body}---\n"
    return f"$ {block.head}\n{block.body}" if block.kind == "command" else block.body


def printed(command: str, steelyard: Installation, folder: Path) -> str:
    """What a command prints, in the form of a transcript. `<name` at its end is standard input; examples are at `examples/`."""
    program, *words = shlex.split(command)
    if program == "git":
        return "".join(f"{line}\n" for line in Repo(folder).git(*words).splitlines())
    assert program == "steelyard", f"a transcript runs steelyard or git, not {program}"
    text = None
    if words and words[-1].startswith("<"):
        text = (folder / words.pop()[1:]).read_text(encoding="utf-8")
    done = steelyard.run(*words, cwd=folder, text=text)
    # a difference begins like a file
    told = (f"\\{line}" if line.startswith(("--- ", "$ ", "\\")) else line for line in done.stdout.splitlines())
    lines = [*told, *(f"! {line}".rstrip() for line in done.stderr.splitlines())]
    lines += [f"= {done.returncode}"] if done.returncode else []
    return "".join(f"{line}\n" for line in lines).replace(date.today().isoformat(), TODAY)


def replayed(text: str, steelyard: Installation, folder: Path) -> str:
    """The transcript with what its commands print today; its files are written below `folder`."""
    (folder / "examples").symlink_to(ROOT / "examples")
    told = []
    for block in blocks(text):
        found = block
        if block.kind == "file":
            path = folder / block.head
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        elif block.kind == "command":
            # a blank line keeps commands apart
            gap = "\n" if block.body.endswith("\n\n") or block.body == "\n" else ""
            found = Block("command", block.head, printed(block.head, steelyard, folder) + gap)
        told.append(shown(found))
    return "".join(told)


def main() -> None:
    """Write every transcript anew, or those named."""
    names = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary:
        installed = install(build_wheel(Path(temporary) / "wheel"), Path(temporary) / "venv", dependencies())
        steelyard = replace(installed, is_warm=True)
        for path in sorted(FOLDER.glob("*.txt")):
            if names and path.stem not in names:
                continue
            folder = Path(temporary) / path.stem
            folder.mkdir()
            path.write_text(replayed(path.read_text(encoding="utf-8"), steelyard, folder), encoding="utf-8")


if __name__ == "__main__":
    main()

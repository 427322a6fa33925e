"""The git program: one command at a time, with nothing of the repository's own run and nothing fetched.

Only plumbing that neither asks, pages, hooks nor converts is called. What a repository may configure to be run all the same
is switched off by options, which win over its configuration.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .textfile import refuse

SECONDS = 20.0
"""A command over a policy set takes milliseconds; over a large history, a rename is looked for at most this long."""

_KEPT = ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP")
"""What git needs of the environment, whose owners it trusts among it. GIT_DIR and the like would name another repository."""

_FIXED = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}

_OPTIONS = (
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.quotePath=false",
    "-c",
    "core.untrackedCache=false",
    "-c",
    "safe.bareRepository=explicit",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What git said. `code` is 0 where it did what it was asked."""

    code: int
    output: bytes
    complaint: str

    @property
    def line(self) -> str:
        """The output as one line of text."""
        return os.fsdecode(self.output).strip()

    @property
    def parts(self) -> tuple[str, ...]:
        """The output of a command with `-z`."""
        return tuple(os.fsdecode(part) for part in self.output.split(b"\0") if part)


def run(folder: Path, *arguments: str, given: bytes = b"") -> Answer:
    """What git answers in a folder. Raises LoadError where there is no git, or it does not end."""
    program = _program(os.environ)
    command = [program, *_OPTIONS, "-C", str(folder), *arguments]
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, env=_environment(os.environ), timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        refuse("git-failed", f"git did not answer within {SECONDS:.0f} seconds", None, "try it again")
    except (OSError, ValueError) as error:
        # an argument that no operating system takes is a name that nothing has
        return Answer(128, b"", str(error))
    return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given[name] for name in _KEPT if name in given} | _FIXED | {"PATH": _search_path(given)}


def _search_path(given: Mapping[str, str]) -> str:
    """The folders in which programs are looked for, never the present one: a repository may hold a file called `git`."""
    folders = given.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if Path(folder).is_absolute())


def _program(given: Mapping[str, str]) -> str:
    """Where git is. Raises LoadError where there is none."""
    found = shutil.which("git", path=_search_path(given))
    if found is None or not Path(found).is_absolute():
        hint = "install git, or name a folder or file in place of a revision"
        refuse("no-git", "a revision is read with the program git, and there is none on this machine", None, hint)
    return found

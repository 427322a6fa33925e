"""Steelyard as a user has it: a wheel of the present tree, installed outside the clone."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO
from weakref import finalize

ROOT = Path(__file__).resolve().parent.parent
_OF_THE_INTERPRETER = ("PYTHON", "LANG", "LC_", "PATH", "HOME", "LD_", "MALLOC")
_WARM = ROOT / "tests" / "warm.py"

# What would change the output, or lend the command the clone's modules.
_NOT_INHERITED = ("PYTHON", "STEELYARD_", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "LANG", "LC_")


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment in which the command is tested, the same on every machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
    return kept | {"LANG": "C.UTF-8"} | dict(extra or {})


@dataclass(frozen=True)
class Installation:
    """A virtual environment with Steelyard in it."""

    folder: Path
    is_warm: bool = False

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def command(self) -> Path:
        return self.folder / "bin" / "steelyard"

    @property
    def site_packages(self) -> Path:
        return Path(sysconfig.get_path("purelib", vars={"base": str(self.folder)}))

    def run(
        self, *arguments: str | Path, cwd: Path, text: str | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`steelyard arguments...` in the folder `cwd`, with `text` as standard input and `env` in the environment.

        Where nothing in `env` is for the interpreter, the process is forked from one that has its imports behind it (`tests/warm.py`).
        """
        if self.is_warm and not any(name.startswith(_OF_THE_INTERPRETER) for name in env or ()):
            return warm(self).run([os.fspath(one) for one in arguments], cwd, text or "", environment(env))
        return subprocess.run(
            [self.command, *arguments],
            cwd=cwd,
            env=environment(env),
            input=text if text is not None else "",
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )


class Warm:
    """A process of an installation that forks for each run."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._streams = [folder / name for name in ("in", "out", "err")]
        ours, theirs = socket.socketpair()
        self._lines = ours.makefile("rw", encoding="utf-8")
        with theirs:
            command = [os.fspath(python), "-c", _WARM.read_text(encoding="utf-8"), str(theirs.fileno())]
            self._process = subprocess.Popen(
                command, env=environment(), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd=folder
            )
        self._end = finalize(self, _ended, self._process, self._lines, ours)

    def run(
        self, arguments: list[str], cwd: Path, text: str, env: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """One run; `text` is standard input."""
        given, out, err = self._streams
        given.write_text(text, encoding="utf-8")
        out.write_bytes(b"")
        err.write_bytes(b"")
        streams = dict(zip(("in", "out", "err"), map(os.fspath, self._streams), strict=True))
        request = {"arguments": arguments, "cwd": os.fspath(cwd), "env": dict(env), **streams}
        self._lines.write(f"{json.dumps(request)}\n")
        self._lines.flush()
        code = int(self._lines.readline())
        told = (file.read_bytes().decode("utf-8").replace("\r\n", "\n") for file in (out, err))
        return subprocess.CompletedProcess(["steelyard", *arguments], code, *told)


def _ended(process: subprocess.Popen[bytes], *ends: IO[str] | socket.socket) -> None:
    for end in ends:
        end.close()
    process.wait()


@cache
def warm(installation: Installation) -> Warm:
    """The process that runs of an installation are forked from."""
    folder = installation.folder / "runs"
    folder.mkdir()
    return Warm(installation.python, folder)


def quietly(*command: str | Path) -> None:
    """Raises AssertionError with everything the command said, if it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def build_wheel(folder: Path) -> Path:
    """The wheel of the present tree, built without the network."""
    quietly(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path, lent: Iterable[Path] = ()) -> Installation:
    """The wheel in a new virtual environment; its dependencies are lent from the folders `lent`."""
    venv.create(folder, symlinks=True)
    installation = Installation(folder)
    (installation.site_packages / "lent.pth").write_text("".join(f"{path}\n" for path in lent))
    quietly(sys.executable, "-m", "pip", "--python", installation.python, "install", "--no-deps", "--no-index", wheel)
    return installation


def dependencies() -> tuple[Path, ...]:
    """The folders with the packages of the interpreter that runs the tests."""
    return tuple(dict.fromkeys(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")))


def dependencies_without(prefix: str, folder: Path) -> Path:
    """The same packages but for those that begin with `prefix`, as links in `folder`."""
    folder.mkdir()
    for path in _entries(dependencies()):
        if not path.name.startswith(prefix):
            (folder / path.name).symlink_to(path)
    return folder


def _entries(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from folder.iterdir()

"""Steelyard as a user has it: a wheel of the present tree, installed outside the clone."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

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
        """`steelyard arguments...` in the folder `cwd`, with `text` as standard input and `env` in the environment."""
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

"""The two commands of README.md as on a fresh machine: `python tests/fresh_machine.py`, for each Python that is there.

Every run has a copy of the tree, an empty home folder and no cache of pip; `PYTHONS` names the interpreters, else those
on the path and in pyenv are taken. With a C compiler `make demo` must answer; without one it must say what to do, and
`make demo ENGINE=reference` must answer. `make test` takes minutes: `--test` runs it for the first Python, `--test all`
for every one. Prints a table; exit code 1 where something is not as it should be. Needs an index of packages.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.11", "3.12", "3.13")
COMPILER = re.compile(r"([\w.]+-)*(gcc|g\+\+|cc|c\+\+|clang|clang\+\+|tcc|c89|c99|cpp)(-[\d.]+)?")
# what would lend a run something of this machine; settings of pip stay, since they say where packages are
NOT_INHERITED = ("HOME", "PYTHON", "VIRTUAL_ENV", "XDG_", "PIP_CACHE", "CPPFLAGS", "CFLAGS", "CC", "MAKE", "STEELYARD_")
ANSWER = "Northwind"
REMEDY = "Without them: make demo ENGINE=reference"


@dataclass(frozen=True)
class Trial:
    """One command, what it must end with, and what it must say."""

    python: Path
    command: tuple[str, ...]
    compiler: bool = True
    fails: bool = False
    says: str = ANSWER


def pythons() -> Iterator[Path]:
    """One interpreter of each version, as itself and not as a shim that looks into the home folder."""
    given = os.environ.get("PYTHONS", "").split()
    for version in VERSIONS if not given else ():
        kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"), reverse=True)
        on_path = shutil.which(f"python{version}")
        given += [next((str(p) for p in (*kept, on_path) if p and executable(str(p), version)), "")]
    yield from (path for name in given if name and (path := executable(name)))


def executable(name: str, version: str = "") -> Path | None:
    """The interpreter behind a name; None where it does not run, cannot make environments or is another version."""
    says = "import ensurepip, sys; print(sys.executable, '%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([name, "-c", says], capture_output=True, encoding="utf-8", check=False)
    except OSError:
        return None
    path, _, found = done.stdout.strip().rpartition(" ")
    return Path(path) if not done.returncode and version in ("", found) else None


def version_of(python: Path) -> str:
    """As `3.12.1`."""
    says = "import platform; print(platform.python_version())"
    return subprocess.run([python, "-c", says], capture_output=True, encoding="utf-8", check=True).stdout.strip()


def trials(found: list[Path], tested: str) -> Iterator[Trial]:
    """What is tried, the quick ones first."""
    for python in found:
        yield Trial(python, ("make", "demo"))
        yield Trial(python, ("make", "demo"), compiler=False, fails=True, says=REMEDY)
        yield Trial(python, ("make", "demo", "ENGINE=reference"), compiler=False)
    for python in {"none": [], "one": found[:1], "all": found}[tested]:
        yield Trial(python, ("make", "test"), says=" passed")


def copied(folder: Path) -> Path:
    """The files under version control, and those that are about to be."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    # a test lists the files under version control
    for git in (("init", "-q"), ("add", "-A")):
        subprocess.run(("git", *git), cwd=folder, check=True)
    return folder


def path_without_compiler(folder: Path) -> str:
    """A folder with links to all commands of the path but compilers."""
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for command in Path(place).iterdir() if Path(place).is_dir() else ():
            if not COMPILER.fullmatch(command.name) and not (folder / command.name).is_symlink():
                (folder / command.name).symlink_to(command)
    return str(folder)


def environment(folder: Path, compiler: bool) -> dict[str, str]:
    """That of a user who has just logged in for the first time."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
    home = folder / "home"
    home.mkdir()
    path = os.environ["PATH"] if compiler else path_without_compiler(folder / "bin")
    return kept | {"HOME": str(home), "PATH": path}


def tried(trial: Trial) -> tuple[bool, float, str]:
    """Whether a trial went as it should, its seconds, and the end of what it said."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "clone").mkdir()
        clone = copied(folder / "clone")
        started = time.monotonic()
        done = subprocess.run(
            [*trial.command, f"PYTHON={trial.python}"],
            cwd=clone,
            env=environment(folder, trial.compiler),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
    right = bool(done.returncode) == trial.fails and trial.says in done.stdout
    return right, time.monotonic() - started, done.stdout


def say(line: str) -> None:
    """Print at once: the next line takes a while."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Try everything, tell one line each, then what went wrong."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--test", nargs="?", const="one", default="none", choices=("none", "one", "all"))
    # started in the background it would lend its deafness to Ctrl-C to the tests
    signal.signal(signal.SIGINT, signal.default_int_handler)
    found = list(pythons())
    wrong: list[str] = []
    say(f"{'python':<8} {'compiler':<9} {'command':<26} {'seconds':>7}  result")
    for trial in trials(found, options.parse_args().test):
        right, seconds, told = tried(trial)
        expected = "says what to do" if trial.fails else "answers" if trial.says == ANSWER else "passes"
        result = expected if right else "NOT AS IT SHOULD BE"
        compiler = "yes" if trial.compiler else "no"
        say(f"{version_of(trial.python):<8} {compiler:<9} {' '.join(trial.command):<26} {seconds:>7.0f}  {result}")
        wrong += [] if right else [f"---- {trial}\n{told[-3000:]}"]
    for report in wrong:
        say(report)
    missing = "" if found else "no Python was found; name some in PYTHONS"
    if missing:
        say(missing)
    return int(bool(wrong or missing))


if __name__ == "__main__":
    sys.exit(main())

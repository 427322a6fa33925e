"""Where scenarios are: files, the `tests` folders of policy sets, and the policy set that each file is about."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import shipped
from ..diagnostics import Diagnostic, LoadError
from ..place import SHIPPED_PREFIX
from ..source import SET_FILE, locate
from ..textfile import is_dir, is_file

FOLDER = "tests"
"""The folder beside a policy set in which its scenarios are."""
SUFFIXES = (".yaml", ".yml")
SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file of scenarios: its path, what messages call it, and the policy set beside it (empty where there is none)."""

    path: Path
    name: str
    policy: str


@dataclass(frozen=True, slots=True)
class Search:
    """The files that were found, and the places that were searched, as they were given."""

    files: tuple[Found, ...]
    places: tuple[str, ...]


def find(paths: Sequence[str]) -> Search:
    """The files of scenarios of some paths, each once, in the order of their names within each path. Raises LoadError."""
    files: dict[Path, Found] = {}
    for given in paths:
        for found in _under(given):
            files.setdefault(found.path.resolve(), found)
    return Search(tuple(files.values()), tuple(paths))


def _under(given: str) -> Iterator[Found]:
    if given.startswith(SHIPPED_PREFIX):
        place = locate(given, shipped.policies())
        for path in _yaml(place.path.parent / FOLDER):
            yield Found(path, f"{given}/{FOLDER}/{path.name}", given)
        return
    path = Path(given)
    if not is_dir(path):
        if not is_file(path):
            hint = "name a file of scenarios, the folder of a policy set, or steelyard:NAME"
            raise LoadError([Diagnostic("file-missing", f"there is no file or folder `{given}`", None, hint)])
        yield Found(path, path.as_posix(), _above(path))
        return
    for folder in _folders(path):
        for inside in _yaml(folder):
            yield Found(inside, inside.as_posix(), _above(inside))


def _folders(path: Path) -> Iterator[Path]:
    """The folder itself where it is one of scenarios, and every `tests` folder beside a policy set in and below it."""
    if path.resolve().name == FOLDER and not is_file(path / SET_FILE):
        yield path
    for top, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED)
        if SET_FILE in files and FOLDER in folders:
            yield Path(top) / FOLDER


def _yaml(folder: Path) -> list[Path]:
    """The YAML files of a folder, by name. Raises LoadError where it cannot be listed."""
    if not is_dir(folder):
        return []
    try:
        return sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and not path.name.startswith("."))
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        message = f"cannot read `{folder.as_posix()}`: {reason}"
        hint = "check the permissions of the folder"
        raise LoadError([Diagnostic("not-readable", message, None, hint)]) from None


def _above(file: Path) -> str:
    """The nearest folder upwards that holds a policy set, as `--policy` takes it; empty where there is none."""
    shown = file.parent
    whole = file.resolve().parent
    for _ in range(len(whole.parts)):
        if is_file(shown / SET_FILE):
            return shown.as_posix()
        shown = shown.parent if shown.name not in ("", "..") else shown / ".."
    return ""

"""The companies in a folder: which files they are, and what they hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..company import COMPANY_FILE
from ..diagnostics import Diagnostic, FactError, LoadError, did_you_mean
from ..document import Fields, Node, read
from ..fields import get, scalar_text
from ..inclusion import included, on_disk
from ..source import SET_FILE
from ..textfile import is_dir, is_file

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Client:
    """A company's file; `node` is None where it cannot be read, and `problems` say why.

    `own`: a policy set stands beside it in its `folder`.
    """

    name: str
    """What the file calls the company; that of the file where it says nothing."""
    file: str
    node: Node | None
    problems: tuple[Diagnostic, ...] = ()
    folder: str = ""
    own: bool = False


def clients(data: str) -> tuple[Client, ...]:
    """Every company file in a folder and those below it, in the order of their paths; of a file, that company alone.

    A company file is a `company.yaml`, or any other YAML file with a `company:`. What is no text, or no YAML, could be one and is
    among them with its problems; policies are not. Raises LoadError where there is nothing, or no company.
    """
    path = Path(data)
    if is_file(path):
        return (_client(path),)
    if not is_dir(path):
        if _is_there(path):
            hint = "name the folder that holds the clients"
            message = f"`{data}` is neither a folder nor a regular file"
            raise LoadError([Diagnostic("not-readable", message, None, hint)])
        beside = _names(path.parent) if is_dir(path.parent) else ()
        hint = did_you_mean(path.name, beside) or "name the folder that holds the clients"
        raise LoadError([Diagnostic("file-missing", f"there is no folder `{data}`", None, hint)])
    found = tuple(client for file in _files(path) if (client := _in_folder(file)) is not None)
    if not found:
        hint = f"a company is a `{COMPANY_FILE}` in a folder of its own: steelyard init client NAME"
        raise LoadError([Diagnostic("no-company", f"there is no company file in `{data}`", None, hint)])
    return found


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _names(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(entry.name for entry in folder.iterdir()))
    except OSError:
        return ()


def _files(folder: Path) -> Iterator[Path]:
    """The YAML files of a folder and of those below it; hidden folders, and what links lead to, are left out."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(files) if name.endswith(SUFFIXES))


def _in_folder(path: Path) -> Client | None:
    """A file of a folder, if it is a company or could be one."""
    client = _client(path)
    keys = client.node.fields if isinstance(client.node, Fields) else {}
    is_company = path.name == COMPANY_FILE or client.node is None or "company" in keys
    return client if is_company and path.name != SET_FILE else None


def _client(path: Path) -> Client:
    beside = path.parent / SET_FILE
    folder, own = path.parent.as_posix(), is_file(beside)
    file = path.as_posix()
    try:
        node = included(read(path, file), on_disk(path))
    except (LoadError, FactError) as error:
        return Client(file, file, None, error.diagnostics, folder, own)
    company = get(node, "company") if isinstance(node, Fields) else None
    return Client((scalar_text(company).strip() if company is not None else "") or file, file, node, (), folder, own)

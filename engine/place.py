"""Where a file of a policy set is: on disk, or in a commit; and what messages call it."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path

from .diagnostics import Diagnostic, LoadError
from .document import Node, parse, read
from .revision import Kind, Revision, inside, repository_of
from .textfile import bytes_of, is_dir, is_file, text_of

SHIPPED_PREFIX = "steelyard:"
GIT_PREFIX = "git:"
_AT_REVISION = re.compile(r"(?P<revision>[^:]+):(?P<path>.*)", re.DOTALL)
_DRIVE = re.compile(r"[A-Za-z]:[/\\\\]")


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder, and what messages call it. At a revision, `path` counts from the root of the repository."""

    path: Path
    name: str
    revision: Revision | None = None

    def beside(self, file: str) -> Place:
        """The file of that name in the same folder."""
        folder = self.name.rpartition("/")[0]
        return self._place(self.path.parent / file, f"{folder}/{file}" if folder else file)

    def below(self, file: str) -> Place:
        """The file of that name in this folder."""
        return self._place(self.path / file, (Path(self.name) / file).as_posix())

    def reached(self, given: str) -> Place:
        """What is written as the path `given` in this file."""
        return self._place(self.path.parent / given, Path(normpath(Path(self.name).parent / given)).as_posix())

    def _place(self, path: Path, name: str) -> Place:
        return Place(path, name) if self.revision is None else at_revision(self.revision, path.as_posix())

    def read(self) -> Node:
        """The document in the file. Raises LoadError with everything that is wrong."""
        if self.revision is None:
            return read(self.path, self.name)
        return parse(self.revision.bytes_of(self.path.as_posix()), self.name, self.revision.commit)

    @property
    def source(self) -> str:
        """The text of the file, as it is. Raises LoadError."""
        found = (
            bytes_of(self.path, self.name) if self.revision is None else self.revision.bytes_of(self.path.as_posix())
        )
        return text_of(found, self.name)

    @property
    def is_file(self) -> bool:
        """Whether there is a regular file."""
        return is_file(self.path) if self.revision is None else self._kind(self.revision) is Kind.FILE

    @property
    def is_dir(self) -> bool:
        """Whether there is a folder."""
        return is_dir(self.path) if self.revision is None else self._kind(self.revision) is Kind.FOLDER

    def _kind(self, revision: Revision) -> Kind | None:
        found = revision.find(self.path.as_posix())
        return found.kind if found is not None else None

    def holding(self, file: str) -> str:
        """The first folder in this one, or else two levels down, that holds a file of that name; empty where none does."""
        if self.revision is None:
            near = (sorted(p.parent for p in self.path.glob(f"{levels}{file}")) for levels in ("*/", "*/*/"))
            return next((found[0].as_posix() for found in near if found), "")
        least = len(self.path.parts) + 2
        paths = [Path(name) for name in self.revision.files(self.path.as_posix())]
        found = [p.parent for p in paths if p.name == file and least <= len(p.parts) <= least + 1]
        return self.revision.shown(min(found, key=_shallow_first).as_posix()) if found else ""

    @property
    def identity(self) -> Hashable:
        """The same for two places of one file, however they were named."""
        return (self.revision.commit, self.path) if self.revision is not None else self.path.resolve()


def _shallow_first(path: Path) -> tuple[int, Path]:
    return len(path.parts), path


def at_revision(revision: Revision, path: str) -> Place:
    """A path of a commit, from the root of the repository."""
    found = inside(path)
    return Place(Path(found), revision.shown(found), revision)


def placed(given: str) -> Place:
    """What a path means, or `REF:path`: a path of a revision, as git writes it. What is there under that very name wins.

    Raises LoadError where a revision is named that cannot be read, or holds no such path.
    """
    path = Path(given)
    found = _AT_REVISION.fullmatch(given)
    if found is None or _DRIVE.match(given) or is_file(path) or is_dir(path):
        return Place(path, path.as_posix())
    return _at_revision(found["revision"], found["path"], Path())


def pinned(given: str, place: Place) -> Place | None:
    """What `extends: git:REF:path` in a file means; None where it names no revision. Raises LoadError."""
    if not given.startswith(GIT_PREFIX):
        return None
    found = _AT_REVISION.fullmatch(given.removeprefix(GIT_PREFIX))
    if found is None:
        hint = "write git:REF:path, for example `git:v1.2:policies/sales-focus`"
        raise LoadError([Diagnostic("wrong-form", f"`{given[:60]}` names no file of a revision", None, hint)])
    folder = place.path.parent if place.revision is None else place.revision.repository.root
    return _at_revision(found["revision"], found["path"], folder)


def _at_revision(name: str, path: str, folder: Path) -> Place:
    """A path of a revision of the repository that a folder lies in: from its root; from the folder, where it begins with a dot."""
    repository = repository_of(folder)
    revision = repository.revision(name)
    from_here = repository.from_root(folder)
    is_relative = path.partition("/")[0] in (".", "..")
    found = inside(path, from_here if is_relative else "")
    if found.startswith(("../", "/")) or found == "..":
        hint = "a path counts from the root of the repository; with ./ before it, from the present folder"
        raise LoadError([Diagnostic("outside-tree", f"`{path[:60]}` lies outside of the repository", None, hint)])
    place = at_revision(revision, found)
    if revision.find(found) is None:
        beside = inside(path, from_here)
        hint = revision.instead(found) if revision.find(beside) is None else f"did you mean `{name}:./{path}`?"
        raise LoadError([Diagnostic("not-at-revision", f"there is no `{found}` at `{name}`", None, hint)])
    return place


def within_tree(given: str, place: Place) -> bool:
    """Whether a path written in a file stays in the tree of it; one that no file system can hold does not."""
    if Path(given).is_absolute():
        return False
    if place.revision is not None:
        return inside(given, place.path.parent.as_posix()).partition("/")[0] != ".."
    return in_tree_of(place.path.parent / given, place.path.parent)


def in_tree_of(target: Path, folder: Path) -> bool:
    """Whether a path on disk stays in the tree of a folder: its repository; without one, the folder above."""
    try:
        return target.resolve().is_relative_to(_root(folder.resolve()))
    except (OSError, ValueError):
        return False


def _root(folder: Path) -> Path:
    """The nearest folder upwards with `.git`; without one, the folder above."""
    return next((f for f in (folder, *folder.parents) if (f / ".git").exists()), folder.parent)

"""Policies in git: what a file was at a revision, and how a path stands to the last commit.

A revision is resolved to its commit once; everything is then read from that commit, so that no push in between can mix two.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import new
from pathlib import Path
from posixpath import normpath
from typing import NoReturn

from . import git
from .diagnostics import did_you_mean
from .textfile import check_size, refuse

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHOWN = 60
_NAMED = 5


class Kind(StrEnum):
    """What stands at a path of a commit. A submodule is a commit of another repository: nothing of it can be read here."""

    FILE = "blob"
    FOLDER = "tree"
    SUBMODULE = "commit"
    LINK_OUTSIDE = "symlink"


@dataclass(frozen=True, slots=True)
class Found:
    """A path of a commit: what it is, the object's name, its size in bytes."""

    kind: Kind
    object: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """How a path stands to the last commit.

    `commit` is empty before the first one. `name` is the branch; away from a branch, the tag or the abbreviated commit. `dirty`:
    what is on disk is not what the commit holds. `untracked`: the commit holds nothing of it.
    """

    commit: str
    name: str
    dirty: bool
    untracked: bool


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a working tree; `root` is its top folder."""

    root: Path

    def revision(self, given: str) -> Revision:
        """The commit that a branch, a tag, or any other name of git's stands for. Raises LoadError where there is none."""
        answer = git.run(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{given}^{{commit}}")
        # with a dash it would be an option, with a circumflex everything but that commit
        if given.startswith(("-", "^")) or answer.code or not _COMMIT.fullmatch(answer.line):
            shown = given if len(given) <= _SHOWN else f"{given[: _SHOWN - 3]}..."
            refuse("unknown-revision", f"there is no revision `{shown}` in this repository", None, self._instead(given))
        return Revision(self, given, answer.line)

    def _instead(self, given: str) -> str:
        if git.run(self.root, "rev-parse", "--is-shallow-repository").line == "true":
            return "this clone is shallow, without the older commits; fetch them: git fetch --unshallow"
        namespaces = ("refs/heads", "refs/tags", "refs/remotes")
        names = git.run(self.root, "for-each-ref", "--format=%(refname:short)", *namespaces).line.split("\n")
        known = [name for name in names if name]
        if not known:
            return "the repository has no commit yet"
        more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
        return did_you_mean(given, known) or f"branches and tags: {', '.join(known[:_NAMED])}{more}"

    def from_root(self, path: Path) -> str:
        """A path of the working tree as the repository names it; empty for its root. Raises ValueError outside of it."""
        found = path.resolve()
        if not found.is_relative_to(self.root):
            # a link that leads out is itself what the repository holds
            found = path.absolute().parent.resolve() / path.name
        return "" if found == self.root else found.relative_to(self.root).as_posix()

    def state(self, path: Path) -> State:
        """How a file or folder stands to the last commit, byte by byte; line ends of Windows count as none. Raises LoadError."""
        head = git.run(self.root, "rev-parse", "--verify", "--quiet", "HEAD")
        inside = self.from_root(path)
        commit = "" if head.code else head.line
        held = _held(self.root, commit, inside) if commit else {}
        changed = any(not _is_as_committed(self.root / name, mode, blob) for name, (mode, blob) in held.items())
        return State(commit, self._name(commit), changed or self._has_unknown(inside), not held)

    def _has_unknown(self, inside: str) -> bool:
        """Whether a path holds files that git does not know and is not told to ignore."""
        return bool(git.run(self.root, "ls-files", "--others", "--exclude-standard", "-z", "--", inside or ".").parts)

    def _name(self, commit: str) -> str:
        branch = git.run(self.root, "symbolic-ref", "--quiet", "--short", "HEAD")
        if not branch.code:
            return branch.line
        tag = git.run(self.root, "describe", "--tags", "--exact-match", commit)
        return git.run(self.root, "rev-parse", "--short", commit).line if tag.code else tag.line


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit, and what it was called when it was asked for."""

    repository: Repository
    given: str
    commit: str

    def shown(self, path: str) -> str:
        """What messages call a path of the commit."""
        return f"{self.given}:{path}"

    def find(self, path: str) -> Found | None:
        """What stands at a path from the root, None where nothing does. Links inside the tree are followed, no others."""
        wanted = "" if path in ("", ".") else path
        if "\n" in wanted or "\0" in wanted:
            return None
        given = f"{self.commit}:{wanted}\n".encode("utf-8", "surrogateescape")
        told = _done(git.run(self.repository.root, "cat-file", "--batch-check", "--follow-symlinks", given=given))
        head, *rest = told.line.split("\n")[0].split(" ")
        if head == "symlink":
            return Found(Kind.LINK_OUTSIDE)
        if _COMMIT.fullmatch(head) and len(rest) == 2 and rest[0] in ("blob", "tree"):
            return Found(Kind(rest[0]), head, int(rest[1]))
        return self._submodule(wanted)

    def _submodule(self, path: str) -> Found | None:
        """A commit of another repository that stands in the tree, or nothing."""
        told = git.run(self.repository.root, "ls-tree", "-z", "--full-tree", self.commit, "--", path).parts
        return Found(Kind.SUBMODULE) if told and told[0].startswith("160000 ") else None

    def bytes_of(self, path: str) -> bytes:
        """What a file held. Raises LoadError where there is none, or it is too large."""
        found, shown = self.find(path), self.shown(path)
        match found:
            case None:
                refuse("not-at-revision", f"there is no `{path}` at `{self.given}`", None, self.instead(path))
            case Found(kind=Kind.FOLDER):
                refuse("is-a-directory", f"`{shown}` is a folder", None, "name a file in it")
            case Found(kind=Kind.SUBMODULE):
                hint = "go into the folder of the submodule, and name the revision there"
                refuse("not-readable", f"`{shown}` is a submodule, a repository of its own", None, hint)
            case Found(kind=Kind.LINK_OUTSIDE):
                hint = "put a copy of the file into the repository"
                refuse("not-readable", f"`{shown}` is a link that leads out of the repository", None, hint)
        check_size(found.size, shown)
        return _done(git.run(self.repository.root, "cat-file", "blob", found.object)).output

    def files(self, folder: str = "") -> tuple[str, ...]:
        """Every file below a folder, from the root, in the order of their names; none where there is no such folder."""
        inside = ("--", f"{folder.rstrip('/')}/") if folder.strip("./") else ()
        command = ("ls-tree", "-r", "-z", "--full-tree", "--name-only")
        return _done(git.run(self.repository.root, *command, self.commit, *inside)).parts

    def instead(self, path: str) -> str:
        """What may have been meant by a path that is not there: what it was called then or is called now, or a name like it."""
        renamed = self._renamed(path)
        if renamed:
            return f"it was renamed: at `{self.given}` it is `{renamed}`"
        return did_you_mean(path, {*self.files(), *self._folders()}) or "a path counts from the root of the repository"

    def _folders(self) -> set[str]:
        told = git.run(self.repository.root, "ls-tree", "-r", "-d", "-z", "--full-tree", "--name-only", self.commit)
        return set(told.parts)

    def _renamed(self, path: str) -> str:
        """What a path is called in this commit: it was renamed since, or had been renamed when the commit was made."""
        for old, new_name in self._renames(self.commit, "HEAD"):
            if found := _moved(path, new_name, old):
                return found
        last = git.run(self.repository.root, "rev-list", "--max-count=1", self.commit, "--", path).line
        for old, new_name in self._renames(f"{last}^1", last) if last else ():
            if found := _moved(path, old, new_name):
                return found if self.find(found) else ""
        return ""

    def _renames(self, before: str, after: str) -> tuple[tuple[str, str], ...]:
        """Files that have another name in the later of two commits, the old name first."""
        options = ("-r", "-z", "-M", "--diff-filter=R", "--name-status", "--no-ext-diff", "--no-textconv")
        told = git.run(self.repository.root, "diff-tree", *options, before, after)
        parts = told.parts if not told.code else ()
        return tuple(zip(parts[1::3], parts[2::3], strict=False))


def _moved(path: str, known: str, other: str) -> str:
    """The other name of a path, where a file of it moved from the known name; a folder moves with a file in it."""
    if path == known:
        return other
    inside = known.removeprefix(f"{path}/")
    return other.removesuffix(f"/{inside}") if inside != known and other.endswith(f"/{inside}") else ""


def repository_of(folder: Path) -> Repository:
    """The repository that a folder lies in. Raises LoadError where it lies in none, or git will not read it."""
    told = git.run(folder, "rev-parse", "--show-toplevel")
    if told.code or not told.line:
        _no_repository(told, "the present folder" if folder == Path() else f"`{folder.as_posix()}`")
    return Repository(Path(told.line).resolve())


def _no_repository(told: git.Answer, shown: str) -> NoReturn:
    if "dubious ownership" in told.complaint:
        hint = "if you trust it, tell git so; `git status` there says how"
        refuse(
            "git-refused", f"git does not read the repository of {shown}, which belongs to somebody else", None, hint
        )
    if "must be run in a work tree" in told.complaint or "cannot use bare repository" in told.complaint:
        hint = "clone it, and name the revision in the clone"
        refuse("bare-repository", f"{shown} is a repository without a working tree", None, hint)
    if "not a git repository" in told.complaint:
        hint = "check the path; a revision is read where the policies are in git: git init, git add, git commit"
        refuse("no-repository", f"{shown} lies in no git repository", None, hint)
    _failed(told)


def _done(told: git.Answer) -> git.Answer:
    """The answer of a command that cannot fail in a repository that is whole. Raises LoadError where it did."""
    if told.code:
        _failed(told)
    return told


def _failed(told: git.Answer) -> NoReturn:
    reason = next(iter(told.complaint.splitlines()), "").removeprefix("fatal: ") or f"exit code {told.code}"
    refuse("git-failed", f"git cannot do it: {reason}", None, "try `git status` and `git fsck` in the repository")


def inside(path: str, folder: str = "") -> str:
    """A path from the root, where one is written from a folder; empty for the root, `..` first where it leads out."""
    found = normpath(f"{folder}/{path}" if folder else path)
    return "" if found == "." else found


def _held(root: Path, commit: str, path: str) -> dict[str, tuple[str, str]]:
    """The files of a commit at or below a path: mode and object of each."""
    where = ("--", path) if path else ()
    told = git.run(root, "ls-tree", "-r", "-z", "--full-tree", commit, *where)
    rows = (row.partition("\t") for row in told.parts)
    return {name: (mode, blob) for head, _, name in rows for mode, _, blob in [head.split(" ")]}


def _is_as_committed(path: Path, mode: str, blob: str) -> bool:
    """Whether a file on disk is what a commit holds. No filter of the repository is asked, so that none is run."""
    if mode == "160000":
        return True
    try:
        if mode == "120000":
            data = os.fsencode(path.readlink())
        elif path.is_file():
            data = path.read_bytes()
        else:
            return False
    except (OSError, ValueError):
        return False
    return blob in (_object(data, len(blob)), _object(data.replace(b"\r\n", b"\n"), len(blob)))


def _object(data: bytes, digits: int) -> str:
    """The name that git gives to the bytes of a file."""
    made = new("sha1" if digits == 40 else "sha256", b"blob %d\0" % len(data), usedforsecurity=False)
    made.update(data)
    return made.hexdigest()

"""What is compared: two policy sets, or two revisions with whatever policy set each client has at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..diagnostics import Diagnostic, LoadError, SteelyardError, did_you_mean
from ..place import SHIPPED_PREFIX, at_revision
from ..revision import Repository, repository_of
from ..session import DEFAULT_POLICY, open_policy
from ..source import SET_FILE
from ..taxonomy import taxonomy_of
from ..textfile import is_dir, is_file
from .clients import Client

HEAD = "HEAD"
WORKING_TREE = "the working tree"
_NAME = "name a folder with a policyset.yaml, or a revision of git"


@dataclass(frozen=True, slots=True)
class Side:
    """One side as it was given: a policy set, or a revision (empty: the working tree) at which a path is looked up."""

    shown: str
    policy: str = ""
    revision: str | None = None

    def of(self, path: str) -> str:
        """The policy set of this side; `path` is that of the working tree."""
        if self.revision is None:
            return self.policy
        return at(self.revision, path) if self.revision else path

    def of_client(self, folder: str, default: str) -> str:
        """The policy set that answers for a client on this side: the one in its folder; where there is none, the default."""
        beside = is_file(Path(folder) / SET_FILE)
        if not self.revision:
            return folder if beside else self.of(default)
        repository = repository_of(Path())
        if not beside and not Path(folder).resolve().is_relative_to(repository.root):
            return self.of(default)
        inside = at_revision(repository.revision(self.revision), _from_root(repository, folder))
        return inside.name if inside.below(SET_FILE).is_file else self.of(default)


@dataclass(frozen=True, slots=True)
class Sides:
    """Two sides. `of_clients`: each client's own policy set is compared, else `default`."""

    first: Side
    second: Side
    default: str
    of_clients: bool = False

    @property
    def old(self) -> str:
        return self.first.shown

    @property
    def new(self) -> str:
        return self.second.shown

    @property
    def shared(self) -> tuple[str, str]:
        """The two policy sets of the clients that have none of their own."""
        return self.first.of(self.default), self.second.of(self.default)

    def policies(self, client: Client) -> tuple[str, str]:
        """The two policy sets that answer for a client."""
        if not self.of_clients:
            return self.shared
        return self.first.of_client(client.folder, self.default), self.second.of_client(client.folder, self.default)

    def problems(self, policy: str, today: date) -> tuple[Diagnostic, ...]:
        """What is wrong with a policy set of a side."""
        try:
            taxonomy_of(open_policy(policy, today).policy)
        except SteelyardError as error:
            return error.diagnostics
        return ()

    def notes(self, clients: Sequence[Client]) -> tuple[str, ...]:
        """What to know of the sides that nobody may have expected."""
        own, total = sum(client.own for client in clients), len(clients)
        if own and not self.of_clients:
            verb = "has a policy set of its own, which is" if own == 1 else "have policy sets of their own, which are"
            hint = "to compare those at two revisions: steelyard impact REV REV --data FOLDER"
            return (f"{_some(own, total)} {verb} not used here; {hint}",)
        if self.of_clients and own < total and self.default.startswith(SHIPPED_PREFIX):
            verb = "has" if total - own == 1 else "have"
            said = "no policy set, and the shipped one is the same at every revision; -p PATH names another"
            return (f"{_some(total - own, total)} {verb} {said}",)
        return ()


def _some(count: int, total: int) -> str:
    return "the client" if total == 1 else f"{count} of {total} clients"


def sides(given: Sequence[str], policy: str | None, fallback: str = DEFAULT_POLICY) -> Sides:
    """What two, one or no arguments mean: HEAD against the working tree, a revision or policy set against it, or two of them.

    `policy` is `-p`: the policy set where a revision comes without a path; else that of the other side, that of the present
    folder, or `fallback`. Raises LoadError for what is neither a path nor a revision.
    """
    first = _side(given[0] if given else HEAD)
    second = _side(given[1]) if len(given) > 1 else Side(WORKING_TREE, revision="")
    named = [side.policy for side in (first, second) if side.revision is None]
    beside = next((path for path in named if is_dir(Path(path)) or is_file(Path(path))), "")
    default = policy or beside or ("." if is_file(Path(SET_FILE)) else fallback)
    return Sides(first, second, default, of_clients=not named)


def _side(given: str) -> Side:
    if not given.strip():
        raise LoadError([Diagnostic("not-found", "an empty name is no policy set and no revision", None, _NAME)])
    if given.startswith(SHIPPED_PREFIX) or ":" in given or is_file(Path(given)) or is_dir(Path(given)):
        return Side(given, given)
    try:
        repository_of(Path()).revision(given)
    except LoadError as error:
        raise LoadError([_neither(given, error)]) from None
    return Side(given, revision=given)


def _neither(given: str, error: LoadError) -> Diagnostic:
    """Nothing on disk is called so, and git has no such revision either."""
    problem = error.diagnostics[0]
    if problem.code not in ("unknown-revision", "no-repository"):
        return problem
    shown = given if len(given) <= 60 else f"{given[:57]}..."
    folder = Path(given).parent
    known = [entry.name for entry in folder.iterdir()] if is_dir(folder) else []
    near = did_you_mean(Path(given).name, known).replace(
        "mean `", f"mean `{'' if folder == Path() else f'{folder.as_posix()}/'}"
    )
    nowhere = "name a folder with a policyset.yaml; the present folder lies in no git repository"
    hint = near or (problem.hint if problem.code == "unknown-revision" else nowhere)
    return Diagnostic("not-found", f"`{shown}` is no policy set and no revision", None, hint)


def at(revision: str, path: str) -> str:
    """A path of the working tree at a revision of the repository that it lies in; a shipped set, or what names a revision, stays.

    Raises LoadError where it lies in no repository, or in another one than the present folder.
    """
    if path.startswith(SHIPPED_PREFIX) or ":" in path:
        return path
    return f"{revision}:{_from_root(repository_of(Path()), path)}"


def _from_root(repository: Repository, path: str) -> str:
    try:
        return repository.from_root(Path(path)) or "."
    except ValueError:
        hint = "go into the repository that holds it, and name the revision there"
        raise LoadError([Diagnostic("outside-tree", f"`{path}` lies outside of the repository", None, hint)]) from None

"""The files of a policy set, read and shaped: the set itself, the one it extends, its catalogue and its indicators.

Every file is read and validated in one run, so that all problems are told at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from os.path import normpath
from pathlib import Path

from .diagnostics import Diagnostic, LoadError, PolicyError, SchemaError, Span, SteelyardError, did_you_mean
from .document import Fields, Node, read
from .fields import entries, span_of, text
from .schema import validate
from .textfile import is_dir, is_file

SHIPPED_PREFIX = "steelyard:"
SET_FILE = "policyset.yaml"


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and what messages call it."""

    path: Path
    name: str

    def beside(self, file: str) -> Place:
        folder = self.name.rpartition("/")[0]
        return Place(self.path.parent / file, f"{folder}/{file}" if folder else file)


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents of one policy set. `layer` is the client's file where it extends another set; `only` names a single indicator."""

    policyset: Fields
    catalogue: Fields
    indicators: dict[str, Fields]
    layer: Fields | None = None
    only: str = ""
    reasons: tuple[Place, ...] = ()


def locate(given: str, shipped: Path) -> Place:
    """The file meant by `--policy`: a folder, a file, or `steelyard:NAME` for a shipped set. Raises LoadError."""
    if given.startswith(SHIPPED_PREFIX):
        return _shipped(given, shipped, None)
    path = Path(given)
    if is_dir(path):
        if not is_file(path / SET_FILE):
            raise LoadError([_no_policy(given, path)])
        return Place(path / SET_FILE, (path / SET_FILE).as_posix())
    return Place(path, path.as_posix())


def _no_policy(given: str, folder: Path) -> Diagnostic:
    inside = sorted(p.parent.name for p in folder.glob(f"*/{SET_FILE}"))
    hint = (
        f"did you mean `{folder.as_posix()}/{inside[0]}`?"
        if inside
        else "name a folder with a policyset.yaml, or one indicator file"
    )
    return Diagnostic("no-policy", f"folder `{given}` has no `{SET_FILE}`", None, hint)


def _shipped(given: str, shipped: Path, span: Span | None) -> Place:
    name = given.removeprefix(SHIPPED_PREFIX)
    known = sorted(p.parent.name for p in shipped.glob(f"*/{SET_FILE}"))
    if name not in known:
        hint = did_you_mean(name, known) or f"shipped sets: {', '.join(known)}"
        raise LoadError([Diagnostic("no-shipped-set", f"there is no shipped policy set `{name}`", span, hint)])
    return Place(shipped / name / SET_FILE, f"{SHIPPED_PREFIX}{name}/{SET_FILE}")


def gather(place: Place, shipped: Path, above: tuple[Place, ...] = ()) -> Sources:
    """Read every file that belongs to a policy set. Raises LoadError, SchemaError or PolicyError with all problems of all files.

    `above` are the files that extend this one, from the first.
    """
    node = _read_top(place)
    if "indicator" in node.fields:
        return _single(place, node, shipped)
    if "extends" in node.fields:
        base_place = _extended(node, place, shipped)
        if base_place.path.resolve() in {p.path.resolve() for p in (*above, place)}:
            raise PolicyError([_circle(node, (*above, place, base_place))])
        base = gather(base_place, shipped, (*above, place))
        if base.only:
            raise PolicyError([_one_indicator(node)])
        if base.layer is not None:
            raise PolicyError([_two_levels(node)])
        reasons = (*base.reasons, *_reasons(place, node))
        return Sources(base.policyset, base.catalogue, base.indicators, layer=node, reasons=reasons)
    return _full(place, node)


def _two_levels(node: Fields) -> Diagnostic:
    hint = "extend the set that it extends, and bring the changes over"
    return Diagnostic(
        "extends-too-deep", "the extended policy set itself extends another", span_of(node, "extends"), hint
    )


def _one_indicator(node: Fields) -> Diagnostic:
    message = f"`{text(node, 'extends')}` is one indicator and not a policy set"
    return Diagnostic("extends-indicator", message, span_of(node, "extends"), "name the folder of the policy set")


def _circle(node: Fields, chain: tuple[Place, ...]) -> Diagnostic:
    way = " -> ".join(f"`{place.name}`" for place in chain)
    hint = "name the set that it is based on"
    return Diagnostic(
        "extends-circle", f"policy sets extend each other in a circle: {way}", span_of(node, "extends"), hint
    )


def _read_top(place: Place) -> Fields:
    """The file that was named: a policy set, or one indicator."""
    node = read(place.path, place.name)
    keys = node.fields if isinstance(node, Fields) else {}
    return _shaped(node, "indicator" if "indicator" in keys and "policyset" not in keys else "policyset")


def _shaped(node: Node, schema: str) -> Fields:
    problems = validate(node, schema)
    if problems or not isinstance(node, Fields):
        raise SchemaError(problems)
    return node


def _single(place: Place, node: Fields, shipped: Path) -> Sources:
    """One indicator file: evaluated inside the policy set beside it."""
    beside = place.beside(SET_FILE)
    if not is_file(beside.path):
        hint = f"an indicator needs the `{SET_FILE}` and the catalogue of its set in the same folder"
        raise LoadError([Diagnostic("no-policy", f"there is no `{SET_FILE}` beside `{place.name}`", None, hint)])
    whole = gather(beside, shipped)
    name = text(node, "indicator")
    if name not in whole.indicators:
        hint = did_you_mean(name, whole.indicators) or f"add it to `indicators:` in `{beside.name}`"
        message = f"the policy set beside it has no indicator `{name}`"
        raise PolicyError([Diagnostic("unknown-indicator", message, span_of(node, "indicator"), hint)])
    indicators = {**whole.indicators, name: node}
    return Sources(whole.policyset, whole.catalogue, indicators, whole.layer, name, whole.reasons)


def _full(place: Place, node: Fields) -> Sources:
    problems: list[Diagnostic] = []
    catalogue = _collect(problems, place, text(node, "facts"), "facts", span_of(node, "facts"))
    indicators: dict[str, Fields] = {}
    for name, span, file in _indicator_files(node):
        document = _collect(problems, place, file, "indicator", span)
        if document is not None:
            indicators[name] = document
            problems += _named_alike(name, document)
    if problems or catalogue is None:
        raise SchemaError(problems)
    return Sources(node, catalogue, indicators, reasons=_reasons(place, node))


def _reasons(place: Place, node: Fields) -> tuple[Place, ...]:
    """The taxonomy that a policy set or a layer names, beside it. Raises PolicyError, LoadError where it is not there."""
    file = text(node, "reasons")
    if not file:
        return ()
    span = span_of(node, "reasons")
    if Path(file).name != file:
        raise PolicyError([_outside(file, span)])
    found = place.beside(file)
    if not is_file(found.path):
        message = f"there is no `{found.name}`"
        raise LoadError([Diagnostic("file-missing", message, span, "write it, or take the line out")])
    return (found,)


def _outside(file: str, span: Span) -> Diagnostic:
    message = f"`{file}` lies outside the folder of the policy set"
    return Diagnostic("outside-folder", message, span, "keep the files of a policy set in one folder")


def _indicator_files(node: Fields) -> Iterator[tuple[str, Span, str]]:
    for name, _, entry in entries(node, "indicators"):
        yield name, span_of(entry, "file"), text(entry, "file")


def _named_alike(name: str, document: Fields) -> Iterator[Diagnostic]:
    found = text(document, "indicator")
    if found != name:
        message = f"the policy set calls this indicator `{name}`, the file `{found}`"
        yield Diagnostic("name-differs", message, span_of(document, "indicator"), "use one id in both files")


def _collect(problems: list[Diagnostic], beside: Place, file: str, schema: str, named_at: Span) -> Fields | None:
    """Read one file of the set; what is wrong goes to `problems`, at the place that names the file where it cannot be opened."""
    if Path(file).name != file:
        problems.append(_outside(file, named_at))
        return None
    try:
        found = beside.beside(file)
        return _shaped(read(found.path, found.name), schema)
    except SteelyardError as error:
        problems += [d if d.span else replace(d, span=named_at) for d in error.diagnostics]
        return None


def _extended(node: Fields, place: Place, shipped: Path) -> Place:
    """The file that `extends:` names, inside the tree that it may reach."""
    given = text(node, "extends")
    span = span_of(node, "extends")
    if given.startswith(SHIPPED_PREFIX):
        return _shipped(given, shipped, span)
    target = place.path.parent / given
    if Path(given).is_absolute() or not within_tree(target, place.path.parent):
        hint = "a policy set may extend one of its own repository, or a shipped one: `steelyard:sales-focus`"
        message = f"`{given[:60]}` lies outside the tree of this policy set"
        raise LoadError([Diagnostic("outside-tree", message, span, hint)])
    if is_dir(target):
        target = target / SET_FILE
    if not is_file(target):
        hint = "the path is relative to this file"
        raise LoadError([Diagnostic("file-missing", f"there is no policy set at `{given[:60]}`", span, hint)])
    return Place(target, _shown(place, given))


def _shown(place: Place, given: str) -> str:
    joined = Path(normpath(Path(place.name).parent / given))
    return (joined if joined.suffix else joined / SET_FILE).as_posix()


def _root(folder: Path) -> Path:
    """The nearest folder upwards with `.git`; without one, the folder above."""
    return next((f for f in (folder, *folder.parents) if (f / ".git").exists()), folder.parent)


def within_tree(target: Path, folder: Path) -> bool:
    """Whether a path stays in the tree of a folder; one that no file system can hold does not."""
    try:
        return target.resolve().is_relative_to(_root(folder.resolve()))
    except (OSError, ValueError):
        return False

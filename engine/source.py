"""The files of a policy set, read and shaped: the set itself, the one it extends, its catalogue and its indicators.

Every file is read and validated in one run, so that all problems are told at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .diagnostics import Diagnostic, LoadError, PolicyError, SchemaError, Span, SteelyardError, did_you_mean
from .document import Fields, Node
from .fields import entries, get, span_of, text
from .place import GIT_PREFIX, SHIPPED_PREFIX, Place, pinned, placed, within_tree
from .policy import TextFile
from .schema import validate

SET_FILE = "policyset.yaml"


MOST_LAYERS = 50


@dataclass(frozen=True, slots=True)
class Overlay:
    """The documents of one layer: its own file, its own facts, the files of its own indicators."""

    policyset: Fields
    catalogue: Fields | None = None
    indicators: Mapping[str, Fields] = field(default_factory=dict)
    reasons: TextFile | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents of one policy set, and the layers over it from the lowest; `only` names a single indicator."""

    policyset: Fields
    catalogue: Fields
    indicators: Mapping[str, Fields]
    layers: tuple[Overlay, ...] = ()
    only: str = ""
    reasons: TextFile | None = None

    @property
    def taxonomy(self) -> tuple[TextFile, ...]:
        """The reasons of the set, and what the layers add to them."""
        named = (self.reasons, *(layer.reasons for layer in self.layers))
        return tuple(one for one in named if one is not None)


def locate(given: str, shipped: Path) -> Place:
    """The file meant by `--policy`: a folder, a file, either of them as `REF:path`, or `steelyard:NAME` for a shipped set.

    Raises LoadError.
    """
    if given.startswith(SHIPPED_PREFIX):
        return _shipped(given, shipped, None)
    place = placed(given)
    return _set_in(place, given) if place.is_dir else place


def _set_in(folder: Place, given: str, span: Span | None = None) -> Place:
    """The policy set in a folder. Raises LoadError."""
    found = folder.below(SET_FILE)
    if not found.is_file:
        inside = folder.holding(SET_FILE)
        hint = f"did you mean `{inside}`?" if inside else "name a folder with a policyset.yaml, or one indicator file"
        raise LoadError([Diagnostic("no-policy", f"folder `{given}` has no `{SET_FILE}`", span, hint)])
    return found


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
        if base_place.identity in {p.identity for p in (*above, place)}:
            raise PolicyError([_circle(node, (*above, place, base_place))])
        if len(above) >= MOST_LAYERS:
            raise PolicyError([_too_many_layers(node)])
        return _over(base_place, (*above, place), node, shipped)
    return _full(place, node)


def _over(base: Place, chain: tuple[Place, ...], node: Fields, shipped: Path) -> Sources:
    """A layer over the set that it extends; the problems of both."""
    problems: list[Diagnostic] = []
    overlay = _overlay(chain[-1], node, problems)
    try:
        found = gather(base, shipped, chain)
    except SteelyardError as error:
        raise type(error)([*error.diagnostics, *problems]) from None
    if found.only:
        raise PolicyError([_one_indicator(node), *problems])
    if problems:
        raise SchemaError(problems)
    return replace(found, layers=(*found.layers, overlay))


def _overlay(place: Place, node: Fields, problems: list[Diagnostic]) -> Overlay:
    """The files of a layer: what lies beside its own."""
    catalogue = None
    if get(node, "facts") is not None:
        catalogue = _collect(problems, place, text(node, "facts"), "facts-layer", span_of(node, "facts"))
    return Overlay(node, catalogue, _indicators(problems, place, node), _reasons(place, node))


def _too_many_layers(node: Fields) -> Diagnostic:
    message = f"more than {MOST_LAYERS} policy sets extend each other"
    hint = "extend the set that they are all based on, and bring the changes over"
    return Diagnostic("extends-too-deep", message, span_of(node, "extends"), hint)


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
    node = place.read()
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
    if not beside.is_file:
        hint = f"an indicator needs the `{SET_FILE}` and the catalogue of its set in the same folder"
        raise LoadError([Diagnostic("no-policy", f"there is no `{SET_FILE}` beside `{place.name}`", None, hint)])
    whole = gather(beside, shipped)
    name = text(node, "indicator")
    top = whole.layers[-1].indicators if whole.layers else whole.indicators
    if name not in top:
        hint = did_you_mean(name, top) or f"add it to `indicators:` in `{beside.name}`"
        message = f"the policy set beside it has no indicator `{name}`"
        raise PolicyError([Diagnostic("unknown-indicator", message, span_of(node, "indicator"), hint)])
    if not whole.layers:
        return replace(whole, indicators={**whole.indicators, name: node}, only=name)
    own = replace(whole.layers[-1], indicators={**top, name: node})
    return replace(whole, layers=(*whole.layers[:-1], own), only=name)


def _full(place: Place, node: Fields) -> Sources:
    problems: list[Diagnostic] = []
    catalogue = _collect(problems, place, text(node, "facts"), "facts", span_of(node, "facts"))
    indicators = _indicators(problems, place, node)
    if problems or catalogue is None:
        raise SchemaError(problems)
    return Sources(node, catalogue, indicators, reasons=_reasons(place, node))


def _reasons(place: Place, node: Fields) -> TextFile | None:
    """The taxonomy that a policy set or a layer names, beside it. Raises PolicyError; LoadError where it is not there."""
    file = text(node, "reasons")
    if not file:
        return None
    span = span_of(node, "reasons")
    if Path(file).name != file:
        raise PolicyError([_outside(file, span)])
    found = place.beside(file)
    if not found.is_file:
        message = f"there is no `{found.name}`"
        raise LoadError([Diagnostic("file-missing", message, span, "write it, or take the line out")])
    return TextFile(found.name, found.source)


def _outside(file: str, span: Span) -> Diagnostic:
    message = f"`{file}` lies outside the folder of the policy set"
    return Diagnostic("outside-folder", message, span, "keep the files of a policy set in one folder")


def _indicators(problems: list[Diagnostic], place: Place, node: Fields) -> dict[str, Fields]:
    """The files of the indicators that name one."""
    found: dict[str, Fields] = {}
    for name, _, entry in entries(node, "indicators"):
        if get(entry, "file") is not None:
            document = _collect(problems, place, text(entry, "file"), "indicator", span_of(entry, "file"))
            if document is not None:
                found[name] = document
                problems += _named_alike(name, document)
    return found


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
        return _shaped(found.read(), schema)
    except SteelyardError as error:
        problems += [d if d.span else replace(d, span=named_at) for d in error.diagnostics]
        return None


def _extended(node: Fields, place: Place, shipped: Path) -> Place:
    """The file that `extends:` names, inside the tree that it may reach."""
    given = text(node, "extends")
    span = span_of(node, "extends")
    if given.startswith(SHIPPED_PREFIX):
        return _shipped(given, shipped, span)
    try:
        target = pinned(given, place)
    except LoadError as error:
        raise LoadError([replace(d, span=span) for d in error.diagnostics]) from None
    if target is None:
        if not within_tree(given, place):
            hint = "a policy set may extend one of its own repository, or a shipped one: `steelyard:sales-focus`"
            message = f"`{given[:60]}` lies outside the tree of this policy set"
            raise LoadError([Diagnostic("outside-tree", message, span, hint)])
        target = place.reached(given)
    if target.is_dir:
        target = target.below(SET_FILE)
    if not target.is_file:
        pinned_at = "name the folder of a policy set, or its file"
        hint = pinned_at if given.startswith(GIT_PREFIX) else "the path is relative to this file"
        raise LoadError([Diagnostic("file-missing", f"there is no policy set at `{given[:60]}`", span, hint)])
    return target

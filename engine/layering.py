"""The layers of a policy set, from the base up, become one set of documents: docs/language.md, section 10."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .diagnostics import Diagnostic, PolicyError, Span, did_you_mean
from .document import Fields, Node, Value
from .fields import entries, get, text
from .merging import merge
from .policy import Change, Layer, TextFile
from .record import Record
from .rewriting import mapping, only, with_keys, without
from .scalar import resolve
from .schema import validate
from .shapes import PARAMETER, Way, short, things
from .source import Overlay, Sources

THIS_RUN = "this run"

_OF_THE_FILE = ("policyset", "title", "version", "extends")
"""What a layer says of itself."""
_OF_THE_ENTRY = ("file", "weight", "grade", "because")
"""What the policy set says of an indicator; everything else is in the indicator's file."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Values of parameters for one run, by full name."""

    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layered:
    """The documents of a policy set with its layers merged into them, and who wrote what.

    `layers` are the sets from the base up, with version and place. `tree` is everything in one, as in `shapes.py`.
    """

    policyset: Fields
    catalogue: Fields
    indicators: Mapping[str, Fields]
    tree: Fields
    record: Record
    layers: tuple[Layer, ...]
    reasons: tuple[TextFile, ...] = ()
    """The taxonomies of the sets, the base's first: a layer adds to them."""

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        return tuple(self.record.problems)

    @property
    def remarks(self) -> tuple[Diagnostic, ...]:
        """What only those want to hear who look after the policies."""
        return tuple(self.record.remarks)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the layers did; what is tried for this run is not among it."""
        return tuple(c for c in self.record.changes if c.layer.name != THIS_RUN)

    @property
    def removed(self) -> Mapping[str, Layer]:
        """What layers took out and none put back, by name."""
        there = set(things(self.tree))
        return {short(way): layer for way, layer in self.record.lost.items() if way not in there}

    @property
    def changed(self) -> int:
        """How many values the layers changed, each counted once; a thing added, taken out or replaced counts as one."""
        return len({(*c.way, c.key) for c in self.changes if not c.equal})

    def history(self, way: Way, key: str, entry: Node) -> tuple[Layer, ...]:
        """Every layer that wrote the value under a key of a thing, the lowest first."""
        node = get(entry, key)
        assert node is not None
        return self.record.history(way, node, entry)


def layered(sources: Sources, trial: Trial | None = None) -> Layered:
    """The documents under their layers. Raises PolicyError where a document under its layers has the wrong shape."""
    record = Record(text(sources.policyset, "policyset"))
    tree = _tree(sources)
    for overlay in sources.layers:
        record.begin(text(overlay.policyset, "policyset"))
        tree = merge(tree, _patch(overlay), record)
        tree = _titled(tree, overlay.policyset, record)
    found = _split(sources, tree)
    if sources.layers:
        problems = _misshapen(found, sources)
        if problems:
            raise PolicyError([*record.problems, *problems])
    if trial is not None and trial.values:
        tree = _tried(tree, trial, record)
        found = _split(sources, tree)
    layers = tuple(Layer(text(n, "policyset"), text(n, "version"), span=n.span) for n in _chain(sources))
    return Layered(found.policyset, found.catalogue, found.indicators, tree, record, layers, sources.taxonomy)


def _chain(sources: Sources) -> tuple[Fields, ...]:
    return (sources.policyset, *(overlay.policyset for overlay in sources.layers))


# ---- one tree and back


def _tree(sources: Sources) -> Fields:
    """The documents in one: the catalogue under `facts:`, each indicator with its entry."""
    indicators = get(sources.policyset, "indicators")
    assert isinstance(indicators, Fields)
    joined = {
        name: _joined(entry, sources.indicators[name]) for name, _, entry in entries(sources.policyset, "indicators")
    }
    facts = sources.catalogue.fields["facts"]
    return with_keys(sources.policyset, indicators=mapping(joined, indicators.keys, indicators.span), facts=facts)


def _joined(entry: Node, document: Fields) -> Fields:
    assert isinstance(entry, Fields)
    fields, keys = {**document.fields, **entry.fields}, {**document.keys, **entry.keys}
    return mapping(fields, keys, document.span)


def _split(sources: Sources, tree: Fields) -> Sources:
    indicators = get(tree, "indicators")
    assert isinstance(indicators, Fields)
    names = list(indicators.fields)
    entry_of = {name: only(indicators.fields[name], _OF_THE_ENTRY) for name in names}
    documents = {name: without(indicators.fields[name], _OF_THE_ENTRY) for name in names}
    catalogue = with_keys(sources.catalogue, facts=tree.fields["facts"])
    listed = mapping(entry_of, indicators.keys, indicators.span)
    top = with_keys(tree, indicators=listed, facts=sources.policyset.fields["facts"])
    return Sources(top, catalogue, documents, only=sources.only)


def _patch(overlay: Overlay) -> Fields:
    """A layer as it is written over the tree: its own catalogue and the files of its own indicators put in."""
    # a taxonomy is added to those of the base and not merged with them
    found = without(overlay.policyset, (*_OF_THE_FILE, "facts", "reasons"))
    if overlay.catalogue is not None:
        found = with_keys(found, facts=overlay.catalogue.fields["facts"])
    indicators = get(found, "indicators")
    if isinstance(indicators, Fields):
        joined = {
            name: _joined(entry, overlay.indicators[name]) if name in overlay.indicators else entry
            for name, entry in indicators.fields.items()
        }
        found = with_keys(found, indicators=mapping(joined, indicators.keys, indicators.span))
    return found


def _titled(tree: Fields, layer: Fields, record: Record) -> Fields:
    """The set is called what its last layer is called."""
    given = {key: layer.fields[key] for key in ("policyset", "title", "version") if key in layer.fields}
    for key, node in given.items():
        record.call(key, tree, node)
    if "reasons" in layer.fields:
        added = f"{text(layer, 'reasons')}, added to those above" if get(tree, "reasons") else text(layer, "reasons")
        record.call("reasons", tree, Value(added, layer.fields["reasons"].span, added))
    return with_keys(tree, **given)


def _misshapen(found: Sources, sources: Sources) -> list[Diagnostic]:
    """What is wrong with the shape of a document under its layers; those that no layer touched are right."""
    documents = [(found.policyset, "policyset")]
    if found.catalogue.fields["facts"] is not sources.catalogue.fields["facts"]:
        documents.append((found.catalogue, "facts"))
    documents += [
        (node, "indicator") for name, node in found.indicators.items() if node.fields != _before(sources, name)
    ]
    return [problem for node, schema in documents for problem in validate(node, schema)]


def _before(sources: Sources, name: str) -> Mapping[str, Node]:
    document = sources.indicators.get(name)
    return document.fields if document is not None else {}


# ---- values for one run


def trial_overrides(tried: Sequence[str]) -> Trial:
    """`NAME=VALUE` texts as values for this run. Raises PolicyError for one that is not of that form."""
    found: dict[str, Value] = {}
    problems: list[Diagnostic] = []
    for assignment in tried:
        name, sign, value = assignment.partition("=")
        if not sign or not name.strip() or not value.strip():
            hint = "write --param NAME=VALUE, for example --param tilt_from=30"
            problems.append(Diagnostic("bad-assignment", f"`{assignment}` gives a parameter no value", None, hint))
            continue
        found[name.strip()] = Value(resolve(value.strip()), Span(f"--param {assignment}", line=0), value.strip())
    if problems:
        raise PolicyError(problems)
    return Trial(found)


def _meant(name: str, known: Iterable[str]) -> str:
    """A hint for a parameter that there is not: those of indicators whose last part is the name, else the nearest one."""
    full = [f"`{whole}`" for whole in known if whole.endswith(f".{name}")]
    if full:
        return f"did you mean {' or '.join(full)}?"
    return did_you_mean(name, known) or "run `steelyard show` to see every name"


def _tried(tree: Fields, trial: Trial, record: Record) -> Fields:
    """The tree with the values of this run, as one more layer."""
    record.begin(THIS_RUN)
    known = {short(way): way for way in things(tree, PARAMETER)}
    for name, value in trial.values.items():
        if name not in known:
            hint = _meant(name, known)
            record.problem("nothing-to-override", f"there is no parameter `{name}`", value.span, hint)
            continue
        reason = Value("tried for this run", value.span, "tried for this run")
        patch = mapping({"value": value, "because": reason}, {}, value.span)
        for step in reversed(known[name]):
            patch = mapping({step: patch}, {}, value.span)
        tree = merge(tree, patch, record)
    return tree

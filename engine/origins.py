"""Where every value comes from: each layer that wrote it, as `git config --show-origin` tells of its settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .diagnostics import Diagnostic, PolicyError, did_you_mean
from .document import Node
from .fields import text
from .layering import Layered
from .policy import Layer
from .record import Record
from .shapes import PARAMETER, POLICY_SET, Way, short, things, values
from .written import written


@dataclass(frozen=True, slots=True)
class Origin:
    """A value and every layer that wrote it, from the base up: the last one counts.

    `way` is where a layer writes it, `name` what the language calls it.
    """

    way: str
    name: str
    layers: tuple[Layer, ...]


def origins(documents: Layered, names: Sequence[str] = ()) -> tuple[Origin, ...]:
    """Every value of a policy set, and what its layers took out; with `names` those that are called so or lie inside.

    Raises PolicyError where a name stands for nothing.
    """
    found = tuple(_origins(documents))
    unknown = [name for name in names if not any(_is_in(origin, name) for origin in found)]
    if unknown:
        raise PolicyError(_unknown(name, found) for name in unknown)
    return tuple(origin for origin in found if not names or any(_is_in(origin, name) for name in names))


def _origins(documents: Layered) -> Iterator[Origin]:
    record, parameters = documents.record, set(things(documents.tree, PARAMETER))
    listed = list(values(documents.tree, POLICY_SET, ()))
    for way, node, entry in listed:
        yield _origin(way, _layers(record, way, node, entry, way in parameters))
    present = {way for way, _, _ in listed}
    above = {way[:n] for way in present for n in range(1, len(way))}
    for way, layers in record.writers.items():
        # of a list that was written anew, each item is told; of a thing taken out nothing else is left to tell
        if way not in present and way not in above:
            yield _origin(way, layers)


def _layers(record: Record, way: Way, node: Node, entry: Node, is_parameter: bool) -> tuple[Layer, ...]:
    if way in record.writers:
        return record.writers[way]
    above = next((way[:n] for n in range(len(way) - 1, 0, -1) if way[:n] in record.writers), None)
    if above is not None:
        # an item of a list that was written anew
        return (replace(record.writers[above][-1], value=written(node), span=node.span),)
    reason = (text(entry, "because"), text(entry, "review_by")) if is_parameter or way[-1] == "weight" else ("", "")
    return (Layer(record.base, written(node), *reason, node.span),)


def _origin(way: Way, layers: tuple[Layer, ...]) -> Origin:
    return Origin(".".join(way), short(way), layers)


def _is_in(origin: Origin, name: str) -> bool:
    whole = any(f"{known}.".startswith(f"{name}.") for known in (origin.way, origin.name))
    # a threshold of an indicator may be called by its last part, as in `steelyard set`
    return whole or origin.way.endswith(f".parameters.{name}")


def _unknown(name: str, found: Sequence[Origin]) -> Diagnostic:
    known = {part for origin in found for whole in (origin.way, origin.name) for part in _prefixes(whole)}
    hint = did_you_mean(name, known) or "run `steelyard show --origin` to see every name"
    return Diagnostic("unknown-item", f"nothing in the policy set is called `{name}`", None, hint)


def _prefixes(name: str) -> Iterator[str]:
    steps = name.split(".")
    return (".".join(steps[:n]) for n in range(1, len(steps) + 1))

"""What stands where in a policy set, as a layer sees it: things with a name or an id, and the values in them.

The whole set is one tree: the policy set, under `indicators:` the entry of each together with its file, under `facts:` the
catalogue. A way through the tree is where a layer would write the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .document import Fields, Items, Node
from .fields import text

Way: TypeAlias = tuple[str, ...]

WHOLE = frozenset({"when", "cap_move", "computed"})
"""Mappings that are one value: a condition, or how a fact is computed, is replaced, never merged."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A thing that a layer may change, add or remove. `needs` are the keys of a whole one."""

    word: str
    needs: tuple[str, ...] = ()
    owns: frozenset[str] = frozenset()
    """Keys of a layer that are also its own: what a new one says in them stays."""
    graded: frozenset[str] = frozenset()
    """Values that its grade stands for: whoever writes another gives a grade, or it is a judgement."""
    value: str = ""
    """The key that is meant where the thing itself is called a value."""
    moves: bool = True
    """A changed one stands where it was changed last, since that is where one would change it again."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A mapping: its parts by key, every other key a value. `rest` is what stands under any other key."""

    parts: Mapping[str, Part] = field(default_factory=dict)
    kind: Kind | None = None
    rest: Part | None = None

    def part(self, key: str) -> Part | None:
        """What stands under a key; None for a value."""
        return self.parts.get(key, self.rest)


@dataclass(frozen=True, slots=True)
class Named:
    """Things by name."""

    shape: Shape


@dataclass(frozen=True, slots=True)
class Listed:
    """Things by id, in an order that counts. `always`: each has an id. `needed`: one at least must be there."""

    shape: Shape
    always: bool = True
    needed: bool = False


Part: TypeAlias = Shape | Named | Listed

BECAUSE = frozenset({"because"})
ANSWER = frozenset({"when", "outcome", "cap", "floor"})
EFFECT = frozenset({"when", "cap_move", "forbid", "verdict", "if_unknown"})

PARAMETER = Kind(
    "parameter", ("value", "unit", "grade", "because"), frozenset({"because", "review_by"}), value="value", moves=False
)
FACT = Kind("fact", ("type", "title", "meaning"))
SIGNAL = Kind("signal", ("id", "when"))
CASE = Kind("case", ("when", "outcome"), BECAUSE, ANSWER)
RANGE = Kind("band", ("outcome",), BECAUSE, ANSWER)
EVIDENCE = Kind("evidence", ("id", "title", "weight", "grade"), BECAUSE)
ACTION = Kind("action", ("do",))
INDICATOR = Kind("indicator", ("file", "weight"), BECAUSE, frozenset({"weight"}), moves=False)
BAND = Kind("band", ("id", "title", "move"))
ADJUSTMENT = Kind("adjustment", ("id", "when", "reweigh"), BECAUSE)
GATE = Kind("gate", ("id", "title", "when"), BECAUSE, EFFECT)
READING = Kind("reading", ("id", "when", "says"))
PHASE = Kind("phase", ("id", "title"))
PLAN = Kind("plan", moves=False)
SETTINGS = Kind("setting", moves=False)

_PARAMETERS = Named(Shape(kind=PARAMETER))
_SIGNALS = Listed(Shape(kind=SIGNAL))
_ACTIONS = Shape(rest=Listed(Shape(kind=ACTION), always=False))
_CASES = Listed(Shape(kind=CASE), always=False, needed=True)
_RANGES = Listed(Shape(kind=RANGE), always=False)

POLICY_SET = Shape(
    {
        "parameters": _PARAMETERS,
        "indicators": Named(
            Shape(
                {
                    "parameters": _PARAMETERS,
                    "signals": _SIGNALS,
                    "evidence": Listed(Shape({"cases": _CASES, "bands": _RANGES}, EVIDENCE), needed=True),
                    "actions": _ACTIONS,
                },
                INDICATOR,
            )
        ),
        "facts": Named(Shape(kind=FACT)),
        "bands": Listed(Shape(kind=BAND), needed=True),
        "signals": _SIGNALS,
        "adjustments": Listed(Shape(kind=ADJUSTMENT)),
        "gates": Listed(Shape(kind=GATE)),
        "readings": Listed(Shape(kind=READING)),
        "plan": Shape({"phases": Listed(Shape(kind=PHASE), needed=True), "actions": _ACTIONS}, PLAN),
    },
    SETTINGS,
)


def short(way: Way) -> str:
    """What the language calls a thing, by the way to it: `stagnant-conversion.steady_leads`, `G1`, `slow-growth.fit.poor`."""
    return ".".join((*_names(way[:-1]), *way[-1:]))


def _names(way: Way) -> Iterator[str]:
    """The steps that are names and values; not those that lead to a section."""
    part: Part | None = POLICY_SET
    for step in way:
        inside = part.part(step) if isinstance(part, Shape) else part.shape if part is not None else None
        if not isinstance(part, Shape) or inside is None:
            yield step
        part = inside


def children(node: Node, part: Part | None, way: Way) -> Iterator[tuple[Node, Part | None, Way]]:
    """What a node is made of, with what it is and the way to it; things of a list that have no id are counted from 1."""
    match node, part:
        case Fields(fields=fields), Named(shape):
            yield from ((child, shape, (*way, name)) for name, child in fields.items())
        case Items(items=items), Listed(shape):
            yield from ((child, shape, (*way, text(child, "id") or str(n))) for n, child in enumerate(items, start=1))
        case Fields(fields=fields), Shape():
            yield from ((child, part.part(key), (*way, key)) for key, child in fields.items() if key != "id")
        case Fields(fields=fields), None:
            yield from ((child, None, (*way, key)) for key, child in fields.items())


def values(node: Node, part: Part | None, way: Way, entry: Node | None = None) -> Iterator[tuple[Way, Node, Node]]:
    """Every value of a tree with the way to it and the thing that it belongs to."""
    owner = node if entry is None or (isinstance(part, Shape) and part.kind is not None) else entry
    if isinstance(part, Shape) and part.kind is not None and part.kind.value and isinstance(node, Fields):
        yield way, node.fields[part.kind.value], node
    elif part is None and (not isinstance(node, Fields) or way[-1] in WHOLE):
        yield way, node, owner
    else:
        for child, inside, further in children(node, part, way):
            yield from values(child, inside, further, owner)


def things(node: Node, kind: Kind | None = None, part: Part | None = POLICY_SET, way: Way = ()) -> Iterator[Way]:
    """The ways to every thing that has a name or a place in a list, of one kind or of any."""
    for child, inside, further in children(node, part, way):
        if inside is not None:
            if isinstance(inside, Shape) and kind in (None, inside.kind) and not isinstance(part, Shape):
                yield further
            yield from things(child, kind, inside, further)

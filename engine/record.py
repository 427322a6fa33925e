"""Who wrote what, layer by layer: the memory of merging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .diagnostics import Diagnostic, Severity, Span
from .document import Fields, Node, Value
from .fields import get, text
from .policy import Change, Done, Layer
from .shapes import Kind, Shape, Way, short, things, values
from .written import same, written


@dataclass(slots=True)
class Hand:
    """A layer's hand on one thing: what it writes over what, and why."""

    shape: Shape
    kind: Kind
    way: Way
    patch: Fields
    old: Fields | None
    span: Span
    wrote: set[str] = field(default_factory=set)
    """Its own keys under which something was written."""

    @property
    def name(self) -> str:
        return short(self.way)

    def layer(self, name: str, value: str, span: Span) -> Layer:
        """What the history of a value says of this hand."""
        return Layer(name, value, text(self.patch, "because"), text(self.patch, "review_by"), span)


@dataclass(slots=True)
class Record:
    """Grows while layers are merged over a base. `base` is the name of the set that they are written over."""

    base: str
    layer: str = ""
    """The layer that is being merged, and how many there are up to it."""
    depth: int = 0
    writers: dict[Way, tuple[Layer, ...]] = field(default_factory=dict)
    """Every layer that wrote a value, the lowest first, for the values that a layer wrote; of a thing taken out, the thing."""
    changes: list[Change] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    lost: dict[Way, Layer] = field(default_factory=dict)
    """What a layer took out, by itself or with something around it."""
    remarks: list[Diagnostic] = field(default_factory=list)
    """What only those want to hear who look after the policies."""

    def begin(self, layer: str) -> None:
        """From here on the next layer writes."""
        self.layer = layer
        self.depth += 1

    def problem(self, code: str, message: str, span: Span, hint: str, severity: Severity = Severity.ERROR) -> None:
        """Note what is wrong."""
        self.problems.append(Diagnostic(code, message, span, hint, severity))

    def history(self, way: Way, node: Node, entry: Node) -> tuple[Layer, ...]:
        """Every layer that wrote a value; `entry` is the thing that says why, where the base did."""
        first = Layer(self.base, written(node), text(entry, "because"), text(entry, "review_by"), node.span)
        return self.writers.get(way, (first,))

    def write(self, hand: Hand, way: Way, old: Node | None, new: Node) -> None:
        """A value is written, over another one where there is one."""
        entry = hand.old or hand.patch
        earlier = self.history(way, old, entry) if old is not None else self.writers.get(way, ())
        layer = hand.layer(self.layer, written(new), new.span)
        self.forget(way)
        self.writers[way] = (*earlier, layer)
        equal = old is not None and same(old, new)
        was = written(old) if old is not None else ""
        key = ".".join(way[len(hand.way) :])
        self._done(hand, Done.CHANGED, layer, key=key, was=was, equal=equal)
        if equal:
            shown = (
                f"`{was}`" if isinstance(new, Value) and isinstance(new.value, str) and not was.endswith("%") else was
            )
            said = (
                f"is {shown} already in the base"
                if isinstance(new, Value) and was
                else "is the same in the base already"
            )
            place = hand.span if way == hand.way or way[-1] == "weight" else new.span
            message = f"`{short(way)}` {said}"
            self.problem("override-equals-base", message, place, "take the override out", Severity.WARNING)

    def review(self, hand: Hand, old: Node) -> None:
        """Only the date is new by which a value is to be looked at again."""
        layer = hand.layer(self.layer, "", hand.span)
        self.writers[hand.way] = (*self.history(hand.way, old, hand.old or hand.patch), layer)
        self._done(hand, Done.CHANGED, layer, equal=True)

    def call(self, key: str, tree: Fields, new: Node) -> None:
        """The name, the title or the version of the whole set, which each layer has of its own."""
        old = get(tree, key)
        earlier = (Layer(self.base, written(old), span=old.span),) if old is not None else ()
        layer = Layer(self.layer, written(new), span=new.span)
        self.writers[(key,)] = (*self.writers.get((key,), earlier), layer)

    def note(self, hand: Hand, done: Done, value: str = "", was: str = "") -> None:
        """Something was done to a whole thing."""
        layer = hand.layer(self.layer, value, hand.span)
        self._done(hand, done, layer, was=was)

    def _done(self, hand: Hand, done: Done, layer: Layer, key: str = "", was: str = "", equal: bool = False) -> None:
        self.changes.append(Change(done, hand.kind.word, hand.name, key, layer, self.depth, hand.way, was, equal))

    def anew(self, hand: Hand, found: Fields) -> None:
        """Every value of a thing is the layer's own from here on."""
        self.forget(hand.way)
        self._lose(hand)
        for way, node, entry in values(found, hand.shape, hand.way):
            layer = hand.layer(self.layer, written(node), node.span)
            if entry is not found and get(entry, "value") is node:
                layer = replace(layer, because=text(entry, "because"), review_by=text(entry, "review_by"))
            self.writers[way] = (layer,)

    def keep(self, way: Way, layers: tuple[Layer, ...] | None) -> None:
        """Put back what was known of a value that stays when the thing around it is written anew."""
        self.writers.pop(way, None)
        if layers is not None:
            self.writers[way] = layers

    def follow(self, hand: Hand, key: str, new: Node) -> None:
        """A value that follows from what is written."""
        way, old = (*hand.way, key), own(hand, key)
        earlier = self.history(way, old, new) if old is not None else self.writers.get(way, ())
        self.writers[way] = (*earlier, hand.layer(self.layer, written(new), new.span))

    def gone(self, hand: Hand, old: Fields) -> None:
        """A thing is not there any more."""
        mine = (c.layer for c in reversed(self.changes) if c.way == hand.way and c.done in (Done.ADDED, Done.REPLACED))
        before = next(mine, Layer(self.base, "", span=old.span))
        self.forget(hand.way)
        self._lose(hand)
        self.writers[hand.way] = (replace(before, value="there"), hand.layer(self.layer, "removed", hand.span))

    def _lose(self, hand: Hand) -> None:
        """Note everything that was in a thing; what is there again in the end is not missed."""
        if hand.old is not None:
            layer = hand.layer(self.layer, "", hand.span)
            self.lost |= dict.fromkeys((hand.way, *things(hand.old, None, hand.shape, hand.way)), layer)

    def forget(self, thing: Way) -> None:
        """What was known of a value, or of the values of a thing."""
        for way in [known for known in self.writers if known[: len(thing)] == thing]:
            del self.writers[way]

    def ask_why(self, hand: Hand, done: Done) -> None:
        """Every change takes a reason, at the thing that is changed."""
        if text(hand.patch, "because"):
            return
        what = f"`{hand.name}`" if hand.way else listed(sorted(hand.wrote))
        where = "" if hand.way else " at the top of the layer"
        why = {Done.ADDED: "needs it", Done.REMOVED: "does without it"}.get(done, "needs another value")
        self.problem(
            "reason-missing",
            f"{what} is {done} without a reason",
            hand.span,
            f"add `because:`{where} and say why this client {why}",
        )


def listed(words: Iterable[str]) -> str:
    """Words in backticks."""
    return ", ".join(f"`{word}`" for word in words)


def own(hand: Hand, key: str) -> Node | None:
    """What the thing says under a key before the layer."""
    return get(hand.old, key) if hand.old is not None else None

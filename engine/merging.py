"""One layer over the tree of a policy set: what it changes, adds and takes out, and what is wrong with that.

docs/language.md, section 10, is the contract. Trees stay what the reader made, so that every value still knows its place.
"""

from __future__ import annotations

from dataclasses import dataclass

from .diagnostics import Span, did_you_mean
from .document import Fields, Items, Node, Value
from .fields import flag, get, span_of, text
from .policy import Done
from .record import Hand, Record, listed
from .remembered import OF_A_LAYER, compare
from .rewriting import mapping, only, with_keys, without
from .shapes import INDICATOR, POLICY_SET, WHOLE, Kind, Listed, Named, Part, Shape, Way, short, things


def merge(tree: Fields, layer: Fields, record: Record) -> Fields:
    """The tree under one more layer; what it does and what is wrong goes to the record."""
    return _Merger(tree, record).settings(layer)


@dataclass(frozen=True, slots=True)
class _Merger:
    tree: Fields
    record: Record

    def settings(self, patch: Fields) -> Fields:
        """The whole tree. Its own values are settings; their reason stands at the top of the layer."""
        assert POLICY_SET.kind is not None
        hand = Hand(POLICY_SET, POLICY_SET.kind, (), patch, self.tree, _first_key(patch))
        found = self._fields(self.tree, patch, POLICY_SET, (), hand)
        if hand.wrote:
            self.record.ask_why(hand, Done.CHANGED)
        compare(self.record, hand)
        return found

    # ---- the parts of a mapping

    def _fields(self, base: Fields, patch: Fields, shape: Shape, way: Way, hand: Hand) -> Fields:
        fields, keys = dict(base.fields), dict(base.keys)
        for key, node in patch.fields.items():
            if way == hand.way and (key in OF_A_LAYER or key == "id"):
                continue
            fields[key] = self._part(fields.get(key), node, shape.part(key), (*way, key), hand)
            keys.setdefault(key, patch.keys[key])
        return mapping(fields, keys, base.span)

    def _part(self, base: Node | None, patch: Node, part: Part | None, way: Way, hand: Hand) -> Node:
        match part, patch:
            case Named(shape), Fields():
                return self._named(_mapping(base, patch), patch, shape, way)
            case Listed(), Items():
                return self._listed(base if isinstance(base, Items) else Items((), patch.span), patch, part, way, hand)
            case Shape(kind=Kind() as kind), Fields():
                old = _mapping(base, patch)
                return self._changed(Hand(part, kind, way, patch, old, hand.patch.keys[way[-1]]), old)
            case Shape(), Fields():
                return self._fields(_mapping(base, patch), patch, part, way, hand)
            case None, Fields() if isinstance(base, Fields) and way[-1] not in WHOLE:
                return self._fields(base, patch, Shape(), way, hand)
        return self._value(base, patch, way, hand)

    def _value(self, base: Node | None, patch: Node, way: Way, hand: Hand) -> Node:
        """One value of a thing. The grade and the source that come with a parameter's value are not told apart from it."""
        key = way[len(hand.way)]
        is_value = key == hand.kind.value
        if is_value or get(hand.patch, hand.kind.value) is None:
            self.record.write(hand, hand.way if is_value else way, base, patch)
        hand.wrote.add(key)
        return patch

    def _named(self, base: Fields, patch: Fields, shape: Shape, way: Way) -> Fields:
        fields, keys = dict(base.fields), dict(base.keys)
        for name, node in patch.fields.items():
            assert isinstance(node, Fields)
            found = self._thing(base.fields.get(name), _hand(shape, (*way, name), node, patch.keys[name]))
            if found is None:
                fields.pop(name, None)
            else:
                fields[name] = found
                keys[name] = patch.keys[name] if found.span == node.span else keys.get(name, patch.keys[name])
        return mapping(fields, keys, base.span)

    # ---- lists

    def _listed(self, base: Items, patch: Items, part: Listed, way: Way, hand: Hand) -> Items:
        """A list of things: by id, or written anew where the layer gives none."""
        kind = part.shape.kind
        assert kind is not None
        identified = [get(item, "id") is not None for item in patch.items]
        if part.always or all(identified):
            found = self._by_id(base, patch, part.shape, way)
            return base if part.needed and self._emptied(base, found, patch, way) else found
        if any(identified):
            unnamed = patch.items[identified.index(False)]
            message = f"some of these {kind.word}s have an id and others have none"
            hint = "give each an id, to change or add some of them; give none an id, to write the whole list anew"
            self.record.problem("mixed-ids", message, _first_key(unnamed), hint)
            return base
        anew = Items(tuple(_whole(item, kind) for item in patch.items if isinstance(item, Fields)), patch.span)
        hand.wrote.add(way[len(hand.way)])
        self.record.write(hand, way, base if base.items else None, anew)
        return anew

    def _emptied(self, base: Items, found: Items, patch: Items, way: Way) -> bool:
        """Whether the layer takes out the last of what there must be one of, which is noted."""
        if found.items or not base.items:
            return False
        owner = f"`{short(way[:-1])}`" if way[:-1] else "the policy set"
        message = f"nothing is left of `{way[-1]}` in {owner}"
        self.record.problem(
            "too-few", message, _first_key(patch.items[-1]), "keep one, add one, or remove what it belongs to"
        )
        return True

    def _by_id(self, base: Items, patch: Items, shape: Shape, way: Way) -> Items:
        items = [item for item in base.items if isinstance(item, Fields)]
        seen: set[str] = set()
        for item in patch.items:
            assert isinstance(item, Fields)
            name = text(item, "id")
            hand = _hand(shape, (*way, name), item, span_of(item, "id"))
            if name in seen:
                message = f"the {hand.kind.word} `{hand.name}` stands twice in this layer"
                self.record.problem("duplicate-id", message, hand.span, "keep one of the two")
                continue
            seen.add(name)
            index = next((n for n, old in enumerate(items) if text(old, "id") == name), None)
            found = self._thing(items.pop(index) if index is not None else None, hand)
            if found is not None:
                items.insert(self._position(items, hand, index), found)
        return Items(tuple(items), base.span)

    def _position(self, items: list[Fields], hand: Hand, index: int | None) -> int:
        """Where the layer wants a thing: `before:` or `after:` another; else where it was, a new one at the end."""
        usual = len(items) if index is None else index
        key = next((key for key in ("before", "after") if get(hand.patch, key) is not None), None)
        if key is None:
            return usual
        wanted = text(hand.patch, key)
        known = [text(item, "id") for item in items]
        if wanted not in known:
            hint = did_you_mean(wanted, filter(None, known)) or "name the id of one that is there"
            message = f"there is no {hand.kind.word} `{wanted}` to put `{hand.way[-1]}` {key}"
            self.record.problem("no-such-place", message, span_of(hand.patch, key), hint)
            return usual
        if index is not None:
            self.record.note(hand, Done.MOVED, f"{key} {wanted}")
        return known.index(wanted) + (key == "after")

    # ---- one thing

    def _thing(self, old: Node | None, hand: Hand) -> Fields | None:
        """The thing under this layer; None where it is taken out, or cannot be there."""
        if not isinstance(old, Fields):
            return self._added(hand)
        hand.old = old
        if flag(hand.patch, "remove"):
            self._removed(hand, old)
            return None
        if flag(hand.patch, "replace"):
            return self._replaced(hand, old)
        if hand.kind is INDICATOR and get(hand.patch, "file") is not None:
            return self._other_file(hand, old)
        return self._changed(hand, old)

    def _added(self, hand: Hand) -> Fields | None:
        """A new thing, where it is whole; else the layer meant one that is not there."""
        patch, kind = hand.patch, hand.kind
        told = [key for key in ("remove", "replace", "base_was") if get(patch, key) is not None]
        missing = [key for key in kind.needs if get(patch, key) is None]
        if missing or told:
            near = did_you_mean(hand.name, map(short, things(self.tree, kind)))
            new = "" if told else f"; a new one also needs {listed(missing)}"
            hint = near or f"run `steelyard show` to see every name{new}"
            self.record.problem("nothing-to-override", f"there is no {kind.word} `{hand.name}`", hand.span, hint)
            return None
        found = _whole(patch, kind)
        self.record.note(hand, Done.ADDED)
        self.record.ask_why(hand, Done.ADDED)
        self.record.anew(hand, found)
        return found

    def _removed(self, hand: Hand, old: Fields) -> None:
        stray = [key for key in hand.patch.fields if key not in ("id", "because", "review_by", "remove")]
        if stray:
            message = f"`{hand.name}` is removed, and `{stray[0]}` is given all the same"
            hint = "take the thing out, or change it: not both"
            self.record.problem("removed-and-changed", message, hand.patch.keys[stray[0]], hint)
        self.record.note(hand, Done.REMOVED)
        self.record.ask_why(hand, Done.REMOVED)
        self.record.gone(hand, old)

    def _replaced(self, hand: Hand, old: Fields) -> Fields:
        """The thing written anew: nothing of the old one stays but its place in a list."""
        missing = [key for key in hand.kind.needs if get(hand.patch, key) is None]
        if missing:
            hint = "what is replaced is written as a whole; to change a part of it leave `replace:` out"
            message = f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} missing in `{hand.name}`"
            self.record.problem("missing-key", message, hand.span, hint)
            return old
        found = _whole(hand.patch, hand.kind)
        self.record.note(hand, Done.REPLACED)
        self.record.ask_why(hand, Done.REPLACED)
        self.record.anew(hand, found)
        return found

    def _other_file(self, hand: Hand, old: Fields) -> Fields:
        """An indicator with a file of the layer's own in place of the base's; its weight stays where the layer gives none."""
        kept = only(old, ("weight", "grade", "because") if get(hand.patch, "weight") is None else ())
        weight = self.record.writers.get((*hand.way, "weight"))
        found = with_keys(_whole(hand.patch, hand.kind), **kept.fields)
        self.record.note(hand, Done.REPLACED)
        self.record.ask_why(hand, Done.REPLACED)
        self.record.anew(hand, found)
        if kept.fields:
            self.record.keep((*hand.way, "weight"), weight)
        return found

    def _changed(self, hand: Hand, old: Fields) -> Fields:
        if not set(hand.patch.fields) - (OF_A_LAYER - {"before", "after"}) - {"id"}:
            return self._reviewed(hand, old)
        found = self._fields(old, hand.patch, hand.shape, hand.way, hand)
        if hand.wrote or not {"before", "after"}.isdisjoint(hand.patch.fields):
            self.record.ask_why(hand, Done.CHANGED)
        compare(self.record, hand)
        if not hand.wrote.isdisjoint(hand.kind.graded) and get(hand.patch, "grade") is None:
            self.record.follow(hand, "grade", _judgement(hand.span))
        return _dressed(found, hand)

    def _reviewed(self, hand: Hand, old: Fields) -> Fields:
        """A thing without a new value: of a parameter, the date of its review may be new."""
        date, value = get(hand.patch, "review_by"), get(old, hand.kind.value)
        if date is None or value is None:
            hint = "write what is different for this client" if not hand.kind.value else "add `value:` or `review_by:`"
            message = f"`{hand.name}` is given no new value"
            self.record.problem("nothing-changed", message, hand.span, f"{hint}, or take the entry out")
            return old
        self.record.review(hand, value)
        self.record.ask_why(hand, Done.CHANGED)
        return with_keys(old, review_by=date)


def _dressed(found: Fields, hand: Hand) -> Fields:
    """What follows from a change: the grade of a judgement, the reason of a parameter, the place of the last hand."""
    kind, patch = hand.kind, hand.patch
    if kind.value in hand.wrote:
        found = with_keys(found, **{key: patch.fields[key] for key in kind.owns if key in patch.fields})
    if not hand.wrote.isdisjoint(kind.graded | {kind.value}) and get(patch, "grade") is None:
        found = with_keys(found, grade=_judgement(hand.span))
    if kind.value in hand.wrote and get(patch, "source") is None:
        # another value than the one that the source gives
        found = without(found, {"source"})
    return _moved(found, patch) if kind.moves and hand.wrote - {"weight"} else found


def _moved(found: Fields, patch: Fields) -> Fields:
    """The thing at the place where a layer wrote it."""
    return mapping(found.fields, {**found.keys, **{k: span for k, span in patch.keys.items() if k == "id"}}, patch.span)


def _hand(shape: Shape, way: Way, patch: Fields, span: Span) -> Hand:
    assert shape.kind is not None
    return Hand(shape, shape.kind, way, patch, None, span)


def _whole(patch: Fields, kind: Kind) -> Fields:
    """A thing of the layer's own, less what it says of the change."""
    found = without(patch, OF_A_LAYER - kind.owns)
    is_graded = not kind.graded or get(found, "grade") is not None
    return found if is_graded else with_keys(found, grade=_judgement(patch.span))


def _judgement(span: Span) -> Value:
    """The grade of what nobody researched."""
    return Value("J", span, "J")


def _mapping(base: Node | None, patch: Fields) -> Fields:
    """The mapping of the base, an empty one where there is none."""
    return base if isinstance(base, Fields) else mapping({}, {}, patch.span)


def _first_key(node: Node) -> Span:
    """A place that is short enough to be marked."""
    return next(iter(node.keys.values()), node.span) if isinstance(node, Fields) else node.span

"""Where in the files of a taxonomy a change stands: at the phrase, class or word that differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diagnostics import Span
from ..document import Fields, Node, parse
from ..fields import entries, get, items, scalar_text
from ..policy import TextFile
from ..taxonomy import Taxonomy

_FLAGS = ("counts", "says_something", "title")


def place_of(old: Taxonomy, new: Taxonomy, files: Sequence[TextFile]) -> Span | None:
    """The first place in the files of the new taxonomy that says something else than the old one.

    Of what is gone, the place where it would stand; None where there are no files.
    """
    nodes = [parse(file.text, file.name) for file in files]
    for places in (_said_new, _without_some, _in_another_order):
        for node in nodes:
            for place in places(node, old, new):
                return place
    return nodes[-1].span if nodes else None


def _said_new(node: Node, old: Taxonomy, new: Taxonomy) -> Iterator[Span]:
    """Where something stands that the old one does not have, or has otherwise."""
    for name, place, entry in entries(node, "classes"):
        before, now = old.classes.get(name), new.classes[name]
        if before is None:
            yield place
        elif before != now:
            yield _key(entry, place, *(key for key in _FLAGS if getattr(before, key) != getattr(now, key)))
    for name, place, entry in entries(node, "codes"):
        yield from _of_code(name, place, entry, old, new)
    yield from (item.span for item in items(node, "negations") if scalar_text(item) not in old.negations)


def _of_code(name: str, place: Span, entry: Node, old: Taxonomy, new: Taxonomy) -> Iterator[Span]:
    before, now = old.codes.get(name), new.codes[name]
    if before is None:
        yield place
        return
    for key, was, value in (("class", before.of, now.of), ("title", before.title, now.title)):
        if was != value:
            yield _key(entry, place, key)
    for key, known in (("phrases", before.phrases), ("also", before.also)):
        yield from (item.span for item in items(entry, key) if scalar_text(item) not in known)


def _without_some(node: Node, old: Taxonomy, new: Taxonomy) -> Iterator[Span]:
    """Where something stood that is gone."""
    for name, place, entry in entries(node, "codes"):
        before, now = old.codes.get(name), new.codes[name]
        if before is not None:
            for key, was, left in (("phrases", before.phrases, now.phrases), ("also", before.also, now.also)):
                if set(was) - set(left):
                    yield _key(entry, place, key)
    for key, gone in (
        ("classes", old.classes.keys() - new.classes.keys()),
        ("codes", old.codes.keys() - new.codes.keys()),
        ("negations", set(old.negations) - set(new.negations)),
    ):
        if gone and isinstance(node, Fields) and key in node.keys:
            yield node.keys[key]


def _in_another_order(node: Node, old: Taxonomy, new: Taxonomy) -> Iterator[Span]:
    """The first code that counts before or after others now: of two that fit, the first counts."""
    moved = {name for name, before in zip(new.codes, old.codes, strict=False) if name != before}
    yield from (place for name, place, _ in entries(node, "codes") if name in moved)


def _key(entry: Node, otherwise: Span, *keys: str) -> Span:
    """The place of the first of some keys that stands in an entry."""
    return next((found.span for key in keys if (found := get(entry, key)) is not None), otherwise)

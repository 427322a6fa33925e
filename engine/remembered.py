"""`base_was:`, what the base was when a layer was written, against the base of today."""

from __future__ import annotations

from collections.abc import Mapping

from .diagnostics import Diagnostic, Severity
from .document import Fields, Node
from .fields import get
from .record import Hand, Record, own
from .shapes import short
from .written import same, written

OF_A_LAYER = frozenset({"because", "review_by", "base_was", "remove", "replace", "before", "after"})
"""Keys that say something of a change, and are no part of what is changed."""

_SHORT = 40


def compare(record: Record, hand: Hand) -> None:
    """Note where the base has another value now than when it was overridden."""
    node = get(hand.patch, "base_was")
    if node is None:
        return
    told = _told(hand, node)
    if not told:
        message = f"`base_was` of `{hand.name}` does not say of which value it tells"
        hint = "write each value under its key: `base_was: {weight: 20, title: ...}`"
        record.problem("wrong-form", message, node.span, hint)
    for key, was in told.items():
        _compare(record, hand, key, was)


def _told(hand: Hand, node: Node) -> Mapping[str, Node]:
    """What `base_was:` says, by key; nothing where it could be of several. A value by itself is that of the weight, or the only one."""
    if hand.kind.value:
        return {hand.kind.value: node}
    if isinstance(node, Fields):
        return node.fields
    changed = [key for key in hand.patch.fields if key not in OF_A_LAYER and key != "id"]
    key = "weight" if "weight" in changed else changed[0] if len(changed) == 1 else ""
    return {key: node} if key else {}


def _compare(record: Record, hand: Hand, key: str, was: Node) -> None:
    name = hand.name if key == hand.kind.value else short((*hand.way, key))
    new, now = get(hand.patch, key), own(hand, key)
    begun = f"`{name}` was {written(was)} in the base when it was overridden"
    if new is None:
        message = f"`base_was` tells of `{name}`, which this layer does not change"
        record.problem("nothing-to-override", message, was.span, "take it out, or change the value")
    elif now is None:
        message = f"{begun}, and is not there any more"
        record.remarks.append(_changed(message, was, "look at the override again"))
    elif not same(now, was) and not same(now, new):
        shown = written(now)
        place = f"{now.span.file}:{now.span.line}" if now.span.line else now.span.file
        then = f", then write `{shown}` in `base_was`" if len(shown) <= _SHORT else ""
        message = f"{begun}, and is {shown} now ({place})"
        record.remarks.append(_changed(message, was, f"look at the override again{then}"))


def _changed(message: str, was: Node, hint: str) -> Diagnostic:
    return Diagnostic("base-changed", message, was.span, hint, Severity.WARNING)

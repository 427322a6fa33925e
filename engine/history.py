"""What layers did, in words."""

from __future__ import annotations

from collections.abc import Iterator

from .policy import Change, Done, Layer, PolicySet


def place(layer: Layer) -> str:
    """Where a layer wrote it: file and line; the option for one run."""
    return "" if layer.span is None else f"{layer.span.file}:{layer.span.line}" if layer.span.line else layer.span.file


def told(change: Change) -> str:
    """What a layer did to a value, in one sentence: `northwind changed cap_move from 5 to 10, because ... (file:line)`."""
    layer, what = change.layer, change.key or "the value"
    done = {
        Done.ADDED: "added it",
        Done.REMOVED: "took it out",
        Done.REPLACED: "wrote it anew",
        Done.MOVED: f"put it {layer.value}",
    }.get(
        change.done,
        f"changed {what} from {change.was} to {layer.value}" if change.was else f"gave it {what} {layer.value}",
    )
    because = f", because {layer.because}" if layer.because else ""
    review = f"; review by {layer.review_by}" if layer.review_by else ""
    return f"{layer.name} {done}{because}{review} ({place(layer)})"


def of_thing(policy: PolicySet, kind: str, name: str) -> Iterator[str]:
    """What layers did to one thing and made a difference, the lowest layer first."""
    return (told(c) for c in policy.changes if (c.kind, c.name) == (kind, name) and not c.equal)

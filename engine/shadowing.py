"""What a layer writes and a higher one makes void: written over, or belonging to what is taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from .diagnostics import Diagnostic, Severity
from .policy import Change, Done


def shadowed(changes: Sequence[Change]) -> Iterator[Diagnostic]:
    """A warning for each thing that a layer changed and of whose changes a higher layer leaves none."""
    ordered = sorted(changes, key=lambda change: (change.depth, change.way))
    for _, group in groupby(ordered, key=lambda change: (change.depth, change.way)):
        mine = list(group)
        over = [_over(change, ordered) for change in mine]
        if all(over) and mine[0].layer.span is not None and over[-1] is not None:
            yield _warning(mine[0], over[-1])


def _over(change: Change, changes: Sequence[Change]) -> Change | None:
    """The first higher change that makes a change void."""
    return next((c for c in changes if c.depth > change.depth and _is_void(change, c)), None)


def _is_void(change: Change, higher: Change) -> bool:
    if higher.done in (Done.REMOVED, Done.REPLACED):
        return change.way[: len(higher.way)] == higher.way
    is_value = change.done is Done.CHANGED and higher.done is Done.CHANGED and bool(higher.layer.value)
    return is_value and (change.way, change.key) == (higher.way, higher.key)


def _warning(change: Change, higher: Change) -> Diagnostic:
    does = {Done.REMOVED: "removes", Done.REPLACED: "replaces"}.get(higher.done, "writes over")
    what = "it" if higher.way == change.way else f"`{higher.name}`"
    place = f" ({higher.layer.span.file}:{higher.layer.span.line})" if higher.layer.span else ""
    message = f"`{change.name}` is {change.done} here, and `{higher.layer.name}` {does} {what}{place}"
    hint = "take this out, unless another set builds on it as well"
    return Diagnostic("override-shadowed", message, change.layer.span, hint, Severity.WARNING)

"""The proof that an edited text says what was meant, and nothing else has changed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..diagnostics import Diagnostic, LoadError, Span
from ..document import Plain, plain
from ..formatting.places import comments_of
from .splicing import Document, Item, Path


def prove_written(before: Document, after: Document, path: Path, fields: Mapping[str, Plain]) -> None:
    """Raise LoadError unless the fields of the entry at a path are all that is new, and every comment is there."""
    whole: Any = plain(before.root)
    at = whole
    for position, step in enumerate(path):
        following = path[position + 1] if position + 1 < len(path) else ""
        new: Any = {} if isinstance(following, str) else []
        at = at.setdefault(step, new) if isinstance(step, str) else _item(at, step.name)
    at.update(fields)
    _prove(before, after, whole, _comments(before) == _comments(after))


def prove_removed(before: Document, after: Document, path: Path, keys: Sequence[str] | None) -> None:
    """Raise LoadError unless some keys of an entry, or with None the entry, are all that is gone, but for comments behind them."""
    whole: Any = plain(before.root)
    _remove(whole, path, keys)
    _prove(before, after, whole, _comments(after) <= _comments(before))


def _item(items: list[Any], name: str) -> Any:
    """The item of a list with an id, made where there is none."""
    for item in items:
        if item.get("id") == name:
            return item
    items.append({"id": name})
    return items[-1]


def _remove(at: Any, path: Sequence[str | Item], keys: Sequence[str] | None) -> None:
    """Take out what stands at a path, and what is empty then."""
    step, *others = path
    key = step if isinstance(step, str) else next(n for n, item in enumerate(at) if item.get("id") == step.name)
    if others:
        _remove(at[key], others, keys)
    for name in keys if keys is not None and not others else ():
        at[key].pop(name, None)
    if (keys is None and not others) or not at[key] or at[key] == {"id": getattr(step, "name", None)}:
        del at[key]


def _comments(document: Document) -> Counter[str]:
    return Counter(comments_of(document.text, document.root))


def _prove(before: Document, after: Document, expected: Plain, comments: bool) -> None:
    if not comments or _canonical(plain(after.root)) != _canonical(expected):
        raise LoadError([cannot_edit(before.name)])


def cannot_edit(name: str) -> Diagnostic:
    """What to say where a value cannot be written."""
    hint = "write it by hand; a value that is repeated by its name (`*name`) is written out first"
    message = "the value cannot be written here without changing something else"
    return Diagnostic("cannot-edit", message, Span(name), hint)


def _canonical(data: Plain) -> str:
    return json.dumps(data, sort_keys=True)

"""`computed:` of the catalogue as computations. The schema has made sure of keys and types."""

from __future__ import annotations

from collections.abc import Iterator

from .computation import RULES, Computation, Filter, Give, Method, Presence, Series, Stage, Wanted
from .document import Fields, Items, Node, Value
from .fields import entries, flag, get, number, scalar_text, text, texts

_TRUTHS = {"yes": True, "no": False}


def computations(node: Node) -> tuple[Computation, ...]:
    """The ways to compute one fact, the first to try first; nothing where the catalogue gives none."""
    given = get(node, "computed")
    if given is None:
        return ()
    return tuple(map(_computation, given.items if isinstance(given, Items) else (given,)))


def _computation(node: Node) -> Computation:
    method = Method(text(node, "method"))
    per = get(node, "per")
    return Computation(
        method=method,
        give=Give(text(node, "give")) if get(node, "give") is not None else RULES[method].gives[0],
        of=text(node, "of"),
        where=tuple(_filters(node, "where")),
        having=tuple(_filters(node, "having")),
        by=text(node, "by"),
        start=text(node, "from"),
        end=text(node, "to"),
        since=text(node, "since"),
        value=_names(get(node, "value")),
        distinct=text(node, "distinct"),
        per=None if per is None else _series(per),
        months=_whole(node, "months"),
        back=_whole(node, "back"),
        least=_whole(node, "least"),
        group=tuple(_filters(node, "group")),
        within=_names(get(node, "within")),
        requires=tuple(_filters(node, "requires")),
        segments=_names(get(node, "segments")),
        shift_by=text(node, "shift_by"),
        dates=tuple((table, _names(columns)) for table, _, columns in entries(node, "dates")),
        stages=tuple(_stages(node)),
        sql=text(node, "sql"),
        reads=texts(node, "reads"),
        needs=texts(node, "needs"),
        otherwise=text(node, "otherwise"),
        note=text(node, "note"),
        proxy=flag(node, "proxy"),
        keys=tuple(node.fields) if isinstance(node, Fields) else (),
        span=node.span,
    )


def _series(node: Node) -> Series:
    return Series(
        text(node, "of"), text(node, "by"), _names(get(node, "value")), tuple(_filters(node, "where")), node.span
    )


def _stages(node: Node) -> Iterator[Stage]:
    for name, place, entry in entries(node, "stages"):
        yield Stage(name, text(entry, "rate"), text(entry, "reference"), place)


def _whole(node: Node, key: str) -> int:
    return int(number(node, key) or 0)


def _names(node: Node | None) -> tuple[str, ...]:
    """One name or several."""
    if node is None:
        return ()
    return tuple(map(scalar_text, node.items)) if isinstance(node, Items) else (scalar_text(node),)


def _filters(node: Node, key: str) -> Iterator[Filter]:
    for column, place, wanted in entries(node, key):
        nodes = wanted.items if isinstance(wanted, Items) else (wanted,)
        yield Filter(column, tuple(map(_wanted, nodes)), place)


def _wanted(node: Node) -> Wanted:
    """What a column should be: a presence, a yes or no, a number, or a text."""
    value = node.value if isinstance(node, Value) else None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    written = scalar_text(node)
    if written in list(Presence):
        return Presence(written)
    return _TRUTHS.get(written, written)

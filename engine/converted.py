"""An amount of money as it was written, beside what it is in the currency of the policy set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .display import grouped
from .document import Fields, Items, Node
from .exchange import Exchange
from .facts import FactDefinition, FactType, Observation
from .fields import get, scalar_text, text
from .notation import Amount, amount

_NUMBERS = ("value", "low", "high")


def as_written(found: Observation, node: Node, definition: FactDefinition, exchange: Exchange) -> Observation:
    """An observation that was read from a node, with the amount as it stands there; the same where nothing was converted.

    Its interval can be told in that currency too where all its numbers are in it.
    """
    if not definition.is_money:
        return found
    numbers = tuple(_numbers(node, definition))
    currencies = tuple(_currency(one, node, exchange) for one in numbers)
    if not numbers or not currencies[0] or currencies[0] == exchange.into:
        return found
    unit = f"{currencies[0]}{definition.per}"
    rate = exchange.factor(currencies[0], None)
    alike = len(set(currencies)) == 1 and isinstance(rate, float)
    if found.ranged and not alike:
        return found
    shown = between(numbers[0].number, numbers[-1].number) if found.ranged else grouped(numbers[0].number)
    return replace(found, stated=f"{shown} {unit}", rate=rate if alike and isinstance(rate, float) else 1.0)


def between(low: float, high: float) -> str:
    """`between 10 and 20`."""
    return f"between {grouped(low)} and {grouped(high)}"


def _numbers(node: Node, definition: FactDefinition) -> Iterator[Amount]:
    """The amounts of a node, the value first; of a series the last."""
    given = get(node, "value") or node
    if definition.type is FactType.SERIES:
        nodes: tuple[Node, ...] = (_last(given),)
    elif isinstance(given, Items):
        nodes = given.items
    elif isinstance(given, Fields):
        nodes = ()
    else:
        nodes = (given, *(found for key in _NUMBERS[1:] if (found := get(node, key)) is not None))
    yield from (read for one in nodes if (read := amount(scalar_text(one))) is not None)


def _last(given: Node) -> Node:
    if isinstance(given, Fields) and given.fields:
        return given.fields[max(given.fields)]
    return given.items[-1] if isinstance(given, Items) and given.items else given


def _currency(one: Amount, node: Node, exchange: Exchange) -> str:
    written = one.unit or text(node, "unit")
    return written.replace(" per ", "/").partition("/")[0].strip() or text(node, "currency") or exchange.own or ""

"""How the answer to a question is written: in which unit, with an example."""

from __future__ import annotations

from .facts import FactDefinition, FactType

_COUNTS = "21 of 130"


def written_as(definition: FactDefinition, currency: str) -> str:
    """What to write in a file of answers; `currency` is that of amounts which name none."""
    match definition.type:
        case FactType.RATE if definition.sampled:
            return f"counts, such as {_COUNTS}; else a share, such as 16%"
        case FactType.RATE:
            return f"a share, such as 16%, or counts, such as {_COUNTS}"
        case FactType.CATEGORY | FactType.BOOLEAN:
            return f"one of {', '.join(definition.values)}" if definition.values else "yes or no"
        case FactType.DATE:
            return "a day, such as 2026-10-31"
        case _ if definition.is_money:
            return _amount(definition, currency)
        case FactType.PP:
            return _sampled(definition, "percentage points, such as 6")
        case FactType.SERIES:
            return f"{definition.unit.partition('/')[0]} month by month, such as {{2026-09: 120, 2026-10: 131}}".strip()
        case _:
            return _sampled(definition, _plain(definition))


def _amount(definition: FactDefinition, currency: str) -> str:
    if definition.type is FactType.SERIES:
        return f"amounts in {currency} month by month, such as {{2026-09: 42000, 2026-10: 43100}}"
    return f"an amount in {currency}{definition.per.replace('/', ' per ')}, such as 42000"


def _plain(definition: FactDefinition) -> str:
    if definition.unit == "ratio":
        return "a share or change, such as 12%"
    if definition.type is FactType.DURATION:
        return f"{definition.unit}, such as 30 {definition.unit}"
    whole = "a whole number of " if definition.type is FactType.COUNT else ""
    unit = "" if definition.unit in ("index", "x") else definition.unit.replace("/", " a ")
    return f"{whole}{unit}, such as 12" if unit else "a number, such as 1.2"


def _sampled(definition: FactDefinition, words: str) -> str:
    return f"{words}; best with `low:` and `high:`, between which it lies" if definition.sampled else words

"""Filters of a definition as SQL."""

from __future__ import annotations

from collections.abc import Iterable

from ..computation import Filter, Presence, Wanted
from ..exports.canonical import Kind
from ..exports.duck import literal
from ..relations import COLUMNS, LISTS


def met(table: str, filters: Iterable[Filter]) -> str:
    """All of the filters, as SQL over a table; TRUE where there is none."""
    return " AND ".join(f"({_filter(table, one)})" for one in filters) or "TRUE"


def _filter(table: str, one: Filter) -> str:
    return " OR ".join(_test(table, one.column, wanted) for wanted in one.wanted)


def _test(table: str, column: str, wanted: Wanted) -> str:
    name = f'"{column}"'
    if isinstance(wanted, Presence):
        return f"{name} IS {'NOT ' if wanted is Presence.KNOWN else ''}NULL"
    kind = COLUMNS[table][column].kind
    if kind is Kind.FLAG:
        return f"{name} IS {'TRUE' if _is_yes(wanted) else 'FALSE'}"
    if isinstance(wanted, float) and kind in (Kind.NUMBER, Kind.MONEY, Kind.COUNT):
        return f"{name} = {wanted!r}"
    if kind is Kind.WORD:
        return f"{name} = {literal(written(wanted).lower())}"
    text = literal(written(wanted))
    if (table, column) in LISTS:
        return f"list_contains({name}, {text})"
    return f"lower(trim({name})) = lower({text})"


def _is_yes(wanted: Wanted) -> bool:
    return wanted is True or (isinstance(wanted, str) and wanted.lower() in ("yes", "true"))


def written(wanted: Wanted) -> str:
    """A value as the file has it; what YAML takes for a truth or a number stands for its text."""
    if isinstance(wanted, bool):
        return "yes" if wanted else "no"
    return f"{wanted:g}" if isinstance(wanted, float) else str(wanted)


def needed(filters: Iterable[Filter]) -> tuple[str, ...]:
    """The columns that must have a value somewhere for the filters to mean anything."""
    return tuple(one.column for one in filters if set(one.wanted) != {Presence.MISSING})

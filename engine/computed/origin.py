"""From which files a fact comes."""

from __future__ import annotations

from ..computation import Computation
from .ground import Ground

# Columns that another table can give.
_ELSEWHERE = {
    ("leads", "customer"): ("deals",),
    ("leads", "opportunity"): ("deals",),
    ("leads", "first_touch"): ("activities",),
    ("leads", "last_touch"): ("activities",),
    ("deals", "created"): ("leads",),
    ("deals", "source"): ("leads",),
    ("deals", "segment"): ("leads",),
    ("deals", "competitor"): ("reasons",),
    ("deals", "has_reason"): ("reasons",),
    ("deals", "reason_code"): ("reasons",),
    ("deals", "reason_class"): ("reasons",),
}


def tables_of(ground: Ground, computation: Computation) -> tuple[str, ...]:
    """The tables that a computation reads, those included that fill gaps of others."""
    named = list(computation.columns())
    named += [(table, column) for table, columns in computation.dates for column in columns]
    tables = {table for table, _ in named} | ({computation.of} if computation.of else set())
    for table, column in named:
        if column not in ground.tables.present.get(table, frozenset()):
            tables.update(_ELSEWHERE.get((table, column), ()))
    return tuple(name for name in ground.tables.present if name in tables)


def files_of(ground: Ground, computation: Computation) -> tuple[tuple[str, ...], int]:
    """The files of those tables, and how many of their rows are used."""
    tables = tables_of(ground, computation)
    extracts = [extract for extract in ground.tables.extracts if extract.table in tables]
    return tuple(dict.fromkeys(extract.file for extract in extracts)), sum(extract.used for extract in extracts)

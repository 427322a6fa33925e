"""Exports without a ready mapping: tables by the names of their columns and by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ..exports.canonical import TABLES, Kind, Table
from ..exports.headers import lacking
from ..exports.prepared import Scratch
from .names import names, spelled, spellings
from .proposal import Doubt, Meaning, Proposal
from .sighting import Column, Sighting, filled_by_word

BY_MONTH = ("revenue", "spend")
UNIQUE = 0.85
"""The number of different values is estimated; below this share of the rows they are not one a row."""
_WEAK = frozenset(
    {
        *("id", "date", "at", "value", "status", "stage", "type", "total", "lead", "deal", "channel", "timestamp"),
        *("datum", "wert", "phase", "typ", "art", "kanal", "lfd nr", "zeitstempel", "statut", "fase"),
    }
)
_NOBODY = re.compile(r"(no|none|not?|nobody|unknown|n/?a|kein\w*|-+|0|aucun|ninguno)\b|[-?.]+$")
DECISIVE = ("created", "closed", "customer", "amount", "at", "entered")
"""Columns of which there can be only one: where two headers could be meant, neither is taken."""


def by_names(sighting: Sighting, scratch: Scratch) -> tuple[Proposal, ...]:
    """The tables that the file certainly holds, or those that it could hold with what is in doubt."""
    found = {name: one for name in TABLES if (one := _table(sighting, TABLES[name], scratch))}
    months = [found[name] for name in BY_MONTH if name in found]
    rows = sorted((one for name, one in found.items() if name not in BY_MONTH), key=_weight)
    return tuple(months or rows[:1])


def _weight(one: Proposal) -> tuple[bool, int, int]:
    """What is known for certain comes first, then what knows most columns."""
    return not one.meaning and one.table == "deals", -len(one.columns), list(TABLES).index(one.table)


def _table(sighting: Sighting, table: Table, scratch: Scratch) -> Proposal | None:
    columns: dict[str, str] = {}
    without: dict[str, str] = {}
    for name, listed in names().columns[table.name].items():
        if name == "outcome":
            continue
        able = [one for one in named(sighting, table.name, listed) if can_be(one, name, table, sighting)]
        if double := doubled(name, able):
            headers = " or ".join(f"`{one.header}`" for one in double)
            without[name] = f"{headers}? write the one that is meant"
        if able:
            columns[name] = able[0].header
            if name == "competitor" and (nobody := _nobody(able[0])):
                without[name] = (
                    f"does {nobody} mean that there is none? write what does under `values:`, `competitor:`, `none:`"
                )
    if table.name == "deals":
        return _deals(sighting, columns, without, scratch)
    return _proposal(sighting, table, columns, without)


def doubled(name: str, able: Sequence[Column]) -> Sequence[Column]:
    """Columns of which only one can be meant, where there are several."""
    strong = [one for one in able if spelled(one.header) not in _WEAK] or able
    return strong if len(strong) > 1 and name in DECISIVE else ()


def _nobody(column: Column) -> str:
    """Values of the competitor that may say that there is none."""
    return ", ".join(f"`{text}`" for text, _ in column.values if _NOBODY.match(text.strip().casefold()))


def named(sighting: Sighting, table: str, listed: Sequence[str]) -> list[Column]:
    """The columns that have one of some names, in the order of the names."""
    found = [
        (listed.index(name), one)
        for one in sighting.columns
        for name in [next((form for form in spellings(one.header, table) if form in listed), "")]
        if name
    ]
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].index))]


def can_be(column: Column, name: str, table: Table, sighting: Sighting) -> bool:
    """Whether what stands below a header can be what the header says."""
    kind = table.column(name).kind
    if kind is Kind.INSTANT:
        return column.is_date
    if kind is Kind.MONTH:
        return column.is_month
    if name == "id":
        return column.filled >= 0.99 * sighting.rows and column.different >= UNIQUE * sighting.rows
    return column.filled > 0 and not column.is_date


def _proposal(
    sighting: Sighting, table: Table, columns: Mapping[str, str], without: Mapping[str, str]
) -> Proposal | None:
    """The table where it has what it needs and what proves it."""
    given = set(columns) - {name for name in without if not table.column(name).required}
    if any(lacking(table, given)) or not given.intersection(names().proof[table.name]):
        return None
    doubts = [Doubt(f"`{name}`: {why}", ()) for name, why in without.items() if table.column(name).required]
    because = f"{table.title}, by the names of {len(set(columns.values()))} columns and what stands in them"
    return Proposal((sighting,), table.name, because, columns, without=without, doubts=tuple(doubts))


# --- deals -----------------------------------------------------------------------------------------------------


def _deals(sighting: Sighting, columns: dict[str, str], without: dict[str, str], scratch: Scratch) -> Proposal | None:
    outcome = _outcome_column(sighting, columns)
    if outcome is None:
        return None
    columns = {**columns, "outcome": outcome.header}
    columns.setdefault("stage", outcome.header)
    found = _proposal(sighting, TABLES["deals"], columns, without)
    if found is None:
        return None
    meaning, told, unknown = _meaning(sighting, outcome, columns.get("closed", ""), scratch)
    doubts = found.doubts
    if unknown:
        listed = ", ".join(f"`{text}` ({count:,})" for text, count in unknown)
        lines = (
            () if meaning else ("values:", "  outcome: {won: [], lost: [], open: []}    # each value where it belongs")
        )
        doubts = (
            *doubts,
            Doubt(f"it does not say whether {listed} in `{outcome.header}` are won, lost or open", lines),
        )
    return Proposal(
        found.sightings,
        "deals",
        found.because,
        columns,
        meaning=meaning,
        without=without,
        doubts=doubts,
        told=told,
    )


def _outcome_column(sighting: Sighting, columns: Mapping[str, str]) -> Column | None:
    """The column that says won and lost; by its name alone only where deals have a closing date or an amount."""
    words = names().outcomes
    said = [
        one for one in sighting.columns if {"won", "lost"} <= {words.get(text.casefold(), "") for text, _ in one.values}
    ]
    if said:
        return said[0]
    able = [one for one in named(sighting, "deals", names().columns["deals"]["outcome"]) if one.values]
    return able[0] if able and {"closed", "amount"} & columns.keys() else None


def _meaning(
    sighting: Sighting, outcome: Column, closed: str, scratch: Scratch
) -> tuple[Meaning, tuple[str, ...], list[tuple[str, int]]]:
    """The outcome of each value, what that rests on, and the values of which it is not known."""
    words = names().outcomes
    found: dict[str, list[str]] = {"won": [], "lost": [], "open": []}
    rest = []
    for text, count in outcome.values:
        if text.casefold() in words:
            found[words[text.casefold()]].append(text)
        else:
            rest.append((text, count))
    told = []
    if rest and closed and found["won"] and found["lost"]:
        filled = filled_by_word(sighting, outcome.header, closed, scratch)
        if all(filled.get(text, 0) for text in (*found["won"], *found["lost"])):
            still = [(text, count) for text, count in rest if not filled.get(text, 0)]
            found["open"] += [text for text, _ in still]
            rest = [one for one in rest if one not in still]
            told += list(_told_open(still, closed))
    return {word: tuple(listed) for word, listed in found.items() if listed}, tuple(told), rest


def _told_open(still: Sequence[tuple[str, int]], closed: str) -> Iterator[str]:
    if still:
        listed = ", ".join(f"`{text}`" for text, _ in still)
        count = sum(count for _, count in still)
        yield f"deals in {listed} count as open: none of the {count:,} has a date in `{closed}`, and won and lost ones have"

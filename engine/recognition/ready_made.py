"""Exports for which there is a ready mapping, known by their headers."""

from __future__ import annotations

from collections.abc import Iterator

from ..exports.headers import stages
from ..exports.prepared import normal
from .names import Ready, names, ready
from .proposal import Meaning, Proposal
from .sighting import Sighting

LEAST = 3
MANY = 6
"""So many of its headers show an export where each of them may stand anywhere."""


def by_mapping(sighting: Sighting) -> tuple[Proposal, ...]:
    """The ready mapping that knows most of the headers, and that of dates of stages beside it; none where that is not certain."""
    rows = [
        (_fit(found, mapping), found)
        for mapping in ready()
        if not mapping.stages and (found := _matched(sighting, mapping))
    ]
    best = sorted(rows, key=lambda pair: pair[0], reverse=True)
    certain = [found for _, found in best[:1]] if len(best) < 2 or best[0][0] > best[1][0] else []
    return (*certain, *_of_stages(sighting))


def _fit(found: Proposal, mapping: Ready) -> tuple[bool, int]:
    """A small mapping of which every column is there fits better than a large one: a history of deals has columns of deals as well."""
    return len(found.columns) == len(mapping.columns), len(set(found.columns.values()))


def _headers(sighting: Sighting, mapping: Ready) -> dict[str, str]:
    there = {normal(column.header): column.header for column in sighting.columns}
    return {
        name: there[normal(found)]
        for name, listed in mapping.columns.items()
        for found in [next((header for header in listed if normal(header) in there), "")]
        if found
    }


def _matched(sighting: Sighting, mapping: Ready) -> Proposal | None:
    columns = _headers(sighting, mapping)
    known = set(columns.values())
    own = {header for header in known if header.casefold() not in names().anywhere}
    whole = len(known) == len(sighting.columns) > 1
    enough = len(known) >= MANY or (own and (len(known) >= LEAST or whole))
    if not enough or mapping.lacks(columns, False) or (mapping.table == "deals" and "outcome" not in columns):
        return None
    return _proposal(sighting, mapping, columns)


def _of_stages(sighting: Sighting) -> Iterator[Proposal]:
    for mapping in ready():
        found = stages(sighting.prepared, mapping.stages)
        columns = _headers(sighting, mapping)
        if found and not mapping.lacks(columns, True):
            yield _proposal(sighting, mapping, {**columns, **{f"date of {stage}": h for stage, h in found.items()}})


def _proposal(sighting: Sighting, mapping: Ready, columns: dict[str, str]) -> Proposal:
    system, _, what = mapping.name.partition("-")
    known = len(set(columns.values()))
    title = {"hubspot": "HubSpot", "salesforce": "Salesforce"}.get(system, system)
    because = (
        f"{title} {what.replace('-', ' ')}: {known} of its {len(sighting.columns)} headers are those of the export"
    )
    meaning = _outcomes(sighting, mapping, columns)
    told = tuple(_told_open(meaning))
    named = meaning if _is_renamed(meaning, mapping) else {}
    return Proposal((sighting,), mapping.table, because, columns, mapping.name, mapping.stages, named, told=told)


def _outcomes(sighting: Sighting, mapping: Ready, columns: dict[str, str]) -> Meaning:
    """The outcome of each stage: as the mapping knows it, else as the word itself says. What says neither won nor lost is open."""
    if not mapping.outcomes or "outcome" not in columns or {"is_won", "is_closed"} & columns.keys():
        return {}
    words = {**names().outcomes, **mapping.outcomes}
    found: dict[str, tuple[str, ...]] = {}
    for text, _ in sighting.column(columns["outcome"]).values:
        outcome = words.get(text.casefold(), "open")
        found[outcome] = (*found.get(outcome, ()), text)
    return {outcome: found[outcome] for outcome in ("won", "lost", "open") if outcome in found}


def _is_renamed(meaning: Meaning, mapping: Ready) -> bool:
    """Whether a stage is won or lost by a name that the mapping does not know."""
    closed = (*meaning.get("won", ()), *meaning.get("lost", ()))
    return any(text.casefold() not in mapping.outcomes for text in closed)


def _told_open(meaning: Meaning) -> Iterator[str]:
    if "open" in meaning:
        listed = ", ".join(f"`{text}`" for text in meaning["open"])
        yield f"deals in {listed} count as open; name those that are not under `values:`, `outcome:`"

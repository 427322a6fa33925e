"""How one fact came about: its definition, the counts by month, and the first rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..computation import Computation
from ..diagnostics import Diagnostic, PolicyError, did_you_mean
from ..display import display
from ..extraction import Extraction
from ..facts import FactDefinition
from ..policy import PolicySet
from ..relations import COLUMNS
from .answer import Answer, Computed, Segmented
from .coded_reasons import Coding, coding
from .compute import Sheet
from .derived_tables import relation
from .in_words import told
from .more_data import more_data
from .segments import segmented

FIRST_ROWS = 5


@dataclass(frozen=True, slots=True)
class RowBehind:
    """One row of an export: where it is, and the values that are asked of it."""

    file: str
    row: int
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FactExplanation:
    """Everything behind one fact."""

    definition: FactDefinition
    value: str
    stated: str
    reason: str
    computation: Computation
    how: str
    window: str
    answer: Answer
    files: tuple[str, ...]
    rows: tuple[RowBehind, ...]
    rows_behind: int
    more: tuple[str, ...]
    unit: str
    """Of the amounts of its months: ` EUR`, or empty."""
    coding: Coding | None
    segments: tuple[Segmented, ...] = ()


def explained(extraction: Extraction, policy: PolicySet, fact: str) -> FactExplanation:
    """What is behind a fact of the catalogue that has a definition. Raises PolicyError for any other name."""
    sheet = extraction.sheet
    found = sheet.of(fact)
    if found is None:
        raise PolicyError([_no_definition(sheet, policy, fact)])
    definition = policy.catalogue[fact]
    count, rows = _rows(sheet, found)
    shown = found.observation
    return FactExplanation(
        definition=definition,
        value="" if shown is None else display(shown, definition, policy.currency),
        stated="" if found.stated is None else display(found.stated, definition, policy.currency),
        reason=found.reason,
        computation=found.computation,
        how=told(found.computation),
        window=sheet.window.told,
        answer=found.answer,
        files=found.files,
        rows=rows,
        rows_behind=count,
        more=tuple(more_data(sheet, found)),
        unit=_unit(sheet, found.computation),
        coding=coding(sheet.ground.tables) if _reads_reasons(found.computation) else None,
        segments=tuple(segmented(sheet.ground, found.computation, found.answer)),
    )


def _unit(sheet: Sheet, computation: Computation) -> str:
    return sheet.ground.money_unit(computation.series) if computation.of in COLUMNS else ""


def _no_definition(sheet: Sheet, policy: PolicySet, fact: str) -> Diagnostic:
    names = [one.fact for one in sheet.computed]
    if fact in policy.catalogue:
        formula = policy.catalogue[fact].formula
        why = f"it is worked out as `{formula}`" if formula else "it has to be asked for"
        hint = "`steelyard explain` shows where its value comes from"
        return Diagnostic("not-computed", f"`{fact}` is not computed from exports: {why}", None, hint)
    hint = did_you_mean(fact, names) or "`steelyard facts` lists the facts that are computed"
    return Diagnostic("unknown-item", f"there is no fact `{fact}` to explain", None, hint)


def _reads_reasons(computation: Computation) -> bool:
    named = {one.column for one in computation.filters} | {name.partition(".")[2] for name in computation.needs}
    return bool(named & {"has_reason", "reason_code", "reason_class"})


def _rows(sheet: Sheet, found: Computed) -> tuple[int, tuple[RowBehind, ...]]:
    """How many rows are behind a fact, and the first of them with the columns that are asked."""
    behind, computation = found.answer.behind, found.computation
    if behind is None:
        return 0, ()
    named = (computation.by, computation.start, computation.end, *computation.value, computation.distinct)
    columns = [name for name in dict.fromkeys((*named, *(f.column for f in computation.filters))) if name]
    if not columns:
        columns = list(
            dict.fromkeys(name for table, names in computation.dates if table == behind.table for name in names)
        )
    listed = "".join(f', "{name}"' for name in columns)
    source = f"FROM {relation(behind.table)} WHERE {behind.where}"
    [(count,)] = sheet.ground.rows(f"SELECT count(*) {source}")
    found_rows = sheet.ground.rows(f'SELECT file, "row"{listed} {source} ORDER BY file, "row" LIMIT {FIRST_ROWS}')
    return count, tuple(
        RowBehind(file, row, tuple((n, _shown(v)) for n, v in zip(columns, values, strict=True) if v is not None))
        for file, row, *values in found_rows
    )


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " + ".join(map(str, value))
    return f"{value:,.10g}" if isinstance(value, float) else str(value)

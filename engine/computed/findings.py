"""What is to be looked at beside the facts: rates in parts, and how far reasons were coded. Counted only where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .answer import Segmented
from .coded_reasons import Coding, coding
from .compute import Sheet
from .segments import segmented


@dataclass(frozen=True, slots=True)
class Findings:
    """The parts of each rate that has any, by fact; the coding of reasons, None where the exports have none."""

    segments: Mapping[str, tuple[Segmented, ...]]
    coding: Coding | None


def findings(sheet: Sheet) -> Findings:
    """The tables of the sheet must be there still. Raises QueryError."""
    parts = {one.fact: tuple(segmented(sheet.ground, one.computation, one.answer)) for one in sheet.computed}
    return Findings({fact: found for fact, found in parts.items() if found}, coding(sheet.ground.tables))

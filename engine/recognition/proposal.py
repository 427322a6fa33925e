"""What a file could be: an entry of `sources:`, why, and what keeps it from being read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .sighting import Sighting

Meaning = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why something is not certain, and the lines that would say it."""

    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry. With `doubts` it is written as a comment; `without` are columns that are not read, each with the reason.

    `columns` are canonical columns with their headers, `meaning` the words of each outcome, `told` what a reader of the file should know.
    """

    sightings: tuple[Sighting, ...]
    table: str
    because: str
    columns: Mapping[str, str]
    mapping: str = ""
    stages: str = ""
    meaning: Meaning = field(default_factory=dict)
    without: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def first(self) -> Sighting:
        return self.sightings[0]

    @property
    def read(self) -> Mapping[str, str]:
        """The columns that are read."""
        return {name: header for name, header in self.columns.items() if name not in self.without}

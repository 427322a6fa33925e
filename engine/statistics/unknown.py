"""Too little data is an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing was computed. `reason` says why in words for the client: what there is and what is needed."""

    reason: str


def counted(number: int, noun: str) -> str:
    """`1 month`, `1,200 months`; for nouns whose plural takes an s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def short_of(number: int, noun: str, needed: int) -> str:
    """`4 mature months, 6 needed`."""
    return f"{counted(number, noun)}, {needed:,} needed"

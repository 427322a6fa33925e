"""Amounts as they are given."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite


def finite(values: Iterable[float]) -> tuple[float, ...]:
    """The values as they came. Raises ValueError where one is no number or without end: it would hide in a mean."""
    given = tuple(values)
    if not all(map(isfinite, given)):
        raise ValueError("an amount is a finite number")
    return given

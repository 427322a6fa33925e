"""How far a mix, such as that of lead sources, has shifted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from .distributions import chi_square_quantile
from .unknown import Unknown

SMALL = 0.01


@dataclass(frozen=True, slots=True)
class Shift:
    """The population stability index.

    `by_chance` is what it stays below with 95 % chance if nothing shifted; `merged` are the cells too small to count alone.
    """

    index: float
    by_chance: float
    cells: int
    merged: tuple[str, ...]


def stability_index(before: Mapping[str, int], after: Mapping[str, int]) -> Shift | Unknown:
    """The index Σ (b − a) ln(b / a) over the shares a before and b after: 0 where nothing shifted, the same both ways.

    S. Kullback and R. A. Leibler's divergence J (1951). Cells below 1 % in both periods are merged into one; a cell that is
    empty in one period counts there as half a case, so that a new source is a shift and not an infinite one. Without a shift
    the index is about (1 / n + 1 / m) χ² with cells − 1 degrees of freedom (B. Yurdakul and J. Naranjo, Journal of Risk Model
    Validation 14 (2020)), which gives `by_chance`. Unknown where a period has no cases, or one cell only is left. Raises
    ValueError for a negative count.
    """
    if any(count < 0 for counts in (before, after) for count in counts.values()):
        raise ValueError("a number of cases is not negative")
    n, m = sum(before.values()), sum(after.values())
    if not n or not m:
        return Unknown(f"no cases in the {'last' if n else 'first'} period")
    names = sorted(name for name in before.keys() | after.keys() if before.get(name, 0) + after.get(name, 0))
    counts = {name: (before.get(name, 0), after.get(name, 0)) for name in names}
    small = tuple(name for name, (a, b) in counts.items() if a < SMALL * n and b < SMALL * m)
    cells = [pair for name, pair in counts.items() if name not in small]
    if small:
        cells.append((sum(counts[name][0] for name in small), sum(counts[name][1] for name in small)))
    if len(cells) < 2:
        return Unknown("all cases are of one kind: there is no mix")
    index = sum(_term((a or 0.5) / n, (b or 0.5) / m) for a, b in cells)
    return Shift(index, (1 / n + 1 / m) * chi_square_quantile(0.95, len(cells) - 1), len(cells), small)


def _term(before: float, after: float) -> float:
    return (after - before) * log(after / before)

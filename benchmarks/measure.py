"""Timing that can be compared: candidates in turn, round after round, medians, and ratios taken within a round."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter

Seconds = dict[str, list[float]]


def in_turn(candidates: Mapping[str, Callable[[], None]], rounds: int) -> Seconds:
    """Seconds of every candidate in every round, after one round that is not counted."""
    taken: Seconds = {name: [] for name in candidates}
    for number in range(rounds + 1):
        for name, run in candidates.items():
            begun = perf_counter()
            run()
            if number:
                taken[name].append(perf_counter() - begun)
    return taken


def ratio(taken: Seconds, name: str, to: str) -> float:
    """The median over the rounds of how many times as long one takes as another."""
    return median(a / b for a, b in zip(taken[name], taken[to], strict=True))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table: the first column to the left, numbers to the right."""
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(w) if not n else cell.rjust(w) for n, (cell, w) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join([first, *others])} |"

    rule = "|".join(("-" * (w + 2)) if not n else "-" * (w + 1) + ":" for n, w in enumerate(widths))
    return "\n".join([line(head), f"|{rule}|", *map(line, rows)])

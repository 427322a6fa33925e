"""How much of a change of the score each edit has, and which edits turn the recommendation: docs/changes.md.

The parts are Shapley values (Shapley 1953): what an edit adds, taken over every order in which the edits could be made. They add up to
the whole change, an edit that never makes a difference has no part, and no order is preferred: made one after the other in some
order, the part of an edit would depend on that order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import combinations
from math import factorial, sqrt
from typing import TypeAlias

from .judging import Answer

EXACT = 8
"""With more edits that matter than this, orders are drawn instead of taking all subsets, of which there are 2^n."""
ORDERS = 16
"""Orders that are drawn, each taken forwards and backwards."""
LARGEST = 3
"""The most edits of a set that is looked for among more than `EXACT`."""

Edits: TypeAlias = frozenset[int]
"""Edits by their numbers."""
Trial: TypeAlias = Callable[[Edits], Answer]
"""The answer with some of the edits made and no others."""


class Method(StrEnum):
    """How the parts were worked out."""

    NOTHING = "nothing to share"
    EXACT = "exact"
    SCREENED = "exact over the edits that matter"
    DRAWN = "over orders that were drawn"


@dataclass(frozen=True, slots=True)
class Attribution:
    """What each edit does to one answer. `parts` are points of the score, by edit; they add up to the change of the score.

    `turning` are the smallest sets of edits that bring the new recommendation by themselves; `undoing` the edits that bring back
    the old one when they alone are taken back. `error` is the largest standard error of a part, 0 where the parts are exact.
    """

    parts: tuple[float, ...]
    method: Method
    turning: tuple[tuple[int, ...], ...] = ()
    undoing: tuple[int, ...] = ()
    error: float = 0.0
    orders: int = 0


def points(answer: Answer) -> float:
    """The score as it counts here: no score is 0 points, which speaks for neither side."""
    return 0.0 if answer.score is None else answer.score


def attribute(count: int, trial: Trial, names: Sequence[str]) -> Attribution:
    """The parts of so many edits in the change from none of them to all of them; `names` draws the orders where there are many."""
    everything = frozenset(range(count))
    before, after = trial(frozenset()), trial(everything)
    if before == after:
        return Attribution((0.0,) * count, Method.NOTHING)
    matter = everything if count <= EXACT else _mattering(everything, trial)
    parts: dict[int, float] = {}
    error, orders = 0.0, 0
    if not _makes_it_all(matter, trial, after):
        parts, error = _drawn(everything, trial, names)
        matter, orders = frozenset(n for n, part in parts.items() if part), 2 * ORDERS
    if _makes_it_all(matter, trial, after):
        parts, error, orders = _exact(sorted(matter), trial), 0.0, 0
    method = Method.DRAWN if orders else Method.EXACT if matter == everything else Method.SCREENED
    shares = tuple(parts.get(n, 0.0) for n in range(count))
    turned = before.recommendation != after.recommendation
    turning = tuple(_turning(sorted(matter), trial, after)) if turned else ()
    undoing = tuple(n for n in sorted(matter) if turned and _undoes(n, everything, trial, before))
    return Attribution(shares, method, turning, undoing, error, orders)


def _makes_it_all(edits: Edits, trial: Trial, after: Answer) -> bool:
    """Whether some edits are few enough for exact parts, and bring the new answer without the others."""
    return len(edits) <= EXACT and trial(edits) == after


def _mattering(everything: Edits, trial: Trial) -> Edits:
    """The edits that make a difference when they are made first, or last."""
    before, after = trial(frozenset()), trial(everything)
    return frozenset(n for n in everything if trial(frozenset({n})) != before or trial(everything - {n}) != after)


def _exact(edits: Sequence[int], trial: Trial) -> dict[int, float]:
    """The Shapley value of each edit: over every subset of the others, what it adds, weighed by how many orders lead there."""
    size = len(edits)
    weights = [factorial(k) * factorial(size - k - 1) / factorial(size) for k in range(size)]
    found = {}
    for edit in edits:
        others = [n for n in edits if n != edit]
        added = (
            weights[k] * (points(trial(frozenset((*some, edit)))) - points(trial(frozenset(some))))
            for k in range(size)
            for some in combinations(others, k)
        )
        found[edit] = sum(added)
    return found


def _drawn(edits: Edits, trial: Trial, names: Sequence[str]) -> tuple[dict[int, float], float]:
    """Estimates over drawn orders, and their largest standard error. In each order the parts add up to the whole, so their mean does."""
    gains: dict[int, list[float]] = {n: [] for n in edits}
    for order in _orders(edits, names):
        both = [dict(_steps(order, trial)), dict(_steps(order[::-1], trial))]
        for n in edits:
            gains[n].append((both[0][n] + both[1][n]) / 2)
    means = {n: sum(found) / len(found) for n, found in gains.items()}
    spread = (sqrt(sum((g - means[n]) ** 2 for g in found) / (ORDERS * (ORDERS - 1))) for n, found in gains.items())
    return means, max(spread)


def _orders(edits: Edits, names: Sequence[str]) -> Iterator[list[int]]:
    """Orders drawn from the names of the edits: the same for the same edits, wherever and whenever they are drawn."""
    for n in range(ORDERS):
        drawn = {edit: sha256(f"{n} {names[edit]}".encode()).digest() for edit in edits}
        yield sorted(drawn, key=drawn.__getitem__)


def _steps(order: Iterable[int], trial: Trial) -> Iterator[tuple[int, float]]:
    """What each edit adds when they are made in this order."""
    made: Edits = frozenset()
    for edit in order:
        before = points(trial(made))
        made |= {edit}
        yield edit, points(trial(made)) - before


def _turning(edits: Sequence[int], trial: Trial, after: Answer) -> Iterator[tuple[int, ...]]:
    """The smallest sets of edits that bring the new recommendation by themselves."""
    largest = len(edits) if len(edits) <= EXACT else LARGEST
    for size in range(1, largest + 1):
        found = [
            some for some in combinations(edits, size) if trial(frozenset(some)).recommendation == after.recommendation
        ]
        if found:
            yield from found
            return


def _undoes(edit: int, everything: Edits, trial: Trial, before: Answer) -> bool:
    """Whether taking back one edit alone brings the old recommendation back."""
    return trial(everything - {edit}).recommendation == before.recommendation

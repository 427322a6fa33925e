"""Two shares with few events: the exact test."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .proportion import Share

ALIKE = 1 + 1e-7
"""Tables whose chances differ by less than rounding count as equally likely, as in R and scipy."""


def fisher(first: Share, second: Share) -> float:
    """The two-sided p-value of the exact test that both shares are the same.

    R. A. Fisher, Statistical Methods for Research Workers, 5th ed. (1934). The chance, with all totals given, of a table that
    is no likelier than the one seen. 1 where a group or an outcome is empty.
    """
    successes, trials = first.successes + second.successes, first.trials + second.trials
    lowest, highest = max(0, successes - second.trials), min(successes, first.trials)
    mode = min(highest, max(lowest, (successes + 1) * (first.trials + 1) // (trials + 2)))

    def ratio(k: int) -> float:
        """How much likelier k + 1 successes in the first group are than k."""
        return (successes - k) * (first.trials - k) / ((k + 1) * (second.trials - successes + k + 1))

    weights = {mode: 1.0}
    weights |= _walk(range(mode + 1, highest + 1), lambda k: ratio(k - 1))
    weights |= _walk(range(mode - 1, lowest - 1, -1), lambda k: 1 / ratio(k))
    seen = weights.get(first.successes, 0.0)
    return _total(w for w in weights.values() if w <= seen * ALIKE) / _total(weights.values())


def _walk(tables: Iterable[int], step: Callable[[int], float]) -> dict[int, float]:
    """The chances of the tables one after another, in units of the likeliest, until they are too small to be written."""
    found: dict[int, float] = {}
    weight = 1.0
    for k in tables:
        weight *= step(k)
        if not weight:
            break
        found[k] = weight
    return found


def _total(weights: Iterable[float]) -> float:
    """Added from the smallest, so that none is lost."""
    return sum(sorted(weights))

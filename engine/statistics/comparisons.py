"""Many comparisons at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p-values adjusted for how many there are, in the order given: below q, at most a part q of the finds is false.

    Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289-300. Raises ValueError unless all lie
    within 0..1.
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("a p-value lies between 0 and 1")
    count = len(p_values)
    largest_first = sorted(range(count), key=lambda i: p_values[i], reverse=True)
    stretched = (p_values[i] * (count / (count - place)) for place, i in enumerate(largest_first))
    adjusted = dict(zip(largest_first, accumulate(stretched, min), strict=True))
    return tuple(min(1.0, adjusted[i]) for i in range(count))

"""Between what the value of a fact may lie."""

from __future__ import annotations

from math import inf

from .facts import FactDefinition, FactType

LARGEST = 1e300
"""Facts and what is computed from them stay within this magnitude, so that nothing overflows into infinity."""


def limits(definition: FactDefinition) -> tuple[float, float]:
    """The lowest and highest value of a numeric fact in its own unit, infinite where there is none.

    Money is in the currency of the policy set. A rate lies in 0..1 and a count is 0 or more in any case.
    """
    low = -inf if definition.minimum is None else definition.minimum
    high = inf if definition.maximum is None else definition.maximum
    if definition.type in (FactType.RATE, FactType.COUNT):
        low = max(low, 0.0)
    return (low, min(high, 1.0)) if definition.type is FactType.RATE else (low, high)

"""When two values of one fact are told apart."""

from __future__ import annotations

from .facts import Observation

MATERIAL = 0.01
"""The relative difference from which two values are told apart."""


def differs(one: Observation, other: Observation) -> bool:
    """Whether two values differ by more than 1 % and neither lies in the interval of the other."""
    if not isinstance(one.value, float) or not isinstance(other.value, float):
        return one.value != other.value
    a, b = one.value, other.value
    if _holds(one, b) or _holds(other, a):
        return False
    return abs(a - b) > MATERIAL * max(abs(a), abs(b))


def _holds(observation: Observation, value: float) -> bool:
    return observation.low is not None and observation.high is not None and observation.low <= value <= observation.high

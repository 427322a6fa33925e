"""Whether segments differ at all: asked before any ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .difference import FEW, compare
from .distributions import chi_square_tail
from .proportion import NOTHING, Share
from .unknown import Unknown


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """The test that all segments have one rate.

    `pooled` names the segments that were too small and were tested as one; `chi_square` is None where Fisher's test stood in.
    """

    p_value: float
    chi_square: float | None
    df: int
    pooled: tuple[str, ...]


def homogeneity(segments: Mapping[str, Share]) -> Homogeneity | Unknown:
    """K. Pearson's chi-square (1900) over segments and outcomes; between two, Fisher's exact test below 5 expected events.

    Segments in which fewer than 5 successes or 5 failures are expected are tested as one (W. G. Cochran, Biometrics 10 (1954)
    417-451); where even that one is too small, the next larger ones are added to it. Unknown with fewer than two segments, or
    one outcome only.
    """
    used = {name: share for name, share in segments.items() if share.trials}
    total = sum(used.values(), NOTHING)
    if len(used) < 2:
        return Unknown("fewer than two segments to compare")
    if not total.successes or not total.failures:
        return Unknown("all outcomes are the same in every segment")
    pooled = _too_small(used, total)
    shares = [share for name, share in used.items() if name not in pooled]
    if pooled:
        shares.append(sum((used[name] for name in pooled), NOTHING))
    if len(shares) == 2:
        against = compare(shares[0], shares[1])
        return Homogeneity(against.p_value, None if against.z is None else against.z**2, 1, pooled)
    chi_square = _chi_square(shares, total.rate)
    return Homogeneity(chi_square_tail(chi_square, len(shares) - 1), chi_square, len(shares) - 1, pooled)


def _too_small(segments: Mapping[str, Share], total: Share) -> tuple[str, ...]:
    """The segments to be tested as one, smallest first; the largest is never among them, and one alone is none."""
    rarer = min(total.successes, total.failures) / total.trials
    by_size = sorted(segments, key=lambda name: (segments[name].trials, name))
    count = sum(segments[name].trials * rarer < FEW for name in by_size[:-1])
    while 0 < count < len(by_size) - 1 and sum(segments[name].trials for name in by_size[:count]) * rarer < FEW:
        count += 1
    return tuple(by_size[:count]) if count > 1 else ()


def _chi_square(shares: Sequence[Share], rate: float) -> float:
    off = sum((share.successes - share.trials * rate) ** 2 / share.trials for share in shares)
    return off / (rate * (1 - rate))

"""Segments in order of their rate, where the data allow an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .comparisons import benjamini_hochberg
from .difference import Difference, compare
from .homogeneity import Homogeneity, homogeneity
from .proportion import NOTHING, Share
from .unknown import Unknown

LEAST = 30
SIGNIFICANCE = 0.05


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment with its Wilson interval. `difference` is its rate less that of all other segments together; both are ratios.

    `adjusted_p` is that difference's p-value, adjusted for the number of segments compared; `stands_out` below the
    significance. The last three are None, None and False where the segment is not ranked.
    """

    name: str
    share: Share
    low: float
    high: float
    difference: Difference | None
    adjusted_p: float | None
    stands_out: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """`ranked` best first, empty where no ranking is allowed, with the reason; `unranked` by name."""

    ranked: tuple[Segment, ...]
    unranked: tuple[Segment, ...]
    homogeneity: Homogeneity | Unknown
    reason: str


def ranking(
    segments: Mapping[str, Share], confidence: float = 0.95, significance: float = SIGNIFICANCE, least: int = LEAST
) -> Ranking:
    """The order of the segments, best first, if they differ at all: p <= `significance` in `homogeneity`.

    A segment with fewer than `least` trials is shown with its interval and not ranked; one without trials is not shown. Each
    ranked one is compared with all others together, the p-values adjusted by Benjamini and Hochberg. Raises ValueError unless
    confidence and significance lie between 0 and 1.
    """
    if not 0 < significance < 1:
        raise ValueError(f"a significance lies between 0 and 1, not at {significance}")
    used = {name: share for name, share in sorted(segments.items()) if share.trials}
    tested = homogeneity(used)
    large = [name for name, share in used.items() if share.trials >= least]
    reason = _refusal(tested, len(large), significance, least)
    compared = {} if reason else _compared(used, large, confidence)
    found = [_segment(name, share, confidence, compared.get(name), significance) for name, share in used.items()]
    ranked = sorted((s for s in found if s.difference), key=lambda s: (-s.share.rate, s.name))
    return Ranking(tuple(ranked), tuple(s for s in found if not s.difference), tested, reason)


def _refusal(tested: Homogeneity | Unknown, large: int, significance: float, least: int) -> str:
    """Why there is no ranking; empty where there is one."""
    if isinstance(tested, Unknown):
        return tested.reason
    if tested.p_value > significance:
        return f"no ranking: the segments do not differ beyond chance (p = {tested.p_value:.2g})"
    return "" if large > 1 else f"no ranking: fewer than two segments have {least} cases"


def _compared(
    segments: Mapping[str, Share], names: list[str], confidence: float
) -> dict[str, tuple[Difference, float]]:
    """Each named segment against all others together, with the adjusted p-value."""
    total = sum(segments.values(), NOTHING)
    against = {
        name: compare(Share(total.successes - own.successes, total.trials - own.trials), own, confidence)
        for name in names
        for own in [segments[name]]
    }
    adjusted = benjamini_hochberg([difference.p_value for difference in against.values()])
    return {name: (against[name], p) for name, p in zip(against, adjusted, strict=True)}


def _segment(
    name: str, share: Share, confidence: float, compared: tuple[Difference, float] | None, significance: float
) -> Segment:
    low, high = share.interval(confidence)
    if compared is None:
        return Segment(name, share, low, high, None, None, stands_out=False)
    difference, p_value = compared
    return Segment(name, share, low, high, difference, p_value, stands_out=p_value <= significance)

"""The net promoter score."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from .distributions import normal_within
from .proportion import wilson
from .unknown import Unknown


@dataclass(frozen=True, slots=True)
class NetPromoters:
    """The share of promoters less that of detractors, in points from -100 to 100, with its interval."""

    score: float
    low: float
    high: float
    confidence: float
    answers: int


def net_promoters(promoters: int, passives: int, detractors: int, confidence: float = 0.95) -> NetPromoters | Unknown:
    """The score from the answers 9-10, 7-8 and 0-6, with its interval.

    The ends are ± z √((P + D − (P − D)²) / n), P and D the two shares: the variance of a multinomial difference. Where all
    answers fall into one class the formula would claim certainty; then the Wilson interval of that class says how many of the
    other kind may have gone unseen. Unknown without answers. Raises ValueError for a negative count and unless 0 < confidence <
    1.
    """
    answers = promoters + passives + detractors
    if min(promoters, passives, detractors) < 0:
        raise ValueError("a number of answers is not negative")
    z = normal_within(confidence)
    if not answers:
        return Unknown("no answers")
    score = (promoters - detractors) / answers
    variance = (promoters + detractors) / answers - score * score
    half = z * sqrt(max(0.0, variance) / answers)
    low, high = score - half, score + half
    if answers in (promoters, passives, detractors):
        unseen = (1 - wilson(answers, answers, confidence)[0]) * (2 if score else 1)
        low, high = score - unseen, score + unseen
    return NetPromoters(100 * score, 100 * max(-1.0, low), 100 * min(1.0, high), confidence, answers)

"""Whether a rate has a season, so that a trend is looked for beside it and not in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from .distributions import f_tail
from .logistic import Fit, Point, fit
from .month import Month
from .proportion import Share

SIGNIFICANCE = 0.01
"""Strict, because terms that only seem to matter make a trend look surer than it is."""


class Season(StrEnum):
    """The calendar terms of a trend."""

    NONE = "none"
    QUARTER = "position in the quarter"
    YEAR = "month of the year"

    def group(self, month: Month) -> int:
        """Which of the terms a month has. A fiscal year that begins in another month makes the same three groups of a quarter."""
        match self:
            case Season.NONE:
                return 0
            case Season.QUARTER:
                return (month.month - 1) % 3
            case Season.YEAR:
                return month.month


ENOUGH = {Season.QUARTER: (3, 3), Season.YEAR: (12, 2)}
"""How many groups there are, and how many months each must have: three quarters of each position, two years of each month."""


def fitted(months: Mapping[Month, Share], season: Season) -> Fit | None:
    """The trend on the month number beside the terms of a season; None where it has no finite answer."""
    points = (
        Point(month.number, season.group(month), share.successes, share.trials) for month, share in months.items()
    )
    return fit(points)


def seasonal(months: Mapping[Month, Share]) -> tuple[Season, Fit | None]:
    """The season that matters, with the trend beside it: first the position in the quarter is tried, then the month of the year.

    Terms matter where each has enough months (`ENOUGH`), the fit is finite, and they take away more of the deviance than chance
    would, p < 0.01. The test is the F test of quasi-likelihood (McCullagh and Nelder 1989, 4.5), F = ((D0 − D1) / q) / max(1,
    X²/df) with q and df degrees of freedom; the dispersion is not taken below 1, as in the trend.
    """
    season, plain = Season.NONE, fitted(months, Season.NONE)
    for terms in (Season.QUARTER, Season.YEAR):
        richer = fitted(months, terms) if _is_enough(months, terms) else None
        if plain and richer and _matters(plain, richer):
            season, plain = terms, richer
    return season, plain


def _is_enough(months: Iterable[Month], season: Season) -> bool:
    groups, each = ENOUGH[season]
    sizes: dict[int, int] = {}
    for month in months:
        sizes[season.group(month)] = sizes.get(season.group(month), 0) + 1
    return len(sizes) == groups and min(sizes.values()) >= each


def _matters(plain: Fit, richer: Fit) -> bool:
    more = richer.parameters - plain.parameters
    gain = max(0.0, plain.deviance - richer.deviance)
    return f_tail(gain / more / max(1.0, richer.dispersion), more, richer.df) < SIGNIFICANCE

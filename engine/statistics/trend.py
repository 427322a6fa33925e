"""Whether a rate rises, falls, is shown to be flat, or is not known well enough to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import expm1, inf, sqrt

from .distributions import student_tail, student_within
from .flatness import Precision, months_for_flat, trials_for_flat
from .logistic import Fit
from .month import Month
from .proportion import NOTHING, Share
from .season import Season, seasonal
from .unknown import Unknown, short_of

MONTHS = 6
CONVERSIONS = 20


class State(StrEnum):
    """What the interval of the monthly change says. Not significant is not flat."""

    RISING = "rising"
    DECLINING = "declining"
    FLAT_SHOWN = "flat_shown"
    INCONCLUSIVE = "inconclusive"


def state_of(low: float, high: float, margin: float) -> State:
    """Rising above 0, declining below; flat_shown where all of it lies within ± margin, an end at the margin not included."""
    if low > 0:
        return State.RISING
    if high < 0:
        return State.DECLINING
    return State.FLAT_SHOWN if -margin < low and high < margin else State.INCONCLUSIVE


@dataclass(frozen=True, slots=True)
class Trend:
    """The relative change of a rate per month, as a ratio (0.05 is 5 % a month), with its interval, and how it was found.

    `slope` and `error` are on the logit scale; the error already holds the dispersion, which is Pearson's chi-square over `df`.
    `months` have trials, `empty` have none. `trials_for_flat` a month, or `months_for_flat` with as many trials a month as
    there were, would have shown a flat rate to be flat with 80 % chance; they are None unless the state is inconclusive, the
    months also above ten years.
    """

    state: State
    change: float
    low: float
    high: float
    confidence: float
    margin: float
    p_value: float
    slope: float
    error: float
    dispersion: float
    df: int
    season: Season
    total: Share
    months: int
    empty: int
    trials_for_flat: int | None
    months_for_flat: int | None


def trend(
    months: Mapping[Month, Share],
    margin: float = 0.02,
    confidence: float = 0.9,
    least_months: int = MONTHS,
    least_conversions: int = CONVERSIONS,
) -> Trend | Unknown:
    """The trend of a rate over months, each with the successes among its trials; which order they come in does not matter.

    Logistic regression of the counts on the month number, beside a season where one matters (`season.seasonal`). Quasi-binomial
    errors: the standard error times √max(1, X²/df), X² Pearson's chi-square, df = m − p for m months with trials and p
    parameters (2 without a season, 4 with the position in the quarter, 13 with the month of the year), and Student's t with df:
    R. W. M. Wedderburn, Biometrika 61 (1974) 439-447; McCullagh and Nelder (1989), 4.5. The relative change a month is exp(b (1
    − p̄)) − 1, p̄ the rate of all months together.

    Unknown with fewer than `least_months` with trials or `least_conversions` successes, and where the slope has no finite
    value. Raises ValueError unless 0 < confidence < 1, margin > 0 and least_months > 2.
    """
    if not (margin > 0 and 0 < confidence < 1 and least_months > 2):
        raise ValueError(f"no trend with margin {margin}, confidence {confidence}, {least_months} months")
    used = {month: share for month, share in months.items() if share.trials}
    total = sum(used.values(), NOTHING)
    if len(used) < least_months:
        return Unknown(short_of(len(used), "mature month", least_months))
    if total.successes < least_conversions:
        return Unknown(short_of(total.successes, "conversion", least_conversions))
    season, fit = seasonal(used)
    if fit is None:
        return Unknown(_break(used))
    return _judged(fit, season, total, len(months) - len(used), margin, confidence)


def _break(months: Mapping[Month, Share]) -> str:
    """Why there is no slope: no failures, one month that parts them from all successes, or next to that."""
    won = [month for month, share in months.items() if share.successes]
    lost = [month for month, share in months.items() if share.failures]
    if not lost:
        return "every case is a success: the rate has no room to change"
    if max(lost) <= min(won):
        return f"the rate goes from none to all at {min(won)}: a break to look into, not a trend"
    if max(won) <= min(lost):
        return f"the rate goes from all to none at {max(won)}: a break to look into, not a trend"
    return "single cases among huge numbers decide the slope: it cannot be computed"


def _judged(fit: Fit, season: Season, total: Share, empty: int, margin: float, confidence: float) -> Trend:
    error = fit.standard_error * sqrt(max(1.0, fit.dispersion))
    half = student_within(confidence, fit.df) * error
    room = 1 - total.rate
    low, high = _relative((fit.slope - half) * room), _relative((fit.slope + half) * room)
    state = state_of(low, high, margin)
    precision = Precision(error * room, fit.points, fit.parameters, confidence)
    is_open = state is State.INCONCLUSIVE
    return Trend(
        state=state,
        change=_relative(fit.slope * room),
        low=low,
        high=high,
        confidence=confidence,
        margin=margin,
        p_value=student_tail(fit.slope / error, fit.df),
        slope=fit.slope,
        error=error,
        dispersion=fit.dispersion,
        df=fit.df,
        season=season,
        total=total,
        months=fit.points,
        empty=empty,
        trials_for_flat=trials_for_flat(precision, margin, total.trials / fit.points) if is_open else None,
        months_for_flat=months_for_flat(precision, margin) if is_open else None,
    )


def _relative(logarithm: float) -> float:
    """The relative change of a factor given by its logarithm."""
    return expm1(logarithm) if logarithm < 700 else inf

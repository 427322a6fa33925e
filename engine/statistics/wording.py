"""What was found, in words that can be read to a client."""

from __future__ import annotations

from math import floor, isfinite, log10

from .alarm import LastMonth
from .cohorts import Cohorts
from .mix import MixChange
from .season import Season
from .trend import State, Trend
from .unknown import Unknown, counted
from .volume import Volume, VolumeState

MORE_THAN_CHANCE = 2.0
"""The dispersion from which on it is said: chance alone brings twice its variance in 1 of 34 series of 12 months."""
OUT_OF_REACH = 100
"""So many times the cases there were are no advice."""


def trend_told(found: Trend | Unknown, noun: str = "lead") -> str:
    """The state of a rate with its interval; where it is inconclusive, what would have shown it flat. `noun` is one trial."""
    if isinstance(found, Unknown):
        return f"unknown: {found.reason}"
    interval = f"{_percent(found.confidence)} interval{_beside(found.season)}"
    between = f"{_range(found.low, found.high)} a month ({interval})"
    match found.state:
        case State.RISING | State.DECLINING:
            return f"{found.state}: {_percent(found.change)} a month, {_range(found.low, found.high)} ({interval})"
        case State.FLAT_SHOWN:
            return f"shown to be flat: {between}, all of it within ± {_percent(found.margin)}"
        case State.INCONCLUSIVE:
            return f"inconclusive: {between}; {_missing(found, noun)}{_scatter(found.dispersion)}"


def _beside(season: Season) -> str:
    return "" if season is Season.NONE else f", beside the {season}"


def _missing(found: Trend, noun: str) -> str:
    """What would have shown a flat rate flat."""
    had = found.total.trials / found.months
    needed = found.trials_for_flat or 0
    if needed <= had:
        return f"a flat rate would probably have shown with the {_about(had)} {noun}s a month there were: a small change is likely"
    months = f"{found.months_for_flat} months" if found.months_for_flat else "more than ten years"
    cases = f"about {_about(needed)}" if needed <= OUT_OF_REACH * had else f"more than {_about(OUT_OF_REACH * had)}"
    return (
        f"if it is flat, {cases} {noun}s a month instead of {_about(had)} would have shown it, "
        f"or {months} instead of {found.months}"
    )


def _scatter(dispersion: float) -> str:
    if dispersion < MORE_THAN_CHANCE:
        return ""
    times = f"{dispersion:.0f}" if dispersion >= 10 else f"{dispersion:.1f}"
    return (
        f"; the months scatter {times} times as much as chance alone would (variance): "
        "look for what sets them apart first, as more of the same may not help"
    )


def volume_told(found: Volume | Unknown) -> str:
    """The state of a monthly series, with the interval of its slope."""
    if isinstance(found, Unknown):
        return f"unknown: {found.reason}"
    between = (
        f"{_range(found.slope.low, found.slope.high)} of the mean a month ({_percent(found.slope.confidence)} interval)"
    )
    tested = f"{found.method} over {found.months} months, p = {found.test.p_value:.2g}"
    if found.state is VolumeState.FLAT:
        return f"flat: {between}, all of it within ± {_percent(found.margin)}; {tested}"
    return f"{found.state}: {between}; {tested}"


def last_month_told(found: LastMonth | Unknown) -> str:
    """The latest month against the earlier ones; an alarm asks for a look and claims no trend."""
    if isinstance(found, Unknown):
        return f"unknown: {found.reason}"
    against = found.against
    same = "" if found.season is Season.NONE else f" with the same {found.season}"
    rates = (
        f"{found.month}: {_percent(against.second.rate)} ({against.second.successes:,} of {against.second.trials:,}), before it{same} "
        f"{_percent(against.first.rate)} ({against.first.successes:,} of {against.first.trials:,}); p = {against.p_value:.2g}"
        f"{' by the exact test' if against.is_exact else ''}"
    )
    if not found.is_alarm:
        return f"no alarm. {rates}"
    return f"alarm, to look into and no trend. {rates}"


def mix_told(found: MixChange | Unknown) -> str:
    """A change of a rate in points, and its two parts."""
    if isinstance(found, Unknown):
        return f"unknown: {found.reason}"
    parts = (
        f"{_points(found.raw.change)} in all: {_points(found.due_to_rates)} from the rates within segments "
        f"({_points(found.low)} to {_points(found.high)}), {_points(found.due_to_mix)} from the mix"
    )
    return f"{parts}; the mix explains the change" if found.is_explained_by_mix else parts


def cohorts_told(found: Cohorts) -> str:
    """How many months are judged, and how many are left out and why."""
    reasons = (
        (len(found.partial), "covered in part only"),
        (len(found.immature), "too young"),
        (len(found.before_selling), "from before anybody was selling"),
        (len(found.half_before_selling), "whose time to win began before anybody was selling"),
    )
    left_out = [f"{number} {why}" for number, why in reasons if number]
    return counted(len(found.kept), "mature month") + (f"; left out: {', '.join(left_out)}" if left_out else "")


def _percent(ratio: float) -> str:
    if not isfinite(ratio) or abs(ratio) >= 1000:
        return "without end"
    return f"{100 * ratio:.3g} %" if abs(ratio) >= 10 else f"{100 * ratio + 0.0:.1f}".removesuffix(".0") + " %"


def _range(low: float, high: float) -> str:
    return f"{_percent(low)} to {_percent(high)}"


def _points(ratio: float) -> str:
    shown = f"{100 * ratio:.1f}"
    return ("0.0" if shown == "-0.0" else shown) + " points"


def _about(number: float) -> str:
    """Two digits are enough for what is a rough guide: 1,600."""
    step = 10 ** max(0, floor(log10(number)) - 1) if number >= 1 else 1
    return f"{round(number / step) * step:,}"

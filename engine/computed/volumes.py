"""Amounts a month: the series, its mean, steadiness and trend, its growth, its season, and one amount over another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import TypeAlias

from ..computation import Computation, Give, Series
from ..exports.canonical import Kind
from ..relations import COLUMNS
from ..statistics.growth import Growth, growth
from ..statistics.month import Month
from ..statistics.unknown import Unknown, short_of
from ..statistics.variation import SeasonalIndex, coefficient_of_variation, seasonal_index
from ..statistics.volume import Volume, volume
from ..statistics.wording import volume_told
from .answer import Answer, MonthLine, Rows, Standing, refused
from .filters import met
from .ground import Ground, within
from .nouns import noun_of
from .period import WITH_SEASON, YEAR, added, for_trend, last_months, period

HALF = 6
DAYS_A_MONTH = 365.25 / 12
NEXT = 3
"""The months ahead of which the season is told."""


Measure: TypeAlias = Callable[[Sequence[float]], float | Unknown]


def monthly(ground: Ground, computation: Computation) -> Answer:
    """The amount of each whole month, or what it comes to."""
    amounts = ground.amounts(computation.series)
    match computation.give:
        case Give.MEAN:
            return _of_last(ground, computation, amounts, computation.months or HALF, fmean)
        case Give.VARIATION:
            number = min(computation.months or YEAR, max(HALF, len(amounts)))
            return _of_last(ground, computation, amounts, number, coefficient_of_variation)
        case Give.TREND:
            return _trend(ground, computation, amounts)
        case _:
            months = last_months(amounts, computation.months) if computation.months else tuple(sorted(amounts))
            found = _found(ground, computation.series, amounts, months)
            if not months:
                return refused("no month is covered whole", found)
            return replace(found, value=tuple(amounts[month] for month in months))


def _of_last(
    ground: Ground, computation: Computation, amounts: Mapping[Month, float], number: int, measure: Measure
) -> Answer:
    months = last_months(amounts, number)
    found = _found(ground, computation.series, amounts, months)
    if len(months) < number:
        return refused(short_of(len(months), "complete month", number), found)
    value = measure([amounts[month] for month in months])
    return refused(value, found) if isinstance(value, Unknown) else replace(found, value=value)


def _trend(ground: Ground, computation: Computation, amounts: Mapping[Month, float]) -> Answer:
    result = volume(amounts)
    found = _found(ground, computation.series, amounts, for_trend(amounts))
    young = len(amounts) < WITH_SEASON
    found = replace(
        found, told=(volume_told(result),), remark="one year cannot tell growth from a season" if young else ""
    )
    return replace(found, value=result.state.value) if isinstance(result, Volume) else refused(result, found)


def season(ground: Ground, computation: Computation) -> Answer:
    """The mean index of the months that follow the last one; 1 is an average month."""
    amounts = ground.amounts(computation.series)
    found = _found(ground, computation.series, amounts, amounts)
    result = seasonal_index(amounts)
    if not isinstance(result, SeasonalIndex):
        return refused(result, found)
    times = f"each month compared {result.years} time{'' if result.years == 1 else 's'} or more"
    return replace(found, value=result.next(max(amounts), NEXT), remark=times)


# --- growth and ratios -----------------------------------------------------------------------------------------


def grown(ground: Ground, computation: Computation) -> Answer:
    """The last months against the same months a year before; of an amount, or of one amount over another."""
    amounts = ground.amounts(computation.series)
    months = computation.months or HALF
    if not amounts:
        return refused("no month is covered whole")
    moved, why = _shift(ground, computation)
    if why:
        return refused(why)
    until = max(amounts).later(-moved)
    result = growth(amounts, until, months)
    compared = [until.later(-back - year) for back in range(months) for year in (0, YEAR)]
    found = _found(ground, computation.series, amounts, [month for month in compared if month in amounts])
    if isinstance(result, Unknown):
        return refused(result, found)
    remark = f"moved back by {moved} month{'' if moved == 1 else 's'}" if computation.shift_by else ""
    unit = ground.money_unit(computation.series)
    if computation.per is not None:
        return _ratio_grown(ground, computation.per, unit, (result, until), replace(found, remark=remark))
    low, high = result.interval or (None, None)
    told = f"{result.last:,.0f}{unit} in the last {months} months, {result.before:,.0f}{unit} in the same months a year before"
    return replace(found, value=result.growth, low=low, high=high, told=(told,), remark=remark)


def _shift(ground: Ground, computation: Computation) -> tuple[int, str]:
    """By how many months back, and why that is not known."""
    if not computation.shift_by:
        return 0, ""
    days = ground.facts.get(computation.shift_by)
    if days is None:
        return 0, f"`{computation.shift_by}` is not known"
    return round(days.number / DAYS_A_MONTH), ""


def _ratio_grown(ground: Ground, per: Series, unit: str, over: tuple[Growth, Month], found: Answer) -> Answer:
    """The growth of an amount per another; `over` is the growth of the first, and the month that it ends with."""
    upper, until = over
    lower = growth(ground.amounts(per), until, upper.months)
    if isinstance(lower, Unknown):
        return refused(lower, found)
    if not lower.last:
        return refused(f"no {noun_of(per.of)} in the last {upper.months} months", found)
    now, before = upper.last / lower.last, upper.before / lower.before
    unit = "" if ground.money_unit(per) else unit
    told = f"{now:,.2f}{unit} in the last {upper.months} months, {before:,.2f}{unit} in the same months a year before"
    return replace(found, value=now / before - 1, told=(told,))


def ratio(ground: Ground, computation: Computation) -> Answer:
    """One amount over another, over the months that have both."""
    upper = ground.amounts(computation.series)
    lower = ground.amounts(computation.per) if computation.per is not None else {}
    number = computation.months or YEAR
    months = last_months(upper.keys() & lower.keys(), number)
    found = _found(ground, computation.series, upper, months)
    if len(months) < number:
        return refused(short_of(len(months), "complete month", number), found)
    below = added(lower, months)
    if below <= 0:
        return refused("what it is divided by adds up to 0", found)
    above = added(upper, months)
    return replace(found, value=above / below, told=(_one_of_the_other(ground, computation, above, below),))


def _one_of_the_other(ground: Ground, computation: Computation, above: float, below: float) -> str:
    units = (ground.money_unit(one) if one is not None else "" for one in (computation.series, computation.per))
    return " of ".join(f"{amount:,.0f}{unit}" for amount, unit in zip((above, below), units, strict=True))


# --- what all give ---------------------------------------------------------------------------------------------


def _found(ground: Ground, series: Series, amounts: Mapping[Month, float], months: Iterable[Month]) -> Answer:
    used = set(months)
    lines = tuple(
        MonthLine(month, Standing.USED if month in used else Standing.OUTSIDE, amount=amounts[month])
        for month in sorted(amounts)
    )
    cover = ground.covers(series.of, series.by)
    counts_rows = not series.value and COLUMNS[series.of][series.by].kind is not Kind.MONTH
    return Answer(
        n=int(added(amounts, used)) if counts_rows else len(used),
        noun=f"{noun_of(series.of)}s" if counts_rows else "months",
        period=period(used),
        lines=lines,
        day=min(ground.as_of, cover.told) if cover else ground.as_of,
        until=cover.told if cover else None,
        behind=Rows(series.of, f"{met(series.of, series.where)} AND {within(series.by, used)}"),
    )

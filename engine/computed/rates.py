"""Shares of rows, at once or by month, and of cohorts: rates, their trends, and their change since a year before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from ..computation import Computation, Give, Presence
from ..relations import PLAINLY
from ..statistics.alarm import last_month
from ..statistics.cohorts import Coverage, select
from ..statistics.difference import compare
from ..statistics.month import Month
from ..statistics.proportion import NOTHING, Share
from ..statistics.season import Season
from ..statistics.trend import trend
from ..statistics.unknown import Unknown, short_of
from ..statistics.unknown import counted as number_of
from ..statistics.wording import cohorts_told, last_month_told, trend_told
from .answer import Answer, MonthLine, Rows, Standing, refused
from .clauses import which
from .derived_tables import relation
from .filters import met
from .ground import Ground, within
from .nouns import noun_of
from .period import YEAR, for_trend, last_months, period

DIRECTION_AT = 0.10
"""The p-value below which a change since a year before is said to have a direction."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Shares by the months that can be judged, the lines of all months, and what the rows are."""

    shares: Mapping[Month, Share]
    lines: tuple[MonthLine, ...]
    noun: str
    month_noun: str
    told: tuple[str, ...]
    day: date
    until: date
    rows: Rows
    by: str


# --- a share of rows -------------------------------------------------------------------------------------------


def share(ground: Ground, computation: Computation) -> Answer:
    """Of the rows that meet `where`, those that meet `having`."""
    where, success = met(computation.of, computation.where), met(computation.of, computation.having)
    if one_sided := _one_sided(ground, computation):
        return refused(one_sided)
    if not computation.by:
        return _at_once(ground, computation, where, success)
    counted = _by_month(ground, computation, where, success)
    if counted is None:
        return refused(f"no {noun_of(computation.of)} has a date `{computation.by}`")
    answer = _told(computation, counted)
    used = [line.month for line in answer.lines if line.standing is Standing.USED]
    return replace(answer, remark=_unknown_rows(ground, computation, used)) if computation.give is Give.RATE else answer


def _one_sided(ground: Ground, computation: Computation) -> str:
    """Why the export cannot show a share: it lists one outcome only."""
    if not computation.requires:
        return ""
    wanted = met(computation.of, computation.requires)
    [(there,)] = ground.rows(f"SELECT count(*) FROM {relation(computation.of)} WHERE {wanted}")
    if there:
        return ""
    return (
        f"there are no {noun_of(computation.of)}s {which(computation.requires)} in the exports: they show one side only"
    )


def _at_once(ground: Ground, computation: Computation, where: str, success: str) -> Answer:
    table = computation.of
    successes, trials = ground.row(
        f"SELECT count(*) FILTER (WHERE {success}), count(*) FROM {relation(table)} WHERE {where}"
    )
    found = Answer(
        n=trials, noun=f"{noun_of(table)}s", day=ground.as_of, behind=Rows(table, f"({where}) AND ({success})")
    )
    return replace(_rate(computation, Share(successes, trials), found), remark=_unknown_rows(ground, computation))


def _unknown_rows(ground: Ground, computation: Computation, months: Iterable[Month] = ()) -> str:
    """How many rows are left out only because what is asked of them is not known."""
    asked = [one for one in computation.where if one.wanted == (Presence.KNOWN,)]
    if not asked or not computation.having:
        return ""
    table = computation.of
    others = met(table, [one for one in computation.where if one not in asked])
    period_asked = within(computation.by, months) if computation.by else "TRUE"
    [(count,)] = ground.rows(
        f"SELECT count(*) FROM {relation(table)} WHERE ({others}) AND NOT ({met(table, asked)}) AND {period_asked}"
    )
    names = " or ".join(PLAINLY.get(one.column, f"`{one.column}`") for one in asked)
    return f"{number_of(count, noun_of(table))} without {names} not counted" if count else ""


def _by_month(ground: Ground, computation: Computation, where: str, success: str) -> Counted | None:
    table, by = computation.of, computation.by
    cover = ground.covers(table, by)
    if cover is None:
        return None
    shares = ground.shares(table, by, where, success)
    whole = set(cover.months())
    lines = tuple(_line(m, shares[m], Standing.USED if m in whole else Standing.PARTIAL) for m in sorted(shares))
    kept = {month: shares[month] for month in sorted(whole)}
    rows = Rows(table, f"({where}) AND ({success})")
    day = min(ground.as_of, cover.told)
    return Counted(kept, lines, noun_of(table), "complete month", (), day, day, rows, by)


# --- cohorts ---------------------------------------------------------------------------------------------------


def cohort(ground: Ground, computation: Computation) -> Answer:
    """Of the rows that began in a month, those that reached the goal within the time that each is given."""
    table, start, end = computation.of, computation.start, computation.end
    cover = ground.covers(table, start)
    if cover is None:
        return refused(f"no {noun_of(table)} has a date `{start}`")
    where = met(table, computation.where)
    reached = f'"{end}" IS NOT NULL AND date_diff(\'day\', "{start}", "{end}") <= {ground.window.days}'
    shares = ground.shares(table, start, where, reached)
    first_goal, last_goal = ground.row(f'SELECT min("{end}"), max("{end}") FROM {relation(table)} WHERE {where}')
    since = _since(ground, computation, first_goal.date() if first_goal else None)
    coverage = Coverage(cover.begin, ground.as_of, since, first_goal.date() if first_goal else None)
    ended = {m for m in shares if m.last > cover.end}
    chosen = select({m: s for m, s in shares.items() if m not in ended}, coverage, ground.window.days)
    standings = {
        **dict.fromkeys(chosen.kept, Standing.USED),
        **dict.fromkeys((*chosen.partial, *ended), Standing.PARTIAL),
        **dict.fromkeys(chosen.immature, Standing.IMMATURE),
        **dict.fromkeys(chosen.before_selling, Standing.BEFORE_SELLING),
        **dict.fromkeys(chosen.half_before_selling, Standing.HALF_BEFORE_SELLING),
    }
    chosen = replace(chosen, partial=tuple(sorted((*chosen.partial, *ended))))
    lines = tuple(_line(month, shares[month], standings[month]) for month in sorted(shares) if month in standings)
    told = (ground.window.told, cohorts_told(chosen))
    day = min(ground.as_of, max(cover.told, last_goal.date() if last_goal else cover.told))
    rows = Rows(table, f"({where}) AND ({reached})")
    return _told(
        computation, Counted(chosen.kept, lines, noun_of(table), "mature month", told, day, cover.told, rows, start)
    )


def _since(ground: Ground, computation: Computation, first_goal: date | None) -> date | None:
    """The first day on which the goal could be reached, where the table tells: a goal before it shows that the log began late."""
    if not computation.since or not ground.has(computation.of, computation.since):
        return None
    [(first,)] = ground.rows(f'SELECT min("{computation.since}") FROM {relation(computation.of)}')
    day: date = first.date()
    return min(day, first_goal) if first_goal else day


# --- what both give --------------------------------------------------------------------------------------------


def _told(computation: Computation, counted: Counted) -> Answer:
    match computation.give:
        case Give.TREND | Give.CHANGE:
            return _trend(computation, counted)
        case Give.DIRECTION:
            return _direction(computation, counted)
        case Give.USUAL:
            return _usual(computation, counted)
        case _:
            months = _asked(computation, counted.shares)
            if isinstance(months, Unknown):
                return refused(months, _found(counted, ()))
            return _rate(computation, _sum(counted, months), _found(counted, months))


def _asked(computation: Computation, shares: Mapping[Month, Share]) -> tuple[Month, ...] | Unknown:
    """The months of a rate: the last so many. Those a year before must be half of them at least, to stand for a year."""
    number = computation.months or YEAR
    months = last_months(shares, number, computation.back)
    needed = computation.least or (number + 1) // 2 if computation.back else 1
    if len(months) >= needed:
        return months
    if computation.back:
        return Unknown(f"{number_of(len(months), 'month')} of the year before, {needed} needed")
    return Unknown(short_of(len(months), "month", needed))


def _sum(counted: Counted, months: Iterable[Month]) -> Share:
    return sum((counted.shares[month] for month in months), NOTHING)


def _found(counted: Counted, months: Iterable[Month]) -> Answer:
    """The counts, with the months that are used marked; the season of the alarm is that of the trend."""
    used = set(months)
    lines = tuple(
        replace(line, standing=Standing.OUTSIDE) if line.standing is Standing.USED and line.month not in used else line
        for line in counted.lines
    )
    return Answer(
        n=_sum(counted, used).trials,
        noun=f"{counted.noun}s",
        period=period(used),
        lines=lines,
        told=counted.told,
        day=counted.day,
        until=counted.until,
        behind=replace(counted.rows, where=f"{counted.rows.where} AND {within(counted.by, used)}"),
    )


def _rate(computation: Computation, total: Share, found: Answer) -> Answer:
    if not total.trials:
        return refused(f"no {found.noun.removesuffix('s')} to count", found)
    least = 0 if computation.back else computation.least
    if total.trials < least:
        return refused(short_of(total.trials, found.noun.removesuffix("s"), least), found)
    low, high = total.interval()
    return replace(
        found, value=total.rate, low=low, high=high, successes=total.successes, trials=total.trials, n=total.trials
    )


def _trend(computation: Computation, counted: Counted) -> Answer:
    months = for_trend(counted.shares)
    shares = {month: counted.shares[month] for month in months}
    found = trend(shares)
    season = Season.NONE if isinstance(found, Unknown) else found.season
    alarm = last_month(shares, season=season)
    told = (trend_told(found, counted.noun), *(() if isinstance(alarm, Unknown) else (last_month_told(alarm),)))
    base = _found(counted, months)
    base = replace(base, told=(*base.told, *told), alarm=None if isinstance(alarm, Unknown) else alarm)
    if isinstance(found, Unknown):
        return refused(found.reason.replace("mature month", counted.month_noun), base)
    if computation.give is Give.TREND:
        return replace(base, value=found.state.value)
    return replace(base, value=found.change, low=found.low, high=found.high, remark="90 % interval")


def _direction(computation: Computation, counted: Counted) -> Answer:
    number = computation.months or YEAR
    last, before = (last_months(counted.shares, number, back) for back in (0, number))
    found = _found(counted, (*before, *last))
    if len(before) < (number + 1) // 2:
        return refused(f"{number_of(len(before), 'month')} of the year before, {(number + 1) // 2} needed", found)
    old, new = _sum(counted, before), _sum(counted, last)
    if not (old.trials and new.trials):
        return refused(f"no {counted.noun} to count in one of the two years", found)
    change = compare(old, new)
    told = (
        f"{_share_told(old)} before, {_share_told(new)} now: {100 * change.change:+.1f} points "
        f"({100 * change.low:.1f} to {100 * change.high:.1f}), p = {change.p_value:.2g}"
    )
    clear = change.p_value < DIRECTION_AT
    value = ("rising" if change.change > 0 else "declining") if clear else "inconclusive"
    return replace(found, value=value, told=(*found.told, told))


def _share_told(share: Share) -> str:
    return f"{100 * share.rate:.1f} % ({share.successes:,} of {share.trials:,})"


def _usual(computation: Computation, counted: Counted) -> Answer:
    """The median of the monthly rates, of the months that have rows."""
    months = _asked(computation, counted.shares)
    if isinstance(months, Unknown):
        return refused(months, _found(counted, ()))
    rates = [counted.shares[month].rate for month in months if counted.shares[month].trials]
    found = _found(counted, months)
    if not rates:
        return refused(f"no {counted.noun} to count", found)
    return replace(found, value=median(rates), remark=f"median of {len(rates)} months")


def _line(month: Month, share: Share, standing: Standing) -> MonthLine:
    return MonthLine(month, standing, share.successes, share.trials)

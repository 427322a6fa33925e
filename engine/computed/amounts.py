"""One number from rows: a median, a count, a sum, a net promoter score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from math import exp, log

from ..computation import Computation, Give
from ..statistics.combination import Part, combined
from ..statistics.month import Month
from ..statistics.promoters import net_promoters
from ..statistics.quantiles import MedianRatio, Quantile, quantile_of_ranks, ranks, ratio_of_medians
from ..statistics.unknown import Unknown, counted, short_of
from .answer import Answer, Rows, refused
from .derived_tables import relation
from .filters import met
from .ground import Ground, within
from .nouns import noun_of
from .period import YEAR, last_months, period

HALF = 6
CONFIDENCE = 0.95
TOP = 0.9
FEWEST = 6
"""A median of fewer values has no interval at 95 %."""
FILLED = 0.9
"""A column that fewer rows than this part have is no stratum."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows that a value is of: what they meet as SQL, and the months they are from, None where no date is asked."""

    where: str
    months: tuple[Month, ...] | None


def chosen(ground: Ground, computation: Computation, number: int = 0, back: int = 0) -> Chosen:
    """The rows that meet `where`, of the last `months` whole months by the date `by`."""
    where = met(computation.of, computation.where)
    if not computation.by:
        return Chosen(where, None)
    cover = ground.covers(computation.of, computation.by)
    months = last_months(cover.months() if cover else (), number or computation.months or YEAR, back)
    return Chosen(f"({where}) AND {within(computation.by, months)}", months)


def _found(ground: Ground, computation: Computation, rows: Chosen, n: int) -> Answer:
    cover = ground.covers(computation.of, computation.by) if computation.by else None
    return Answer(
        n=n,
        noun=f"{noun_of(computation.of)}s",
        period=period(rows.months or ()),
        day=min(ground.as_of, cover.told) if cover else ground.as_of,
        behind=Rows(computation.of, rows.where),
    )


# --- medians ---------------------------------------------------------------------------------------------------


def median(ground: Ground, computation: Computation, hours: bool) -> Answer:
    """The median of a column, or of the time from one date to another; in hours or in whole days."""
    if computation.start and hours and not _has_times(ground, computation):
        return refused(f"`{computation.start}` and `{computation.end}` have no time of day, so hours cannot be told")
    if computation.give is Give.CHANGE:
        return _median_change(ground, computation, hours)
    value = _value(computation, hours)
    rows = chosen(ground, computation)
    result = _quantile(ground, computation, rows.where, value, 0.5)
    found = _found(ground, computation, rows, result.count if isinstance(result, Quantile) else 0)
    if isinstance(result, Unknown):
        return refused(f"no {noun_of(computation.of)} has a value", found)
    if result.count < (computation.least or 1):
        return refused(short_of(result.count, noun_of(computation.of), computation.least), found)
    top = _quantile(ground, computation, rows.where, value, TOP)
    unit = "" if not computation.start else " hours" if hours else " days"
    told = (f"nine in ten up to {top.value:,.6g}{unit}",) if isinstance(top, Quantile) else ()
    known = result.low is not None and result.high is not None
    low, high = (result.low, result.high) if known else (None, None)
    remark = _left_out(ground, computation, rows.where, value)
    return replace(found, value=result.value, low=low, high=high, told=told, remark=remark)


def _has_times(ground: Ground, computation: Computation) -> bool:
    times = ground.tables.has_times
    derived = ("first_touch", "last_touch")
    return all(
        times.get((computation.of, name), False) or (name in derived and times.get(("activities", "at"), False))
        for name in (computation.start, computation.end)
    )


def _value(computation: Computation, hours: bool) -> str:
    if not computation.start:
        return " + ".join(f'"{name}"' for name in computation.value)
    if hours:
        return f'epoch("{computation.end}" - "{computation.start}") / 3600'
    return f'date_diff(\'day\', "{computation.start}", "{computation.end}")'


def _quantile(ground: Ground, computation: Computation, where: str, value: str, part: float) -> Quantile | Unknown:
    """The database sorts and hands over only the few values that the quantile and its interval need."""
    source = f"SELECT ({value})::DOUBLE AS v FROM {relation(computation.of)} WHERE {where}"
    usable = f"SELECT v FROM ({source}) WHERE v IS NOT NULL AND isfinite(v)" + (
        " AND v >= 0" if computation.start else ""
    )
    [(count,)] = ground.rows(f"SELECT count(*) FROM ({usable})")
    wanted = ranks(count, part, CONFIDENCE) if count else ()
    if not wanted:
        return Unknown("no values")
    ordered = f"SELECT v, row_number() OVER (ORDER BY v) AS rank FROM ({usable})"
    listed = ", ".join(map(str, wanted))
    found: dict[int, float] = dict(ground.rows(f"SELECT rank, v FROM ({ordered}) WHERE rank IN ({listed})"))
    return quantile_of_ranks(count, found.__getitem__, part, CONFIDENCE)


def _left_out(ground: Ground, computation: Computation, where: str, value: str) -> str:
    """How many of the rows have no value, or one that cannot be."""
    bad = f"({value}) < 0" if computation.start else "FALSE"
    missing, negative = ground.row(
        f"SELECT count(*) FILTER (WHERE ({value}) IS NULL), count(*) FILTER (WHERE {bad}) "
        f"FROM {relation(computation.of)} WHERE {where}"
    )
    said = [f"{missing:,} without a value left out"] if missing else []
    said += [f"{negative:,} that end before they begin left out"] if negative else []
    return ", ".join(said)


def _median_change(ground: Ground, computation: Computation, hours: bool) -> Answer:
    """The last months against the same a year before, at the mix of the year before where rows have sizes."""
    number = computation.months or HALF
    now, before = chosen(ground, computation, number), chosen(ground, computation, number, YEAR)
    both = Chosen(f"({now.where}) OR ({before.where})", tuple(chain(before.months or (), now.months or ())))
    value = _value(computation, hours)
    strata = strata_of(ground, computation, both.where)
    ratio, told = _at_one_mix(ground, computation, (before.where, now.where), value, strata)
    found = _found(ground, computation, both, 0)
    if len(before.months or ()) < number:
        return refused(f"{counted(len(before.months or ()), 'month')} of the year before, {number} needed", found)
    if isinstance(ratio, Unknown):
        return refused(ratio, found)
    return replace(found, value=ratio[0], low=ratio[1], high=ratio[2], n=ratio[3], told=told)


Change = tuple[float, float | None, float | None, int]


def _at_one_mix(
    ground: Ground, computation: Computation, where: tuple[str, str], value: str, strata: tuple[str, ...]
) -> tuple[Change | Unknown, tuple[str, ...]]:
    """The ratio of the medians in all rows; where strata are filled, their ratios weighted as in the first period."""
    before, now = (_quantile(ground, computation, one, value, 0.5) for one in where)
    plain = ratio_of_medians(before, now)
    if isinstance(plain, Unknown):
        return plain, ()
    if min(plain.first.count, plain.last.count) < FEWEST:
        fewest = min(plain.first.count, plain.last.count)
        return Unknown(short_of(fewest, noun_of(computation.of), FEWEST) + " in each period"), ()
    told = (f"median {plain.first.value:,.4g} before, {plain.last.value:,.4g} now",)
    parts = list(_strata_ratios(ground, computation, where, value, strata))
    if len(parts) < 2:
        return (plain.change, plain.low, plain.high, plain.first.count + plain.last.count), told
    total = sum(part.first.count for part in parts)
    weighted = [_log_part(part, part.first.count / total) for part in parts]
    middle, low, high = combined(weighted)
    ends_known = all(part.low is not None for part in parts)
    n = sum(part.first.count + part.last.count for part in parts)
    change = (exp(middle) - 1, exp(low) - 1 if ends_known else None, exp(high) - 1 if ends_known else None, n)
    return change, (*told, f"compared within {' and '.join(strata)}, at the mix of the year before")


def _strata_ratios(
    ground: Ground, computation: Computation, where: tuple[str, str], value: str, strata: tuple[str, ...]
) -> Iterator[MedianRatio]:
    """The ratio of each stratum that has values enough in both periods."""
    if not strata:
        return
    names = ", ".join(f'"{name}"' for name in strata)
    source = relation(computation.of)
    for values in ground.rows(f"SELECT DISTINCT {names} FROM {source} WHERE ({where[0]}) OR ({where[1]}) ORDER BY ALL"):
        same = " AND ".join(
            f'"{name}" IS NOT DISTINCT FROM {_quoted(one)}' for name, one in zip(strata, values, strict=True)
        )
        first, last = (_quantile(ground, computation, f"({one}) AND {same}", value, 0.5) for one in where)
        ratio = ratio_of_medians(first, last)
        if isinstance(ratio, MedianRatio) and min(ratio.first.count, ratio.last.count) >= FEWEST:
            yield ratio


def _quoted(value: object) -> str:
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


def _log_part(ratio: MedianRatio, weight: float) -> Part:
    middle = log(1 + ratio.change)
    low = middle if ratio.low is None else log(1 + ratio.low)
    high = middle if ratio.high is None else log(1 + ratio.high)
    return Part(weight, middle, low, high)


def strata_of(ground: Ground, computation: Computation, where: str, by: str = "TRUE") -> tuple[str, ...]:
    """The columns of `within` that nearly all of the rows have, on either side of a condition."""
    usable = []
    for name in computation.within:
        if ground.has(computation.of, name):
            filled = ground.rows(
                f'SELECT count("{name}") / count(*) FROM {relation(computation.of)} WHERE {where} GROUP BY ({by})'
            )
            if filled and min(share for (share,) in filled) >= FILLED:
                usable.append(name)
    return tuple(usable)


# --- counts, sums and scores -----------------------------------------------------------------------------------


def total(ground: Ground, computation: Computation) -> Answer:
    """How many rows, how many different values, or the sum of an amount."""
    rows, source = chosen(ground, computation), relation(computation.of)
    if not computation.value:
        counted = f'count(DISTINCT "{computation.distinct}")' if computation.distinct else "count(*)"
        value, n = ground.row(f"SELECT {counted}, count(*) FROM {source} WHERE {rows.where}")
        return replace(_found(ground, computation, rows, n), value=float(value))
    amount = " + ".join(f'"{name}"' for name in computation.value)
    value, known, n = ground.row(f"SELECT sum({amount}), count({amount}), count(*) FROM {source} WHERE {rows.where}")
    found = _found(ground, computation, rows, n)
    noun = noun_of(computation.of)
    if n and not known:
        return refused(f"none of the {n:,} {noun}s has a value for {' + '.join(computation.value)}", found)
    remark = f"{n - known:,} of {n:,} without {' + '.join(computation.value)} count as nothing" if known < n else ""
    return replace(found, value=float(value or 0), remark=remark)


def promoters(ground: Ground, computation: Computation) -> Answer:
    """The net promoter score of answers from 0 to 10."""
    rows, score = chosen(ground, computation), f'"{computation.value[0]}"'
    groups = ("BETWEEN 9 AND 10", ">= 7 AND {0} < 9", ">= 0 AND {0} < 7")
    counts = ", ".join(f"count(*) FILTER (WHERE {score} {group.format(score)})" for group in groups)
    outside = f"count(*) FILTER (WHERE NOT {score} BETWEEN 0 AND 10)"
    up, middle, down, out = ground.row(f"SELECT {counts}, {outside} FROM {relation(computation.of)} WHERE {rows.where}")
    found = _found(ground, computation, rows, up + middle + down)
    result = net_promoters(up, middle, down)
    if isinstance(result, Unknown):
        return refused(result, found)
    remark = f"{out:,} scores outside 0 to 10 left out" if out else ""
    told = (f"{up:,} of {result.answers:,} gave 9 or 10, {down:,} gave 0 to 6",)
    return replace(found, value=result.score, low=result.low, high=result.high, told=told, remark=remark)

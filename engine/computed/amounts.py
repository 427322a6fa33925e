"""One number from rows: a median, a count, a sum, a net promoter score."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from math import exp, log
from typing import TypeAlias

from ..computation import Computation, Give
from ..exports.duck import Row
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
    rows = chosen(ground, computation)
    values = _Values(ground, computation, rows.where, hours)
    middle, top = values.quantiles(0.5, TOP).get((), (Unknown("no values"),) * 2)
    found = _found(ground, computation, rows, middle.count if isinstance(middle, Quantile) else 0)
    if isinstance(middle, Unknown):
        return refused(f"no {noun_of(computation.of)} has a value", found)
    if middle.count < (computation.least or 1):
        return refused(short_of(middle.count, noun_of(computation.of), computation.least), found)
    unit = ground.money_unit(computation.series) if not computation.start else " hours" if hours else " days"
    told = (f"nine in ten up to {top.value:,.6g}{unit}",) if isinstance(top, Quantile) else ()
    known = middle.low is not None and middle.high is not None
    low, high = (middle.low, middle.high) if known else (None, None)
    return replace(found, value=middle.value, low=low, high=high, told=told, remark=values.left_out())


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


Group: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Ordered:
    """Values in their order: how many, and that of a rank from 1."""

    count: int
    at: Callable[[int], float]


@dataclass(frozen=True, slots=True)
class _Values:
    """The values of some rows, in groups. The database orders them, and hands over only what a quantile needs.

    Whole days are counted, as few of them differ; of other values those of the ranks in question are asked for.
    """

    ground: Ground
    computation: Computation
    where: str
    hours: bool
    groups: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """All values as `v`, with `g0`, `g1`, ... for their group."""
        groups = "".join(f", {group} AS g{number}" for number, group in enumerate(self.groups))
        value = _value(self.computation, self.hours)
        return f"(SELECT ({value})::DOUBLE AS v{groups} FROM {relation(self.computation.of)} WHERE {self.where})"

    @property
    def usable(self) -> str:
        return "v IS NOT NULL AND isfinite(v)" + (" AND v >= 0" if self.computation.start else "")

    @property
    def are_days(self) -> bool:
        return bool(self.computation.start) and not self.hours

    @property
    def names(self) -> str:
        return "".join(f"g{number}, " for number in range(len(self.groups)))

    def quantiles(self, *parts: float) -> dict[Group, tuple[Quantile | Unknown, ...]]:
        """The quantiles of each group that has a value."""
        ordered = self._counted_out() if self.are_days else self._sorted(parts)
        return {
            group: tuple(quantile_of_ranks(one.count, one.at, part, CONFIDENCE) for part in parts)
            for group, one in ordered.items()
        }

    def left_out(self) -> str:
        """How many of the rows have no value, or one that cannot be."""
        missing = negative = 0
        if self.are_days:
            for *_, value, count in self._days():
                missing += count if value is None else 0
                negative += count if value is not None and value < 0 else 0
        else:
            for *_, without, below in self._counts():
                missing, negative = missing + without, negative + below
        said = [f"{missing:,} without a value left out"] if missing else []
        said += [f"{negative:,} that end before they begin left out"] if negative else []
        return ", ".join(said)

    def _days(self) -> list[Row]:
        return self.ground.rows(f"SELECT {self.names}v, count(*) FROM {self.source} GROUP BY ALL ORDER BY v")

    def _counted_out(self) -> dict[Group, _Ordered]:
        """From how often each number of days is there."""
        found: dict[Group, tuple[list[float], list[int]]] = {}
        for *group, value, count in self._days():
            if value is not None and value >= 0:
                values, until = found.setdefault(tuple(group), ([], []))
                values.append(value)
                until.append(count + (until[-1] if until else 0))

        def ordered(values: list[float], until: list[int]) -> _Ordered:
            return _Ordered(until[-1], lambda rank: values[bisect_left(until, rank)])

        return {group: ordered(*both) for group, both in found.items()}

    def _counts(self) -> list[Row]:
        """The group, how many of its values can be used, how many are missing, how many end before they begin."""
        below = "v < 0" if self.computation.start else "FALSE"
        return self.ground.rows(
            f"SELECT {self.names}count(*) FILTER (WHERE {self.usable}), count(*) FILTER (WHERE v IS NULL), "
            f"count(*) FILTER (WHERE {below}) FROM {self.source} GROUP BY ALL"
        )

    def _sorted(self, parts: tuple[float, ...]) -> dict[Group, _Ordered]:
        """From the values at the ranks that are needed."""
        counts = {tuple(group): count for *group, count, _, _ in self._counts() if count}
        wanted = {r for count in counts.values() for part in parts for r in ranks(count, part, CONFIDENCE)}
        ranked = self._ranked(wanted) if wanted else {}
        return {group: _Ordered(count, ranked[group].__getitem__) for group, count in counts.items()}

    def _ranked(self, wanted: set[int]) -> dict[Group, dict[int, float]]:
        """The values at some ranks of each group."""
        partition = f"PARTITION BY {self.names.removesuffix(', ')} " if self.groups else ""
        ordered = f"SELECT *, row_number() OVER ({partition}ORDER BY v) AS rank FROM {self.source} WHERE {self.usable}"
        listed = ", ".join(map(str, sorted(wanted)))
        found: dict[Group, dict[int, float]] = {}
        for *group, rank, value in self.ground.rows(
            f"SELECT {self.names}rank, v FROM ({ordered}) WHERE rank IN ({listed})"
        ):
            found.setdefault(tuple(group), {})[rank] = value
        return found


def _median_change(ground: Ground, computation: Computation, hours: bool) -> Answer:
    """The last months against the same a year before, at the mix of the year before where rows have sizes."""
    number = computation.months or HALF
    now, before = chosen(ground, computation, number), chosen(ground, computation, number, YEAR)
    both = Chosen(f"({now.where}) OR ({before.where})", tuple(chain(before.months or (), now.months or ())))
    found = _found(ground, computation, both, 0)
    if len(before.months or ()) < number:
        return refused(f"{counted(len(before.months or ()), 'month')} of the year before, {number} needed", found)
    values = _Values(ground, computation, both.where, hours, (f"({now.where})",))
    middles = {group[0]: of_group[0] for group, of_group in values.quantiles(0.5).items()}
    nothing = Unknown("no values")
    plain = ratio_of_medians(middles.get(False, nothing), middles.get(True, nothing))
    if isinstance(plain, Unknown):
        return refused(plain, found)
    fewest = min(plain.first.count, plain.last.count)
    if fewest < FEWEST:
        return refused(f"{short_of(fewest, noun_of(computation.of), FEWEST)} in each period", found)
    unit = ground.money_unit(computation.series) if not computation.start else " hours" if hours else " days"
    told = (f"median {plain.first.value:,.4g}{unit} before, {plain.last.value:,.4g}{unit} now",)
    found = replace(found, n=plain.first.count + plain.last.count, told=told)
    strata = strata_of(ground, computation, both.where)
    parts = list(_strata_ratios(values, strata)) if strata else []
    if len(parts) < 2:
        return replace(found, value=plain.change, low=plain.low, high=plain.high)
    return _at_one_mix(parts, strata, found)


def _at_one_mix(parts: list[MedianRatio], strata: tuple[str, ...], found: Answer) -> Answer:
    """The ratios of the strata, weighted as in the first period."""
    total = sum(part.first.count for part in parts)
    middle, low, high = combined([_log_part(part, part.first.count / total) for part in parts])
    ends_known = all(part.low is not None for part in parts)
    return replace(
        found,
        value=exp(middle) - 1,
        low=exp(low) - 1 if ends_known else None,
        high=exp(high) - 1 if ends_known else None,
        n=sum(part.first.count + part.last.count for part in parts),
        told=(*found.told, f"compared within {' and '.join(strata)}, at the mix of the year before"),
    )


def _strata_ratios(values: _Values, strata: tuple[str, ...]) -> Iterator[MedianRatio]:
    """The ratio of each stratum that has values enough in both periods."""
    split = replace(values, groups=(*values.groups, *(f'"{name}"' for name in strata)))
    middles = {group: of_group[0] for group, of_group in split.quantiles(0.5).items()}
    nothing = Unknown("no values")
    for stratum in sorted({group[1:] for group in middles}, key=str):
        ratio = ratio_of_medians(middles.get((False, *stratum), nothing), middles.get((True, *stratum), nothing))
        if isinstance(ratio, MedianRatio) and min(ratio.first.count, ratio.last.count) >= FEWEST:
            yield ratio


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

"""Groups against each other: two rates like with like, the mix of two periods, the dates of a record, the steps of a funnel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ..computation import Computation, Stage
from ..facts import Observation
from ..statistics.difference import compare
from ..statistics.proportion import Share
from ..statistics.shift import Shift, stability_index
from ..statistics.stratified import stratified
from ..statistics.unknown import Unknown
from .amounts import chosen, strata_of
from .answer import Answer, Rows, refused
from .clauses import do, which
from .derived_tables import relation
from .filters import met
from .ground import Ground, within
from .nouns import noun_of
from .period import YEAR, last_months, period

HALF = 6


def difference(ground: Ground, computation: Computation) -> Answer:
    """The rate of a group less the rate of the other rows, in points; within strata where their columns are filled."""
    table, rows = computation.of, chosen(ground, computation)
    success, group = met(table, computation.having), met(table, computation.group)
    strata = strata_of(ground, computation, rows.where, group)
    names = "".join(f', "{name}"' for name in strata)
    counted = ground.rows(
        f"SELECT coalesce(({group}), FALSE) AS is_group{names}, count(*) FILTER (WHERE {success}), count(*) "
        f"FROM {relation(table)} WHERE {rows.where} GROUP BY ALL"
    )
    pairs: dict[tuple[object, ...], list[Share]] = {}
    for is_group, *of_stratum, successes, trials in counted:
        pair = pairs.setdefault(tuple(of_stratum), [Share(0, 0), Share(0, 0)])
        pair[int(is_group)] = Share(successes, trials)
    ordered = [tuple(pairs[key]) for key in sorted(pairs, key=str)]
    rest, own = (sum((pair[side] for pair in ordered), Share(0, 0)) for side in (0, 1))
    cover = ground.covers(table, computation.by) if computation.by else None
    found = Answer(
        n=rest.trials + own.trials,
        noun=f"{noun_of(table)}s",
        period=period(rows.months or ()),
        day=min(ground.as_of, cover.told) if cover else ground.as_of,
        behind=Rows(table, f"({rows.where}) AND ({group})"),
        told=(
            _group_told(f"of the {noun_of(table)}s {which(computation.group)}", do(computation.having), own),
            _group_told(f"of the other {noun_of(table)}s", do(computation.having), rest),
        ),
    )
    if not (rest.trials and own.trials):
        return refused(f"no {noun_of(table)} to compare with: all are on one side", found)
    return _compared([(pair[0], pair[1]) for pair in ordered], strata, found)


def _group_told(whole: str, part: str, share: Share) -> str:
    """`of the deals without a named competitor, 36.7 % were won [21.9-54.5 %, 11 of 30]`."""
    if not share.trials:
        return f"{whole} there are none"
    low, high = share.interval()
    return f"{whole}, {100 * share.rate:.1f} % {part} [{100 * low:.1f}-{100 * high:.1f} %, {share.successes:,} of {share.trials:,}]"


def _compared(pairs: list[tuple[Share, Share]], strata: tuple[str, ...], found: Answer) -> Answer:
    rest, own = (sum((pair[side] for pair in pairs), Share(0, 0)) for side in (0, 1))
    crude = compare(rest, own)
    if not strata:
        told = (*found.told, "not compared within client types or sizes: the exports do not say them")
        return replace(found, value=100 * crude.change, low=100 * crude.low, high=100 * crude.high, told=told)
    result = stratified(pairs)
    if isinstance(result, Unknown):
        return refused(result, found)
    told = (
        *found.told,
        f"compared within {' and '.join(strata)} ({result.strata} strata, {result.left_out} with one side only left out); "
        f"without that it would be {100 * crude.change:+.1f} points",
    )
    return replace(found, value=100 * result.difference, low=100 * result.low, high=100 * result.high, told=told)


def mix_shift(ground: Ground, computation: Computation) -> Answer:
    """How far the mix of a column has moved from the same months a year before."""
    table, column, number = computation.of, computation.value[0], computation.months or HALF
    cover = ground.covers(table, computation.by)
    whole = cover.months() if cover else ()
    now, before = last_months(whole, number), last_months(whole, number, YEAR)
    where = met(table, computation.where)
    found = Answer(
        noun=f"{noun_of(table)}s",
        period=period((*before, *now)),
        day=min(ground.as_of, cover.told) if cover else ground.as_of,
        behind=Rows(table, f'({where}) AND "{column}" IS NOT NULL AND {within(computation.by, now)}'),
    )
    if len(before) < number:
        return refused(f"{len(before)} of the same {number} months a year before, all needed", found)
    counts: list[dict[str, int]] = [
        dict(
            ground.rows(
                f'SELECT "{column}", count(*) FROM {relation(table)} '
                f'WHERE ({where}) AND "{column}" IS NOT NULL AND {within(computation.by, months)} GROUP BY ALL'
            )
        )
        for months in (before, now)
    ]
    result = stability_index(*counts)
    found = replace(found, n=sum(map(sum, (c.values() for c in counts))))
    if not isinstance(result, Shift):
        return refused(result, found)
    told = (
        f"{result.cells} kinds; without any shift chance alone would stay below {result.by_chance:.2g} in 19 of 20 cases",
    )
    return replace(found, value=result.index, told=told)


# --- dates in order --------------------------------------------------------------------------------------------


def date_order(ground: Ground, computation: Computation) -> Answer:
    """Records that have all dates which they should, in the right order.

    The first date must be there, and where a later one is, those before it. Dates that an export does not have are not asked of it.
    """
    total, told, behind = Share(0, 0), [], None
    for table, names in computation.dates:
        columns = [name for name in names if ground.has(table, name)]
        if not columns:
            continue
        complete = " AND ".join(_ordered(columns)) or "TRUE"
        count = ground.filled[table, ""]
        (good,) = ground.row(f"SELECT count(*) FROM {relation(table)} WHERE {complete}")
        share = Share(good, count)
        total += share
        told.append(f"{table}: {good:,} of {count:,} by {', '.join(columns)}")
        behind = behind or (Rows(table, f"NOT ({complete})") if good < count else None)
    found = Answer(n=total.trials, noun="records", told=tuple(told), behind=behind, day=ground.as_of)
    if not total.trials:
        return refused("the exports give no dates of stages", found)
    low, high = total.interval()
    return replace(found, value=total.rate, low=low, high=high, successes=total.successes, trials=total.trials)


def _ordered(columns: list[str]) -> Iterator[str]:
    yield f'"{columns[0]}" IS NOT NULL'
    for before, after in pairwise(columns):
        # by days: one of the two may have no time of day
        yield f'("{after}" IS NULL OR coalesce(CAST("{before}" AS DATE) <= CAST("{after}" AS DATE), FALSE))'


# --- the steps of a funnel -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """A step with its rate now and its earlier level."""

    name: str
    now: Observation
    before: Observation

    @property
    def shortfall(self) -> float:
        return (self.before.number - self.now.number) / self.before.number if self.before.number else 0.0

    @property
    def is_clear(self) -> bool:
        """Whether the rate fell beyond chance; an earlier level without counts is taken as exact."""
        if self.now.high is None:
            return True
        counts = (self.before.successes, self.before.trials, self.now.successes, self.now.trials)
        if None in counts:
            return self.now.high < self.before.number
        a, b, c, d = (int(count or 0) for count in counts)
        return compare(Share(a, b), Share(c, d)).high < 0


def shortfall(ground: Ground, computation: Computation) -> Answer:
    """The step that falls furthest short of its earlier level; `none` where none does."""
    steps = list(_steps(ground, computation.stages))
    missing = [stage.name for stage in computation.stages if stage.name not in {step.name for step in steps}]
    told = tuple(
        f"{step.name}: {100 * step.now.number:.1f} %, before {100 * step.before.number:.1f} % ({-100 * step.shortfall:+.0f} %)"
        for step in steps
    )
    left = (f"not compared: {', '.join(missing)}",) if missing else ()
    found = Answer(n=len(steps), noun="steps", told=(*told, *left), day=ground.as_of)
    if len(steps) < 2:
        return refused(f"{len(steps)} step{'' if len(steps) == 1 else 's'} with an earlier level, 2 needed", found)
    worst = max(steps, key=lambda step: step.shortfall)
    if worst.shortfall <= 0:
        return replace(found, value="none")
    clear = [step for step in steps if step.shortfall > 0 and step.is_clear]
    if not clear:
        reason = f"no step is shown to fall short: {worst.name} is lowest, {100 * worst.shortfall:.0f} % below, within chance"
        return refused(reason, found)
    return replace(found, value=max(clear, key=lambda step: step.shortfall).name)


def _steps(ground: Ground, stages: Iterable[Stage]) -> Iterator[_Step]:
    for stage in stages:
        now, before = ground.facts.get(stage.rate), ground.facts.get(stage.reference)
        if now is not None and before is not None:
            yield _Step(stage.name, now, before)

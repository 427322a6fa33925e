"""A rate in parts: whether they differ at all, in which order, and what the mix did to the change since a year before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..computation import Computation, Give, Method
from ..relations import COLUMNS
from ..statistics.mix import mix_change
from ..statistics.month import Month
from ..statistics.proportion import NOTHING, Share
from ..statistics.ranking import ranking
from .answer import Answer, Segmented, Standing
from .derived_tables import relation
from .filters import met
from .ground import Ground, within
from .period import YEAR, last_months

MOST = 100
OTHERS = "(others)"
APART = 0.5
"""A column whose fill rates differ by more between successes and the others is filled in with the outcome."""


def segmented(ground: Ground, computation: Computation, answer: Answer) -> Iterator[Segmented]:
    """The parts by each of the columns `segments` that has values; of the months that the value speaks of."""
    if computation.give is not Give.RATE or answer.value is None:
        return
    now = [line.month for line in answer.lines if line.standing is Standing.USED]
    earlier = [line.month for line in answer.lines if line.standing is Standing.OUTSIDE]
    before = last_months([*earlier, *now], computation.months or YEAR, computation.months or YEAR)
    for column in computation.segments:
        if ground.has(computation.of, column) and not filled_by_outcome(ground, computation, column, now):
            last, others = _parts(ground, computation, column, now)
            first, _ = _parts(ground, computation, column, before, set(last))
            if len(last) > 1:
                title = COLUMNS[computation.of][column].meaning
                yield Segmented(column, title, ranking(last), mix_change(first, last), others)


def filled_by_outcome(ground: Ground, computation: Computation, column: str, months: Iterable[Month]) -> bool:
    """Whether a column is filled in for successes and not for the others: then it follows from the outcome and explains nothing."""
    success, where = _asked(ground, computation, months)
    shares: dict[bool, float] = dict(
        ground.rows(
            f'SELECT ({success}) IS TRUE, count("{column}") / count(*) FROM {relation(computation.of)} WHERE {where} GROUP BY ALL'
        )
    )
    return len(shares) > 1 and abs(shares[True] - shares[False]) > APART


def _asked(ground: Ground, computation: Computation, months: Iterable[Month]) -> tuple[str, str]:
    """What a success is and which rows are meant, as SQL."""
    table, by = computation.of, computation.by
    success = met(table, computation.having)
    if computation.method is Method.COHORT:
        by, end = computation.start, computation.end
        success = f'"{end}" IS NOT NULL AND date_diff(\'day\', "{by}", "{end}") <= {ground.window.days}'
    return success, f"({met(table, computation.where)})" + (f" AND {within(by, months)}" if by else "")


def _parts(
    ground: Ground, computation: Computation, column: str, months: Iterable[Month], named: set[str] | None = None
) -> tuple[Mapping[str, Share], int]:
    """Shares by part; those beyond the largest hundred are one, and counted. `named`: the parts that stand by themselves."""
    table = computation.of
    success, where = _asked(ground, computation, months)
    rows = ground.rows(
        f'SELECT "{column}", count(*) FILTER (WHERE {success}), count(*) FROM {relation(table)} '
        f'WHERE {where} AND "{column}" IS NOT NULL GROUP BY ALL ORDER BY count(*) DESC, "{column}"'
    )
    shares = {str(name): Share(successes, trials) for name, successes, trials in rows}
    shown = list(shares)[:MOST] if named is None else [name for name in shares if name in named or OTHERS not in named]
    rest = [name for name in shares if name not in shown]
    parts = {name: shares[name] for name in shown}
    if rest:
        parts[OTHERS] = sum((shares[name] for name in rest), NOTHING)
    return parts, len(rest)

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


def segmented(ground: Ground, computation: Computation, answer: Answer) -> Iterator[Segmented]:
    """The parts by each of the columns `segments` that has values; of the months that the value speaks of."""
    if computation.give is not Give.RATE or answer.value is None:
        return
    now = [line.month for line in answer.lines if line.standing is Standing.USED]
    earlier = [line.month for line in answer.lines if line.standing is Standing.OUTSIDE]
    before = last_months([*earlier, *now], computation.months or YEAR, computation.months or YEAR)
    for column in computation.segments:
        if ground.has(computation.of, column):
            last, others = _parts(ground, computation, column, now)
            first, _ = _parts(ground, computation, column, before, set(last))
            if len(last) > 1:
                title = COLUMNS[computation.of][column].meaning
                yield Segmented(column, title, ranking(last), mix_change(first, last), others)


def _parts(
    ground: Ground, computation: Computation, column: str, months: Iterable[Month], named: set[str] | None = None
) -> tuple[Mapping[str, Share], int]:
    """Shares by part; those beyond the largest hundred are one, and counted. `named`: the parts that stand by themselves."""
    table = computation.of
    by = computation.start if computation.method is Method.COHORT else computation.by
    success = met(table, computation.having)
    if computation.method is Method.COHORT:
        end = computation.end
        success = f'"{end}" IS NOT NULL AND date_diff(\'day\', "{by}", "{end}") <= {ground.window.days}'
    where = f"({met(table, computation.where)})" + (f" AND {within(by, months)}" if by else "")
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

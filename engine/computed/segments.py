"""A rate in parts: whether they differ at all, in which order, and what the mix did to the change since a year before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
    if computation.give is not Give.RATE or answer.value is None or not computation.segments:
        return
    now = [line.month for line in answer.lines if line.standing is Standing.USED]
    earlier = [line.month for line in answer.lines if line.standing is Standing.OUTSIDE]
    number = computation.months or YEAR
    before = last_months([*earlier, *now], number, number)
    asked = _Asked(ground, computation, tuple(now), before)
    columns = [name for name in computation.segments if ground.has(computation.of, name)]
    for column in asked.independent(columns):
        last, first, others = asked.parts(column)
        if len(last) > 1:
            title = COLUMNS[computation.of][column].meaning
            yield Segmented(column, title, ranking(last), mix_change(first, last), others)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A rate, and the months of now and of a year before."""

    ground: Ground
    computation: Computation
    now: tuple[Month, ...]
    before: tuple[Month, ...]

    @property
    def by(self) -> str:
        return self.computation.start if self.computation.method is Method.COHORT else self.computation.by

    @property
    def success(self) -> str:
        if self.computation.method is not Method.COHORT:
            return met(self.computation.of, self.computation.having)
        start, end = self.computation.start, self.computation.end
        return f'"{end}" IS NOT NULL AND date_diff(\'day\', "{start}", "{end}") <= {self.ground.window.days}'

    @property
    def source(self) -> str:
        """The rows of both times, with `is_now`."""
        now = within(self.by, self.now) if self.by else "TRUE"
        before = within(self.by, self.before) if self.by else "FALSE"
        where = f"({met(self.computation.of, self.computation.where)}) AND (({now}) OR ({before}))"
        return f"(SELECT *, ({now}) AS is_now FROM {relation(self.computation.of)} WHERE {where})"

    def independent(self, columns: list[str]) -> list[str]:
        """The columns that are not filled in with the outcome: what follows from it explains nothing."""
        if not columns:
            return []
        shares = ", ".join(f'count("{name}") / count(*)' for name in columns)
        rows = self.ground.rows(f"SELECT {shares} FROM {self.source} WHERE is_now GROUP BY ({self.success}) IS TRUE")
        apart = (
            [max(column) - min(column) for column in zip(*rows, strict=True)] if len(rows) > 1 else [0.0] * len(columns)
        )
        return [name for name, difference in zip(columns, apart, strict=True) if difference <= APART]

    def parts(self, column: str) -> tuple[Mapping[str, Share], Mapping[str, Share], int]:
        """Shares of now and before by part; those beyond the largest hundred of now are one, and counted."""
        rows = self.ground.rows(
            f'SELECT is_now, "{column}", count(*) FILTER (WHERE {self.success}), count(*) FROM {self.source} '
            f'WHERE "{column}" IS NOT NULL GROUP BY ALL ORDER BY count(*) DESC, "{column}"'
        )
        names = [str(name) for is_now, name, *_ in rows if is_now]
        shown = set(names[:MOST])
        found: tuple[dict[str, Share], dict[str, Share]] = ({}, {})
        for is_now, name, successes, trials in rows:
            part = str(name) if str(name) in shown or len(names) <= MOST else OTHERS
            side = found[0 if is_now else 1]
            side[part] = side.get(part, NOTHING) + Share(successes, trials)
        return found[0], found[1], max(0, len(names) - MOST)

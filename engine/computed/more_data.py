"""What would make an unknown or an open fact known, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ..computation import Give, Method
from .answer import Computed, Standing
from .compute import Sheet

LATE = timedelta(days=31)
_OPEN = ("inconclusive",)
_NO_EARLIER = (Standing.BEFORE_SELLING, Standing.HALF_BEFORE_SELLING)
"""Where there are such months, earlier ones cannot be judged either."""


def more_data(sheet: Sheet, computed: Computed) -> Iterator[str]:
    """What to export, to wait for or to ask; nothing where the fact is known and says something."""
    answer = computed.answer
    is_open = computed.observation is None or answer.value in _OPEN
    if not is_open:
        return
    if answer.remedy:
        yield answer.remedy
        return
    if answer.until is not None and answer.until < sheet.as_of - LATE:
        yield f"the rows end on {answer.until}: export those up to {sheet.as_of}"
    young = [line.month for line in answer.lines if line.standing is Standing.IMMATURE]
    if young:
        ready = young[0].last + timedelta(days=sheet.window.days)
        yield f"{len(young)} month{'' if len(young) == 1 else 's'} still too young: {young[0]} is old enough on {ready}"
    if answer.lines and not any(line.standing in _NO_EARLIER for line in answer.lines):
        yield f"export earlier rows as well: they begin in {answer.lines[0].month}"
    if (
        computed.computation.give is Give.TREND
        and answer.value in _OPEN
        and computed.computation.method is Method.COHORT
    ):
        yield "a coarser goal that is reached more often, such as an accepted lead, shows a trend with fewer leads"
    if not answer.lines and computed.observation is None:
        yield "map the column under `sources:` of company.yaml, export it, or state the fact under `facts:`"

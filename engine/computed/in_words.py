"""A computation in words, as a consultant reads it out to a client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..computation import Computation, Filter, Give, Method, Series
from .clauses import which
from .nouns import noun_of
from .period import YEAR

_GIVES = {
    Give.MEAN: "their mean",
    Give.VARIATION: "their standard deviation divided by their mean",
    Give.TREND: "the state of their trend",
    Give.CHANGE: "the relative change a month",
    Give.USUAL: "the median of the monthly rates",
    Give.DIRECTION: "whether that is clearly more or less than in the months before (p < 0.10)",
}


def told(computation: Computation) -> str:
    """What is counted, of what, over which months."""
    words = _WORDS[computation.method](computation)
    given = _GIVES.get(computation.give, "")
    if computation.method is Method.MEDIAN and computation.give is Give.CHANGE:
        given = "against the same months a year before" + (
            f", at the same {' and '.join(computation.within)}" if computation.within else ""
        )
    return "; ".join(part for part in (words, _months(computation), given) if part)


def _rows(computation: Computation) -> str:
    return _of(computation.of, computation.where)


def _of(table: str, where: tuple[Filter, ...]) -> str:
    return f"the {noun_of(table)}s {which(where)}".rstrip()


def _months(computation: Computation) -> str:
    if computation.give is Give.TREND or (computation.give is Give.CHANGE and computation.method is not Method.MEDIAN):
        return f"over the last {YEAR} months, or up to 36 where there are 24"
    if not computation.by and computation.method is not Method.COHORT:
        return ""
    number = computation.months or (0 if computation.method in (Method.MONTHLY, Method.SEASON) else YEAR)
    if not number:
        return "every whole month"
    judged = "that can be judged" if computation.method is Method.COHORT else "that are whole"
    return f"the last {number} months {judged}" + (f", {computation.back} months back" if computation.back else "")


def _amount(series: Series) -> str:
    what = " + ".join(series.value)
    rows = _of(series.of, series.where)
    return (f"the sum of {what} of {rows}" if what else f"the number of {rows}") + f" by month of `{series.by}`"


def _shared(c: Computation) -> str:
    dated = f", by month of `{c.by}`" if c.by else ""
    return f"of {_rows(c)}{dated}, those {which(c.having)}"


def _cohort(c: Computation) -> str:
    return f"of {_rows(c)} by month of `{c.start}`, those that reached `{c.end}` within T days"


def _median(c: Computation) -> str:
    what = " + ".join(c.value) if c.value else f"the time from `{c.start}` to `{c.end}`"
    return f"the median of {what} of {_rows(c)}" + (f", by month of `{c.by}`" if c.by else "")


def _total(c: Computation) -> str:
    what = (
        f"the sum of {' + '.join(c.value)} of"
        if c.value
        else f"how many different `{c.distinct}` in"
        if c.distinct
        else "how many of"
    )
    return f"{what} {_rows(c)}"


def _growth(c: Computation) -> str:
    per = f", divided by {_amount(c.per)}" if c.per is not None else ""
    moved = f", moved back by `{c.shift_by}`" if c.shift_by else ""
    return f"{_amount(c.series)}{per}, against the same months a year before{moved}"


def _ratio(c: Computation) -> str:
    return f"{_amount(c.series)}, divided by {_amount(c.per)}" if c.per is not None else _amount(c.series)


def _difference(c: Computation) -> str:
    within = f", compared within {' and '.join(c.within)}" if c.within else ""
    return f"{_shared(c)}: the rate of those {which(c.group)}, less the rate of the others{within}"


def _order(c: Computation) -> str:
    return "records with every date that they should have, in this order: " + "; ".join(
        f"{table} {', '.join(columns)}" for table, columns in c.dates
    )


def _shortfall(c: Computation) -> str:
    return "the step that falls furthest below its earlier level: " + ", ".join(
        f"{stage.name} ({stage.rate} against {stage.reference})" for stage in c.stages
    )


_WORDS: Mapping[Method, Callable[[Computation], str]] = MappingProxyType(
    {
        Method.MONTHLY: lambda c: _amount(c.series),
        Method.COHORT: _cohort,
        Method.SHARE: _shared,
        Method.MEDIAN: _median,
        Method.TOTAL: _total,
        Method.RATIO: _ratio,
        Method.GROWTH: _growth,
        Method.DIFFERENCE: _difference,
        Method.NET_PROMOTERS: lambda c: (
            f"the percentage of {_rows(c)} with a {c.value[0]} of 9 or 10, less that with 0 to 6"
        ),
        Method.SEASON: lambda c: f"the seasonal index of {_amount(c.series)}: the mean of the next 3 months",
        Method.MIX_SHIFT: lambda c: (
            f"how far the mix of {c.value[0]} of {_rows(c)} moved from the same months a year before"
        ),
        Method.DATE_ORDER: _order,
        Method.SHORTFALL: _shortfall,
        Method.COVERED: lambda _: "the last day on which anything happens in the exports",
        Method.SQL: lambda c: c.sql,
    }
)

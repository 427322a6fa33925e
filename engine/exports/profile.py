"""How the values of one file are written: the order of day and month, the decimal sign, the notations of each column.

One file is written by one system with one setting, so what one column shows holds for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..diagnostics import Diagnostic, Span
from .canonical import Kind
from .dates import CAST_WITH_ZONE, DAY_FIRST, MONTH_FIRST, Order, Shape, formats, order_of
from .numbers import COMMA, POINT, Numbers, numbers_of
from .prepared import Prepared, Sought, at_rows, problem
from .scan import Field

DATES = (Kind.INSTANT, Kind.MONTH)
NUMBERS = (Kind.NUMBER, Kind.MONEY, Kind.COUNT)

Rows = Callable[[Field, Sequence[str]], tuple[int, ...]]
"""The first rows in which a column has one of some texts."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How the values of a file are read. `formats` and `numbers` by the name of the canonical column."""

    order: str
    decimal: str
    formats: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, Numbers]
    told: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


def profile(
    fields: Sequence[Field],
    shapes: Mapping[str, Sequence[Shape]],
    sought: Sought,
    prepared: Prepared,
    place: Span,
    rows: Rows,
) -> Profile:
    """What the shapes of the columns show, and a problem for what they do not."""
    where = _Where(sought, prepared, place, rows)
    dates = {f.column.name: (f, order_of(shapes[f.column.name])) for f in fields if f.column.kind in DATES}
    numbers = {f.column.name: (f, numbers_of(shapes[f.column.name])) for f in fields if f.column.kind in NUMBERS}
    order, decimal = _order(dates, where), _decimal(numbers, where)
    read = {
        name: formats(shapes[name], order.value, field.column.kind is Kind.MONTH) for name, (field, _) in dates.items()
    }
    return Profile(
        order.value,
        decimal.value,
        read,
        {name: shown for name, (_, shown) in numbers.items()},
        tuple(told for told in (order.told, decimal.told, *_notations(read)) if told),
        (*order.problems, *decimal.problems),
    )


def _notations(read: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What is to be known of the notations of dates."""
    used = {form for given in read.values() for form in given}
    if CAST_WITH_ZONE in used:
        yield "times with an offset are taken to UTC"
    if any("%y" in form for form in used):
        yield "years of two digits lie between 1969 and 2068"


@dataclass(frozen=True, slots=True)
class _Where:
    """What messages say of a place."""

    sought: Sought
    prepared: Prepared
    place: Span
    rows: Rows

    def quoted(self, field: Field, text: str) -> str:
        return f"`{text}` ({at_rows(self.sought.name, self.rows(field, [text])[:1])})"


@dataclass(frozen=True, slots=True)
class _Decision:
    value: str
    told: str = ""
    problems: tuple[Diagnostic, ...] = ()


# --- day and month ---------------------------------------------------------------------------------------------


def _order(dates: Mapping[str, tuple[Field, Order]], where: _Where) -> _Decision:
    said = where.sought.form.dates
    days = [(field, order.day_first) for field, order in dates.values() if order.day_first]
    months = [(field, order.month_first) for field, order in dates.values() if order.month_first]
    if days and months:
        return _Decision(said or DAY_FIRST, problems=(_mixed(days[0], months[0], where),))
    against = {DAY_FIRST: months, MONTH_FIRST: days}.get(said, [])
    if against:
        return _Decision(said, problems=(_contradicted(said, against[0], where),))
    if said:
        return _Decision(said)
    shown = DAY_FIRST if days else MONTH_FIRST if months else ""
    if shown:
        _, sample = (days or months)[0]
        return _Decision(shown, f"dates {shown}, as `{sample}` shows")
    return _Decision("", problems=tuple(_ambiguous(dates, where)))


def _mixed(day: tuple[Field, str], month: tuple[Field, str], where: _Where) -> Diagnostic:
    message = (
        f"`{where.sought.name}` mixes two orders of dates: {where.quoted(*day)} can only be day-first, "
        f"{where.quoted(*month)} only month-first"
    )
    return problem("mixed-dates", message, where.place, "export the file again with dates as year-month-day")


def _contradicted(said: str, against: tuple[Field, str], where: _Where) -> Diagnostic:
    other = MONTH_FIRST if said == DAY_FIRST else DAY_FIRST
    message = f"`dates: {said}` is said of `{where.sought.name}`, and {where.quoted(*against)} can only be {other}"
    return problem("mixed-dates", message, where.place, f"write `dates: {other}`, or mend the file")


def _ambiguous(dates: Mapping[str, tuple[Field, Order]], where: _Where) -> Iterator[Diagnostic]:
    numeric = [(field, order.numeric) for field, order in dates.values() if order.numeric]
    if numeric:
        columns = " and ".join(f"`{field.header}`" for field, _ in numeric)
        message = f"the dates in {columns} of `{where.sought.name}` could all be day-first or month-first: {where.quoted(*numeric[0])}"
        hint = "add a line `dates: day-first` or `dates: month-first`"
        yield problem("ambiguous-dates", message, where.place, hint)


# --- the decimal sign ------------------------------------------------------------------------------------------


def _decimal(numbers: Mapping[str, tuple[Field, Numbers]], where: _Where) -> _Decision:
    said = where.sought.form.decimal
    points = [(field, shown.point) for field, shown in numbers.values() if shown.point]
    commas = [(field, shown.comma) for field, shown in numbers.values() if shown.comma]
    if points and commas:
        return _Decision(said or POINT, problems=(_mixed_signs(points[0], commas[0], where),))
    shown = POINT if points or where.prepared.decimal == POINT else COMMA if commas else ""
    if said and shown and said != shown:
        found = (points or commas)[0] if points or commas else None
        return _Decision(said, problems=(_other_sign(said, found, where),))
    if said or shown:
        told = f"decimal comma, as `{commas[0][1]}` shows" if commas and not said else ""
        return _Decision(said or shown, told)
    return _Decision(POINT, problems=tuple(_either(numbers, where)))


def _mixed_signs(point: tuple[Field, str], comma: tuple[Field, str], where: _Where) -> Diagnostic:
    message = (
        f"`{where.sought.name}` mixes decimal points and commas: {where.quoted(*point)} and {where.quoted(*comma)}"
    )
    return problem("mixed-decimals", message, where.place, "export the file again with one kind of number")


def _other_sign(said: str, found: tuple[Field, str] | None, where: _Where) -> Diagnostic:
    words = {POINT: "point", COMMA: "comma"}
    shown = where.quoted(*found) if found else "numbers of the sheet"
    message = f"`decimal: {words[said]}` is said of `{where.sought.name}`, and it has {shown}"
    return problem("mixed-decimals", message, where.place, "delete the line, or mend the file")


def _either(numbers: Mapping[str, tuple[Field, Numbers]], where: _Where) -> Iterator[Diagnostic]:
    either = [(field, shown.either) for field, shown in numbers.values() if shown.either]
    if either:
        columns = " and ".join(f"`{field.header}`" for field, _ in either)
        message = (
            f"the numbers in {columns} of `{where.sought.name}` could have groups of thousands or three decimals: "
            f"{where.quoted(*either[0])}"
        )
        yield problem("ambiguous-decimals", message, where.place, "add a line `decimal: point` or `decimal: comma`")

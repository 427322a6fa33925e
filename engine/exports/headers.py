"""Which column of a file is meant by a header; near names where none is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase

from ..diagnostics import Diagnostic, Span
from .canonical import Table
from .prepared import Prepared, normal, problem
from .request import Wanted, Words
from .scan import Field

_NEAREST = 3


def fields(
    prepared: Prepared, wanted: Iterable[Wanted], table: Table, values: Mapping[str, Words], problems: list[Diagnostic]
) -> tuple[Field, ...]:
    """The columns that are wanted and there. A missing one is a problem, unless the mapping is a ready one and can do without."""
    found = []
    for one in wanted:
        column = table.column(one.name)
        index = position(prepared, one.headers, one.span, problems, one.optional)
        if index is not None:
            found.append(Field(column, index, prepared.headers[index], values.get(one.name)))
    return tuple(found)


def position(
    prepared: Prepared, headers: tuple[str, ...], place: Span, problems: list[Diagnostic], optional: bool = False
) -> int | None:
    """The position of the first of some headers that is there; None where none is, which is a problem unless it is optional."""
    names = [normal(header) for header in prepared.headers]
    for header in headers:
        positions = [index for index, name in enumerate(names) if name == normal(header)]
        if len(positions) > 1:
            columns = " and ".join(str(index + 1) for index in positions[:_NEAREST])
            message = f"`{prepared.name}` has more than one column `{header}`: columns {columns}"
            problems.append(problem("repeated-column", message, place, "rename one of them in the file"))
            return None
        if positions:
            return positions[0]
    if not optional:
        problems.append(_missing(prepared, headers, place))
    return None


def _missing(prepared: Prepared, headers: tuple[str, ...], place: Span) -> Diagnostic:
    wanted = " or ".join(f"`{header}`" for header in headers)
    return problem("missing-column", f"`{prepared.name}` has no column {wanted}", place, nearest(prepared, headers))


def nearest(prepared: Prepared, headers: Iterable[str]) -> str:
    """A hint with the headers of a file that come near, or with the first of them."""
    known = {normal(header): header for header in prepared.headers if header}
    near = [name for header in headers for name in get_close_matches(normal(header), known, n=_NEAREST, cutoff=0.6)]
    if near:
        return "nearest: " + ", ".join(f"`{known[name]}`" for name in dict.fromkeys(near))
    listed = [header for header in prepared.headers if header]
    dots = ", ..." if len(listed) > 8 else ""
    return "it has " + ", ".join(f"`{header}`" for header in listed[:8]) + dots if listed else "it has no header"


def lacking(table: Table, given: Iterable[str]) -> Iterator[str]:
    """Columns that the table needs and nothing gives."""
    present = set(given)
    yield from (column.name for column in table.columns if column.required and column.name not in present)
    if table.one_of and not present.intersection(table.one_of):
        yield " or ".join(table.one_of)


def stages(prepared: Prepared, pattern: str) -> dict[str, str]:
    """The headers that have the form of a pattern, by the stage that stands in place of its `*`."""
    if not pattern:
        return {}
    before, _, after = pattern.partition("*")
    found = {}
    for header in prepared.headers:
        if fnmatchcase(normal(header), f"{normal(before)}*{normal(after)}"):
            found[header[len(before) : len(header) - len(after)].strip(" \"'")] = header
    return found

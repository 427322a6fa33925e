"""The records of a prepared file as a relation of texts: `v0`, `v1`, ... trimmed, NULL where empty; and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .canonical import Column
from .dates import Shape
from .duck import Database, literal
from .prepared import SAMPLES, Prepared
from .request import Words

_MAX_SHAPES = 3000


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a file that becomes a column of a table: its position, its header, what its values mean."""

    column: Column
    index: int
    header: str
    words: Words | None = None

    @property
    def raw(self) -> str:
        """The text of a cell."""
        return f"v{self.index}"


def relation(prepared: Prepared, indexes: Iterable[int], missing: Sequence[str] = ()) -> str:
    """A relation of these columns; `row` too where the file is numbered."""
    cells = ", ".join(f"{_cell(f'c{index}', missing)} AS v{index}" for index in sorted(set(indexes)))
    row = 'CAST(n AS BIGINT) AS "row", ' if prepared.numbered else ""
    return f"(SELECT {row}{cells} FROM {_reader(prepared)})"


def _cell(name: str, missing: Sequence[str]) -> str:
    # to trim costs as much as to read, and few texts need it: those that begin or end with a space, or with what is below it
    cell = f"CASE WHEN {name} < '!' OR suffix({name}, ' ') THEN nullif(trim({name}), '') ELSE {name} END"
    if not missing:
        return cell
    listed = ", ".join(literal(word.strip().lower()) for word in missing)
    return f"CASE WHEN lower(trim({name})) IN ({listed}) THEN NULL ELSE {cell} END"


def _reader(prepared: Prepared) -> str:
    names = [*(["n"] if prepared.numbered else []), *(f"c{index}" for index in range(len(prepared.headers)))]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    return (
        f"read_csv({literal(str(prepared.path))}, auto_detect = false, header = false, skip = {prepared.skip}, "
        f"delim = {literal(prepared.separator)}, quote = '\"', escape = '\"', nullstr = '', columns = {{{columns}}})"
    )


def shapes(database: Database, texts: Mapping[str, str]) -> dict[str, tuple[Shape, ...]]:
    """The shapes of the texts of columns, the most frequent first; `texts` gives a query of the texts `v` for each column.

    What can be no date at all shows no order.
    """
    if not texts:
        return {}
    # in one statement, as the database works on several at once
    each = (f"SELECT {number} AS k, * FROM ({_shapes(query)})" for number, query in enumerate(texts.values()))
    found: list[list[Shape]] = [[] for _ in texts]
    for k, *r in database.query(" UNION ALL ".join(each)):
        found[k].append(Shape(r[0], r[1], r[2], r[3], r[4] or "", r[5], r[6] or ""))
    ordered = (tuple(sorted(one, key=lambda shape: (-shape.count, shape.text))) for one in found)
    return dict(zip(texts, ordered, strict=True))


def _shapes(texts: str) -> str:
    return f"""
        SELECT shape, count(*), min(v), max(a) FILTER (WHERE b <= 12), arg_max(v, a) FILTER (WHERE b <= 12),
            max(b) FILTER (WHERE a <= 12), arg_max(v, b) FILTER (WHERE a <= 12) FROM (
            SELECT v, translate(lower(v), '012345678', '999999999') AS shape,
                try_cast(regexp_extract(v, '^(\\d{{1,2}})[./-]', 1) AS INT) AS a,
                try_cast(regexp_extract(v, '^\\d{{1,2}}[./-](\\d{{1,2}})[./-]', 1) AS INT) AS b
            FROM ({texts}) WHERE v IS NOT NULL
        ) GROUP BY shape ORDER BY count(*) DESC, shape LIMIT {_MAX_SHAPES}
        """


def rows_of(database: Database, prepared: Prepared, field: Field, texts: Sequence[str]) -> tuple[int, ...]:
    """The first rows in which a column has one of some texts."""
    number = '"row"' if prepared.numbered else f"row_number() OVER () + {prepared.skip}"
    found = database.query(
        f"SELECT n FROM (SELECT {number} AS n, {field.raw} AS v FROM {relation(prepared, [field.index])}) "
        f"WHERE v IN ({', '.join('?' * len(texts))}) ORDER BY n LIMIT {SAMPLES}",
        list(texts),
    )
    return tuple(row for (row,) in found)

"""What `sources:` of a company's file asks for: which file holds which table, and how its columns and values are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ..diagnostics import Diagnostic, SourceError, Span, did_you_mean
from ..document import Fields, Items, Node, Value, read
from ..fields import entries, get, items, scalar_text, span_of, text
from .canonical import TABLES, Table

MAPPINGS = Path(__file__).resolve().parent / "mappings"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A canonical column and the headers it may have in the file. `optional`: of a ready mapping, absent in some exports."""

    name: str
    headers: tuple[str, ...]
    span: Span = field(compare=False)
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What the values of a column mean: those of the file, in small letters, to those of the table. `written`: as they were written."""

    meaning: Mapping[str, str]
    otherwise: str
    written: Mapping[str, str]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written, as far as somebody said; what is empty is found out, and told."""

    separator: str = ""
    encoding: str = ""
    decimal: str = ""
    dates: str = ""
    comment: str = ""
    header_row: int = 0
    sheet: str = ""
    currency: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """A file that says more of each row: the row whose `key` equals `on` of the row. `repair` corrects spellings of `on`."""

    file: str
    form: Form
    on: str
    key: str
    columns: tuple[Wanted, ...]
    values: Mapping[str, Words]
    repair: Mapping[str, str]
    expected: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One entry of `sources:`. `ignore` and `only` name a header and values; `stages` a stage and its header, or a pattern."""

    files: tuple[str, ...]
    table: Table
    form: Form
    columns: tuple[Wanted, ...]
    values: Mapping[str, Words]
    constants: Mapping[str, str]
    ignore: Mapping[str, tuple[str, ...]]
    only: Mapping[str, tuple[str, ...]]
    stages: Mapping[str, str]
    stage_pattern: str
    keep_latest_by: str
    lookups: tuple[Lookup, ...]
    mapping: str
    span: Span = field(compare=False)


def mapping_names() -> tuple[str, ...]:
    """The ready mappings there are."""
    return tuple(sorted(path.stem for path in MAPPINGS.glob("*.yaml")))


def requests(node: Node) -> tuple[Request, ...]:
    """The entries of `sources:`, which have the shape of the schema. Raises SourceError with all problems."""
    problems: list[Diagnostic] = []
    found = [request for entry in items(node, "sources") for request in _request(entry, problems)]
    problems += _claimed_twice(found)
    if problems:
        raise SourceError(problems)
    return tuple(found)


def _request(entry: Node, problems: list[Diagnostic]) -> Iterator[Request]:
    ready = _ready(entry, problems)
    table = _table(entry, ready, problems)
    if table is None:
        return
    columns = _columns(entry, ready, table, problems)
    request = Request(
        files=_files(entry),
        table=table,
        form=_form(entry, _form(ready)),
        columns=columns,
        values=MappingProxyType({**_values(ready, table, []), **_values(entry, table, problems)}),
        constants=_constants(entry, table, problems),
        ignore=_lists(entry, "ignore"),
        only=_lists(entry, "only"),
        stages=_texts(entry, "stages"),
        stage_pattern=text(entry, "stages") or text(ready, "stages"),
        keep_latest_by=text(entry, "keep_latest_by"),
        lookups=tuple(_lookup(one, table, problems) for one in items(entry, "lookups")),
        mapping=text(entry, "mapping"),
        span=span_of(entry, "file"),
    )
    problems += _incomplete(request)
    yield request


def _ready(entry: Node, problems: list[Diagnostic]) -> Node:
    """The ready mapping that an entry names, an empty one where it names none."""
    name = text(entry, "mapping")
    if not name:
        return Fields(MappingProxyType({}), MappingProxyType({}), entry.span)
    if name not in mapping_names():
        hint = did_you_mean(name, mapping_names()) or f"ready mappings: {', '.join(mapping_names())}"
        problem = Diagnostic("unknown-mapping", f"there is no ready mapping `{name}`", span_of(entry, "mapping"), hint)
        problems.append(problem)
        return Fields(MappingProxyType({}), MappingProxyType({}), entry.span)
    return read(MAPPINGS / f"{name}.yaml", f"steelyard:{name}")


def _table(entry: Node, ready: Node, problems: list[Diagnostic]) -> Table | None:
    name = text(entry, "table") or text(ready, "table")
    if name in TABLES:
        return TABLES[name]
    if not text(entry, "mapping"):
        hint = f"add `mapping:` with a ready one ({', '.join(mapping_names())}), or `table:` and `columns:`"
        problems.append(Diagnostic("no-table", "the entry does not say what the file holds", entry.span, hint))
    return None


def _files(entry: Node) -> tuple[str, ...]:
    given = get(entry, "file")
    return tuple(map(scalar_text, given.items)) if isinstance(given, Items) else (text(entry, "file"),)


def _form(entry: Node, under: Form | None = None) -> Form:
    under = under or Form()
    row = get(entry, "header_row")
    return Form(
        separator={"tab": "\t"}.get(text(entry, "separator"), text(entry, "separator")) or under.separator,
        encoding=text(entry, "encoding") or under.encoding,
        decimal={"point": ".", "comma": ","}.get(text(entry, "decimal"), under.decimal),
        dates=text(entry, "dates") or under.dates,
        comment=text(entry, "comment") or under.comment,
        header_row=row.value if isinstance(row, Value) and isinstance(row.value, int) else under.header_row,
        sheet=text(entry, "sheet") or under.sheet,
        currency=text(entry, "currency") or under.currency,
        missing=tuple(map(scalar_text, items(entry, "missing"))) or under.missing,
    )


# --- columns and values ----------------------------------------------------------------------------------------


def _columns(entry: Node, ready: Node, table: Table, problems: list[Diagnostic]) -> tuple[Wanted, ...]:
    """Those of the ready mapping but for what the entry goes without, and those of the entry over them."""
    found = {name: Wanted(name, _headers(node), place, True) for name, place, node in entries(ready, "columns")}
    without = {scalar_text(node): node.span for node in items(entry, "without")}
    problems += [_not_mapped(name, place, tuple(found)) for name, place in without.items() if name not in found]
    found = {name: wanted for name, wanted in found.items() if name not in without}
    found |= {wanted.name: wanted for wanted in _wanted(entry, table, problems)}
    return tuple(found.values())


def _not_mapped(name: str, place: Span, mapped: tuple[str, ...]) -> Diagnostic:
    hint = did_you_mean(name, mapped) or "`without:` names columns of a ready mapping; delete it"
    return Diagnostic("unknown-column", f"the ready mapping has no column `{name}` to go without", place, hint)


def _wanted(entry: Node, table: Table, problems: list[Diagnostic]) -> Iterator[Wanted]:
    for name, place, node in entries(entry, "columns"):
        if name in table.names:
            yield Wanted(name, _headers(node), node.span)
        else:
            problems.append(_unknown_column(name, place, table))


def _unknown_column(name: str, place: Span, table: Table) -> Diagnostic:
    hint = did_you_mean(name, table.names) or f"columns of {table.name}: {', '.join(table.names)}"
    return Diagnostic("unknown-column", f"table `{table.name}` has no column `{name}`", place, hint)


def _headers(node: Node) -> tuple[str, ...]:
    return tuple(map(scalar_text, node.items)) if isinstance(node, Items) else (scalar_text(node),)


def _values(entry: Node, table: Table, problems: list[Diagnostic]) -> dict[str, Words]:
    found = {}
    for name, place, node in entries(entry, "values"):
        if name not in table.names:
            problems.append(_unknown_column(name, place, table))
        elif isinstance(node, Fields):
            found[name] = _words(node)
            problems += _unknown_words(name, node, table)
    return found


def _words(node: Fields) -> Words:
    written = {
        text.strip(): target
        for target, given in node.fields.items()
        if target != "otherwise"
        for text in _headers(given)
    }
    meaning = {text.lower(): target for text, target in written.items()}
    return Words(MappingProxyType(meaning), text(node, "otherwise"), MappingProxyType(written), node.span)


def _unknown_words(name: str, node: Fields, table: Table) -> Iterator[Diagnostic]:
    allowed = words_of(table, name)
    used = [(target, node.keys[target]) for target in node.fields if target != "otherwise"]
    if "otherwise" in node.fields:
        used.append((text(node, "otherwise"), node.fields["otherwise"].span))
    for target, place in used:
        if allowed and target not in allowed:
            hint = did_you_mean(target, allowed) or f"write one of {', '.join(allowed)}"
            yield Diagnostic("unmapped-value", f"`{name}` cannot be `{target}`", place, hint)


def words_of(table: Table, name: str) -> tuple[str, ...]:
    """What `values:` may turn the values of a column into; nothing where that is free."""
    column = table.column(name)
    return ("yes", "no") if column.kind.sql == "BOOLEAN" else column.words


def _constants(entry: Node, table: Table, problems: list[Diagnostic]) -> Mapping[str, str]:
    found = {}
    for name, place, node in entries(entry, "constants"):
        if name not in table.names:
            problems.append(_unknown_column(name, place, table))
            continue
        if table.column(name).kind.sql not in ("VARCHAR", "BOOLEAN"):
            hint = "texts, words and yes or no can be constants; map a column for it"
            problems.append(Diagnostic("unmapped-value", f"`{name}` cannot be the same in all rows", place, hint))
            continue
        allowed = words_of(table, name)
        if allowed and scalar_text(node) not in allowed:
            hint = f"write one of {', '.join(allowed)}"
            message = f"`{name}` cannot be `{scalar_text(node)}`"
            problems.append(Diagnostic("unmapped-value", message, node.span, hint))
        found[name] = scalar_text(node)
    return MappingProxyType(found)


def _lists(entry: Node, key: str) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: _headers(node) for name, _, node in entries(entry, key)})


def _texts(entry: Node, key: str) -> Mapping[str, str]:
    return MappingProxyType({name: scalar_text(node) for name, _, node in entries(entry, key)})


def _lookup(entry: Node, table: Table, problems: list[Diagnostic]) -> Lookup:
    on = text(entry, "on")
    repair = {name.strip().lower(): scalar_text(node) for name, _, node in entries(entry, "repair")}
    return Lookup(
        file=text(entry, "file"),
        form=_form(entry),
        on=on,
        key=text(entry, "key") or on,
        columns=tuple(_wanted(entry, table, problems)),
        values=MappingProxyType(_values(entry, table, problems)),
        repair=MappingProxyType(repair),
        expected=text(entry, "unmatched") == "expected",
        span=span_of(entry, "file"),
    )


# --- what is missing or said twice -----------------------------------------------------------------------------


def _incomplete(request: Request) -> Iterator[Diagnostic]:
    """Columns that the table needs and nobody maps."""
    mapped = {wanted.name for wanted in request.columns} | set(request.constants)
    mapped |= {wanted.name for lookup in request.lookups for wanted in lookup.columns}
    if request.stages or request.stage_pattern:
        mapped |= {"stage", "entered"}
    missing = [column.name for column in request.table.columns if column.required and column.name not in mapped]
    if request.table.one_of and not mapped.intersection(request.table.one_of):
        missing.append(" or ".join(request.table.one_of))
    for name in missing:
        message = f"the mapping to `{request.table.name}` does not say which column is `{name}`"
        hint = f"add a line under `columns:`, for example `{name.partition(' ')[0]}: Header of the column`"
        yield Diagnostic("unmapped-column", message, request.span, hint)


def _claimed_twice(found: list[Request]) -> Iterator[Diagnostic]:
    claimed: dict[str, Request] = {}
    for request in found:
        first = claimed.setdefault(request.table.name, request)
        if first is not request:
            message = f"`{request.files[0]}` and `{first.files[0]}` both claim to be `{request.table.name}`"
            hint = "keep one; files that belong together go into one entry: `file: [a.csv, b.csv]`"
            yield Diagnostic("claimed-twice", message, request.span, hint)
    for request in found:
        for name in {name for name in request.files if request.files.count(name) > 1}:
            message = f"`{name}` stands twice in one entry"
            yield Diagnostic("claimed-twice", message, request.span, "delete one")

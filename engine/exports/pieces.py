"""The files that a company's `sources:` name, found, prepared, and with a plan of what is read from each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..diagnostics import Diagnostic, SourceError, Span
from .canonical import Column, Kind
from .delimited import prepare as prepare_text
from .headers import fields, lacking, nearest, position, stages
from .loading import Filter, Key, Plan
from .places import locate
from .prepared import Prepared, Scratch, Sought, problem
from .request import Lookup, Request
from .scan import Field

MAX_STAGES = 40
SHEETS = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Piece:
    """One file for one entry, or for one lookup of it."""

    request: Request
    lookup: Lookup | None
    plan: Plan


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its files. `stages`: the column of each stage, by its name in the database. It is read if it has no problems."""

    request: Request
    files: tuple[Piece, ...]
    lookups: tuple[Piece, ...]
    stages: Mapping[str, str]
    problems: tuple[Diagnostic, ...]


def gather(requests: Iterable[Request], folder: Path, scratch: Scratch) -> tuple[Entry, ...]:
    """Every file that is named, ready to be read."""
    return tuple(_entry(request, folder, scratch) for request in requests)


def _entry(request: Request, folder: Path, scratch: Scratch) -> Entry:
    problems: list[Diagnostic] = []
    prepared = [
        one
        for name in request.files
        if (one := _prepared(_sought(request, name), request.span, (folder, scratch), problems))
    ]
    columns = _stage_columns(request, prepared, problems)
    files = tuple(Piece(request, None, _plan(request, one, columns, problems)) for one in prepared)
    lookups = tuple(
        Piece(request, lookup, _lookup_plan(request, lookup, one, problems))
        for lookup in request.lookups
        if (one := _prepared(_sought_by(lookup), lookup.span, (folder, scratch), problems))
    )
    return Entry(request, files, lookups, {name: stage for stage, name in columns.items()}, tuple(problems))


def _prepared(
    sought: Sought, place: Span, folders: tuple[Path, Scratch], problems: list[Diagnostic]
) -> Prepared | None:
    folder, scratch = folders
    try:
        path = locate(folder, sought.name, place)
        if path.suffix.lower() not in SHEETS:
            return prepare_text(path, sought, scratch, place)
        from .sheet import prepare as prepare_sheet  # it takes longer to import than most files to read

        return prepare_sheet(path, sought, scratch, place)
    except SourceError as error:
        problems += error.diagnostics
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        hint = "there must be room for a copy in the folder for temporary files"
        problems.append(problem("not-readable", f"cannot read or copy `{sought.name}`: {reason}", place, hint))
    return None


def _sought(request: Request, name: str) -> Sought:
    named = (*request.ignore, *request.only, *request.stages.values(), *(one.on for one in request.lookups))
    latest = (request.keep_latest_by,) if request.keep_latest_by else ()
    return Sought(name, request.form, request.columns, (*named, *latest))


def _sought_by(lookup: Lookup) -> Sought:
    return Sought(lookup.file, lookup.form, lookup.columns, (lookup.key,))


# --- plans -----------------------------------------------------------------------------------------------------


def _plan(request: Request, prepared: Prepared, columns: Mapping[str, str], problems: list[Diagnostic]) -> Plan:
    found = [*fields(prepared, request.columns, request.table, request.values, problems)]
    _require(request, prepared, found, problems)
    if request.keep_latest_by:
        found += _instants(prepared, {"latest": request.keep_latest_by}, request.span, problems)
    headers = dict(request.stages) or stages(prepared, request.stage_pattern)
    found += _instants(prepared, {columns[stage]: headers[stage] for stage in headers}, request.span, problems)
    return Plan(
        prepared,
        _sought(request, prepared.name),
        request.span,
        tuple(found),
        tuple(_filters(request, prepared, problems)),
        tuple(_keys(request, prepared, problems)),
        request.table.identified,
    )


def _require(request: Request, prepared: Prepared, found: Iterable[Field], problems: list[Diagnostic]) -> None:
    """A ready mapping may name columns that an export does not have, but not those that the table needs."""
    asked = {wanted.name: wanted for wanted in request.columns if wanted.optional}
    given = {field.column.name for field in found} | set(request.constants)
    given |= {wanted.name for lookup in request.lookups for wanted in lookup.columns}
    given |= {wanted.name for wanted in request.columns if not wanted.optional}
    if request.stages or request.stage_pattern:
        given |= {"stage", "entered"}
    for name in lacking(request.table, given):
        headers = tuple(h for part in name.split(" or ") if part in asked for h in asked[part].headers)
        words = " or ".join(f"`{header}`" for header in headers) or f"`{name}`"
        message = f"`{prepared.name}` has no column {words}, which `{request.mapping}` needs"
        hint = f"{nearest(prepared, headers)}; name it under `columns:`"
        problems.append(problem("missing-column", message, request.span, hint))


def _instants(
    prepared: Prepared, headers: Mapping[str, str], place: Span, problems: list[Diagnostic]
) -> Iterator[Field]:
    for name, header in headers.items():
        index = position(prepared, (header,), place, problems)
        if index is not None:
            yield Field(Column(name, Kind.INSTANT, header), index, header)


def _stage_columns(request: Request, files: Iterable[Prepared], problems: list[Diagnostic]) -> dict[str, str]:
    """The name in the database of the column of each stage."""
    names = list(request.stages)
    if request.stage_pattern:
        names += [stage for prepared in files for stage in stages(prepared, request.stage_pattern)]
    names = list(dict.fromkeys(names))
    if len(names) > MAX_STAGES:
        message = f"`{request.files[0]}` has {len(names)} columns of stages; the limit is {MAX_STAGES}"
        hint = "name those that count under `stages:`, each with its header"
        problems.append(problem("too-many-columns", message, request.span, hint))
    if request.stage_pattern and not names:
        message = f"`{request.files[0]}` has no column of the form `{request.stage_pattern}`"
        problems.append(problem("missing-column", message, request.span, "name the columns under `stages:`"))
    return {stage: f"stage_{number}" for number, stage in enumerate(names[:MAX_STAGES])}


def _filters(request: Request, prepared: Prepared, problems: list[Diagnostic]) -> Iterator[Filter]:
    for named, keep in ((request.ignore, False), (request.only, True)):
        for header, values in named.items():
            index = position(prepared, (header,), request.span, problems)
            if index is not None:
                yield Filter(Field(Column(header, Kind.TEXT, header), index, header), values, keep)


def _keys(request: Request, prepared: Prepared, problems: list[Diagnostic]) -> Iterator[Key]:
    for number, lookup in enumerate(request.lookups):
        index = position(prepared, (lookup.on,), lookup.span, problems)
        if index is not None:
            yield Key(f"key_{number}", index, lookup.on, lookup.repair)


def _lookup_plan(request: Request, lookup: Lookup, prepared: Prepared, problems: list[Diagnostic]) -> Plan:
    found = fields(prepared, lookup.columns, request.table, lookup.values, problems)
    index = position(prepared, (lookup.key,), lookup.span, problems)
    keys = () if index is None else (Key("key", index, lookup.key, {}),)
    return Plan(prepared, _sought_by(lookup), lookup.span, found, keys=keys)


def as_copy(piece: Piece, folder: Path, scratch: Scratch) -> Piece:
    """The piece with a copy of its file, which the database could not read as it is. Raises SourceError."""
    plan = piece.plan
    path = locate(folder, plan.sought.name, plan.place)
    prepared = prepare_text(path, plan.sought, scratch, plan.place, as_copy=True)
    return replace(piece, plan=replace(plan, prepared=prepared))

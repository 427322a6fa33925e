"""Decision records: everything that one answer came from, in one file that can be evaluated again years later.

A record holds the texts of the policy files and of the company's file, so that it needs neither the repository nor the
policies that ship by then. The names of files in it are names only: nothing is read from them or written to them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from .diagnostics import Diagnostic, LoadError, SchemaError, Span
from .document import Fields, Node, Value, at, parse, plain
from .fields import entries, get, text
from .fingerprint import plain_digest, text_digest
from .policy import TextFile
from .render.jsontext import Plain
from .schema import validate
from .source import Overlay, Sources
from .textfile import bytes_of, text_of

SCHEMA_VERSION = 1
SEAL = "seal"
_NAME_ONE = "name a file that `steelyard evaluate --record FILE` wrote"
_NOT_THERE = ("file-missing", "is-a-directory", "not-readable")
_TAKE_IT = "take the record from where it was kept, or evaluate again"
_ORIGINS = {"stated": "given", "computed": "computed", "derived": "derived", "set": "set"}


class Role(StrEnum):
    """What a file is in the policy set of a record."""

    POLICYSET = "policyset"
    FACTS = "facts"
    INDICATOR = "indicator"
    REASONS = "reasons"


def _schema(role: Role, layer: int) -> str:
    """The schema of a file of a policy set; the facts of a layer have one of their own."""
    if role is Role.REASONS:
        return "taxonomy"
    return "facts-layer" if role is Role.FACTS and layer else role.value


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was read. `name` is what messages called it."""

    name: str
    text: str
    role: Role | None = None
    """None for the company's file."""
    layer: int = 0
    """Which layer it belongs to: 0 is the set that stands on its own, 1 the first over it."""

    @property
    def digest(self) -> str:
        """That of its bytes."""
        return text_digest(self.text)


@dataclass(frozen=True, slots=True)
class Commit:
    """The last commit of the repository that a file lies in, empty before the first; dirty: the file was not what it holds."""

    id: str
    dirty: bool


@dataclass(frozen=True, slots=True)
class Run:
    """The options that an answer was made with."""

    policy: str
    data: str
    set: tuple[str, ...] = ()
    param: tuple[str, ...] = ()
    as_of: date | None = None
    engine: str = ""


def facts_of(evaluation: Mapping[str, Any]) -> dict[str, Plain]:
    """The facts that an evaluation, as published, was made from: those given, computed, set for the run, and derived from them."""
    return {
        name: {key: value for key, value in fact.items() if key not in ("title", "place", "origin")}
        | {"origin": _ORIGINS[_origin(fact)]}
        for name, fact in evaluation["facts"].items()
        if _origin(fact) in _ORIGINS
    }


def _origin(fact: Mapping[str, Any]) -> str:
    return str(fact["origin"])


# ---- reading


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read: the files of then, the options of then, and what the answer was."""

    day: date
    versions: Mapping[str, str | None]
    run: Run
    files: tuple[File, ...]
    only: str
    digest: str
    """Of the resolved policy set."""
    company: File
    facts: Mapping[str, Any]
    evaluation: Mapping[str, Any]
    """As published: schemas/evaluation.schema.json."""
    answers: tuple[File, ...] = ()
    """The files of answers that the company's file names."""
    changed: tuple[Diagnostic, ...] = ()
    """What is not as it was written."""

    def sources(self) -> Sources:
        """The documents of the policy set. Raises LoadError or SchemaError where a text in the record is none of its kind."""
        documents = [(file, _document(file)) for file in self.files]
        depth = max((file.layer for file in self.files), default=0)
        found = [_Documents.of(node for node in documents if node[0].layer == n) for n in range(depth + 1)]
        if lacking := _lacking(found, self.only):
            raise LoadError([Diagnostic("record-incomplete", f"the record does not hold {lacking}", None, _TAKE_IT)])
        base = found[0]
        over = tuple(
            Overlay(one.sets[0], next(iter(one.catalogues), None), one.indicators, one.reasons) for one in found[1:]
        )
        return Sources(base.sets[0], base.catalogues[0], base.indicators, over, self.only, base.reasons)

    def document(self) -> Node:
        """The document of the company's file, with the answers. Raises LoadError, and SchemaError for answers that are none."""
        node = parse(self.company.text, self.company.name)
        beside = tuple(_answers(file) for file in self.answers)
        return replace(node, beside=beside) if isinstance(node, Fields) else node


@dataclass(frozen=True, slots=True)
class _Documents:
    """The documents of one layer."""

    sets: tuple[Fields, ...]
    catalogues: tuple[Fields, ...]
    indicators: Mapping[str, Fields]
    reasons: TextFile | None = None

    @classmethod
    def of(cls, given: Iterable[tuple[File, Fields]]) -> _Documents:
        """By their roles."""
        found: dict[Role | None, list[Fields]] = {role: [] for role in Role}
        reasons = None
        for file, node in given:
            found[file.role].append(node)
            reasons = TextFile(file.name, file.text) if file.role is Role.REASONS else reasons
        indicators = {text(node, "indicator"): node for node in found[Role.INDICATOR]}
        return cls(tuple(found[Role.POLICYSET]), tuple(found[Role.FACTS]), indicators, reasons)

    def missing(self) -> str:
        """An indicator that the policy set has in a file of its own, and that is not there; empty where all are."""
        named = (name for name, _, entry in entries(self.sets[0], "indicators") if get(entry, "file") is not None)
        return next((name for name in named if name not in self.indicators), "")


def _lacking(found: Sequence[_Documents], only: str) -> str:
    """What a policy set needs and the record does not hold, in words; empty where it is whole."""
    for number, one in enumerate(found):
        if len(one.sets) != 1 or ("extends" in one.sets[0].fields) != bool(number):
            return f"layer {number} of the policy set" if number else "one policy set that stands on its own"
        if len(one.catalogues) != 1 and (not number or one.catalogues):
            return "one catalogue of facts"
        if name := one.missing():
            return f"the indicator `{name}`"
    return f"the indicator `{only}`" if only and only not in found[-1].indicators else ""


def _document(file: File) -> Fields:
    node = parse(file.text, file.name)
    problems = validate(node, _schema(file.role, file.layer) if file.role else "company")
    if problems or not isinstance(node, Fields):
        raise SchemaError(problems)
    return node


def _answers(file: File) -> Fields:
    node = parse(file.text, file.name)
    problems = validate(node, "answers")
    if problems or not isinstance(node, Fields):
        raise SchemaError(problems)
    return node


def read_record(path: Path) -> Record:
    """The record in a file. Raises LoadError or SchemaError with everything that is wrong with its form."""
    name = path.as_posix()
    node = _parsed(path, name)
    _check_kind(node, name)
    problems = validate(node, "record") or _evaluation_problems(node)
    if problems:
        raise SchemaError(problems)
    return _read(plain(node), node)


def _parsed(path: Path, name: str) -> Node:
    """The document of a record. Raises LoadError; what the reader of YAML says is said of a record."""
    try:
        text = _joined(text_of(bytes_of(path, name), name))
    except LoadError as error:
        raise LoadError(p if p.code in _NOT_THERE else replace(p, hint=_NAME_ONE) for p in error.diagnostics) from None
    try:
        return parse(text, name)
    except LoadError as error:
        broken = _broken(text, name)
        raise LoadError([broken] if broken else map(partial(_of_record, text), error.diagnostics)) from None


def _broken(text: str, name: str) -> Diagnostic | None:
    """Where a text stops being JSON, which every record is; None where it is JSON."""
    if text.strip() and not text.lstrip().startswith("{"):
        return _no_record(name)
    try:
        json.loads(text, parse_int=str)
    except json.JSONDecodeError as error:
        span = Span(name, error.lineno, error.colno, error.lineno, error.colno + 1, _line(text, error.lineno))
        at_end = not text[error.pos :].strip()
        message = "the record ends here, in the middle" if at_end else "the record cannot be read from here on"
        return Diagnostic("record-broken", message, span, _TAKE_IT) if text.strip() else None
    except RecursionError:
        return None
    return None


def _of_record(text: str, problem: Diagnostic) -> Diagnostic:
    if problem.code == "yaml-syntax":
        return Diagnostic("record-broken", "the record cannot be read from here on", problem.span, _TAKE_IT)
    return replace(problem, hint=_TAKE_IT if text.strip() else _NAME_ONE)


def _line(text: str, number: int) -> str:
    return text.splitlines()[number - 1] if number <= len(text.splitlines()) else ""


def _no_record(name: str) -> Diagnostic:
    return Diagnostic("no-record", f"`{name}` is not a decision record", None, _NAME_ONE)


_ESCAPE = re.compile(r"\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|.)", re.IGNORECASE | re.DOTALL)


def _joined(text: str) -> str:
    """JSON in which no character is escaped as a pair of halves: YAML knows no such pairs, and other programs write them."""

    def character(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        return bytes.fromhex(match[1] + match[2]).decode("utf-16-be")

    return _ESCAPE.sub(character, text)


def _check_kind(node: Node, name: str) -> None:
    """Raises LoadError for what is no record, or one of another form, before its form is looked at."""
    found = get(node, "schema_version")
    if found is None and get(node, SEAL) is None:
        raise LoadError([_no_record(name)])
    if not isinstance(found, Value) or found.value == SCHEMA_VERSION or isinstance(found.value, bool):
        return
    if isinstance(found.value, int):
        wrote = get(get(node, "versions") or node, "steelyard")
        by = f", {wrote.value}" if isinstance(wrote, Value) and isinstance(wrote.value, str) else ""
        message = f"the record has form {found.value}, and this version of Steelyard reads form {SCHEMA_VERSION}"
        hint = f"replay it with the version that wrote it{by}"
        raise LoadError([Diagnostic("record-version", message, found.span, hint)])


def _evaluation_problems(node: Node) -> Sequence[Diagnostic]:
    return validate(at(node, ["evaluation"]), "evaluation")


def _read(given: Any, node: Node) -> Record:
    policy, company, run = given["policy"], given["company"], given["run"]
    files = tuple(File(file["name"], file["text"], Role(file["role"]), file["layer"]) for file in policy["files"])
    return Record(
        day=date.fromisoformat(given["recorded"]),
        versions=given["versions"],
        run=Run(
            run["policy"],
            run["data"],
            tuple(run["set"]),
            tuple(run["param"]),
            date.fromisoformat(run["as_of"]) if run["as_of"] is not None else None,
            run["engine"],
        ),
        files=files,
        only=policy["only"],
        digest=policy["digest"],
        company=File(company["name"], company["text"]),
        answers=tuple(File(one["name"], one["text"]) for one in company.get("answers", ())),
        facts=given["facts"],
        evaluation=given["evaluation"],
        changed=tuple(_changes(given, files, node)),
    )


def _changes(given: Any, files: Sequence[File], node: Node) -> Iterator[Diagnostic]:
    """What does not have the digest that it was recorded with."""
    found = [*_changed_files(given, files, node)]
    facts = facts_of(given["evaluation"])
    if plain_digest(facts) != plain_digest(given["facts"]):
        names = [name for name in {**facts, **given["facts"]} if facts.get(name) != given["facts"].get(name)]
        where = at(node, ["facts"]).span
        found.append(_changed("facts were", f"`{names[0]}` is not what was evaluated" if names else "", where))
    if not found and plain_digest({key: value for key, value in given.items() if key != SEAL}) != given[SEAL]:
        found.append(_changed("the record was", "its seal is broken", at(node, [SEAL]).span))
    yield from found


def _changed_files(given: Any, files: Sequence[File], node: Node) -> Iterator[Diagnostic]:
    company = given["company"]
    if text_digest(company["text"]) != company["digest"]:
        why = f"`{company['name']}` has another digest"
        yield _changed("facts were", why, at(node, ["company", "digest"]).span)
    for number, one in enumerate(company.get("answers", ())):
        if text_digest(one["text"]) != one["digest"]:
            why = f"`{one['name']}` has another digest"
            yield _changed("facts were", why, at(node, ["company", "answers", number, "digest"]).span)
    for number, (file, written) in enumerate(zip(files, given["policy"]["files"], strict=True)):
        if file.digest != written["digest"]:
            why = f"`{file.name}` has another digest"
            yield _changed("the policy was", why, at(node, ["policy", "files", number, "digest"]).span)


def _changed(what: str, why: str, span: Span) -> Diagnostic:
    return Diagnostic("record-changed", f"{what} changed after recording: {why}", span, _TAKE_IT)

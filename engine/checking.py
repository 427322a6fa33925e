"""`check`: whatever kind of file a path is, everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from .company import read_company
from .diagnostics import Diagnostic, SteelyardError, in_order
from .document import Fields, Node, read
from .schema import validate
from .session import DEFAULT_POLICY, open_policy
from .source import SET_FILE, SHIPPED_PREFIX
from .taxonomy import read_taxonomy
from .textfile import is_dir, is_file

COMPANY_FILE = "company.yaml"

Exports = Callable[[Node, Path, date], Iterable[Diagnostic]]
"""What is to be said of the exports that a company's document names; they lie in a folder."""


def no_exports(_node: Node, _folder: Path, _today: date) -> Iterable[Diagnostic]:
    """Nothing: the exports themselves are not read."""
    return ()


def check_paths(paths: Iterable[str], today: date, exports: Exports = no_exports) -> tuple[Diagnostic, ...]:
    """All problems of policy sets, indicators, catalogues and company files, in the order of their places.

    `exports` reads the exports that a company's file names.
    """
    return in_order(diagnostic for path in paths for diagnostic in _check(path, today, exports))


def _check(path: str, today: date, exports: Exports) -> Iterator[Diagnostic]:
    try:
        if path.startswith(SHIPPED_PREFIX):
            yield from _check_policy(path, today)
        else:
            yield from _check_path(Path(path), path, today, exports)
    except SteelyardError as error:
        yield from error.diagnostics


def _check_path(path: Path, given: str, today: date, exports: Exports) -> Iterator[Diagnostic]:
    """A folder is checked for what it holds: a policy set, a company, or both."""
    company = path / COMPANY_FILE
    if not is_dir(path):
        yield from _check_file(path, given, today, exports)
    elif is_file(company) and not is_file(path / SET_FILE):
        yield from _check_file(company, company.as_posix(), today, exports)
    else:
        yield from _check_policy(given, today)
        if is_file(company):
            yield from _check_file(company, company.as_posix(), today, exports)


def _check_file(path: Path, given: str, today: date, exports: Exports) -> Iterator[Diagnostic]:
    node = read(path, path.as_posix())
    keys = node.fields if isinstance(node, Fields) else {}
    if "policyset" in keys or "indicator" in keys:
        yield from _check_policy(given, today)
    elif "codes" in keys and "company" not in keys:
        yield from validate(node, "taxonomy")
    elif "facts" in keys and "company" not in keys and _looks_like_catalogue(node):
        beside = path.parent / SET_FILE
        problems = validate(node, "facts")
        yield from problems
        if not problems and is_file(beside):
            yield from _check_policy(beside.as_posix(), today)
    else:
        yield from _check_company(path, node, today, exports)


def _check_policy(given: str, today: date) -> Iterator[Diagnostic]:
    """A policy set, with the taxonomy that it names."""
    opened = open_policy(given, today)
    yield from opened.warnings
    read_taxonomy(opened.policy.reasons)


def _looks_like_catalogue(node: Node) -> bool:
    facts = node.fields.get("facts") if isinstance(node, Fields) else None
    entries = facts.fields.values() if isinstance(facts, Fields) else ()
    return any(isinstance(entry, Fields) and "type" in entry.fields for entry in entries)


def _check_company(path: Path, node: Node, today: date, exports: Exports) -> Iterator[Diagnostic]:
    """A company is checked against the policy set in its own folder, the shipped one where there is none."""
    problems = validate(node, "company")
    keys = node.fields if isinstance(node, Fields) else {}
    yield from problems
    if not problems:
        beside = path.parent / SET_FILE
        policy = open_policy(beside.as_posix() if is_file(beside) else DEFAULT_POLICY, today).policy
        yield from read_company(node, policy, None, today).warnings
        if "sources" in keys:
            yield from exports(node, path.parent, today)

"""`check`: whatever kind of file a path is, everything that is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from .company import COMPANY_FILE, read_company
from .diagnostics import Diagnostic, SteelyardError, in_order
from .document import Fields, Node
from .inclusion import included, misshapen
from .place import SHIPPED_PREFIX, Place, placed
from .scenarios.discovery import find
from .scenarios.reading import read_suites
from .schema import validate
from .session import DEFAULT_POLICY, open_policy
from .source import SET_FILE
from .taxonomy import read_taxonomy
from .textfile import is_dir

Exports = Callable[[Node, Path, date], Iterable[Diagnostic]]
"""What is to be said of the exports that a company's document names; they lie in a folder."""


def no_exports(_node: Node, _folder: Path, _today: date) -> Iterable[Diagnostic]:
    """Nothing: the exports themselves are not read."""
    return ()


def places_in(paths: Iterable[str]) -> tuple[str, ...]:
    """What to check: each path; of a folder also every folder in it, to the bottom, that holds a policy set or a company.

    Hidden folders and links are passed over. A folder in which nothing is found stands for itself.
    """
    return tuple(dict.fromkeys(found for path in paths for found in _below(path)))


def _below(path: str) -> list[str]:
    if path.startswith(SHIPPED_PREFIX) or not is_dir(Path(path)):
        return [path]
    found = []
    for folder, inside, files in os.walk(path):
        inside[:] = sorted(name for name in inside if not name.startswith("."))
        if not {SET_FILE, COMPANY_FILE}.isdisjoint(files):
            found.append(path if folder == path else Path(folder).as_posix())
    return found or [path]


def check_paths(paths: Iterable[str], today: date, exports: Exports = no_exports) -> tuple[Diagnostic, ...]:
    """All problems of policy sets, indicators, catalogues, company files and scenarios, in the order of their places.

    `exports` reads the exports that a company's file names.
    """
    return in_order(diagnostic for path in paths for diagnostic in _check(path, today, exports))


def _check(path: str, today: date, exports: Exports) -> Iterator[Diagnostic]:
    try:
        if path.startswith(SHIPPED_PREFIX):
            yield from _policy(path, today)
        else:
            yield from _check_place(placed(path), path, today, exports)
    except SteelyardError as error:
        yield from error.diagnostics


def _policy(given: str, today: date) -> tuple[Diagnostic, ...]:
    """A policy set, with the taxonomy that it names."""
    opened = open_policy(given, today)
    read_taxonomy(opened.policy.reasons)
    return (*opened.warnings, *opened.remarks)


def _check_place(place: Place, given: str, today: date, exports: Exports) -> Iterator[Diagnostic]:
    """A folder is checked for what it holds: a policy set, a company, or both."""
    if not place.is_dir:
        yield from _check_file(place, given, today, exports)
        return
    company = place.below(COMPANY_FILE)
    if company.is_file and not place.below(SET_FILE).is_file:
        yield from _check_file(company, company.name, today, exports)
        return
    yield from _policy(given, today)
    if company.is_file:
        yield from _check_file(company, company.name, today, exports)


def _check_file(place: Place, given: str, today: date, exports: Exports) -> Iterator[Diagnostic]:
    node = place.read()
    keys = node.fields if isinstance(node, Fields) else {}
    if "policyset" in keys or "indicator" in keys:
        yield from _policy(given, today)
    elif "scenarios" in keys:
        read_suites(find([given]).files, today)
    elif "answers" in keys and "company" not in keys:
        yield from validate(node, "answers")
    elif "codes" in keys and "company" not in keys:
        yield from validate(node, "taxonomy")
    elif "facts" in keys and "company" not in keys and _looks_like_catalogue(node):
        yield from _check_catalogue(place.beside(SET_FILE), node, today)
    else:
        yield from _check_company(place, node, today, exports)


def _check_catalogue(beside: Place, node: Node, today: date) -> Iterator[Diagnostic]:
    """A catalogue by itself, then the policy set beside it that reads it; that of a layer holds what the layer changes."""
    top = beside.read() if beside.is_file else None
    problems = validate(node, "facts-layer" if isinstance(top, Fields) and "extends" in top.fields else "facts")
    yield from problems
    if not problems and top is not None:
        yield from _policy(beside.name, today)


def _looks_like_catalogue(node: Node) -> bool:
    facts = node.fields.get("facts") if isinstance(node, Fields) else None
    entries = facts.fields.values() if isinstance(facts, Fields) else ()
    return any(
        isinstance(entry, Fields) and not entry.fields.keys().isdisjoint(("type", "because")) for entry in entries
    )


def _check_company(place: Place, node: Node, today: date, exports: Exports) -> Iterator[Diagnostic]:
    """A company is checked against the policy set in its own folder, the shipped one where there is none."""
    node = included(node, place)
    problems = misshapen(node)
    yield from problems
    if not problems:
        beside = place.beside(SET_FILE)
        policy = open_policy(beside.name if beside.is_file else DEFAULT_POLICY, today).policy
        yield from read_company(node, policy, None, today).warnings
        if isinstance(node, Fields) and "sources" in node.fields:
            yield from exports(node, place.path.parent, today)

"""What a command evaluates: a policy set and the facts of one company."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from shlex import quote
from typing import Any

import click

from ..company import COMPANY_FILE, Company
from ..diagnostics import Diagnostic, LoadError, SchemaError
from ..document import Node, parse, read
from ..fields import get
from ..inclusion import amiss, included, misshapen, on_disk
from ..session import DEFAULT_POLICY, Engine, Session
from ..source import SET_FILE
from ..textfile import is_dir, is_file
from .options import RunOptions

STANDARD_INPUT = "standard input"
"""What messages call it."""


def standard_input() -> bytes:
    """What was piped in. Raises LoadError where nothing was."""
    if sys.stdin is None:
        hint = "name a file instead of -"
        raise LoadError([Diagnostic("no-standard-input", "standard input is closed", None, hint)])
    return sys.stdin.buffer.read()


def folder_of(data: str) -> Path:
    """Where the exports of `--data` lie: beside its file; where it comes by standard input, in the folder one is in."""
    path = Path() if data == "-" else Path(data)
    return path if is_dir(path) else path.parent


def names_exports(node: Node) -> bool:
    """Whether a company's document has `sources:`."""
    return get(node, "sources") is not None


def company_document(data: str) -> Node:
    """The document of `--data`: a file, the `company.yaml` of a folder, or standard input, with the answers that it names.

    Raises LoadError; what is wrong with the files of answers is kept with it.
    """
    return included(_company_document(data), on_disk(folder_of(data) / COMPANY_FILE))


def _company_document(data: str) -> Node:
    if data == "-":
        return parse(standard_input(), STANDARD_INPUT)
    path = Path(data)
    if is_dir(path):
        path = path / COMPANY_FILE
        if not is_file(path):
            hint = "name the company's file, or write one with `steelyard init client NAME`"
            raise LoadError([Diagnostic("no-company", f"folder `{data}` has no `{COMPANY_FILE}`", None, hint)])
    return read(path, path.as_posix())


@contextmanager
def session_for(run: RunOptions) -> Iterator[tuple[Session, Company]]:
    """The session and the company of one command."""
    note_unused_policy(run["policy"], run["data"])
    node = company_document(run["data"])
    as_of = run["as_of"].date() if run["as_of"] else None
    with Session.open(run["policy"], date.today(), Engine(run["engine"]), run["param"]) as session:
        yield session, company_of(node, run["data"], session, as_of, run["set"])


def company_of(node: Node, data: str, session: Session, as_of: date | None, assignments: Sequence[str]) -> Company:
    """A company with what its exports say. Raises SchemaError, SourceError or FactError."""
    if not names_exports(node):
        return session.company(node, as_of, date.today(), assignments)
    problems = misshapen(node)
    if problems:
        raise SchemaError(problems)
    if amiss(node):
        # what is wrong with answers is said before exports are read, which may take long
        session.company(node, as_of, date.today(), assignments)
    # the database takes longer to import than all of the rest
    reader: Any = import_module("engine.commands.exports")
    with reader.extracted(node, folder_of(data), session.policy, as_of, assignments) as extraction:
        company: Company = extraction.company
    return company


def note_unused_policy(policy: str, data: str) -> None:
    """A client's folder may hold a policy set of its own: say so when it is not used."""
    beside = (Path(data) if is_dir(Path(data)) else Path(data).parent) / SET_FILE
    if policy == DEFAULT_POLICY and data != "-" and is_file(beside):
        folder = beside.parent.as_posix()
        click.echo(
            f"note: the shipped policy set is used, not `{beside.as_posix()}`; to use that, add -p {quote(folder)}",
            err=True,
        )

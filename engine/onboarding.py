"""A client's folder from its exports: copies of them, what they were recognised as, and the questions that they leave."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from os.path import lexists, relpath
from pathlib import Path

from .diagnostics import Diagnostic, LoadError, SourceError, did_you_mean
from .document import parse
from .exports.pieces import SHEETS
from .exports.prepared import Told
from .exports.reading import read_sources
from .extraction import extract
from .facts import Facts
from .formatting.form import formatted
from .formula import derive_for
from .policy import PolicySet
from .recognition.recognise import Recognised, recognise
from .recognition.tabular import why_no_table
from .recognition.wording import sources
from .scaffold import covered, policyset_file, questionnaire, quoted
from .schema import DRAFTS, document
from .writing import cannot_write, write_all_new

COPIES = "exports"
"""The folder of the copies, in the client's folder."""
SCHEMA = Path(".steelyard/schemas/company.schema.json")

HEAD = """\
# yaml-language-server: $schema={schema}
#
# What is known of the company: what its exports say, and the answers to what they cannot say.
# {told}
# Write the answers in place of `unknown`; what stays unknown is not guessed. What is stated here counts before what the exports give.

company: {title}
as_of: {as_of}
{currency}

"""
ASKED = """\
# A share is best given as counts:  {{successes: 21, trials: 130}}
# Any answer may say where it comes from:  {{value: 42, source: board report, by: A. Miller, as_of: {as_of}}}
facts:
"""
WITHOUT_CURRENCY = """\
# The exports do not say in which currency amounts are. Complete the line and take the # away:
# currency: EUR"""
RATE = """
# Amounts are compared in {into}; without a rate they stay unknown. Write it in place of RATE, and take the # away:
# exchange_rates:
#   - {{from: {currency}, to: {into}, rate: RATE, date: {day}}}"""


@dataclass(frozen=True, slots=True)
class Onboarded:
    """What was written: files, copies by the file that they are of; what was recognised, and what it comes to.

    `as_of` is the last day of the exports. `computed` counts facts; `known` is the share of the evidence that they decide, 0 to 1.
    """

    written: tuple[Path, ...]
    copies: Mapping[Path, Path]
    recognised: Recognised
    as_of: date
    computed: int
    known: float


@dataclass(frozen=True, slots=True)
class Basis:
    """What a client's folder starts from: the policy set and how it is named, the day, the currency where somebody says it."""

    policy: PolicySet
    extends: str
    today: date
    currency: str = ""
    told: Told | None = None


def init_client_from(folder: Path, exports: Sequence[Path], basis: Basis) -> Onboarded:
    """Write the folder of a new client whose exports are these files; those outside of it are copied into it.

    Raises LoadError as `init_client` does, and SourceError with all files that are not there, are no tables or cannot be read at all;
    then nothing is left behind.
    """
    policy = basis.policy
    files = {folder / "policyset.yaml": policyset_file(folder, policy, basis.extends), folder / "company.yaml": ""}
    schema = _schema_above(folder)
    if schema is None:
        files[folder / SCHEMA] = json.dumps(document("company", DRAFTS[-1]), indent=2, ensure_ascii=False) + "\n"
    names = _names(folder, exports)
    copies = {path: folder / name for path, name in names.items() if _is_outside(path, folder)}
    _refuse_existing([*files, *copies.values()])
    with _undone_on_failure(folder, [*files, *copies.values()]):
        _copy(copies)
        try:
            found = recognise(folder, tuple(names.values()), basis.today, basis.currency, basis.told)
        except SourceError as error:
            raise SourceError([_as_given(one, names) for one in error.diagnostics]) from None
        text, facts, day = _company(folder, policy, found, (basis.today, schema or SCHEMA.as_posix()))
        files[folder / "company.yaml"] = text
        written = write_all_new(files)
    return Onboarded(written, copies, found, day, len(facts), covered(policy, derive_for(policy, facts)[0]))


# --- the files -------------------------------------------------------------------------------------------------


def _names(folder: Path, exports: Sequence[Path]) -> dict[Path, str]:
    """What each file is called as seen from the client's folder. Raises SourceError with all that are none."""
    problems = [problem for path in exports if (problem := _unusable(path))]
    if problems:
        raise SourceError(problems)
    names: dict[Path, str] = {}
    for path in dict.fromkeys(exports):
        if not _is_outside(path, folder):
            names[path] = path.resolve().relative_to(folder.resolve()).as_posix()
            continue
        number, name = 2, f"{COPIES}/{path.name}"
        while name in names.values():
            name = f"{COPIES}/{path.stem}-{number}{path.suffix}"
            number += 1
        names[path] = name
    return names


def _is_outside(path: Path, folder: Path) -> bool:
    return not path.resolve().is_relative_to(folder.resolve())


def _unusable(path: Path) -> Diagnostic | None:
    shown = path.as_posix().encode("utf-8", "backslashreplace").decode()
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        beside = [one.name for one in path.parent.iterdir() if one.exists()] if path.parent.is_dir() else []
        near = did_you_mean(path.name, beside)
        return Diagnostic(
            "file-missing", f"there is no file `{shown}`", None, near or "name the exports by their paths"
        )
    if shown != path.as_posix() or not path.name.isprintable():
        hint = "rename it with letters that can be printed"
        return Diagnostic("not-readable", f"the name of `{' '.join(shown.split())}` cannot be written down", None, hint)
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "no regular file"
        return Diagnostic("not-readable", f"`{shown}` is {what}", None, "name the exports one by one")
    return None if path.suffix.lower() in SHEETS else _no_table(path, shown)


def _no_table(path: Path, shown: str) -> Diagnostic | None:
    """What keeps a text file from being an export: it is looked at before anything is written."""
    try:
        why = why_no_table(path)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        return Diagnostic("not-readable", f"cannot read `{shown}`: {reason}", None, "check the permissions of the file")
    if not why:
        return None
    hint = "leave it out, or name the export as CSV or XLSX, its headers in one row"
    return Diagnostic("not-an-export", f"`{shown}` is no export: it {why}", None, hint)


def _refuse_existing(paths: Sequence[Path]) -> None:
    hint = "choose another name, or remove the file first"
    existing = [path for path in paths if lexists(path)]
    if existing:
        raise LoadError(Diagnostic("file-exists", f"`{p.as_posix()}` is there already", None, hint) for p in existing)


def _copy(copies: Mapping[Path, Path]) -> None:
    for path, target in copies.items():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        except OSError as error:
            raise LoadError([cannot_write(target.as_posix(), error)]) from None


@contextmanager
def _undone_on_failure(folder: Path, paths: Sequence[Path]) -> Iterator[None]:
    """Take away again what was written, and the folders that were made for it, where the rest fails."""
    above = {parent for path in paths for parent in path.parents if parent == folder or parent.is_relative_to(folder)}
    made = [one for one in (*above, *folder.parents) if not lexists(one)]
    try:
        yield
    except BaseException:
        # also on Ctrl-C: half a folder helps nobody
        # what cannot be taken away was not written: something else stands in its place
        for path in paths:
            with suppress(OSError):
                path.unlink()
        for one in sorted(made, key=lambda path: -len(path.parts)):
            with suppress(OSError):
                one.rmdir()
        raise


def _as_given(problem: Diagnostic, names: Mapping[Path, str]) -> Diagnostic:
    """A problem with the file called as the user called it."""
    message = problem.message
    for path, name in names.items():
        message = message.replace(f"`{name}`", f"`{path.as_posix()}`")
    return replace(problem, message=message, span=None, hint=problem.hint.replace("delete the entry", "leave it out"))


def _schema_above(folder: Path) -> str | None:
    """The schema of company files that a repository of clients keeps, as seen from the folder."""
    here = folder.resolve()
    found = next((parent / SCHEMA for parent in here.parents if (parent / SCHEMA).is_file()), None)
    return None if found is None else Path(relpath(found, here)).as_posix()


# --- the company's file ----------------------------------------------------------------------------------------


def _company(folder: Path, policy: PolicySet, found: Recognised, about: tuple[date, str]) -> tuple[str, Facts, date]:
    """`company.yaml`, the facts that its exports give, and the last day of them."""
    today, schema = about
    body = f"company: {quoted(folder.name)}\n{_currency(found)}\n{sources(found)}\n"
    facts, day = _computed(body, folder, policy, today) if found.certain else ({}, today)
    doubtful = any(one.doubts for one in found.entries)
    last = f"the last day of the exports{' that are read' if doubtful else ''}"
    told = f"{len(facts)} facts are computed from the exports: `steelyard facts -d {folder.name}` shows them."
    head = HEAD.format(
        schema=schema,
        told=told if found.certain else "Nothing can be read from the exports yet: see below.",
        title=quoted(folder.name),
        as_of=f"{day}    # {last}" if found.certain else day,
        currency=_currency(found) + _rate(found, policy, day),
    )
    known = derive_for(policy, facts)[0]
    text = head + sources(found) + "\n" + ASKED.format(as_of=day) + questionnaire(policy, known)
    return formatted(text.encode(), "company.yaml"), facts, day


def _currency(found: Recognised) -> str:
    if not found.currency:
        return WITHOUT_CURRENCY
    shown = f"    # as the amounts in {found.currency_from} show" if found.currency_from else ""
    return f"currency: {found.currency}{shown}"


def _rate(found: Recognised, policy: PolicySet, day: date) -> str:
    """The line for the rate, where amounts are in another currency than that of the policy set."""
    if found.currency in ("", policy.currency):
        return ""
    return RATE.format(currency=found.currency, into=policy.currency, day=day)


def _computed(body: str, folder: Path, policy: PolicySet, today: date) -> tuple[Facts, date]:
    node = parse(body, "company.yaml")
    with read_sources(node, folder, today) as tables:
        extraction = extract(tables, node, policy, None, today)
        return extraction.sheet.facts, extraction.company.as_of

"""Whether an entry can be read: by reading it, and by leaving out what only a person can say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ..diagnostics import Diagnostic, SourceError
from ..document import parse
from ..exports.canonical import TABLES, Kind
from ..exports.foreign import told
from ..exports.headers import lacking
from ..exports.prepared import Told
from ..exports.reading import read_sources
from .entry import entry
from .proposal import Doubt, Proposal

NUMBERS = (Kind.MONEY, Kind.NUMBER, Kind.COUNT)
CURRENCY = ("missing-currency", "two-currencies")
_ROUNDS = 8
_COMPLETED = {
    "ambiguous-dates": ("dates: day-first    # or month-first",),
    "ambiguous-decimals": ("decimal: point    # or comma",),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """Where entries are tried: the client's folder, the day, the company's currency where it is known, whom to tell how far one is."""

    folder: Path
    today: date
    currency: str = ""
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Proved:
    """An entry that was tried, and the currency that its amounts show."""

    proposal: Proposal
    currency: str = ""


def proved(proposal: Proposal, proof: Proof) -> Proved:
    """The entry without the columns that cannot be read, or with the doubts that keep all of it from being read."""
    doubts = tuple(_encoding(proposal))
    if doubts:
        return Proved(replace(proposal, doubts=(*proposal.doubts, *doubts)))
    if proposal.doubts:
        return Proved(replace(proposal, doubts=(*proposal.doubts, *_more(proposal, proof))))
    for _ in range(_ROUNDS):
        try:
            return Proved(proposal, _currency(proposal, proof))
        except SourceError as error:
            problems = [one for one in error.diagnostics if one.is_error]
            less = _without_cause(proposal, problems)
            if less is None:
                return Proved(replace(proposal, doubts=tuple(map(_doubt, problems))))
            proposal = less
    raise AssertionError


def _currency(proposal: Proposal, proof: Proof) -> str:
    """The currency of the amounts. Raises SourceError with all that keeps the entry from being read."""
    head = f"company: a\n{f'currency: {proof.currency}' if proof.currency else ''}\nsources:\n"
    node = parse(head + "\n".join(entry(proposal)), "company.yaml")
    with read_sources(node, proof.folder, proof.today, proof.told) as tables:
        return tables.currency


def _more(proposal: Proposal, proof: Proof) -> Iterable[Doubt]:
    """What else would have to be said once the doubts are settled."""
    try:
        _currency(proposal, proof)
    except SourceError as error:
        yield from (_doubt(one) for one in error.diagnostics if one.is_error and one.code in _COMPLETED)


def _encoding(proposal: Proposal) -> Iterable[Doubt]:
    for sighting in proposal.sightings:
        about = sighting.about
        if about.encoding and not about.words:
            text = (
                f"{sighting.file} is not in UTF-8, and nothing says in which encoding it is: a word of it reads "
                f"{told(about.readings)}"
            )
            yield Doubt(text, (f"encoding: {about.encoding}    # or whichever reads right",))


def _doubt(problem: Diagnostic) -> Doubt:
    if problem.code == "missing-currency":
        return Doubt(f"{problem.message}; write `currency:` above")
    lines = _COMPLETED.get(problem.code, ())
    return Doubt(problem.message if lines else f"{problem.message}; {problem.hint}", lines)


# --- less ------------------------------------------------------------------------------------------------------


def _without_cause(proposal: Proposal, problems: Sequence[Diagnostic]) -> Proposal | None:
    """The entry without the columns of which the problems speak; None where it cannot do without them."""
    without = dict(proposal.without)
    for problem in problems:
        names = _columns_of(proposal, problem)
        if not names:
            return None
        without |= dict.fromkeys(names, _why(problem))
    left = proposal.columns.keys() - without.keys()
    given = {*left, *(("stage", "entered") if proposal.stages else ())}
    return None if any(lacking(TABLES[proposal.table], given)) else replace(proposal, without=without)


def _columns_of(proposal: Proposal, problem: Diagnostic) -> list[str]:
    table = TABLES[proposal.table]
    kinds = {name: table.column(name).kind for name in proposal.read if name in table.names}
    if problem.code in CURRENCY:
        return [name for name, kind in kinds.items() if kind is Kind.MONEY]
    if problem.code in ("ambiguous-decimals", "mixed-decimals"):
        return [name for name, kind in kinds.items() if kind in NUMBERS]
    if problem.code in ("unreadable-values", "repeated-column"):
        return [name for name in kinds if f"`{proposal.columns[name]}`" in problem.message]
    return []


def _why(problem: Diagnostic) -> str:
    if problem.code == "missing-currency":
        return "in which currency? write `currency:` above"
    return f"{problem.message}; {problem.hint}"

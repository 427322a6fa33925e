"""What several files are, together: each table once, one currency, and everything that is not certain in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from ..diagnostics import Diagnostic, SourceError
from ..exports.canonical import TABLES
from ..exports.prepared import Scratch, Told
from .by_names import by_names
from .entry import listed, written
from .names import names, spelled
from .nearly import nearly
from .proposal import Doubt, Proposal
from .proving import Proof, Proved, proved
from .ready_made import by_mapping
from .sighting import Sighting, look

_BESIDE = ("customer", "segment", "source", "product", "owner")
"""What a file that is no table of its own can say of the rows of another."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A file that is no table: what it has, and the lines that would make use of it."""

    sighting: Sighting
    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """Entries to read, entries with doubts, files that are none. `currency` is what the amounts show, empty where they do not."""

    entries: tuple[Proposal, ...]
    strangers: tuple[Stranger, ...]
    currency: str
    currency_from: str = ""

    @property
    def certain(self) -> tuple[Proposal, ...]:
        return tuple(one for one in self.entries if not one.doubts)


def recognise(
    folder: Path, files: Sequence[str], today: date, currency: str = "", told: Told | None = None
) -> Recognised:
    """What the files in a client's folder are. Raises SourceError with all files that cannot be read at all."""
    with TemporaryDirectory(prefix="steelyard-") as temporary:
        scratch = Scratch(Path(temporary), told)
        sightings = _looked(folder, files, scratch)
        found = [(sighting, by_mapping(sighting) or by_names(sighting, scratch)) for sighting in sightings]
        proof = Proof(folder, today, currency, told)
        claims = _one_each([one for _, proposals in found for one in proposals], proof)
        tried, shown, shown_by = _in_one_currency(claims, proof)
    strangers = [_stranger(sighting, tried) for sighting, proposals in found if not proposals]
    return Recognised(tuple(tried), tuple(strangers), shown, shown_by)


def _looked(folder: Path, files: Sequence[str], scratch: Scratch) -> list[Sighting]:
    found: list[Sighting] = []
    problems: list[Diagnostic] = []
    for file in files:
        try:
            found += look(folder, file, scratch)
        except SourceError as error:
            problems += error.diagnostics
    if problems:
        raise SourceError(problems)
    return found


# --- one entry for each table ----------------------------------------------------------------------------------


def _one_each(proposals: Sequence[Proposal], proof: Proof) -> list[Proposal]:
    """Each table once: files of one export together, others that claim one table in doubt."""
    by_table: dict[str, list[Proposal]] = {}
    for one in proposals:
        by_table.setdefault(one.table, []).append(one)
    return [one for claims in by_table.values() for one in _settled(claims, proof)]


def _settled(claims: Sequence[Proposal], proof: Proof) -> Sequence[Proposal]:
    if len(claims) == 1:
        return claims
    if len({_form(one) for one in claims}) == 1:
        together = proved(_together(claims), proof).proposal
        if not together.doubts:
            return [_together(claims)]
    places = " and ".join(one.first.place for one in claims)
    files = listed(one.first.file for one in claims)
    text = (
        f"{places} both look like {TABLES[claims[0].table].title}, and one entry only may be: keep one of them, or write "
        f"`file: [{files}]` in one entry where they are parts of one export"
    )
    return [replace(one, doubts=(*one.doubts, Doubt(text))) for one in claims]


def _form(one: Proposal) -> tuple[object, ...]:
    return one.mapping, tuple(one.columns.items()), one.first.sheet, one.first.about.encoding, bool(one.doubts)


def _together(claims: Sequence[Proposal]) -> Proposal:
    """One entry for all files, with the words of all of them."""
    meaning: dict[str, tuple[str, ...]] = {}
    for one in claims:
        for outcome, texts in one.meaning.items():
            meaning[outcome] = tuple(dict.fromkeys((*meaning.get(outcome, ()), *texts)))
    sightings = tuple(sighting for one in claims for sighting in one.sightings)
    because = f"{claims[0].because}; {len(claims)} files with the same headers are one export"
    told = tuple(dict.fromkeys(text for one in claims for text in one.told))
    return replace(claims[0], sightings=sightings, because=because, meaning=meaning, told=told)


# --- one currency ----------------------------------------------------------------------------------------------


def _in_one_currency(claims: Sequence[Proposal], proof: Proof) -> tuple[list[Proposal], str, str]:
    """The entries tried; those whose amounts show no currency once more in the only one that others show."""
    first = [proved(one, proof) for one in claims]
    if proof.currency:
        return [one.proposal for one in first], proof.currency, ""
    shown = {one.currency: one.proposal.first.file for one in first if one.currency}
    if len(shown) != 1:
        return [one.proposal for one in first], "", ""
    [(currency, file)] = shown.items()
    again = [
        proved(claim, replace(proof, currency=currency)) if _needs(one) else one
        for claim, one in zip(claims, first, strict=True)
    ]
    return [one.proposal for one in again], currency, file


def _needs(one: Proved) -> bool:
    """Whether a currency would have helped."""
    said = (*one.proposal.without.values(), *(doubt.text for doubt in one.proposal.doubts))
    return any("in which currency" in text for text in said)


# --- files that are no table -----------------------------------------------------------------------------------


def _stranger(sighting: Sighting, tried: Sequence[Proposal]) -> Stranger:
    beside = next((found for one in tried if not one.doubts and (found := _lookup(sighting, one))), None)
    if beside is not None:
        return beside
    headers = ", ".join(f"`{column.header}`" for column in sighting.columns[:8])
    more = ", ..." if len(sighting.columns) > 8 else ""
    near = nearly(sighting)
    text = (
        f"not recognised: no table can be told from the headers {headers}{more}"
        if headers
        else "not recognised: it has no headers"
    )
    if near is not None:
        text = f"not recognised: {near.text}"
    if headers and not sighting.rows:
        text = f"not recognised: it has a header and no rows, and nothing shows what {headers}{more} hold"
    sheet = [f"sheet: {written(sighting.sheet)}"] if sighting.sheet else []
    if sighting.about.encoding:
        sheet.append(f"encoding: {sighting.about.encoding}    # or whichever reads right")
    asked = near.lines if near is not None else ("  table:      # one of " + ", ".join(TABLES), "  columns: {}")
    lines = (f"- file: {written(sighting.file)}", *asked)
    return Stranger(sighting, text, (*lines, *(f"  {line}" for line in sheet)))


def _lookup(sighting: Sighting, one: Proposal) -> Stranger | None:
    """The file as one that says more of the rows of a table: it has one row for each value of one of its columns."""
    if one.table not in ("deals", "leads"):
        return None
    theirs = {spelled(column.header): column.header for column in one.first.columns}
    for key in sighting.columns:
        header = theirs.get(spelled(key.header))
        unique = key.filled == sighting.rows > 0 and key.different >= 0.85 * sighting.rows
        given = dict(_given(sighting, one, key.header)) if header and unique else {}
        if header and given:
            columns = ", ".join(f"{name}: {written(of)}" for name, of in given.items())
            other = "" if header == key.header else f", key: {written(key.header)}"
            line = f"- {{file: {written(sighting.file)}, on: {written(header)}{other}, columns: {{{columns}}}}}"
            gives = " and ".join(f"{name} (`{of}`)" for name, of in given.items())
            each = f"a row for each `{key.header}` of {one.first.file}"
            text = f"no table of its own: it has {each}, and could give {gives} of its {one.table}"
            return Stranger(sighting, text, ("lookups:", f"  {line}"))
    return None


def _given(sighting: Sighting, one: Proposal, key: str) -> Iterator[tuple[str, str]]:
    """Columns of the table that nothing gives yet and the file has."""
    known: Mapping[str, Sequence[str]] = names().columns[one.table]
    for name in _BESIDE:
        if name in one.columns or name not in known:
            continue
        for column in sighting.columns:
            if column.header != key and spelled(column.header) in known[name]:
                yield name, column.header
                break

"""What was computed from exports, as rows of texts that every format shows: titles, values, where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..computation import Give
from ..computed.answer import Computed, Segmented
from ..computed.coded_reasons import Coding
from ..computed.compute import Sheet
from ..computed.findings import Findings
from ..display import display
from ..extraction import Extraction
from ..facts import Catalogue, FactType, Observation
from ..policy import PolicySet
from ..relations import OF_EVERY_ROW
from ..statistics.mix import MixChange
from ..statistics.ranking import SIGNIFICANCE, Segment
from ..statistics.unknown import Unknown
from ..statistics.wording import last_month_told, mix_told
from .wording import counted, listed

MOST_SEGMENTS = 3
SMALL_PART = 0.25
"""Of a change: a smaller part is not worth a word."""
_KEPT_WORDS = {"flat_shown": "shown to be flat"}


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact that has a value. `files` are the numbers of its files; `beside` are sentences below it."""

    fact: str
    title: str
    value: str
    period: str
    counted: str
    files: tuple[int, ...]
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """Facts that are unknown for the same reason."""

    reason: str
    titles: tuple[str, ...]
    facts: tuple[str, ...]


def numbered_files(sheet: Sheet) -> Mapping[str, int]:
    """The files in their order, from 1."""
    return {name: number for number, name in enumerate(dict.fromkeys(e.file for e in sheet.extracts), 1)}


def file_lines(sheet: Sheet) -> Iterator[str]:
    """Each file with its tables, rows, and rows that are not used."""
    for name, number in numbered_files(sheet).items():
        parts = [extract for extract in sheet.extracts if extract.file == name]
        said = []
        for one in parts:
            left = f", {one.rows - one.used:,} left out" if one.rows > one.used else ""
            said.append(f"{one.table or 'looked up'}: {one.used:,} rows{left}")
        yield f"[{number}] {name} ({'; '.join(dict.fromkeys(said))})"


def topics(extraction: Extraction, policy: PolicySet) -> Mapping[str, tuple[FactRow, ...]]:
    """The facts that have a value, by the first part of their name."""
    files = numbered_files(extraction.sheet)
    found: dict[str, list[FactRow]] = {}
    for one in extraction.sheet.computed:
        shown = one.stated or one.observation
        if shown is not None:
            row = _row(one, shown, policy, files)
            found.setdefault(one.fact.partition(".")[0], []).append(row)
    return {topic: tuple(rows) for topic, rows in found.items()}


def _row(one: Computed, shown: Observation, policy: PolicySet, files: Mapping[str, int]) -> FactRow:
    definition = policy.catalogue[one.fact]
    is_stated = one.stated is not None
    answer = one.answer
    value = display(shown if is_stated else replace(shown, successes=None, trials=None), definition, policy.currency)
    return FactRow(
        one.fact,
        definition.title,
        _KEPT_WORDS.get(value, value),
        "stated" if is_stated else str(answer.period or ""),
        "" if is_stated else _counted(one),
        () if is_stated else tuple(files[name] for name in one.files),
        tuple(_beside(one, shown, policy)),
    )


def _counted(one: Computed) -> str:
    answer = one.answer
    if answer.trials is not None:
        return f"{answer.successes:,} of {answer.trials:,}"
    return f"{answer.n:,} {answer.noun}" if answer.n is not None and answer.noun else ""


def _beside(one: Computed, shown: Observation, policy: PolicySet) -> Iterator[str]:
    definition = policy.catalogue[one.fact]
    if one.stated is not None:
        if one.stated.by:
            yield f"said by {one.stated.by}" + (f", {one.stated.as_of}" if one.stated.as_of else "")
        if one.observation is not None:
            yield f"the exports give {display(one.observation, definition, policy.currency)}"
        else:
            yield f"not computed: {one.reason}"
        return
    if one.computation.proxy:
        yield f"stands in for the fact: {one.computation.note}"
    elif one.computation.note:
        yield one.computation.note
    if definition.type is FactType.CATEGORY or definition.type is FactType.PP:
        told = (sentence for sentence in one.answer.told if not sentence.startswith(("no alarm", "alarm", "T = ")))
        state = f"{_KEPT_WORDS.get(str(shown.value), shown.value)}: "
        is_state = one.computation.give is Give.TREND
        yield from (sentence.removeprefix(state) if is_state else sentence for sentence in told)
    if one.answer.remark:
        yield one.answer.remark


def absent(sheet: Sheet, catalogue: Catalogue) -> tuple[Absent, ...]:
    """The facts that are neither computed nor stated, by reason, in the order of the catalogue."""
    by_reason: dict[str, list[str]] = {}
    for one in sheet.computed:
        if one.observation is None and one.stated is None:
            by_reason.setdefault(one.reason, []).append(one.fact)
    return tuple(
        Absent(reason, tuple(catalogue[fact].title for fact in facts), tuple(facts))
        for reason, facts in by_reason.items()
    )


# --- findings --------------------------------------------------------------------------------------------------


def finding_sentences(sheet: Sheet, catalogue: Catalogue, beside: Findings) -> tuple[str, ...]:
    """What stands out: months, parts of rates, the reasons of lost deals."""
    return (*alarms(sheet, catalogue), *segment_sentences(beside, catalogue), *coding_sentences(beside.coding))


def quality_sentences(sheet: Sheet) -> tuple[str, ...]:
    """How far the data can be relied on."""
    return (*fill_sentences(sheet), *(finding.message for finding in sheet.findings))


def alarms(sheet: Sheet, catalogue: Catalogue) -> Iterator[str]:
    """The months that stand out, each series once."""
    told: dict[str, str] = {}
    for one in sheet.computed:
        if one.answer.alarm is not None and one.answer.alarm.is_alarm:
            told.setdefault(last_month_told(one.answer.alarm), catalogue[one.fact].title)
    yield from (f"{title}: {sentence}" for sentence, title in told.items())


def segment_sentences(found: Findings, catalogue: Catalogue) -> Iterator[str]:
    """For each rate in parts: whether they differ, which stand out, and what the mix did to a change that is beyond chance."""
    for fact, parts in found.segments.items():
        title = catalogue[fact].title
        alike = [part for part in parts if part.ranking.reason]
        if alike:
            yield f"{title}: no ranking by {', '.join(map(_alike, alike))}"
        for part in parts:
            if not part.ranking.reason:
                yield f"{title} by {part.column}: {ranking_told(part)}"
        yield from (f"{title}: {told}" for told in _mix_sentences(parts))


def _alike(part: Segmented) -> str:
    tested = part.ranking.homogeneity
    if isinstance(tested, Unknown):
        return f"{part.column} ({tested.reason})"
    if tested.p_value > SIGNIFICANCE:
        return f"{part.column} (differences within chance, p = {tested.p_value:.2g})"
    return f"{part.column} ({part.ranking.reason.removeprefix('no ranking: ')})"


def _mix_sentences(parts: Sequence[Segmented]) -> Iterator[str]:
    """The change since the year before where it is beyond chance: by which column the mix made some of it."""
    changes = [(part.column, part.mix) for part in parts if isinstance(part.mix, MixChange)]
    clear = [(column, mix) for column, mix in changes if not mix.raw.low <= 0 <= mix.raw.high]
    if not clear:
        return
    column, most = max(clear, key=lambda entry: abs(entry[1].due_to_mix))
    raw = most.raw
    told = (
        f"{100 * raw.first.rate:.1f} % a year before, {100 * raw.second.rate:.1f} % now, {100 * raw.change:+.1f} points "
        f"({100 * raw.low:.1f} to {100 * raw.high:.1f})"
    )
    if abs(most.due_to_mix) < SMALL_PART * abs(raw.change):
        yield f"{told}; the mix of {listed([name for name, _ in clear])} did not make it"
    else:
        yield f"{told}; by {column}: {mix_told(most)}"


def ranking_told(part: Segmented) -> str:
    """The order of the parts, where there is one; else why there is none."""
    ranking = part.ranking
    others = f" ({part.others:,} smaller ones as one)" if part.others else ""
    if ranking.reason:
        return f"{ranking.reason}{others}"
    out = [segment for segment in ranking.ranked if segment.stands_out]
    tested = "" if isinstance(ranking.homogeneity, Unknown) else f" (p = {ranking.homogeneity.p_value:.2g})"
    if not out:
        return f"the parts differ{tested}, and none stands out by itself{others}"
    best = [s for s in out if s.difference is not None and s.difference.change > 0][:MOST_SEGMENTS]
    worst = [s for s in out if s.difference is not None and s.difference.change < 0][-MOST_SEGMENTS:]
    said = [
        f"{word} the rest: {', '.join(map(_segment, found))}"
        for word, found in (("above", best), ("below", worst))
        if found
    ]
    return f"the parts differ{tested}; {'; '.join(said)}{others}"


def _segment(segment: Segment) -> str:
    share = segment.share
    return (
        f"{segment.name} {100 * share.rate:.1f} % [{100 * segment.low:.1f}-{100 * segment.high:.1f} %, "
        f"{share.successes:,} of {share.trials:,}]"
    )


def coding_sentences(coding: Coding | None) -> Iterator[str]:
    """How far the reasons of lost deals say something, and the texts that no phrase covers."""
    if coding is None or not coding.lost:
        return
    rest = f"; {counted(coding.uncoded_texts, 'different text')} without a code" if coding.uncoded_texts else ""
    yield f"reasons: {coding.filled:,} of {coding.lost:,} lost deals with one, {coding.coded:,} coded{rest}"
    if coding.uncoded:
        listed = ", ".join(
            f'"{text.text[:40]}" ({text.deals:,}, {text.file}:{text.row})' for text in coding.uncoded[:5]
        )
        yield f"not coded as an objection: {listed}"


def fill_sentences(sheet: Sheet) -> Iterator[str]:
    """The columns that are less than nine tenths filled, table by table."""
    for table in sheet.ground.tables.present:
        rows = sheet.filled[table, ""]
        thin = [
            f"{name} {100 * sheet.filled[table, name] / rows:.0f} %"
            for name in OF_EVERY_ROW.get(table, ())
            if name in sheet.ground.tables.present[table] and rows and sheet.filled[table, name] < 0.9 * rows
        ]
        if thin:
            yield f"{table}: filled in {', '.join(thin)}"

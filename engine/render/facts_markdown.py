"""The facts of a company from its exports, to paste."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..computed.findings import Findings
from ..extraction import Extraction
from ..policy import PolicySet
from .clean import clean
from .fact_rows import FactRow, absent, file_lines, finding_sentences, quality_sentences, topics
from .markup import bullets, escaped, heading, table
from .wording import capital


def render(extraction: Extraction, policy: PolicySet, beside: Findings) -> str:
    """The sheet as Markdown."""
    return "\n\n".join(part for part in _parts(extraction, policy, beside) if part) + "\n"


def _parts(extraction: Extraction, policy: PolicySet, beside: Findings) -> Iterator[str]:
    sheet, catalogue = extraction.sheet, policy.catalogue
    yield heading(1, clean(f"{extraction.company.name}: facts from its exports"))
    yield escaped(f"As of {sheet.as_of}. {sheet.window.told}.")
    yield _listed(file_lines(sheet))
    for topic, rows in topics(extraction, policy).items():
        yield heading(2, capital(topic))
        yield table(("fact", "value", "months", "counted", "files", "beside"), [_cells(row) for row in rows])
    unknown = [(clean(one.reason), clean("; ".join(one.titles))) for one in absent(sheet, catalogue)]
    if unknown:
        yield heading(2, "Not computed, and why")
        yield table(("why", "facts"), unknown)
    yield from _section("Findings", finding_sentences(sheet, catalogue, beside))
    yield from _section("Quality of the data", quality_sentences(sheet))


def _cells(row: FactRow) -> tuple[str, ...]:
    beside = "; ".join(row.beside)
    files = ", ".join(map(str, row.files))
    return tuple(clean(text) for text in (row.title, row.value, row.period, row.counted, files, beside))


def _section(title: str, sentences: Iterable[str]) -> Iterator[str]:
    said = _listed(sentences)
    if said:
        yield heading(2, title)
        yield said


def _listed(sentences: Iterable[str]) -> str:
    return bullets(clean(sentence) for sentence in sentences)

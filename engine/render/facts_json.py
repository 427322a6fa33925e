"""The facts of a company from its exports, for programs: JSON in which every key is always there."""

from __future__ import annotations

from ..computed.answer import Computed, MonthLine
from ..computed.coded_reasons import CodedText, Coding
from ..computed.findings import Findings
from ..diagnostics import Diagnostic
from ..extraction import Extraction
from ..facts import FactDefinition, FactType
from ..policy import PolicySet
from ..statistics.unknown import Unknown
from ..statistics.wording import mix_told
from .fact_rows import alarms, fill_sentences, ranking_told
from .jsontext import Plain, json_text
from .plain import listed, measured

SCHEMA_VERSION = 1


def render(extraction: Extraction, policy: PolicySet, beside: Findings) -> str:
    """The sheet as JSON."""
    return json_text(to_plain(extraction, policy, beside))


def to_plain(extraction: Extraction, policy: PolicySet, beside: Findings) -> dict[str, Plain]:
    """The sheet as mappings, lists, texts and numbers."""
    sheet = extraction.sheet
    return {
        "schema_version": SCHEMA_VERSION,
        "company": extraction.company.name,
        "as_of": sheet.as_of.isoformat(),
        "currency": policy.currency,
        "time_given": {"days": sheet.window.days, "because": sheet.window.told},
        "files": [
            {
                "file": e.file,
                "table": e.table,
                "rows": e.rows,
                "used": e.used,
                "left_out": [{"reason": one.reason, "rows": one.count} for one in e.left_out],
            }
            for e in sheet.extracts
        ],
        "facts": [_fact(one, policy.catalogue[one.fact], policy.currency) for one in sheet.computed],
        "alarms": [*alarms(sheet, policy.catalogue)],
        "segments": [
            {
                "fact": fact,
                "by": part.column,
                "says": ranking_told(part),
                "mix": None if isinstance(part.mix, Unknown) else mix_told(part.mix),
                "parts": [
                    {
                        "name": s.name,
                        "successes": s.share.successes,
                        "trials": s.share.trials,
                        "low": s.low,
                        "high": s.high,
                        "stands_out": s.stands_out,
                    }
                    for s in (*part.ranking.ranked, *part.ranking.unranked)
                ],
            }
            for fact, parts in beside.segments.items()
            for part in parts
        ],
        "reasons": _coding(beside.coding),
        "quality": [*fill_sentences(sheet)],
        "findings": [_finding(finding) for finding in sheet.findings],
        "warnings": [_finding(w) for w in extraction.company.warnings if w not in sheet.findings],
    }


def _fact(one: Computed, definition: FactDefinition, currency: str) -> dict[str, Plain]:
    answer, found = one.answer, one.observation
    return {
        "fact": one.fact,
        "title": definition.title,
        "unit": unit_of(definition, currency),
        **measured(found),
        "n": answer.n,
        "counted": answer.noun,
        "period": None
        if answer.period is None
        else {"first": str(answer.period.first), "last": str(answer.period.last), "months": answer.period.months},
        "as_of": None if found is None or found.as_of is None else found.as_of.isoformat(),
        "proxy": one.computation.proxy,
        "note": one.computation.note,
        "remark": answer.remark,
        "told": [*answer.told],
        "files": [*one.files],
        "rows": one.rows,
        "reason": one.reason or None,
        "stated": None if one.stated is None else measured(one.stated),
        "months": [month_line(line) for line in answer.lines],
    }


def unit_of(definition: FactDefinition, currency: str) -> str:
    """The unit of a value as a program reads it; `currency` is that of the policy set."""
    if definition.type is FactType.RATE:
        return "ratio"
    if definition.is_money:
        return f"{currency}{definition.per}"
    return "points" if definition.type is FactType.PP else definition.unit


def month_line(line: MonthLine) -> dict[str, Plain]:
    """One month of the counts in between."""
    return {
        "month": str(line.month),
        "standing": line.standing.value,
        "successes": line.successes,
        "trials": line.trials,
        "amount": line.amount,
    }


def _coding(coding: Coding | None) -> Plain:
    if coding is None:
        return None
    return {
        "lost": coding.lost,
        "with_reason": coding.filled,
        "coded": coding.coded,
        "texts": [_text(text) for text in coding.texts],
        "not_coded": [_text(text) for text in coding.uncoded],
        "different_texts_not_coded": coding.uncoded_texts,
    }


def _text(text: CodedText) -> Plain:
    return {
        "text": text.text,
        "deals": text.deals,
        "file": text.file,
        "row": text.row,
        "code": text.code or None,
        "phrase": text.phrase or None,
    }


def _finding(finding: Diagnostic) -> Plain:
    return {
        "code": finding.code,
        "message": finding.message,
        "hint": finding.hint,
        "listed": listed(finding.listed),
    }

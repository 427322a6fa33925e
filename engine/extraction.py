"""A company whose file names exports: what they say, computed and put beside what the file states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from .company import Company, read_company, with_overrides
from .computed.answer import Computed
from .computed.compute import Sheet, compute_facts
from .diagnostics import Diagnostic, Severity
from .display import display
from .document import Node
from .exports.tables import Tables
from .facts import FactDefinition
from .fields import span_of, text
from .materiality import differs
from .notation import calendar_date
from .policy import PolicySet
from .taxonomy import taxonomy_of


@dataclass(frozen=True, slots=True)
class Extraction:
    """A company with what its exports say."""

    company: Company
    sheet: Sheet


def extract(
    tables: Tables, node: Node, policy: PolicySet, as_of: date | None, today: date, assignments: Sequence[str] = ()
) -> Extraction:
    """The facts of a company from its exports and from its file, which counts first; `assignments` over both.

    Without a date of the file or of `as_of` the last day of the exports is taken. Raises FactError for what is wrong with the
    file, and LoadError, SchemaError or PolicyError for the taxonomy of the policy set.
    """
    taxonomy = taxonomy_of(policy)
    company = read_company(node, policy, as_of, tables.covers or today)
    known = tables.as_of(company.as_of, as_exported=tables.covers is None or company.as_of >= tables.covers)
    sheet = compute_facts(known, policy, taxonomy, company.exchange, company.as_of, company.facts)
    merged = _merged(company, sheet, policy)
    if as_of is None:
        merged = replace(merged, warnings=(*going_on(tables, node, today), *merged.warnings))
    return Extraction(with_overrides(merged, assignments, policy.catalogue), sheet)


def going_on(tables: Tables, node: Node, today: date) -> Iterator[Diagnostic]:
    """A warning where the exports tell of days after the date of the file: what they tell of them counts for nothing."""
    as_of = calendar_date(text(node, "as_of"))
    if as_of is None or tables.covers is None or (last := min(tables.covers, today)) <= as_of:
        return
    message = f"the exports go on to {last}; what they tell of the days after {as_of} does not count"
    hint = f"write `as_of: {last}` to use all of them; it can stay where only what was known on {as_of} is meant"
    yield Diagnostic("exports-go-on", message, span_of(node, "as_of"), hint, Severity.WARNING)


def _merged(company: Company, sheet: Sheet, policy: PolicySet) -> Company:
    """A stated value counts before a computed one; a material difference between them is a warning."""
    facts = {**sheet.facts, **company.facts}
    warnings = (*company.warnings, *sheet.findings, *_differences(sheet, policy))
    reasons = {one.fact: one.reason for one in sheet.computed if one.reason and one.fact not in company.facts}
    return replace(company, facts=MappingProxyType(facts), warnings=warnings, not_computed=MappingProxyType(reasons))


def _differences(sheet: Sheet, policy: PolicySet) -> Iterator[Diagnostic]:
    for one in sheet.computed:
        if one.stated is not None and one.observation is not None and differs(one.stated, one.observation):
            yield _differs(policy.catalogue[one.fact], one, policy.currency)


def _differs(definition: FactDefinition, one: Computed, currency: str) -> Diagnostic:
    assert one.stated is not None
    assert one.observation is not None
    stated, computed = (display(value, definition, currency) for value in (one.stated, one.observation))
    message = f"`{one.fact}` is stated as {stated}, and the exports give {computed}"
    hint = f"the stated value is used; `steelyard facts explain {one.fact}` shows how the other came about"
    return Diagnostic("computed-differs", message, one.stated.span, hint, Severity.WARNING)

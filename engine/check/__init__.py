"""What a schema cannot say and loading does not find: whether a policy set means anything, and what it says.

One check is one function `PolicySet -> Iterator[Diagnostic]`; `CHECKS` is all of them. Every code has an entry in
docs/diagnostics.md. A check that evaluates conditions leaves out those that another one finds fault with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeAlias

from ..diagnostics import Diagnostic, in_order
from ..policy import PolicySet
from .adjustments import too_many
from .comparisons import comparisons, counted_parts
from .computations import computations
from .entries import fact_roles, formulas, leftover_facts, questions, ranges
from .evidence import caps_and_floors, constant_evidence, evidence_bands, primary_evidence, weak_grades, weights
from .lateness import late_facts
from .measures import units
from .names import duplicate_ids, quoted_names, reserved_names, unused_signals
from .overlap import counted_twice
from .parameters import overdue_reviews, rate_parameters, unused_parameters
from .reach import conditions_that_never_hold, unreachable_cases
from .verdict import caps, score_bands, settings, tags

Check: TypeAlias = Callable[[PolicySet], Iterator[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    duplicate_ids,
    reserved_names,
    quoted_names,
    # facts and parameters
    formulas,
    ranges,
    fact_roles,
    questions,
    leftover_facts,
    computations,
    rate_parameters,
    unused_parameters,
    unused_signals,
    # conditions
    comparisons,
    counted_parts,
    units,
    late_facts,
    conditions_that_never_hold,
    # evidence
    evidence_bands,
    unreachable_cases,
    caps_and_floors,
    constant_evidence,
    weak_grades,
    weights,
    primary_evidence,
    counted_twice,
    too_many,
    # the verdict
    settings,
    score_bands,
    caps,
    tags,
)


def check(policy: PolicySet, today: date) -> tuple[Diagnostic, ...]:
    """Every problem of a policy set, by place. `today` is the date from which a review is overdue."""
    found = [diagnostic for one in CHECKS for diagnostic in one(policy)]
    return in_order([*found, *overdue_reviews(policy, today)])

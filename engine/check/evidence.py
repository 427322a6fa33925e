"""The decision lists: their bands, outcomes and weights. docs/language.md, section 8, steps 4 and 5."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..condition import FactTest, Operand, Operator, leaves
from ..diagnostics import Diagnostic, Severity, Span
from ..policy import Case, Evidence, PolicySet
from .conditions import changed_place, is_number, shown

_UPPER = (Operator.BELOW, Operator.AT_MOST)
NONE_HOLDS = (0.0, None, None)
"""Outcome, cap and floor where no case holds."""
MOST_FOR_CONSENSUS = 0.5
"""Grade C says what is commonly believed; it never decides alone (docs/language.md, appendix, references)."""


def _end(case: Case) -> FactTest | None:
    """The comparison that ends a band from above; None where it has no end."""
    tests = (leaf for leaf in leaves(case.when) if isinstance(leaf, FactTest))
    return next((test for test in tests if test.operator in _UPPER), None)


def evidence_bands(policy: PolicySet) -> Iterator[Diagnostic]:
    """Bands that leave numbers out, and bands in which no number lies."""
    for item in policy.evidence:
        if item.exhaustive:
            ends = [_end(case) for case in item.cases]
            yield from open_ends([end is not None for end in ends], [case.span for case in item.cases], item.span)
            yield from _out_of_order(item, [end for end in ends if end is not None], policy)


def open_ends(ended: Sequence[bool], spans: Sequence[Span | None], whole: Span | None) -> Iterator[Diagnostic]:
    """Bands that cover every number have an end, all but the last."""
    for has_end, span in zip(ended[:-1], spans[:-1], strict=True):
        if not has_end:
            yield Diagnostic("band-ends", "only the last band has no end", span, "say where it ends, or put it last")
    if ended and ended[-1]:
        message = "the last band has an end, so larger numbers lie in no band"
        yield Diagnostic("band-ends", message, spans[-1], "take its end out, or add a band without an end")
    elif len(ended) == 1:
        yield Diagnostic("band-ends", "one band alone decides nothing", whole, "divide it, or take it out")


def _out_of_order(item: Evidence, ends: Sequence[FactTest], policy: PolicySet) -> Iterator[Diagnostic]:
    for before, after in pairwise(ends):
        low, high = before.operands[0], after.operands[0]
        one_number = before.operator is Operator.BELOW and after.operator is Operator.AT_MOST
        yield from rising(low, high, policy, f"the bands of `{item.name}`", allow_equal=one_number)


def rising(
    low: Operand, high: Operand, policy: PolicySet, what: str, allow_equal: bool = False
) -> Iterator[Diagnostic]:
    """An end that is not above the one before it, at the layer that changed one of the two, else at the second."""
    if not (is_number(low.value) and is_number(high.value)):
        return
    if low.number < high.number or (allow_equal and low.number == high.number):
        return
    message = f"{what} are out of order: `{shown(high.value)}` comes after `{shown(low.value)}`"
    span = changed_place(high, policy) or changed_place(low, policy) or high.span
    yield Diagnostic("bands-out-of-order", message, span, "each band ends above the one before it")


def caps_and_floors(policy: PolicySet) -> Iterator[Diagnostic]:
    """Floors that a cap of the same case overrules."""
    for item in policy.evidence:
        for case in item.cases:
            if case.cap is not None and case.floor is not None and case.cap < case.floor:
                message = f"the cap `{shown(case.cap)}` lies below the floor `{shown(case.floor)}`"
                yield Diagnostic("cap-below-floor", message, case.span, "a cap beats a floor: take one of them out")


def constant_evidence(policy: PolicySet) -> Iterator[Diagnostic]:
    """Evidence that comes to the same whatever the facts are."""
    for item in policy.evidence:
        results = {(case.outcome, case.cap, case.floor) for case in item.cases}
        if not item.exhaustive:
            results.add(NONE_HOLDS)
        if len(results) == 1 and not (item.exhaustive and len(item.cases) == 1):
            message = f"`{item.name}` comes to `{shown(results.pop()[0])}` whatever the facts are"
            hint = "give its cases different outcomes, or take it out"
            yield Diagnostic("decides-nothing", message, item.span, hint, Severity.WARNING)


def weak_grades(policy: PolicySet) -> Iterator[Diagnostic]:
    """Consensus that decides alone."""
    for item in policy.evidence:
        for case in item.cases:
            if (case.grade or item.grade) == "C" and abs(case.outcome) > MOST_FOR_CONSENSUS:
                message = f"the outcome `{shown(case.outcome)}` rests on grade C, which counts `0.5` at most"
                hint = "lower the outcome, or give the grade of a better source"
                yield Diagnostic("weak-grade", message, case.span, hint, Severity.WARNING)


def weights(policy: PolicySet) -> Iterator[Diagnostic]:
    """Indicators, or a policy set, in which nothing has a weight."""
    for indicator in policy.indicators:
        if indicator.evidence and indicator.total_weight == 0:
            message = f"every weight in `{indicator.name}` is 0"
            yield Diagnostic("no-weight", message, indicator.span, "give its evidence weights above 0")
    counted = [i for i in policy.indicators if i.in_score]
    if not policy.single and not any(i.weight.value > 0 for i in counted):
        message = "no indicator that counts in the score has a weight above 0"
        yield Diagnostic("no-weight", message, policy.span, "give at least one a weight and leave `in_score` out")


def primary_evidence(policy: PolicySet) -> Iterator[Diagnostic]:
    """Indicators that can never be assessed."""
    for indicator in policy.indicators:
        if not any(item.primary for item in indicator.evidence):
            message = f"`{indicator.name}` has no primary evidence, so it can never be assessed"
            hint = "mark the evidence that it cannot do without `primary: true`"
            yield Diagnostic("no-primary", message, indicator.span, hint)

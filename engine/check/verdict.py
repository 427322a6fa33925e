"""From the score to a move: the settings, the bands, what gates and readings do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..condition import Operand
from ..diagnostics import Diagnostic, Severity, Span, did_you_mean
from ..policy import PolicySet
from .comparisons import not_a_rate, range_text
from .conditions import actions, is_number, shown, value_place, written
from .evidence import open_ends, rising

LARGEST_FACTOR = 100.0
"""An adjustment changes a weight; it does not make one item outweigh everything."""


def settings(policy: PolicySet) -> Iterator[Diagnostic]:
    """Thresholds of the whole policy set that no coverage and no strength can have, and impossible factors."""
    for what, coverage in (("required_coverage", policy.required_coverage), ("assessed_at", policy.assessed_at)):
        if is_number(coverage.value) and not 0 <= coverage.value <= 1:
            yield not_a_rate(coverage, value_place(coverage, policy))
        else:
            yield from _within(f"`{what}`", coverage, policy, 0, 1)
    yield from _within("`supports_at`", policy.supports_at, policy, 0, 1)
    for adjustment in policy.adjustments:
        yield from _within("`by`", adjustment.by, policy, 0, LARGEST_FACTOR)
    for indicator in policy.indicators:
        if indicator.quality is not None and indicator.quality.if_missing is not None:
            assumed = Operand(indicator.quality.if_missing, span=indicator.span)
            yield from _within("`if_missing` of `quality`", assumed, policy, 0, 1)


def caps(policy: PolicySet) -> Iterator[Diagnostic]:
    """Caps that are no number of points."""
    for gate in policy.gates:
        for effect in (gate.effect, gate.if_unknown):
            if isinstance(effect.cap_move, Operand):
                yield from _within("`cap_move`", effect.cap_move, policy, -100, 100)


def _within(what: str, operand: Operand, policy: PolicySet, low: float, high: float) -> Iterator[Diagnostic]:
    place = value_place(operand, policy)
    if not is_number(operand.value):
        message = f"{what} needs a number, and {written(operand)} is none"
        yield Diagnostic("wrong-operand", message, place, "write a number, without quotes")
    elif not low <= operand.value <= high:
        message = f"{what} is {written(operand)}, and must be {range_text(low, high)}"
        is_percentage = high == 1 and 2 <= operand.value <= 100
        hint = f"write `{shown(operand.value / 100)}`" if is_percentage else "correct the number"
        yield Diagnostic("out-of-range", message, place, hint)


def score_bands(policy: PolicySet) -> Iterator[Diagnostic]:
    """Bands of the score that leave scores out or stand out of order, and moves that do."""
    bands = policy.bands
    yield from open_ends([band.below is not None for band in bands], [band.span for band in bands], policy.span)
    ends = [band.below for band in bands if band.below is not None]
    for end in ends:
        yield from _within("the end of a band", end, policy, -100, 100)
    for low, high in pairwise(ends):
        yield from rising(low, high, policy, "the bands of the score")
    for band in bands:
        if band.move_low > band.move_high:
            message = f"the move of `{band.name}` runs from `{shown(band.move_low)}` down to `{shown(band.move_high)}`"
            yield Diagnostic("low-above-high", message, band.span, "name the lower end first")
    for before, after in pairwise(bands):
        if after.move_low < before.move_low or after.move_high < before.move_high:
            message = f"the move of `{after.name}` is smaller than that of `{before.name}`, and its score is higher"
            yield Diagnostic("bands-out-of-order", message, after.span, "let moves rise with the score")


def tags(policy: PolicySet) -> Iterator[Diagnostic]:
    """Tags that gates and readings take out of the plan and that no action carries."""
    if policy.single:
        return
    carried = {tag for action in actions(policy) for tag in action.tags}
    for tag, span in _called(policy):
        if tag not in carried:
            hint = did_you_mean(tag, carried) or "add it to the `tags:` of an action"
            message = f"no action carries the tag `{tag}`"
            yield Diagnostic("unknown-tag", message, span, hint, Severity.WARNING)


def _called(policy: PolicySet) -> Iterator[tuple[str, Span | None]]:
    for gate in policy.gates:
        for tag in (*gate.effect.forbid, *gate.if_unknown.forbid):
            yield tag, gate.span
    for reading in policy.readings:
        for tag in reading.drop_actions:
            yield tag, reading.span

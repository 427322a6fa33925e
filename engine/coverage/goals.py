"""What there is to test in a policy set: every case, threshold, truth, band, limit and action, each a goal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from ..conclusion import Kind
from ..condition import Condition, FactTest, Operand, SignalTest, Truth
from ..diagnostics import Span
from ..display import display, display_operand
from ..explanation import WORDS
from ..facts import Observation
from ..policy import Evidence, PolicySet
from ..recommendation import INSUFFICIENT
from .reachable import NO_CASE, OPEN, Reach, Witness
from .rules import ACTION, Owned, actions, owned, parts
from .thresholds import End, Side, Threshold, sides, thresholds


class GoalKind(StrEnum):
    """What a goal is about, in the order of the report."""

    CASES = "cases"
    THRESHOLDS = "thresholds"
    GATES = "gates"
    READINGS = "readings"
    ADJUSTMENTS = "adjustments"
    CONDITIONS = "conditions"
    BANDS = "bands"
    LIMITS = "limits"
    ACTIONS = "actions"


OWN_KIND = {Kind.GATE: GoalKind.GATES, Kind.READING: GoalKind.READINGS, Kind.ADJUSTMENT: GoalKind.ADJUSTMENTS}


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing to test. `item` is what it belongs to, `what` says it in words, `advice` which facts bring it about."""

    kind: GoalKind
    key: str
    item: str
    what: str
    advice: str = ""
    parameter: str = ""
    """The threshold that it is about."""
    span: Span | None = field(default=None, compare=False)


def goals(policy: PolicySet) -> tuple[Goal, ...]:
    """Every goal of a policy set that some company can reach, each once."""
    reach = Reach(policy)
    found: dict[str, Goal] = {}
    for goal in _all(policy, reach):
        found.setdefault(goal.key, goal)
    return tuple(found.values())


def _all(policy: PolicySet, reach: Reach) -> Iterator[Goal]:
    for item in policy.evidence:
        yield from _decisions(item, policy, reach)
        yield from _limits(item)
    for rule in owned(policy):
        yield from _truths(rule, policy, reach)
        for threshold in thresholds(rule, policy):
            yield from _sides(threshold, policy)
    yield from _bands(policy)
    yield from _settings(policy)
    for number, action in actions(policy):
        yield Goal(
            GoalKind.ACTIONS,
            f"{ACTION}:{number}",
            action.indicator or "plan",
            f"planned: {action.do}",
            span=action.span,
        )


# --- evidence --------------------------------------------------------------------------------------------------


def decision_key(item: str, decides: str) -> str:
    """The key of the goal that a case, none or nothing yet decides an evidence item."""
    return f"decides:{item}:{decides.rpartition('.')[2]}"


def _decisions(item: Evidence, policy: PolicySet, reach: Reach) -> Iterator[Goal]:
    reached = reach.decisions(item)
    options = [(case.name, f"case {n} decides", case.span) for n, case in enumerate(item.cases, start=1)]
    options += [(NO_CASE, "it is decided though no case holds", item.span), (OPEN, "it stays open", item.span)]
    for name, what, span in options:
        if reached is None or name in reached:
            advice = advised(reached[name], policy) if reached is not None else ""
            yield Goal(GoalKind.CASES, decision_key(item.name, name), item.name, what, advice, span=span)


def _limits(item: Evidence) -> Iterator[Goal]:
    for case in item.cases:
        for word, limit in (("cap", case.cap), ("floor", case.floor)):
            if limit is not None:
                what = f"{word} {limit:g} of case {case.name.rpartition('.')[2]} binds"
                advice = f"let the case hold while the rest of {item.indicator} would pass {limit:g}"
                yield Goal(GoalKind.LIMITS, f"limit:{case.name}", item.name, what, advice, span=case.span)


# --- conditions ------------------------------------------------------------------------------------------------


def truth_key(rule: str, path: str, truth: Truth) -> str:
    """The key of the goal that a part of a condition is yes, no or unknown."""
    return f"truth:{rule}{path}:{truth}"


def _truths(rule: Owned, policy: PolicySet, reach: Reach) -> Iterator[Goal]:
    reached = reach.truths(rule.when)
    for path, part in parts(rule.when):
        kind = (
            OWN_KIND.get(Kind(rule.kind), GoalKind.CONDITIONS)
            if not path and rule.kind != ACTION
            else GoalKind.CONDITIONS
        )
        for truth in Truth:
            if reached is None or (path, truth) in reached:
                advice = advised(reached[path, truth], policy) if reached is not None else ""
                words = "" if not path else f"{part_words(part, policy)}: "
                span = (part.span if path else None) or rule.span
                yield Goal(kind, truth_key(rule.key, path, truth), item_of(rule), f"{words}{truth}", advice, span=span)


def item_of(rule: Owned) -> str:
    """What a rule is called in a report."""
    if rule.kind == ACTION:
        return f"action of line {rule.span.line}" if rule.span else f"action {rule.name}"
    if rule.kind == "case":
        head, _, number = rule.name.rpartition(".")
        return f"{head} case {number}"
    return f"{rule.kind} {rule.name}"


def part_words(part: Condition, policy: PolicySet) -> str:
    """A part of a condition in a few words."""
    if isinstance(part, SignalTest):
        return f"signal {part.signal}"
    if isinstance(part, FactTest):
        definition = policy.catalogue[part.fact]
        if part.operator not in WORDS:
            return f"{part.fact} {'known' if part.operands[0].value is True else 'not known'}"
        shown = ", ".join(display_operand(operand, definition, policy.currency) for operand in part.operands)
        return f"{part.fact} {WORDS[part.operator]} {shown}".replace("  ", " ")
    return {"All": "all of", "AnyOf": "any of", "Not": "not", "AtLeastN": "at least so many of"}[type(part).__name__]


def advised(witness: Witness, policy: PolicySet) -> str:
    """Facts that bring something about, as they would be given; what the engine concludes is to be brought about in turn."""
    known = [(name, value) for name, value in witness.items() if value is not None]
    absent = [name for name, value in witness.items() if value is None]
    given = [f"{name} {_shown(name, value, policy)}" for name, value in known if not policy.catalogue[name].late]
    concluded = [f"{name} be {_shown(name, value, policy)}" for name, value in known if policy.catalogue[name].late]
    said = [f"let {', '.join(concluded)}"] if concluded else []
    said += [f"give {', '.join(given)}"] if given else []
    said += [f"{'not' if known else 'give nothing of'} {', '.join(absent)}"] if absent else []
    return ", and ".join(said)


def _shown(name: str, value: Observation, policy: PolicySet) -> str:
    definition = policy.catalogue[name]
    shown = display(value, definition, policy.currency)
    if not value.interval_known:
        return f"{shown} as a bare number"
    return f"{shown} (low and high too)" if definition.sampled and value.low == value.high is not None else shown


# --- thresholds ------------------------------------------------------------------------------------------------


def side_key(threshold: Threshold, side: Side) -> str:
    """The key of the goal that a company lies on one side of a threshold."""
    return f"{threshold.key}:{side}"


def _sides(threshold: Threshold, policy: PolicySet) -> Iterator[Goal]:
    definition = policy.catalogue[threshold.fact]
    shown = display_operand(Operand(threshold.x), definition, policy.currency)
    name = f"${threshold.parameter.rpartition('.')[2]} {shown}" if threshold.parameter else shown
    subject = threshold.fact if threshold.end is End.VALUE else f"{threshold.end} of {threshold.fact}"
    owner = (
        threshold.owner.partition(":")[2]
        if threshold.owner.startswith("evidence:")
        else threshold.owner.replace(":", " ")
    )
    for side in sides(threshold, definition):
        what = f"{subject} {side} {name}"
        advice = f"give {_for(threshold.fact, policy)} so that its {threshold.end} is {side} {shown}"
        yield Goal(
            GoalKind.THRESHOLDS, side_key(threshold, side), owner, what, advice, threshold.parameter, threshold.span
        )


def _for(fact: str, policy: PolicySet) -> str:
    """The fact, and what it is worked out from."""
    definition = policy.catalogue[fact]
    return f"{fact} ({definition.formula})" if definition.is_derived else fact


# --- the verdict -----------------------------------------------------------------------------------------------


def _bands(policy: PolicySet) -> Iterator[Goal]:
    for band in policy.bands:
        yield Goal(GoalKind.BANDS, f"band:{band.name}", "verdict", f"the evidence says {band.name}", span=band.span)
        if band.below is not None:
            threshold = band_threshold(band.below)
            yield from _sides(threshold, policy)
    if policy.bands:
        yield Goal(GoalKind.BANDS, f"band:{INSUFFICIENT}", "verdict", "insufficient evidence", span=policy.span)


def band_threshold(below: Operand) -> Threshold:
    """The end of a band of the verdict."""
    return Threshold("verdict", "score", End.VALUE, below.number, below.parameter, below.span)


SETTINGS = ("required_coverage", "assessed_at", "supports_at")


def _settings(policy: PolicySet) -> Iterator[Goal]:
    """The settings of the set: strengths and coverages move in steps, so what counts is reached and not reached."""
    values = (policy.required_coverage, policy.assessed_at, policy.supports_at)
    for name, operand in zip(SETTINGS, values, strict=True):
        for word in ("reached", "not reached"):
            what = f"{name} {operand.number:g} {word}"
            yield Goal(
                GoalKind.THRESHOLDS, f"setting:{name}:{word}", "verdict", what, "", operand.parameter, operand.span
            )

"""What of an evaluation is told, and in which order: the same for a terminal and for a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..conclusion import Assumption, Evaluation, EvidenceResult, IndicatorResult, PlanItem, Question
from ..condition import Truth, less
from .indicator_words import grade_words, indicator_name, label, limit_words
from .names import Names, in_sentence
from .rounding import Points, shares
from .wording import listed, percent

OWN_PLAN = ""
"""The indicator of an action that the policy set itself asks for."""

CHANGES = {
    "halved": 'with half the weight of "{}"',
    "raised": 'with half as much again for "{}"',
    "dropped": 'without "{}"',
}
"""The changes of one weight, in words."""

STALE = "stale-fact"
"""The code of the warning about an old fact."""

_QUOTED = re.compile(r"`([^`]+)`")


def is_single(evaluation: Evaluation) -> bool:
    """Whether one indicator was evaluated alone: there are no verdicts to choose from."""
    return not evaluation.possible


def ranked(evaluation: Evaluation) -> list[IndicatorResult]:
    """The indicators by the size of their points; those that are not assessed come last."""
    return sorted(evaluation.indicators, key=lambda r: (not r.assessed, -abs(r.points or 0.0), r.number))


# ---- contributions


@dataclass(frozen=True, slots=True)
class Contribution:
    """Something that moved the score: a piece of evidence, or the cap or floor of an indicator."""

    points: float
    label: str
    text: str
    grade: str
    size: float = field(repr=False)
    """The points before they were rounded."""


def contributions(evaluation: Evaluation, points: Points) -> list[Contribution]:
    """Everything that moved the score, the largest first."""
    found = [line for result in evaluation.indicators for line in _contributions(result, evaluation, points)]
    return sorted(found, key=lambda line: (-abs(line.points), -abs(line.size), line.label))


def _contributions(result: IndicatorResult, evaluation: Evaluation, points: Points) -> Iterator[Contribution]:
    for item in result.evidence:
        if item.points:
            text = item.because or f"{item.title}: outcome {item.outcome.value:+g}" if item.outcome else item.title
            yield Contribution(points.evidence[item.name], label(item), text, item.grade, item.points)
    limit = result.limit
    if limit is not None and limit.points:
        by_case = {item.case: item for item in result.evidence}
        owner = by_case.get(limit.case)
        text = limit_words(result, evaluation)
        grade = owner.grade if owner else ""
        yield Contribution(points.limits[result.name], label(owner) if owner else "", text, grade, limit.points)


def too_close(evaluation: Evaluation) -> list[tuple[str, str]]:
    """The comparisons that are too close to call, each with its test."""
    found = [(s, label(item)) for r in ranked(evaluation) for item in r.evidence for s in item.too_close]
    by_sentence: dict[str, list[str]] = {}
    for sentence, code in found:
        by_sentence.setdefault(sentence, []).append(code)
    return [(sentence, listed(codes)) for sentence, codes in by_sentence.items()]


def grade_shares(evaluation: Evaluation) -> list[tuple[str, str, float]]:
    """Grade, its words and its share of the decided evidence in percent, the largest first; they add up to 100."""
    ordered = sorted(evaluation.grades.items(), key=lambda entry: (-entry[1], entry[0]))
    rounded = shares([value for _, value in ordered], 1.0, 2) if ordered else ()
    return [(g, grade_words(g), 100 * r) for (g, _), r in zip(ordered, rounded, strict=True)]


def grades_sentence(evaluation: Evaluation) -> str:
    """The grades of the decided evidence in words."""
    return ", ".join(f"{words} ({grade}) {percent(share / 100)}" for grade, words, share in grade_shares(evaluation))


# ---- other weights


def holds_sentence(evaluation: Evaluation) -> str:
    """Whether other weights would give another band."""
    if not evaluation.variants or evaluation.verdict.band is None:
        return ""
    changed = [v for v in evaluation.variants if v.band != evaluation.verdict.band]
    held = evaluation.verdict.band != evaluation.verdict.id
    same_answer = (
        f'the evidence alone says "{in_sentence(evaluation.verdict.band_title)}"' if held else "the same answer"
    )
    if not changed:
        tries = len(evaluation.variants)
        return f"{same_answer} in all {tries} tries: each weight halved and raised by half, each indicator left out"
    reweighed = [v for v in evaluation.variants if v.change != "dropped"]
    dropped = [v for v in evaluation.variants if v.change == "dropped"]
    same = [sum(v.band == evaluation.verdict.band for v in group) for group in (reweighed, dropped)]
    parts = [
        f"weights halved or raised by half: {same_answer} in {same[0]} of {len(reweighed)}",
        f"one indicator left out: in {same[1]} of {len(dropped)}",
    ]
    return "; ".join(parts)


def other_bands(evaluation: Evaluation, names: Names) -> list[tuple[str, str]]:
    """The changes of one weight that give another band: what was changed, and the band."""
    by_name = {result.name: indicator_name(result) for result in evaluation.indicators}
    return [
        (CHANGES[v.change].format(by_name.get(v.indicator, v.indicator)), _band_words(v.band, names))
        for v in evaluation.variants
        if v.band != evaluation.verdict.band
    ]


def _band_words(band: str | None, names: Names) -> str:
    return "too little is known for a verdict" if band is None else f'"{names.band(band)}"'


# ---- what was taken for granted


def assumption_sentences(evaluation: Evaluation, names: Names) -> Iterator[str]:
    """The comparisons over missing facts that the policy answers itself, as far as they decide anything."""
    for answer, words in ((Truth.NO, "not met"), (Truth.YES, "met")):
        places: dict[str, dict[str, None]] = {}
        for assumption in evaluation.assumptions:
            if assumption.answer is answer:
                for place in _decided_places(assumption, evaluation, names):
                    places.setdefault(assumption.fact, {})[place] = None
        if places:
            facts = [f"{names.fact(fact)} ({listed(sorted(where))})" for fact, where in places.items()]
            yield f"not known, so these parts of a test count as {words}: {', '.join(facts)}"


def _decided_places(assumption: Assumption, evaluation: Evaluation, names: Names) -> Iterator[str]:
    """The tests and gates that an assumption may have decided."""
    users = names.users(assumption.where)
    for result in evaluation.indicators:
        yield from (label(item) for item in result.evidence if item.name in users and item.outcome is not None)
    yield from (gate.name for gate in evaluation.gates if gate.name in users and gate.truth is not Truth.UNKNOWN)


def quality_sentences(evaluation: Evaluation, names: Names) -> Iterator[str]:
    """How well a field is filled, where that had to be assumed."""
    for result in evaluation.indicators:
        if result.assessed and result.quality_fact and not result.quality_known:
            yield f"{names.fact(result.quality_fact)}: not known, taken as {percent(result.quality)}"


def stale_sentences(evaluation: Evaluation, names: Names) -> Iterator[str]:
    """Facts that are older than the catalogue wants them."""
    for warning in evaluation.warnings:
        if warning.code == STALE and warning.listed:
            yield from (f"{names.fact(one.name)} {one.message}" for one in warning.listed)
        elif warning.code == STALE:
            yield _QUOTED.sub(lambda match: names.fact(match[1]), warning.message)


def proxy_sentences(evaluation: Evaluation, names: Names) -> Iterator[str]:
    """Values that stand in for a fact as it is defined."""
    for name, observation in sorted(evaluation.facts.items()):
        if observation.proxy:
            note = f": {observation.note}" if observation.note else ""
            yield f"{names.value(name, observation)} stands in for {names.fact(name)}{note}"


def adjustment_sentences(evaluation: Evaluation, names: Names) -> Iterator[str]:
    """Changes of weights: those applied, and those that are open and were not."""
    for a in evaluation.adjustments:
        code = names.evidence.get(a.evidence, a.evidence)
        because = f": {a.because}" if a.because else ""
        if a.truth is Truth.YES:
            yield f"{code} counts with {percent(a.by)} of its weight{because}"
        else:
            waits = f" Not known: {names.facts(a.missing)}" if a.missing else ""
            yield f"{code} counts in full, and may have to count with {percent(a.by)} of its weight{because}.{waits}"


# ---- questions


def verdict_questions(evaluation: Evaluation) -> tuple[Question, ...]:
    """The first questions whose answers bring enough evidence for a verdict; empty where no answers do."""
    questions = evaluation.questions
    reaching = (n for n, q in enumerate(questions) if not less(q.coverage_after, evaluation.required_coverage))
    first = next(reaching, None)
    if first is None:
        return ()
    with_it = {questions[first].fact, *questions[first].together}
    last = max(n for n, question in enumerate(questions) if question.fact in with_it)
    return questions[: max(first, last) + 1]


def shortest_list_sentence(evaluation: Evaluation) -> str:
    """What it takes to come to a verdict."""
    needed, limit = verdict_questions(evaluation), evaluation.required_coverage
    if not needed:
        most = max((q.coverage_after for q in evaluation.questions), default=evaluation.coverage)
        return f"No answers bring a verdict: all of them together bring {percent(most, limit)}."
    before, after = percent(evaluation.coverage, limit), percent(needed[-1].coverage_after, limit)
    these = "This answer brings" if len(needed) == 1 else f"These {len(needed)} answers bring"
    return f"{these} enough for a verdict, unless a gate withdraws it: known {before.removesuffix(' %')} -> {after}."


def question_effect(question: Question, before: float, evaluation: Evaluation, numbers: Mapping[str, int]) -> str:
    """What an answer decides. `before` is the coverage without it, `numbers` the places of the facts in the list."""
    gates = {gate.name for gate in evaluation.gates}
    decided = [name for name in question.decides if name in gates]
    others = [f"{numbers[fact]}." for fact in question.together if fact in numbers]
    together = f"with {listed(others)} " if others else ""
    limit = evaluation.required_coverage
    reached, present = percent(question.coverage_after, limit), percent(before, limit)
    if decided:
        return f"{together}rules {listed(decided)} in or out"
    if reached != present and not is_single(evaluation):
        return f"{together}brings known {present.removesuffix(' %')} -> {reached}"
    return f"{together}decides {listed(list(question.decides))}" if question.decides else ""


def coverage_before(questions: Sequence[Question], evaluation: Evaluation) -> list[float]:
    """The coverage before each question: those that are only answered together count as one step."""
    found: list[float] = []
    known = evaluation.coverage
    for n, question in enumerate(questions):
        found.append(known)
        follower = questions[n + 1] if n + 1 < len(questions) else None
        if follower is None or follower.fact not in question.together:
            known = max(known, question.coverage_after)
    return found


# ---- the plan


@dataclass(frozen=True, slots=True)
class Owner:
    """What one side, or both together, does in one phase."""

    title: str
    items: tuple[PlanItem, ...]


def plan_by_phase(evaluation: Evaluation) -> list[tuple[str, list[Owner]]]:
    """The plan by phase and owner: what the strongest indicators ask for, then what is always done."""
    weight = {result.name: abs(result.points or 0.0) for result in evaluation.indicators}
    ordered = sorted(evaluation.plan, key=lambda item: (item.indicator == OWN_PLAN, -weight.get(item.indicator, 0.0)))
    found = []
    for phase, title in evaluation.phases:
        sides = dict.fromkeys([evaluation.plus, evaluation.minus, *(item.side for item in evaluation.plan)])
        owners = [Owner(side, _unique(i for i in ordered if i.phase == phase and i.side == side)) for side in sides]
        found.append((title, [owner for owner in owners if owner.items]))
    return [(title, owners) for title, owners in found if owners]


def _unique(items: Iterator[PlanItem]) -> tuple[PlanItem, ...]:
    """Each action once, though several indicators ask for it."""
    first: dict[str, PlanItem] = {}
    for item in items:
        first.setdefault(item.do, item)
    return tuple(first.values())


# ---- what indicators show before there is a verdict


def findings(result: IndicatorResult) -> list[EvidenceResult]:
    """The decided evidence of an indicator that says something."""
    decided = [item for item in result.evidence if item.outcome is not None and item.because]
    return sorted(decided, key=lambda item: -abs(item.outcome.value if item.outcome else 0.0) * item.weight)

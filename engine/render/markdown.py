"""An evaluation as a document: everything that was found, to paste into a report or a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..conclusion import Evaluation, EvidenceResult, GateResult, IndicatorResult
from ..condition import less
from ..facts import Observation, Origin
from ..policy import PolicySet
from .answer_words import differing_sentences, in_vain_sentences
from .clean import clean, cleaned
from .digest import (
    STALE,
    adjustment_sentences,
    assumption_sentences,
    contributions,
    coverage_before,
    grades_sentence,
    holds_sentence,
    is_single,
    other_bands,
    plan_by_phase,
    proxy_sentences,
    quality_sentences,
    question_effect,
    ranked,
    shortest_list_sentence,
    stale_sentences,
    too_close,
)
from .gate_words import STATE, effect_words, gate_name, gates_sentence, readiness
from .indicator_words import (
    alone_sentences,
    alone_words,
    evidence_words,
    grade_words,
    limit_words,
    numbered,
    remarks,
    speaks_for,
)
from .markup import bullets, escaped, heading, opening, strong, table
from .names import Names
from .rounding import Points, points
from .sentences import (
    direction_words,
    headline_words,
    held_sentence,
    known_sentence,
    open_sentence,
    rates_line,
    score_sentence,
    share_words,
    title_line,
    tried_line,
    urgency_words,
)
from .wording import capital, percent, signed


def render(evaluation: Evaluation, policy: PolicySet) -> str:
    """The whole answer. `policy`, under which it was made, gives titles and units."""
    safe = cleaned(evaluation)
    names = Names.of(policy)
    blocks = (_single if is_single(safe) else _document)(safe, names, points(safe, names.thresholds))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _document(evaluation: Evaluation, names: Names, printed: Points | None) -> Iterator[str]:
    yield from _verdict(evaluation, names)
    yield heading(2, "Indicators")
    yield _indicators(evaluation, names, printed)
    yield from _titled("What moved the score", _contributions(evaluation, printed))
    yield from _titled("Too close to call", bullets(f"{said} ({codes})" for said, codes in too_close(evaluation)))
    yield from _titled("Gates", _gates(evaluation, names))
    yield from _titled("Seen together", bullets(_readings(evaluation)))
    yield from _standing(evaluation, names)
    yield from _evidence(evaluation, names, printed)
    yield from _titled("What to ask next", _questions(evaluation, names))
    yield from _plan(evaluation)
    yield from _titled("Facts", _facts(evaluation, names))


def _single(evaluation: Evaluation, names: Names, printed: Points | None) -> Iterator[str]:
    """One indicator alone: no verdict."""
    yield heading(1, evaluation.company)
    yield opening(title_line(evaluation))
    yield strong(tried_line(evaluation))
    yield rates_line(evaluation)
    for result in evaluation.indicators:
        yield strong(alone_words(result))
        yield bullets(alone_sentences(result, names))
    yield from _evidence(evaluation, names, printed)
    yield from _titled("Assumed", bullets(assumption_sentences(evaluation, names)))
    yield from _titled("What to ask next", _questions(evaluation, names))
    yield from _titled("Facts", _facts(evaluation, names))


def _titled(title: str, block: str) -> Iterator[str]:
    """A block under its heading; nothing where it is empty."""
    if block:
        yield heading(2, title)
        yield block


def _verdict(evaluation: Evaluation, names: Names) -> Iterator[str]:
    verdict = evaluation.verdict
    yield heading(1, f"{evaluation.company}: {verdict.headline}")
    yield opening(title_line(evaluation))
    yield strong(tried_line(evaluation))
    yield rates_line(evaluation)
    share = share_words(evaluation)
    note = f" {escaped(capital(verdict.note))}." if verdict.note else ""
    yield strong(headline_words(evaluation)) + (f" ({escaped(share)})." if share else ".") + note
    stands = verdict.band is not None
    enough = not less(evaluation.coverage, evaluation.required_coverage)
    yield bullets(
        said
        for said in (
            held_sentence(evaluation, names),
            score_sentence(evaluation, names) if stands else open_sentence(evaluation, names),
            known_sentence(evaluation),
            "" if enough else shortest_list_sentence(evaluation),
            gates_sentence(evaluation),
        )
    )
    ways = (direction_words(evaluation), urgency_words(evaluation), readiness(evaluation))
    yield table(("Direction", "Urgency", "Readiness"), [ways])


# ---- indicators and evidence


def _indicators(evaluation: Evaluation, names: Names, printed: Points | None) -> str:
    total = sum(result.weight for result in evaluation.indicators if result.in_score)
    rows = [_indicator(result, evaluation, names, printed, total) for result in ranked(evaluation)]
    if printed is not None and evaluation.verdict.band is not None:
        rows.append(("Score", "", "", "", "", signed(printed.score, printed.decimals), ""))
    return table(
        ("Indicator", "Speaks for", "Strength", "Known", "Weight", "Points", "Remark"), rows, right={2, 3, 4, 5}
    )


def _indicator(
    result: IndicatorResult, evaluation: Evaluation, names: Names, printed: Points | None, total: float
) -> tuple[str, ...]:
    counted = printed is not None and evaluation.verdict.band is not None and result.name in printed.indicators
    return (
        numbered(result),
        speaks_for(result),
        signed(result.strength, 2) if result.strength is not None and result.assessed else "-",
        percent(result.coverage, names.assessed_at),
        percent(result.weight / total) if total and result.in_score else "-",
        signed(printed.indicators[result.name], printed.decimals) if counted and printed is not None else "-",
        remarks(result, names),
    )


def _contributions(evaluation: Evaluation, printed: Points | None) -> str:
    if printed is None or evaluation.verdict.band is None:
        return ""
    rows = [
        (signed(line.points, printed.decimals), line.label, line.text, grade_words(line.grade))
        for line in contributions(evaluation, printed)
    ]
    return table(("Points", "Test", "Because", "Grade"), rows, right={0})


def _evidence(evaluation: Evaluation, names: Names, printed: Points | None) -> Iterator[str]:
    shown = printed if evaluation.verdict.band is not None else None
    yield heading(2, "Evidence")
    for result in evaluation.indicators:
        number = f"{result.number} " if result.number else ""
        yield heading(3, f"{number}{result.title}")
        total = sum(item.weight for item in result.evidence)
        rows = [_item(item, names, shown, total) for item in result.evidence]
        limit = limit_words(result, evaluation)
        if limit and result.limit is not None:
            of_limit = shown.limits.get(result.name) if shown is not None else None
            given = signed(of_limit, shown.decimals) if shown is not None and of_limit is not None else "-"
            rows.append(("", "limit", "", f"{result.limit.limit:+.2g}", given, "", limit))
        titles = ("", "Test", "Weight", "Says", "Points", "Grade", "Because")
        yield table(titles, rows, right={2, 3, 4})


def _item(item: EvidenceResult, names: Names, printed: Points | None, total: float) -> tuple[str, ...]:
    given = printed.evidence.get(item.name) if printed is not None else None
    close = f" (too close to call: {'; '.join(item.too_close)})" if item.too_close and item.because else ""
    return (
        item.code,
        item.title,
        percent(item.weight / total) if total else "-",
        signed(item.outcome.value, 1).removesuffix(".0") if item.outcome is not None else "open",
        signed(given, printed.decimals) if printed is not None and given is not None else "-",
        grade_words(item.grade),
        evidence_words(item, names) + close,
    )


# ---- gates, and what the answer stands on


def _gates(evaluation: Evaluation, names: Names) -> str:
    rows = [_gate(gate, evaluation, names) for gate in evaluation.gates]
    return table(("Gate", "State", "Effect", "Because", "First", "Not known", "Grade"), rows)


def _gate(gate: GateResult, evaluation: Evaluation, names: Names) -> tuple[str, ...]:
    state = STATE[gate.truth] + (", could change the answer" if gate.could_change else "")
    because = gate.because if STATE[gate.truth] == "holds" else ""
    waits = names.facts(gate.missing)
    return gate_name(gate), state, effect_words(gate, evaluation), because, gate.first, waits, grade_words(gate.grade)


def _readings(evaluation: Evaluation) -> Iterator[str]:
    for reading in evaluation.readings:
        yield f"{reading.says}. First: {reading.first}" if reading.first else reading.says


def _standing(evaluation: Evaluation, names: Names) -> Iterator[str]:
    """What the answer rests on, and what was taken for granted."""
    if evaluation.verdict.band is not None:
        yield from _titled("What it rests on", bullets([grades_sentence(evaluation)]))
        changes = [f"{change}: {band}" for change, band in other_bands(evaluation, names)]
        yield from _titled("Does it hold under other weights?", bullets([holds_sentence(evaluation), *changes]))
    yield from _titled("Weights adjusted", bullets(adjustment_sentences(evaluation, names)))
    assumed = [*assumption_sentences(evaluation, names), *quality_sentences(evaluation, names)]
    yield from _titled("Assumed", bullets(assumed))
    yield from _titled("Stand-ins", bullets(proxy_sentences(evaluation, names)))
    yield from _titled("Answers that differ", bullets(differing_sentences(evaluation, names)))
    yield from _titled("Asked, not known", bullets(in_vain_sentences(evaluation, names)))
    yield from _titled("Old facts", bullets(stale_sentences(evaluation, names)))
    yield from _titled("Warnings", bullets(w.in_full for w in evaluation.warnings if w.code != STALE))


# ---- questions, plan, facts


def _questions(evaluation: Evaluation, names: Names) -> str:
    before = coverage_before(evaluation.questions, evaluation)
    numbers = {question.fact: n for n, question in enumerate(evaluation.questions, 1)}
    rows = [
        (
            str(n),
            question.ask or names.fact(question.fact),
            question.unit,
            question.who,
            question.source,
            question.fact,
            question_effect(question, before[n - 1], evaluation, numbers),
        )
        for n, question in enumerate(evaluation.questions, 1)
    ]
    return table(("", "Question", "Unit", "Who", "Where to look", "Fact", "What it brings"), rows, right={0}, code={5})


def _plan(evaluation: Evaluation) -> Iterator[str]:
    phases = plan_by_phase(evaluation)
    if phases:
        yield heading(2, "Plan")
    for phase, owners in phases:
        yield heading(3, phase)
        for owner in owners:
            yield strong(capital(owner.title))
            yield bullets(f"{item.do} (watch {item.watch})" if item.watch else item.do for item in owner.items)
    if phases and evaluation.verdict.band is not None and evaluation.roll_back:
        yield heading(3, "Roll back if")
        yield bullets(evaluation.roll_back)


def _facts(evaluation: Evaluation, names: Names) -> str:
    """What was known; what the engine concluded stands above."""
    rows = [
        (names.fact(name), names.value(name, observation), _origin(observation), name)
        for name, observation in evaluation.facts.items()
        if not names.catalogue[name].late
    ]
    return table(("Fact", "Value", "From", "Name"), sorted(rows, key=lambda row: row[3]), code={3})


def _origin(observation: Observation) -> str:
    """Who said it, where it stands, and since when."""
    if observation.origin is Origin.DERIVED:
        return "worked out"
    told: Sequence[str] = (
        observation.source,
        observation.by,
        f"as of {observation.as_of}" if observation.as_of else "",
        "stand-in" if observation.proxy else "",
        observation.note,
        "set for this run" if observation.origin is Origin.SET else "",
    )
    return clean(_joined(told))


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)

"""The page that answers: the verdict, what it rests on, what speaks against it, what to ask and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..conclusion import Evaluation, Question
from ..condition import less
from .answer_words import differing_sentences, in_vain_sentences
from .cells import padded, width
from .digest import (
    Contribution,
    adjustment_sentences,
    assumption_sentences,
    contributions,
    coverage_before,
    findings,
    grades_sentence,
    holds_sentence,
    other_bands,
    plan_by_phase,
    proxy_sentences,
    quality_sentences,
    question_effect,
    ranked,
    shortest_list_sentence,
    stale_sentences,
    too_close,
    verdict_questions,
)
from .gate_words import gate_name, gates_sentence, holding, holding_words, not_ruled_out, open_words, readiness
from .indicator_words import grade_words, label, numbered, sided
from .layout import LABEL, Item, Line, Run, Style, item_lines, paragraph, say, section
from .names import Names
from .rounding import Points
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
from .table import indicator_table
from .wording import listed, signed

MOST_REASONS = 6
MOST_AGAINST = 4
MOST_CLOSE = 3
MOST_QUESTIONS = 5
MOST_ACTIONS = 2
"""Of one owner in one phase."""
REST = "--format markdown shows all"
BLANK: Line = ()


def page(evaluation: Evaluation, names: Names, points: Points | None, columns: int) -> Iterator[Line]:
    """Every line of the answer of a policy set."""
    stands = evaluation.verdict.band is not None
    yield from head(evaluation, columns)
    yield from _verdict(evaluation, names, columns) if stands else _no_verdict(evaluation, names, columns)
    yield BLANK
    yield from _ways(evaluation, columns)
    yield BLANK
    yield from indicator_table(evaluation, names, points if stands else None, columns)
    yield BLANK
    if stands and points is not None:
        yield from _reasons(evaluation, points, columns)
    else:
        yield from section("Shown so far", _findings(evaluation), columns)
    yield from _gates(evaluation, names, columns)
    yield from section("Seen together", sentences(_readings(evaluation)), columns)
    yield from _standing(evaluation, names, columns)
    yield from asking(evaluation, columns)
    yield from after_blank(_plan(evaluation, columns))
    yield from section("Roll back if", sentences(evaluation.roll_back if stands else ()), columns)


def head(evaluation: Evaluation, columns: int) -> Iterator[Line]:
    """What was evaluated, and what was tried for this run only."""
    yield from paragraph([Run(title_line(evaluation), Style.TITLE)], columns)
    if evaluation.tried:
        yield from paragraph([Run(tried_line(evaluation), Style.HOLD)], columns)
    if evaluation.rates:
        yield from paragraph([Run(rates_line(evaluation), Style.ASIDE)], columns)
    yield BLANK


def sentences(said: Iterable[str]) -> list[Item]:
    """An entry for each sentence that is not empty."""
    return [say(sentence) for sentence in said if sentence]


# ---- the verdict


def _verdict(evaluation: Evaluation, names: Names, columns: int) -> Iterator[Line]:
    share = share_words(evaluation)
    note = f"; {evaluation.verdict.note}" if evaluation.verdict.note else ""
    said = [Run(headline_words(evaluation), Style.VERDICT), Run(f" ({share})" if share else ""), Run(note)]
    yield from paragraph(said, columns)
    for sentence in (held_sentence(evaluation, names), score_sentence(evaluation, names)):
        yield from paragraph([Run(sentence)], columns) if sentence else ()
    gates = gates_sentence(evaluation)
    yield from paragraph([Run(known_sentence(evaluation)), Run(f" {gates}" if gates else "", Style.HOLD)], columns)


def _no_verdict(evaluation: Evaluation, names: Names, columns: int) -> Iterator[Line]:
    yield from paragraph([Run(headline_words(evaluation), Style.VERDICT)], columns)
    withdrawing = [gate_name(gate) for gate in holding(evaluation) if gate.withdraws_verdict]
    enough = not less(evaluation.coverage, evaluation.required_coverage)
    gates = f" {listed(withdrawing)} withdraws the verdict." if withdrawing and enough else ""
    yield from paragraph([Run(known_sentence(evaluation)), Run(gates, Style.HOLD)], columns)
    yield from paragraph([Run(open_sentence(evaluation, names))], columns) if evaluation.missing else ()
    yield from paragraph([Run(shortest_list_sentence(evaluation))], columns) if not enough else ()


def _ways(evaluation: Evaluation, columns: int) -> Iterator[Line]:
    """Direction, urgency and readiness: beside each other where they fit, else below each other."""
    ways = (
        ("Direction", direction_words(evaluation)),
        ("Urgency", urgency_words(evaluation)),
        ("Readiness", readiness(evaluation)),
    )
    gap = 5
    if 2 + sum(width(title) + 2 + width(words) for title, words in ways) + 2 * gap <= columns:
        runs: list[Run] = []
        for title, words in ways:
            runs += [Run(" " * (gap if runs else 2)), Run(title, Style.LABEL), Run(f"  {words}")]
        yield tuple(runs)
        return
    for title, words in ways:
        yield from section(title, [say(words)], columns)


# ---- why, and why not


def _reasons(evaluation: Evaluation, points: Points, columns: int) -> Iterator[Line]:
    """For and against; where the evidence keeps the split, neither side is against the other."""
    lines = contributions(evaluation, points)
    plus, minus = [c for c in lines if c.size > 0], [c for c in lines if c.size < 0]
    low, high = evaluation.verdict.band_move or (0.0, 0.0)
    close = _close(evaluation)
    if low == high == 0:
        yield from section(f"For {evaluation.plus}", _contributed(plus, points, MOST_AGAINST), columns)
        yield from section(f"For {evaluation.minus}", _contributed(minus, points, MOST_AGAINST), columns)
        yield from section("Undecided", close, columns)
        return
    why, against = (plus, minus) if high > 0 else (minus, plus)
    yield from section("Why", _contributed(why, points, MOST_REASONS), columns)
    yield from section("Why not more", [*_contributed(against, points, MOST_AGAINST), *close], columns)


def _contributed(group: Sequence[Contribution], points: Points, most: int) -> list[Item]:
    codes = max((width(line.label) for line in group[:most]), default=0)
    items = []
    for line in group[:most]:
        side = Style.PLUS if line.size > 0 else Style.MINUS
        lead = (Run(f"{signed(line.points, points.decimals):>5}", side), Run(f"  {padded(line.label, codes)}  "))
        items.append(Item((Run(line.text), _aside(grade_words(line.grade))), lead))
    if len(group) > most:
        left = signed(sum(line.points for line in group[most:]), points.decimals)
        items.append(say(f"and {len(group) - most} more, {left} together: {REST}", Style.ASIDE))
    return items


def _aside(words: str) -> Run:
    return Run(f" ({words})" if words else "", Style.ASIDE)


def _close(evaluation: Evaluation) -> list[Item]:
    found = too_close(evaluation)
    items = [
        Item((Run("too close to call: ", Style.OPEN), Run(sentence), _aside(codes)))
        for sentence, codes in found[:MOST_CLOSE]
    ]
    if len(found) > MOST_CLOSE:
        items.append(say(f"and {len(found) - MOST_CLOSE} more too close to call: {REST}", Style.ASIDE))
    return items


def _findings(evaluation: Evaluation) -> Iterator[Item]:
    """What each indicator already shows, though there is no verdict."""
    for result in ranked(evaluation):
        found = findings(result)
        if found:
            yield say(numbered(result), Style.TITLE)
        for item in found:
            words = ", ".join(part for part in (sided(item, evaluation), grade_words(item.grade)) if part)
            yield Item((Run(item.because), _aside(words)), (Run(f"  {label(item)}  "),))


def _gates(evaluation: Evaluation, names: Names, columns: int) -> Iterator[Line]:
    """What holds and what is open; where there is no verdict, the open ones by name only."""
    items = [
        Item((Run(gate_name(gate), Style.HOLD), Run(f": {holding_words(gate, evaluation)}")))
        for gate in holding(evaluation)
    ]
    still_open = not_ruled_out(evaluation)
    if evaluation.verdict.band is None and still_open:
        items.append(say(f"not yet ruled out: {', '.join(gate_name(gate) for gate in still_open)}"))
    else:
        items += [
            Item((Run(gate_name(gate), Style.OPEN), Run(f": {open_words(gate, evaluation, names)}")))
            for gate in still_open
        ]
    yield from section("Gates", items, columns)


def _readings(evaluation: Evaluation) -> Iterator[str]:
    for reading in evaluation.readings:
        yield f"{reading.says}. First: {reading.first}" if reading.first else reading.says


# ---- what it stands on


def _standing(evaluation: Evaluation, names: Names, columns: int) -> Iterator[Line]:
    """What the answer rests on, and what was taken for granted."""
    if evaluation.verdict.band is not None:
        changes = [f"{change}: {band}" for change, band in other_bands(evaluation, names)]
        yield from section("Rests on", sentences([grades_sentence(evaluation)]), columns)
        yield from section("Holds?", sentences([holds_sentence(evaluation), *changes]), columns)
    assumed = [*assumption_sentences(evaluation, names), *quality_sentences(evaluation, names)]
    yield from section("Adjusted", sentences(adjustment_sentences(evaluation, names)), columns)
    yield from section("Assumed", sentences(assumed), columns)
    yield from section("Answers differ", sentences(differing_sentences(evaluation, names)), columns)
    yield from section("Asked in vain", sentences(in_vain_sentences(evaluation, names)), columns)
    yield from section("Stand-ins", sentences(proxy_sentences(evaluation, names)), columns)
    yield from section("Old facts", sentences(stale_sentences(evaluation, names)), columns)


# ---- what to ask and to do


def asking(evaluation: Evaluation, columns: int) -> Iterator[Line]:
    """What to ask next."""
    yield from after_blank(section("Ask next", _questions(evaluation), columns))


def after_blank(lines: Iterator[Line]) -> Iterator[Line]:
    """Lines with an empty one before them, where there are any."""
    for n, line in enumerate(lines):
        if n == 0:
            yield BLANK
        yield line


def _questions(evaluation: Evaluation) -> list[Item]:
    """The next questions; without a verdict all that it takes to come to one."""
    needed = () if evaluation.verdict.band is not None else verdict_questions(evaluation)
    shown = needed or evaluation.questions[:MOST_QUESTIONS]
    numbers = {question.fact: n for n, question in enumerate(shown, 1)}
    before = coverage_before(evaluation.questions, evaluation)
    items: list[Item] = []
    for n, question in enumerate(shown, 1):
        items += _question(n, question, question_effect(question, before[n - 1], evaluation, numbers))
    left = len(evaluation.questions) - len(shown)
    if left:
        items.append(say(f"and {left} more: {REST}", Style.ASIDE))
    return items


def _question(n: int, question: Question, effect: str) -> Iterator[Item]:
    number = f"{n:>2}. "
    yield say(question.ask or question.fact, lead=number)
    about = " · ".join(part for part in (question.who, question.fact, effect) if part)
    yield say(about, Style.ASIDE, lead=" " * len(number))


def _plan(evaluation: Evaluation, columns: int) -> Iterator[Line]:
    """The plan, each phase cut to a few actions of each owner."""
    phases = plan_by_phase(evaluation)
    sides = max((width(owner.title) for _, owners in phases for owner in owners), default=0)
    for n, (phase, owners) in enumerate(phases):
        yield from section("" if n else "Plan", [say(phase, Style.TITLE)], columns)
        for owner in owners:
            for m, action in enumerate(owner.items[:MOST_ACTIONS]):
                side = padded("" if m else owner.title, sides)
                yield from item_lines(say(action.do, lead=f"{side}  ", lead_style=Style.ASIDE), columns, LABEL)
        left = sum(max(0, len(owner.items) - MOST_ACTIONS) for owner in owners)
        if left:
            more = say(f"and {left} more: {REST}", Style.ASIDE, lead=" " * (sides + 2))
            yield from item_lines(more, columns, LABEL)

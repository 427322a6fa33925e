"""The page that answers: the verdict, what it rests on, what speaks against it, what to ask and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..conclusion import Evaluation, GateResult, Question
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
from .layout import LABEL, Item, Line, Run, Style, item_lines, paragraph, say, section
from .names import GRADES, Names, gate_name, indicator_name, label
from .rounding import Points
from .sentences import (
    direction_words,
    effect_words,
    gates_sentence,
    held_sentence,
    holding,
    known_sentence,
    listed,
    move_words,
    not_ruled_out,
    open_gate_words,
    open_sentence,
    readiness,
    score_sentence,
    share_words,
    signed,
    title_line,
    tried_line,
    urgency_words,
)
from .table import indicator_table

MOST_REASONS = 6
MOST_AGAINST = 4
MOST_CLOSE = 4
MOST_QUESTIONS = 5
MOST_ACTIONS = 2
"""Of one owner in one phase."""
REST = "--format markdown shows all"
BLANK: Line = ()


def page(evaluation: Evaluation, names: Names, points: Points | None, columns: int) -> Iterator[Line]:
    """Every line of the answer of a policy set."""
    verdict_stands = evaluation.verdict.band is not None
    yield from head(evaluation, columns)
    yield from _verdict(evaluation, names, columns) if verdict_stands else _no_verdict(evaluation, names, columns)
    yield BLANK
    yield from _ways(evaluation, columns)
    yield BLANK
    yield from indicator_table(evaluation, names, points if verdict_stands else None, columns)
    yield BLANK
    if verdict_stands and points is not None:
        yield from _reasons(evaluation, names, points, columns)
    else:
        yield from section("Shown so far", _findings(evaluation), columns)
    yield from rest(evaluation, names, columns)


def head(evaluation: Evaluation, columns: int) -> Iterator[Line]:
    """What was evaluated, and what was tried for this run only."""
    yield from paragraph([Run(title_line(evaluation), Style.TITLE)], columns)
    if evaluation.tried:
        yield from paragraph([Run(tried_line(evaluation), Style.HOLD)], columns)
    yield BLANK


def _verdict(evaluation: Evaluation, names: Names, columns: int) -> Iterator[Line]:
    verdict = evaluation.verdict
    move = verdict.move or (0.0, 0.0)
    share = share_words(evaluation, move)
    headline = f"{verdict.headline.upper()}, {move_words(evaluation, move, verdict.headline)}"
    runs = [Run(headline, Style.VERDICT), *([Run(f" ({share})")] if share else [])]
    yield from paragraph([*runs, *([Run(f"; {verdict.note}")] if verdict.note else [])], columns)
    for sentence in (held_sentence(evaluation, names), score_sentence(evaluation, names)):
        yield from paragraph([Run(sentence)], columns) if sentence else ()
    yield from _known(evaluation, columns)


def _known(evaluation: Evaluation, columns: int) -> Iterator[Line]:
    gates = gates_sentence(evaluation)
    yield from paragraph([Run(known_sentence(evaluation)), *([Run(f" {gates}", Style.HOLD)] if gates else [])], columns)


def _no_verdict(evaluation: Evaluation, names: Names, columns: int) -> Iterator[Line]:
    yield from paragraph([Run(f"{evaluation.verdict.headline.upper()}, no verdict and no move", Style.VERDICT)], columns)
    withdrawing = [gate_name(gate) for gate in holding(evaluation) if gate.withdraws_verdict]
    why = [Run(known_sentence(evaluation))]
    if withdrawing and evaluation.verdict.held_by:
        why.append(Run(f" {listed(withdrawing)} withdraws the verdict.", Style.HOLD))
    yield from paragraph(why, columns)
    if evaluation.missing:
        yield from paragraph([Run(open_sentence(evaluation, names))], columns)
    if evaluation.coverage < evaluation.required_coverage:
        yield from paragraph([Run(shortest_list_sentence(evaluation))], columns)


def _ways(evaluation: Evaluation, columns: int) -> Iterator[Line]:
    """Direction, urgency and readiness: beside each other where they fit, else below each other."""
    ways = (
        ("Direction", direction_words(evaluation)),
        ("Urgency", urgency_words(evaluation)),
        ("Readiness", readiness(evaluation)),
    )
    if 2 + sum(width(title) + 2 + width(words) for title, words in ways) + 2 * 5 <= columns:
        runs = [Run("  ")]
        for n, (title, words) in enumerate(ways):
            runs += [*([Run("     ")] if n else []), Run(title, Style.LABEL), Run(f"  {words}")]
        yield tuple(runs)
        return
    for title, words in ways:
        yield from section(title, [say(words)], columns)


# ---- why, and why not


def _reasons(evaluation: Evaluation, names: Names, points: Points, columns: int) -> Iterator[Line]:
    """For and against; where the evidence keeps the split, one is not against the other."""
    lines = contributions(evaluation, points)
    plus, minus = [c for c in lines if c.size > 0], [c for c in lines if c.size < 0]
    low, high = evaluation.verdict.band_move or (0.0, 0.0)
    if low == high == 0:
        groups = [(f"For {evaluation.plus}", plus, MOST_AGAINST), (f"For {evaluation.minus}", minus, MOST_AGAINST)]
        against = "Why no move"
    else:
        why, against_lines = (plus, minus) if high > 0 else (minus, plus)
        groups = [("Why", why, MOST_REASONS)]
        against = "Why not more"
    for title, group, most in groups:
        yield from section(title, _contributed(group, points, most, evaluation), columns)
    opposing = _contributed(against_lines, points, MOST_AGAINST, evaluation) if len(groups) == 1 else []
    yield from section(against, [*opposing, *_close(evaluation)], columns)


def _contributed(group: Sequence[Contribution], points: Points, most: int, evaluation: Evaluation) -> list[Item]:
    codes = max((width(line.label) for line in group), default=0)
    items = []
    for line in group[:most]:
        side = Style.PLUS if line.size > 0 else Style.MINUS
        lead = (Run(f"{signed(line.points, points.decimals):>5}", side), Run(f"  {padded(line.label, codes)}  "))
        grade = f" ({GRADES[line.grade]})" if line.grade in GRADES else ""
        items.append(Item((Run(line.text), Run(grade, Style.ASIDE)), lead))
    if len(group) > most:
        rest = sum(line.points for line in group[most:])
        left = f"and {len(group) - most} more of {signed(rest, points.decimals)} together: {REST}"
        items.append(say(left, Style.ASIDE))
    return items


def _close(evaluation: Evaluation) -> list[Item]:
    found = too_close(evaluation)
    items = [Item((Run(f"{sentence} ({codes})"),), (Run("too close to call: ", Style.OPEN),)) for sentence, codes in found]
    items = [Item((*item.lead, *item.text)) for item in items[:MOST_CLOSE]]
    if len(found) > MOST_CLOSE:
        items.append(say(f"and {len(found) - MOST_CLOSE} more too close to call: {REST}", Style.ASIDE))
    return items


def _findings(evaluation: Evaluation) -> list[Item]:
    """What each indicator already shows, though there is no verdict."""
    items = []
    for result in ranked(evaluation):
        for n, item in enumerate(findings(result)):
            number = f"{result.number} " if result.number else ""
            if n == 0:
                items.append(say(f"{number}{indicator_name(result)}", Style.TITLE))
            items.append(Item((Run(item.because), Run(f" ({GRADES.get(item.grade, item.grade)})", Style.ASIDE)), (Run(f"  {label(item)}  "),)))
    return items


# ---- the rest of the page


def rest(evaluation: Evaluation, names: Names, columns: int) -> Iterator[Line]:
    """What comes after the reasons: gates, what was taken for granted, questions and plan."""
    yield from section("Gates", _gates(evaluation, names), columns)
    yield from section("Taken together", _readings(evaluation), columns)
    if evaluation.verdict.band is not None:
        yield from section("Rests on", _sentences([grades_sentence(evaluation)]), columns)
        yield from section("Holds?", _holds(evaluation, names), columns)
    yield from section("Adjusted", _sentences(adjustment_sentences(evaluation, names)), columns)
    assumed = [*assumption_sentences(evaluation, names), *quality_sentences(evaluation, names)]
    yield from section("Assumed", _sentences(assumed), columns)
    yield from section("Stand-ins", _sentences(proxy_sentences(evaluation, names)), columns)
    yield from section("Old facts", _sentences(stale_sentences(evaluation, names)), columns)
    yield from _block(section("Ask next", _questions(evaluation), columns))
    yield from _block(_plan(evaluation, columns))
    yield from section("Roll back if", _sentences(evaluation.roll_back), columns)


def _block(lines: Iterator[Line]) -> Iterator[Line]:
    """Lines with an empty one before them, where there are any."""
    for n, line in enumerate(lines):
        if n == 0:
            yield BLANK
        yield line


def _sentences(sentences: Iterator[str] | Sequence[str]) -> list[Item]:
    return [say(sentence) for sentence in sentences if sentence]


def _gates(evaluation: Evaluation, names: Names) -> list[Item]:
    return [
        *(_holding_gate(gate, evaluation) for gate in holding(evaluation)),
        *(_open_gate(gate, evaluation, names) for gate in not_ruled_out(evaluation)),
    ]


def _holding_gate(gate: GateResult, evaluation: Evaluation) -> Item:
    effect = effect_words(gate, evaluation)
    runs = [Run(gate_name(gate), Style.HOLD), Run(f": {effect}, since {gate.because}" if gate.because else f": {effect}")]
    return Item((*runs, *([Run(f". First: {gate.first}")] if gate.first else [])))


def _open_gate(gate: GateResult, evaluation: Evaluation, names: Names) -> Item:
    return Item((Run(gate_name(gate), Style.OPEN), Run(f": {open_gate_words(gate, evaluation, names)}")))


def _readings(evaluation: Evaluation) -> list[Item]:
    return [say(f"{r.says}. First: {r.first}" if r.first else r.says) for r in evaluation.readings]


def _holds(evaluation: Evaluation, names: Names) -> list[Item]:
    changes = [say(f"{change}: {band}") for change, band in other_bands(evaluation, names)]
    return [*_sentences([holds_sentence(evaluation, names)]), *changes]


def _questions(evaluation: Evaluation) -> list[Item]:
    """The next questions; without a verdict all that it takes to come to one."""
    needed = () if evaluation.verdict.band is not None else verdict_questions(evaluation)
    shown = needed or evaluation.questions[:MOST_QUESTIONS]
    numbers = {question.fact: n for n, question in enumerate(shown, 1)}
    before = coverage_before(evaluation.questions, evaluation)
    items = []
    for n, question in enumerate(shown, 1):
        items += _question(n, question, question_effect(question, before[n - 1], evaluation, numbers))
    left = len(evaluation.questions) - len(shown)
    if left:
        items.append(say(f"and {left} more: {REST}", Style.ASIDE))
    return items


def _question(n: int, question: Question, effect: str) -> Iterator[Item]:
    number = f"{n:>2}. "
    yield say(question.ask or question.fact, Style.PLAIN, number)
    about = " · ".join(part for part in (question.who, question.fact, effect) if part)
    yield Item((Run(about, Style.ASIDE),), (Run(" " * len(number)),))


def _plan(evaluation: Evaluation, columns: int) -> Iterator[Line]:
    phases = plan_by_phase(evaluation)
    sides = max((width(owner.title) for _, owners in phases for owner in owners), default=0)
    for n, (phase, owners) in enumerate(phases):
        yield from section("Plan" if n == 0 else "", [say(phase, Style.TITLE)], columns)
        for owner in owners:
            for m, action in enumerate(owner.items[:MOST_ACTIONS]):
                side = padded(owner.title if m == 0 else "", sides)
                yield from item_lines(say(action.do, lead=f"{side}  "), columns, LABEL)
        left = sum(max(0, len(owner.items) - MOST_ACTIONS) for owner in owners)
        if left:
            more = Item((Run(f"and {left} more: {REST}", Style.ASIDE),), (Run(" " * (sides + 2)),))
            yield from item_lines(more, columns, LABEL)


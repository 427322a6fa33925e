"""What to ask a client next: the facts that are not known, ranked by what they could still change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from .company import Company
from .computation import Computation
from .conclusion import AnswerGiven, Evaluation, EvidenceResult, Question
from .condition import less
from .exports.canonical import TABLES
from .facts import FactDefinition
from .policy import PolicySet
from .wanted import written_as

PAGE = 10
"""Questions on the first page where a verdict is there already."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `known_before` and `known_after` are shares of the evidence, 0..1."""

    number: int
    fact: str
    ask: str
    write: str
    who: str
    source: str
    exports: str
    """The exports that would give it as well; empty where none does."""
    why_not: str
    """Why the exports that are there do not give it; empty where there are none."""
    gates: tuple[str, ...]
    """The gates that it rules in or out, with their titles."""
    tests: tuple[str, ...]
    """The tests that it decides."""
    together: tuple[int, ...]
    """The numbers of the questions that must be answered as well."""
    with_facts: tuple[str, ...]
    """The facts that those ask for."""
    points: float
    """How far the score could turn on those tests if everything else were known."""
    known_before: float
    known_after: float
    said: tuple[AnswerGiven, ...] = ()
    """Answers that differ."""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The questions to a company, the best first, and how far they reach.

    `first` of them bring a verdict; 0 where there is one or where no answers bring it. `left` were not chosen.
    """

    company: str
    as_of: date
    policy: str
    has_verdict: bool
    known: float
    required: float
    score: tuple[float, float]
    questions: tuple[Asked, ...]
    first: int
    reaches: float
    """The share of the evidence that is known once these are answered."""
    left: int
    in_vain: tuple[tuple[str, AnswerGiven], ...]
    """What somebody was asked for and does not know, with the question."""
    waiting: tuple[str, ...]
    """Facts that would have been asked for, and that somebody else has been asked for."""
    party: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which questions: so many (None: the first page), or all; only those that `who` would know."""

    count: int | None = None
    everything: bool = False
    who: str = ""
    party: str = ""
    elsewhere: Set[str] = frozenset()
    """Facts that somebody else has been asked for, who has not answered yet."""


def people(policy: PolicySet) -> tuple[str, ...]:
    """Everybody who would know something, in the order of the catalogue."""
    return tuple(dict.fromkeys(d.who for d in policy.catalogue.values() if d.who and d.ask))


def questionnaire(policy: PolicySet, company: Company, evaluation: Evaluation, choice: Choice) -> Questionnaire:
    """The questions for one company, in the order of what their answers could change."""
    ranked = tuple(_ranked(policy, company, evaluation))
    numbered = [*ranked, *_others(policy, evaluation, ranked, company)] if choice.everything else list(ranked)
    first = 0 if evaluation.verdict.band is not None else _enough(evaluation)
    theirs = [q for q in numbered if choice.who.casefold() in ("", q.who.casefold())]
    waiting = tuple(q.fact for q in _chosen(theirs, first, choice) if q.fact in choice.elsewhere)
    chosen = _chosen([q for q in theirs if q.fact not in choice.elsewhere], first, choice)
    after = evaluation.coverage if choice.who else _reached(chosen, evaluation.coverage)
    return Questionnaire(
        company=company.name,
        as_of=company.as_of,
        policy=policy.title,
        has_verdict=evaluation.verdict.band is not None,
        known=evaluation.coverage,
        required=evaluation.required_coverage,
        score=(evaluation.score_low, evaluation.score_high),
        questions=tuple(chosen),
        first=first,
        reaches=max(after, evaluation.coverage),
        left=len(theirs) - len(chosen),
        waiting=waiting,
        in_vain=tuple(_in_vain(policy, evaluation)),
        party=choice.party or choice.who,
    )


def _chosen(questions: Sequence[Asked], first: int, choice: Choice) -> Sequence[Asked]:
    if choice.everything:
        return questions
    if choice.count is not None:
        return questions[: choice.count]
    return [q for q in questions if q.number <= first] if first else questions[:PAGE]


def _reached(chosen: Sequence[Asked], known: float) -> float:
    """What is known once all of them are answered: one that needs another question brings nothing without it."""
    numbers = {one.number for one in chosen}
    return max((one.known_after for one in chosen if numbers.issuperset(one.together)), default=known)


def _enough(evaluation: Evaluation) -> int:
    """How many questions bring a verdict, those included that decide only together; 0 where none do."""
    questions = evaluation.questions
    reaching = (n for n, q in enumerate(questions) if not less(q.coverage_after, evaluation.required_coverage))
    first = next(reaching, None)
    if first is None:
        return 0
    with_it = {questions[first].fact, *questions[first].together}
    return 1 + max(n for n, question in enumerate(questions) if question.fact in with_it)


def _ranked(policy: PolicySet, company: Company, evaluation: Evaluation) -> Iterator[Asked]:
    numbers = {question.fact: n for n, question in enumerate(evaluation.questions, 1)}
    known = evaluation.coverage
    for n, question in enumerate(evaluation.questions, 1):
        yield _asked(policy, company, evaluation, question, numbers, known)
        follower = evaluation.questions[n] if n < len(evaluation.questions) else None
        if follower is None or follower.fact not in question.together:
            known = max(known, question.coverage_after)


def _asked(
    policy: PolicySet,
    company: Company,
    evaluation: Evaluation,
    question: Question,
    numbers: dict[str, int],
    known: float,
) -> Asked:
    gates = {gate.name: gate.title for gate in evaluation.gates}
    items = {item.code or item.name: item for result in evaluation.indicators for item in result.evidence}
    tests = [name for name in question.decides if name in items]
    together = tuple(sorted((fact for fact in question.together if fact in numbers), key=lambda fact: numbers[fact]))
    return Asked(
        number=numbers[question.fact],
        fact=question.fact,
        ask=question.ask or policy.catalogue[question.fact].title,
        write=_write(policy, company, question.fact),
        who=question.who,
        source=question.source,
        exports=_exports(policy.catalogue[question.fact]),
        why_not=evaluation.not_computed.get(question.fact, ""),
        gates=tuple(f"{name} {gates[name]}" for name in question.decides if name in gates),
        tests=tuple(f"{name} {items[name].title}" for name in tests),
        together=tuple(numbers[fact] for fact in together),
        with_facts=together,
        points=sum(_points(evaluation, items[name]) for name in tests),
        known_before=known,
        known_after=max(known, question.coverage_after),
        said=tuple(one for one in evaluation.answers if one.fact == question.fact and one.standing == "differs"),
    )


def _points(evaluation: Evaluation, item: EvidenceResult) -> float:
    """How many points of the score lie between what a test could still say, everything else known; caps and floors aside."""
    total = sum(result.weight for result in evaluation.indicators if result.in_score)
    owner = next(result for result in evaluation.indicators if item in result.evidence)
    within = sum(other.weight for other in owner.evidence)
    values = [outcome.value for outcome in item.reachable]
    if not owner.in_score or not values or not total or not within:
        return 0.0
    return 100 * owner.weight / total * item.weight / within * (max(values) - min(values))


def _write(policy: PolicySet, company: Company, fact: str) -> str:
    return written_as(policy.catalogue[fact], company.currency or policy.currency)


def _exports(definition: FactDefinition) -> str:
    """The tables and columns from which the catalogue would compute the fact: the first way."""
    computation = next(iter(definition.computed), None)
    tables: dict[str, dict[str, None]] = {}
    for table, column in _columns(computation) if computation is not None else ():
        tables.setdefault(table, {})[column] = None
    named = (f"{TABLES[table].title} ({', '.join(columns)})" for table, columns in tables.items())
    return " and ".join(named)


def _columns(computation: Computation) -> Iterable[tuple[str, str]]:
    return sorted(
        {
            (table, name)
            for table, name in computation.columns()
            if name in {column.name for column in TABLES[table].columns}
        }
    )


def _others(policy: PolicySet, evaluation: Evaluation, ranked: Sequence[Asked], company: Company) -> Iterator[Asked]:
    """What is not known and decides no test by itself: for gates, the plan, and in place of what is worked out."""
    seen = {question.fact for question in ranked} | company.asked_in_vain
    rest = [d for d in policy.catalogue.values() if d.ask and not d.late and d.name not in seen]
    missing = [d for d in rest if d.name not in evaluation.facts]
    for number, d in enumerate(missing, len(ranked) + 1):
        known = max((q.known_after for q in ranked), default=evaluation.coverage)
        why_not = evaluation.not_computed.get(d.name, "")
        yield Asked(
            number,
            d.name,
            d.ask,
            _write(policy, company, d.name),
            d.who,
            d.source,
            _exports(d),
            why_not,
            (),
            (),
            (),
            (),
            0.0,
            known,
            known,
        )


def _in_vain(policy: PolicySet, evaluation: Evaluation) -> Iterator[tuple[str, AnswerGiven]]:
    for one in evaluation.answers:
        if one.standing == "not known" and one.fact not in evaluation.facts:
            yield policy.catalogue[one.fact].ask or policy.catalogue[one.fact].title, one

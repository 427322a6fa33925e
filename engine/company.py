"""What is known of one company, from its file: docs/language.md, section 5."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from .answered import answered
from .diagnostics import Diagnostic, FactError, Listed, Severity, Span, did_you_mean, warning
from .document import Fields, Items, Node, Value
from .exchange import Exchange, read_exchange
from .facts import Catalogue, FactDefinition, Facts, FactType, Observation, Origin
from .fields import entries, get, scalar_text, span_of, text
from .inclusion import amiss
from .notation import calendar_date, not_a_date, shortened
from .observation import months_until, observe
from .policy import PolicySet
from .scalar import resolve
from .testimony import Standing, Testimony, read_answers

COMPANY_FILE = "company.yaml"
"""The file of a company in a folder of its own."""
STALE = "stale-fact"
_COUNTS = re.compile(r"\s*([0-9]+)\s*/\s*([0-9]+)\s*")
_NOWHERE = Span("")


@dataclass(frozen=True, slots=True)
class Company:
    """The facts of one company on the evaluation date `as_of`; money is in the currency of the policy set.

    `as_of_assumed` where nobody said a date and today's was taken; `dated` is the day of the facts that say none. `source` is
    the text of the file.
    """

    name: str
    as_of: date
    as_of_assumed: bool
    dated: date
    exchange: Exchange
    facts: Facts
    warnings: tuple[Diagnostic, ...] = ()
    not_computed: Mapping[str, str] = field(default_factory=dict)
    """Why facts could not be computed from the exports."""
    answers: Testimony = field(default_factory=dict)
    """What people answered, and what became of it."""
    beside: tuple[Fields, ...] = field(default=(), compare=False, repr=False)
    """The files of those answers."""
    span: Span | None = field(default=None, compare=False)
    source: str = field(default="", compare=False, repr=False)

    @property
    def currency(self) -> str:
        """The company's own currency; empty where the file names none."""
        return self.exchange.own or ""

    @property
    def asked_in_vain(self) -> frozenset[str]:
        """The facts of which everybody who was asked said that they do not know them."""
        asked = {name for name, said in self.answers.items() if any(s.standing is Standing.NOT_KNOWN for s in said)}
        differing = {name for name, said in self.answers.items() if any(s.standing is Standing.DIFFERS for s in said)}
        return frozenset(asked - differing - self.facts.keys())

    def stale(self, catalogue: Catalogue) -> tuple[str, ...]:
        """Names of the facts that are older on the evaluation date than they should be; they are used all the same."""
        return tuple(name for name, _ in _stale(self, catalogue))


def read_company(
    node: Node, policy: PolicySet, as_of: date | None, today: date | None, assignments: Sequence[str] = ()
) -> Company:
    """A company's document as facts, `fact=value` assignments over it. Raises FactError with all problems of either."""
    company = read(node, policy.catalogue, policy.currency, as_of, today)
    return with_overrides(company, assignments, policy.catalogue) if assignments else company


def read(
    node: Node, catalogue: Catalogue, currency: str, as_of: date | None = None, today: date | None = None
) -> Company:
    """A company's document, which has the shape of its schema, as facts.

    `currency` is that of the policy set. `as_of` overrides the evaluation date of the file; `today` is taken where
    neither says one. Raises FactError with all problems.
    """
    problems = [*amiss(node)]
    dated = _file_date(node, problems)
    day = as_of or dated or today
    if day is None:
        raise FactError(problems or [_no_date(node)])
    # a day before that of the file does not make its dates wrong: what they say was not known yet
    exchange = read_exchange(node, currency, max(day, dated or today or day), problems)
    stated, later = _known_on(day, _facts(node, catalogue, (exchange, day), problems))
    documents = node.beside if isinstance(node, Fields) else ()
    defined = _answerable(documents, catalogue, problems)
    said = answered(read_answers(documents, defined, exchange, problems), stated, defined, replace(exchange, as_of=day))
    from_answers, of_later_days = _known_on(day, said.facts)
    facts = MappingProxyType({**from_answers, **stated})
    if any(problem.is_error for problem in problems):
        raise FactError(problems)
    problems += (*said.warnings, *_date_warnings(node, as_of, dated, day), *later, *of_later_days)
    company = Company(
        text(node, "company"), day, not (as_of or dated), dated or day, exchange, facts, tuple(problems), span=node.span
    )
    company = replace(company, answers=said.testimony, beside=documents)
    company = replace(company, source=node.source) if isinstance(node, Fields) else company
    return _with_stale_warnings(company, catalogue)


def _file_date(node: Node, problems: list[Diagnostic]) -> date | None:
    given = get(node, "as_of")
    if given is None:
        return None
    day = calendar_date(text(node, "as_of"))
    if day is None:
        problems.append(not_a_date(text(node, "as_of"), given.span))
    return day


def _no_date(node: Node) -> Diagnostic:
    hint = "add a line such as `as_of: 2026-10-31`"
    return Diagnostic("no-date", "the file does not say on which day its facts hold", node.span, hint)


def _date_warnings(node: Node, as_of: date | None, dated: date | None, day: date) -> Iterator[Diagnostic]:
    if as_of is None and dated is None:
        message = f"the file does not say on which day its facts hold; taken as {day}"
        yield Diagnostic("date-assumed", message, node.span, f"add a line `as_of: {day}`", Severity.WARNING)
    if dated is not None and day < dated:
        message = f"the facts hold on {dated}, after the evaluation date {day}"
        hint = "a fact of that day may not have been known before"
        yield Diagnostic("facts-from-later", message, span_of(node, "as_of"), hint, Severity.WARNING)


def _known_on(day: date, facts: Facts) -> tuple[Facts, tuple[Diagnostic, ...]]:
    """The facts without those that were stated of a later day, and a warning that names them."""
    later = {name: one for name, one in facts.items() if one.as_of is not None and one.as_of > day}
    if not later:
        return facts, ()
    listed = (Listed(name, f"is of {one.as_of}", one.span) for name, one in later.items())
    hints = ("not used: it was not known yet", "not used: they were not known yet")
    told = warning(
        "not-known-yet", f"{{listed}}, a day after {day}", f"{{count}} facts are of a day after {day}", hints, listed
    )
    return MappingProxyType({name: one for name, one in facts.items() if name not in later}), told


def _facts(node: Node, catalogue: Catalogue, at: tuple[Exchange, date], problems: list[Diagnostic]) -> Facts:
    exchange, day = at
    found: dict[str, Observation] = {}
    for name, place, given in entries(node, "facts"):
        definition = _stated(name, place, catalogue, problems)
        value = months_until(given, day) if day < exchange.as_of else given
        observation = observe(definition, value, exchange, place, problems) if definition else None
        if definition is not None and observation is not None:
            found[name] = observation
    return MappingProxyType(found)


def _answerable(
    documents: Sequence[Fields], catalogue: Catalogue, problems: list[Diagnostic]
) -> dict[str, FactDefinition]:
    """The definitions of the facts that files of answers name; those that nobody may state are noted."""
    named = [(name, place) for document in documents for name, place, _ in entries(document, "answers")]
    found = ((name, _stated(name, place, catalogue, problems)) for name, place in named)
    return {name: definition for name, definition in found if definition is not None}


def _stated(name: str, place: Span, catalogue: Catalogue, problems: list[Diagnostic]) -> FactDefinition | None:
    """The definition of a fact that a company may state; None where it may not, which is noted."""
    definition = catalogue.get(name)
    if definition is None:
        possible = [other for other, known in catalogue.items() if not known.late]
        hint = did_you_mean(name, possible) or "the catalogue of the policy set names the facts that can be used"
        problems.append(Diagnostic("unknown-fact", f"fact {shortened(name)} is not in the catalogue", place, hint))
        return None
    if definition.late:
        message = f"`{name}` is concluded from the other facts and cannot be stated"
        problems.append(Diagnostic("concluded-fact", message, place, "delete it"))
        return None
    return definition


# --- age -------------------------------------------------------------------------------------------------------


def _stale(company: Company, catalogue: Catalogue) -> Iterator[tuple[str, int]]:
    """Facts and their age in days, where that is more than the catalogue allows."""
    for name, observation in company.facts.items():
        limit = catalogue[name].stale_after
        age = (company.as_of - (observation.as_of or company.dated)).days
        if limit is not None and observation.origin in (Origin.STATED, Origin.COMPUTED) and age > limit:
            yield name, age


def _with_stale_warnings(company: Company, catalogue: Catalogue) -> Company:
    others = tuple(warning for warning in company.warnings if warning.code != STALE)
    listed = (
        Listed(
            name,
            f"is {age} days old, and should be at most {catalogue[name].stale_after}",
            company.facts[name].span,
            company.facts[name].source,
        )
        for name, age in _stale(company, catalogue)
    )
    day = company.as_of
    hints = ("it is used all the same; bring it up to date", "they are used all the same; bring them up to date")
    found = warning(
        STALE, f"on {day} {{listed}}", f"{{count}} facts are older on {day} than they should be", hints, listed
    )
    return replace(company, warnings=(*others, *found))


# --- values for one run ----------------------------------------------------------------------------------------


def with_overrides(company: Company, assignments: Sequence[str], catalogue: Catalogue) -> Company:
    """The company with facts set for one run. Raises FactError with all problems, none of which has a place.

    `name=value` in the notations of a file; `name=21/130` for a rate given as counts; `name=unknown` takes one away.
    """
    problems: list[Diagnostic] = []
    facts = dict(company.facts)
    for assignment in assignments:
        found: list[Diagnostic] = []
        name, value = _assigned(assignment, company, catalogue, found)
        option = shortened(f"--set {assignment}")
        problems += [replace(d, span=None, message=f"in {option}: {d.message}") for d in found]
        facts.pop(name, None)
        if value is not None:
            facts[name] = replace(value, origin=Origin.SET, span=None)
    if problems:
        raise FactError(problems)
    return _with_stale_warnings(replace(company, facts=MappingProxyType(facts)), catalogue)


def _assigned(
    assignment: str, company: Company, catalogue: Catalogue, problems: list[Diagnostic]
) -> tuple[str, Observation | None]:
    name, sign, written = (part.strip() for part in assignment.partition("="))
    if not sign or not name:
        hint = "write it as fact=value, for example sales.win_rate=21/130"
        problems.append(Diagnostic("set-syntax", "nothing is assigned", None, hint))
        return name, None
    definition = _stated(name, _NOWHERE, catalogue, problems)
    if definition is None:
        return name, None
    node = counted(_ranged(written) or Value(resolve(written), _NOWHERE, written), definition)
    return name, observe(definition, node, company.exchange, None, problems)


def _ranged(written: str) -> Items | None:
    """`[10, 20]` as what it would be in a file; None for anything else."""
    if not (written.startswith("[") and written.endswith("]")):
        return None
    ends = (end.strip() for end in written[1:-1].split(","))
    return Items(tuple(Value(resolve(end), _NOWHERE, end) for end in ends), _NOWHERE)


def counted(node: Node, definition: FactDefinition) -> Node:
    """A rate written as `21/130` as what it would be in a company's file; any other value as it is."""
    counts = _COUNTS.fullmatch(scalar_text(node)) if definition.type is FactType.RATE else None
    if counts is None:
        return node
    keys = ("successes", "trials")
    values = {key: Value(int(count), node.span, count) for key, count in zip(keys, counts.groups(), strict=True)}
    return Fields(values, dict.fromkeys(keys, node.span), node.span)

"""Two policy sets side by side: the answers of both for one company, and what each edit has in the difference."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from ..changes import Class, Comparison, Group, Mixer, compare, groups_of
from ..changes.change import Slot, Slots
from ..changes.parts import OWN, Kind
from ..company import read_company
from ..diagnostics import Diagnostic, FactError, PolicyError
from ..document import Node
from ..facts import Facts, FactType, Observation
from ..policy import Band, PolicySet
from ..schema import validate
from ..session import Engine, Session
from .attribution import Attribution, Edits, attribute, points
from .judging import Answer, Judge, Memory, judged

LEAST = 1e-9
"""A smaller change of a score is the noise of binary fractions."""
_CURRENCY = Slot(Kind.SET, OWN, "currency")


@dataclass(frozen=True, slots=True)
class Judged:
    """One company under both policy sets; an answer is None where that one cannot read its file, and `problems` say why."""

    before: Answer | None
    after: Answer | None
    problems_before: tuple[Diagnostic, ...] = ()
    problems_after: tuple[Diagnostic, ...] = ()
    attribution: Attribution | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two opened policy sets, what changed between them, and the edits that could change a score or a verdict."""

    old: Session
    new: Session
    compared: Comparison
    mixer: Mixer
    edits: tuple[Group, ...]
    judges: dict[Edits, Judge] = field(default_factory=dict)
    """Those of the mixes that were needed so far: they serve every company."""

    def judge(self, node: Node, as_of: date | None, today: date) -> Judged:
        """Both answers for a company's document, and where they differ, what each edit has in it.

        Raises EvaluationError where an engine fails.
        """
        misshapen = validate(node, "company")
        if misshapen:
            return Judged(None, None, misshapen, misshapen)
        first, problems_before = _facts(self.old, node, as_of, today)
        second, problems_after = _facts(self.new, node, as_of, today)
        before = judged(self.old.policy, self.old.backend, first) if first is not None else None
        after = judged(self.new.policy, self.new.backend, second) if second is not None else None
        shared = None
        if first is not None and second is not None and before is not None and after is not None:
            before = self._todays(before)
            shared = self._attributed(first, second) if _differs(before, after) else None
        return Judged(before, after, problems_before, problems_after, shared)

    def _todays(self, answer: Answer) -> Answer:
        """An answer of the old policy set under the names and titles of the new one."""
        names = self.compared.names
        verdict = names.new(Kind.BAND, answer.verdict)
        titles = {band.name: band.title for band in self.new.policy.bands}
        held_by = tuple(names.new(Kind.GATE, gate) for gate in answer.held_by)
        return replace(answer, verdict=verdict, title=titles.get(verdict, answer.title), held_by=held_by)

    @property
    def gone_bands(self) -> tuple[Band, ...]:
        """The verdicts that there are no more."""
        known = {band.name for band in self.new.policy.bands}
        return tuple(band for band in self.compared.base.bands if band.name not in known)

    def _attributed(self, before: Facts, after: Facts) -> Attribution:
        known: dict[Edits, Answer] = {}
        memory = Memory()

        def trial(edits: Edits) -> Answer:
            if edits not in known:
                stated = self._read(edits, before, after)
                known[edits] = self._judge(edits).answer(stated, memory if stated is before else None)
            return known[edits]

        return attribute(len(self.edits), trial, [edit.fingerprint for edit in self.edits])

    def _slots(self, edits: Edits) -> Slots:
        return frozenset(slot for n in edits for slot in self.edits[n].slots)

    def _judge(self, edits: Edits) -> Judge:
        if edits not in self.judges:
            self.judges[edits] = Judge.of(self.mixer.mix(self._slots(edits)))
        return self.judges[edits]

    def _read(self, edits: Edits, before: Facts, after: Facts) -> Facts:
        """The facts as the catalogue of a mix reads them."""
        slots, catalogue = self._slots(edits), self.compared.new.catalogue
        if all(slot.kind is not Kind.FACT and slot != _CURRENCY for slot in slots):
            return before
        found: dict[str, Observation] = {}
        for name, observation in before.items():
            converted = _CURRENCY in slots and name in catalogue and catalogue[name].type is FactType.MONEY
            read_anew = converted or Slot(Kind.FACT, name, "reading") in slots
            found[name] = after.get(name, observation) if read_anew else observation
        return found


def _facts(
    session: Session, node: Node, as_of: date | None, today: date
) -> tuple[Facts | None, tuple[Diagnostic, ...]]:
    """What a policy set reads in a company's document, which has the shape of its schema; else what is wrong with it."""
    try:
        return read_company(node, session.policy, as_of, today).facts, ()
    except FactError as error:
        return None, tuple(diagnostic for diagnostic in error.diagnostics if diagnostic.is_error)


def _differs(before: Answer, after: Answer) -> bool:
    """Whether there is another recommendation or another score."""
    return before.recommendation != after.recommendation or moved(before, after)


def moved(before: Answer, after: Answer) -> bool:
    """Whether there is another score; a difference within the noise of binary fractions is none."""
    return (before.score is None) != (after.score is None) or abs(points(after) - points(before)) > LEAST


@contextmanager
def opened(old: str, new: str, today: date, engine: Engine) -> Iterator[Pair]:
    """Two policy sets, opened and compared.

    Raises what opening either of them raises, and PolicyError where they do not answer the same question.
    """
    with ExitStack() as stack:
        before = stack.enter_context(Session.open(old, today, engine))
        after = stack.enter_context(Session.open(new, today, engine))
        refuse_other_question(before.policy, after.policy, (old, new))
        compared = compare(before.policy, after.policy)
        # one indicator alone has a score and no verdict
        least = Class.SCORE if after.policy.single else Class.VERDICT
        decisive = tuple(group for group in groups_of(compared) if group.effect.rank <= least.rank)
        yield Pair(before, after, compared, Mixer.of(compared), decisive)


def refuse_other_question(old: PolicySet, new: PolicySet, names: tuple[str, str]) -> None:
    """Raises PolicyError where scores of the two policy sets mean different things."""
    if old.single is not new.single:
        alone = names[0] if old.single else names[1]
        message = f"`{alone}` is one indicator, which gives no verdict to compare"
        raise PolicyError([Diagnostic("other-question", message, None, "compare two policy sets, or two indicators")])
    sides = [f"{policy.plus} against {policy.minus}" for policy in (old, new)]
    if sides[0] != sides[1]:
        message = f"`{names[0]}` weighs {sides[0]}, `{names[1]}` {sides[1]}"
        hint = "compare policy sets with the same `sides:`; `steelyard diff` shows what else differs"
        raise PolicyError([Diagnostic("other-question", message, None, hint)])

"""Two policy sets side by side: the answers of both for one company, and what each edit has in the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from ..changes import Class, Comparison, Group, Mixer, compare, groups_of
from ..changes.change import Slot, Slots
from ..changes.parts import OWN, Kind
from ..changes.web import COMPUTATION
from ..company import Company
from ..diagnostics import Diagnostic, PolicyError, SteelyardError
from ..facts import Facts, Observation, Origin
from ..policy import Band, PolicySet
from ..session import Engine, Session
from .attribution import Attribution, Edits, attribute, points
from .judging import Answer, Judge, Memory, judged

LEAST = 1e-9
"""A smaller change of a score is the noise of binary fractions."""
INVALID = 3
"""The exit code of what is wrong with a policy set or with data."""
Reader: TypeAlias = Callable[[PolicySet], Company]
"""What a policy set reads of one company; raises FactError, and what its taxonomy raises."""
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

    def judge(self, reader: Reader) -> Judged:
        """Both answers for a company, and where they differ, what each edit has in it.

        Raises EvaluationError where an engine fails.
        """
        first, problems_before = _facts(self.old.policy, reader)
        second, problems_after = _facts(self.new.policy, reader)
        before = judged(self.old.policy, self.old.backend, first) if first is not None else None
        after = judged(self.new.policy, self.new.backend, second) if second is not None else None
        shared = None
        if first is not None and second is not None and before is not None and after is not None:
            before = self._todays(before)
            shared = self._attributed(self._todays_facts(first), second) if _differs(before, after) else None
        return Judged(before, after, problems_before, problems_after, shared)

    def _todays(self, answer: Answer) -> Answer:
        """An answer of the old policy set under the names and titles of the new one."""
        names = self.compared.names
        verdict = names.new(Kind.BAND, answer.verdict)
        titles = {band.name: band.title for band in self.new.policy.bands}
        held_by = tuple(names.new(Kind.GATE, gate) for gate in answer.held_by)
        return replace(answer, verdict=verdict, title=titles.get(verdict, answer.title), held_by=held_by)

    def _todays_facts(self, facts: Facts) -> Facts:
        """Facts of the old policy set under the names of the new one."""
        return {self.compared.names.new(Kind.FACT, name): observation for name, observation in facts.items()}

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
        """The facts as the catalogue of a mix reads and computes them."""
        slots = self.compared.web.spread(self._slots(edits))
        if all(slot.kind is not Kind.FACT and slot != _CURRENCY for slot in slots):
            return before
        found: dict[str, Observation] = {}
        for name in dict.fromkeys((*before, *after)):
            side = after if self._is_after(name, slots, _is_computed(name, before, after)) else before
            if name in side:
                found[name] = side[name]
        return found

    def _is_after(self, name: str, slots: Slots, computed: bool) -> bool:
        """Whether a mix has the new observation of a fact."""
        if computed:
            return Slot(Kind.FACT, name, COMPUTATION) in slots
        catalogue = self.compared.new.catalogue
        converted = _CURRENCY in slots and name in catalogue and catalogue[name].is_money
        return converted or Slot(Kind.FACT, name, "reading") in slots


def _is_computed(name: str, before: Facts, after: Facts) -> bool:
    """Whether the exports say it on either side."""
    return any(name in facts and facts[name].origin is Origin.COMPUTED for facts in (before, after))


def _facts(policy: PolicySet, reader: Reader) -> tuple[Facts | None, tuple[Diagnostic, ...]]:
    """What a policy set reads of a company; else what is wrong with it."""
    try:
        return reader(policy).facts, ()
    except SteelyardError as error:
        if error.exit_code != INVALID:
            raise
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

"""Every client under two policies: whose recommendation changes, from what to what, and which edits do it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from ..changes import Change, Group
from ..company import Company, read_company
from ..diagnostics import Diagnostic, SourceError, SteelyardError
from ..policy import PolicySet
from ..recommendation import insufficient
from ..schema import validate
from ..session import Engine
from .attribution import Attribution, points
from .clients import Client
from .judging import Answer
from .pair import INVALID, LEAST, Judged, Pair, Reader, moved, opened
from .sides import Sides

Opening: TypeAlias = Callable[[Client, date | None, date], AbstractContextManager[Reader]]
"""What reads a company under one policy set and another, its exports opened once; opening it raises SourceError."""
INSUFFICIENT_TITLE = insufficient("").headline


class Effect(StrEnum):
    """What happens to one client, the most serious first."""

    VERDICT = "verdict"
    MOVE = "move"
    LOST = "lost"
    """There was an answer, and there is none any more: its file, or its policy set, is not valid under the new one."""
    GAINED = "gained"
    SCORE = "score"
    SAME = "same"
    NONE = "none"
    """Not evaluable under either."""

    @property
    def is_change(self) -> bool:
        """Whether the recommendation is another one."""
        return self in (Effect.VERDICT, Effect.MOVE, Effect.LOST, Effect.GAINED)


@dataclass(frozen=True, slots=True)
class ClientImpact:
    """One client: both answers, what they come to, and the edits of its policy set with their parts in the difference."""

    name: str
    file: str
    effect: Effect
    before: Answer | None = None
    after: Answer | None = None
    problems_before: tuple[Diagnostic, ...] = ()
    problems_after: tuple[Diagnostic, ...] = ()
    attribution: Attribution | None = None
    edits: tuple[Group, ...] = ()

    @property
    def shift(self) -> float | None:
        """By how many points the score changes; None where there is not one answer each."""
        if self.before is None or self.after is None:
            return None
        return points(self.after) - points(self.before)

    @property
    def scored(self) -> bool:
        """Whether there is a score before and after."""
        return all(answer is not None and answer.score is not None for answer in (self.before, self.after))

    @property
    def parts(self) -> tuple[tuple[Group, float], ...]:
        """Each edit and its points, the largest first; those without any are left out."""
        if self.attribution is None:
            return ()
        found = [(e, p) for e, p in zip(self.edits, self.attribution.parts, strict=True) if abs(p) > LEAST]
        return tuple(sorted(found, key=lambda part: -abs(part[1])))

    @property
    def turning(self) -> tuple[tuple[Group, ...], ...]:
        """The smallest sets of edits that bring the new recommendation by themselves."""
        sets = self.attribution.turning if self.attribution is not None else ()
        return tuple(tuple(self.edits[n] for n in some) for some in sets)

    @property
    def undoing(self) -> tuple[Group, ...]:
        """The edits of which each brings the old recommendation back when it alone is taken back."""
        return tuple(self.edits[n] for n in self.attribution.undoing) if self.attribution is not None else ()


@dataclass(frozen=True, slots=True)
class Impact:
    """What becomes of every client. `changes` are those of all policy sets that were compared, each once."""

    old: str
    new: str
    engine: str
    changes: tuple[Change, ...]
    edits: tuple[Group, ...]
    """The edits that could change a score or a verdict, each once."""
    clients: tuple[ClientImpact, ...]
    verdicts: tuple[str, ...] = ()
    """The titles of all verdicts, from below; the first is that of too little evidence."""
    notes: tuple[str, ...] = ()

    def having(self, *effects: Effect) -> tuple[ClientImpact, ...]:
        """The clients to whom something happens."""
        return tuple(found for found in self.clients if found.effect in effects)

    @property
    def changed(self) -> tuple[ClientImpact, ...]:
        """The clients whose recommendation is another one."""
        return tuple(found for found in self.clients if found.effect.is_change)

    @property
    def compared(self) -> tuple[ClientImpact, ...]:
        """The clients with an answer before and after."""
        return tuple(found for found in self.clients if found.before is not None and found.after is not None)


def stated(client: Client, as_of: date | None, today: date) -> AbstractContextManager[Reader]:
    """Reads what the company's file states, and no exports."""
    node = client.node
    assert node is not None

    def read(policy: PolicySet) -> Company:
        return read_company(node, policy, as_of, today)

    return nullcontext(read)


def study(
    sides: Sides,
    clients: Sequence[Client],
    as_of: date | None,
    today: date,
    engine: Engine = Engine.DURABLE,
    opening: Opening = stated,
) -> Impact:
    """Evaluate every client under both sides and attribute what differs.

    A client whose own policy set is not valid has no answer; raises what opening raises where one that several share is not, PolicyError
    where the two do not answer the same question, and EvaluationError where an engine fails.
    """
    found: list[ClientImpact] = []
    changes: dict[str, Change] = {}
    edits: dict[str, Group] = {}
    verdicts: dict[str, None] = {INSUFFICIENT_TITLE: None}
    for (old, new), some in _by_policy(sides, clients).items():
        try:
            with opened(old, new, today, engine) as pair:
                changes |= {change.fingerprint: change for change in pair.compared.changes}
                edits |= {edit.fingerprint: edit for edit in pair.edits}
                verdicts |= dict.fromkeys(band.title for band in pair.new.policy.bands)
                verdicts |= dict.fromkeys(band.title for band in pair.gone_bands)
                found += [_impact(pair, client, _judged(pair, client, as_of, today, opening)) for client in some]
        except SteelyardError as error:
            if (old, new) == sides.shared or error.exit_code != INVALID:
                raise
            found += [_not_opened(sides, client, (old, new), error, today) for client in some]
    in_order = {client.file: n for n, client in enumerate(clients)}
    found.sort(key=lambda one: in_order[one.file])
    return Impact(
        sides.old,
        sides.new,
        str(engine),
        tuple(changes.values()),
        tuple(edits.values()),
        tuple(found),
        tuple(verdicts),
        sides.notes(clients),
    )


def _by_policy(sides: Sides, clients: Iterable[Client]) -> dict[tuple[str, str], list[Client]]:
    """The clients by the two policy sets that answer for them; each pair is opened once."""
    found: dict[tuple[str, str], list[Client]] = {}
    for client in clients:
        found.setdefault(sides.policies(client), []).append(client)
    return found


def _judged(pair: Pair, client: Client, as_of: date | None, today: date, opening: Opening) -> Judged:
    """Both answers for a client; without any where its file or its exports cannot be read."""
    problems = client.problems if client.node is None else validate(client.node, "company")
    if client.node is None or problems:
        return Judged(None, None, problems, problems)
    try:
        with opening(client, as_of, today) as reader:
            return pair.judge(reader)
    except SourceError as error:
        problems = tuple(diagnostic for diagnostic in error.diagnostics if diagnostic.is_error)
        return Judged(None, None, problems, problems)


def _impact(pair: Pair, client: Client, told: Judged) -> ClientImpact:
    return ClientImpact(
        client.name,
        client.file,
        _effect(told),
        told.before,
        told.after,
        told.problems_before,
        told.problems_after,
        told.attribution,
        pair.edits,
    )


def _effect(told: Judged) -> Effect:
    before, after = told.before, told.after
    if before is None or after is None:
        return Effect.LOST if before is not None else Effect.GAINED if after is not None else Effect.NONE
    if before.verdict != after.verdict:
        return Effect.VERDICT
    if before.move != after.move:
        return Effect.MOVE
    return Effect.SCORE if moved(before, after) else Effect.SAME


def _not_opened(
    sides: Sides, client: Client, names: tuple[str, str], error: SteelyardError, today: date
) -> ClientImpact:
    """A client whose own policy set is not valid on one side, or on both."""
    problems = [tuple(d for d in sides.problems(name, today) if d.is_error) for name in names]
    if not any(problems):
        # each of the two is valid, and they do not answer the same question
        problems = [error.diagnostics, error.diagnostics]
    lost, gained = bool(problems[1]) and not problems[0], bool(problems[0]) and not problems[1]
    effect = Effect.LOST if lost else Effect.GAINED if gained else Effect.NONE
    return ClientImpact(client.name, client.file, effect, problems_before=problems[0], problems_after=problems[1])


@dataclass(frozen=True, slots=True)
class EditImpact:
    """What one edit does over all clients: in how many it moves the score, its largest part, and whose recommendation it turns."""

    edit: Group
    moved: int
    largest: float
    turned: tuple[str, ...]
    helped: tuple[str, ...]
    """Whose recommendation it turns with others, as one of the smallest sets that do."""
    undone: tuple[str, ...]


def edit_impacts(impact: Impact) -> Iterator[EditImpact]:
    """Every edit, that which turns most recommendations first, then that which moves most scores."""
    found = [_edit_impact(edit, impact) for edit in impact.edits]
    yield from sorted(
        found, key=lambda one: (-len(one.turned), -len(one.helped), -len(one.undone), -one.moved, -abs(one.largest))
    )


def _edit_impact(edit: Group, impact: Impact) -> EditImpact:
    parts = [part for one in impact.clients for other, part in one.parts if other.fingerprint == edit.fingerprint]
    turned: list[str] = []
    helped: list[str] = []
    for one in impact.clients:
        sizes = {len(some) for some in one.turning if edit.fingerprint in [group.fingerprint for group in some]}
        turned += [one.name] if 1 in sizes else []
        helped += [one.name] if sizes and 1 not in sizes else []
    undone = tuple(
        one.name for one in impact.clients if edit.fingerprint in [group.fingerprint for group in one.undoing]
    )
    return EditImpact(edit, len(parts), max(parts, key=abs, default=0.0), tuple(turned), tuple(helped), undone)

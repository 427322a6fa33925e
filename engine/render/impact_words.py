"""What becomes of clients, in words: the same for a terminal and for a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..changes import Group
from ..diagnostics import Diagnostic
from ..impact.attribution import Method
from ..impact.judging import Answer
from ..impact.pair import LEAST
from ..impact.study import ClientImpact, EditImpact, Effect, Impact, edit_impacts
from .change_words import head
from .rounding import shares
from .wording import capital, counted, counted_points, listed, signed, span

NO_ANSWER = "No answer"
CLOSEST = 5
"""Clients that are told of as nearly turned."""


def title(impact: Impact) -> str:
    """What is compared with what, for whom."""
    return f"{impact.old} -> {impact.new} · {counted(len(impact.clients), 'client')}"


@dataclass(frozen=True, slots=True)
class _Fate:
    """What becomes of one client and of several; `whole` says it where it becomes of all, and nothing else is said."""

    effects: tuple[Effect, ...]
    one: str
    several: str
    whole: str = ""


_FATES = (
    _Fate((Effect.VERDICT, Effect.MOVE), "gets another recommendation", "get another recommendation"),
    _Fate((Effect.LOST,), "gets no answer any more", "get no answer any more"),
    _Fate((Effect.GAINED,), "gets an answer for the first time", "get an answer for the first time"),
    _Fate(
        (Effect.SCORE,),
        "gets another score only",
        "get another score only",
        "another score, and the same recommendation",
    ),
    _Fate((Effect.SAME,), "is as before", "are as before"),
    _Fate((Effect.NONE,), "cannot be evaluated", "cannot be evaluated"),
)


def summary(impact: Impact) -> str:
    """How many get another recommendation, another score, or no answer."""
    total = len(impact.clients)
    counts = [(fate, len(impact.having(*fate.effects))) for fate in _FATES]
    whole = next((fate for fate, count in counts if count == total), None)
    if whole is not None:
        return _of_all(whole, total)
    (fate, changed), *others = counts
    words = [f"{changed or 'None'} of {total} clients {fate.several if changed > 1 else fate.one}"]
    words += [f"{count} {fate.one if count == 1 else fate.several}" for fate, count in others if count]
    return f"{'; '.join(words)}."


def _of_all(fate: _Fate, total: int) -> str:
    who = "the client" if total == 1 else "both clients" if total == 2 else f"all {total} clients"
    if fate.effects == (Effect.SAME,):
        return f"Recommendation and score stay as they are for {who}."
    if fate.effects == (Effect.NONE,) and total > 1:
        return f"{'Neither' if total == 2 else 'None'} of the {total} clients can be evaluated."
    verb = "gets" if total == 1 else "get"
    said = f"{verb} {fate.whole}" if fate.whole else fate.one if total == 1 else fate.several
    return f"{capital(who)} {said}."


def answer_words(answer: Answer | None) -> str:
    """A recommendation: the verdict and its move."""
    if answer is None:
        return NO_ANSWER
    if answer.move is None:
        return answer.title
    low, high = answer.move
    if low == high == 0:
        return f"{answer.title}, no move"
    near, far = sorted((abs(low), abs(high)))
    points = counted_points(far) if near == far else f"{span(near, far)} points"
    held = f" (held by {listed(answer.held_by)})" if answer.held_by else ""
    return f"{answer.title}, {points}{held}"


def score_words(client: ClientImpact) -> str:
    """The score before and after."""
    if client.before is None or client.after is None:
        return ""
    before, after = (_score(answer, _decimals(client)) for answer in (client.before, client.after))
    return f"score {before}, as before" if client.shift == 0 and client.scored else f"score {before} -> {after}"


def _score(answer: Answer | None, decimals: int = 1) -> str:
    return "none" if answer is None or answer.score is None else f"{round(answer.score, decimals) + 0.0:.{decimals}f}"


def _decimals(client: ClientImpact) -> int:
    """The fewest with which the printed scores differ by the printed change."""
    scores = [answer.score or 0.0 for answer in (client.before, client.after) if answer is not None]

    def agree(decimals: int) -> bool:
        before, after = (round(score, decimals) for score in scores)
        return abs(after - before - round(scores[1] - scores[0], decimals)) < LEAST

    return next((decimals for decimals in (1, 2, 3) if agree(decimals)), 3) if len(scores) == 2 else 1


def shift_words(client: ClientImpact) -> str:
    """The change of the score, as the printed scores have it; empty where there is not one answer each."""
    return signed(_shift(client), _decimals(client)) if client.shift is not None else ""


def _shift(client: ClientImpact) -> float:
    """The change of the score, rounded as it is printed."""
    scores = [answer.score or 0.0 if answer is not None else 0.0 for answer in (client.before, client.after)]
    before, after = (round(score, _decimals(client)) for score in scores)
    return round(after - before, _decimals(client))


def parts(client: ClientImpact) -> tuple[tuple[Group, str], ...]:
    """Each edit with its points as printed; they add up to the printed change of the score."""
    found, decimals = client.parts, _decimals(client)
    rounded = shares([part for _, part in found], _shift(client), decimals)
    return tuple((edit, signed(points, decimals)) for (edit, _), points in zip(found, rounded, strict=True))


@dataclass(frozen=True, slots=True)
class Numbered:
    """The edits with their numbers, by which clients refer to them."""

    edits: tuple[EditImpact, ...]

    @staticmethod
    def of(impact: Impact) -> Numbered:
        """Those that turn most recommendations first."""
        return Numbered(tuple(edit_impacts(impact)))

    def name(self, edit: Group) -> str:
        """An edit by its number and what it is about."""
        number = next(n for n, one in enumerate(self.edits, 1) if one.edit.fingerprint == edit.fingerprint)
        return f"edit {number} ({head(edit.leading)})"

    def turning(self, client: ClientImpact) -> Iterator[str]:
        """Which edits turn the recommendation by themselves, and which undo it."""
        sets, undoing = client.turning, client.undoing
        if sets:
            each = [" and ".join(self.name(edit) for edit in some) for some in sets[:3]]
            each += [f"{len(sets) - 3} other sets of as many"] if len(sets) > 3 else []
            yield f"{listed(each, 'or')} {'alone turns it' if len(sets[0]) == 1 else 'turn it together, and no fewer do'}"
        elif client.attribution is not None:
            yield "no set of up to three edits turns it; more of them are needed together"
        if undoing:
            shown = [self.name(edit) for edit in undoing[:3]]
            shown += [f"one of {len(undoing) - 3} others"] if len(undoing) > 3 else []
            yield f"without {listed(shown, 'or')} it would be as before"
        elif client.attribution is not None:
            yield "taking back any one edit does not bring the old one back"


def edit_effect(one: EditImpact) -> str:
    """What an edit does over all clients."""
    moved = f"in the score of {counted(one.moved, 'client')}, at most {signed(one.largest, 1)}" if one.moved else ""
    turned = f"turns {counted(len(one.turned), 'recommendation')} alone" if one.turned else ""
    helped = f"turns {counted(len(one.helped), 'recommendation')} together with others" if one.helped else ""
    undone = f"without it {len(one.undone)} would be as before" if one.undone else ""
    return (
        "; ".join(text for text in (turned, helped, undone, moved) if text)
        or "no part in these scores and recommendations"
    )


def names(impact: Impact) -> Mapping[str, str]:
    """What each client is called, by file: its name, with the file where two have the same."""
    found = [one.name for one in impact.clients]
    return {one.file: one.name if found.count(one.name) == 1 else f"{one.name} ({one.file})" for one in impact.clients}


@dataclass(frozen=True, slots=True)
class Matrix:
    """How many clients went from which verdict (rows) to which (columns)."""

    titles: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]


def matrix(impact: Impact) -> Matrix:
    """The verdicts before and after, in the order of the bands; those that nobody has are left out."""
    counts: dict[tuple[str, str], int] = {}
    for one in impact.clients:
        if one.effect is not Effect.NONE:
            key = (_verdict(one.before), _verdict(one.after))
            counts[key] = counts.get(key, 0) + 1
    seen = {title for pair in counts for title in pair}
    return Matrix(tuple(title for title in (*impact.verdicts, NO_ANSWER) if title in seen), counts)


def _verdict(answer: Answer | None) -> str:
    return NO_ANSWER if answer is None else answer.title


def shifts(impact: Impact) -> tuple[float, float, float] | None:
    """The least, the middle and the largest change of a score; None where nobody has two scores."""
    found = sorted(shift for one in impact.compared if one.scored and (shift := one.shift) is not None)
    if not found:
        return None
    half = len(found) // 2
    middle = found[half] if len(found) % 2 else (found[half - 1] + found[half]) / 2
    return found[0], middle, found[-1]


def shifted(impact: Impact) -> tuple[ClientImpact, ...]:
    """The clients with another score and the same recommendation, the largest shift first."""
    return tuple(sorted(impact.having(Effect.SCORE), key=lambda one: -abs(one.shift or 0.0)))


def closest(impact: Impact) -> tuple[ClientImpact, ...]:
    """The clients whose recommendation stays and whose score is now nearest to another verdict."""
    stayed = [
        one
        for one in impact.having(Effect.SCORE, Effect.SAME)
        if one.after is not None and one.after.margin is not None
    ]
    return tuple(sorted(stayed, key=lambda one: _margin(one.after))[:CLOSEST])


def _margin(answer: Answer | None) -> float:
    return answer.margin if answer is not None and answer.margin is not None else 0.0


def closest_words(client: ClientImpact) -> str:
    """How far a score is from another verdict."""
    answer = client.after
    if answer is None or answer.margin is None:
        return ""
    held = (
        f"; {listed(answer.held_by)} {'holds' if len(answer.held_by) == 1 else 'hold'} it back all the same"
        if answer.held_by
        else ""
    )
    return f'score {_score(answer)}, {_near(answer.margin)} points from "{answer.beyond}"{held}'


def _near(margin: float) -> str:
    """A distance, which is never shown as none where there is one."""
    return f"{margin:.1f}" if margin >= 0.1 else f"{margin:.2g}"


def problems(impact: Impact) -> Iterator[tuple[ClientImpact, str, tuple[Diagnostic, ...]]]:
    """The clients without an answer on a side, under which it is, and why."""
    for one in impact.having(Effect.LOST, Effect.GAINED, Effect.NONE):
        if one.problems_before == one.problems_after:
            yield one, "under both", one.problems_before
            continue
        for side, found in ((impact.old, one.problems_before), (impact.new, one.problems_after)):
            if found:
                yield one, f"under {side}", found


def problem_line(problem: Diagnostic) -> str:
    """A problem on one line."""
    where = f"{problem.span}: " if problem.span is not None else ""
    return f"{where}{problem.message} [{problem.code}]"


def method_words(impact: Impact) -> str:
    """How the parts were worked out; empty where none were."""
    found = [one.attribution for one in impact.clients if one.attribution is not None]
    if not found or not impact.edits:
        return ""
    drawn = [one for one in found if one.method is Method.DRAWN]
    said = "The parts of an edit are its Shapley values, what it adds over every order of making the edits; they add up to the change"
    if not drawn:
        return f"{said}. They are exact."
    worst = max(one.error for one in drawn)
    some = f"for {counted(len(drawn), 'client')} " if len(drawn) < len(found) else ""
    return f"{said}. They are estimated {some}over {drawn[0].orders} orders, with a standard error of up to {worst:.2f} points."

"""How the answer moved, in words: what every format says alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..condition import Truth
from ..policy import PolicySet
from ..timeline.changes import Change, What
from ..timeline.timeline import Moment, Timeline
from .clean import clean
from .names import Names
from .sentences import bounds_words
from .wording import counted, listed, percent, span

TITLES = ("date", "score", "between", "known", "verdict")
MOST = 3
"""So many changes are told in a terminal."""
NAMED = 5
"""So many stated facts are named."""
_SMALL = 0.05
_COUNTS = {"month": "months", "quarter": "quarters", "week": "weeks"}


def title(found: Timeline) -> str:
    """Of whom, how often, from when to when."""
    first, last = found.moments[0].day, found.moments[-1].day
    when = f"every {found.every} from {first} to {last}" if first != last else f"{last} alone"
    return f"{clean(found.company)}: how the answer moved, {when}"


def ground(found: Timeline, policy: PolicySet) -> Iterator[str]:
    """What the answers rest on, in a few sentences."""
    names = Names.of(policy)
    layers = " + ".join(found.moments[-1].evaluation.layers)
    source = "the exports and the file" if found.with_exports else "the file"
    yield clean(f"Each day is evaluated with what {source} knew then, under the policy of today ({layers}).")
    if found.undated:
        fact, hold = ("fact has", "holds") if len(found.undated) == 1 else ("facts have", "hold")
        titles = [names.fact(name) for name in found.undated[:NAMED]]
        more = [f"{len(found.undated) - NAMED} more"] if len(found.undated) > NAMED else []
        which = clean(listed([*titles, *more]))
        yield f"{len(found.undated)} stated {fact} no date and {hold} on every day: {which}."
    if rates := found.moments[-1].evaluation.rates:
        yield clean(f"Amounts of all days are converted alike: {listed(rates)}.")
    exported = [one.day for one in found.moments if one.as_exported]
    if exported and len(found.moments) > 1 and found.with_exports:
        also = f"{exported[0]} also knows" if len(exported) == 1 else f"{exported[0]} and later days also know"
        yield f"{also} what the exports do not date: stages, expected closing dates and status as exported."
    yield from _no_more_rows(found)


def _no_more_rows(found: Timeline) -> Iterator[str]:
    """That the exports tell nothing of some of the days."""
    later = [one.day for one in found.moments if one.after_exports]
    if later:
        since = f"from {later[0]} on" if len(later) > 1 else f"on {later[0]}"
        yield f"The exports end on {found.last_known}: {since} their facts stay the same and grow old."


def cells(moment: Moment, names: Names) -> tuple[str, str, str, str, str]:
    """Date, score, bounds, known share, verdict. No score where there is no verdict."""
    told = moment.evaluation
    score = "-" if moment.score is None else f"{moment.score:.1f}"
    between = " to ".join(bounds_words(told, names))
    after = " (after the exports)" if moment.after_exports else ""
    known = percent(told.coverage, told.required_coverage)
    return str(moment.day), score, between, known, f"{clean(verdict(moment))}{after}"


def verdict(moment: Moment) -> str:
    """The headline and the move."""
    told = moment.evaluation.verdict
    if told.move is None:
        return told.headline.lower()
    low, high = sorted(abs(end) for end in told.move)
    points = "no move" if high == 0 else f"{span(low, high) if low != high else f'{high:g}'} points"
    held = f", held by {', '.join(told.held_by)}" if told.held_by else ""
    return f"{told.headline.lower()}, {points}{held}"


def changed(moment: Moment, most: int | None = None) -> str:
    """What changed since the moment before; empty at the first and where nothing did."""
    if not moment.changes:
        return ""
    said = [clean(sentence(change, moment.score is not None)) for change in moment.changes]
    shown = said if most is None else said[:most]
    more = len(said) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


def sentence(change: Change, scored: bool = True) -> str:
    """One change, with points where there is a score that they are points of."""
    name = f"{change.item} {change.title}".strip()
    if change.what is What.GATE:
        if change.now == Truth.YES.value:
            return f"{name} holds"
        return f"{name} no longer holds" + (", and is not ruled out" if change.now == Truth.UNKNOWN.value else "")
    small = change.points is None or abs(change.points) < _SMALL
    moved = "" if small or not scored else f" ({change.points:+.1f})"
    if change.what is What.KNOWN:
        return f"{name}: now known{moved}"
    if change.what is What.OPEN:
        return f"{name}: not known any more{moved}"
    return f"{name}: from {_outcome(change.was)} to {_outcome(change.now)}{moved}"


def _outcome(value: str) -> str:
    number = float(value)
    return f"{number:+g}" if number else "0"


def scale(found: Timeline) -> str:
    """What the numbers of the changes mean."""
    told = found.moments[-1].evaluation
    sides = f"-1 speaks for {told.minus}, +1 for {told.plus}" if told.plus and told.minus else "-1 to +1"
    return clean(f"Below each day what changed: {sides}; in brackets the points that it moved the score by.")


def summary(found: Timeline) -> str:
    """First and last in one sentence, and how often there was a verdict; what lies after the exports shows nothing of either."""
    later = len(found.moments) - len(found.told)
    if not later:
        return _verdicts(found)
    count = counted(later, found.every.value, _COUNTS[found.every])
    verbs = ("lies", "is") if later == 1 else ("lie", "are")
    after = f"{count} {verbs[0]} after {found.last_known}, when the exports end, and {verbs[1]} not counted"
    return f"{_verdicts(found)} {after}." if found.told else f"{after}: nothing is told of how the answer moved."


def _verdicts(found: Timeline) -> str:
    known = [one for one in found.told if one.score is not None]
    count = counted(len(found.told), found.every.value, _COUNTS[found.every])
    if not known:
        needed = percent(found.required_coverage)
        return f"In {count} there never was enough evidence for a verdict: {needed} must be known."
    with_verdict = (
        f"a verdict in {len(known)} of {count}" if len(known) < len(found.told) else f"a verdict in all of {count}"
    )
    moves = _distinct([clean(one.evaluation.verdict.headline.lower()) for one in known])
    return f"There was {with_verdict}: {' -> '.join(moves)}."


def _distinct(headlines: Sequence[str]) -> list[str]:
    """Each headline as often as it changes."""
    return [one for number, one in enumerate(headlines) if number == 0 or one != headlines[number - 1]]

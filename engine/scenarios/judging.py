"""Whether the answers are those that are expected, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from ..condition import greater, less
from ..diagnostics import Span
from .answers import Answers
from .expecting import NONE
from .model import Answer, Between, Close, Exactly, Expected, Listed, Match, Move, Wanted

FEW = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that is not what was expected, in words. `about` are the items that explain it."""

    path: str
    expected: str
    got: str
    about: tuple[str, ...]
    answer: Answer = field(compare=False)
    wanted: Wanted = field(compare=False)
    span: Span = field(compare=False)


def differences(expected: Iterable[Expected], answers: Answers) -> Iterator[Difference]:
    """What differs, in the order in which it was expected."""
    for one in expected:
        answer = answers[one.path]
        if not meets(one.wanted, answer):
            expected_text, got = _texts(one.wanted, answer)
            yield Difference(one.path, expected_text, got, tuple(_about(one, answer)), answer, one.wanted, one.span)


def _texts(wanted: Wanted, answer: Answer) -> tuple[str, str]:
    """What was expected and what there was, in words; of a list only what differs."""
    if not isinstance(wanted, Listed) or not isinstance(answer, tuple) or not wanted.members:
        return wanted_text(wanted), answer_text(answer, wanted)
    texts = tuple(map(str, answer))
    match wanted.match:
        case Match.IN_TEXTS:
            absent = [member for member in wanted.members if not _in_text(member, texts)]
            return f"among them: {'; '.join(absent)}", _nearest(absent[0], texts)
        case Match.IN_NO_TEXT:
            present = [member for member in wanted.members if _in_text(member, texts)]
            return f"nowhere: {'; '.join(present)}", next(text for text in texts if _in_text(present[0], (text,)))
        case Match.AMONG:
            absent = [member for member in wanted.members if member not in texts]
            return f"among them: {', '.join(absent)}", _few(texts)
        case _:
            return wanted_text(wanted), answer_text(answer, wanted)


def _nearest(member: str, texts: tuple[str, ...]) -> str:
    """The text that is most like what was looked for."""
    if not texts:
        return NONE
    lowered = {text.casefold(): text for text in texts}
    near = get_close_matches(member.casefold(), lowered, n=1, cutoff=0.0)
    return f"{len(texts)} others, the nearest: {lowered[near[0]]}" if near else _few(texts)


def _few(texts: tuple[str, ...]) -> str:
    shown = ", ".join(texts[:FEW]) or NONE
    return f"{shown} and {len(texts) - FEW} more" if len(texts) > FEW else shown


def _about(one: Expected, answer: Answer) -> Iterator[str]:
    """What explains a difference: for a list of names those that are too much or too little."""
    if isinstance(one.wanted, Listed) and one.wanted.match is Match.ALL and isinstance(answer, tuple):
        wrong = set(one.wanted.members) ^ {str(member) for member in answer}
        if one.path in ("fires", "held_by"):
            yield from sorted(wrong)
            return
    yield one.about


def meets(wanted: Wanted, answer: Answer) -> bool:
    """Whether an answer is what was expected of it."""
    match wanted:
        case Exactly(str() as word):
            return answer == word
        case Exactly(value):
            return isinstance(answer, float | int) and _tied(float(answer), float(value))
        case Close(value, tolerance):
            return isinstance(answer, float | int) and _within(float(answer), value - tolerance, value + tolerance)
        case Between(low, high):
            return isinstance(answer, float | int) and _within(float(answer), low, high)
        case Move(low, high):
            ends = [float(end) for end in answer] if isinstance(answer, tuple) else []
            return len(ends) == 2 and _tied(ends[0], low) and _tied(ends[1], high)
        case Listed(members, match):
            return _lists(members, tuple(map(str, answer)) if isinstance(answer, tuple) else (), match)


def _tied(value: float, wanted: float) -> bool:
    return not less(value, wanted) and not greater(value, wanted)


def _within(value: float, low: float, high: float) -> bool:
    return not less(value, low) and not greater(value, high)


def _lists(members: tuple[str, ...], answer: tuple[str, ...], match: Match) -> bool:
    if match is Match.ALL:
        return set(members) == set(answer)
    if match is Match.IN_NO_TEXT:
        return not any(_in_text(member, answer) for member in members)
    if not members:
        return not answer
    if match is Match.AMONG:
        return set(members) <= set(answer)
    if match is Match.IN_ORDER:
        return answer[: len(members)] == members
    return all(_in_text(member, answer) for member in members)


def _in_text(member: str, texts: tuple[str, ...]) -> bool:
    return any(member.casefold() in text.casefold() for text in texts)


# --- in words --------------------------------------------------------------------------------------------------


def wanted_text(wanted: Wanted) -> str:
    """What was expected, in words."""
    match wanted:
        case Exactly(value):
            return value if isinstance(value, str) else f"{value:.10g}"
        case Close(value, tolerance, percent):
            return f"{_number(value, percent)} (±{_number(tolerance, percent)})"
        case Between(low, high, percent):
            ends = (f"from {_number(low, percent)}", f"to {_number(high, percent)}")
            return " ".join(end for end, value in zip(ends, (low, high), strict=True) if abs(value) != float("inf"))
        case Move(low, high):
            return f"{low:.10g} to {high:.10g} points"
        case Listed(members, match):
            return _members(members, match)


def _members(members: tuple[str, ...], match: Match) -> str:
    if not members:
        return NONE
    words = {Match.IN_NO_TEXT: "nowhere: ", Match.IN_ORDER: "first: ", Match.ALL: ""}.get(match, "among them: ")
    return words + ", ".join(members)


def answer_text(answer: Answer, wanted: Wanted) -> str:
    """What the answer was, in words and in the form of what was expected."""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, tuple):
        if answer and all(isinstance(end, float | int) for end in answer):
            return f"{answer[0]:.10g} to {answer[1]:.10g} points"
        separator = "; " if isinstance(wanted, Listed) and wanted.match in (Match.IN_TEXTS, Match.IN_NO_TEXT) else ", "
        return separator.join(map(str, answer)) or NONE
    return _number(answer, isinstance(wanted, Close | Between) and wanted.percent)


def _number(value: float, percent: bool) -> str:
    return f"{100 * value:.6g} %" if percent else f"{value:.6g}"


def rewritten(answer: Answer, wanted: Wanted) -> str:
    """How the answer would be written in a file in place of what was expected; empty where only a person can say."""
    if isinstance(wanted, Between):
        return ""
    if isinstance(wanted, Listed):
        return _list(answer, wanted)
    if isinstance(answer, tuple):
        return f"[{', '.join(f'{end:.10g}' for end in answer)}]"
    if isinstance(answer, str):
        return answer
    return _digits(answer, wanted) if isinstance(wanted, Close) else f"{answer:.10g}"


def _list(answer: Answer, wanted: Listed) -> str:
    members = tuple(map(str, answer)) if isinstance(answer, tuple) else ()
    if wanted.match is Match.IN_ORDER and wanted.members:
        members = members[: len(wanted.members)]
    is_judgement = wanted.match in (Match.IN_TEXTS, Match.IN_NO_TEXT, Match.AMONG)
    return "" if is_judgement else f"[{', '.join(members)}]"


def _digits(value: float, wanted: Close) -> str:
    """The value with as many digits as were written."""
    scale = 100 if wanted.percent else 1
    places = next((n for n in range(16) if 0.5 * 10.0**-n <= scale * wanted.tolerance * (1 + 1e-9)), 10)
    return f"{scale * value:.{places}f}" + ("%" if wanted.percent else "")

"""A record evaluated again: whether the answer is the one of then, and what differs; or what another policy set says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from textwrap import wrap
from typing import Any

from ..answer import Difference, Part
from ..replay import Replay
from .clean import clean
from .jsontext import json_text
from .style import Style
from .wording import counted, signed, span

NAME = 34
"""Columns for what differs."""
ABSENT = "not there"
_INFINITE = {"infinite": "unlimited", "-infinite": "-unlimited"}


def render(found: Replay, judged: bool, *, width: int = 100, colour: bool = False) -> str:
    """The answer in words, at most `width` columns. `judged`: by another policy set than that of the record."""
    style = Style(colour)
    title, *facts = _judged(found) if judged else _replayed(found)
    lines = [style.bold(title), *(row for fact in facts for row in wrap(clean(fact), width, subsequent_indent="    "))]
    table = [line for difference in found.differences for line in _difference(difference, width, style)]
    left = _left_out(found, width)
    return "\n".join([*lines, *([""] if table else []), *table, *left]) + "\n"


def render_json(found: Replay, judged: bool) -> str:
    """The answer for programs: `reproduced` is null where another policy set was asked."""
    record = found.record
    return json_text(
        {
            "schema_version": 1,
            "company": record.evaluation["company"],
            "as_of": record.evaluation["as_of"],
            "recorded": record.day.isoformat(),
            "reproduced": None if judged else found.reproduced,
            "changed_after_recording": [diagnostic.message for diagnostic in record.changed],
            "then": _head(record.evaluation),
            "now": _head(found.now),
            "differences": [
                {
                    "part": difference.part.value,
                    "name": difference.name,
                    "title": difference.title,
                    "then": difference.then,
                    "now": difference.now,
                }
                for difference in found.differences
            ],
            "left_out": [{"fact": left.fact, "because": left.because} for left in found.left_out],
        }
    )


def _head(evaluation: Mapping[str, Any]) -> dict[str, Any]:
    policy = evaluation["policy"]
    return {
        "policy": {"id": policy["id"], "version": policy["version"]},
        "verdict": evaluation["verdict"]["id"],
        "headline": evaluation["verdict"]["headline"],
        "move": evaluation["verdict"]["move"],
        "score": evaluation["score"]["value"],
        "coverage": evaluation["coverage"]["known"],
    }


# ---- the first lines


def _replayed(found: Replay) -> Iterator[str]:
    """Whether it came out the same."""
    if found.reproduced:
        yield "Reproduced."
    elif found.differences:
        yield f"Not reproduced: {counted(len(found.differences), 'difference')}."
    else:
        yield "The answer is the same, but the record was changed."
    yield _about(found)
    yield f"policy: {_policy(found.record.evaluation)}, {found.record.digest[:19]}"
    if Part.VERDICT not in _parts(found):
        yield f"answer: {_answer(found.now)}"


def _judged(found: Replay) -> Iterator[str]:
    """The answer of then, and that of another policy set on the same facts."""
    parts = _parts(found)
    if Part.VERDICT in parts:
        yield "Another answer."
    else:
        yield "The same verdict, for other reasons." if parts else "The same answer."
    yield _about(found)
    yield f"policy then: {_policy(found.record.evaluation)}"
    yield f"policy now: {_policy(found.now)}"
    if Part.VERDICT not in parts:
        yield f"answer: {_answer(found.now)}"


def _parts(found: Replay) -> set[Part]:
    return {difference.part for difference in found.differences}


def _about(found: Replay) -> str:
    record = found.record
    made = f"recorded {record.day} with Steelyard {record.versions['steelyard']}"
    return f"company: {record.evaluation['company']} on {record.evaluation['as_of']}, {made}"


def _policy(evaluation: Mapping[str, Any]) -> str:
    policy = evaluation["policy"]
    tried = f", with {', '.join(policy['tried'])}" if policy["tried"] else ""
    return f"{policy['id']} {policy['version']}{tried}".strip()


def _answer(evaluation: Mapping[str, Any]) -> str:
    score = evaluation["score"]["value"]
    told = f", score {_number(score)}" if score is not None else ""
    return f"{_verdict(evaluation['verdict'])}{told}"


# ---- what differs


def _difference(difference: Difference, width: int, style: Style) -> Iterator[str]:
    """Then and now below each other, beside what they are of."""
    words = _WORDS[difference.part]
    then, now = (ABSENT if value is None else clean(words(value)) for value in (difference.then, difference.now))
    if then == now:
        # they differ by less than is shown, or in what is not shown
        then, now = _exactly(difference.then, difference.now)
    name = wrap(clean(_name(difference)), NAME - 2)
    lines = [f"then  {then}", f"now   {now}"]
    rows = [row for line in lines for row in wrap(line, width - NAME - 2, subsequent_indent=" " * 6)]
    for number in range(max(len(name), len(rows))):
        left = name[number] if number < len(name) else ""
        right = rows[number] if number < len(rows) else ""
        yield f"  {style.bold(left)}{' ' * (NAME - len(left))}{right}".rstrip()


def _name(difference: Difference) -> str:
    match difference.part:
        case Part.GATE:
            return f"gate {difference.name}, {difference.title}"
        case Part.INDICATOR | Part.FACT:
            return f"{difference.part} {difference.name}"
        case _:
            return difference.title


def _exactly(then: Any, now: Any) -> tuple[str, str]:
    """What differs in plain data, every digit of it."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        keys = [key for key in {**then, **now} if then.get(key) != now.get(key)]
        return _fields(then, keys), _fields(now, keys)
    return _plain(then), _plain(now)


def _fields(record: Mapping[str, Any], keys: list[str]) -> str:
    return ", ".join(f"{key} {_plain(record.get(key))}" for key in keys)


def _plain(value: Any) -> str:
    return clean("none" if value is None else str(value))


def _verdict(verdict: Mapping[str, Any]) -> str:
    held = f", held by {', '.join(verdict['held_by'])}" if verdict["held_by"] else ""
    why = f": {verdict['why_insufficient']}" if verdict["why_insufficient"] else ""
    return f"{verdict['headline']}{_move(verdict['move'])}{held}{why}"


def _move(move: Mapping[str, Any] | None) -> str:
    if move is None:
        return ""
    low, high = move["low"], move["high"]
    if low == high:
        return f", {_signed(low, 1).removesuffix('.0')} points" if low else ", no move"
    plain = not isinstance(low, str | None) and not isinstance(high, str | None) and low >= 0
    return f", {span(low, high)} points" if plain else f", {_number(low)} to {_number(high)} points"


def _score(score: Mapping[str, Any]) -> str:
    value = "none" if score["value"] is None else _number(score["value"])
    return f"{value}, between {_number(score['low'])} and {_number(score['high'])} if all were known"


def _share(known: Any) -> str:
    return f"{100 * known:.1f} % of the evidence"


def _gate(gate: Mapping[str, Any]) -> str:
    cap = f", caps the move at {_number(gate['cap'])} points" if gate["cap"] is not None else ""
    return f"{_STATES.get(gate['state'], gate['state'])}{cap}"


_STATES = {"yes": "fires", "no": "does not fire", "unknown": "not ruled out"}


def _indicator(indicator: Mapping[str, Any]) -> str:
    strength = "" if indicator["strength"] is None else f", strength {_signed(indicator['strength'], 2)}"
    return f"{indicator['state'].replace('-', ' ')}{strength}"


def _evidence(evidence: Mapping[str, Any]) -> str:
    outcome = evidence["outcome"]
    if outcome is None:
        return "open"
    limits = [f"{name} {_number(outcome[name])}" for name in ("cap", "floor") if outcome[name] is not None]
    return ", ".join([_signed(outcome["value"], 2).removesuffix("0").removesuffix(".0"), *limits])


def _fact(fact: Mapping[str, Any]) -> str:
    told = _plain(fact["value"]) if not isinstance(fact["value"], float) else _number(fact["value"], 4)
    range_ = f" [{_number(fact['low'], 4)} to {_number(fact['high'], 4)}]" if fact["low"] != fact["high"] else ""
    unit = f" {fact['currency']}{fact['unit']}" if fact["currency"] else f" {fact['unit']}" if fact["unit"] else ""
    return f"{told}{range_}{unit}, {fact['origin']}"


def _signed(value: Any, decimals: int) -> str:
    return _number(value) if isinstance(value, str | None) else signed(value, decimals)


def _number(value: Any, digits: int = 1) -> str:
    """A number of an evaluation as published: none, without an end, or plain."""
    if isinstance(value, str | None):
        return _INFINITE.get(value, value) if value is not None else "none"
    return f"{round(value, digits) + 0.0:g}"


_WORDS: Mapping[Part, Callable[[Any], str]] = {
    Part.VERDICT: _verdict,
    Part.SCORE: _score,
    Part.COVERAGE: _share,
    Part.GATE: _gate,
    Part.INDICATOR: _indicator,
    Part.EVIDENCE: _evidence,
    Part.FACT: _fact,
    Part.POLICY: str,
}


def _left_out(found: Replay, width: int) -> Iterator[str]:
    """The facts of then that could not be used."""
    if found.left_out:
        yield ""
        yield "Left out, since this policy set cannot read them:"
    for left in found.left_out:
        yield from wrap(clean(f"{left.fact}: {left.because}"), width - 2, initial_indent="  ", subsequent_indent="    ")

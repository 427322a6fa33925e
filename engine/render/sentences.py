"""The verdict in words: the same sentences for a terminal and for a document, never more certain than the answer is."""

from __future__ import annotations

from ..conclusion import Evaluation, GateResult
from ..condition import Truth
from .gate_words import gate_name
from .names import Names
from .rounding import decimals_apart
from .wording import counted, counted_points, listed, number, outward, percent, quoted, span


def title_line(evaluation: Evaluation) -> str:
    """Which company, under which policy set, from which day."""
    policy = " + ".join(evaluation.layers) or f"{evaluation.policy} {evaluation.policy_version}".strip()
    changed = f" ({counted(evaluation.changed_values, 'value')} changed)" if evaluation.changed_values else ""
    of = f"facts as of {evaluation.facts_of.isoformat()}"
    if evaluation.facts_of != evaluation.as_of:
        of = f"evaluated as of {evaluation.as_of.isoformat()}, facts of {evaluation.facts_of.isoformat()}"
    return f"{evaluation.company} · {policy}{changed} · {of}"


def rates_line(evaluation: Evaluation) -> str:
    """At what rates amounts were converted; empty where none was."""
    return f"Amounts are compared in {evaluation.currency}: {'; '.join(evaluation.rates)}" if evaluation.rates else ""


def tried_line(evaluation: Evaluation) -> str:
    """What was changed for this run only; empty where nothing was."""
    if not evaluation.tried:
        return ""
    return f"Tried in this run only, not in the policy nor in the company's file: {', '.join(evaluation.tried)}"


# ---- the move


def headline_words(evaluation: Evaluation) -> str:
    """What to do, and how much of it."""
    verdict = evaluation.verdict
    if verdict.move is None:
        return f"{verdict.headline.upper()}, no verdict and no move"
    low, high = verdict.move
    if low == high == 0:
        return f"{verdict.headline.upper()}, no move of {evaluation.budget}"
    return f"{verdict.headline.upper()}, {_points(verdict.move)} of {evaluation.budget}{_side(evaluation)}"


def _points(move: tuple[float, float]) -> str:
    """`10-20 points`, whichever way."""
    near, far = sorted((abs(move[0]), abs(move[1])))
    return counted_points(far) if near == far else f"{span(near, far)} points"


def _side(evaluation: Evaluation) -> str:
    """The side that a move goes to, where the headline does not name it."""
    verdict = evaluation.verdict
    side = evaluation.plus if verdict.move and verdict.move[1] > 0 else evaluation.minus
    return "" if side.lower() in verdict.headline.lower() else f" to {side}"


def share_words(evaluation: Evaluation) -> str:
    """What the move does to the share that it is taken from; without that share, which gates were not checked."""
    move = evaluation.verdict.move
    if move is None or not evaluation.share_of:
        return ""
    stays = move[0] == move[1] == 0
    if evaluation.share is None:
        return "" if stays else _share_not_given(evaluation)
    before = number(100 * evaluation.share)
    if stays:
        return f"{evaluation.share_of} stays at {before} %"
    near, far = sorted(_share_after(evaluation, evaluation.share, end) for end in move)
    after = number(near) if near == far else f"{number(near)}-{number(far)}"
    return f"{evaluation.share_of} {before} % -> {after} %"


def _share_after(evaluation: Evaluation, share: float, move: float) -> float:
    """The share after a move towards the plus side, in percent."""
    towards = move if evaluation.share_of == evaluation.plus else -move
    return min(100.0, max(0.0, 100 * share + towards))


def _share_not_given(evaluation: Evaluation) -> str:
    unchecked = [gate_name(gate) for gate in evaluation.gates if _waits_for(gate, evaluation.share_fact)]
    said = f": {listed(unchecked)} {'is' if len(unchecked) == 1 else 'are'} not checked" if unchecked else ""
    return f"present share of {evaluation.share_of} not given{said}"


def _waits_for(gate: GateResult, share: str) -> bool:
    """Whether a gate is open because the share is missing: it reads it, or has no limit without it."""
    return share in gate.missing or (gate.truth is not Truth.NO and bool(gate.cap_missing))


def held_sentence(evaluation: Evaluation, names: Names) -> str:
    """What the evidence says where gates leave less of it; empty where they do not."""
    verdict = evaluation.verdict
    holders = [gate for gate in evaluation.gates if gate.name in verdict.held_by and gate.cap is not None]
    if verdict.band is None or verdict.band_move is None or not holders:
        return ""
    lowest = min(gate.cap for gate in holders if gate.cap is not None)
    binding = [gate for gate in holders if gate.cap == lowest]
    allowed = f"no move to {evaluation.plus}" if lowest <= 0 else f"at most {counted_points(lowest)}"
    certain = [gate_name(gate) for gate in binding if gate.truth is Truth.YES]
    said = f'The evidence alone says "{names.band(verdict.band)}", {_points(verdict.band_move)}'
    if certain:
        return f"{said}; {listed(certain)} {'allows' if len(certain) == 1 else 'allow'} {allowed}."
    verb = "is" if len(binding) == 1 else "are"
    return f"{said}; until {listed([gate_name(gate) for gate in binding])} {verb} ruled out, {allowed}."


# ---- the score


def score_sentence(evaluation: Evaluation, names: Names) -> str:
    """The score, and between what it lies whatever the open answers are."""
    if evaluation.score is None:
        return open_sentence(evaluation, names)
    decimals = decimals_apart(evaluation.score, names.thresholds, 1)
    score = f"Score {round(evaluation.score, decimals) + 0.0:.{decimals}f}"
    if not evaluation.missing:
        return f"{score}; no answer is open."
    low, high = bounds_words(evaluation, names)
    said = possible_words(evaluation, names)
    return f"{score}, between {low} and {high} whatever the {open_answers(evaluation)}: {said}."


def open_sentence(evaluation: Evaluation, names: Names) -> str:
    """Between what the score will lie, where there is no verdict yet."""
    if not evaluation.missing:
        return ""
    low, high = bounds_words(evaluation, names)
    said = possible_words(evaluation, names)
    return f"Whatever the {open_answers(evaluation)}, the score will lie between {low} and {high}: {said}."


def bounds_words(evaluation: Evaluation, names: Names) -> tuple[str, str]:
    """Both ends of the score, never nearer than they are."""
    low = outward(evaluation.score_low, False, names.thresholds)
    return low, outward(evaluation.score_high, True, names.thresholds)


def open_answers(evaluation: Evaluation) -> str:
    """`19 open answers are`, `1 open answer is`."""
    count = len(evaluation.missing)
    return f"{counted(count, 'open answer')} {'is' if count == 1 else 'are'}"


def possible_words(evaluation: Evaluation, names: Names) -> str:
    """Which verdicts the open answers leave possible, and which they do not."""
    present = evaluation.verdict.band
    others = [names.band(name) for name in evaluation.possible if name != present]
    if evaluation.verdict.settled:
        return "no open answer can change the verdict"
    if present is not None and not others:
        return f'the evidence keeps saying "{names.band(present)}", {_why_unsettled(evaluation)}'
    excluded = [names.band(band.name) for band in names.bands if band.name not in evaluation.possible]
    if not excluded:
        alone = " by the score alone" if _capped(evaluation, names) else ""
        return f"every verdict is still possible{alone}"
    if present is None and len(others) == 1:
        return f"only {quoted(others)} is still possible"
    by_score = "by the score alone " if _capped(evaluation, names) else ""
    allowed = f"{by_score}{quoted(others)} {'is' if len(others) == 1 else 'are'} possible{' too' if present else ''}"
    return f"{allowed}, {quoted(excluded)} {'is' if len(excluded) == 1 else 'are'} not"


def _capped(evaluation: Evaluation, names: Names) -> bool:
    """Whether a gate in force stops short of a move that the score could still reach."""
    caps = [gate.cap for gate in evaluation.gates if gate.truth is Truth.YES and gate.cap is not None]
    reached = [band.move_high for band in names.bands if band.name in evaluation.possible]
    return bool(caps and reached) and min(caps) < max(reached)


def _why_unsettled(evaluation: Evaluation) -> str:
    gates = [gate.name for gate in evaluation.gates if gate.could_change]
    if gates:
        return f"but {listed(gates, 'or')} could still change the move"
    return "but too little could turn out to be known"


def known_sentence(evaluation: Evaluation) -> str:
    """How much of the evidence is known, and how much a verdict needs."""
    known = percent(evaluation.coverage, evaluation.required_coverage)
    return f"Known {known} of the evidence ({percent(evaluation.required_coverage)} needed)."


# ---- which way and how fast


def direction_words(evaluation: Evaluation) -> str:
    """Which way the indicators of direction point."""
    if evaluation.direction == "unknown":
        return "not known"
    return "neither way" if evaluation.direction == "neither" else f"to {evaluation.direction}"


def urgency_words(evaluation: Evaluation) -> str:
    """How fast, and why."""
    level = "not known" if evaluation.urgency == "unknown" else evaluation.urgency
    return f"{level} ({evaluation.urgency_because})" if evaluation.urgency_because else level

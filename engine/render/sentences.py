"""The answer in words: the same sentences for a terminal and for a document. Never more certain than the answer is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, floor, isfinite

from ..condition import Truth
from ..conclusion import Evaluation, GateResult, IndicatorResult
from .names import Names, gate_name, in_sentence, indicator_name
from .rounding import decimals_apart


def listed(parts: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def quoted(parts: Iterable[str], last: str = "and") -> str:
    """`"a", "b" and "c"`."""
    return listed([f'"{part}"' for part in parts], last)


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 answer`, `2 answers`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def number(value: float) -> str:
    """A plain number: at most two decimals, no minus before a zero."""
    return f"{round(value, 2) + 0.0:g}"


def signed(value: float, decimals: int) -> str:
    """Points with their sign; zero has none."""
    return f"{value:+.{decimals}f}" if round(value, decimals) else f"{0:.{decimals}f}"


def percent(share: float, *thresholds: float) -> str:
    """A share, in whole percent unless that would seem to reach a threshold that it does not reach."""
    decimals = decimals_apart(100 * share, [100 * threshold for threshold in thresholds], 0)
    return f"{100 * share:.{decimals}f} %"


def span(low: float, high: float) -> str:
    """`10-20`, or `5` where both ends are the same, or `up to 5`."""
    if low == high:
        return number(low)
    return f"up to {number(high)}" if low == 0 else f"{number(low)}-{number(high)}"


# ---- the verdict


def title_line(evaluation: Evaluation) -> str:
    """Which company, under which policy set, from which day."""
    policy = " + ".join(evaluation.layers) or f"{evaluation.policy} {evaluation.policy_version}".strip()
    changed = f" ({counted(evaluation.changed_values, 'value')} changed)" if evaluation.changed_values else ""
    return f"{evaluation.company} · {policy}{changed} · facts as of {evaluation.as_of.isoformat()}"


def tried_line(evaluation: Evaluation) -> str:
    """What was changed for this run only; empty where nothing was."""
    if not evaluation.tried:
        return ""
    return f"Tried for this run only, not in the policy and not in the company's file: {', '.join(evaluation.tried)}"


def move_words(evaluation: Evaluation, move: tuple[float, float], headline: str) -> str:
    """A move of the budget. The side is named unless the headline names it."""
    low, high = move
    if low == high == 0:
        return f"no move of {evaluation.budget}"
    if low < 0 < high:
        return f"between {number(-low)} points to {evaluation.minus} and {number(high)} to {evaluation.plus}"
    side = evaluation.plus if high > 0 else evaluation.minus
    near, far = sorted((abs(low), abs(high)))
    points = f"{span(near, far)} {'point' if near == far == 1 else 'points'} of {evaluation.budget}"
    return points if side.lower() in headline.lower() else f"{points} to {side}"


def _share_after(evaluation: Evaluation, move: float) -> float:
    """The share that is shown, after a move towards the plus side, in percent."""
    towards = move if evaluation.share_of == evaluation.plus else -move
    return min(100.0, max(0.0, 100 * (evaluation.share or 0.0) + towards))


def share_words(evaluation: Evaluation, move: tuple[float, float]) -> str:
    """What the move does to the share that it is taken from; which gates cannot be checked where the share is not known."""
    if not evaluation.share_of:
        return ""
    if evaluation.share is None:
        unchecked = [gate_name(g) for g in evaluation.gates if _waits_for_share(g, evaluation.share_fact)]
        said = f": {listed(unchecked)} is not checked" if unchecked else ""
        return f"present share of {evaluation.share_of} not given{said}"
    before = f"{evaluation.share_of} {number(100 * evaluation.share)} %"
    after = sorted(_share_after(evaluation, end) for end in move)
    reached = number(after[0]) if after[0] == after[1] else f"{number(after[0])}-{number(after[1])}"
    return f"{before} -> {reached} %" if move != (0, 0) else f"{evaluation.share_of} stays at {before.split(' ', 1)[1]}"


def _waits_for_share(gate: GateResult, share: str) -> bool:
    """Whether a gate is open because the share is missing: it reads it, or its cap is worked out from it."""
    return share in gate.missing or (gate.truth is not Truth.NO and bool(gate.cap_missing))


def held_sentence(evaluation: Evaluation, names: Names) -> str:
    """What the evidence says where gates leave less of it; empty where they do not."""
    verdict = evaluation.verdict
    if verdict.band is None or verdict.band_move is None or not verdict.held_by:
        return ""
    move = move_words(evaluation, verdict.band_move, verdict.band_title)
    by_name = {gate.name: gate for gate in evaluation.gates}
    holding = [gate_name(by_name[name]) for name in verdict.held_by if name in by_name]
    holds = "hold" if len(holding) > 1 else "holds"
    return f'The evidence alone says "{names.band(verdict.band)}", {move}; {listed(holding)} {holds} it back.'


def score_sentence(evaluation: Evaluation, names: Names) -> str:
    """The score and between what it lies whatever the open answers are."""
    if evaluation.score is None:
        return open_sentence(evaluation, names)
    decimals = decimals_apart(evaluation.score, names.thresholds, 1)
    score = f"Score {evaluation.score + 0.0:.{decimals}f}"
    if not evaluation.missing:
        return f"{score}; no answer is open."
    low, high = floor(evaluation.score_low), ceil(evaluation.score_high)
    return f"{score}, and {low} to {high} whatever the {open_answers(evaluation)}: {possible_words(evaluation, names)}."


def open_answers(evaluation: Evaluation) -> str:
    """`19 open answers are`, `1 open answer is`."""
    count = len(evaluation.missing)
    return f"{counted(count, 'open answer')} {'is' if count == 1 else 'are'}"


def open_sentence(evaluation: Evaluation, names: Names) -> str:
    """Between what the score will lie, where there is none yet."""
    low, high = floor(evaluation.score_low), ceil(evaluation.score_high)
    said = possible_words(evaluation, names)
    return f"Whatever the {open_answers(evaluation)}, the score will lie between {low} and {high}: {said}."


def possible_words(evaluation: Evaluation, names: Names) -> str:
    """Which verdicts the open answers leave possible, and which they do not."""
    present = evaluation.verdict.band
    others = [names.band(name) for name in evaluation.possible if name != present]
    excluded = [names.band(band.name) for band in names.bands if band.name not in evaluation.possible]
    if evaluation.verdict.settled:
        return "no open answer can change the verdict"
    if not others:
        return f"the evidence keeps saying \"{names.band(present or '')}\", {_why_unsettled(evaluation)}"
    if names.bands and not excluded:
        return "every verdict is still possible"
    too = "is" if len(others) == 1 else "are"
    allowed = f"{quoted(others)} {too} possible{' too' if present else ''}"
    not_allowed = f", {quoted(excluded, 'and')} {'is' if len(excluded) == 1 else 'are'} not" if excluded else ""
    return allowed + not_allowed


def _why_unsettled(evaluation: Evaluation) -> str:
    gates = [gate.name for gate in evaluation.gates if gate.could_change]
    if gates:
        return f"but {listed(gates, 'or')} could still change the move"
    return "but answers could still show that too little is known"


def known_sentence(evaluation: Evaluation) -> str:
    """How much of the evidence is known, and how much a verdict needs."""
    known = percent(evaluation.coverage, evaluation.required_coverage)
    return f"Known {known} of the evidence ({percent(evaluation.required_coverage)} needed)."


# ---- gates


def effect_words(gate: GateResult, evaluation: Evaluation) -> str:
    """What a gate does."""
    parts = ["no verdict"] if gate.withdraws_verdict else []
    if gate.cap is not None and isfinite(gate.cap):
        cap = max(gate.cap, 0.0)
        parts.append(f"no move to {evaluation.plus}" if cap == 0 else f"at most {counted_points(cap)}")
    if gate.cap_missing:
        parts.append("no limit, since the fact that sets it is not known")
    parts += [f"no new {tag.replace('-', ' ')}s" for tag in gate.forbids]
    return listed(parts)


def counted_points(points: float) -> str:
    """`1 point`, `5 points`."""
    return f"{number(points)} {'point' if points == 1 else 'points'}"


def holding(evaluation: Evaluation) -> list[GateResult]:
    """The gates that hold."""
    return [gate for gate in evaluation.gates if gate.truth is Truth.YES]


def not_ruled_out(evaluation: Evaluation) -> list[GateResult]:
    """The gates of which it is not known whether they hold, those that could change the move first."""
    unknown = [gate for gate in evaluation.gates if gate.truth is Truth.UNKNOWN]
    return sorted(unknown, key=lambda gate: not gate.could_change)


def gates_sentence(evaluation: Evaluation) -> str:
    """Which gates hold and which are not yet ruled out; empty where nothing stands in the way."""
    hold = [f"{effect_words(gate, evaluation)} ({gate_name(gate)})" for gate in holding(evaluation)]
    still_open = [gate_name(gate) for gate in not_ruled_out(evaluation)]
    parts = [f"In force: {'; '.join(hold)}."] if hold else []
    parts += [f"Not yet ruled out: {', '.join(still_open)}."] if still_open else []
    return " ".join(parts)


def readiness(evaluation: Evaluation) -> str:
    """What stands in the way, counted."""
    hold, still_open = len(holding(evaluation)), len(not_ruled_out(evaluation))
    if not hold and not still_open:
        return "no gate stands in the way"
    parts = [f"{counted(hold, 'gate')} {'holds' if hold == 1 else 'hold'}"] if hold else []
    parts += [f"{still_open} not ruled out" if hold else f"{counted(still_open, 'gate')} not ruled out"] if still_open else []
    return ", ".join(parts)


def open_gate_words(gate: GateResult, evaluation: Evaluation, names: Names) -> str:
    """Why a gate is open, and what it does meanwhile."""
    waits = f"not yet ruled out: {listed([names.fact(name) for name in gate.missing])} not known" if gate.missing else "not yet ruled out"
    effect = effect_words(gate, evaluation)
    meanwhile = f"; until then {effect}" if effect else ""
    return waits + meanwhile + ("; it could change the verdict" if gate.withdraws_verdict and gate.could_change else "")


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


# ---- indicators


def speaks_for(result: IndicatorResult) -> str:
    """What an indicator says."""
    if result.state == "not-assessed":
        return "not assessed"
    return result.state.removeprefix("supports-")


def remarks(result: IndicatorResult, names: Names) -> str:
    """What is to be known beside the numbers of an indicator."""
    return "; ".join(_remarks(result, names))


def _remarks(result: IndicatorResult, names: Names) -> Iterator[str]:
    if not result.assessed:
        enough = names.assessed_at is not None and result.coverage >= names.assessed_at
        needed = f"needs {percent(names.assessed_at)}" if names.assessed_at is not None else "too little known"
        yield "no main test known" if enough else needed
    if result.quality_fact and result.quality < 1:
        yield f"field {percent(result.quality)} filled" if result.quality_known else f"field taken as {percent(result.quality)} filled"
    if result.assessed and not result.in_score:
        yield "not in the score"


def limit_words(result: IndicatorResult, evaluation: Evaluation) -> str:
    """What a binding cap or floor of an indicator means."""
    limit = result.limit
    if limit is None:
        return ""
    name = f'"{indicator_name(result)}"'
    side = evaluation.plus if limit.is_cap else evaluation.minus
    if limit.limit == 0:
        effect = f"so {name} can no longer speak for {side}"
    else:
        effect = f"so {name} can reach {limit.limit:+.2g} at {'most' if limit.is_cap else 'least'}"
    return f"{limit.because}, {effect}" if limit.because else effect


def capital(text: str) -> str:
    """A sentence with its first letter large."""
    return text[:1].upper() + text[1:]


def strength_words(result: IndicatorResult, evaluation: Evaluation) -> str:
    """The strength of one indicator alone, in words."""
    if result.strength is None:
        return "nothing can be said yet"
    says = {"mixed": "speaks for neither side clearly", "not-assessed": "too little known to be assessed"}
    return says.get(result.state, f"speaks for {in_sentence(speaks_for(result))}")

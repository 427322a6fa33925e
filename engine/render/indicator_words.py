"""The indicators and their evidence in words."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor

from ..conclusion import Evaluation, EvidenceResult, IndicatorResult
from ..condition import less
from .names import GRADES, Names
from .wording import listed, percent, signed


def indicator_name(result: IndicatorResult) -> str:
    """An indicator by its short title."""
    return result.short or result.title


def numbered(result: IndicatorResult) -> str:
    """An indicator by its number and its short title."""
    return f"{result.number} {indicator_name(result)}" if result.number else indicator_name(result)


def label(item: EvidenceResult) -> str:
    """A test by its code, or by its title where it has none."""
    return item.code or item.title


def grade_words(grade: str) -> str:
    """A grade in words; one that is not known stands for itself."""
    return GRADES.get(grade, grade)


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
        enough = not less(result.coverage, names.assessed_at)
        yield "no main test known" if enough else f"needs {percent(names.assessed_at)}"
        return
    if result.quality_fact and result.quality < 1:
        filled = percent(result.quality)
        yield f"field {filled} filled" if result.quality_known else f"field {filled}, assumed"
    if not result.in_score:
        yield "not in the score"


def limit_words(result: IndicatorResult, evaluation: Evaluation) -> str:
    """What a binding cap or floor of an indicator means; empty where there is none."""
    limit = result.limit
    if limit is None:
        return ""
    name = f'"{indicator_name(result)}"'
    side = evaluation.plus if limit.is_cap else evaluation.minus
    if limit.limit == 0:
        effect = f"so {name} cannot speak for {side}"
    else:
        effect = f"so the strength of {name} is {limit.limit:+.2g} at {'most' if limit.is_cap else 'least'}"
    return f"{limit.because}, {effect}" if limit.because else effect


def sided(item: EvidenceResult, evaluation: Evaluation) -> str:
    """Which side a decided test speaks for."""
    value = item.outcome.value if item.outcome is not None else 0.0
    if value == 0:
        return "for neither side"
    return f"for {evaluation.plus if value > 0 else evaluation.minus}"


def evidence_words(item: EvidenceResult, names: Names) -> str:
    """What one test says, or what keeps it open."""
    if item.outcome is None:
        return f"not known: {names.facts(item.missing)}" if item.missing else "open: counts or a range are needed"
    if item.because:
        return item.because
    if item.too_close:
        return f"too close to call: {listed(list(item.too_close))}"
    return f"outcome {item.outcome.value:+g}" if item.outcome.value else "speaks for neither side"


# ---- one indicator alone


def alone_words(result: IndicatorResult) -> str:
    """What one indicator says by itself."""
    name = (f"{result.number} {result.title}" if result.number else result.title).upper()
    if result.strength is None:
        return f"{name}: nothing is known yet"
    says = {"not-assessed": "not assessed", "mixed": "mixed"}.get(result.state, f"speaks for {speaks_for(result)}")
    return f"{name}: {says}, strength {signed(result.strength, 2)} on a scale from -1 to +1"


def alone_sentences(result: IndicatorResult, names: Names) -> Iterator[str]:
    """Between what its strength lies, how much of it is known, and that this is no verdict."""
    if result.coverage < 1:
        # the ends are rounded outwards: the range is never narrower than it is
        low, high = floor(100 * result.low + 1e-7) / 100, ceil(100 * result.high - 1e-7) / 100
        yield f"Once all answers are in, the strength will lie between {signed(low, 2)} and {signed(high, 2)}."
    remark = remarks(result, names)
    known = f"Known {percent(result.coverage, names.assessed_at)} of its evidence{f' ({remark})' if remark else ''}."
    yield f"{known} One indicator alone gives no verdict."

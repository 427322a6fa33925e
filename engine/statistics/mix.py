"""A rate between two periods: what the mix of segments changed, and what the rates within them did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .combination import Part, combined
from .difference import Difference, compare
from .proportion import NOTHING, Share
from .unknown import Unknown

HALF = 0.5
"""The part of a change that the mix must have made to explain it; less is only noise in the rates."""


@dataclass(frozen=True, slots=True)
class MixChange:
    """The change of the overall rate in its two parts, `due_to_rates` + `due_to_mix` = `raw.change`, all ratios (0.05 is five points).

    `adjusted` is the last period's rate at the first period's mix. `low` and `high` bound `due_to_rates`. `assumed` names
    segments with no case in the last period: they are taken at their first rate. `new` names segments with no case in the
    first: all they do is mix.
    """

    raw: Difference
    adjusted: float
    due_to_rates: float
    low: float
    high: float
    due_to_mix: float
    assumed: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def is_explained_by_mix(self) -> bool:
        """The raw change lies beyond chance, what the rates did does not, and the mix made half of it: Simpson's paradox, or part of it."""
        is_raw_clear, are_rates_clear = (
            not low <= 0 <= high for low, high in ((self.raw.low, self.raw.high), (self.low, self.high))
        )
        return is_raw_clear and not are_rates_clear and self.due_to_mix / self.raw.change >= HALF


def mix_change(first: Mapping[str, Share], last: Mapping[str, Share], confidence: float = 0.95) -> MixChange | Unknown:
    """The change between two periods, and the last period's rate at the first period's mix.

    Direct standardisation: E. M. Kitagawa, Journal of the American Statistical Association 50 (1955) 1168-1194. The interval of
    the rates' part combines the Wilson intervals of the segments (`combination.combined`), the mix taken as given. Unknown
    where a period has no cases, or no segment has cases in both. Raises ValueError unless 0 < confidence < 1.
    """
    before, after = sum(first.values(), NOTHING), sum(last.values(), NOTHING)
    if not before.trials or not after.trials:
        return Unknown(f"no cases in the {'last' if before.trials else 'first'} period")
    had = {name: share for name, share in sorted(first.items()) if share.trials}
    has = {name: share for name, share in sorted(last.items()) if share.trials}
    if not had.keys() & has.keys():
        return Unknown("no segment has cases in both periods")
    parts = [
        Part(sign * had[name].trials / before.trials, share.rate, *share.interval(confidence))
        for name in had
        if name in has
        for sign, share in ((-1.0, had[name]), (1.0, has[name]))
    ]
    rates, low, high = combined(parts)
    raw = compare(before, after, confidence)
    assumed, new = tuple(n for n in had if n not in has), tuple(n for n in has if n not in had)
    return MixChange(raw, before.rate + rates, rates, low, high, raw.change - rates, assumed, new)

"""Would the band hold under other weights? Each indicator halved, raised by half, and dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .conclusion import Variant
from .condition import less
from .policy import PolicySet
from .scoring import Strength, band_of, score

CHANGES = {"halved": 0.5, "raised": 1.5, "dropped": 0.0}


def variants(policy: PolicySet, strengths: Sequence[Strength], quality: Mapping[str, float]) -> Iterator[Variant]:
    """The band under every change of one weight; None where too little is known or nothing is left."""
    weights = {indicator.name: indicator.weight.value for indicator in policy.indicators}
    for indicator in policy.indicators:
        if not indicator.in_score:
            continue
        for change, factor in CHANGES.items():
            tried = {**weights, indicator.name: weights[indicator.name] * factor}
            result = score(strengths, tried, quality)
            enough = result.value is not None and not less(result.coverage, policy.required_coverage.number)
            band = band_of(policy.bands, result.value).name if enough and result.value is not None else None
            yield Variant(indicator.name, change, result.value, band)

"""Whether there are more adjustments than can be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from ..policy import PolicySet

MOST = 8
"""More unknown adjustments of one indicator than this would make its bounds slow: every combination counts."""


def too_many(policy: PolicySet) -> Iterator[Diagnostic]:
    """Every indicator with more adjustments than can be told apart."""
    counts = Counter(adjustment.evidence.split(".", 1)[0] for adjustment in policy.adjustments)
    for name, count in counts.items():
        if count > MOST:
            message = f"{count} adjustments change weights of the indicator `{name}`"
            hint = f"{MOST} at most: put what belongs together into one, with `any`"
            yield Diagnostic("too-many-adjustments", message, policy.span, hint)

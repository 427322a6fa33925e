"""What is read before it is known. docs/language.md, sections 4 and 8."""

from __future__ import annotations

from collections.abc import Iterator

from ..conclusion import Kind
from ..condition import FactTest, leaves
from ..diagnostics import Diagnostic
from ..policy import PolicySet
from ..strata import late_signals, strata

_HINT = "evidence and adjustments read facts of the company; put this into a gate or a reading"


def late_facts(policy: PolicySet) -> Iterator[Diagnostic]:
    """Evidence, adjustments and quality factors that read what is concluded from them."""
    late = late_signals(policy)
    for rule in strata(policy).early:
        if rule.kind not in (Kind.CASE, Kind.ADJUSTMENT):
            continue
        for leaf in leaves(rule.when):
            name = leaf.fact if isinstance(leaf, FactTest) else leaf.signal
            if isinstance(leaf, FactTest) and policy.catalogue[name].late:
                yield Diagnostic("late-fact", f"`{name}` is known only after the evidence is read", leaf.span, _HINT)
            elif not isinstance(leaf, FactTest) and name in late:
                message = f"signal `{name}` reads what is known only after the evidence is read"
                yield Diagnostic("late-fact", message, leaf.span, _HINT)
    for indicator in policy.indicators:
        quality = indicator.quality
        if quality is not None and policy.catalogue[quality.fact].late:
            message = f"`{quality.fact}` is known only after the evidence is read"
            yield Diagnostic("late-fact", message, indicator.span, "`quality` needs a fact of the company")

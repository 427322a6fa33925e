"""The definition: docs/language.md, section 6, read literally. Naive and short; every other backend is judged by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..conclusion import Activation, Conclusions, Kind
from ..condition import FactTest, Truth, Truths, fact_truth, leaves, truth
from ..facts import Facts
from ..policy import PolicySet
from ..strata import Rule, Strata, strata
from . import Conclude


def support(rule: Rule, facts: Facts, signals: Truths) -> tuple[str, ...]:
    """The facts and signals whose leaves are decided in a rule: what made it true, each once."""

    def decided() -> Iterator[str]:
        for leaf in leaves(rule.when):
            if isinstance(leaf, FactTest):
                if fact_truth(leaf, facts.get(leaf.fact)) is not Truth.UNKNOWN:
                    yield leaf.fact
            elif signals[leaf.signal] is not Truth.UNKNOWN:
                yield leaf.signal

    return tuple(dict.fromkeys(decided()))


def fire(rules: tuple[Rule, ...], facts: Facts, signals: Truths) -> Conclusions:
    """The truth of every rule, and an activation for each that is yes; `signals` are those known from an earlier stratum."""
    known = dict(signals)
    truths: dict[str, Truth] = {}
    activations: list[Activation] = []
    for rule in rules:
        truths[rule.key] = truth(rule.when, facts, known)
        if rule.kind is Kind.SIGNAL:
            known[rule.name] = truths[rule.key]
        if truths[rule.key] is Truth.YES:
            activations.append(Activation(rule.kind, rule.name, support(rule, facts, known), rule.span))
    return Conclusions(truths, tuple(activations))


def signal_truths(conclusions: Conclusions) -> dict[str, Truth]:
    """The truths of the signals alone, by full name."""
    prefix = f"{Kind.SIGNAL}:"
    return {key.removeprefix(prefix): value for key, value in conclusions.truths.items() if key.startswith(prefix)}


@dataclass(frozen=True, slots=True)
class ReferenceBackend:
    """Evaluates every condition as written."""

    policy: PolicySet
    name: str = "reference"
    rules: Strata = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rules", strata(self.policy))

    def run(self, facts: Facts, conclude: Conclude) -> tuple[Conclusions, Conclusions]:
        """See `Backend.run`."""
        early = fire(self.rules.early, facts, {})
        late = fire(self.rules.late, {**facts, **conclude(early)}, signal_truths(early))
        return early, late

    def close(self) -> None:
        """Holds nothing."""

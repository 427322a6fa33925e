"""The definition: docs/language.md, section 6, read literally. Naive and short; every other backend is judged by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..conclusion import Activation, Conclusions, Kind
from ..condition import SignalTest, Truth, Truths, is_decided, truth
from ..facts import Facts
from ..policy import PolicySet
from ..strata import Rule, strata
from . import Asked, Conclude


def support(rule: Rule, facts: Facts, signals: Truths) -> tuple[str, ...]:
    """The facts and signals whose leaves are decided in a rule: what made it true, each once."""
    found: dict[str, None] = {}
    for leaf in rule.leaves:
        if isinstance(leaf, SignalTest):
            if signals[leaf.signal] is not Truth.UNKNOWN:
                found[leaf.signal] = None
        elif is_decided(leaf, facts.get(leaf.fact)):
            found[leaf.fact] = None
    return tuple(found)


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

    def run(self, facts: Facts, conclude: Conclude) -> tuple[Conclusions, Conclusions]:
        """See `Backend.run`."""
        rules = strata(self.policy)
        early = fire(rules.early, facts, {})
        late = fire(rules.late, {**facts, **conclude(early)}, signal_truths(early))
        return early, late

    def run_each(self, companies: Iterable[Asked]) -> Iterator[tuple[Conclusions, Conclusions]]:
        """See `Backend.run_each`."""
        return (self.run(facts, conclude) for facts, conclude in companies)

    def close(self) -> None:
        """Holds nothing."""

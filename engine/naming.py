"""The names by which the parts of a policy set are asked for, each with a few words about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .policy import PolicySet


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and what it is the name of."""

    text: str
    about: str = ""


def explainable(policy: PolicySet) -> Iterator[Name]:
    """Everything that can be explained: the verdict, indicators, evidence by name and code, rules, facts."""
    yield Name("verdict", "the whole answer")
    yield from (Name(indicator.name, indicator.title) for indicator in policy.indicators)
    for item in policy.evidence:
        yield Name(item.name, item.title)
        if item.code:
            yield Name(item.code, item.title)
    yield from (Name(rule.name, rule.says) for rule in policy.signals)
    yield from (Name(rule.name, rule.title) for rule in policy.gates)
    yield from (Name(rule.name, rule.because) for rule in policy.adjustments)
    yield from (Name(rule.name, rule.says) for rule in policy.readings)
    yield from (Name(fact.name, fact.title) for fact in policy.catalogue.values())


def parameters(policy: PolicySet) -> Iterator[Name]:
    """Every parameter by its full name, with the reason of its value."""
    return (Name(parameter.name, parameter.because) for parameter in policy.parameters.values())


def stated_facts(policy: PolicySet) -> Iterator[Name]:
    """Every fact that a company may state."""
    return (Name(fact.name, fact.title) for fact in policy.catalogue.values() if not fact.late)

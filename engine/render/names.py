"""What things are called: the titles that a policy set gives to its facts, bands and tests, and values with their units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..conclusion import EvidenceResult, Evaluation, GateResult, IndicatorResult
from ..display import display
from ..facts import Catalogue, Facts, Observation
from ..policy import Band, PolicySet
from .clean import clean, cleaned

GRADES = {"A": "research", "B": "vendor data", "C": "consensus", "M": "mathematics", "J": "judgement"}
"""The grades of evidence in words: docs/language.md, section 3."""


def in_sentence(title: str) -> str:
    """A title inside a sentence: its first letter small, unless the word is an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


@dataclass(frozen=True, slots=True)
class Names:
    """The titles and units of one policy set, safe to show. Without a policy set, names stand for themselves."""

    catalogue: Catalogue = field(default_factory=dict)
    currency: str = ""
    bands: tuple[Band, ...] = ()
    assessed_at: float | None = None
    supports_at: float | None = None
    signals: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    """The code of each evidence item, or its title where it has none."""

    @staticmethod
    def of(evaluation: Evaluation, policy: PolicySet | None) -> Names:
        """The names of the policy set under which an evaluation was made."""
        evidence = {e.name: clean(e.code or e.title) for i in evaluation.indicators for e in i.evidence}
        if policy is None:
            return Names(evidence=evidence)
        return Names(
            policy.catalogue,
            clean(policy.currency),
            cleaned(policy.bands),
            policy.assessed_at.number,
            policy.supports_at.number,
            {s.name: clean(s.says) for s in policy.signals if s.says},
            evidence,
        )

    @property
    def thresholds(self) -> tuple[float, ...]:
        """The scores at which one verdict ends and the next begins."""
        return tuple(band.below.number for band in self.bands if band.below is not None)

    def band(self, name: str) -> str:
        """The title of a band in a sentence."""
        title = next((band.title for band in self.bands if band.name == name), name.replace("-", " "))
        return in_sentence(title)

    def fact(self, name: str) -> str:
        """What a fact is called in a sentence."""
        definition = self.catalogue.get(name)
        return clean(definition.title) if definition is not None and definition.title else name

    def value(self, name: str, observation: Observation) -> str:
        """The value of a fact with its unit."""
        definition = self.catalogue.get(name)
        if definition is None:
            return clean(str(observation.value))
        return clean(display(observation, definition, self.currency))

    def known(self, name: str, facts: Facts) -> str:
        """The value of a fact, or that it is not known."""
        observation = facts.get(name)
        return self.value(name, observation) if observation is not None else "not known"

    def place(self, key: str) -> str:
        """Where a rule stands, as a reader finds it: the code of its test, or the name of its gate or signal."""
        kind, _, name = key.partition(":")
        if kind == "case":
            item = name.rpartition(".")[0]
            return self.evidence.get(item, item)
        return self.signals.get(name, name)


def gate_name(gate: GateResult) -> str:
    """A gate by its id and its title."""
    return f"{gate.name} {gate.title}".strip()


def indicator_name(result: IndicatorResult) -> str:
    """An indicator by its short title."""
    return result.short or result.title


def label(item: EvidenceResult) -> str:
    """A test by its code, or by its title where it has none."""
    return item.code or item.title

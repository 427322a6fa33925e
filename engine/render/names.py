"""What things are called: the titles a policy set gives to its facts, bands and tests, and values with their units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..conclusion import Kind
from ..condition import signals_read
from ..display import display
from ..facts import Catalogue, Observation
from ..policy import Band, PolicySet
from .clean import clean, cleaned
from .wording import listed

GRADES = {"A": "research", "B": "vendor data", "C": "consensus", "M": "mathematics", "J": "judgement"}
"""The grades of evidence in words: docs/language.md, section 3."""


def in_sentence(title: str) -> str:
    """A title inside a sentence: its first letter small, unless the word is an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


@dataclass(frozen=True, slots=True)
class Names:
    """The titles and units of one policy set, safe to show."""

    catalogue: Catalogue
    currency: str
    bands: tuple[Band, ...]
    assessed_at: float
    evidence: Mapping[str, str]
    """The code of each evidence item, or its title where it has none."""
    readers: Mapping[str, tuple[str, ...]]
    """The evidence items and gates that read a signal, directly or through others."""

    @staticmethod
    def of(policy: PolicySet) -> Names:
        """The names of the policy set under which an evaluation was made."""
        return Names(
            policy.catalogue,
            clean(policy.currency),
            cleaned(policy.bands),
            policy.assessed_at.number,
            {item.name: clean(item.code or item.title) for item in policy.evidence},
            _readers(policy),
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
        return clean(display(observation, self.catalogue[name], self.currency))

    def facts(self, names: Iterable[str]) -> str:
        """Several facts in a sentence; semicolons where their titles have commas."""
        titles = [self.fact(name) for name in names]
        return "; ".join(titles) if any("," in title for title in titles) else listed(titles)

    def users(self, rule: str) -> tuple[str, ...]:
        """The evidence items and gates that a rule, `kind:name`, is part of."""
        kind, _, name = rule.partition(":")
        if kind == Kind.SIGNAL:
            return self.readers.get(name, ())
        return (name.rpartition(".")[0],) if kind == Kind.CASE else (name,)


def _readers(policy: PolicySet) -> dict[str, tuple[str, ...]]:
    signals = {signal.name: signal.when for signal in policy.signals}
    found: dict[str, list[str]] = {}
    rules = [(item.name, case.when) for item in policy.evidence for case in item.cases]
    for name, when in (*rules, *((gate.name, gate.when) for gate in policy.gates)):
        waiting = [when]
        while waiting:
            for signal in signals_read(waiting.pop()):
                if name not in found.setdefault(signal, []):
                    found[signal].append(name)
                    waiting.append(signals[signal])
    return {signal: tuple(names) for signal, names in found.items()}

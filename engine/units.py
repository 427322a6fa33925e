"""Units of measure: which amounts may be added, and what comes of multiplying them. docs/language.md, section 7."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .facts import FactDefinition, FactType

_IRREGULAR = {"people": "person", "person": "person"}
_WITHOUT = frozenset({"", "1", "-", "ratio", "rate", "x", "index"})
"""Different words for a plain number: they are equal."""
_PER = re.compile(r"\s*/\s*|\s*\bper\s+")


def singular(noun: str) -> str:
    """A noun without its plural: `leads` and `lead` are one unit, and so are `people` and `person`."""
    return _IRREGULAR.get(noun) or (noun[:-1] if noun.endswith("s") and len(noun) > 1 else noun)


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers of nouns, sorted by noun; no powers at all is a plain number."""

    powers: tuple[tuple[str, int], ...] = ()

    def __mul__(self, other: Unit) -> Unit:
        return self._combined(other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        return self._combined(other, -1)

    def _combined(self, other: Unit, sign: int) -> Unit:
        powers = dict(self.powers)
        for noun, power in other.powers:
            powers[noun] = powers.get(noun, 0) + sign * power
        return Unit(tuple(sorted((noun, power) for noun, power in powers.items() if power)))

    def __str__(self) -> str:
        """As a message shows it: `USD/month`, `lead`, `no unit`."""
        above = "*".join(noun for noun, power in self.powers for _ in range(power))
        below = "".join(f"/{noun}" for noun, power in self.powers for _ in range(-power))
        return f"{above or '1'}{below}" if self.powers else "no unit"


PLAIN = Unit()
POINTS = Unit((("pp", 1),))
DAY = Unit((("day", 1),))
DATE = Unit((("date", 1),))
"""A place in time: two of them have a difference, in days, and nothing else."""


def named(text: str) -> Unit:
    """The unit that a text names: `leads/month`, `USD/year`, `days per month`, `ratio`."""
    above, *below = (_single(part) for part in _PER.split(text.strip()))
    unit = above
    for part in below:
        unit = unit / part
    return unit


def _single(text: str) -> Unit:
    noun = text.strip()
    return PLAIN if noun in _WITHOUT else Unit(((singular(noun), 1),))


def unit_of(definition: FactDefinition, currency: str) -> Unit:
    """The unit in which a fact is counted; money is in the currency of the policy set."""
    if definition.is_money:
        return named(f"{currency}{definition.per}")
    match definition.type:
        case FactType.PP:
            return POINTS
        case FactType.DATE:
            return DATE
        case FactType.RATE:
            return PLAIN
        case _:
            return named(definition.unit)

"""Random catalogues: facts of every type, with the thresholds that conditions will like, and formulas of every kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from engine.document import Plain
from engine.facts import FactType

Entry = dict[str, Plain]
NUMBERS = (0.0, 0.5, 0.1 + 0.2, 3.0, -7.25, 1e6, -1e-9, 1e300, -1e300, 5e-324, 1e-300, 123456789012345.0, 1e22, 2.5e-7)
WORDS = (
    "steady",
    "steadily",
    "declining",
    "rückläufig",
    "下降",
    'said "no"',
    "naïve – ok",
    "back\\slash",
    "🙂",
    "Ω" * 40,
)
UNITS = {FactType.RATE: "rate", FactType.PP: "pp", FactType.MONEY: "EUR/year", FactType.DURATION: "days"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of fact as the catalogue writes it, what its thresholds may be, and the unit of a parameter for it."""

    type: FactType
    thresholds: tuple[float | str | bool, ...]
    entry: tuple[tuple[str, Plain], ...] = ()
    unit: str = "ratio"


KINDS = {
    "plain": Kind(FactType.NUMBER, NUMBERS),
    "share": Kind(FactType.NUMBER, (-0.5, 0.0, 0.2, 1.0, 1e-12), (("unit", "ratio"),)),
    "count": Kind(FactType.COUNT, (0, 1, 2, 30, 1e6, 2.0**53), (("unit", "leads"),), "leads"),
    "rate": Kind(FactType.RATE, (0.0, 1e-12, 0.023, 0.3, 0.5, 1.0), (), "rate"),
    "points": Kind(FactType.PP, (-10.0, 0.0, 2.5, 15.0, 100.0), (), "pp"),
    "money": Kind(FactType.MONEY, (0.0, 0.01, 25000.0, 1.5e9, 1e200), (("per", "year"),), "EUR/year"),
    "days": Kind(FactType.DURATION, (0.0, 1.0, 24.0, 57.5), (("unit", "days"),), "days"),
    "word": Kind(FactType.CATEGORY, WORDS, (), "category"),
    "flag": Kind(FactType.BOOLEAN, (True, False), (), "flag"),
    "day": Kind(FactType.DATE, ("2026-10-31", "2026-11-01", "1999-12-31", "2400-02-29"), (("future", True),), "date"),
}
SAMPLED = ("plain", "share", "rate", "points", "money")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that conditions may read; `unit` is that of a parameter to compare it with."""

    name: str
    type: FactType
    thresholds: tuple[float | str | bool, ...]
    unit: str
    sampled: bool = False

    @property
    def ends(self) -> list[float]:
        """The thresholds of a numeric fact, from below."""
        return sorted(float(t) for t in self.thresholds if isinstance(t, int | float) and not isinstance(t, bool))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The catalogue of a policy set: what its early and its late rules may read, and what they may name for a purpose."""

    entries: dict[str, Plain]
    early: tuple[Fact, ...]
    late: tuple[Fact, ...]
    rate: str
    points: str
    late_points: str


def _entry(kind: Kind, random: Random) -> Entry:
    entry: Entry = {"type": str(kind.type), "title": random.choice(("leads", "Größe", "売上")), "meaning": "so it is"}
    return {**entry, "ask": "how many, {truly}?", **dict(kind.entry)}


def _input(name: str, kind_name: str, random: Random, sampled: bool) -> tuple[Fact, Entry]:
    kind = KINDS[kind_name]
    some = tuple(random.sample(kind.thresholds, min(len(kind.thresholds), random.randint(2, 4))))
    entry = _entry(kind, random)
    if kind.type is FactType.CATEGORY:
        entry["values"] = [*some, random.choice(("other", "autre é"))]
    if sampled:
        entry["sampled"] = True
    if kind_name in ("plain", "money") and random.random() < 0.2:
        entry["max"] = 1e300
    return Fact(name, kind.type, some, kind.unit, sampled), entry


def _formulas(random: Random) -> Iterator[tuple[str, str, str, bool]]:
    """Kind, formula, whether a zero divisor is infinite; `{a}` and `{b}` are plain, `{s}` is sampled, `{c}` is derived before."""
    for formula in (
        "{a} / {b}",
        "{a} - {b}",
        "{a} + 2 * {b}",
        "({a} − {b}) ÷ {a}",
        "{a} × $factor",
        "-{a} * {b}",
        "min({a}, {b}, 3)",
        "max({a}, 0, {b})",
        "first_known({a}, {b})",
        "first_known({a} / {b}, {b}, 1)",
        "value_of({s}) - {s}",
        "{s} * {a}",
        "{a} / {s}",
        "{a} / {b} - {s}",
        "1 - {a} * {a}",
    ):
        yield "plain", formula, "", random.random() < 0.7
    yield "days", "{day} - {other_day}", "", False
    yield "day", "first_known({day}, {other_day})", "", False
    yield "points", "100 * {a}", "", False
    yield "plain", "{c} + {a}", "c", False
    yield "plain", "{a} / {c}", "c", True


LATE_FORMULAS = (
    ("points", "100 * coverage"),
    ("points", "min(move.proposed_high, $cap_points)"),
    ("points", "100 * (score / {a})"),
    ("plain", "max(score, 0)"),
    ("plain", "indicator.{i}.strength * {a}"),
    ("plain", "1 / indicator.{i}.strength"),
)


def concluded(indicators: Sequence[str]) -> Iterator[Fact]:
    """What the engine adds: facts with thresholds that they may meet."""
    yield Fact("score", FactType.NUMBER, (-100.0, -20.0, 0.0, 15.0, 50.0, 100.0), "points")
    yield Fact("coverage", FactType.RATE, (0.0, 0.25, 0.5, 0.75, 1.0), "rate")
    yield Fact("move.proposed_low", FactType.PP, (-10.0, 0.0, 5.0), "pp")
    yield Fact("move.proposed_high", FactType.PP, (-5.0, 0.0, 10.0, 20.0), "pp")
    states = ("supports-sales", "mixed", "supports-marketing", "not-assessed")
    for name in indicators:
        yield Fact(f"indicator.{name}.strength", FactType.NUMBER, (-0.5, 0.0, 0.3, 1.0), "strength")
        yield Fact(f"indicator.{name}.coverage", FactType.RATE, (0.0, 0.5, 1.0), "rate")
        yield Fact(f"indicator.{name}.state", FactType.CATEGORY, states, "category")


def vocabulary(random: Random, indicators: Sequence[str], unicode_names: bool) -> Vocabulary:
    """A random catalogue; `unicode_names` only where no schema is asked."""
    found: list[tuple[Fact, Entry]] = []
    names = {}
    fixed = {"a": "plain", "b": "plain", "s": "plain", "day": "day", "other_day": "day", "r": "rate", "p": "points"}
    extra = {f"x{n}": random.choice(list(KINDS)) for n in range(random.randint(3, 8))}
    for key, kind in {**fixed, **extra}.items():
        names[key] = f"größe.é{key}" if unicode_names and key in extra else f"facts.{key}"
        sampled = key == "s" or (key not in fixed and kind in SAMPLED and random.random() < 0.5)
        found.append(_input(names[key], kind, random, sampled))
    found += _derived(random, names)
    entries: dict[str, Plain] = {fact.name: entry for fact, entry in found}
    late = list(_late(random, names, indicators, entries))
    entries["facts.history"] = {"type": "series", "title": "history", "meaning": "by month", "ask": "which?"}
    early = tuple(fact for fact, _ in found)
    return Vocabulary(
        entries, early, (*concluded(indicators), *late), names["r"], names["p"], _points(late, names["p"])
    )


def _points(late: Sequence[Fact], otherwise: str) -> str:
    return next((fact.name for fact in late if fact.type is FactType.PP), otherwise)


def _derived(random: Random, names: dict[str, str]) -> Iterator[tuple[Fact, Entry]]:
    c = ""
    for n, (kind_name, formula, needs, infinite) in enumerate(
        random.sample(list(_formulas(random)), random.randint(2, 6))
    ):
        if needs and not c:
            continue
        kind = KINDS[kind_name]
        some = tuple(random.sample(kind.thresholds, 2))
        entry = {**_entry(kind, random), "formula": formula.format(**names, c=c)}
        if infinite:
            entry["zero_divisor"] = "infinite"
        fact = Fact(f"derived.d{n}", kind.type, some, kind.unit, "{s}" in formula)
        yield fact, entry
        if kind_name == "plain" and not fact.sampled:
            c = fact.name


def _late(
    random: Random, names: dict[str, str], indicators: Sequence[str], entries: dict[str, Plain]
) -> Iterator[Fact]:
    for n, (kind_name, formula) in enumerate(random.sample(LATE_FORMULAS, random.randint(0, 2))):
        kind = KINDS[kind_name]
        name = f"late.l{n}"
        entry = {**_entry(kind, random), "formula": formula.format(**names, i=random.choice(indicators))}
        if "/" in formula and random.random() < 0.7:
            entry["zero_divisor"] = "infinite"
        entries[name] = entry
        yield Fact(name, kind.type, kind.thresholds[:3], kind.unit)

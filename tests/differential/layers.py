"""Random layers over random policy sets, and what they mean, worked out on plain data: the measure of `engine/merging.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from random import Random

from engine.document import Plain

from .documents import Documents, Layer, Scope, worded
from .vocabulary import Entry, Fact, Vocabulary

BECAUSE: Entry = {"because": "the client said so"}
OF_A_LAYER = ("because", "review_by", "base_was", "remove", "replace", "before", "after")
ENTRY = ("file", "weight", "grade", "because")
OWN_REASON = ("parameters", "evidence", "cases", "bands", "gates", "adjustments", "indicators")
BY_ID = ("signals", "evidence", "gates", "readings", "adjustments", "phases")
GRADED = {
    "cases": {"when", "outcome", "cap", "floor"},
    "gates": {"when", "cap_move", "forbid", "verdict", "if_unknown"},
    "parameters": {"value"},
    "indicators": {"weight"},
}


# ---- what layers mean, on plain data


def flattened(documents: Documents) -> Documents:
    """The same policy set in one piece."""
    tree = joined(documents)
    for layer in documents.layers:
        tree = over(tree, layer)
    return parted(tree, documents)


def joined(documents: Documents) -> Entry:
    """Everything in one: each indicator with its entry, the catalogue under `facts`."""
    indicators: Entry = {
        name: {**documents.indicators[name], **entry} for name, entry in mappings(documents.policyset["indicators"])
    }
    return deepcopy({**documents.policyset, "indicators": indicators, "facts": documents.catalogue["facts"]})


def parted(tree: Entry, documents: Documents) -> Documents:
    """The documents of a tree."""
    entries: Entry = {}
    indicators: dict[str, Entry] = {}
    for name, whole in mappings(tree["indicators"]):
        entries[name] = {key: whole[key] for key in ENTRY if key in whole}
        indicators[name] = {key: value for key, value in whole.items() if key not in ENTRY}
    policyset = {**tree, "indicators": entries, "facts": "facts.yaml"}
    return Documents(policyset, {"facts": tree["facts"]}, indicators, (), documents.only)


def over(tree: Entry, layer: Layer) -> Entry:
    """A tree under one layer."""
    patch = deepcopy(layer.policyset)
    for key in ("policyset", "title", "version"):
        tree = {**tree, key: patch.pop(key, tree[key])}
    patch.pop("extends")
    patch.pop("because", None)
    if "facts" in patch:
        patch["facts"] = deepcopy(layer.catalogue["facts"])
    for name, entry in mappings(patch.get("indicators", {})):
        if name in layer.indicators:
            entry.update(deepcopy(layer.indicators[name]))
    return merged(tree, patch)


def merged(base: Entry, patch: Entry) -> Entry:
    """A mapping under another one."""
    found = dict(base)
    for key, value in patch.items():
        old = found.get(key)
        if key in ("parameters", "indicators", "facts") and isinstance(value, dict):
            found[key] = by_name(old if isinstance(old, dict) else {}, value, key)
        elif isinstance(value, list) and (key in BY_ID or (value and all(isinstance(item, dict) for item in value))):
            found[key] = listed(old if isinstance(old, list) else [], value, key)
        elif isinstance(value, dict) and isinstance(old, dict) and key not in ("when", "cap_move"):
            found[key] = merged(old, {name: part for name, part in value.items() if key != "plan" or name != "because"})
        else:
            found[key] = value
    return found


def by_name(base: Entry, patch: Entry, kind: str) -> Entry:
    found = dict(base)
    for name, value in mappings(patch):
        thing = changed(found.get(name), value, kind)
        if thing is None:
            del found[name]
        else:
            found[name] = thing
    return found


def listed(base: list[Plain], patch: list[Plain], kind: str) -> Plain:
    if kind not in BY_ID and not any("id" in item for item in entries(patch)):
        return [whole(item, kind) for item in entries(patch)]
    found = [*entries(base)]
    for item in entries(patch):
        place = next((n for n, old in enumerate(found) if old.get("id") == item["id"]), None)
        old = found.pop(place) if place is not None else None
        thing = changed(old, item, kind)
        known = [other.get("id") for other in found]
        if "before" in item:
            place = known.index(item["before"])
        elif "after" in item:
            place = known.index(item["after"]) + 1
        if thing is not None:
            found.insert(len(found) if place is None else place, thing)
    return [*found]


def changed(old: Plain, patch: Entry, kind: str) -> Entry | None:
    if not isinstance(old, dict) or patch.get("replace"):
        return whole(patch, kind)
    if patch.get("remove"):
        return None
    found = merged(old, {key: value for key, value in patch.items() if key not in OF_A_LAYER})
    if kind == "parameters":
        found.update({key: patch[key] for key in ("because", "review_by") if key in patch})
        if "value" not in patch:
            found["because"] = old["because"]
        elif "source" not in patch:
            found.pop("source", None)
    if GRADED.get(kind, set()) & set(patch) and "grade" not in patch:
        found["grade"] = "J"
    return found


def whole(patch: Entry, kind: str) -> Entry:
    own = ("because", "review_by") if kind == "parameters" else ("because",) if kind in OWN_REASON else ()
    found = {key: value for key, value in patch.items() if key not in OF_A_LAYER or key in own}
    return found if "grade" in found or kind not in (*GRADED, "bands") or "move" in found else {**found, "grade": "J"}


def entries(plain: Plain) -> Iterator[Entry]:
    assert isinstance(plain, list)
    return (item for item in plain if isinstance(item, dict))


def mappings(plain: Plain) -> Iterator[tuple[str, Entry]]:
    assert isinstance(plain, dict)
    return ((name, value) for name, value in plain.items() if isinstance(value, dict))


# ---- random layers


def layers(random: Random, words: Vocabulary, base: Documents, count: int) -> tuple[Layer, ...]:
    """Random layers, each over those before it; what they leave can be loaded."""
    tree, found = joined(base), list[Layer]()
    for n in range(count):
        layer = _Author(random, words.early, tree, f"layer-{n}").layer(f"../{'base' if n == 0 else f'layer-{n - 1}'}")
        tree = over(tree, layer)
        found.append(layer)
    return tuple(found)


@dataclass(slots=True)
class _Author:
    random: Random
    facts: tuple[Fact, ...]
    tree: Entry
    name: str
    patch: Entry = field(default_factory=dict)
    facts_file: Entry = field(default_factory=dict)
    indicator_files: dict[str, Entry] = field(default_factory=dict)

    def layer(self, extends: str) -> Layer:
        deeds: tuple[Callable[[], None], ...] = (
            self.settings,
            self.parameters,
            self.indicators,
            self.gates,
            self.things,
            self.bands,
            self.catalogue,
            self.own_indicator,
        )
        for deed in self.random.sample(deeds, self.random.randint(0, len(deeds))):
            deed()
        top: Entry = {"policyset": self.name, "title": self.name, "version": "0.1.0", "extends": extends}
        if self.facts_file:
            top["facts"] = "facts.yaml"
        return Layer({**top, **self.patch}, {"facts": self.facts_file}, self.indicator_files)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def condition(self) -> Entry:
        return Scope(self.random, self.facts, {}, []).literal(self.random.choice((0, 1, 2)))

    def settings(self) -> None:
        self.patch |= {"because": "so it is", "budget": "the headcount"}
        if self.chance(0.5):
            self.patch["required_coverage"] = self.random.choice((0.0, 0.3))

    def parameters(self) -> None:
        name = self.random.choice(("factor", "cap_points"))
        change: Entry = {"value": self.random.choice((0.0, -1.5, 2.5)), "review_by": "2100-01-01"}
        if self.chance(0.3):
            change = {"review_by": "2100-01-01"}
        self.patch["parameters"] = {name: {**change, **BECAUSE}}

    def gates(self) -> None:
        there = [*entries(self.tree["gates"])]
        new: Entry = {"id": f"H-{self.name}", "title": "Tor", "when": self.condition(), "forbid": ["hire"], **BECAUSE}
        found: list[Plain] = []
        if there:
            gate = self.random.choice(there)
            deeds: tuple[Entry, ...] = (
                {"remove": True},
                {"when": self.condition()},
                {"cap_move": self.random.choice((0, 4)), "if_unknown": {"cap_move": 6}},
                {"replace": True, "title": "Neu", "when": self.condition(), "cap_move": 2, "grade": "B"},
            )
            deed = self.random.choice(deeds)
            found.append({"id": gate["id"], **deed, **BECAUSE})
            if "remove" not in deed:
                new[self.random.choice(("before", "after"))] = gate["id"]
        self.patch["gates"] = [*found, new]

    def things(self) -> None:
        for section in ("readings", "adjustments"):
            there = [*entries(self.tree[section])]
            if there:
                deeds: tuple[Entry, ...] = ({"remove": True}, {"when": self.condition()})
                deed = self.random.choice(deeds)
                self.patch[section] = [{"id": self.random.choice(there)["id"], **deed, **BECAUSE}]
        self.patch["plan"] = {
            "roll_back": ["if it gets worse still"],
            "actions": {"joint": [{"do": "anew"}]},
            **BECAUSE,
        }

    def bands(self) -> None:
        band = self.random.choice([*entries(self.tree["bands"])])
        self.patch["bands"] = [{"id": band["id"], "title": self.name, "note": "so it is", **BECAUSE}]

    def catalogue(self) -> None:
        name = self.random.choice(self.facts).name
        new: Entry = {"type": "count", "unit": "leads", "title": "new", "meaning": "new", "ask": "How many?"}
        self.facts_file = {
            name: {"title": self.name, **BECAUSE},
            f"{self.name.replace('-', '_')}.own": {**new, **BECAUSE},
        }

    def own_indicator(self) -> None:
        name, number = f"own-{self.name}", 50 + len(self.name) + int(self.name[-1])
        item: Entry = {"id": "only", "title": "Eins", "weight": 3, "primary": True, "grade": "J"}
        item["cases"] = [
            {"when": self.condition(), "outcome": 0.5},
            {"id": "x", "when": self.condition(), "outcome": -0.5},
        ]
        document: Entry = {"indicator": name, "number": number, "title": "Own", "short": "own", "version": "1.0.0"}
        self.indicator_files[name] = {**document, "question": "Is it?", "role": "direction", "evidence": [item]}
        indicators = self.patch.setdefault("indicators", {})
        assert isinstance(indicators, dict)
        indicators[name] = {"file": f"{name}.yaml", "weight": 7, **BECAUSE}

    def indicators(self) -> None:
        found = self.patch.setdefault("indicators", {})
        assert isinstance(found, dict)
        for name, whole_one in mappings(self.tree["indicators"]):
            found[name] = self.indicator(whole_one)

    def indicator(self, tree: Entry) -> Entry:
        patch: Entry = {"title": self.name, **BECAUSE}
        if self.chance(0.6):
            patch["weight"] = self.random.choice((4, 33))
        if signals := [*entries(tree.get("signals", []))]:
            patch["signals"] = [{"id": self.random.choice(signals)["id"], "when": self.condition(), **BECAUSE}]
        items: list[Plain] = [self.item(item) for item in entries(tree["evidence"]) if self.chance(0.7)]
        patch["evidence"] = [*items, *self.new_item()]
        return patch

    def new_item(self) -> list[Plain]:
        item: Entry = {
            "id": f"e-{self.name}",
            "title": "Neu",
            "weight": 6,
            "grade": "C",
            "cases": [{"when": self.condition(), "outcome": 0.5}],
        }
        return [{**item, **BECAUSE}] if self.chance(0.4) else []

    def item(self, item: Entry) -> Entry:
        patch: Entry = {"id": item["id"], **BECAUSE}
        if self.chance(0.5):
            patch["weight"] = self.random.choice((3, 7.5))
        if "cases" in item:
            patch["cases"] = self.cases([*entries(item["cases"])])
        elif self.chance(0.5):
            anew: list[Plain] = [
                {**band, "outcome": self.random.choice((-0.25, 0.75))} for band in entries(item["bands"])
            ]
            patch["bands"] = anew
        return patch if len(patch) > 2 else {**patch, "weight": 5}

    def cases(self, there: list[Entry]) -> list[Plain]:
        """Cases that are changed, taken out and new; or all anew."""
        if self.chance(0.15):
            return [{"when": self.condition(), "outcome": 0.25}, {"when": self.condition(), "outcome": -1, "cap": 0.5}]
        named = [case for case in there if "id" in case]
        found: list[Plain] = [{"id": case["id"], **self.case(), **BECAUSE} for case in named if self.chance(0.5)]
        new: Entry = {"id": f"c-{self.name}", "when": self.condition(), "outcome": 0.75, **BECAUSE}
        if named and self.chance(0.7):
            new[self.random.choice(("before", "after"))] = self.random.choice(named)["id"]
        return [*found, new]

    def case(self) -> Entry:
        deeds: tuple[Entry, ...] = (
            {"outcome": self.random.choice((-1, 0.25))},
            {"when": self.condition(), "grade": "M"},
            {"replace": True, "when": self.condition(), "outcome": 1, "floor": -0.5},
        )
        return self.random.choice(deeds)


def layered(random: Random) -> Documents:
    """A random policy set under one to three layers."""
    made, words = worded(random)
    return replace(made, layers=layers(random, words, made, random.choice((1, 1, 2, 3))))

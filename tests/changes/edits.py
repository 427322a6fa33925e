"""Random edits of random policy sets, as a consultant makes them: one thing at a time, in the documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import cast

from engine.check import CHECKS
from engine.diagnostics import SteelyardError
from engine.document import Plain
from engine.loader import load
from engine.policy import PolicySet
from tests.differential.campaign import WARNINGS_ONLY, refuse
from tests.differential.documents import GRADES, OUTCOMES, TAGS, Documents, documents
from tests.differential.vocabulary import Entry
from tests.differential.writing import sources

Edit = Callable[[Documents, Random], None]


def built(written: Documents) -> PolicySet:
    """The policy set of some documents; raises SteelyardError where it is refused."""
    policy = load(sources(written)).policy
    refuse(found for check in CHECKS if check not in WARNINGS_ONLY for found in check(policy))
    return policy


def entries(node: Plain, key: str) -> list[Entry]:
    """The entries of a list in a document."""
    found = cast("Entry", node).get(key, [])
    return cast("list[Entry]", found)


def evidence(written: Documents) -> list[Entry]:
    return [item for indicator in written.indicators.values() for item in entries(indicator, "evidence")]


def outcomes(written: Documents) -> list[Entry]:
    return [case for item in evidence(written) for key in ("cases", "bands") for case in entries(item, key)]


def parameters(written: Documents) -> list[tuple[Entry, str]]:
    found = []
    for node in (written.policyset, *written.indicators.values()):
        held = cast("Entry", node.get("parameters", {}))
        found += [(held, name) for name in held]
    return found


def _value(written: Documents, random: Random) -> None:
    held, name = random.choice(parameters(written))
    entry = cast("Entry", held[name])
    value = entry["value"]
    if isinstance(value, int | float) and not isinstance(value, bool):
        entry["value"] = value * random.choice((0.5, 0.9, 1.1)) if value else 0.1
        entry["because"] = "looked at again"


def _item_weight(written: Documents, random: Random) -> None:
    random.choice(evidence(written))["weight"] = random.choice((1, 3, 22, 7.5))


def _weight(written: Documents, random: Random) -> None:
    held = cast("dict[str, Entry]", written.policyset["indicators"])
    random.choice([*held.values()])["weight"] = random.choice((2, 9, 31))


def _outcome(written: Documents, random: Random) -> None:
    random.choice(outcomes(written))["outcome"] = random.choice(OUTCOMES)


def _cap(written: Documents, random: Random) -> None:
    case = random.choice(outcomes(written))
    if "cap" in case:
        del case["cap"]
    else:
        case["cap"] = 0.3


def _case_gone(written: Documents, random: Random) -> None:
    found = [cases for item in evidence(written) if len(cases := entries(item, "cases")) > 1]
    if found:
        cases = random.choice(found)
        cases.pop(random.randrange(len(cases)))


def _case_again(written: Documents, random: Random) -> None:
    found = [cases for item in evidence(written) if (cases := entries(item, "cases"))]
    if found:
        cases = random.choice(found)
        copied = deepcopy(random.choice(cases))
        cases.insert(random.randrange(len(cases) + 1), {**copied, "outcome": random.choice(OUTCOMES)})


def _cases_moved(written: Documents, random: Random) -> None:
    found = [cases for item in evidence(written) if len(cases := entries(item, "cases")) > 1]
    if found:
        random.shuffle(random.choice(found))


def _condition(written: Documents, random: Random) -> None:
    rules = [case for item in evidence(written) for case in entries(item, "cases")]
    rules += [rule for key in ("gates", "readings", "signals") for rule in entries(written.policyset, key)]
    if len(rules) > 1:
        rule = random.choice(rules)
        rule["when"] = {"not": deepcopy(rule["when"])}


def _gate(written: Documents, random: Random) -> None:
    gates = entries(written.policyset, "gates")
    if gates and random.random() < 0.4:
        gates.pop(random.randrange(len(gates)))
    elif gates:
        gate = random.choice(gates)
        for key in ("cap_move", "forbid", "verdict"):
            gate.pop(key, None)
        effects: tuple[Entry, ...] = ({"cap_move": 2}, {"forbid": [*TAGS]}, {"verdict": "insufficient-evidence"})
        gate.update(random.choice(effects))


def _setting(written: Documents, random: Random) -> None:
    name = random.choice(("required_coverage", "assessed_at", "supports_at"))
    written.policyset[name] = random.choice((0.1, 0.35, 0.45))


def _band(written: Documents, random: Random) -> None:
    band = random.choice(entries(written.policyset, "bands"))
    band[random.choice(("title", "note"))] = "Something else"


def _move(written: Documents, random: Random) -> None:
    band = entries(written.policyset, "bands")[-1]
    low, high = cast("list[float]", band["move"])
    band["move"] = [low, high + random.choice((1, 2.5))]


def _words(written: Documents, random: Random) -> None:
    indicator = random.choice([*written.indicators.values()])
    indicator[random.choice(("title", "question", "version", "short"))] = "9.9.9"
    random.choice(evidence(written))["title"] = "Another title"
    random.choice(outcomes(written))["grade"] = random.choice(GRADES)


def _counted(written: Documents, random: Random) -> None:
    indicator = random.choice([*written.indicators.values()])
    if random.random() < 0.5:
        indicator["in_score"] = not indicator.get("in_score", True)
    else:
        indicator["role"] = "direction" if indicator["role"] == "urgency" else "urgency"


def _flag(written: Documents, random: Random) -> None:
    item = random.choice(evidence(written))
    item[random.choice(("primary", "how_fast"))] = True


def _signal(written: Documents, random: Random) -> None:
    """A new signal, and a rule that reads it."""
    first = outcomes(written)
    cases = [case for case in first if "when" in case]
    if cases:
        case = random.choice(cases)
        name = f"new-{random.randrange(1000)}"
        owner = next(
            i for i in written.indicators.values() if any(case in entries(e, "cases") for e in entries(i, "evidence"))
        )
        owner.setdefault("signals", [])
        entries(owner, "signals").append({"id": name, "when": deepcopy(case["when"])})
        case["when"] = {"all": [{"signal": name}, case["when"]]}


def _plan(written: Documents, random: Random) -> None:
    plan = cast("Entry", written.policyset["plan"])
    plan["roll_back"] = [f"if {random.randrange(9)} of ten leave"]
    actions = cast("dict[str, list[Entry]]", plan["actions"])
    actions["joint"] = [*actions.get("joint", []), {"do": "talk to each other", "phase": "second"}]


def _reading(written: Documents, random: Random) -> None:
    readings = entries(written.policyset, "readings")
    if readings:
        readings.pop(random.randrange(len(readings)))


def _adjustment(written: Documents, random: Random) -> None:
    found = entries(written.policyset, "adjustments")
    if found and random.random() < 0.5:
        found.pop()
    elif found:
        cast("Entry", random.choice(found)["reweigh"])["by"] = random.choice((0.25, 1.5))


def _fact(written: Documents, random: Random) -> None:
    facts = cast("dict[str, Entry]", written.catalogue["facts"])
    fact = random.choice([*facts.values()])
    fact[random.choice(("title", "meaning", "source"))] = "told in other words"


EDITS: tuple[Edit, ...] = (
    *(_value, _item_weight, _weight, _outcome, _cap, _case_gone, _case_again, _cases_moved, _condition),
    *(_gate, _setting, _band, _move, _words, _counted, _flag, _signal, _plan, _reading, _adjustment, _fact),
)


def renamed(written: Documents, random: Random) -> Documents:
    """The same policy set with one parameter called otherwise, wherever it is called."""
    names = [name for _, name in parameters(written)]
    held, name = random.choice([one for one in parameters(written) if names.count(one[1]) == 1])
    other = f"{name}_of_today"
    text = _replaced(cast("Plain", [written.policyset, {**written.indicators}, written.catalogue]), name, other, held)
    policyset, indicators, catalogue = cast("tuple[Entry, dict[str, Entry], Entry]", text)
    return replace(written, policyset=policyset, indicators=indicators, catalogue=catalogue)


def _replaced(node: Plain, name: str, other: str, held: Entry) -> Plain:
    if isinstance(node, dict):
        renamed_keys = node is held
        return {
            (other if renamed_keys and key == name else key): _replaced(value, name, other, held)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_replaced(part, name, other, held) for part in node]
    return re.sub(rf"\${name}\b", f"${other}", node) if isinstance(node, str) else node


def edited(written: Documents, random: Random, edits: int) -> Documents:
    """A copy with so many random edits."""
    copied = deepcopy(written)
    for _ in range(edits):
        random.choice(EDITS)(copied, random)
    return copied


def pairs(random: Random, count: int, edits: int = 4) -> Iterator[tuple[PolicySet, PolicySet]]:
    """Policy sets before and after some edits, or, one time in six, two that have nothing to do with each other."""
    made = 0
    while made < count:
        first = documents(random)
        second = documents(random) if random.random() < 1 / 6 else edited(first, random, random.randint(1, edits))
        try:
            found = built(first), built(second)
        except SteelyardError:
            continue
        made += 1
        yield found

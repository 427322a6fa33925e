"""Files made from the seeds: bytes and lines disturbed, data rearranged, companies written at random.

A case is a pure function of the seed of the run and its number, so that a number is enough to see it again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.fuzz.seeds import Kind, seeds, trees, values_by_key

LARGEST = 200_000
"""Bytes of a case; the limits of the reader have tests of their own."""

TOKENS = (
    *("{", "}", "[", "]", ",", ":", ": ", "- ", "? ", "| ", ">", "|2-", "#", " #", "&a ", "*a", "*a : ", "<<: *a"),
    *("!!str ", "!x ", "!!python/object:os.system ", "%YAML 1.1\n---\n", "%TAG ! x:\n", "---\n", "...\n", "'", '"'),
    "`",
    *("\t", "\n", "\r", "\r\n", "\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\xa0", "\u2028", "\u202e", "\ufeff"),
    *("é", "ß", "İ", "ﬁ", "日本", "😀", "\u0301", "\ufffe", '"\\ud800"', '"\\x00"', '"\\u2028"', '"\\n"'),
    '"\\U0010ffff"',
    *("$", "$$", "$nothing", "${", "{name}", "{}", "{{", "}}", "{a.b", "%", "2.3%", "-1%", "1e309%", "--", "-", "="),
    "~",
)
SCALARS: tuple[Any, ...] = (
    *(None, True, False, 0, -0.0, 1, -1, 0.5, 1.5, 1e-9, 1e-320, 1e300, -1e300, 1.7e308, 2**31, 2**53 + 1, 2**63),
    2**64,
    *(10**30, -(10**249), 10**260, "", " ", "yes", "no", "unknown", "null", "true", ".inf", "-.inf", ".nan", "inf"),
    *("42", "4 2", "1,200", "1.200,50", "1'000", "42k", "3 mio", "$42", "42 EUR", "EUR 42", "42 EUR/month", "42 per"),
    *("2.3%", "-2.3 %", "101%", "1e999%", "%", "nan%", "Infinity%", "1e400", "0x1F", "0o17", "1_000", "1/0", "½", "²"),
    *("\uff11\uff12", "\u0664\u0662", "\uff12\uff10\uff12\uff16-10-31", "2026-10-31", "2026-02-30", "0000-01-01"),
    *("9999-12-31", "2026-W01-1", "20261031", "2026-1-1", "2026-13", "$steady_leads", "$", "$nothing", "{score}", "{"),
    *("{a.b}", "a.b", "funnel.leads_per_month", "score", "indicator.x.state", "steelyard:sales-focus", "a\0b", "a\nb"),
    *("../../../etc/passwd", "/dev/zero", "\x1b]0;x\x07", "x" * 5000, "é" * 3000, "a+b", "(" * 30, "1/0", "-" * 40),
    *("min(1)", "1 + 1 +", "first_known(score, 1)", "value_of(value_of(score))", "a.b - a.b", "EUR", "eur", "€", "USD"),
    *("EURO", "days", "pp", "leads/month", "per month", "days per", "/", "1/", "a/b/c"),
)
KEYS = (
    *("value", "low", "high", "successes", "trials", "unit", "currency", "because", "when", "all", "fact", "below"),
    "id",
    *("", " ", "a", "a\nb", "a.b", "$a", "<<", "0", "true", "{x}", "x" * 300, "\u202e", "2026-10", "2026-13", "é"),
)


@dataclass(frozen=True)
class Case:
    """One input, and what it claims to be."""

    kind: Kind
    data: bytes


def case(seed: int, number: int) -> Case:
    """The case with a number, in the run with a seed."""
    random = Random(f"{seed}:{number}")
    kind = random.choice((Kind.COMPANY, Kind.COMPANY, Kind.COMPANY, Kind.INDICATOR, Kind.INDICATOR, *Kind))
    make = random.choices((disturbed, rearranged, written, scribbled), (4, 5, 3, 1))[0]
    return Case(kind, make(kind, random)[:LARGEST])


# ---- bytes and lines


def disturbed(kind: Kind, random: Random) -> bytes:
    """A file with a few bytes or lines changed."""
    text = random.choice(seeds()[kind]).text
    if len(text) > 3000 and random.random() < 0.5:
        text = _excerpt(text, random)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        text = random.choice(LINE_CHANGES)(text, random)
    data = text.encode("utf-8", "surrogatepass")
    for _ in range(random.choice((0, 0, 0, 0, 1, 4))):
        data = _byte_changed(data, random)
    return data


def _excerpt(text: str, random: Random) -> str:
    """The head and some lines, for speed."""
    lines = text.splitlines(keepends=True)
    start = random.randrange(len(lines))
    return "".join([*lines[:12], *lines[start : start + 60]])


def _doubled(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    index = random.randrange(len(lines))
    lines.insert(random.randrange(len(lines) + 1), lines[index])
    return "".join(lines)


def _dropped(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    index = random.randrange(len(lines))
    del lines[index : index + random.choice((1, 1, 1, 3, 20))]
    return "".join(lines)


def _indented(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    index = random.randrange(len(lines))
    for i in range(index, min(len(lines), index + random.choice((1, 1, 5)))):
        lines[i] = random.choice((lines[i].lstrip(" "), "  " + lines[i], " " + lines[i], "\t" + lines[i], lines[i][1:]))
    return "".join(lines)


def _spliced(text: str, random: Random) -> str:
    other = random.choice(random.choice(list(seeds().values()))).text.splitlines(keepends=True) or [""]
    start = random.randrange(len(other))
    at = random.randrange(len(text) + 1) if random.random() < 0.3 else _line_start(text, random)
    return text[:at] + "".join(other[start : start + random.choice((1, 3, 12))]) + text[at:]


def _line_start(text: str, random: Random) -> int:
    return text.rfind("\n", 0, random.randrange(len(text) + 1)) + 1


def _inserted(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(TOKENS) * random.choice((1, 1, 1, 2, 50)) + text[at:]


def _replaced(text: str, random: Random) -> str:
    """A value after a colon becomes another one."""
    lines = text.splitlines(keepends=True) or [""]
    with_value = [i for i, line in enumerate(lines) if ": " in line] or [0]
    index = random.choice(with_value)
    head, _, _ = lines[index].partition(": ")
    lines[index] = f"{head}: {_scalar_text(random)}\n"
    return "".join(lines)


def _scalar_text(random: Random) -> str:
    value = random.choice(SCALARS)
    text = str(value)
    return random.choice((json.dumps(value), text, text, random.choice(TOKENS) + text))


def _cut(text: str, random: Random) -> str:
    return text[: random.randrange(len(text) + 1)]


LINE_CHANGES: tuple[Callable[[str, Random], str], ...] = (
    _doubled,
    _dropped,
    _indented,
    _spliced,
    _inserted,
    _inserted,
    _replaced,
    _replaced,
    _replaced,
    _cut,
)


def _byte_changed(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    change = random.choice((bytes([random.randrange(256)]), random.randbytes(random.choice((1, 2, 4))), b""))
    return data[:at] + change + data[at + random.choice((0, 1, 1, 2)) :]


def scribbled(_: Kind, random: Random) -> bytes:
    """Bytes, or pieces of YAML, from nothing."""
    if random.random() < 0.4:
        return random.randbytes(random.choice((1, 3, 10, 100, 2000)))
    pieces = (random.choice((*TOKENS, "a", "b: ", " ", "  ", "\n", "\n  ", _scalar_text(random))) for _ in range(60))
    return "".join(pieces).encode("utf-8", "surrogatepass")


# ---- data


def rearranged(kind: Kind, random: Random) -> bytes:
    """The data of a file with some of it moved, dropped, or replaced by what stands elsewhere."""
    tree: Any = deepcopy(random.choice(trees(kind)))
    tree = _thinned(tree, random) if random.random() < 0.3 else tree
    for _ in range(random.choice((1, 1, 1, 1, 2, 4))):
        tree = _changed(tree, random)
    return _dumped(tree, random)


def _thinned(tree: Any, random: Random) -> Any:
    """Most of the long mappings and lists left out, for speed."""
    for holder in _holders(tree):
        while len(holder) > 12:
            del holder[_any_key(holder, random)]
    return tree


def _any_key(holder: Any, random: Random) -> Any:
    return random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))


def _holders(tree: Any) -> list[Any]:
    """The tree and every mapping and list in it."""
    if not isinstance(tree, dict | list):
        return []
    parts = tree.values() if isinstance(tree, dict) else tree
    return [tree, *(holder for part in parts for holder in _holders(part))]


def _changed(tree: Any, random: Random) -> Any:
    holders = [holder for holder in _holders(tree) if holder]
    if not holders:
        return random.choice(SCALARS)
    holder = random.choice(holders)
    key = _any_key(holder, random)
    match random.randrange(12):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[random.choice((*KEYS, *values_by_key()))] = holder.pop(key)
        case 2 if isinstance(holder, dict):
            holder[random.choice((*KEYS, *values_by_key()))] = _value(random, str(key))
        case 3:
            holder[key] = deepcopy(random.choice(holders)) if len(holders) < 200 else []
        case 4:
            holder[key] = random.choice(([holder[key]], {"value": holder[key]}, {}, [], [[]], {"a": {}}))
        case _:
            holder[key] = _value(random, str(key))
    return tree


def _value(random: Random, key: str) -> Any:
    """Another value that stands under this key somewhere, or any."""
    usual = values_by_key().get(key, ())
    if usual and random.random() < 0.75:
        return deepcopy(random.choice(usual))
    if random.random() < 0.2:
        return deepcopy(random.choice(random.choice(list(values_by_key().values()))))
    return random.choice(SCALARS)


def _dumped(tree: Any, random: Random) -> bytes:
    """As JSON, which is YAML; over several lines, so that there are places to tell."""
    text = json.dumps(tree, ensure_ascii=random.random() < 0.3, indent=random.choice((None, 1, 2)))
    return text.encode("utf-8", "surrogatepass")


# ---- companies


def written(kind: Kind, random: Random) -> bytes:
    """A company with any facts of the catalogue in any notation; other kinds are rearranged."""
    if kind is not Kind.COMPANY:
        return rearranged(kind, random)
    catalogue: Any = trees(Kind.FACTS)[0]
    names = random.sample(list(catalogue["facts"]), random.choice((1, 1, 2, 3, 8, 40)))
    names += random.choices(("score", "nothing.at_all", "funnel.leads_per_mnth"), k=random.choice((0, 0, 0, 0, 1)))
    head: dict[str, Any] = {
        "company": "Acme",
        "as_of": "2026-10-31",
        "currency": random.choice(("EUR", "EUR", "USD", "eur")),
    }
    if random.random() < 0.5:
        head["exchange_rates"] = [_rate(random) for _ in range(random.choice((1, 1, 2)))]
    facts = {name: _fact(catalogue["facts"].get(name) or {}, random) for name in names}
    return _dumped({**head, "facts": facts}, random)


def _rate(random: Random) -> Any:
    pair = {"from": random.choice(("EUR", "USD", "GBP")), "to": random.choice(("EUR", "USD"))}
    return {**pair, "rate": random.choice((1.08, 1.08, 0, -1, 1e-300, 1e300, "2%", "x")), "date": "2026-10-30"}


def _fact(definition: dict[str, Any], random: Random) -> Any:
    if random.random() < 0.08:
        return random.choice(SCALARS)
    plain_value = _plain_value(definition, random)
    match random.randrange(9):
        case 0:
            value: Any = {"value": plain_value, "low": _number(random), "high": _number(random)}
        case 1:
            value = {"successes": _count(random), "trials": _count(random)}
        case 2:
            value = {
                "value": plain_value,
                "unit": random.choice((definition.get("unit", "days"), random.choice(SCALARS))),
            }
        case 3:
            value = {
                "value": plain_value,
                "as_of": random.choice(("2026-09-30", "2026-09-30", "2027-01-01", "x")),
                "source": "CRM",
            }
            value |= {"proxy": random.choice((True, False, False, "yes")), "note": random.choice(("n", "n", None, ""))}
        case _:
            return plain_value
    if random.random() < 0.1:
        value[random.choice(KEYS)] = random.choice(SCALARS)
    return value


def _plain_value(definition: dict[str, Any], random: Random) -> Any:
    match definition.get("type"):
        case "category":
            return random.choice((*definition.get("values", ("x",)), "x"))
        case "boolean":
            return random.choice((True, False, "yes", "no", 1))
        case "date":
            return random.choice(("2026-10-01", "2027-10-01", "2026-02-30"))
        case "series":
            months = {f"2026-{random.randint(1, 13):02}": _number(random) for _ in range(random.choice((1, 2, 6)))}
            return random.choice((months, [_number(random) for _ in range(3)], {"value": months}))
    number = _number(random) if definition.get("type") != "rate" else random.choice((0, 0.02, 0.5, 1, 2.3))
    written = (number, number, number, f"{number}%", f"{number} {definition.get('unit', 'EUR')}")
    return random.choice(written)


def _number(random: Random) -> Any:
    return random.choice(
        (0, 1, 0.02, 3, 3, 15, 15, 42, 130, 130, 25000, -1, 1e300, 1e-320, round(random.uniform(-5, 50), 2))
    )


def _count(random: Random) -> Any:
    return random.choice((0, 1, 21, 130, 10**6, 10**30, 2**63, -1, 1.0, 2.5, "21", None))

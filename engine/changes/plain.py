"""Values of a policy set as plain data, the same for the same meaning: what fingerprints are taken of."""

from __future__ import annotations

import json
from datetime import date
from enum import Enum
from hashlib import sha256

from ..computation import Computation
from ..condition import All, AnyOf, AtLeastN, Condition, FactTest, Not, Operand, SignalTest
from ..document import Plain
from ..policy import Effect, Quality, Share
from ..taxonomy import Taxonomy
from .computing import as_written, taxonomy_as_written

LENGTH = 12
"""Hexadecimal digits of a fingerprint: 48 bits."""


def plain(value: object) -> Plain:
    """A value as a policy file writes it: a `$parameter` by its name, a number without a needless fraction."""
    match value:
        case Enum():
            return str(value)
        case bool() | None | str():
            return value
        case int() | float():
            return _number(float(value))
        case date():
            return value.isoformat()
        case tuple():
            return [plain(item) for item in value]
        case _:
            return _record(value)


def _number(value: float) -> Plain:
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _record(value: object) -> Plain:
    """What a policy file writes as a mapping, or as the name of a parameter."""
    match value:
        case Operand():
            return f"${value.parameter}" if value.parameter else plain(value.value)
        case Computation():
            return as_written(value)
        case Taxonomy():
            return taxonomy_as_written(value)
        case Quality(fact, if_missing):
            return {"fact": fact, "if_missing": plain(if_missing)}
        case Share(fact, of):
            return {"fact": fact, "of": of}
        case Effect(cap, forbid, withdraws):
            limit: Plain = {"fact": cap} if isinstance(cap, str) else plain(cap)
            found: dict[str, Plain] = {"cap_move": limit, "forbid": [*forbid]}
            return found | ({"verdict": "insufficient-evidence"} if withdraws else {})
        case FactTest() | SignalTest() | All() | AnyOf() | Not() | AtLeastN():
            return _condition(value)
    raise TypeError(f"no plain form of {type(value).__name__}")


def _condition(condition: Condition) -> Plain:
    match condition:
        case SignalTest(name):
            return {"signal": name}
        case Not(part):
            return {"not": _condition(part)}
        case All(parts):
            return {"all": [_condition(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [_condition(part) for part in parts]}
        case AtLeastN(n, parts):
            return {"at_least_n": {"n": n, "of": [_condition(part) for part in parts]}}
        case FactTest(fact, operator, operands, if_missing):
            compared = [plain(operand) for operand in operands]
            leaf: dict[str, Plain] = {"fact": fact, str(operator): compared[0] if len(compared) == 1 else [*compared]}
            return leaf | ({"if_missing": str(if_missing)} if if_missing is not None else {})


def text(value: Plain) -> str:
    """Plain data as one text, the same for equal data."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def fingerprint(*of: Plain) -> str:
    """Twelve hexadecimal digits that stand for plain data."""
    return sha256(text([*of]).encode("ascii")).hexdigest()[:LENGTH]

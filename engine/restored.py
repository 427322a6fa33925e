"""Facts as a record has them, as observations again: those that exports gave, which a record does not hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from math import inf
from types import MappingProxyType
from typing import Any

from .facts import FactDefinition, Facts, FactType, Observation, Origin, RawValue
from .notation import calendar_date
from .policy import PolicySet
from .render.plain import INFINITE

COMPUTED = "computed"
_ENDLESS = {INFINITE: inf, f"-{INFINITE}": -inf}


def restored(facts: Mapping[str, Any], policy: PolicySet) -> tuple[Facts, dict[str, str]]:
    """The computed facts among those of a record that the policy set can use; of the others, why not."""
    computed = {name: fact for name, fact in facts.items() if fact["origin"] == COMPUTED}
    found: dict[str, Observation] = {}
    left_out: dict[str, str] = {}
    for name, fact in computed.items():
        why = _unusable(fact, policy.catalogue.get(name), policy.currency)
        observation = None if why else _observation(fact)
        if observation is None:
            left_out[name] = why or f"its value is no {fact['type']}"
        else:
            found[name] = observation
    return MappingProxyType(found), left_out


def _unusable(fact: Mapping[str, Any], definition: FactDefinition | None, currency: str) -> str:
    """Why a fact of then is none of the catalogue of now; empty where it is one."""
    if definition is None:
        return "not in the catalogue any more"
    if definition.late:
        return "concluded now, and not computed"
    return next(_differences(fact, definition, currency), "")


def _differences(fact: Mapping[str, Any], definition: FactDefinition, currency: str) -> Iterator[str]:
    if (fact["type"], fact["unit"]) != (definition.type.value, definition.unit):
        then, now = (" ".join(filter(None, pair)) for pair in ((fact["type"], fact["unit"]), _kind(definition)))
        yield f"it was a {then}, and is a {now} now"
    elif definition.is_money and fact["currency"] != currency:
        yield f"it was in {fact['currency']}, and the policy set is in {currency}"
    elif definition.type is FactType.CATEGORY and fact["value"] not in definition.values:
        yield f"`{fact['value']}` is none of its values any more"


def _kind(definition: FactDefinition) -> tuple[str, str]:
    return definition.type.value, definition.unit


def _observation(fact: Mapping[str, Any]) -> Observation | None:
    """None where the value is not of the type of the fact, as in a record that somebody changed."""
    value = _value(fact["value"], FactType(fact["type"]))
    if value is None:
        return None
    return Observation(
        value,
        _number(fact["low"]),
        _number(fact["high"]),
        interval_known=fact["interval_known"],
        successes=fact["successes"],
        trials=fact["trials"],
        source=fact["source"],
        as_of=date.fromisoformat(fact["as_of"]) if fact["as_of"] is not None else None,
        by=fact["by"],
        note=fact["note"],
        proxy=fact["proxy"],
        origin=Origin.COMPUTED,
        inputs=tuple(fact["inputs"]),
    )


def _value(value: Any, kind: FactType) -> RawValue | None:
    match kind:
        case FactType.DATE:
            return calendar_date(value) if isinstance(value, str) else None
        case FactType.CATEGORY:
            return value if isinstance(value, str) else None
        case FactType.BOOLEAN:
            return value if isinstance(value, bool) else None
        case FactType.SERIES:
            return tuple(map(_finite, value)) if isinstance(value, list) else None
        case _:
            # true and false are whole numbers to Python
            is_number = isinstance(value, float | int) and not isinstance(value, bool)
            return _finite(value) if is_number or value in (*_ENDLESS,) else None


def _number(value: Any) -> float | None:
    return None if value is None else _finite(value)


def _finite(value: Any) -> float:
    """A published number, which is a text where it has no end."""
    return _ENDLESS[value] if isinstance(value, str) else float(value)

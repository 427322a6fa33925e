"""Facts that a company has from answers, as what a scenario would give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..company import Company
from ..diagnostics import Span
from ..document import Fields, Items, Node, Value
from ..facts import FactDefinition, Observation, RawValue
from ..policy import PolicySet
from ..testimony import Standing

_COUNTED = (Standing.USED, Standing.DIFFERS)


def said(company: Company, policy: PolicySet) -> Mapping[str, tuple[Span, Node]]:
    """Each fact that comes of answers, with the place of the first and its value in the notation of a company's file."""
    names = (name for name, answers in company.answers.items() if any(one.standing in _COUNTED for one in answers))
    found = {name: company.facts[name] for name in names if name in company.facts}
    return {
        name: (observation.span or Span(""), _noted(observation, policy.catalogue[name], policy.currency))
        for name, observation in found.items()
    }


def _noted(one: Observation, definition: FactDefinition, currency: str) -> Node:
    place = one.span or Span("")
    if one.successes is not None and one.trials is not None:
        return _fields(place, successes=_value(one.successes, place), trials=_value(one.trials, place))
    value = _plain(one.value, place)
    if one.ranged and one.low is not None and one.high is not None:
        value = Items((_value(one.low, place), _value(one.high, place)), place)
    money = {"currency": _value(currency, place)} if definition.is_money else {}
    if one.ranged or one.low is None or one.high is None:
        return _fields(place, value=value, **money) if money else value
    return _fields(place, value=value, low=_value(one.low, place), high=_value(one.high, place), **money)


def _fields(place: Span, **values: Node) -> Fields:
    return Fields(values, dict.fromkeys(values, place), place)


def _plain(value: RawValue, place: Span) -> Node:
    if isinstance(value, tuple):
        return Items(tuple(_value(number, place) for number in value), place)
    return _value(value.isoformat() if isinstance(value, date) else value, place)


def _value(value: float | str | bool, place: Span) -> Value:
    if isinstance(value, bool):
        return Value(value, place, "true" if value else "false")
    written = int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
    return Value(written, place, str(written))

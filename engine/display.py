"""How a value is shown, everywhere: `2.3 %`, `16.2 % [10.8-23.4 %, 21 of 130]`, `8 months`, `42,000 USD/year`."""

from __future__ import annotations

from datetime import date
from math import floor, isfinite, log10

from .condition import Literal, Operand
from .facts import FactDefinition, FactType, Observation
from .units import singular

NO_END = "unlimited"
_UNWRITTEN = frozenset({"index", "ratio"})
"""Units that say something to a formula and nothing to a reader."""


def grouped(value: float, digits: int = 4) -> str:
    """A number with thousands grouped: every digit of its whole part, a fraction within the digits, no trailing zeros."""
    if value == 0 or not isfinite(value):
        return "0" if value == 0 else NO_END if value > 0 else f"-{NO_END}"
    magnitude = floor(log10(abs(value)))
    if not -9 <= magnitude < 15:
        return f"{value:.3e}"
    decimals = min(max(0, digits - 1 - magnitude), 12)
    shown = f"{value:,.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _percent(value: float) -> str:
    """A share in percent: one decimal, two digits below 1 %."""
    shown = 100 * value
    return grouped(round(shown, 1)) if abs(shown) >= 1 else grouped(float(f"{shown:.2g}"))


def is_percent(definition: FactDefinition) -> bool:
    """Whether values of a fact are shown in percent."""
    return definition.type is FactType.RATE or definition.unit == "ratio"


def unit_text(definition: FactDefinition, currency: str) -> str:
    """The unit as it follows a number: ` %`, ` pp`, `x`, ` USD/year`, ` days`; empty for a plain number."""
    if is_percent(definition):
        return " %"
    if definition.type is FactType.PP:
        return " pp"
    if definition.is_money:
        return f" {currency}{definition.per}" if currency or definition.per else ""
    if definition.unit == "x":
        return "x"
    return f" {definition.unit}" if definition.unit and definition.unit not in _UNWRITTEN else ""


def _bare(value: float, definition: FactDefinition) -> str:
    if is_percent(definition) and isfinite(value):
        return _percent(value)
    # nobody plans by hundredths of a month
    return grouped(value, 3 if definition.type is FactType.DURATION else 4)


def _counted(shown: str, unit: str) -> str:
    """A shown number with its unit, one thing in the singular."""
    if shown.lstrip("-") == NO_END:
        return shown
    if shown in ("1", "-1"):
        noun, slash, per = unit.strip().partition("/")
        # a currency code has no plural
        one = noun if noun.isupper() else singular(noun)
        unit = f"{' ' * unit.startswith(' ')}{one}{slash}{per}"
    return shown + unit


def _number(value: float, definition: FactDefinition, currency: str) -> str:
    return _counted(_bare(value, definition), unit_text(definition, currency))


def _range(low: float, high: float, definition: FactDefinition, currency: str) -> str:
    if not isfinite(high):
        return f"{_number(low, definition, currency)} to {_number(high, definition, currency)}"
    # a hyphen next to a minus sign reads badly
    joined = " to " if low < 0 or high < 0 else "-"
    return f"{_bare(low, definition)}{joined}{_bare(high, definition)}{unit_text(definition, currency)}"


def _literal(value: Literal, definition: FactDefinition, currency: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else _number(float(value), definition, currency)


def _series(values: tuple[float, ...], definition: FactDefinition, stated: str, currency: str) -> str:
    shown = _counted(grouped(values[-1]), unit_text(definition, currency)) if values else ""
    last = f", the last {f'{stated} ({shown})' if stated else shown}" if values else ""
    return f"{len(values)} value{'' if len(values) == 1 else 's'}{last}"


def display(observation: Observation, definition: FactDefinition, currency: str) -> str:
    """The value of a fact, with its interval and its counts where it has them. `currency` is that of the policy set."""
    if isinstance(observation.value, tuple):
        return _series(observation.value, definition, observation.stated, currency)
    if observation.ranged:
        return _ranged(observation, definition, currency)
    shown = _literal(observation.value, definition, currency)
    if observation.stated:
        shown = f"{observation.stated} ({shown})"
    about = []
    if observation.low is not None and observation.high is not None and observation.low < observation.high:
        about.append(_interval(observation, observation.low, observation.high, definition, currency))
    if observation.trials is not None:
        about.append(f"{observation.successes:,} of {observation.trials:,}")
    return f"{shown} [{', '.join(about)}]" if about else shown


def _interval(observation: Observation, low: float, high: float, definition: FactDefinition, currency: str) -> str:
    """An interval, in the currency of the amount and in that of the policy set where the two differ."""
    shown = _range(low, high, definition, currency)
    if not observation.stated or observation.rate == 1:
        return shown
    return f"{_range(low / observation.rate, high / observation.rate, definition, _unit(observation.stated, definition))} ({shown})"


def _unit(stated: str, definition: FactDefinition) -> str:
    """The currency in which an amount was stated."""
    return stated.rpartition(" ")[2].removesuffix(definition.per)


def _ranged(observation: Observation, definition: FactDefinition, currency: str) -> str:
    if observation.low is None or observation.high is None:
        return "not known how much"
    unit = unit_text(definition, currency) if isfinite(observation.high) else ""
    ends = f"{_bare(observation.low, definition)} and {_bare(observation.high, definition)}{unit}"
    return f"{observation.stated} ({ends})" if observation.stated else f"between {ends}"


def display_operand(operand: Operand, definition: FactDefinition, currency: str = "") -> str:
    """A threshold as it is compared with a fact: in the unit of the fact."""
    return _literal(operand.value, definition, currency)

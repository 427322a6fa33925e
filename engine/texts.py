"""Texts of a policy with the facts and parameters that they quote filled in, and sentences about single comparisons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .condition import Condition, FactTest, Operator, Truth, fact_truth, leaves
from .display import display, display_operand
from .facts import Facts, Observation
from .policy import PolicySet

QUOTED = re.compile(r"\{(\$?[a-z][a-zA-Z0-9_.\-]*)\}")


def quoted(template: str) -> tuple[str, ...]:
    """The names that a text quotes; those of parameters begin with a dollar sign."""
    return tuple(QUOTED.findall(template))


def fill(template: str, policy: PolicySet, facts: Facts, indicator: str = "") -> str:
    """The text with every quoted fact and parameter filled in; a missing fact reads "unknown"."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("$"):
            return _parameter(name[1:], policy, indicator)
        definition, observation = policy.catalogue.get(name), facts.get(name)
        if definition is None:
            return match[0]
        if observation is None:
            return "unknown"
        stand_in = " (stand-in)" if observation.proxy else ""
        return display(observation, definition, policy.currency) + stand_in

    return QUOTED.sub(value, template) if "{" in template else template


def _parameter(name: str, policy: PolicySet, indicator: str) -> str:
    parameter = policy.parameters.get(f"{indicator}.{name}") or policy.parameters.get(name)
    return display_parameter(parameter.value, parameter.unit) if parameter is not None else f"${name}"


def display_parameter(value: object, unit: str) -> str:
    """A parameter as shown: `2 %`, `30 leads/month`, `25,000 USD/year`."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if unit in ("rate", "ratio"):
        return f"{value * 100:.4g} %"
    shown = f"{value:,.10g}"
    return shown if unit in ("", "index", "x", "points", "strength", "factor") else f"{shown} {unit}"


def straddles(test: FactTest, observation: Observation | None) -> bool:
    """Whether an interval comparison is no only because the threshold lies inside the interval."""
    if observation is None or test.operator not in (Operator.CLEARLY_BELOW, Operator.CLEARLY_ABOVE):
        return False
    interval = observation.interval
    if interval is None or interval[0] == interval[1]:
        return False
    inside = FactTest(test.fact, Operator.COVERS, test.operands)
    return fact_truth(inside, observation) is Truth.YES


def too_close(condition: Condition, policy: PolicySet, facts: Facts) -> Iterator[str]:
    """A sentence for each leaf that is too close to call: value, interval, threshold."""
    for leaf in leaves(condition):
        if isinstance(leaf, FactTest) and straddles(leaf, facts.get(leaf.fact)):
            definition = policy.catalogue[leaf.fact]
            shown = display(facts[leaf.fact], definition, policy.currency)
            yield f"{definition.title} {shown} against {display_operand(leaf.operands[0], definition, policy.currency)}"

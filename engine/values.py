"""Parameters and weights: the values that a client may change, each with every layer that wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .condition import Literal
from .diagnostics import Diagnostic, Span
from .document import Node, Value
from .fields import as_date, as_number, entries, get, scalar_text, span_of, text
from .layering import Override, equal_to_base
from .limits import LARGEST
from .policy import Layer, Parameter, Weight

WORDS = frozenset({"date", "category"})
"""Units of parameters that are no numbers."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Builds values from what the base says and what the layers write over it, the lowest first."""

    base: str
    layers: tuple[Mapping[str, Override], ...]
    problems: list[Diagnostic] = field(default_factory=list)

    def _overrides(self, name: str) -> list[Override]:
        return [layer[name] for layer in self.layers if name in layer]

    def _history(self, name: str, node: Node, entry: Node) -> tuple[Layer, ...]:
        first = Layer(self.base, scalar_text(node), text(entry, "because"), text(entry, "review_by"), node.span)
        return (first, *(_written(override) for override in self._overrides(name)))

    def _value(self, name: str, node: Node, unit: str) -> Literal:
        value = self._literal(node, unit)
        for override in self._overrides(name):
            if override.node is None:
                continue
            changed = self._literal(override.node, unit)
            if changed is not None and changed == value:
                self.problems.append(equal_to_base(override))
            value = changed if changed is not None else value
        return 0.0 if value is None else value

    def _literal(self, node: Node, unit: str) -> Literal | None:
        """What a scalar means in a unit; None where it does not, which is noted."""
        found = as_number(node)
        written = scalar_text(node)
        if isinstance(node, Value) and isinstance(node.value, bool):
            return node.value
        if unit in WORDS:
            return as_date(written) if unit == "date" and as_date(written) else written
        if found is not None and not abs(found) <= LARGEST:
            message = f"`{written}` is not a finite number"
            self.problems.append(Diagnostic("not-a-number", message, node.span, "give a number that can be counted"))
            return None
        if found is None:
            message = f"`{written}` is not a number, and the parameter counts in {unit}"
            self.problems.append(Diagnostic("wrong-type", message, node.span, "write a number, without quotes"))
        return found

    def parameter(self, name: str, key: Span, entry: Node) -> Parameter:
        """One parameter; `name` is its full name."""
        node = get(entry, "value")
        assert node is not None
        layers = self._history(name, node, entry)
        unit = text(entry, "unit")
        changed = [override for override in self._overrides(name) if override.node is not None]
        return Parameter(
            name=name,
            value=self._value(name, node, unit),
            unit=unit,
            grade=changed[-1].grade if changed else text(entry, "grade"),
            because=changed[-1].because if changed else text(entry, "because"),
            source=text(entry, "source"),
            review_by=layers[-1].review_by or text(entry, "review_by"),
            layers=layers,
            span=key,
        )

    def parameters(self, node: Node, prefix: str) -> Iterator[Parameter]:
        """Every parameter of one file."""
        for name, key, entry in entries(node, "parameters"):
            yield self.parameter(f"{prefix}{name}", key, entry)

    def weight(self, name: str, entry: Node) -> Weight:
        """The weight of an indicator or an evidence item."""
        node = get(entry, "weight")
        assert node is not None
        layers = self._history(name, node, entry)
        value = self._value(name, node, "weight")
        number = float(value) if isinstance(value, (int, float)) else 0.0
        return Weight(number, text(entry, "grade", "J"), layers[-1].because, layers, span_of(entry, "weight"))


def _written(override: Override) -> Layer:
    """A layer's part in the history of a value; the value is empty where it only set a date of review."""
    node = override.node
    span = node.span if node is not None else override.span
    return Layer(override.layer, scalar_text(node) if node else "", override.because, override.review_by, span)

"""Parameters and weights: the values that a client may change, each with every layer that wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .condition import Literal
from .diagnostics import Diagnostic, Span
from .document import Node, Value
from .fields import as_date, as_number, entries, get, scalar_text, span_of, text
from .layering import Layered
from .limits import LARGEST
from .policy import Parameter, Weight
from .shapes import Way, short

WORDS = frozenset({"date", "category"})
"""Units of parameters that are no numbers."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Builds values from the documents, with what is remembered of their layers."""

    layered: Layered
    problems: list[Diagnostic] = field(default_factory=list)

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

    def parameter(self, way: Way, key: Span, entry: Node) -> Parameter:
        """One parameter."""
        node = get(entry, "value")
        assert node is not None
        unit = text(entry, "unit")
        value = self._literal(node, unit)
        return Parameter(
            name=short(way),
            value=0.0 if value is None else value,
            unit=unit,
            grade=text(entry, "grade"),
            because=text(entry, "because"),
            source=text(entry, "source"),
            review_by=text(entry, "review_by"),
            layers=self.layered.history(way, "value", entry),
            span=key,
        )

    def parameters(self, node: Node, way: Way) -> Iterator[Parameter]:
        """Every parameter of one file; `way` leads to it."""
        for name, key, entry in entries(node, "parameters"):
            yield self.parameter((*way, "parameters", name), key, entry)

    def weight(self, way: Way, entry: Node) -> Weight:
        """The weight of an indicator or an evidence item."""
        layers = self.layered.history((*way, "weight"), "weight", entry)
        node = get(entry, "weight")
        assert node is not None
        value = self._literal(node, "weight")
        number = float(value) if isinstance(value, (int, float)) else 0.0
        return Weight(number, text(entry, "grade", "J"), layers[-1].because, layers, span_of(entry, "weight"))

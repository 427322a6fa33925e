"""Names in their scope: operands, conditions and the parameters, signals and facts that they call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .condition import All, AnyOf, AtLeastN, Condition, FactTest, Literal, Not, Operand, Operator, SignalTest, Truth
from .diagnostics import Diagnostic, did_you_mean
from .document import Items, Node, Value
from .facts import Catalogue, FactDefinition, FactType
from .fields import as_date, as_number, get, items, number, scalar_text, span_of, text
from .policy import Layer, Parameter, taken_out

NOTHING = All(())


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names in one file mean. `problems` collects what is wrong with them while the policy is built."""

    catalogue: Catalogue
    parameters: Mapping[str, Parameter]
    signals: frozenset[str]
    """Full names."""
    removed: Mapping[str, Layer] = field(default_factory=dict)
    """What layers took out, by full name."""
    indicator: str = ""
    problems: list[Diagnostic] = field(default_factory=list)

    def within(self, indicator: str) -> Scope:
        """The scope of one indicator's file."""
        return replace(self, indicator=indicator)

    def full(self, name: str, known: Mapping[str, object] | frozenset[str]) -> str:
        """The full name that a name stands for here: the indicator's own before the policy set's; empty where there is none."""
        own = f"{self.indicator}.{name}"
        return own if self.indicator and own in known else name if name in known else ""

    def fact(self, node: Node, key: str = "fact") -> FactDefinition | None:
        """The catalogue entry that a key names."""
        name = text(node, key)
        found = self.catalogue.get(name)
        if found is None:
            near = did_you_mean(name, self.catalogue) or "add it to the catalogue, with a question to ask for it"
            hint = taken_out(self.removed, name) or near
            self.report("unknown-fact", f"fact `{name}` is not in the catalogue", node, key, hint)
        return found

    def signal(self, node: Node) -> str:
        """The full name of the signal that a leaf calls; as written where there is none."""
        name = text(node, "signal")
        found = self.full(name, self.signals)
        if not found:
            known = self.signals if "." in name else self._reachable(self.signals)
            near = did_you_mean(name, known) or "add it to `signals:`, or name its indicator first"
            hint = self._taken_out(name) or near
            self.report("unknown-signal", f"there is no signal `{name}`", node, "signal", hint)
        return found or name

    def report(self, code: str, message: str, node: Node, key: str, hint: str = "") -> None:
        """Note a problem at the value of a key."""
        self.problems.append(Diagnostic(code, message, span_of(node, key), hint))

    def operand(self, node: Node, definition: FactDefinition | None = None) -> Operand:
        """A literal, or the value of a `$parameter`."""
        written = scalar_text(node)
        if not written.startswith("$"):
            return Operand(self._literal(node, definition), span=node.span)
        name = self.full(written[1:], self.parameters)
        if not name:
            near = did_you_mean(written[1:], self._reachable(self.parameters))
            hint = self._taken_out(written[1:]) or near or "add it to `parameters:`, with its grade and its reason"
            self.problems.append(Diagnostic("unknown-parameter", f"there is no parameter `{written}`", node.span, hint))
            return Operand(0.0, span=node.span)
        return Operand(self.parameters[name].value, name, node.span)

    def _taken_out(self, name: str) -> str:
        """The hint for a name that a layer took out, the indicator's own or the policy set's."""
        return taken_out(self.removed, *([f"{self.indicator}.{name}"] if self.indicator else []), name)

    def _reachable(self, names: Iterable[str]) -> list[str]:
        """Names as they may be called here: the indicator's own without its prefix."""
        own = f"{self.indicator}."
        return [name.removeprefix(own) if self.indicator else name for name in names]

    def _literal(self, node: Node, definition: FactDefinition | None) -> Literal:
        assert isinstance(node, Value)
        if isinstance(node.value, bool):
            return node.value
        if (value := as_number(node)) is not None:
            return value
        written = scalar_text(node)
        if definition is not None and definition.type is FactType.DATE and (day := as_date(written)):
            return day
        if definition is not None and (definition.type.is_ordered or definition.type is FactType.BOOLEAN):
            wanted = f"{definition.type} fact `{definition.name}`"
            message = f"`{written}` cannot be compared with the {wanted}"
            self.problems.append(
                Diagnostic("wrong-operand", message, node.span, "write a value of the same kind, without quotes")
            )
            return 0.0
        return written

    def condition(self, node: Node) -> Condition:
        """A condition with every name resolved."""
        if get(node, "signal") is not None:
            return SignalTest(self.signal(node), span_of(node, "signal"))
        if get(node, "fact") is not None:
            return self._leaf(node)
        if (part := get(node, "not")) is not None:
            return Not(self.condition(part), node.span)
        if (counted := get(node, "at_least_n")) is not None:
            parts = tuple(self.condition(p) for p in items(counted, "of"))
            return AtLeastN(int(number(counted, "n") or 0), parts, node.span)
        if get(node, "all") is not None:
            return All(tuple(self.condition(p) for p in items(node, "all")), node.span)
        return AnyOf(tuple(self.condition(p) for p in items(node, "any")), node.span)

    def _leaf(self, node: Node) -> Condition:
        definition = self.fact(node)
        operator = next((o for o in Operator if get(node, o.value) is not None), Operator.KNOWN)
        given = get(node, operator.value)
        if definition is None or given is None:
            return NOTHING
        nodes = given.items if isinstance(given, Items) else (given,)
        if_missing = Truth(text(node, "if_missing")) if get(node, "if_missing") is not None else None
        operands = tuple(self.operand(n, definition) for n in nodes)
        return FactTest(definition.name, operator, operands, if_missing, node.span)

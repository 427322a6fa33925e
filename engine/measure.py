"""A number as one fact wants it: its unit dropped, its currency converted, its bounds kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite

from .condition import Operand
from .diagnostics import Diagnostic
from .display import display_operand, is_percent
from .document import Node, Value
from .exchange import Exchange
from .facts import FactDefinition, FactType
from .fields import percentage, scalar_text
from .limits import LARGEST, limits
from .notation import amount, rewriting, shortened
from .rough import instead
from .units import named, unit_of

_POINTS = frozenset({"pp", "point", "points", "percentage point", "percentage points"})
_EXAMPLES = {
    FactType.RATE: "write it as 0.023, 2.3% or {successes: 21, trials: 130}",
    FactType.MONEY: "write it as 42000, or 42000 EUR",
    FactType.COUNT: "write a whole number",
    FactType.PP: "write percentage points as a plain number: 15",
}


_POINTED = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}(?=\s|$)")
_PURE = frozenset({"x", "index"})


@dataclass(frozen=True, slots=True)
class Measure:
    """Reads the numbers of one fact. `unit` and `currency` are those written beside the number, or empty.

    `alone` says whether a range may stand in place of the number.
    """

    definition: FactDefinition
    exchange: Exchange
    problems: list[Diagnostic]
    unit: str = ""
    currency: str = ""
    alone: bool = False

    @property
    def name(self) -> str:
        return self.definition.name

    def report(self, code: str, message: str, node: Node, hint: str = "") -> None:
        """Note a problem at a value."""
        self.problems.append(Diagnostic(code, message, node.span, hint))

    def number(self, node: Node) -> float | None:
        """The number that a value stands for in the unit of the fact; None where something is wrong, which is noted."""
        if self._reads_two_ways(node, self._is_plain()):
            return None
        read = self._written(node)
        if read is None:
            return None
        converted = self._converted(*read, node)
        return converted if converted is not None and self.is_possible(converted, node) else None

    def whole(self, node: Node, what: str) -> int | None:
        """A whole number of 0 or more; `what` names it in messages."""
        if self._reads_two_ways(node, True):
            return None
        value = node.value if isinstance(node, Value) else None
        if isinstance(value, str) and (read := amount(value)) and not read.unit:
            self.report("number-as-text", f"{shortened(value)} is a text and not a number", node, "remove the quotes")
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value != value // 1:
            self.report("not-whole", f"{what} cannot be {_quoted(node)}", node, "write a whole number, 0 or more")
            return None
        if value > LARGEST:
            self._too_large(node)
            return None
        return int(value)

    def _is_plain(self) -> bool:
        """Whether the fact counts things that come in thousands, and is no share, ratio or index."""
        return not (is_percent(self.definition) or self.definition.type is FactType.PP or self.definition.unit in _PURE)

    def _reads_two_ways(self, node: Node, counts: bool) -> bool:
        """Whether a point could part thousands as well as decimals: `18.500`; noted, since either guess would be silent."""
        found = _POINTED.match(scalar_text(node)) if counts else None
        if found is None:
            return False
        plain = f"{float(found[0]):g}"
        hint = f"write {found[0].replace('.', '')}, or {plain} if the point stands before decimals"
        self.report("two-readings", f"{_quoted(node)} can be read in two ways", node, hint)
        return True

    def _written(self, node: Node) -> tuple[float, str] | None:
        """The number and the unit beside it, as written."""
        value = node.value if isinstance(node, Value) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if abs(value) <= LARGEST:
                return float(value), ""
            if hint := rewriting(scalar_text(node)):
                self._not_a_number(node, hint)
            else:
                self._too_large(node)
            return None
        if isinstance(value, str):
            return self._from_text(value, node)
        self._not_a_number(node, "")
        return None

    def _from_text(self, text: str, node: Node) -> tuple[float, str] | None:
        if text.strip().endswith("%") and (share := percentage(text.strip())) is not None:
            if is_percent(self.definition):
                return share, "%"
            self._mismatch("%", node)
            return None
        read = amount(text)
        meant = rewriting(text) or instead(text, self.alone, self.definition.type is FactType.RATE)
        # `42k` is a number and a unit by its form, and a slip by its looks
        if read is None or (meant and self._is_foreign(read.unit)):
            self._not_a_number(node, meant)
            return None
        if not read.unit:
            self.report("number-as-text", f"{shortened(text)} is a text and not a number", node, "remove the quotes")
            return None
        if not isfinite(read.number) or abs(read.number) > LARGEST:
            self._too_large(node)
            return None
        return read.number, read.unit

    def _too_large(self, node: Node) -> None:
        self.report("out-of-range", f"{_quoted(node)} is too large to compute with", node, "give a number within 1e300")

    def _not_a_number(self, node: Node, hint: str) -> None:
        if isinstance(node, Value) and node.value is None:
            self.report("no-value", f"`{self.name}` has no value", node, "write the value, or `unknown`")
            return
        hint = hint or _EXAMPLES.get(self.definition.type, "write a number, for example 42 or -3.5")
        self.report("not-a-number", f"{_quoted(node)} is not a number", node, hint)

    def _converted(self, number: float, unit: str, node: Node) -> float | None:
        if self.definition.is_money:
            return self._money(number, unit, node)
        if unit == "%":
            return number
        if unit and self._is_foreign(unit):
            self._mismatch(unit, node)
            return None
        return number / 100 if not unit and self.unit == "%" else number

    def check_unit(self, node: Node) -> bool:
        """Whether the unit written under `unit:` is that of the fact; noted where it is not."""
        if self.definition.is_money:
            return self._own_currency(self.unit, node) is not None
        foreign = not is_percent(self.definition) if self.unit == "%" else self._is_foreign(self.unit)
        if foreign:
            self._mismatch(self.unit, node)
        return not foreign

    def _is_foreign(self, unit: str) -> bool:
        if self.definition.type is FactType.PP:
            return unit.lower() not in _POINTS
        return named(unit.lower()) != named(self.definition.unit.lower())

    def _mismatch(self, unit: str, node: Node) -> None:
        wanted = unit_of(self.definition, self.exchange.into)
        if not wanted.powers:
            hint = "write it as a plain number: 1.2 for 120%" if unit == "%" else "leave the unit out"
            if is_percent(self.definition):
                hint = "write it as a share: 0.12 or 12%"
            self.report("unit-mismatch", f"`{self.name}` has no unit, and here is {shortened(unit)}", node, hint)
            return
        counted = "pp" if self.definition.type is FactType.PP else self.definition.unit
        if self.definition.is_money:
            counted = self.exchange.own or self.exchange.into
        points = counted == "pp"
        hint = "write 15 for 15 percentage points" if points else f"convert it, and write the number in {counted}"
        self.report("unit-mismatch", f"`{self.name}` is counted in `{counted}`, not in {shortened(unit)}", node, hint)

    def _money(self, number: float, unit: str, node: Node) -> float | None:
        if unit == "%":
            self._mismatch(unit, node)
            return None
        currency = self._own_currency(unit or self.unit, node)
        if currency is None:
            return None
        factor = self.exchange.factor(currency or self.currency, node.span)
        if isinstance(factor, Diagnostic):
            self.problems.append(factor)
            return None
        return None if factor is None else number * factor

    def _own_currency(self, unit: str, node: Node) -> str | None:
        """The currency in `EUR` or `EUR/year`; None where the period is not that of the fact, which is noted."""
        currency, slash, per = (part.strip() for part in unit.replace(" per ", "/").partition("/"))
        if slash and f"/{per}" != self.definition.per:
            counted = f"per {self.definition.per[1:]}" if self.definition.per else "a plain amount"
            message = f"`{self.name}` is {counted}, not per {shortened(per)}"
            self.report("unit-mismatch", message, node, "convert it, and write the amount alone")
            return None
        return currency

    def is_possible(self, number: float, node: Node, shown: str = "") -> bool:
        """Whether a number can be a value of the fact at all; noted where it cannot, as `shown` or as the file says."""
        if abs(number) > LARGEST:
            self._too_large(node)
            return False
        low, high = limits(self.definition)
        if low <= number <= high:
            return self._is_whole(number, node)
        if self.definition.type is FactType.RATE and number > 1:
            self._above_one(number, node)
        else:
            end = f"lowest value is {self._shown(low)}" if number < low else f"highest value is {self._shown(high)}"
            message = f"`{self.name}` cannot be {f'`{shown}`' if shown else _quoted(node)}"
            self.report("out-of-range", message, node, f"its {end}")
        return False

    def _shown(self, end: float) -> str:
        return display_operand(Operand(end), self.definition, self.exchange.into)

    def _is_whole(self, number: float, node: Node) -> bool:
        if self.definition.type is FactType.COUNT and not number.is_integer():
            message = f"`{self.name}` is a count and cannot be {_quoted(node)}"
            self.report("not-whole", message, node, "write a whole number")
            return False
        return True

    def _above_one(self, number: float, node: Node) -> None:
        message = f"`{self.name}` is a rate and cannot be {_quoted(node)}"
        is_slip = not scalar_text(node).endswith("%") and self.unit != "%" and number <= 100
        hint = f"write {number / 100:.12g} or {number:.12g}%" if is_slip else "a rate lies between 0 and 1, 0% and 100%"
        self.report("rate-above-one", message, node, hint)


def _quoted(node: Node) -> str:
    """What stands there, as a message shows it."""
    if not isinstance(node, Value):
        return "a list or mapping"
    return shortened(scalar_text(node)) if scalar_text(node) else "empty"

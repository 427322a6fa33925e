"""One fact of a company file: every notation of docs/language.md, section 5."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from .converted import as_written
from .diagnostics import Diagnostic, Span, did_you_mean
from .display import is_percent
from .document import Fields, Items, Node, Value
from .exchange import Exchange
from .facts import FactDefinition, FactType, Observation, RawValue
from .fields import flag, get, scalar_text, span_of, text
from .measure import Measure
from .notation import calendar_date, calendar_month, in_the_future, not_a_date, shortened
from .statistics.month import Month
from .statistics.proportion import wilson

UNKNOWN = "unknown"
_ABOUT = ("source", "as_of", "by", "note", "proxy")
_NUMERIC = ("low", "high", "unit")
_KEYS = ("value", *_NUMERIC, "successes", "trials", "currency", *_ABOUT)
_WORDS = {"yes": True, "no": False, "true": True, "false": False}
_A = {
    FactType.NUMBER: "a number",
    FactType.COUNT: "a count",
    FactType.RATE: "a rate",
    FactType.MONEY: "an amount of money",
}


def observe(
    definition: FactDefinition, node: Node, exchange: Exchange, place: Span | None, problems: list[Diagnostic]
) -> Observation | None:
    """What a file says of one fact; None where it says `unknown`, or something wrong, which goes to `problems`.

    `place` is where the name of the fact stands.
    """
    found = _Reader(definition, exchange, problems).observation(node)
    return None if found is None else replace(as_written(found, node, definition, exchange), span=place)


def months_until(node: Node, day: date) -> Node:
    """A series by month without the months that were not over on a day; `unknown` where none was. Any other fact as it is."""
    if not isinstance(node, Fields):
        return node
    if "value" in node.fields:
        cut = months_until(node.fields["value"], day)
        return replace(node, fields={**node.fields, "value": cut})
    later = [key for key in node.fields if (month := calendar_month(key)) is not None and Month.of(month).last > day]
    if len(later) == len(node.fields):
        return Value(UNKNOWN, node.span, UNKNOWN)
    return replace(node, fields={key: value for key, value in node.fields.items() if key not in later})


def _is_unknown(node: Node) -> bool:
    return isinstance(node, Value) and node.value == UNKNOWN


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one fact. What cannot be read is None and has been noted."""

    definition: FactDefinition
    exchange: Exchange
    problems: list[Diagnostic]

    def report(self, code: str, message: str, place: Span, hint: str = "") -> None:
        self.problems.append(Diagnostic(code, message, place, hint))

    def observation(self, node: Node) -> Observation | None:
        if _is_unknown(node):
            return None
        if self.definition.type is FactType.SERIES and not self._has_value_key(node):
            values = self._series(node)
            return None if values is None else Observation(values)
        if isinstance(node, Fields):
            return self._described(node)
        return self._plain(node)

    def _has_value_key(self, node: Node) -> bool:
        return isinstance(node, Fields) and any(key in _KEYS for key in node.fields)

    def _plain(self, node: Node) -> Observation | None:
        if self.definition.type.is_numeric and isinstance(node, Items):
            return self._range(node, self._measure())
        if self.definition.type.is_numeric:
            value: RawValue | None = replace(self._measure(), alone=True).number(node)
        else:
            value = self._word(node)
        return None if value is None else Observation(value, interval_known=not self.definition.sampled)

    def _measure(self, unit: str = "", currency: str = "") -> Measure:
        return Measure(self.definition, self.exchange, self.problems, unit, currency)

    # --- facts that are objects --------------------------------------------------------------------------------

    def _described(self, node: Fields) -> Observation | None:
        before = len(self.problems)
        self._check_keys(node)
        about = self._about(node)
        found = self._counted(node) if self._has_counts(node) else self._valued(node)
        if found is None or len(self.problems) > before:
            return None
        return replace(found, source=about.source, as_of=about.as_of, by=about.by, note=about.note, proxy=about.proxy)

    def _has_counts(self, node: Fields) -> bool:
        return "successes" in node.fields or "trials" in node.fields

    def _check_keys(self, node: Fields) -> None:
        allowed = self._allowed()
        for key in node.fields:
            if key in allowed:
                continue
            if key in _KEYS:
                kind = _A.get(self.definition.type, f"a {self.definition.type}")
                message = f"`{key}` has no meaning for `{self.definition.name}`, which is {kind}"
                self.report("not-for-type", message, node.keys[key], f"delete it; allowed are {', '.join(allowed)}")
            else:
                hint = did_you_mean(key, allowed) or f"allowed are {', '.join(allowed)}"
                self.report("unknown-key", f"a fact has no key {shortened(key)}", node.keys[key], hint)

    def _allowed(self) -> tuple[str, ...]:
        counts = ("successes", "trials") if self.definition.type is FactType.RATE else ()
        currency = ("currency",) if self.definition.is_money else ()
        numeric = _NUMERIC if self.definition.type.is_numeric else ()
        return ("value", *counts, *currency, *numeric, *_ABOUT)

    def _about(self, node: Fields) -> Observation:
        """Everything beside the value."""
        proxy, note = flag(node, "proxy"), text(node, "note")
        if proxy and not note:
            message = f"`{self.definition.name}` is a proxy, and nothing says how it differs from the fact as defined"
            hint = "add a `note:` that says it"
            place = node.keys.get("proxy", node.span)
            self.problems.append(Diagnostic("proxy-unexplained", message, place, hint))
        return Observation(
            0.0, source=text(node, "source"), as_of=self._as_of(node), by=text(node, "by"), note=note, proxy=proxy
        )

    def _as_of(self, node: Fields) -> date | None:
        if get(node, "as_of") is None:
            return None
        return self._date(text(node, "as_of"), span_of(node, "as_of"), may_be_future=False)

    def _valued(self, node: Fields) -> Observation | None:
        value = get(node, "value")
        if value is None:
            hint = "add `value:`, or `successes:` and `trials:`" if "successes" in self._allowed() else "add `value:`"
            self.report("no-value", f"`{self.definition.name}` has no value", node.span, hint)
            return None
        if _is_unknown(value):
            return None
        if self.definition.type is FactType.SERIES:
            values = self._series(value, text(node, "currency"))
            return None if values is None else Observation(values)
        if not self.definition.type.is_numeric:
            return self._plain(value)
        return self._measured(node, value)

    def _measured(self, node: Fields, value: Node) -> Observation | None:
        measure = self._measure(text(node, "unit"), text(node, "currency"))
        if measure.unit and not measure.check_unit(node.fields["unit"]):
            return None
        alone = "low" not in node.fields and "high" not in node.fields
        if alone and isinstance(value, Items):
            return self._range(value, measure)
        number = replace(measure, alone=alone).number(value)
        if alone:
            return None if number is None else Observation(number, interval_known=not self.definition.sampled)
        ends = self._ends(node, measure)
        if number is None or ends is None:
            return None
        return self._within(node, number, *ends)

    def _range(self, node: Items, measure: Measure) -> Observation | None:
        """`[low, high]`: which value it is nobody told."""
        if len(node.items) != 2:
            example = "[10%, 20%]" if is_percent(self.definition) else "[10, 20]"
            hint = f"write the lowest and the highest: {example}"
            self.report("not-a-range", f"`{self.definition.name}` is one value, or a range of two", node.span, hint)
            return None
        low, high = (measure.number(item) for item in node.items)
        if low is None or high is None:
            return None
        if low > high:
            first, second = (shortened(scalar_text(item)) for item in node.items)
            self.report(
                "low-above-high", f"the range begins at {first} and ends at {second}", node.span, "exchange the two"
            )
            return None
        return Observation((low + high) / 2, low, high, ranged=low < high)

    def _ends(self, node: Fields, measure: Measure) -> tuple[float, float] | None:
        for key, other in (("low", "high"), ("high", "low")):
            if key not in node.fields:
                self.report("half-interval", f"`{other}` stands without `{key}`", node.keys[other], f"add `{key}:`")
                return None
        low, high = (measure.number(node.fields[key]) for key in ("low", "high"))
        return None if low is None or high is None else (low, high)

    def _within(self, node: Fields, number: float, low: float, high: float) -> Observation | None:
        written = {key: shortened(scalar_text(node.fields[key])) for key in ("value", "low", "high")}
        if low > high:
            message = f"`low` is {written['low']} and above `high`, which is {written['high']}"
            self.report("low-above-high", message, span_of(node, "low"), "exchange the two")
            return None
        if not low <= number <= high:
            message = f"`value` is {written['value']} and lies outside {written['low']} to {written['high']}"
            self.report("outside-interval", message, span_of(node, "value"), "correct the value or its interval")
            return None
        return Observation(number, low, high)

    # --- counts ------------------------------------------------------------------------------------------------

    def _counted(self, node: Fields) -> Observation | None:
        if self.definition.type is not FactType.RATE:
            return None
        extra = [key for key in ("value", "low", "high", "unit") if key in node.fields]
        if extra:
            message = f"`{extra[0]}` stands beside counts, from which it is computed"
            self.report("value-and-counts", message, node.keys[extra[0]], "delete it, or delete the counts")
            return None
        for key, other in (("successes", "trials"), ("trials", "successes")):
            if key not in node.fields:
                self.report("half-counts", f"`{other}` stands without `{key}`", node.keys[other], f"add `{key}:`")
                return None
        return self._rate(node)

    def _rate(self, node: Fields) -> Observation | None:
        successes, trials = (self._measure().whole(node.fields[key], f"`{key}`") for key in ("successes", "trials"))
        if successes is None or trials is None:
            return None
        if trials == 0:
            hint = f"write `{UNKNOWN}` until there is one"
            self.report("no-trials", "there is no rate of 0 trials", span_of(node, "trials"), hint)
            return None
        if successes > trials:
            message = f"there cannot be {successes:,} successes in {trials:,} trials"
            hint = "check whether the two are exchanged"
            self.report("successes-above-trials", message, span_of(node, "successes"), hint)
            return None
        share = successes / trials
        if not self._is_allowed(share, node):
            return None
        low, high = wilson(successes, trials)
        return Observation(share, low, high, successes=successes, trials=trials)

    def _is_allowed(self, share: float, node: Fields) -> bool:
        """Whether the catalogue allows the share; its interval may pass beyond, as it comes from the counts alone."""
        return self._measure().is_possible(share, node.fields["successes"], f"{100 * share:.4g}%")

    # --- facts that are not numbers ----------------------------------------------------------------------------

    def _word(self, node: Node) -> str | bool | date | None:
        if not isinstance(node, Value) or node.value is None:
            what = "has no value" if isinstance(node, Value) else "cannot be a list"
            self.report("no-value", f"`{self.definition.name}` {what}", node.span, f"write the value, or `{UNKNOWN}`")
            return None
        match self.definition.type:
            case FactType.BOOLEAN:
                return self._boolean(node)
            case FactType.DATE:
                return self._date(scalar_text(node), node.span, self.definition.future)
            case _:
                return self._category(node)

    def _boolean(self, node: Value) -> bool | None:
        if isinstance(node.value, bool):
            return node.value
        found = _WORDS.get(scalar_text(node).lower())
        if found is None:
            message = f"`{self.definition.name}` is yes or no and cannot be {shortened(scalar_text(node))}"
            self.report("not-a-boolean", message, node.span, "write true or false")
        return found

    def _category(self, node: Value) -> str | None:
        written = scalar_text(node)
        if written in self.definition.values:
            return written
        known = ", ".join(f"`{value}`" for value in self.definition.values)
        hint = did_you_mean(written.lower(), self.definition.values) or f"write one of {known}"
        self.report("not-in-category", f"`{self.definition.name}` cannot be {shortened(written)}", node.span, hint)
        return None

    def _date(self, written: str, place: Span, may_be_future: bool) -> date | None:
        day = calendar_date(written)
        if day is None:
            self.problems.append(not_a_date(written, place))
            return None
        if day > self.exchange.as_of and not may_be_future:
            self.problems.append(in_the_future(day, self.exchange.as_of, place))
            return None
        return day

    # --- series ------------------------------------------------------------------------------------------------

    def _series(self, node: Node, currency: str = "") -> tuple[float, ...] | None:
        before = len(self.problems)
        measure = self._measure(currency=currency)
        if isinstance(node, Items) and node.items:
            numbers = [measure.number(item) for item in node.items]
        elif isinstance(node, Fields) and node.fields:
            numbers = self._by_month(node, measure)
        else:
            hint = "write a list of numbers, or the months: {2026-08: 120, 2026-09: 131}"
            self.report("not-a-series", f"`{self.definition.name}` is a series of numbers", node.span, hint)
            return None
        found = tuple(number for number in numbers if number is not None)
        return found if len(self.problems) == before else None

    def _by_month(self, node: Fields, measure: Measure) -> list[float | None]:
        months: dict[date, float | None] = {}
        for key, value in node.fields.items():
            month = calendar_month(key)
            if month is None:
                message = f"{shortened(key)} is not a month"
                self.report("not-a-month", message, node.keys[key], "write it as year-month: 2026-09")
            elif month > self.exchange.as_of:
                self.problems.append(in_the_future(month, self.exchange.as_of, node.keys[key]))
            else:
                months[month] = measure.number(value)
        self._check_gaps(sorted(months), node)
        return [months[month] for month in sorted(months)]

    def _check_gaps(self, months: list[date], node: Fields) -> None:
        for before, after in pairwise(months):
            if (after.year - before.year) * 12 + after.month - before.month > 1:
                # not strftime, which writes the year 999 with three digits
                first, last = before.isoformat()[:7], after.isoformat()[:7]
                message = f"nothing is given between {first} and {last}"
                self.report("month-missing", message, node.keys[last], "give every month, 0 where nothing was")

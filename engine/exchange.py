"""Amounts of money in one currency: that of the policy set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from .diagnostics import Diagnostic, Span
from .document import Node, key_span
from .fields import as_number, get, items, scalar_text, span_of, text
from .limits import LARGEST
from .notation import calendar_date, in_the_future, not_a_date, shortened

CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one unit of each currency is worth in the currency `into`, on the evaluation date.

    `own` is the company's currency, in which amounts without one are; empty where the file names none, and None where
    what it names is no currency, which is told once and not again for each amount.
    """

    into: str
    own: str | None
    rates: Mapping[str, float]
    as_of: date
    told: tuple[str, ...] = ()
    """The rates in words: `1 EUR = 1.08 USD on 2026-10-30`."""
    own_span: Span | None = field(default=None, compare=False)
    facts_key: Span | None = field(default=None, compare=False)

    def factor(self, currency: str, place: Span | None) -> float | Diagnostic | None:
        """What an amount is multiplied by, None where a problem is told elsewhere. `currency` may be empty."""
        given = currency or self.own
        if given is None:
            return None
        if not given:
            hint = f"add a line `currency: {self.into}` with the currency of the company"
            return Diagnostic("missing-currency", "the file names no currency for its amounts", self.facts_key, hint)
        if not CODE.fullmatch(given):
            return not_a_currency(given, place)
        if given == self.into:
            return 1.0
        if given in self.rates:
            return self.rates[given]
        return self._missing(given, place if currency else self.own_span)

    def _missing(self, currency: str, place: Span | None) -> Diagnostic:
        line = f"- {{from: {currency}, to: {self.into}, rate: RATE, date: {self.as_of}}}"
        hint = f"add it under `exchange_rates:`, with the rate of that day: `{line}`"
        message = f"there is no exchange rate from {currency} to {self.into}, the currency of the policy set"
        return Diagnostic("missing-exchange-rate", message, place, hint)


def not_a_currency(written: str, place: Span | None) -> Diagnostic:
    """A problem: what stands where a currency should."""
    capital = written.upper()
    hint = f"write `{capital}`" if CODE.fullmatch(capital) else "write the code of three letters, for example EUR"
    return Diagnostic("not-a-currency", f"{shortened(written)} is not the code of a currency", place, hint)


def read_exchange(node: Node, into: str, as_of: date, problems: list[Diagnostic]) -> Exchange:
    """The currency and the rates of a company file; what is wrong with them goes to `problems`."""
    own: str | None = text(node, "currency")
    own_span = span_of(node, "currency")
    if own and not CODE.fullmatch(own):
        problems.append(not_a_currency(own, own_span))
        own = None
    rates: dict[str, float] = {}
    told: list[str] = []
    given: set[frozenset[str]] = set()
    for entry in items(node, "exchange_rates"):
        pair = (text(entry, "from"), text(entry, "to"))
        found = list(_rate_problems(entry, pair, given, as_of))
        problems += found
        given.add(frozenset(pair))
        rate = as_number(get(entry, "rate") or entry)
        if not found and rate is not None and into in pair:
            other = pair[0] if pair[1] == into else pair[1]
            rates[other] = rate if pair[1] == into else 1 / rate
            told.append(f"1 {pair[0]} = {rate:g} {pair[1]} on {text(entry, 'date')}")
    return Exchange(into, own, rates, as_of, tuple(told), own_span, _facts_key(node))


def _facts_key(node: Node) -> Span:
    """Where the facts stand; a file that only names exports has none."""
    return key_span(node, ["facts"]) if get(node, "facts") else node.span


def _rate_problems(entry: Node, pair: tuple[str, str], given: set[frozenset[str]], as_of: date) -> Iterator[Diagnostic]:
    for key, code in zip(("from", "to"), pair, strict=True):
        if not CODE.fullmatch(code):
            yield not_a_currency(code, span_of(entry, key))
    if pair[0] == pair[1]:
        yield Diagnostic("exchange-rate", f"the rate from {pair[0]} to itself is 1", entry.span, "delete the line")
    elif frozenset(pair) in given:
        message = f"there are two rates between {pair[0]} and {pair[1]}"
        yield Diagnostic("exchange-rate", message, entry.span, "keep one; the other direction follows from it")
    yield from _value_problems(entry)
    yield from _date_problems(entry, as_of)


def _value_problems(entry: Node) -> Iterator[Diagnostic]:
    node = get(entry, "rate") or entry
    rate = as_number(node)
    if rate is None or not 1 / LARGEST <= rate <= LARGEST:
        message = f"{shortened(scalar_text(node))} is not an exchange rate"
        yield Diagnostic("exchange-rate", message, node.span, "write a number above 0, for example 1.08")


def _date_problems(entry: Node, as_of: date) -> Iterator[Diagnostic]:
    node = get(entry, "date")
    if node is None:
        return
    day = calendar_date(scalar_text(node))
    if day is None:
        yield not_a_date(scalar_text(node), node.span)
    elif day > as_of:
        yield in_the_future(day, as_of, node.span)

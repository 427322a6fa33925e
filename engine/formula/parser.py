"""From the text of a formula to its tree, by recursive descent.

A *sum* joins products with + and -; a *product* joins signed operands with * and /; a *signed* operand has any number
of minus signs before it; an *operand* is a number, a fact, a `$parameter`, a sum in parentheses, or a function of sums
in parentheses. Each has a method of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite
from typing import NoReturn

from ..diagnostics import Diagnostic, PolicyError, Span, did_you_mean
from ..fields import percentage
from .tree import Call, FactRead, Formula, Function, Negation, Number, Operation, Operator, ParameterRead

MAX_TOKENS = 200
"""More is not readable, and the depth of the tree has to end somewhere."""
MAX_DEPTH = 25

_TOKEN = re.compile(
    r"""(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?%?)
      | (?P<parameter>\$[A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*)
      | (?P<symbol>[-+*/(),])
      | (?P<other>\S)""",
    re.VERBOSE | re.ASCII,
)
# the signs of arithmetic as they are printed
_PRINTED = str.maketrans({"−": "-", "×": "*", "÷": "/"})
_FUNCTIONS = "formulas know min, max, first_known and value_of"
_SIGNS = f"formulas know + - * / and parentheses; {_FUNCTIONS}"


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of the text. The end of it is a token of its own, without text."""

    kind: str
    text: str
    span: Span | None


def parse(text: str, span: Span | None = None) -> Formula:
    """The tree of a formula; `span` is the place of the text in its file. Raises PolicyError if it cannot be read."""
    return _parse(text, span)


# the same few formulas are asked for at every stage of a run
@lru_cache(maxsize=4096)
def _parse(text: str, span: Span | None) -> Formula:
    return _Parser(tuple(_tokens(text, span))).formula()


def _tokens(text: str, span: Span | None) -> Iterator[_Token]:
    for count, found in enumerate(_TOKEN.finditer(text.translate(_PRINTED)), 1):
        kind = found.lastgroup or "other"
        place = _place(text, span, found.start(), found.end())
        if count > MAX_TOKENS:
            _refuse(f"the formula has more than {MAX_TOKENS} parts", place, "split it: derive a fact from a part of it")
        if kind == "other":
            _refuse(f"`{found[0]}` has no meaning in a formula", place, _SIGNS)
        yield _Token(kind, found[0], place)
    yield _Token("end", "", _place(text, span, len(text), len(text) + 1))


def _place(text: str, span: Span | None, start: int, end: int) -> Span | None:
    """Where a part of the text stands in the file; the whole scalar where that cannot be told from its first line."""
    if span is None or not text.strip() or span.line != span.end_line:
        return span
    begins = span.text.find(text, span.column - 1)
    # before the text there can be a quote, and nothing else
    if begins not in (span.column - 1, span.column):
        return span
    return replace(span, column=begins + start + 1, end_column=begins + end + 1)


def _refuse(message: str, span: Span | None, hint: str) -> NoReturn:
    raise PolicyError([Diagnostic("formula-syntax", message, span, hint)])


def _joined(first: Span | None, last: Span | None) -> Span | None:
    return replace(first, end_line=last.end_line, end_column=last.end_column) if first and last else None


class _Parser:
    """Walks over the tokens, one grammar rule a method."""

    def __init__(self, tokens: tuple[_Token, ...]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def formula(self) -> Formula:
        if self._peek().kind == "end":
            _refuse("the formula is empty", self._peek().span, "write how the fact is computed, or delete `formula:`")
        found = self._sum()
        rest = self._peek()
        if rest.text == ")":
            _refuse("`)` closes nothing", rest.span, "delete it, or open it further left")
        if rest.text == ",":
            _refuse("`,` stands outside of a function", rest.span, "numbers are written without commas: 1200, 0.5")
        if rest.kind != "end":
            _refuse(f"a sign is missing before `{rest.text}`", rest.span, "join the two with + - * or /")
        return found

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _takes(self, *texts: str) -> bool:
        return self._peek().text in texts and self._peek().kind == "symbol"

    def _sum(self) -> Formula:
        found = self._product()
        while self._takes("+", "-"):
            operator = Operator(self._take().text)
            right = self._product()
            found = Operation(operator, found, right, _joined(found.span, right.span))
        return found

    def _product(self) -> Formula:
        found = self._signed()
        while self._takes("*", "/"):
            operator = Operator(self._take().text)
            right = self._signed()
            found = Operation(operator, found, right, _joined(found.span, right.span))
        return found

    def _signed(self) -> Formula:
        if not self._takes("-"):
            return self._operand()
        sign = self._take()
        self._deeper(sign)
        operand = self._signed()
        self._depth -= 1
        return Negation(operand, _joined(sign.span, operand.span))

    def _operand(self) -> Formula:
        token = self._peek()
        match token.kind:
            case "number":
                return self._number(self._take())
            case "parameter":
                return self._parameter(self._take())
            case "name":
                return self._name(self._take())
        if not self._takes("("):
            self._missing(token)
        opening = self._take()
        self._deeper(opening)
        found = self._sum()
        closing = self._close(opening)
        # the place of a part in parentheses includes them, so that a sum of such parts is underlined whole
        return replace(found, span=_joined(opening.span, closing.span))

    def _missing(self, token: _Token) -> NoReturn:
        before = self._tokens[self._next - 1].text if self._next else ""
        hint = "write a number, a fact, a `$parameter` or an opening parenthesis"
        if token.kind == "end":
            _refuse(f"the formula ends after `{before}`", token.span, hint)
        where = f"between `{before}` and `{token.text}`" if before else f"before `{token.text}`"
        _refuse(f"nothing stands {where}", token.span, hint)

    def _number(self, token: _Token) -> Number:
        share = percentage(token.text)
        value = float(token.text) if share is None else share
        if not isfinite(value):
            _refuse(f"`{token.text}` is too large", token.span, "write a number below 1e300")
        return Number(value, token.span)

    def _parameter(self, token: _Token) -> ParameterRead:
        if token.text == "$":
            _refuse("`$` has no name", token.span, "write the name of a parameter right after it")
        return ParameterRead(token.text[1:], token.span)

    def _name(self, token: _Token) -> Formula:
        is_function = token.text in list(Function)
        if not self._takes("("):
            if is_function:
                _refuse(f"`{token.text}` has no operands", token.span, f"write them in parentheses: {token.text}(a, b)")
            return FactRead(token.text, token.span)
        if not is_function:
            hint = did_you_mean(token.text, list(Function)) or _FUNCTIONS
            _refuse(f"there is no function `{token.text}`", token.span, hint)
        return self._call(Function(token.text), token)

    def _call(self, function: Function, name: _Token) -> Call:
        opening = self._take()
        self._deeper(opening)
        arguments = [self._sum()]
        while self._takes(","):
            self._take()
            arguments.append(self._sum())
        span = _joined(name.span, self._close(opening).span)
        if function is Function.VALUE_OF and len(arguments) != 1:
            _refuse("`value_of` takes one operand", span, "wrap each operand on its own")
        if function is not Function.VALUE_OF and len(arguments) == 1:
            _refuse(f"`{function}` takes two operands or more", span, f"name another one, or leave `{function}` out")
        return Call(function, tuple(arguments), span)

    def _deeper(self, token: _Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            message = f"the formula is nested more than {MAX_DEPTH} levels deep"
            _refuse(message, token.span, "split it: derive a fact from a part of it")

    def _close(self, opening: _Token) -> _Token:
        if not self._takes(")"):
            self._unclosed(opening)
        self._depth -= 1
        return self._take()

    def _unclosed(self, opening: _Token) -> NoReturn:
        token = self._peek()
        if token.kind == "end":
            _refuse("`(` is not closed", opening.span, "add `)`")
        hint = "join the two with + - * or /, or close `(` first"
        _refuse(f"a sign is missing before `{token.text}`", token.span, hint)

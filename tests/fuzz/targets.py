"""What every file must come through: it is read or refused, in time, and what is wrong is told in one line with a code."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import FrameType
from zlib import crc32

from engine import shipped
from engine.backends.reference import ReferenceBackend
from engine.check import check
from engine.company import read_company
from engine.diagnostics import Diagnostic, SteelyardError
from engine.document import Fields, Node, parse, plain
from engine.evaluation import evaluate
from engine.loader import load
from engine.pages import pages
from engine.policy import PolicySet, TextFile
from engine.render.diagnostics import render
from engine.schema import validate
from engine.session import DEFAULT_POLICY, open_policy
from engine.source import Overlay, Sources, gather, locate
from engine.taxonomy import read_taxonomy
from tests.fuzz.seeds import Kind

TODAY = date(2026, 10, 31)
NAME = "fuzz.yaml"
SECONDS = 5.0
"""Of processor time for one input, on a machine that may be slow; the slowest honest one takes a tenth."""
QUOTED = 5
"""Problems that are also shown with their lines, which takes longer than finding them."""


class HangError(Exception):
    """An input took longer than any input may."""


class Reached(StrEnum):
    """How far an input came: refused by the reader, the schema or the meaning, or accepted."""

    READER = "refused by the reader"
    SCHEMA = "refused by the schema"
    SHAPED = "of the right shape"
    MEANING = "refused by the meaning"
    ACCEPTED = "accepted"


@contextmanager
def deadline(seconds: float = SECONDS) -> Iterator[None]:
    """Raises HangError after so much processor time: what else the machine does, does not count."""

    def ring(_: int, __: FrameType | None) -> None:
        raise HangError(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@cache
def shipped_policy() -> PolicySet:
    """The policy set that companies are read with."""
    return open_policy(DEFAULT_POLICY, TODAY).policy


@cache
def _shipped_sources() -> Sources:
    return gather(locate(DEFAULT_POLICY, shipped.policies()), shipped.policies())


@cache
def _codes() -> frozenset[str]:
    return frozenset(pages())


def examine(kind: Kind, data: bytes, thorough: bool | None = None) -> Reached:
    """Put one input through every stage that it reaches; raises what must not be raised.

    The stages after the schema are slow: without `thorough`, the bytes themselves say whether they are worth it.
    """
    thorough = crc32(data) % 4 == 0 if thorough is None else thorough
    lines = len(data.decode("utf-8", "replace").splitlines()) + 1
    try:
        node = parse(data, NAME)
    except SteelyardError as error:
        _judge_error(error, lines)
        return Reached.READER
    problems = validate(node, kind)
    if problems:
        _judge(problems, lines)
        assert plain(node) == plain(parse(data, NAME)), "read differently the second time"
        return Reached.SCHEMA
    return _understood(kind, node, lines, thorough)


def _understood(kind: Kind, node: Node, lines: int, thorough: bool) -> Reached:
    try:
        if kind is Kind.COMPANY:
            _company(node, lines, thorough)
        elif kind is Kind.ANSWERS:
            _company(_answered(node), lines, thorough)
        elif thorough:
            _policy(kind, node, lines)
        else:
            return Reached.SHAPED
    except SteelyardError as error:
        _judge_error(error, lines)
        return Reached.MEANING
    return Reached.ACCEPTED


def _answered(node: Node) -> Node:
    """A company of which nothing is known but what was answered."""
    company = parse("company: Acme\nas_of: 2026-10-31\ncurrency: USD\nfacts: {}\n", "company.yaml")
    assert isinstance(company, Fields)
    assert isinstance(node, Fields)
    return replace(company, beside=(node,))


def _company(node: Node, lines: int, thorough: bool) -> None:
    company = read_company(node, shipped_policy(), None, TODAY)
    _judge(company.warnings, lines)
    if thorough:
        evaluation = evaluate(shipped_policy(), company, ReferenceBackend(shipped_policy()), (), ())
        _judge(evaluation.warnings, lines)
        score = evaluation.score
        assert score is None or -100 <= score <= 100, score


def _policy(kind: Kind, node: Node, lines: int) -> None:
    """The shipped set with one of its files replaced."""
    assert isinstance(node, Fields)
    sources = _shipped_sources()
    match kind:
        case Kind.TAXONOMY:
            read_taxonomy([TextFile(NAME, node.source)])
            return
        case Kind.FACTS:
            sources = replace(sources, catalogue=node)
        case Kind.INDICATOR:
            sources = replace(sources, indicators={**sources.indicators, next(iter(sources.indicators)): node})
        case _ if "extends" in node.fields:
            sources = replace(sources, layers=(Overlay(node),))
        case _:
            named = node.fields.get("indicators")
            if isinstance(named, Fields) and not named.fields.keys() <= sources.indicators.keys():
                return  # their files are looked for before anything is built, and are not there
            sources = replace(sources, policyset=node)
    loaded = load(sources)
    _judge((*loaded.warnings, *check(loaded.policy, TODAY)), lines)


def _judge_error(error: SteelyardError, lines: int) -> None:
    assert any(diagnostic.is_error for diagnostic in error.diagnostics), f"{type(error).__name__} without an error"
    _judge(error.diagnostics, lines)


def _judge(diagnostics: Sequence[Diagnostic], lines: int) -> None:
    """Each is one line of text with a code that has a page, at a place inside its file."""
    for diagnostic in diagnostics:
        assert diagnostic.code in _codes(), f"no page for `{diagnostic.code}`"
        assert diagnostic.message.strip(), f"nothing is said of `{diagnostic.code}`"
        alone = render([replace(diagnostic, span=None, hint="")])
        wanted = 1 + len(diagnostic.listed) if len(diagnostic.listed) > 1 else 1
        assert len(alone.splitlines()) == wanted, f"`{diagnostic.code}` takes several lines"
        assert "Traceback" not in alone
        span = diagnostic.span
        if span is not None and span.file == NAME:
            assert 1 <= span.line <= lines, f"`{diagnostic.code}` is told of line {span.line} of {lines}"
            assert span.line <= span.end_line, f"`{diagnostic.code}` ends before it begins"
    quoted = tuple(diagnostics)[:QUOTED]
    listed = sum(len(diagnostic.listed) for diagnostic in quoted)
    assert len(render(quoted).splitlines()) <= 4 * QUOTED + listed


FOUND = Path(__file__).with_name("found")

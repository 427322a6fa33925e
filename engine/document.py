"""Strict YAML: values that know where they stand; the only module that imports ruamel.yaml.

Documents are built from the events of the parser, so that the limits apply while the file streams by and every key and
value keeps its place. Section 11 of docs/language.md is the contract.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from .diagnostics import Diagnostic, LoadError, Span, did_you_mean
from .scalar import Scalar, resolve
from .syntax import QUOTE_IT, Complaint, explain
from .textfile import bytes_of, refuse, text_of

Plain: TypeAlias = Scalar | list["Plain"] | dict[str, "Plain"]
Steps: TypeAlias = Sequence[str | int]

MAX_DEPTH = 40
MAX_VALUES = 100_000
MAX_ALIASES = 100
REMEMBERED = 64
"""So many documents are remembered; a policy set has about ten files."""


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar. `text` is what the file says, `value` what it means by the YAML 1.2 core schema."""

    value: Scalar
    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping; `keys` holds the span of every key.

    At the top of a document, and nowhere else, `source` is the whole text that was read, and `commit` the one it was read from;
    `beside` are documents that it names and that count as part of it, `amiss` is what is wrong with those.
    """

    fields: Mapping[str, Node]
    keys: Mapping[str, Span]
    span: Span
    source: str = field(default="", compare=False, repr=False)
    commit: str = field(default="", compare=False, repr=False)
    beside: tuple[Fields, ...] = field(default=(), repr=False)
    amiss: tuple[Diagnostic, ...] = field(default=(), repr=False)


Node: TypeAlias = Value | Items | Fields


def read(path: Path, name: str | None = None) -> Node:
    """The document in a file. `name` is what messages call the file. Raises LoadError with everything that is wrong."""
    shown = str(path) if name is None else name
    return parse(bytes_of(path, shown), shown)


def parse(source: str | bytes, name: str, commit: str = "") -> Node:
    """The document in a text; `commit` is the one that the text was read from, if any. Raises LoadError with everything that is wrong.

    The same text is the same document: a command that opens several policy sets reads what they share once.
    """
    return _parse(source, name, commit)


@lru_cache(REMEMBERED)
def _parse(source: str | bytes, name: str, commit: str) -> Node:
    text = text_of(source, name)
    builder = _Builder(name, text.splitlines())
    try:
        for event in YAML(typ="safe", pure=False).parse(text):
            builder.take(event)
    except YAMLError as error:
        raise LoadError([_syntax_problem(error, name, builder.lines)]) from None
    root = builder.result()
    return replace(root, source=_as_given(source), commit=commit) if isinstance(root, Fields) else root


def _as_given(source: str | bytes) -> str:
    """A text that was read, byte order mark and line ends included: encoded again it is the same bytes."""
    return source if isinstance(source, str) else source.decode("utf-8")


def plain(node: Node) -> Plain:
    """The data alone, without places."""
    match node:
        case Value(value=value):
            return value
        case Items(items=items):
            return [plain(item) for item in items]
        case Fields(fields=fields):
            return {key: plain(child) for key, child in fields.items()}


def at(node: Node, path: Steps) -> Node:
    """The node at a path of keys and indexes. Raises LookupError where there is none."""
    for step in path:
        node = _child(node, step)
    return node


def key_span(node: Node, path: Steps) -> Span:
    """Where the key stands that a path ends in; of a list item and of the whole document, the place of the value."""
    if not path:
        return node.span
    parent = at(node, path[:-1])
    if isinstance(parent, Fields) and isinstance(path[-1], str):
        return parent.keys[path[-1]]
    return _child(parent, path[-1]).span


def _child(node: Node, step: str | int) -> Node:
    if isinstance(node, Fields) and isinstance(step, str):
        return node.fields[step]
    if isinstance(node, Items) and isinstance(step, int):
        return node.items[step]
    raise LookupError(step)


@dataclass(slots=True)
class _Anchored:
    """What an alias repeats: the node, how many values it holds, how many levels."""

    node: Node
    values: int
    levels: int


@dataclass(slots=True)
class _Open:
    """A list or mapping that has begun and not ended."""

    event: Any
    values_before: int
    levels: int = 1
    nodes: list[Node] = field(default_factory=list)  # keys and values in turn, for a mapping

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.event, MappingStartEvent)

    @property
    def awaits_key(self) -> bool:
        return self.is_mapping and len(self.nodes) % 2 == 0


class _Builder:
    """Takes events in order, counts them against the limits, and ends with a document or with every problem in it."""

    def __init__(self, name: str, lines: list[str]) -> None:
        self.name = name
        self.lines = lines
        self.problems: list[Diagnostic] = []
        self.root: Node | None = None
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._values = 0
        self._aliases = 0
        self._takers = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._begin,
            SequenceStartEvent: self._begin,
            MappingEndEvent: self._end,
            SequenceEndEvent: self._end,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document,
        }

    def take(self, event: Any) -> None:
        taker = self._takers.get(type(event))
        if taker:
            taker(event)

    def result(self) -> Node:
        if self.root is None:
            refuse("empty-file", "the file is empty", Span(self.name), "fill it in, or name another file")
        if self.problems:
            raise LoadError(self.problems)
        return self.root

    def _document(self, event: Any) -> None:
        span = self._span(event.start_mark, event.end_mark)
        if self.root is not None:
            refuse(
                "several-documents",
                "a second document begins here",
                span,
                "keep one document in a file; delete the line `---`",
            )
        if event.version not in (None, (1, 2)):
            self._problem(
                "yaml-syntax",
                "the file declares another version of YAML than 1.2",
                span,
                "delete the line that begins with `%YAML`",
            )

    def _scalar(self, event: Any) -> None:
        span = self._span(event.start_mark, event.end_mark)
        self._check_tag(event, span)
        self._count(1, 0, span)
        is_plain = event.implicit[0] and event.tag is None
        value = resolve(event.value) if is_plain else event.value
        if isinstance(value, float) and not math.isfinite(value):
            self._problem(
                "not-a-number", f"`{event.value}` is not a number", span, "give a finite number, or leave the value out"
            )
        node = Value(value, span, event.value)
        self._anchor(event, _Anchored(node, 1, 0))
        self._place(node)

    def _begin(self, event: Any) -> None:
        span = self._span(event.start_mark, event.end_mark)
        self._check_tag(event, span)
        self._count(1, 1, span)
        if event.anchor is not None:
            # inside itself the name means nothing yet: a document cannot contain itself
            self._anchors.pop(event.anchor, None)
        self._open.append(_Open(event, self._values))

    def _end(self, event: Any) -> None:
        opened = self._open.pop()
        node = self._closed(opened, self._collection_span(opened, event))
        self._anchor(opened.event, _Anchored(node, self._values - opened.values_before + 1, opened.levels))
        if self._open:
            self._open[-1].levels = max(self._open[-1].levels, opened.levels + 1)
        self._place(node)

    def _alias(self, event: Any) -> None:
        span = self._span(event.start_mark, event.end_mark)
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            refuse("too-many-aliases", f"the file has more than {MAX_ALIASES} aliases", span, "write the values out")
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            hint = did_you_mean(event.anchor, self._anchors) or "a text that begins with `*` goes in double quotes"
            self._problem("undefined-alias", f"nothing above is named `&{event.anchor}`", span, hint)
            anchored = _Anchored(Value(None, span), 1, 0)
        self._count(anchored.values, anchored.levels, span)
        if self._open:
            self._open[-1].levels = max(self._open[-1].levels, anchored.levels + 1)
        self._place(replace(anchored.node, span=span))

    def _check_tag(self, event: Any, span: Span) -> None:
        if event.tag is None:
            return
        written = str(event.tag).replace("tag:yaml.org,2002:", "!!")
        hint = f"delete it; if it belongs to a text, {QUOTE_IT}"
        place = replace(span, end_line=span.line, end_column=span.column + len(written))
        self._problem("tag-not-allowed", f"the tag `{written}` is not allowed", place, hint)

    def _count(self, values: int, levels: int, span: Span) -> None:
        if len(self._open) + levels > MAX_DEPTH:
            refuse(
                "too-deep",
                f"lists and mappings are nested more than {MAX_DEPTH} levels deep",
                span,
                "a policy needs about ten; close the brackets",
            )
        if self._open and self._open[-1].awaits_key:
            return
        self._values += values
        if self._values > MAX_VALUES:
            refuse("too-many-values", f"the file has more than {MAX_VALUES:,} values, repeated ones included", span, "")

    def _anchor(self, event: Any, anchored: _Anchored) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = anchored

    def _place(self, node: Node) -> None:
        if self._open:
            self._open[-1].nodes.append(node)
        else:
            self.root = node

    def _closed(self, opened: _Open, span: Span) -> Node:
        if not opened.is_mapping:
            return Items(tuple(opened.nodes), span)
        fields: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        for key, child in _pairs(opened.nodes):
            text = self._key_text(key)
            if text is None:
                continue
            if text in keys:
                hint = f"it is on line {keys[text].line} already; keep one of the two"
                self._problem("duplicate-key", f"the key `{text}` stands twice in one mapping", key.span, hint)
                continue
            fields[text] = child
            keys[text] = key.span
        return Fields(MappingProxyType(fields), MappingProxyType(keys), span)

    def _key_text(self, key: Node) -> str | None:
        if isinstance(key, Value) and isinstance(key.value, str):
            return key.value
        if isinstance(key, Value):
            self._problem("key-not-text", f"the key `{key.text}` is not a text", key.span, "put it in double quotes")
        else:
            self._problem(
                "key-not-text", "a list or mapping cannot be a key", key.span, f"if it is meant as a text, {QUOTE_IT}"
            )
        return None

    def _collection_span(self, opened: _Open, end: Any) -> Span:
        """A block ends with its last part; the parser puts the end where the next thing begins."""
        span = self._span(opened.event.start_mark, end.end_mark)
        if opened.event.flow_style or not opened.nodes:
            return span
        last = opened.nodes[-1].span
        return replace(span, end_line=last.end_line, end_column=last.end_column)

    def _span(self, start: Any, end: Any) -> Span:
        return Span(
            self.name, start.line + 1, start.column + 1, end.line + 1, end.column + 1, _line(self.lines, start.line)
        )

    def _problem(self, code: str, message: str, span: Span, hint: str) -> None:
        self.problems.append(Diagnostic(code, message, span, hint))


def _pairs(nodes: list[Node]) -> Iterator[tuple[Node, Node]]:
    return zip(nodes[::2], nodes[1::2], strict=True)


def _line(lines: list[str], number: int) -> str:
    return lines[number] if number < len(lines) else ""


def _syntax_problem(error: YAMLError, name: str, lines: list[str]) -> Diagnostic:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    if not isinstance(error, MarkedYAMLError) or mark is None:
        return Diagnostic("yaml-syntax", "the file cannot be read as YAML", Span(name))
    began = error.context_mark or mark
    complaint = Complaint(
        error.problem or "",
        error.context or "",
        _line(lines, mark.line),
        mark.column,
        began_with=_line(lines, began.line)[began.column : began.column + 1],
        began_above=began.line < mark.line,
    )
    explanation = explain(complaint)
    place = began if explanation.at_context else mark
    column = place.column if explanation.column is None else explanation.column
    span = Span(name, place.line + 1, column + 1, place.line + 1, column + 2, _line(lines, place.line))
    return Diagnostic("yaml-syntax", explanation.message, span, explanation.hint)

"""How columns and outcomes are called in exports for which there is no ready mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ..document import Node, read
from ..exports.canonical import TABLES
from ..exports.headers import lacking
from ..exports.request import MAPPINGS, mapping_names
from ..fields import entries, get, items, scalar_text, text

_PLACE = Path(__file__).resolve().parent / "names.yaml"
_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_BETWEEN = re.compile(r"[^\w]+|_+")
_JOINTS = (" ", "_", "-", "")


@dataclass(frozen=True, slots=True)
class Names:
    """For each table its columns with their names, the best first; what proves a table; the words of outcomes; names without proof."""

    columns: Mapping[str, Mapping[str, tuple[str, ...]]]
    proof: Mapping[str, tuple[str, ...]]
    outcomes: Mapping[str, str]
    anywhere: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready mapping: its table, the headers of each column, the pattern of its stages, and what its values mean in words."""

    name: str
    table: str
    columns: Mapping[str, tuple[str, ...]]
    stages: str
    outcomes: Mapping[str, str]

    def lacks(self, given: Mapping[str, str], with_stages: bool) -> bool:
        """Whether the table needs a column that is not given."""
        present = {*given, *(("stage", "entered") if with_stages else ())}
        return any(lacking(TABLES[self.table], present))


@cache
def names() -> Names:
    """Those of names.yaml."""
    node = read(_PLACE, _PLACE.name)
    tables = {name: MappingProxyType(_lists(table)) for name, _, table in entries(node, "columns")}
    words = {word: outcome for outcome, _, listed in entries(node, "outcomes") for word in _texts(listed)}
    return Names(
        MappingProxyType(tables),
        MappingProxyType({name: _texts(listed) for name, _, listed in entries(node, "proof")}),
        MappingProxyType(words),
        frozenset(scalar_text(one) for one in items(node, "anywhere")),
    )


@cache
def ready() -> tuple[Ready, ...]:
    """The ready mappings."""
    return tuple(_ready(name) for name in mapping_names())


def _ready(name: str) -> Ready:
    node = read(MAPPINGS / f"{name}.yaml", name)
    columns = {column: _texts(listed) for column, _, listed in entries(node, "columns")}
    values = get(node, "values")
    outcomes = {
        word.casefold(): outcome
        for outcome, _, listed in (entries(values, "outcome") if values is not None else ())
        for word in _texts(listed)
        if outcome != "otherwise"
    }
    return Ready(name, text(node, "table"), columns, text(node, "stages"), outcomes)


def _lists(node: Node) -> dict[str, tuple[str, ...]]:
    return {name: _texts(get(node, name)) for name in getattr(node, "fields", {})}


def _texts(node: Node | None) -> tuple[str, ...]:
    """A text or the texts of a list."""
    listed = getattr(node, "items", None)
    if node is None:
        return ()
    return (scalar_text(node),) if listed is None else tuple(scalar_text(one) for one in listed)


def spelled(header: str) -> str:
    """A header in small letters, its words apart: `CloseDate`, `close_date` and `Close Date` are one."""
    return " ".join(_BETWEEN.sub(" ", _HUMP.sub(" ", header.replace("\ufeff", ""))).split()).casefold()


def headers_sought() -> tuple[tuple[str, ...], ...]:
    """Every header that would be recognised, in the forms in which it may be written: a row of headers is found by them."""
    known = {name for one in ready() for headers in one.columns.values() for name in headers}
    plain = {name for table in names().columns.values() for listed in table.values() for name in listed}
    return (
        *((name,) for name in sorted(known)),
        *(tuple(joint.join(name.split()) for joint in _JOINTS) for name in sorted(plain)),
    )

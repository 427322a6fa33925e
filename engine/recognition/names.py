"""How columns and outcomes are called in exports for which there is no ready mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from unicodedata import combining, normalize

from ..document import Node, read
from ..exports.canonical import TABLES
from ..exports.headers import lacking
from ..exports.request import MAPPINGS, mapping_names
from ..fields import entries, get, items, scalar_text, text

_PLACE = Path(__file__).resolve().parent / "names.yaml"
_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_BETWEEN = re.compile(r"[^\w]+|_+")
_HELD = MappingProxyType(
    {"deals": ("deal", "opportunity"), "leads": ("lead",), "activities": ("activity", "aktivität")}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
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
    return {name: _in_ascii(_texts(get(node, name))) for name in getattr(node, "fields", {})}


def _in_ascii(listed: tuple[str, ...]) -> tuple[str, ...]:
    """The names, and after each how it is written where a system knows no umlauts and no accents."""
    return tuple(dict.fromkeys(form for name in listed for form in (name, name.translate(_UMLAUTS), _bare(name))))


def _bare(name: str) -> str:
    return "".join(c for c in normalize("NFD", name) if not combining(c))


def _texts(node: Node | None) -> tuple[str, ...]:
    """A text or the texts of a list."""
    listed = getattr(node, "items", None)
    if node is None:
        return ()
    return (scalar_text(node),) if listed is None else tuple(scalar_text(one) for one in listed)


def spelled(header: str) -> str:
    """A header in small letters, its words apart: `CloseDate`, `close_date` and `Close Date` are one."""
    composed = normalize("NFC", header.replace("\ufeff", ""))
    return " ".join(_BETWEEN.sub(" ", _HUMP.sub(" ", composed)).split()).casefold()


def spellings(header: str, table: str) -> tuple[str, ...]:
    """A header as it is listed; of one that names what its table holds, what follows as well: `Deal - Wert` is `wert`."""
    whole = spelled(header)
    first, _, rest = whole.partition(" ")
    return (whole, rest) if rest and first in _HELD.get(table, ()) else (whole,)


def headers_sought() -> tuple[tuple[str, ...], ...]:
    """Every header that would be recognised, in the forms in which it may be written: a row of headers is found by them."""
    known = {name for one in ready() for headers in one.columns.values() for name in headers}
    plain = {name for table in names().columns.values() for listed in table.values() for name in listed}
    return (
        *((name,) for name in sorted(known)),
        *(tuple(joint.join(name.split()) for joint in _JOINTS) for name in sorted(plain)),
    )

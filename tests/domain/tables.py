"""The tables of this folder: rows written by hand from the domain brief, by which the shipped policies are judged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engine.conclusion import Evaluation
from engine.document import Fields, Items, parse, plain, read
from engine.session import Session

HERE = Path(__file__).parent
TODAY = date(2026, 10, 31)
INDICATOR_FILES = tuple(sorted(path.name for path in HERE.glob("0*.yaml")))


def table(name: str) -> Any:
    """A whole file as plain data."""
    return plain(read(HERE / name, name))


COMPANIES: Mapping[str, Any] = table("companies.yaml")


@dataclass(frozen=True)
class Row:
    """One row, and where it stands."""

    place: str
    data: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def __str__(self) -> str:
        name = self.data.get("test") or self.data.get("gate") or ""
        return f"{self.place} {name} {self['says']}".replace("  ", " ")

    def get(self, key: str, default: Any = None) -> Any:
        return self.data.get(key, default)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the company: those of `like`, then `given`, then `but`."""
        base = COMPANIES[self["like"]] if "like" in self else {}
        return {**base, **self.get("given", {}), **self.get("but", {})}


def rows(*names: str) -> Iterator[Row]:
    """Every row of some files, in order."""
    for name in names:
        document = read(HERE / name, name)
        assert isinstance(document, Fields)
        listed = document.fields["rows"]
        assert isinstance(listed, Items)
        for node in listed.items:
            data = plain(node)
            assert isinstance(data, dict)
            yield Row(f"{name}:{node.span.line}", data)


def number(written: float | str) -> float:
    """An expected number, which may be written as a fraction."""
    if isinstance(written, str):
        above, _, below = written.partition("/")
        return float(above) / float(below or 1)
    return float(written)


def evaluate(session: Session, row: Row) -> Evaluation:
    """The answer for the company of a row; amounts are in dollars unless the row says otherwise."""
    document: dict[str, Any] = {"company": row["says"], "as_of": TODAY.isoformat(), "facts": row.facts}
    document["currency"] = row.get("currency", "USD")
    if "to_usd" in row:
        rate = {"from": row["currency"], "to": "USD", "rate": row["to_usd"], "date": TODAY.isoformat()}
        document["exchange_rates"] = [rate]
    return session.evaluate(session.company(parse(json.dumps(document), row.place), None, TODAY))

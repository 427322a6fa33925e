"""The reasons in the exports, coded: each different text once, with the phrase that decided."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from ..coding import Coder
from ..exports.duck import Row
from ..exports.tables import Tables
from ..taxonomy import Taxonomy
from .derived_tables import CODED

FEW_WORDS = 3
"""A text of more words than these says something, even where it begins with `other`."""
MOST_SHOWN = 10
MOST_NAMES = 1000
"""Of a column whose values are phrases, the most frequent."""
Coded: TypeAlias = tuple[str, str | None, str | None, str | None, bool]
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class CodedText:
    """A text as it stands in the exports, how many deals have it, where the first is, and what it was coded as."""

    text: str
    deals: int
    file: str
    row: int
    code: str = ""
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Coding:
    """Reasons of lost deals: how many have one, how many are coded, the most frequent texts of each kind."""

    lost: int
    filled: int
    coded: int
    texts: tuple[CodedText, ...]
    uncoded: tuple[CodedText, ...]
    uncoded_texts: int


def code_reasons(tables: Tables, taxonomy: Taxonomy) -> None:
    """Make the table `CODED` from the different texts of deals and reasons. Raises QueryError."""
    sources = _sources(tables)
    texts = tables.query(f"SELECT DISTINCT text FROM ({' UNION ALL '.join(sources)})") if sources else []
    rows = _coded((text for (text,) in texts), taxonomy, taxonomy.coder(_named(tables, taxonomy)))
    columns = list(zip(*rows, strict=True)) or [()] * 5
    names = ("text", "code", "class", "phrase", "says_something")
    types = ("VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "BOOLEAN")
    listed = ", ".join(f"unnest(CAST(? AS {kind}[])) AS {name}" for name, kind in zip(names, types, strict=True))
    tables.database.run(
        f"CREATE OR REPLACE TEMP TABLE {CODED} AS SELECT {listed}", [list(column) for column in columns]
    )


def _sources(tables: Tables) -> list[str]:
    sources = []
    if tables.has("deals", "reason"):
        sources.append("SELECT reason AS text FROM deals WHERE reason IS NOT NULL")
    if tables.has("reasons", "text"):
        sources.append("SELECT text FROM reasons WHERE text IS NOT NULL")
    return sources


def _named(tables: Tables, taxonomy: Taxonomy) -> dict[str, list[str]]:
    """The values of the columns that codes name."""
    found = {}
    for name in dict.fromkeys(column for code in taxonomy.codes.values() for column in code.also):
        table, _, column = name.partition(".")
        if tables.has(table, column):
            frequent = (
                f'SELECT "{column}" FROM {table} WHERE "{column}" IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1'
            )
            found[name] = [str(value) for (value,) in tables.query(f"{frequent} LIMIT {MOST_NAMES}")]
    return found


def _coded(texts: Iterable[str], taxonomy: Taxonomy, coder: Coder) -> list[Coded]:
    found: list[Coded] = []
    for text in texts:
        codes, words = coder.codes(text), len(_WORD.findall(text))
        first = codes[0] if codes else None
        of = taxonomy.class_of(first.code) if first else None
        if first is None or of is None or (not of.says_something and words > FEW_WORDS):
            found.append((text, None, None, None, words > 0))
        elif of.counts:
            found.append((text, first.code, of.name, first.phrase, True))
        else:
            found.append((text, None, None, f"{first.code}: {first.phrase}", of.says_something))
    return found


# --- for the reader --------------------------------------------------------------------------------------------


def coding(tables: Tables) -> Coding | None:
    """How the reasons of lost deals were coded; None where the exports have none. The tables are derived already."""
    if not _sources(tables) or "deals" not in tables.present:
        return None
    lost, filled, coded = tables.query(
        "SELECT count(*), count(*) FILTER (WHERE has_reason), count(*) FILTER (WHERE reason_class IS NOT NULL) "
        "FROM known_deals WHERE outcome = 'lost'"
    )[0]
    tables.database.run(
        f"CREATE OR REPLACE TEMP TABLE reason_texts AS SELECT g.*, c.code, c.phrase "
        f'FROM (SELECT text, count(DISTINCT deal) AS deals, min(row(file, "row")) AS place FROM ({_places(tables)}) GROUP BY text) AS g '
        f"JOIN {CODED} AS c USING (text)"
    )
    shown = "SELECT text, deals, place[1], place[2], code, phrase FROM reason_texts WHERE code IS {} NULL"
    most = f"ORDER BY deals DESC, text LIMIT {MOST_SHOWN}"
    texts, rest = (tables.query(f"{shown.format(word)} {most}") for word in ("NOT", ""))
    [(rest_texts,)] = tables.query("SELECT count(*) FROM reason_texts WHERE code IS NULL")
    return Coding(lost, filled, coded, tuple(map(_text, texts)), tuple(map(_text, rest)), rest_texts)


def _places(tables: Tables) -> str:
    """The reasons of lost deals with their places."""
    sources = []
    if tables.has("deals", "reason"):
        own = 'SELECT id AS deal, reason AS text, file, "row" FROM known_deals'
        sources.append(f"{own} WHERE outcome = 'lost' AND reason IS NOT NULL")
    if tables.has("reasons", "text"):
        others = 'SELECT r.deal_id AS deal, r.text, r.file, r."row" FROM reasons AS r JOIN known_deals AS d ON d.id = r.deal_id'
        sources.append(f"{others} WHERE d.outcome = 'lost' AND r.text IS NOT NULL")
    return " UNION ALL ".join(sources)


def _text(row: Row) -> CodedText:
    text, deals, file, number, code, phrase = row
    return CodedText(text, deals, file, number, code or "", phrase or "")

"""The SQL that turns the text of a cell into a value; NULL where the text is none. `raw` is an expression of trimmed text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..diagnostics import Span
from .canonical import Column, Kind
from .dates import CAST, CAST_WITH_ZONE
from .duck import literal
from .numbers import COMMA, GROUPING, Numbers
from .request import Words

_OFFSET = r"[+-]\d\d(:?\d\d)?$"
_YES = ("true", "t", "yes", "y", "1")
_NO = ("false", "f", "no", "n", "0")
NO_COMPETITOR = ("none", "no competitor", "no competitors")
"""Words that say that there is no competitor, where the mapping says no others."""
_NOWHERE = Span("")


def instant(raw: str, formats: Iterable[str]) -> str:
    """A TIMESTAMP between the years 1900 and 2200, UTC where the text has an offset."""
    given = tuple(formats)
    parts = [_iso(raw)] if CAST in given else []
    if CAST_WITH_ZONE in given:
        parts.append(f"make_timestamp(epoch_us(try_cast({raw} AS TIMESTAMPTZ)))")
    if others := [form for form in given if form not in (CAST, CAST_WITH_ZONE)]:
        parts.append(f"try_strptime({raw}, [{', '.join(map(literal, others))}])")
    value = f"coalesce({', '.join(parts)})" if len(parts) > 1 else (parts[0] if parts else "CAST(NULL AS TIMESTAMP)")
    return f"within_years({value})"


def _iso(raw: str) -> str:
    """The database would overlook an offset."""
    return f"CASE WHEN length({raw}) >= 19 AND regexp_matches({raw}, '{_OFFSET}') THEN NULL ELSE try_cast({raw} AS TIMESTAMP) END"


def month(raw: str, formats: Iterable[str]) -> str:
    """The first day of the month, a DATE."""
    return f"CAST(date_trunc('month', {instant(raw, formats)}) AS DATE)"


def number(raw: str, shown: Numbers, decimal: str) -> str:
    """A finite DOUBLE; a percentage is a share of 1."""
    if shown.plain and decimal != COMMA:
        return f"finite(try_cast({raw} AS DOUBLE))"
    text = f"replace({raw}, '−', '-')"
    if shown.currencies:
        tokens = "|".join(sorted((token.replace("$", r"\$") for token in shown.currencies), key=len, reverse=True))
        text = f"regexp_replace(lower({text}), {literal(tokens)}, '', 'g')"
    group = "." if decimal == COMMA else ","
    text = f"translate({text}, {literal(group + GROUPING)}, '')"
    if decimal == COMMA:
        text = f"replace({text}, ',', '.')"
    value = f"try_cast(trim(translate({text}, '()%', '')) AS DOUBLE)"
    value = f"CASE WHEN {raw} LIKE '%(%)%' THEN -abs({value}) WHEN {raw} LIKE '%\\%%' ESCAPE '\\' THEN {value} / 100 ELSE {value} END"
    return f"finite({value})"


def count(raw: str, shown: Numbers, decimal: str) -> str:
    """A whole BIGINT of 0 or more."""
    return f"whole({number(raw, shown, decimal)})"


def currency(raw: str, shown: Numbers) -> str:
    """What stands beside an amount, in small letters."""
    tokens = "|".join(sorted((token.replace("$", r"\$") for token in shown.currencies), key=len, reverse=True))
    return f"nullif(regexp_extract(lower({raw}), {literal(tokens)}), '')"


def flag(raw: str, words: Words | None) -> str:
    """A BOOLEAN."""
    meaning = dict.fromkeys(_YES, "yes") | dict.fromkeys(_NO, "no") if words is None else words.meaning
    return f"CAST({chosen(raw, meaning, words.otherwise if words else '')} = 'yes' AS BOOLEAN)"


def word(raw: str, column: Column, words: Words | None) -> str:
    """One of the words of a column."""
    meaning = {one: one for one in column.words} if words is None else words.meaning
    return chosen(raw, meaning, words.otherwise if words else "")


def text(raw: str, words: Words | None) -> str:
    """A text; what the mapping renames has its new name."""
    if words is None:
        return raw
    cases = _cases(raw, words.meaning)
    return f"CASE {cases} ELSE {literal(words.otherwise) if words.otherwise else raw} END" if cases else raw


def competitor(raw: str, words: Words | None) -> str:
    """The name of a competitor; NULL for a word that says there is none."""
    meaning = dict.fromkeys(NO_COMPETITOR, "none") if words is None else words.meaning
    otherwise = words.otherwise if words else ""
    return f"nullif({text(raw, Words(meaning, otherwise, _NOWHERE))}, 'none')"


def chosen(raw: str, meaning: Mapping[str, str], otherwise: str) -> str:
    """What a text means; `otherwise` for any other text, NULL where that is empty."""
    rest = f"WHEN {raw} IS NOT NULL THEN {literal(otherwise)}" if otherwise else ""
    return f"CASE {_cases(raw, meaning)} {rest} ELSE NULL END" if meaning or rest else "CAST(NULL AS VARCHAR)"


def one_of(raw: str, values: Iterable[str]) -> str:
    """Whether a text is one of some, in small letters; never NULL."""
    return f"coalesce(lower({raw}) IN ({', '.join(literal(value.strip().lower()) for value in values)}), false)"


def _cases(raw: str, meaning: Mapping[str, str]) -> str:
    grouped: dict[str, list[str]] = {}
    for written, target in meaning.items():
        grouped.setdefault(target, []).append(literal(written))
    return " ".join(
        f"WHEN lower({raw}) IN ({', '.join(written)}) THEN {literal(target)}" for target, written in grouped.items()
    )


MACROS = (
    "CREATE MACRO within_years(v) AS CASE WHEN v >= TIMESTAMP '1900-01-01' AND v < TIMESTAMP '2200-01-01' THEN v END",
    "CREATE MACRO finite(v) AS CASE WHEN isfinite(v) AND abs(v) <= 1e300 THEN v END",
    "CREATE MACRO whole(v) AS CASE WHEN v >= 0 AND v < 9e15 AND v = floor(v) THEN CAST(v AS BIGINT) END",
)
"""What the expressions use."""


def default(column: Column) -> str:
    """NULL in the type of a column."""
    return f"CAST(NULL AS {column.kind.sql})"


def constant(column: Column, value: str) -> str:
    """A value that all rows have."""
    return ("true" if value == "yes" else "false") if column.kind is Kind.FLAG else literal(value)

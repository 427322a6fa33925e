"""The SQL that turns the text of a cell into a value; NULL where the text is none. `raw` is an expression of trimmed text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..diagnostics import Span
from .canonical import Column, Kind
from .dates import CAST, CAST_WITH_ZONE
from .duck import literal
from .numbers import COMMA, GROUPING, Numbers
from .request import Words

_OFFSET = r"[+-]\d\d(:?\d\d)?$"
_YES = ("true", "t", "yes", "y", "1")
_NO = ("false", "f", "no", "n", "0")
_NONE = ("none", "no competitor", "no competitors")
_NOWHERE = Span("")
_FLAG = Words(dict.fromkeys(_YES, "yes") | dict.fromkeys(_NO, "no"), "", {}, _NOWHERE)
_NO_COMPETITOR = Words(dict.fromkeys(_NONE, "none"), "", {}, _NOWHERE)
"""What is meant where the mapping says nothing."""


def instant(raw: str, formats: Iterable[str]) -> str:
    """A TIMESTAMP between the years 1900 and 2200, UTC where the text has an offset."""
    given = tuple(formats)
    parts = [_iso(raw)] if CAST in given else []
    if CAST_WITH_ZONE in given:
        parts.append(f"CASE WHEN {raw} < ':' THEN make_timestamp(epoch_us(try_cast({raw} AS TIMESTAMPTZ))) END")
    if others := [form for form in given if form not in (CAST, CAST_WITH_ZONE)]:
        listed = ", ".join(map(literal, others))
        parts.append(f"CASE WHEN lower({raw}) <> 'epoch' THEN try_strptime({raw}, [{listed}]) END")
    # each by itself: to the first of them 03-02-26 is a day of the year 3, to the last of the year 2026
    parts = [f"within_years({part})" for part in parts]
    return f"coalesce({', '.join(parts)})" if len(parts) > 1 else (parts[0] if parts else "CAST(NULL AS TIMESTAMP)")


def _iso(raw: str) -> str:
    """The database would overlook an offset, and knows words such as `epoch`."""
    other = f"{raw} >= ':' OR (length({raw}) >= 19 AND regexp_matches({raw}, '{_OFFSET}'))"
    return f"CASE WHEN {other} THEN NULL ELSE try_cast({raw} AS TIMESTAMP) END"


def month(raw: str, formats: Iterable[str]) -> str:
    """The first day of the month, a DATE."""
    return f"CAST(date_trunc('month', {instant(raw, formats)}) AS DATE)"


def number(raw: str, shown: Numbers, decimal: str) -> str:
    """A finite DOUBLE; a percentage is a share of 1. Groups have three digits, so that a date is no number."""
    if shown.plain and decimal != COMMA:
        return f"finite(CASE WHEN NOT contains({raw}, '_') THEN try_cast({raw} AS DOUBLE) END)"
    text = f"replace(lower({raw}), '−', '-')"
    if shown.currencies:
        text = f"regexp_replace({text}, {literal(_tokens(shown))}, '', 'g')"
    text = f"trim(translate({text}, '()%', ''))"
    group = "[" + ("." if decimal == COMMA else ",") + GROUPING + "]"
    pattern = rf"[-+]? ?(\d{{1,3}}({group}\d{{3}})+|\d*)([{decimal}]\d*)?(e[-+]?\d+)?"
    digits = f"replace(translate({text}, {literal(group[1:-1])}, ''), ',', '.')"
    value = f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) THEN try_cast({digits} AS DOUBLE) END"
    cases = (
        f"WHEN {raw} LIKE '%(%)%' THEN -abs({value})",
        f"WHEN contains({raw}, '(') OR contains({raw}, ')') THEN NULL",
        f"WHEN contains({raw}, '%') THEN ({value}) / 100",
    )
    return f"finite(CASE {' '.join(cases)} ELSE {value} END)"


def _tokens(shown: Numbers) -> str:
    """A pattern of the currencies that stand beside the numbers, the longest first."""
    return "|".join(sorted((token.replace("$", r"\$") for token in shown.currencies), key=len, reverse=True))


def count(raw: str, shown: Numbers, decimal: str) -> str:
    """A whole BIGINT of 0 or more."""
    return f"whole({number(raw, shown, decimal)})"


def currency(raw: str, shown: Numbers) -> str:
    """What stands beside an amount, in small letters."""
    return f"nullif(regexp_extract(lower({raw}), {literal(_tokens(shown))}), '')"


def flag(raw: str, words: Words | None) -> str:
    """A BOOLEAN."""
    return f"CAST({_chosen(raw, words or _FLAG)} = 'yes' AS BOOLEAN)"


def word(raw: str, column: Column, words: Words | None) -> str:
    """One of the words of a column."""
    return _chosen(raw, words or _spelled({one: one for one in column.words}))


def text(raw: str, words: Words | None) -> str:
    """A text; what the mapping renames has its new name."""
    if words is None:
        return raw
    cases = _cases(raw, words)
    return f"CASE {cases} ELSE {literal(words.otherwise) if words.otherwise else raw} END" if cases else raw


def competitor(raw: str, words: Words | None) -> str:
    """The name of a competitor; NULL for a word that says there is none."""
    return f"nullif({text(raw, words or _NO_COMPETITOR)}, 'none')"


def _spelled(written: Mapping[str, str], otherwise: str = "") -> Words:
    return Words({text.lower(): target for text, target in written.items()}, otherwise, written, _NOWHERE)


def _chosen(raw: str, words: Words) -> str:
    """What a text means; NULL where nothing says it."""
    rest = f"WHEN {raw} IS NOT NULL THEN {literal(words.otherwise)}" if words.otherwise else ""
    cases = _cases(raw, words)
    return f"CASE {cases} {rest} ELSE NULL END" if cases or rest else "CAST(NULL AS VARCHAR)"


def one_of(raw: str, values: Iterable[str]) -> str:
    """Whether a text is one of some, in small letters; never NULL."""
    return f"coalesce(lower({raw}) IN ({', '.join(literal(value.strip().lower()) for value in values)}), false)"


def _cases(raw: str, words: Words) -> str:
    """First the texts as they were written, which most are; then in small letters."""
    return " ".join((*_branches(raw, words.written), *_branches(f"lower({raw})", words.meaning)))


def _branches(of: str, meaning: Mapping[str, str]) -> Iterator[str]:
    grouped: dict[str, list[str]] = {}
    for written, target in meaning.items():
        grouped.setdefault(target, []).append(literal(written))
    return (f"WHEN {of} IN ({', '.join(texts)}) THEN {literal(target)}" for target, texts in grouped.items())


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

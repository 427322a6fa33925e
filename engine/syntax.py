"""What a complaint of the YAML parser means to somebody who does not know YAML.

The parser says what it expected; most of the time the reason is one of a few slips, a text that should be in quotes
before all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

QUOTE_IT = "put the text in double quotes"

# a key, a colon and the beginning of a text that is not in quotes
_COLON_IN_TEXT = re.compile(r":\s+[^\s\"'{\[|>#&*][^\"]*$")
_MARK_BEFORE = re.compile(r"([{\[])[^{}\[\],:]*[}\]]\s*$|\s(\*)\S+\s*$")
# characters of the line that are looked at: some lines are as long as a file can be
_LOOK_BACK = 400
_QUOTED_BEFORE = re.compile(r"[\"']\s*$")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the parser said, the line where it stopped, and the column there, counted from 0.

    `began_with` and `began_above` tell of the place where what it was reading began: the character there, and whether
    it is on a line further up.
    """

    problem: str
    context: str
    line: str
    column: int
    began_with: str = ""
    began_above: bool = False

    @property
    def before(self) -> str:
        return self.line[max(0, self.column - _LOOK_BACK) : self.column]

    @property
    def character(self) -> str:
        return self.line[self.column : self.column + 1]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What to say, and where if not where the parser gave up.

    `at_context`: where what it was reading began. `column`: elsewhere in the line, counted from 0.
    """

    message: str
    hint: str
    at_context: bool = False
    column: int | None = None


def explain(complaint: Complaint) -> Explanation:
    """The first of the known slips that fits, else the parser's own words."""
    for recognise in _SLIPS:
        found = recognise(complaint)
        if found:
            return found
    return Explanation("this cannot be read as YAML", "compare it with the lines around it, or with a shipped file")


def _tab(c: Complaint) -> Explanation | None:
    if not c.line.lstrip(" ").startswith("\t"):
        return None
    return Explanation("a tab is used to indent", "indent with spaces")


def _colon_in_text(c: Complaint) -> Explanation | None:
    in_block = "mapping values are not allowed" in c.problem
    in_flow = c.context.startswith("while parsing a flow") and c.character == ":" and not c.began_above
    if "found unexpected ':'" in c.problem:
        return Explanation("a text that contains `:` is not in quotes", QUOTE_IT)
    if not (in_block or in_flow):
        return None
    if in_flow:
        return Explanation(
            "a text that contains `: ` is not in quotes, or a comma is missing before it",
            f"{QUOTE_IT}, or put the comma",
        )
    if _COLON_IN_TEXT.search(c.before):
        return Explanation("a text that contains `: ` is not in quotes", QUOTE_IT)
    return _bad_indent()


def _mark_begins_text(c: Complaint) -> Explanation | None:
    opened = _MARK_BEFORE.search(c.before)
    if not opened or not c.character or c.character in "}]:,":
        return None
    mark = opened[1] or opened[2]
    column = c.column - len(c.before) + opened.start(opened.lastindex or 0)
    return Explanation(f"a text that begins with `{mark}` is not in quotes", QUOTE_IT, column=column)


def _text_after_quote(c: Complaint) -> Explanation | None:
    if c.problem != "did not find expected key" or not _QUOTED_BEFORE.search(c.before):
        return None
    return Explanation(
        "text follows the closing quote",
        'put the whole text in double quotes; inside it write `\\"` for a double quote',
    )


def _forbidden_start(c: Complaint) -> Explanation | None:
    if "cannot start any token" in c.problem or c.problem == "did not find expected node content":
        return _cannot_begin(c.character) if c.character else None
    if c.context in ("while scanning an alias", "while scanning an anchor", "while scanning a block scalar"):
        return replace(_cannot_begin(c.began_with), at_context=True)
    return None


def _cannot_begin(character: str) -> Explanation:
    shown = "a backtick" if character == "`" else f"`{character}`"
    return Explanation(f"a text cannot begin with {shown}", QUOTE_IT)


def _open_quote(c: Complaint) -> Explanation | None:
    if "quoted scalar" not in c.context or "escape" in c.problem:
        return None
    return Explanation(
        "the quoted text that begins here has no closing quote", "put a closing quote at its end", at_context=True
    )


def _bad_escape(c: Complaint) -> Explanation | None:
    if "escape" not in c.problem:
        return None
    return Explanation("unknown use of `\\` in double quotes", "write `\\\\` for a backslash")


def _open_bracket(c: Complaint) -> Explanation | None:
    wanted = re.search(r"',' or '([}\]])'", c.problem)
    if not wanted:
        return None
    opening = "{" if wanted[1] == "}" else "["
    hint = f"separate its parts with commas and close it with `{wanted[1]}`"
    return Explanation(
        f"the `{opening}` that begins here is not closed, or a comma is missing in it", hint, at_context=True
    )


def _no_colon(c: Complaint) -> Explanation | None:
    if "could not find expected ':'" not in c.problem:
        return None
    return Explanation(
        "expected `key: value` here",
        "put a space after the colon of a key and after the `-` of a list item",
        at_context=True,
    )


def _list_beside_key(c: Complaint) -> Explanation | None:
    if "block sequence entries are not allowed" not in c.problem:
        return None
    return Explanation(
        "a list cannot begin on the line of its key",
        "begin the list on the next line, or put the text in double quotes",
    )


def _indentation(c: Complaint) -> Explanation | None:
    if "did not find expected key" in c.problem or "'-' indicator" in c.problem:
        return _bad_indent()
    return None


def _bad_indent() -> Explanation:
    return Explanation(
        "this line does not fit the indentation of the lines above",
        "line it up with the lines it belongs to; indent with spaces",
    )


_SLIPS: tuple[Callable[[Complaint], Explanation | None], ...] = (
    _tab,
    _colon_in_text,
    _mark_begins_text,
    _text_after_quote,
    _open_quote,
    _bad_escape,
    _forbidden_start,
    _open_bracket,
    _no_colon,
    _list_beside_key,
    _indentation,
)

"""The canonical form of a text, and the proof that it is the same document."""

from __future__ import annotations

from ..diagnostics import Diagnostic, LoadError, Span
from ..document import Fields, Node, parse
from ..shipped import has_schema
from ..textfile import refuse, text_of
from .order import arranged
from .printing import printed
from .proof import same_comments, same_data, same_places
from .reading import tree_of
from .tree import Tree, has_anchors

_KINDS = {
    "policyset": "policyset",
    "indicator": "indicator",
    "company": "company",
    "scenarios": "scenario",
    "codes": "taxonomy",
    "answers": "answers",
}
"""The schema of a file, by the key that gives it away."""
_SEPARATORS = ("\x85", "\u2028", "\u2029")


def formatted(data: bytes, name: str) -> str:
    """The canonical form of a file that is read as `name`.

    Raises LoadError where it cannot be read, or where the form could not be proved to be the same document.
    """
    text = text_of(data, name).replace("\r\n", "\n").replace("\r", "\n")
    for separator in _SEPARATORS:
        if separator in text:
            _refuse_separator(text, separator, name)
    root = parse(text, name)
    tree = _arranged(text, root)
    result = printed(tree)
    if result == text:
        return result
    _prove(name, (text, root), tree, result)
    return result


def kind_of(node: Node) -> str | None:
    """The schema of a file by its keys; None where it is not one of ours."""
    keys = node.fields if isinstance(node, Fields) else {}
    kind = next((kind for key, kind in _KINDS.items() if key in keys), "facts" if set(keys) == {"facts"} else "")
    return kind if has_schema(kind) else None


def _arranged(text: str, root: Node) -> Tree:
    """The tree in canonical order. Where a value is repeated by its name it stays as it is: a name must come before its use."""
    tree, kind = tree_of(text, root), kind_of(root)
    named = ("&" in text or "*" in text) and has_anchors(tree)
    return tree if kind is None or named else arranged(tree, kind)


def _prove(name: str, original: tuple[str, Node], tree: Tree, result: str) -> None:
    text, root = original
    try:
        found = parse(result, name)
    except LoadError:
        _refuse(name, "it cannot be read any more")
    if not same_data(root, found):
        _refuse(name, "its data would change")
    again = _arranged(result, found)
    if not (same_comments(text, root, result, found) and same_places(tree, again)):
        _refuse(name, "a comment or a key would stand elsewhere")
    if printed(again) != result:
        _refuse(name, "formatting it again would change it again")


def _refuse(name: str, reason: str) -> None:
    hint = "it is left as it was; please send it in"
    raise LoadError(
        [Diagnostic("cannot-format", f"the canonical form is not the same document: {reason}", Span(name), hint)]
    )


def _refuse_separator(text: str, separator: str, name: str) -> None:
    before = text[: text.index(separator)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    shown = f"U+{ord(separator):04X}"
    place = Span(name, line, column, line, column + 1, text.splitlines()[line - 1])
    refuse(
        "cannot-format",
        f"the file contains the line separator {shown}",
        place,
        "write a usual line end, or `\\u2028` in double quotes",
    )

"""The proof that a formatted text is the same document: the same data, the same comments at the same keys, nothing left to do."""

from __future__ import annotations

from collections import Counter

from ..document import Fields, Items, Node, Value
from .places import comments_of
from .tree import Note, Tree, notes, paths


def same_data(some: Node, other: Node) -> bool:
    """Whether two documents hold the same values of the same types, lists in the same order; mappings in any."""
    match some, other:
        case Value(value=value), Value(value=found):
            return type(value) is type(found) and value == found
        case Items(items=items), Items(items=others):
            return len(items) == len(others) and all(map(same_data, items, others))
        case Fields(fields=fields), Fields(fields=others_by_key):
            return fields.keys() == others_by_key.keys() and all(
                same_data(child, others_by_key[key]) for key, child in fields.items()
            )
    return False


def same_comments(text: str, root: Node, result: str, formatted: Node) -> bool:
    """Whether two texts have the same comments, each as often; found without the tree."""
    return Counter(comments_of(text, root)) == Counter(comments_of(result, formatted))


def same_places(meant: Tree, found: Tree) -> bool:
    """Whether two trees have the same keys in the same order, and the same comments, anchors and aliases at each of them."""
    return list(paths(meant)) == list(paths(found)) and _by_path(meant) == _by_path(found)


def _by_path(tree: Tree) -> list[Note]:
    """The notes by path; sorting is stable, so those of one path keep their order."""
    return sorted(notes(tree), key=lambda note: repr(note.path))

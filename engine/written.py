"""Values as files write them: in one line of YAML, and compared by what they mean."""

from __future__ import annotations

import re

from .document import Fields, Items, Node, Value
from .fields import as_number, scalar_text
from .scalar import resolve

_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]([^,\[\]{}:#]|:(?=\S))*")


def written(node: Node) -> str:
    """A value in one line, as a layer could write it; a text by itself without quotes."""
    match node:
        case Value():
            return scalar_text(node)
        case Items(items=items):
            return f"[{', '.join(map(_inside, items))}]"
        case Fields(fields=fields):
            return f"{{{', '.join(f'{key}: {_inside(child)}' for key, child in fields.items())}}}"


def _inside(node: Node) -> str:
    """A value inside brackets, where a text may need quotes."""
    if not isinstance(node, Value) or not isinstance(node.value, str):
        return written(node) or "null"
    text = node.value
    if _PLAIN.fullmatch(text) and isinstance(resolve(text), str) and text == text.strip():
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def same(one: Node, other: Node) -> bool:
    """Whether two values mean the same: 0.5 and 50%, keys in any order."""
    match one, other:
        case Value(), Value():
            left, right = as_number(one), as_number(other)
            if left is not None or right is not None:
                return left == right
            return type(one.value) is type(other.value) and one.value == other.value
        case Items(items=left_items), Items(items=right_items):
            pairs = zip(left_items, right_items, strict=False)
            return len(left_items) == len(right_items) and all(same(a, b) for a, b in pairs)
        case Fields(fields=left_fields), Fields(fields=right_fields):
            return left_fields.keys() == right_fields.keys() and all(
                same(child, right_fields[key]) for key, child in left_fields.items()
            )
    return False

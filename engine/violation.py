"""What a violation of a schema means to somebody who does not know JSON Schema, and what to do about it.

Schemas help with keywords of their own: `x-name` (what a value should be, "a date"), `x-hint` (what to do), and by
failing keyword `x-messages` and `x-hints`; `x-code` (of a wrong form); `x-elsewhere` names keys that belong to another
kind of mapping, `x-also` keys that would make this one of another kind.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .diagnostics import Diagnostic, Span, did_you_mean
from .document import Fields, Items, Node, Value, at, key_span
from .nearest import nearest
from .scalar import resolve
from .syntax import QUOTE_IT

_LONGEST = 60
_LONGEST_EXAMPLE = 100
_WORDS = {
    "number": "a number",
    "integer": "a whole number",
    "string": "a text",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_TRUTHS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


@dataclass(frozen=True, slots=True)
class Violation:
    """One failing keyword: where in the document, the keyword and its value, the schema it stands in, what was found.

    `about_key` where `found` is a key of the mapping at `path`, not a value.
    """

    path: tuple[str | int, ...]
    keyword: str
    wanted: Any
    schema: Mapping[str, Any]
    found: Any
    about_key: bool = False

    @property
    def message(self) -> str:
        """What the schema itself says when this keyword fails."""
        return str(self.schema.get("x-messages", {}).get(self.keyword, ""))

    @property
    def hint(self) -> str:
        """What the schema says to do, for this keyword or for all."""
        return self.hint_for_keyword or str(self.schema.get("x-hint", ""))

    @property
    def hint_for_keyword(self) -> str:
        """What the schema says to do when this keyword fails."""
        return str(self.schema.get("x-hints", {}).get(self.keyword, ""))


def problems(root: Node, violations: Iterable[Violation]) -> Iterator[Diagnostic]:
    """Each violation as a problem of the document, one of a kind for each mapping."""
    violations = tuple(violations)
    if mistaken := _mistaken_kind(root, violations):
        yield mistaken
        return
    by_path: dict[tuple[str | int, ...], list[Violation]] = defaultdict(list)
    for violation in violations:
        by_path[violation.path].append(violation)
    for path, here in by_path.items():
        node = at(root, path)
        yield from _at_one_place(node, _place(node, key_span(root, path)), here)


def _mistaken_kind(root: Node, violations: Iterable[Violation]) -> Diagnostic | None:
    """The misspelt key that would have made the document another kind; everything else wrong follows from it."""
    for violation in violations:
        others = violation.schema.get("x-also", ())
        if violation.keyword == "additionalProperties" and others and isinstance(root, Fields):
            return next((stray.told for stray in _stray_keys(root, violation) if stray.meant in others), None)
    return None


def _place(node: Node, key: Span) -> Span:
    """The key that a mapping stands under; where it stands under none, its own first key and not its many lines."""
    if isinstance(node, Fields) and key.end_line > key.line:
        return next(iter(node.keys.values()), key)
    return key


def _at_one_place(node: Node, key: Span, here: Sequence[Violation]) -> Iterator[Diagnostic]:
    meant: set[str] = set()
    missing: list[Diagnostic] = []
    for violation in here:
        if violation.keyword == "additionalProperties" and isinstance(node, Fields):
            for stray in _stray_keys(node, violation):
                meant.add(stray.meant)
                yield stray.told
    if isinstance(node, Fields):
        missing = list(_missing_keys(node, key, here, meant))
        yield from missing
        yield from (_bad_key(node, violation) for violation in here if violation.about_key)
    others = [v for v in here if v.keyword not in _ABOUT_KEYS and not v.about_key]
    if others and not ((meant or missing) and all(v.keyword in _COUNTED for v in others)):
        yield _problem(node, key, others[0])


_MISSING = ("required", "dependentRequired")
_ABOUT_KEYS = ("additionalProperties", *_MISSING)
# told already where a key is missing; and a key that is not known may be the very one that is counted
_COUNTED = ("minProperties", "maxProperties", "anyOf")


@dataclass(frozen=True, slots=True)
class _Stray:
    """A key that does not belong where it stands, and the key that was meant, as far as one can guess."""

    told: Diagnostic
    meant: str = ""


def _stray_keys(node: Fields, violation: Violation) -> Iterator[_Stray]:
    known = [*violation.schema.get("properties", {}), *violation.schema.get("x-also", ())]
    patterns = list(violation.schema.get("patternProperties", ()))
    for key in node.fields:
        if key not in known and not any(re.search(pattern, key) for pattern in patterns):
            yield _stray(node, key, violation, known)


def _stray(node: Fields, key: str, violation: Violation, known: Sequence[str]) -> _Stray:
    if key in violation.schema.get("x-elsewhere", ()):
        message = f"`{key}` does not belong here"
        return _Stray(Diagnostic("unknown-key", message, node.keys[key], violation.hint_for_keyword))
    meant = _nearest(key, known)
    hint = f"did you mean `{meant}`?" if meant else _unknown_key_hint(node.fields[key], violation, known)
    return _Stray(Diagnostic("unknown-key", f"unknown key `{_short(key)}`", node.keys[key], hint), meant)


def _nearest(key: str, known: Sequence[str]) -> str:
    """The known key that was meant: the same in another spelling, or one that looks like it."""
    same = next((k for k in known if k == key.lower().replace("-", "_")), "")
    return same or nearest(key, known)


def _unknown_key_hint(child: Node, violation: Violation, known: Sequence[str]) -> str:
    if _is_nothing(child):
        return f"if it belongs to the text before the comma, {QUOTE_IT}"
    return violation.hint_for_keyword or f"known here: {', '.join(known)}"


def _missing_keys(node: Fields, key: Span, here: Sequence[Violation], meant: set[str]) -> Iterator[Diagnostic]:
    """All keys that are missing in one mapping, as one problem; not those that an unknown key was meant to be."""
    missing = {name: v for v in here if v.keyword in _MISSING for name in _absent(node, v) if name not in meant}
    said = next((v for v in missing.values() if v.message), None)
    if said:
        yield Diagnostic("wrong-shape", said.message, key, said.hint)
        missing = {name: v for name, v in missing.items() if v is not said}
    if missing:
        listed = _listed([f"`{name}`" for name in missing])
        verb = "is" if len(missing) == 1 else "are"
        yield Diagnostic("missing-key", f"{listed} {verb} missing", key, _missing_hint(missing))


def _missing_hint(missing: Mapping[str, Violation]) -> str:
    name, violation = next(iter(missing.items()))
    if violation.hint or len(missing) > 1:
        return violation.hint
    described = violation.schema.get("properties", {}).get(name, {})
    example = _example(described)
    meaning = str(described.get("description", "")).rstrip(".")
    return f"for example `{name}: {example}`" if example else f"add `{name}:`, {meaning[:1].lower()}{meaning[1:]}"


def _absent(node: Fields, violation: Violation) -> list[str]:
    present = node.fields
    if violation.keyword == "required":
        return [name for name in violation.wanted if name not in present]
    return [n for given, needs in violation.wanted.items() if given in present for n in needs if n not in present]


def _bad_key(node: Fields, violation: Violation) -> Diagnostic:
    message = f"`{_short(violation.found)}` is not {violation.schema.get('x-name', 'a key that can stand here')}"
    return Diagnostic("wrong-form", message, node.keys[violation.found], violation.hint)


def _problem(node: Node, key: Span, violation: Violation) -> Diagnostic:
    span = node.span if isinstance(node, Value) else key
    if violation.message:
        return Diagnostic("wrong-shape", violation.message, span, violation.hint)
    told = _TOLD.get(violation.keyword, _misplaced)(node, violation)
    hint = told.hint or violation.hint or told.likely or _for_example(violation)
    return Diagnostic(told.code, told.message, span, hint)


@dataclass(frozen=True, slots=True)
class _Told:
    """A problem in words. `hint` is sure; `likely` counts only where the schema has no hint of its own."""

    code: str
    message: str
    hint: str = ""
    likely: str = ""


def _wrong_type(node: Node, violation: Violation) -> _Told:
    wanted = [violation.wanted] if isinstance(violation.wanted, str) else list(violation.wanted)
    words = [_WORDS[w] for w in wanted if w in _WORDS] + (["`true`", "`false`"] if "boolean" in wanted else [])
    message = f"expected {_listed(words, 'or')}, found {_described(node)}"
    code = "number-as-text" if _is_number_as_text(node, wanted) else "wrong-type"
    return _Told(code, message, _sure_hint(node, wanted), _likely_hint(node, wanted))


def _sure_hint(node: Node, wanted: Sequence[str]) -> str:
    if isinstance(node, Fields) and "string" in wanted and _looks_like_quotation(node):
        return "a text that begins with `{` goes in double quotes"
    if not isinstance(node, Value) or not isinstance(node.value, str):
        return ""
    if _is_number_as_text(node, wanted):
        return "remove the quotes"
    truth = _TRUTHS.get(node.value.lower())
    return f"write `{truth}`, without quotes" if "boolean" in wanted and truth else ""


def _is_number_as_text(node: Node, wanted: Sequence[str]) -> bool:
    if not isinstance(node, Value) or not isinstance(node.value, str):
        return False
    return not {"number", "integer"}.isdisjoint(wanted) and _is_number(node.value)


def _likely_hint(node: Node, wanted: Sequence[str]) -> str:
    if _is_nothing(node):
        return "write a value, or take the key out"
    if isinstance(node, Value) and wanted == ["array"]:
        return f"write it as a list: `[{_short(node.text)}]`"
    if isinstance(node, Value) and "string" in wanted:
        return f'put it in double quotes: "{_short(node.text)}"'
    return "begin each item of the list with `- `" if wanted == ["array"] else ""


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Value) and node.value is None and not node.text


def _looks_like_quotation(node: Fields) -> bool:
    values = list(node.fields.values())
    return len(values) == 1 and isinstance(values[0], Value) and values[0].value is None


def _not_allowed(node: Node, violation: Violation) -> _Told:
    wanted = violation.wanted if violation.keyword == "enum" else [violation.wanted]
    allowed = [_as_written(w) for w in wanted]
    guess = did_you_mean(node.value, allowed) if isinstance(node, Value) and isinstance(node.value, str) else ""
    listed = _listed([f"`{w}`" for w in allowed], "or")
    return _Told("not-allowed", f"expected {listed}, found {_described(node)}", guess, likely="write one of these")


def _wrong_form(node: Node, violation: Violation) -> _Told:
    found = str(violation.found)
    if _is_number(found) and "number" in violation.schema.get("type", ""):
        return _Told("number-as-text", f"expected a number, found {_described(node)}", "remove the quotes")
    if _GROUPED.fullmatch(found):
        return _Told("wrong-form", f"`{found}` is not a number", f"write {found.replace(',', '')}, without commas")
    code = violation.schema.get("x-code", "wrong-form")
    return _Told(code, f"`{_short(found)}` is not {violation.schema.get('x-name', 'in the expected form')}")


_GROUPED = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


def _out_of_range(node: Node, violation: Violation) -> _Told:
    low, high = violation.schema.get("minimum"), violation.schema.get("maximum")
    if low is not None and high is not None:
        wanted = f"a number from {low} to {high}"
    elif violation.keyword == "exclusiveMinimum":
        wanted = f"a number above {violation.wanted}"
    else:
        wanted = f"{violation.wanted} or {'less' if violation.keyword == 'maximum' else 'more'}"
    return _Told("out-of-range", f"expected {wanted}, found {_described(node)}")


def _too_few(node: Node, violation: Violation) -> _Told:
    if isinstance(node, Value):
        return _Told("empty-text", "the text is empty", likely="write a text, or take the key out")
    if violation.found:
        return _Told("too-few", f"expected at least {violation.wanted} items, found {len(violation.found)}")
    return _Told("too-few", f"the {'list' if isinstance(node, Items) else 'mapping'} is empty")


def _too_many(node: Node, violation: Violation) -> _Told:
    found = len(violation.found)
    if isinstance(node, Value):
        return _Told("too-long", f"expected at most {violation.wanted} characters, found {found}", "shorten the text")
    return _Told("too-many", f"expected at most {violation.wanted} items, found {found}")


def _misplaced(node: Node, violation: Violation) -> _Told:
    return _Told(
        "wrong-shape", f"{_described(node)} cannot stand here", likely=str(violation.schema.get("description"))
    )


_TOLD: Mapping[str, Callable[[Node, Violation], _Told]] = {
    "type": _wrong_type,
    "enum": _not_allowed,
    "const": _not_allowed,
    "pattern": _wrong_form,
    "format": _wrong_form,
    "minimum": _out_of_range,
    "maximum": _out_of_range,
    "exclusiveMinimum": _out_of_range,
    "minLength": _too_few,
    "minItems": _too_few,
    "minProperties": _too_few,
    "maxLength": _too_many,
    "maxItems": _too_many,
    "maxProperties": _too_many,
}


def _is_number(text: str) -> bool:
    value = resolve(text)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _described(node: Node) -> str:
    if isinstance(node, Items):
        return "a list"
    if isinstance(node, Fields):
        return "a mapping"
    if node.value is None:
        return f"`{node.text}`" if node.text else "nothing"
    if isinstance(node.value, str):
        quoted = f'"{node.value}"' if not isinstance(resolve(node.value), str) else _short(node.value)
        return f"text `{quoted}`"
    return f"`{_short(node.text)}`"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def _listed(words: Sequence[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _for_example(violation: Violation) -> str:
    example = "" if violation.keyword in ("enum", "const") else _example(violation.schema)
    return f"for example `{example}`" if example else ""


def _example(schema: Mapping[str, Any]) -> str:
    """The first example of a property, where it is short enough for one line."""
    examples = schema.get("examples") or [""]
    shown = _as_written(examples[0])
    return shown if len(shown) <= _LONGEST_EXAMPLE else ""


def _as_written(value: Any) -> str:
    """A value as it stands in a file, on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_as_written(part)}' for key, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_as_written, value))}]"
    return value if isinstance(value, str) else json.dumps(value)

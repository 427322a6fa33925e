"""The taxonomy of reasons: what a client's words for a lost deal are counted as. docs/language.md, section 5."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from .coding import MOST_WORDS, Coder, coder, words_of
from .diagnostics import Diagnostic, PolicyError, SchemaError, Span, did_you_mean
from .document import Node, parse
from .fields import entries, flag, items, scalar_text, text
from .policy import PolicySet, TextFile, once
from .relations import COLUMNS
from .schema import validate


@dataclass(frozen=True, slots=True)
class Class:
    """A kind of reason. `counts`: it is a coded reason; `says_something`: the field counts as filled in."""

    name: str
    title: str
    counts: bool = True
    says_something: bool = True


@dataclass(frozen=True, slots=True)
class Code:
    """What a reason is counted as, and the phrases that mean it."""

    name: str
    title: str
    of: str
    phrases: tuple[str, ...]
    also: tuple[str, ...] = ()
    """Columns, `table.column`, whose values mean it too."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Codes in the order in which they count, and their classes."""

    classes: Mapping[str, Class]
    codes: Mapping[str, Code]
    negations: tuple[str, ...] = ()

    def coder(self, named: Mapping[str, Iterable[str]] = MappingProxyType({})) -> Coder:
        """Codes texts by this taxonomy; `named` are the values of the columns in `also`."""
        phrases = {
            name: (*code.phrases, *(value for column in code.also for value in named.get(column, ())))
            for name, code in self.codes.items()
        }
        return coder(phrases, self.negations)

    def class_of(self, code: str) -> Class:
        """The class of a code."""
        return self.classes[self.codes[code].of]


NOTHING = Taxonomy(MappingProxyType({}), MappingProxyType({}))


def read_taxonomy(files: Iterable[TextFile]) -> Taxonomy:
    """The files of a policy set and of the client's layer over it, as one. Raises LoadError, SchemaError or PolicyError."""
    found = NOTHING
    for file in files:
        node = parse(file.text, file.name)
        problems = validate(node, "taxonomy")
        if problems:
            raise SchemaError(problems)
        found = _with(found, node)
    return found


@once
def taxonomy_of(policy: PolicySet) -> Taxonomy:
    """The taxonomy of a policy set. Raises LoadError, SchemaError or PolicyError."""
    return read_taxonomy(policy.reasons)


def _with(below: Taxonomy, node: Node) -> Taxonomy:
    """A taxonomy with what a file adds: classes, codes after those there are, phrases to those there are."""
    problems: list[Diagnostic] = []
    classes = dict(below.classes)
    for name, _, entry in entries(node, "classes"):
        classes[name] = Class(
            name, text(entry, "title"), flag(entry, "counts", True), flag(entry, "says_something", True)
        )
    codes = dict(below.codes)
    for name, place, entry in entries(node, "codes"):
        phrases = tuple(_phrases(entry, problems))
        known = codes.get(name)
        of = text(entry, "class") or (known.of if known else "")
        if of not in classes:
            problems.append(_no_class(name, of, place, classes))
        title = text(entry, "title") or (known.title if known else name.replace("_", " "))
        also = tuple(_columns(entry, problems))
        under = known or Code(name, title, of, ())
        codes[name] = Code(name, title, of, (*under.phrases, *phrases), (*under.also, *also))
    if problems:
        raise PolicyError(problems)
    negations = (*below.negations, *(scalar_text(item) for item in items(node, "negations")))
    return replace(below, classes=MappingProxyType(classes), codes=MappingProxyType(codes), negations=negations)


def _columns(entry: Node, problems: list[Diagnostic]) -> Iterator[str]:
    for node in items(entry, "also"):
        table, _, column = scalar_text(node).partition(".")
        if column in COLUMNS.get(table, {}):
            yield f"{table}.{column}"
        else:
            hint = f"tables: {', '.join(COLUMNS)}"
            message = f"the exports have no column `{scalar_text(node)}`"
            problems.append(Diagnostic("computed-column", message, node.span, hint))


def _no_class(name: str, of: str, place: Span, classes: Iterable[str]) -> Diagnostic:
    if not of:
        hint = f"add `class:` with one of {', '.join(classes)}"
        return Diagnostic("unknown-class", f"code `{name}` has no class", place, hint)
    hint = did_you_mean(of, classes) or f"classes: {', '.join(classes)}"
    return Diagnostic("unknown-class", f"code `{name}` is of class `{of}`, which there is not", place, hint)


def _phrases(entry: Node, problems: list[Diagnostic]) -> Iterator[str]:
    for node in items(entry, "phrases"):
        phrase = scalar_text(node)
        words = words_of(phrase)
        if 0 < len(words) <= MOST_WORDS and "*" not in words:
            yield phrase
        elif words:
            hint = f"keep the {MOST_WORDS} words that tell most"
            message = f"phrase `{phrase[:60]}` has {len(words)} words, at most {MOST_WORDS} are compared"
            problems.append(Diagnostic("bad-phrase", message, node.span, hint))
        else:
            message = f"phrase `{phrase[:60]}` has no word"
            problems.append(Diagnostic("bad-phrase", message, node.span, "write words; `*` only at the end of one"))

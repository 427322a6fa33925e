"""One value set, or its override taken out, in a policy set that people write: worked out, proved, checked, written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from .. import shipped
from ..check import check
from ..diagnostics import Diagnostic, LoadError, PolicyError, SchemaError, Severity, Span, SteelyardError
from ..document import Fields, Node
from ..fields import text
from ..loader import load
from ..place import SHIPPED_PREFIX
from ..schema import validate
from ..source import Sources, gather, locate
from ..textfile import text_of
from ..values import WORDS
from ..writing import update_file
from .proving import cannot_edit, prove_removed, prove_written
from .spelled import Written
from .splicing import Document, Path, find, with_fields, without
from .target import Target, Value, left_over, named, target, values

_BOM = "\ufeff"
_WEIGHT_KEYS = ("weight", "base_was", "because")
"""What a weight takes with it where it is taken out: its entry may hold other changes."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants: a value with its reason, or (`unset`) that the base counts again."""

    name: str
    value: str = ""
    because: str = ""
    review_by: str = ""
    grade: str = ""
    unset: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, or with `write` off would be. `was` and `now` are values as they are shown."""

    name: str
    was: str
    now: str
    because: str
    file: str
    before: str
    after: str
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class _Change:
    """Everything that is known before the file is read for writing."""

    wish: Wish
    sources: Sources
    value: Value
    target: Target
    today: date
    write: bool

    @property
    def in_layer(self) -> bool:
        """Whether the value is written over that of a base, and not where it stands."""
        return bool(self.sources.layers) and not self.target.indicator


def set_value(client: str, wish: Wish, today: date, write: bool = True) -> Done:
    """Set a value in a client's layer, or in a policy set of its own where the value stands.

    Raises LoadError, SchemaError or PolicyError: where the set cannot be read, the name is not known, or the value brings errors
    that were not there before; nothing is written then.
    """
    if client.startswith(SHIPPED_PREFIX):
        hint = "make a client's set that extends it: `steelyard init client NAME`"
        raise LoadError([Diagnostic("not-yours", f"`{client}` ships with steelyard and is not changed", None, hint)])
    place = locate(client, shipped.policies())
    if place.revision is not None:
        hint = "name the folder on disk; a commit stays as it is"
        raise LoadError([Diagnostic("not-yours", f"`{client}` is a revision of git and is not changed", None, hint)])
    sources = gather(place, shipped.policies())
    if sources.only:
        hint = "name the folder of the policy set that it belongs to"
        raise LoadError([Diagnostic("not-a-set", f"`{client}` is one indicator and not a policy set", None, hint)])
    known = _values(sources)
    value = named(wish.name, {**left_over(sources, known), **known} if wish.unset else known)
    _check_wish(wish, value, sources, client)
    change = _Change(wish, sources, value, target(value, place, sources), today, write)
    return update_file(change.target.path, partial(_worked_out, change))


def _values(sources: Sources) -> dict[str, Value]:
    """The values of the policy set; of its base where its own layer is in disorder."""
    base = values(load(replace(sources, layers=sources.layers[:-1])).policy)
    try:
        return values(load(sources).policy)
    except PolicyError:
        return base


def _check_wish(wish: Wish, value: Value, sources: Sources, client: str) -> None:
    if wish.unset and not sources.layers:
        hint = "write the value that it should have"
        raise LoadError(
            [Diagnostic("not-a-layer", f"`{client}` extends no other set that could count again", None, hint)]
        )
    is_evidence = value.is_weight and "." in value.name
    unfit = "review_by" if wish.review_by and value.is_weight else ""
    if wish.grade and value.is_weight and (sources.layers or is_evidence):
        unfit = "grade"
    if unfit:
        hint = "leave the option out"
        raise LoadError([Diagnostic("not-for-weights", f"this weight has no `{unfit}`", None, hint)])


def _worked_out(change: _Change, data: bytes) -> tuple[str | None, Done]:
    """The new text of a file that holds `data`, and what to tell."""
    name = change.target.name
    original = text_of(data, name)
    is_dos = "\r\n" in original
    text = original.replace("\r\n", "\n") if is_dos else original
    if "\r" in text or (is_dos and text.replace("\n", "\r\n") != original):
        hint = f"run `steelyard fmt {name}` first"
        raise LoadError(
            [Diagnostic("mixed-line-ends", "the lines of the file end in different ways", Span(name), hint)]
        )
    before = Document.of(text, name)
    _check_shape(before.root, change.target.kind)
    after = _edited(change, before)
    done = _checked(change, before, after)
    result = after.text.replace("\n", "\r\n") if is_dos else after.text
    mark = _BOM if data.startswith(_BOM.encode()) else ""
    return (mark + result if change.write else None), done


def _check_shape(root: Node, kind: str) -> None:
    problems = validate(root, kind)
    if problems:
        raise SchemaError(problems)


def _edited(change: _Change, before: Document) -> Document:
    entry, wish, value = change.target.entry, change.wish, change.value
    if not wish.unset:
        fields = _fields(change, find(before.root, entry))
        after = _written(before, change.target, fields)
        prove_written(before, after, entry, {key: written.value for key, written in fields.items()})
        return after
    if find(before.root, [*entry, value.key] if value.is_weight else entry) is None:
        hint = "run `steelyard show -p CLIENT` to see which values its set changes"
        message = f"`{value.name}` is not changed here"
        raise LoadError([Diagnostic("not-overridden", message, Span(before.name), hint)])
    keys = _WEIGHT_KEYS if value.is_weight else None
    after = _removed(before, entry, keys)
    prove_removed(before, after, entry, keys)
    return after


def _written(before: Document, place: Target, fields: dict[str, Written]) -> Document:
    try:
        return with_fields(before, place.kind, place.entry, fields)
    except LoadError as error:
        if any(diagnostic.code == "not-a-number" for diagnostic in error.diagnostics):
            raise
        # what was spliced in broke what stands around it
        raise LoadError([cannot_edit(before.name)]) from None


def _removed(before: Document, entry: Path, keys: Sequence[str] | None) -> Document:
    try:
        return without(before, entry, keys)
    except LoadError:
        raise LoadError([cannot_edit(before.name)]) from None


def _fields(change: _Change, entry: Node | None) -> dict[str, Written]:
    """What is written into the entry."""
    wish, value = change.wish, change.value
    fields = {value.key: Written.scalar(wish.value)}
    below = value.below(text(change.sources.layers[-1].policyset, "policyset")) if change.in_layer else ""
    if below:
        fields["base_was"] = Written.text(below) if value.unit in WORDS else Written.scalar(below)
    held = entry.fields if isinstance(entry, Fields) else {}
    is_evidence = value.is_weight and "." in value.name
    if wish.grade or ("grade" in held and not is_evidence):
        # another value than the one that was researched is a judgement
        fields["grade"] = Written.text(wish.grade or "J")
    fields["because"] = Written.text(wish.because)
    if wish.review_by:
        fields["review_by"] = Written.text(wish.review_by)
    return fields


def _checked(change: _Change, before: Document, after: Document) -> Done:
    """What to tell of the new text. Raises PolicyError where it brings errors."""
    _check_shape(after.root, change.target.kind)
    old, held = _problems(change, before.root)
    new, found = _problems(change, after.root)
    known = Counter(map(_essence, old))
    fresh = [d for d in new if not known[_essence(d)]]
    errors = [d for d in fresh if d.is_error]
    if errors:
        raise PolicyError(errors)
    name = change.value.name
    was = (held.get(name) or change.value).shown
    now = found[name].shown if name in found else change.wish.value or "not in the base"
    # what was wrong before is still wrong, and is told as well
    told = (*(d for d in new if d in fresh or d.is_error), *_old_source(change, after))
    return Done(name, was, now, change.wish.because, change.target.name, before.text, after.text, told)


def _old_source(change: _Change, after: Document) -> Iterator[Diagnostic]:
    """A warning where the source of the old value stays beside the new one."""
    source = find(after.root, [*change.target.entry, "source"])
    if source is not None and not change.wish.unset and change.wish.value != change.value.layers[-1].value:
        message = f"`{change.value.name}` keeps its `source:`, which spoke for {change.value.layers[-1].value}"
        hint = "see whether it speaks for the new value as well; if not, change it or take it out"
        yield Diagnostic("source-of-old-value", message, source.span, hint, Severity.WARNING)


def _essence(diagnostic: Diagnostic) -> tuple[str, str]:
    return diagnostic.code, diagnostic.message


def _problems(change: _Change, root: Node) -> tuple[tuple[Diagnostic, ...], dict[str, Value]]:
    """What is wrong with the policy set with this document in it, and its values where it can be built."""
    assert isinstance(root, Fields)
    sources, indicator = change.sources, change.target.indicator
    if sources.layers:
        own = sources.layers[-1]
        own = (
            replace(own, indicators={**own.indicators, indicator: root}) if indicator else replace(own, policyset=root)
        )
        sources = replace(sources, layers=(*sources.layers[:-1], own))
    elif indicator:
        sources = replace(sources, indicators={**sources.indicators, indicator: root})
    else:
        sources = replace(sources, policyset=root)
    try:
        loaded = load(sources)
    except SteelyardError as error:
        return error.diagnostics, {}
    return (*loaded.warnings, *check(loaded.policy, change.today)), values(loaded.policy)

"""What a client's layer, or an option of one run, writes over the values of a policy set: docs/language.md, section 10."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .diagnostics import Diagnostic, PolicyError, Severity, Span, did_you_mean
from .document import Fields, Node, Value
from .fields import entries, get, items, span_of, text
from .scalar import resolve

THIS_RUN = "this run"


@dataclass(frozen=True, slots=True)
class Override:
    """What a layer writes over a value. `name` is the full name of a parameter, indicator or evidence item.

    `node` is None where the value stays and only its date of review is new.
    """

    name: str
    node: Node | None
    layer: str
    because: str
    review_by: str = ""
    grade: str = "J"
    """Another threshold than the one that was researched is a judgement, unless the layer says otherwise."""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Overrides:
    """Every override, by full name, for the parameters and for the weights."""

    parameters: Mapping[str, Override] = field(default_factory=dict)
    weights: Mapping[str, Override] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.parameters) + len(self.weights)


def overrides_of(layer: Fields) -> tuple[Overrides, tuple[Diagnostic, ...]]:
    """What a client's layer changes, and what is wrong with a change by itself."""
    name = text(layer, "policyset")
    parameters = list(_parameters(layer, name, ""))
    weights: list[Override] = []
    for indicator, span, entry in entries(layer, "indicators"):
        parameters += _parameters(entry, name, f"{indicator}.")
        weights += _weights(indicator, span, entry, name)
    problems = [_without_reason(o) for o in (*parameters, *weights) if not o.because]
    problems += [_changes_nothing(o) for o in parameters if o.node is None and not o.review_by]
    return Overrides({o.name: o for o in parameters}, {o.name: o for o in weights}), (*problems, *_twice(weights))


def _parameters(node: Node, layer: str, prefix: str) -> Iterator[Override]:
    for name, span, entry in entries(node, "parameters"):
        because, review_by, grade = text(entry, "because"), text(entry, "review_by"), text(entry, "grade", "J")
        yield Override(f"{prefix}{name}", get(entry, "value"), layer, because, review_by, grade, span)


def _weights(indicator: str, span: Span, entry: Node, layer: str) -> Iterator[Override]:
    weight = get(entry, "weight")
    if weight is not None:
        yield Override(indicator, weight, layer, text(entry, "because"), span=span)
    for item in items(entry, "evidence"):
        value = get(item, "weight")
        if value is not None:
            place = span_of(item, "id")
            yield Override(f"{indicator}.{text(item, 'id')}", value, layer, text(item, "because"), span=place)


def _twice(weights: Sequence[Override]) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for override in weights:
        if override.name in seen:
            message = f"the evidence `{override.name}` stands twice in this layer"
            yield Diagnostic("duplicate-id", message, override.span, "keep one of the two")
        seen.add(override.name)


def _changes_nothing(override: Override) -> Diagnostic:
    hint = "add `value:` or `review_by:`, or take the entry out"
    return Diagnostic("nothing-changed", f"`{override.name}` is given no new value", override.span, hint)


def _without_reason(override: Override) -> Diagnostic:
    message = f"`{override.name}` is changed without a reason"
    return Diagnostic(
        "reason-missing", message, override.span, "add `because:` and say why this client needs another value"
    )


def trial_overrides(tried: Sequence[str]) -> Overrides:
    """`NAME=VALUE` texts as a layer of this run. Raises PolicyError for one that is not of that form."""
    found: dict[str, Override] = {}
    problems: list[Diagnostic] = []
    for assignment in tried:
        name, sign, value = assignment.partition("=")
        if not sign or not name.strip() or not value.strip():
            hint = "write --param NAME=VALUE, for example --param tilt_from=30"
            problems.append(Diagnostic("bad-assignment", f"`{assignment}` gives a parameter no value", None, hint))
            continue
        span = Span(f"--param {assignment}", line=0)
        node = Value(resolve(value.strip()), span, value.strip())
        found[name.strip()] = Override(name.strip(), node, THIS_RUN, "tried for this run", span=span)
    if problems:
        raise PolicyError(problems)
    return Overrides(parameters=found)


def unknown_names(overrides: Mapping[str, Override], known: Mapping[str, object], kind: str) -> Iterator[Diagnostic]:
    """Overrides of things that the base does not have."""
    for override in overrides.values():
        if override.name not in known:
            hint = did_you_mean(override.name, known) or "run `steelyard show` to see every name"
            yield Diagnostic("nothing-to-override", f"there is no {kind} `{override.name}`", override.span, hint)


def equal_to_base(override: Override) -> Diagnostic:
    """A warning: the layer writes what is there already."""
    shown = override.node.text if isinstance(override.node, Value) else ""
    message = f"`{override.name}` is {shown or 'this'} already in the base"
    return Diagnostic("override-equals-base", message, override.span, "take the override out", Severity.WARNING)

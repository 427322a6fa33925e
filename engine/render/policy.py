"""`show`: a policy set as evaluated, with every value and who wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from textwrap import wrap

from ..history import place, told
from ..policy import Change, Done, Indicator, Layer, Parameter, PolicySet, Weight
from ..texts import display_parameter
from .clean import clean
from .history import plain
from .style import Style


def render(policy: PolicySet, width: int = 100, colour: bool = False) -> str:
    """The policy set as text: weights, then parameters by indicator. At most `width` columns."""
    return "\n".join(_text(policy, width, Style(colour))) + "\n"


def _text(policy: PolicySet, width: int, style: Style) -> Iterator[str]:
    yield style.bold(clean(f"{policy.title} ({policy.name} {policy.version})"))
    yield from wrap(clean(policy.question), width)
    yield from (
        f"  layer {layer.name} {layer.value}: {layer.span.file if layer.span else ''}" for layer in policy.layers
    )
    yield from _section("Policy set", _own(policy, ""), [], width, style)
    for indicator in policy.indicators:
        title = f"{indicator.number} {indicator.title}, weight {indicator.weight.value:g}"
        weights = [(f"weight of {indicator.name}", indicator.weight), *_evidence_weights(indicator)]
        yield from _section(title, _own(policy, indicator.name), weights, width, style)
    yield from _changes(policy.changes, width, style)


def _changes(changes: Iterable[Change], width: int, style: Style) -> Iterator[str]:
    """What the layers did besides thresholds and weights, thing by thing in the order in which they were first changed."""
    by_thing: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        is_told = (change.kind == "parameter" or change.key == "weight") and change.done is Done.CHANGED
        if not change.equal and not is_told:
            by_thing.setdefault((change.kind, change.name), []).append(told(change))
    if by_thing:
        yield ""
        yield style.bold("Changed by layers")
    for (kind, name), lines in by_thing.items():
        yield f"  {clean(f'{kind} {name}'.strip())}"
        for line in lines:
            yield from _wrapped(line, width, style)


def _own(policy: PolicySet, indicator: str) -> list[Parameter]:
    prefix = f"{indicator}." if indicator else ""
    return [p for p in policy.parameters.values() if p.name.startswith(prefix) and ("." in p.name) == bool(indicator)]


def _evidence_weights(indicator: Indicator) -> Iterator[tuple[str, Weight]]:
    for item in indicator.evidence:
        yield f"weight of {item.code or item.name} {item.title}", item.weight


def _section(
    title: str, parameters: Iterable[Parameter], weights: Iterable[tuple[str, Weight]], width: int, style: Style
) -> Iterator[str]:
    yield ""
    yield style.bold(clean(title))
    for name, weight in weights:
        yield f"  {clean(name)}: {weight.value:g}"
        yield from _history(weight.layers, width, style)
    for parameter in parameters:
        yield f"  {parameter.name}: {display_parameter(parameter.value, parameter.unit)}, grade {parameter.grade}"
        yield from _wrapped(parameter.because, width, style)
        yield from _wrapped(f"source: {parameter.source}" if parameter.source else "", width, style)
        yield from _wrapped(f"review by {parameter.review_by}" if parameter.review_by else "", width, style)
        yield from _history(parameter.layers, width, style)


def _history(layers: tuple[Layer, ...], width: int, style: Style) -> Iterator[str]:
    """Every layer that wrote the value, where more than one did; else the place alone."""
    for layer in layers:
        because = f", because {layer.because}" if len(layers) > 1 and layer.because else ""
        wrote = f"wrote {layer.value}" if layer.value else f"asks for a review by {layer.review_by}"
        said = f"{layer.name} {wrote}{because} ({place(layer)})" if len(layers) > 1 else place(layer)
        yield from _wrapped(said, width, style)


def _wrapped(text: str, width: int, style: Style) -> Iterator[str]:
    yield from (f"      {style.dim(line)}" for line in wrap(clean(text), width - 6, subsequent_indent="  "))


def render_json(policy: PolicySet) -> str:
    """The policy set's values as JSON."""
    data = {
        "schema_version": 1,
        "policyset": policy.name,
        "version": policy.version,
        "layers": [plain(layer) for layer in policy.layers],
        "weights": [_weight(i.name, i.weight) for i in policy.indicators]
        + [_weight(e.name, e.weight) for e in policy.evidence],
        "parameters": [_parameter(parameter) for parameter in policy.parameters.values()],
        "changes": [_change(change) for change in policy.changes if not change.equal],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _change(change: Change) -> dict[str, object]:
    return {
        "done": change.done,
        "kind": change.kind,
        "name": change.name,
        "key": change.key,
        "was": change.was,
        "layer": plain(change.layer),
    }


def _weight(name: str, weight: Weight) -> dict[str, object]:
    return {
        "name": name,
        "value": weight.value,
        "grade": weight.grade,
        "layers": [plain(layer) for layer in weight.layers],
    }


def _parameter(parameter: Parameter) -> dict[str, object]:
    value = parameter.value if isinstance(parameter.value, (bool, int, float, str)) else str(parameter.value)
    return {
        "name": parameter.name,
        "value": value,
        "unit": parameter.unit,
        "grade": parameter.grade,
        "because": parameter.because,
        "source": parameter.source,
        "review_by": parameter.review_by,
        "layers": [plain(layer) for layer in parameter.layers],
    }

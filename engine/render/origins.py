"""`show --origin`: every value with every layer that wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from textwrap import wrap

from ..history import place
from ..origins import Origin
from ..policy import Layer, PolicySet, in_force
from .clean import clean
from .history import plain
from .style import Style


def render(policy: PolicySet, origins: Sequence[Origin], width: int = 100, colour: bool = False) -> str:
    """The values as text: the name as a layer writes it, then the layers from the base up, the one that counts marked."""
    style = Style(colour)
    head = f"{policy.title} ({' + '.join(f'{layer.name} {layer.value}'.strip() for layer in policy.layers)})"
    lines = [style.bold(clean(head)), *(line for origin in origins for line in _origin(origin, width, style))]
    return "\n".join(lines) + "\n"


def _origin(origin: Origin, width: int, style: Style) -> Iterator[str]:
    yield ""
    yield style.bold(clean(origin.way))
    for layer in origin.layers:
        yield from _layer(layer, layer is in_force(origin.layers), width, style)


def _layer(layer: Layer, counts: bool, width: int, style: Style) -> Iterator[str]:
    said = layer.value or "reviewed, the value stays"
    first, *more = wrap(clean(f"{layer.name}: {said}"), width - 6) or [""]
    yield f"  {'*' if counts else ' '} {first}"
    yield from (f"      {line}" for line in more)
    reason = f"because {layer.because}" if layer.because else ""
    review = f"review by {layer.review_by}" if layer.review_by else ""
    details = [text for text in (place(layer), "; ".join(part for part in (reason, review) if part)) if text]
    yield from (f"      {style.dim(line)}" for text in details for line in wrap(clean(text), width - 6))


def render_json(policy: PolicySet, origins: Sequence[Origin]) -> str:
    """The values as JSON; `counts` marks the layer whose value it is."""
    data = {
        "schema_version": 1,
        "policyset": policy.name,
        "version": policy.version,
        "layers": [plain(layer) for layer in policy.layers],
        "values": [
            {
                "name": origin.way,
                "called": origin.name,
                "layers": [{**plain(one), "counts": one is in_force(origin.layers)} for one in origin.layers],
            }
            for origin in origins
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"

"""The layers behind a value as plain data."""

from __future__ import annotations

from ..policy import Layer


def plain(layer: Layer) -> dict[str, object]:
    """A layer as JSON has it."""
    where = {"file": layer.span.file, "line": layer.span.line} if layer.span else None
    return {
        "layer": layer.name,
        "value": layer.value,
        "because": layer.because,
        "review_by": layer.review_by,
        "place": where,
    }

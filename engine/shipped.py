"""Where the files that ship with the engine are: beside it in the clone, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_ENGINE = Path(__file__).resolve().parent


def policies() -> Path:
    """The folder of the shipped policy sets."""
    return _folder("policies")


def schemas() -> Path:
    """The folder of the JSON Schemas."""
    return _folder("schemas")


def docs() -> Path:
    """The folder of the pages that the command line prints; a wheel has `diagnostics.md` only."""
    return _folder("docs")


def _folder(name: str) -> Path:
    inside = _ENGINE / name
    return inside if inside.is_dir() else _ENGINE.parent / name

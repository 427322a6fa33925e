"""Where the files that ship with the engine are: beside it in the clone, inside it in an installed wheel."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_ENGINE = Path(__file__).resolve().parent


def policies() -> Path:
    """The folder of the shipped policy sets."""
    return _folder("policies")


def schemas() -> Path:
    """The folder of the JSON Schemas."""
    return _folder("schemas")


def has_schema(name: str) -> bool:
    """Whether there is a JSON Schema of a kind of file."""
    return (schemas() / f"{name}.schema.json").is_file()


@cache
def schema(name: str) -> Any:
    """The JSON Schema of a kind of file as it ships; it is shared, so nobody may change it."""
    return json.loads((schemas() / f"{name}.schema.json").read_text(encoding="utf-8"))


def docs() -> Path:
    """The folder of the pages that the command line prints; a wheel has `diagnostics.md` only."""
    return _folder("docs")


def _folder(name: str) -> Path:
    inside = _ENGINE / name
    return inside if inside.is_dir() else _ENGINE.parent / name

"""What a consultant's repository begins with: one example client, and everything that looks at a change before it counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from .schema import DRAFTS, document, names
from .writing import write_all_new

ACTION = "YOUR-ORGANISATION/steelyard@VERSION"
"""Where Steelyard is on GitHub, as long as nobody said: the file in which it stands says so."""
CLIENT = "clients/example-client"
SCHEMAS = ".steelyard/schemas"
_TEMPLATES = Path(__file__).resolve().parent / "templates" / "repository"

_FILES = {
    "README.md": "README.md",
    ".gitattributes": "gitattributes",
    ".gitignore": "gitignore",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    ".github/workflows/steelyard.yml": "workflow.yml",
    f"{CLIENT}/policyset.yaml": "policyset.yaml",
    f"{CLIENT}/company.yaml": "company.yaml",
    f"{CLIENT}/tests/example-client.yaml": "scenarios.yaml",
    "records/README.md": "records.md",
}

PATTERNS: Mapping[str, tuple[str, ...]] = {
    "policyset": ("**/policyset.yaml",),
    "company": ("**/company.yaml",),
    "answers": ("**/answers*.yaml",),
    "facts": ("**/facts.yaml",),
    "indicator": ("policies/*/*.yaml", "!policies/*/policyset.yaml", "!policies/*/facts.yaml"),
    "scenario": ("**/tests/*.yaml",),
}
"""The files that have the shape of a schema, as an editor names them."""


def init_repo(folder: Path, action: str = ACTION) -> tuple[Path, ...]:
    """Write a repository; answers which files were written.

    Raises LoadError where one of the files is there already, and then writes none.
    """
    values = {"@NAME@": folder.resolve().name, "@ACTION@": action}
    files = {name: _filled(template, values) for name, template in _FILES.items()} | _editor()
    return write_all_new({folder / name: text for name, text in files.items()})


def _filled(template: str, values: Mapping[str, str]) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


def _editor() -> dict[str, str]:
    """Settings of Visual Studio Code, and the schemas that they name, in the draft that editors know."""
    known = [name for name in PATTERNS if name in names()]
    schemas = {f"{SCHEMAS}/{name}.schema.json": _json(document(name, DRAFTS[-1])) for name in known}
    settings = {"yaml.schemas": {f"./{SCHEMAS}/{name}.schema.json": [*PATTERNS[name]] for name in known}}
    extensions = {"recommendations": ["redhat.vscode-yaml"]}
    return {".vscode/settings.json": _json(settings), ".vscode/extensions.json": _json(extensions), **schemas}


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"

"""`steelyard schema`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..schema import DRAFTS, document, names
from .output import put


@click.command(short_help="The JSON Schema of a kind of file.")
@click.argument("name", type=click.Choice(names()))
@click.option("--draft", type=click.Choice(DRAFTS), default=DRAFTS[0], show_default=True, help="Draft of JSON Schema.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
def schema(name: str, draft: str, output: Path | None) -> None:
    """The JSON Schema of a kind of file, for editors and other tools."""
    put(json.dumps(document(name, draft), indent=2, ensure_ascii=False) + "\n", output)

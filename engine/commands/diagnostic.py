"""`steelyard diagnostic`."""

from __future__ import annotations

import click

from ..pages import page
from .names import codes
from .output import put


@click.command(short_help="What the code of a message means.")
@click.argument("code", shell_complete=codes)
def diagnostic(code: str) -> None:
    """What the CODE in square brackets at the end of a message means, with an example."""
    put(page(code), None)

"""Results to standard output or a file, everything else to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from errno import EBADF
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ..diagnostics import Diagnostic, LoadError
from ..render.diagnostics import render as render_diagnostics
from ..writing import cannot_write, write_file

WIDTH = 100


def coloured(color: str, output: Path | None) -> bool:
    """Whether to colour: as asked; on a terminal unless NO_COLOR is set."""
    if color != "auto":
        return color == "always"
    return output is None and sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def tell(module: str, form: str, output: Path | None, color: str, *values: object) -> None:
    """Render a result and write it to its file, or to standard output.

    Renderers are imported here: the terminal library should not slow down the other formats.
    """
    renderer: Any = import_module(f"engine.render.{module}")
    if form == "text":
        text = renderer.render(*values, width=WIDTH, colour=coloured(color, output))
    else:
        text = renderer.render_json(*values) if hasattr(renderer, "render_json") else renderer.render(*values)
    put(text, output)


def put(text: str, output: Path | None) -> None:
    """To a file, whole or not at all; else to standard output."""
    if output is not None:
        write_file(output, text)
    else:
        _echo(text, not text.endswith("\n"))


def put_exactly(data: bytes) -> None:
    """To standard output, byte for byte, whatever encoding it has."""
    _echo(data, False)


def _echo(data: str | bytes, new_line: bool) -> None:
    if sys.stdout is None:
        raise LoadError([cannot_write("standard output", OSError(EBADF, os.strerror(EBADF)))])
    try:
        click.echo(data, nl=new_line, color=True)
    except BrokenPipeError:
        # whoever read has read enough
        raise
    except OSError as error:
        raise LoadError([cannot_write("standard output", error)]) from None


def say(diagnostics: Iterable[Diagnostic]) -> None:
    """Tell problems on standard error."""
    text = render_diagnostics(tuple(diagnostics))
    if text:
        click.echo(text, err=True, nl=not text.endswith("\n"))


def counted(count: int, noun: str) -> str:
    """`no errors`, `1 error`, `2 errors`."""
    return f"{count} {noun}" if count == 1 else f"{count or 'no'} {noun}s"

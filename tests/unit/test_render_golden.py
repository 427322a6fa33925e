"""Whole answers against the files of tests/golden; `python -m tests.golden.write` writes them anew."""

from __future__ import annotations

from difflib import unified_diff

import pytest

from tests.golden.write import FOLDER, renderings


@pytest.mark.parametrize("file", renderings())
def test_the_rendering_is_the_one_on_file(file: str) -> None:
    expected, found = (FOLDER / file).read_text(encoding="utf-8"), renderings()[file]
    difference = unified_diff(expected.splitlines(), found.splitlines(), file, "rendered", lineterm="")
    assert found == expected, "\n".join(["", *difference])


def test_every_file_has_its_rendering() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.suffix not in (".py", "")} == set(renderings())

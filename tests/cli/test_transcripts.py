"""Every transcript, replayed with the installed command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.transcript import FOLDER, replayed
from tests.installation import Installation


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_the_command_prints_what_the_transcript_says(path: Path, steelyard: Installation, tmp_path: Path) -> None:
    expected = path.read_text(encoding="utf-8")
    assert "$ steelyard" in expected
    assert replayed(expected, steelyard, tmp_path) == expected

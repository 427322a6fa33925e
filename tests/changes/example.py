"""A small policy set as its files, and what becomes of it where some of their lines are others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.policy import PolicySet
from engine.session import open_policy

FILES = {
    path.name: path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "policy").glob("*.yaml"))
}
DAY = date(2026, 10, 31)


def replaced(*edits: tuple[str, str, str]) -> dict[str, str]:
    """The files with texts replaced: (file without its suffix, what stands there, what does instead)."""
    files = dict(FILES)
    for file, old, new in edits:
        name = f"{file}.yaml"
        assert files[name].count(old) >= 1, f"{old} stands nowhere in {name}"
        files[name] = files[name].replace(old, new)
    return files


def written(folder: Path, files: dict[str, str]) -> Path:
    """The folder with the files in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def opened(folder: Path, *edits: tuple[str, str, str]) -> PolicySet:
    """The policy set with some texts replaced, as it is after `check`."""
    return open_policy(str(written(folder, replaced(*edits))), DAY).policy

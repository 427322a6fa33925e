"""Two who write one file at once: nobody's change is lost."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from engine import writing
from engine.diagnostics import LoadError
from engine.writing import replace_if_unchanged, update_file, write_file


def test_an_editor_that_saves_between_reading_and_writing_loses_nothing(tmp_path: Path) -> None:
    file = tmp_path / "policyset.yaml"
    file.write_text("mine: 1\n", encoding="utf-8")
    seen: list[bytes] = []

    def change(data: bytes) -> tuple[str, str]:
        seen.append(data)
        if len(seen) == 1:
            file.write_text("mine: 1\ntheirs: 2\n", encoding="utf-8")
        return data.decode() + "new: 3\n", "done"

    assert update_file(file, change) == "done"
    assert file.read_text(encoding="utf-8") == "mine: 1\ntheirs: 2\nnew: 3\n"
    assert seen == [b"mine: 1\n", b"mine: 1\ntheirs: 2\n"]


def test_an_editor_that_replaces_the_file_loses_nothing(tmp_path: Path) -> None:
    file, other = tmp_path / "policyset.yaml", tmp_path / "saved"
    file.write_text("mine: 1\n", encoding="utf-8")
    seen: list[bytes] = []

    def change(data: bytes) -> tuple[str, None]:
        seen.append(data)
        if len(seen) == 1:
            other.write_text("theirs: 2\n", encoding="utf-8")
            other.replace(file)
        return data.decode() + "new: 3\n", None

    update_file(file, change)
    assert file.read_text(encoding="utf-8") == "theirs: 2\nnew: 3\n"


def test_a_file_that_keeps_changing_is_left_to_the_other(tmp_path: Path) -> None:
    file = tmp_path / "policyset.yaml"
    file.write_text("0\n", encoding="utf-8")

    def change(data: bytes) -> tuple[str, None]:
        file.write_text(f"{int(data) + 1}\n", encoding="utf-8")
        return "mine\n", None

    with pytest.raises(LoadError) as failure:
        update_file(file, change)
    assert [d.message for d in failure.value.diagnostics] == [
        f"`{file.as_posix()}` was changed by somebody else in the meantime"
    ]
    assert file.read_text(encoding="utf-8") == "3\n"


def test_a_file_that_changed_since_it_was_read_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("theirs\n", encoding="utf-8")
    with pytest.raises(LoadError) as failure:
        replace_if_unchanged(file, b"read before\n", "mine\n")
    assert [d.code for d in failure.value.diagnostics] == ["changed-meanwhile"]
    assert file.read_text(encoding="utf-8") == "theirs\n"
    replace_if_unchanged(file, b"theirs\n", "mine\n")
    assert file.read_text(encoding="utf-8") == "mine\n"


def test_a_folder_that_another_run_keeps_locked_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "policyset.yaml"
    file.write_text("mine\n", encoding="utf-8")
    monkeypatch.setattr(writing, "PATIENCE", 2)
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with pytest.raises(LoadError) as failure:
            update_file(file, lambda _: ("new\n", None))
    finally:
        os.close(handle)
    assert [d.code for d in failure.value.diagnostics] == ["folder-locked"]
    assert file.read_text(encoding="utf-8") == "mine\n"
    update_file(file, lambda _: ("new\n", None))
    assert file.read_text(encoding="utf-8") == "new\n"


def test_a_disk_that_fills_up_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "policyset.yaml"
    file.write_text("mine\n", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LoadError) as failure:
        update_file(file, lambda _: ("new\n", None))
    assert [d.message for d in failure.value.diagnostics] == [
        f"cannot write `{file.as_posix()}`: no space left on device"
    ]
    assert file.read_text(encoding="utf-8") == "mine\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("file")
    write_file(tmp_path / "link", "new\n")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "new\n"

"""`fmt` on files and folders: which of them, and that nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.diagnostics import LoadError
from engine.formatting.files import format_files, policy_files

COMPANY = "company: Acme\nfacts: {a.b:   1}\n"
CANONICAL = "company: Acme\nfacts: {a.b: 1}\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_of_a_folder_every_file_that_is_ours_is_taken_and_no_other(tmp_path: Path) -> None:
    ours = {
        "policyset.yaml": "policyset: a\ntitle: A\n",
        "facts.yaml": "facts:\n  a.b: {type: number}\n",
        "one.yml": "indicator: one\ntitle: One\n",
        "deep/er/company.yaml": COMPANY,
        "tests/one.yaml": "scenarios: []\n",
        "broken.yaml": "company: {\nfacts: 1\n",
    }
    others = {
        "mkdocs.yaml": "site_name: company\n",
        "ci.yml": "on: push\njobs: {facts: 1}\n",
        "openapi.yaml": "company: x\n",
        "notes.txt": COMPANY,
        ".hidden/company.yaml": COMPANY,
        "broken-other.yaml": "{{ .Values.x }}\n",
    }
    for name, text in (ours | others).items():
        write(tmp_path / name, text)
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    found = [path.relative_to(tmp_path).as_posix() for path in policy_files([str(tmp_path)])]
    assert sorted(found) == sorted(ours)
    assert len(policy_files([str(tmp_path), str(tmp_path / "one.yml"), str(tmp_path)])) == len(ours)
    assert policy_files([str(tmp_path / "mkdocs.yaml")]) == (tmp_path / "mkdocs.yaml",)


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "company: [\nfacts: 1\n")
    good = write(tmp_path / "b.yaml", COMPANY)
    forms, problems = format_files([str(tmp_path), str(tmp_path / "missing.yaml")], write=True)
    assert [form.name for form in forms] == [good.as_posix()]
    assert [d.code for d in problems] == ["yaml-syntax", "file-missing"]
    assert good.read_text(encoding="utf-8") == CANONICAL
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == "company: [\nfacts: 1\n"


def test_without_writing_nothing_changes(tmp_path: Path) -> None:
    file = write(tmp_path / "company.yaml", COMPANY)
    before = file.stat()
    ((form,), problems) = format_files([str(file)], write=False)
    assert (form.before, form.after, problems) == (COMPANY, CANONICAL, ())
    assert file.read_text(encoding="utf-8") == COMPANY
    assert file.stat().st_ino == before.st_ino


def test_a_file_in_canonical_form_is_not_touched(tmp_path: Path) -> None:
    file = write(tmp_path / "company.yaml", CANONICAL)
    before = file.stat()
    format_files([str(file)], write=True)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_link_stays_and_what_it_leads_to_is_written_with_its_mode(tmp_path: Path) -> None:
    file = write(tmp_path / "real" / "company.yaml", COMPANY)
    file.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to("real/company.yaml")
    format_files([str(link)], write=True)
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == CANONICAL
    assert file.stat().st_mode & 0o777 == 0o640
    assert list((tmp_path / "real").iterdir()) == [file]


def test_a_write_protected_file_stays(tmp_path: Path) -> None:
    file = write(tmp_path / "company.yaml", COMPANY)
    file.chmod(0o444)
    forms, (problem,) = format_files([str(file)], write=True)
    assert forms == ()
    assert problem.message == f"cannot write `{file.as_posix()}`: the file is write-protected"
    assert file.read_text(encoding="utf-8") == COMPANY


def test_a_folder_that_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(path: str) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(LoadError) as failure:
        policy_files([str(tmp_path)])
    assert [d.code for d in failure.value.diagnostics] == ["not-readable"]

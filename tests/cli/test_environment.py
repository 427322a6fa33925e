"""What the machine can do to the command: full disks, closed pipes, interrupts, huge files. Never a traceback."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.installation import Installation, environment

COMPANY = """\
company: Acme
as_of: 2026-10-31
currency: USD
facts:
  funnel.leads_per_month: 42
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "acme.yaml").write_text(COMPANY, encoding="utf-8")
    return tmp_path


def test_a_full_disk_under_an_output_file(steelyard: Installation, folder: Path) -> None:
    done = steelyard.run("evaluate", "-d", "acme.yaml", "-o", "/dev/full", cwd=folder)
    assert done.returncode == 3
    assert done.stderr == (
        "error: cannot write `/dev/full`: no space left on device [cannot-write]\n"
        "      hint: check the folder, its permissions and the space on the disk\n"
    )


def test_a_full_disk_under_standard_output(steelyard: Installation, folder: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [steelyard.command, "evaluate", "-d", "acme.yaml"],
            cwd=folder,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr == (
        "error: cannot write `standard output`: no space left on device [cannot-write]\n"
        "      hint: check the folder, its permissions and the space on the disk\n"
    )


def test_an_existing_file_stays_when_the_new_one_cannot_be_written(steelyard: Installation, folder: Path) -> None:
    (folder / "answer.txt").write_text("yesterday's answer", encoding="utf-8")
    done = steelyard.run("evaluate", "-d", "missing.yaml", "-o", "answer.txt", cwd=folder)
    assert done.returncode == 3
    assert (folder / "answer.txt").read_text(encoding="utf-8") == "yesterday's answer"
    assert sorted(path.name for path in folder.iterdir()) == ["acme.yaml", "answer.txt"]


def test_a_reader_that_has_read_enough(steelyard: Installation, folder: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"'{steelyard.command}' evaluate -d acme.yaml -f json | head -c 1"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.stdout == "{"
    assert done.stderr == ""


def test_an_interrupt_while_it_waits_for_input(steelyard: Installation, folder: Path) -> None:
    process = subprocess.Popen(
        [steelyard.command, "evaluate", "-d", "-"],
        cwd=folder,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    # long enough for a busy machine to have read the modules
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert out == ""
    assert "Traceback" not in err
    assert err.strip() == "Aborted!"
    assert process.returncode == 1


def test_a_file_of_100_megabytes_is_refused_unread(steelyard: Installation, folder: Path) -> None:
    with (folder / "huge.yaml").open("wb") as huge:
        huge.truncate(100_000_000)
    done = steelyard.run("check", "huge.yaml", cwd=folder)
    assert done.returncode == 1
    assert "[too-large]" in done.stderr


def test_a_file_nested_100_000_deep_is_refused(steelyard: Installation, folder: Path) -> None:
    (folder / "deep.yaml").write_text("[" * 100_000, encoding="utf-8")
    done = steelyard.run("check", "deep.yaml", cwd=folder)
    assert done.returncode == 1
    assert "[too-deep]" in done.stderr


def test_a_terminal_that_lacks_a_letter(steelyard: Installation, folder: Path) -> None:
    (folder / "acme.yaml").write_text(COMPANY.replace("Acme", "Łódź"), encoding="utf-8")
    done = steelyard.run("explain", "1.1", "-d", "acme.yaml", cwd=folder, env={"PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0
    done = steelyard.run("evaluate", "-d", "acme.yaml", cwd=folder, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0


def test_an_option_from_the_environment(steelyard: Installation, folder: Path) -> None:
    done = steelyard.run("evaluate", "-d", "acme.yaml", cwd=folder, env={"STEELYARD_EVALUATE_FORMAT": "json"})
    assert done.stdout.startswith("{")

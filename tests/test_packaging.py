"""What a user installs: the wheel has everything, works outside the clone, and says it when the engine is missing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import engine
from tests.installation import ROOT, Installation, dependencies, dependencies_without, environment, install, quietly

COMPANY = ROOT / "examples" / "northwind" / "company.yaml"


def files(folder: str) -> set[str]:
    """The files of a folder of the clone, without what the tools leave behind."""
    found = (path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(ROOT).as_posix() for path in found}


@pytest.fixture
def company(tmp_path: Path) -> Path:
    return Path(shutil.copy(COMPANY, tmp_path / "company.yaml"))


def test_the_wheel_holds_what_the_command_needs_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    shipped = {f"engine/{name}" for name in files("policies") | files("schemas")}
    assert inside == files("engine") | shipped | {"engine/cli.py", "engine/docs/diagnostics.md"}
    assert "engine/py.typed" in inside


def test_the_metadata_names_the_licence_the_command_and_the_versions(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    text = {name.partition(".dist-info/")[2]: archive.read(name).decode() for name in archive.namelist()}
    metadata = text["METADATA"].splitlines()
    assert wheel.name == f"steelyard-{engine.__version__}-py3-none-any.whl"
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata
    assert "Requires-Dist: durable-rules==2.0.28; sys_platform != 'win32'" in metadata
    assert "steelyard = engine.cli:main" in text["entry_points.txt"]
    assert text["licenses/LICENSE"] == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_command_says_its_version(steelyard: Installation, tmp_path: Path) -> None:
    done = steelyard.run("--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert engine.__version__ in done.stdout


def test_the_installed_modules_are_not_those_of_the_clone(steelyard: Installation, tmp_path: Path) -> None:
    where = "import engine, engine.shipped as s; print(engine.__file__, s.policies(), s.schemas(), s.docs(), sep='\\n')"
    done = subprocess.run(
        [steelyard.python, "-c", where],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    inside = steelyard.site_packages / "engine"
    expected = [inside / "__init__.py", inside / "policies", inside / "schemas", inside / "docs"]
    assert [Path(line) for line in done.stdout.splitlines()] == expected


def test_the_shipped_policies_are_evaluated_from_another_folder(
    steelyard: Installation, company: Path, tmp_path: Path
) -> None:
    done = steelyard.run("evaluate", "--data", company.name, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "sales-focus" in done.stdout.splitlines()[0]


def test_the_shipped_scenarios_are_run_from_another_folder(steelyard: Installation, tmp_path: Path) -> None:
    done = steelyard.run("test", "steelyard:sales-focus", "-k", "verdict.yaml around-50", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("3 rows in 1 file: 3 passed, ")


def test_the_clone_answers_as_the_wheel_does(steelyard: Installation, company: Path, tmp_path: Path) -> None:
    arguments = ("evaluate", "--data", company.name)
    clone = subprocess.run(
        [sys.executable, ROOT / "cli.py", *arguments],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (clone.returncode, clone.stderr) == (0, "")
    assert clone.stdout == steelyard.run(*arguments, cwd=tmp_path).stdout


@pytest.mark.parametrize("name", ["policyset", "indicator", "facts", "company", "evaluation"])
def test_the_schemas_are_printed_by_the_installed_command(steelyard: Installation, tmp_path: Path, name: str) -> None:
    done = steelyard.run("schema", name, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in done.stdout


def test_the_entries_of_the_diagnostics_are_printed_by_the_installed_command(
    steelyard: Installation, tmp_path: Path
) -> None:
    done = steelyard.run("diagnostic", "unknown-fact", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "unknown-fact" in done.stdout


# ---- where the rules engine cannot be imported


def without_the_engine(wheel: Path, folder: Path) -> Installation:
    return install(wheel, folder / "venv", [dependencies_without("durable", folder / "lent")])


def with_a_broken_engine(wheel: Path, folder: Path) -> Installation:
    installation = install(wheel, folder / "venv", dependencies())
    broken = installation.site_packages / "durable_rules_engine.py"
    broken.write_text('raise ImportError("undefined symbol: PyEval_CallObject")\n')
    return installation


@pytest.fixture(params=[without_the_engine, with_a_broken_engine], scope="module")
def engineless(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    make: Callable[[Path, Path], Installation] = request.param
    return make(wheel, tmp_path_factory.mktemp("engineless"))


def test_a_missing_engine_is_said_in_one_line_with_the_remedy(
    engineless: Installation, company: Path, tmp_path: Path
) -> None:
    done = engineless.run("evaluate", "--data", company.name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert "durable-rules" in line
    assert "--engine reference" in line


def test_the_reference_does_without_the_engine(
    engineless: Installation, steelyard: Installation, company: Path, tmp_path: Path
) -> None:
    arguments = ("evaluate", "--data", company.name, "--engine", "reference")
    done = engineless.run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == steelyard.run(*arguments, cwd=tmp_path).stdout


# ---- Python 3.13, on which a plain build of the rules engine imports only with lazy binding


def interpreters(version: str) -> Iterator[Path]:
    """Where an interpreter of a version may be: on the path, or among those that pyenv keeps."""
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield Path(on_path)
    yield from sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"), reverse=True)


def works(python: Path, version: str) -> bool:
    says = "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", says], capture_output=True, encoding="utf-8", check=False)
    return done.returncode == 0 and done.stdout.strip() == version


def test_a_plain_install_works_on_python_3_13(
    wheel: Path, steelyard: Installation, company: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    python = next((found for found in interpreters("3.13") if works(found, "3.13")), None)
    if python is None:
        record_property("not run", "no python3.13")
        return
    installation = Installation(tmp_path / "venv")
    quietly(python, "-m", "venv", installation.folder)
    quietly(installation.python, "-m", "pip", "install", wheel)
    answer = installation.run("evaluate", "--data", company.name, cwd=tmp_path)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == steelyard.run("evaluate", "--data", company.name, cwd=tmp_path).stdout


def test_the_top_level_is_the_agreed_one() -> None:
    python = {path.name for path in ROOT.glob("*.py")}
    assert python == {"cli.py"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", engine.__version__)

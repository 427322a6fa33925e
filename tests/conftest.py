from __future__ import annotations

import gc
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.installation import Installation, build_wheel, dependencies, install

# No test is timed: a busy machine is no fault of the engine.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure() -> None:
    # documents are many small objects that live as long as a test: looking for cycles among them takes a twentieth of the time
    gc.set_threshold(200_000, 20, 100)
    # a job in the background ignores Ctrl-C, and so would every command it starts; the tests of it need the usual
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the present tree, built once for each process that runs tests."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def steelyard(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The installed command: `steelyard.run("evaluate", ..., cwd=tmp_path)`."""
    installed = install(wheel, tmp_path_factory.mktemp("steelyard") / "venv", dependencies())
    return replace(installed, is_warm=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which tests passed because what they test is not on this machine: `record_property("not run", reason)`."""
    for report in terminalreporter.getreports("passed"):
        for name, reason in report.user_properties:
            if name == "not run":
                terminalreporter.write_line(f"not run: {report.nodeid}: {reason}")

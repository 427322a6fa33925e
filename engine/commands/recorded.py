"""The decision record of `steelyard evaluate --record`. Imported only where one is written."""

from __future__ import annotations

from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

from .. import __version__
from ..company import Company
from ..conclusion import Evaluation
from ..decision import Run
from ..recording import Circumstances, record_text
from ..session import Opened
from ..writing import write_file
from .options import RunOptions


def write_record(path: Path, opened: Opened, company: Company, evaluation: Evaluation, run: RunOptions) -> None:
    """Write the record of an answer. Raises LoadError where that cannot be done."""
    write_file(path, record_text(opened, company, evaluation, circumstances(run)))


def circumstances(run: RunOptions) -> Circumstances:
    """The options, the programs and the day of this run."""
    as_of = run["as_of"].date() if run["as_of"] else None
    options = Run(run["policy"], run["data"], run["set"], run["param"], as_of, run["engine"])
    programs = {"steelyard": __version__, "python": python_version(), "durable-rules": _installed("durable-rules")}
    return Circumstances(date.today(), options, programs)


def _installed(package: str) -> str | None:
    """The version of a package; None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None

"""Fuzzing guided by coverage, where atheris is installed (it is no dependency of the tests):

    python -m tests.fuzz.guided company CORPUS -max_total_time=600

The first word is the kind of file; the rest goes to libFuzzer. An input that fails is written where it was started.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from tests.fuzz.seeds import Kind, seeds
from tests.fuzz.targets import examine, shipped_policy


def main(kind: Kind, arguments: list[str]) -> None:
    """Fill an empty corpus with the seeds, and run until libFuzzer stops."""
    atheris = import_module("atheris")
    corpus = next((Path(argument) for argument in arguments if not argument.startswith("-")), None)
    if corpus is not None:
        corpus.mkdir(exist_ok=True)
        for number, seed in enumerate(seeds()[kind]):
            (corpus / f"seed-{number}").write_text(seed.text, encoding="utf-8")
    shipped_policy()
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *arguments], lambda data: examine(kind, data) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main(Kind(sys.argv[1]), sys.argv[2:])

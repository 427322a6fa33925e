"""`python -m benchmarks [throughput] [start] [growth] [exports]`: prints the tables of docs/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
from importlib import import_module

PARTS = {
    "throughput": "(a) Evaluations a second",
    "start": "(b) The start of the command",
    "growth": "(c) Growth",
    "rivals": "(a) Two other rules engines on the same question",
    "exports": "(d) Exports",
}
ON_REQUEST = {"rivals"}
"""Needs packages that nothing else of the project needs."""


def main() -> None:
    """Run the parts that are asked for; by default all that need nothing installed for them alone."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all but rivals")
    chosen = parser.parse_args().parts or [part for part in PARTS if part not in ON_REQUEST]
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} processors\n")
    for part in chosen:
        print(f"## {PARTS[part]}\n\n{import_module(f'benchmarks.{part}').report()}\n", flush=True)


main()

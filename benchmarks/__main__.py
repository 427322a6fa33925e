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
    "exports": "(d) Exports",
}


def main() -> None:
    """Run the parts that are asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all")
    chosen = parser.parse_args().parts or list(PARTS)
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} processors\n")
    for part in chosen:
        print(f"## {PARTS[part]}\n\n{import_module(f'benchmarks.{part}').report()}\n", flush=True)


main()

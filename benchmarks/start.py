"""(b) The cold start: the whole command in a fresh process, against the import of what it needs, and split into stages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.measure import in_turn, ratio, table

ROOT = Path(__file__).parent.parent
EXAMPLE = "examples/northwind/company.yaml"
ROUNDS = 11
COMMANDS: dict[str, tuple[str, Sequence[str]]] = {
    "nothing": ("an empty interpreter", ("-c", "pass")),
    "libraries": ("import click, jsonschema, ruamel.yaml", ("-c", "import click, jsonschema, ruamel.yaml")),
    "imports": (
        "import all that the command needs, its own modules included",
        ("-c", "import cli, engine.commands.evaluate, engine.render.text"),
    ),
    "command": (f"steelyard evaluate -d {EXAMPLE}", ("cli.py", "evaluate", "-d", EXAMPLE)),
}


def _run(arguments: Sequence[str]) -> Callable[[], None]:
    def run() -> None:
        subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)

    return run


def _stages() -> dict[str, float]:
    """The median of every stage over fresh processes, in milliseconds."""
    command = [sys.executable, "-m", "benchmarks.stages", EXAMPLE]
    runs = [
        json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout) for _ in range(ROUNDS)
    ]
    return {stage: median(run[stage] for run in runs) for stage in runs[0]}


def report() -> str:
    """Both tables."""
    taken = in_turn({key: _run(arguments) for key, (_, arguments) in COMMANDS.items()}, ROUNDS)
    rows = [
        [name, f"{1000 * median(taken[key]):.0f}", f"{ratio(taken, 'command', key):.2f}"]
        for key, (name, _) in COMMANDS.items()
    ]
    stages = _stages()
    split = [[stage, f"{ms:.0f}", f"{100 * ms / sum(stages.values()):.0f} %"] for stage, ms in stages.items()]
    return (
        table(("process", "ms", "the command takes so many times as long"), rows)
        + "\n\n"
        + table(("stage", "ms", "share"), split)
        + f"\n\nMedians of {ROUNDS} fresh processes."
    )

"""One cold evaluation in a fresh process, stage by stage: prints milliseconds as JSON. Started by start.py."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

DAY = date(2026, 11, 1)
taken: dict[str, float] = {}


def timed(stage: str, work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What the work answers; its time goes to the stage."""
    begun = perf_counter()
    try:
        return work(*arguments, **named)
    finally:
        taken[stage] = taken.get(stage, 0.0) + 1000 * (perf_counter() - begun)


def main() -> None:
    """The stages of `steelyard evaluate` in its order, each by the function that the command calls."""
    for library in ("click", "jsonschema", "ruamel.yaml"):
        timed("import of libraries", import_module, library)
    timed("import of Steelyard", import_module, "engine.commands.evaluate")
    text = timed("import of Steelyard", import_module, "engine.render.text")
    modules: dict[str, Any] = {
        name: import_module(f"engine.{name}") for name in ("source", "loader", "check", "shipped", "document")
    }
    backends = {name: import_module(f"engine.backends.{name}") for name in ("durable", "checked", "reference")}
    company, evaluation = import_module("engine.company"), import_module("engine.evaluation")
    source: Any = modules["source"]
    place: Any = import_module("engine.place")
    read, validate = place.read, source.validate
    place.read = lambda *a: timed("reading the files", read, *a)
    source.validate = lambda *a: timed("JSON Schema", validate, *a)
    shipped = modules["shipped"].policies()
    files = source.gather(source.locate("steelyard:sales-focus", shipped), shipped)
    policy = timed("building the model", modules["loader"].load, files).policy
    timed("checks", modules["check"].check, policy, DAY)
    durable = timed("compiling to the rules engine", backends["durable"].DurableBackend, policy)
    path = Path(sys.argv[1])
    node = timed("reading the files", modules["document"].read, path, path.name)
    facts = timed("reading the company", company.read_company, node, policy, None, DAY)
    backend = backends["checked"].CheckedBackend(durable, backends["reference"].ReferenceBackend(policy))
    answer = timed("the run", evaluation.evaluate, policy, facts, backend)
    timed("the text", text.render, answer, policy, width=100, colour=False)
    durable.close()
    sys.stdout.write(json.dumps(taken))


main()
